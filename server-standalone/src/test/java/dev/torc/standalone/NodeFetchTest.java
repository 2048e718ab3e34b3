package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Node's `fetch` and `http`; what each does and expects is in `clients/fetch.mjs`.
@EveryNetwork(real = true)
class NodeFetchTest {
    private static boolean fetches;

    @Parameter Network network;
    @TempDir private Path directory;
    private LiveServer server;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        if (!fetches) fetches = fetches();
        assumeTrue(fetches, "this node has no fetch: it takes 18 or newer");
        server = LiveServer.start(network, directory);
    }

    private boolean fetches() throws IOException, InterruptedException {
        List<String> ask =
                List.of(Tool.NODE.path(), "-p", "typeof fetch + typeof TextDecoderStream");
        return Program.run(directory, ask).output().strip().equals("functionfunction");
    }

    @AfterEach
    void stop() {
        if (server != null) server.close();
    }

    private void check(String name) throws IOException, InterruptedException {
        Path script = directory.resolve("fetch.mjs");
        try (InputStream source = NodeFetchTest.class.getResourceAsStream("clients/fetch.mjs")) {
            Files.copy(Objects.requireNonNull(source), script);
        }
        List<String> command = List.of(Tool.NODE.path(), script.toString(), server.url(""), name);
        Program.run(directory, command).expectSuccess();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "readsJson",
                "asksForHeads",
                "sendsBodiesOfBothFramings",
                "readsAStreamWhileItIsSent",
                "receivesEveryByte",
                "leavesAnAnswerThatItDoesNotWant",
                "isAnsweredManyRequestsAtOnce",
                "isShownHintsAndTrailers",
                "isToldToContinue"
            })
    void finds(String name) throws Exception {
        check(name);
        assertTrue(server.accepted() > 0);
    }

    /// fetch connects once more when it is asked again before it has seen an answer's end.
    @Test
    void keepsItsConnectionOverAnswersOfAllKinds() throws Exception {
        check("keepsItsConnectionOverAnswersOfAllKinds");
        assertTrue(server.accepted() <= 2, server.accepted() + " connections");
    }

    @Test
    void anAgentKeepsItsConnection() throws Exception {
        check("anAgentKeepsItsConnection");
        assertEquals(1, server.accepted());
    }

    @Test
    void isToldThatABodyIsTooLarge() throws Exception {
        check("isToldThatABodyIsTooLarge");
        assertEquals(0, server.requests("/echo"));
        server.kill();
    }

    @Test
    void wouldFindSomething() throws Exception {
        Path script = directory.resolve("canary.mjs");
        Files.writeString(script, "import a from 'node:assert/strict'; a.equal(1, 2);");
        List<String> command = List.of(Tool.NODE.path(), script.toString());
        assertEquals(1, Program.run(directory, command).exitCode());
    }
}
