package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// wrk and h2load, with and without pipelining: no errors, and no request that one side counts and
/// the other does not. How fast it is they are not asked here.
@EveryNetwork(real = true)
class LoadClientsTest {
    private static final int CONNECTIONS = 50;
    private static final int PIPELINED = 16;

    @Parameter Network network;
    @TempDir private Path directory;
    private LiveServer server;

    @BeforeEach
    void start() throws IOException {
        server = LiveServer.start(network, directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static long number(String pattern, String text) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertTrue(found.find(), text);
        return Long.parseLong(found.group(1));
    }

    /// What wrk says after a second of requests for `path`.
    private String wrk(String path, String... how) throws Exception {
        List<String> command = new ArrayList<>(List.of(Tool.WRK.path(), "-t1", "-d1s"));
        command.addAll(List.of("-c" + CONNECTIONS, "--timeout", "20s"));
        command.addAll(List.of(how));
        command.add(server.url(path));
        String said = Program.run(directory, command).expectSuccess();
        assertFalse(said.contains("Socket errors") || said.contains("Non-2xx"), said);
        return said;
    }

    private String script(String lua) throws IOException {
        return Files.writeString(directory.resolve("script.lua"), lua).toString();
    }

    /// What wrk gave up at its end the server may have answered.
    private void assertCounted(String said, long served, int inFlight) {
        long counted = number("(\\d+) requests in", said);
        assertTrue(counted > 0, said);
        String both = "wrk counted " + counted + ", the server " + served;
        assertTrue(counted <= served && served <= counted + inFlight, both);
    }

    @Test
    void wrkConnectsForEachRequest() throws Exception {
        String said = wrk("/plaintext", "-H", "Connection: close");
        long served = server.requests("/plaintext");
        assertCounted(said, served, CONNECTIONS);
        assertTrue(server.accepted() >= served, server.accepted() + " connections, " + served);
    }

    /// Answers of all framings, in pipelines; wrk looks at every one of them.
    @Test
    void wrkReceivesWhatItAskedFor() throws Exception {
        String lua =
                """
                local body = string.rep("e", 3000)
                local expected = {["Hello, World!"] = 1, [body] = 1, [""] = 1}
                expected["line 1\\nline 2\\n"] = 1
                local threads = {}
                mistakes = 0
                setup = function(thread) table.insert(threads, thread) end
                init = function(args)
                  local four = wrk.format("GET", "/plaintext") .. wrk.format("GET", "/stream/2")
                    .. wrk.format("POST", "/echo", nil, body) .. wrk.format("GET", "/status/204")
                  all = string.rep(four, 4)
                end
                request = function() return all end
                response = function(status, headers, body)
                  if not expected[body] then mistakes = mistakes + 1 end
                end
                done = function(summary, latency, requests)
                  print("mistakes: " .. threads[1]:get("mistakes"))
                end
                """;
        String said = wrk("/", "-s", script(lua));
        assertEquals(0, number("mistakes: (\\d+)", said), said);
        long served = server.requests("/plaintext") + server.requests("/stream/2");
        served += server.requests("/echo") + server.requests("/status/204");
        // It counts a pipeline when its last answer is there.
        assertCounted(said, served, CONNECTIONS * PIPELINED);
        assertEquals(CONNECTIONS + 1, server.accepted(), "with the one that it tries first");
    }

    private String h2load(int requests, String path, String... how) throws Exception {
        List<String> command = new ArrayList<>(List.of(Tool.H2LOAD.path(), "--h1", "-t1"));
        command.addAll(List.of("-c" + CONNECTIONS, "-n" + requests));
        command.addAll(List.of(how));
        command.add(server.url(path));
        String said = Program.run(directory, command).expectSuccess();
        assertTrue(said.contains("Application protocol: http/1.1"), said);
        String all = ", " + requests + " succeeded, 0 failed, 0 errored, 0 timeout";
        assertTrue(said.contains(all), said);
        assertTrue(said.contains("status codes: " + requests + " 2xx, 0 3xx, 0 4xx, 0 5xx"), said);
        assertEquals(requests, server.requests(path));
        assertEquals(CONNECTIONS, server.accepted());
        return said;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PIPELINED})
    void h2loadIsAnsweredEachRequest(int pipelined) throws Exception {
        String said = h2load(20_000, "/plaintext", "-m" + pipelined);
        assertEquals(20_000 * 13, number("\\((\\d+)\\) data", said), said);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PIPELINED})
    void h2loadIsSentItsBodiesBack(int pipelined) throws Exception {
        Path body = Files.write(directory.resolve("body"), new byte[30_000]);
        String said = h2load(2000, "/echo", "-m" + pipelined, "-d", body.toString());
        assertEquals(2000 * 30_000, number("\\((\\d+)\\) data", said), said);
    }

    @Test
    void h2loadReadsChunks() throws Exception {
        String said = h2load(2000, "/stream/1000", "-m" + PIPELINED);
        int bytes = 0;
        for (int i = 1; i <= 1000; i++) bytes += ("line " + i + "\n").length();
        assertEquals(2000L * bytes, number("\\((\\d+)\\) data", said), said);
    }
}
