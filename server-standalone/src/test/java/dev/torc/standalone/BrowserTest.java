package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Chromium loads a page with its style, script, module and picture, and the demo's page in two
/// frames; the script fetches, and says what it has got.
@EveryNetwork(real = true)
class BrowserTest {
    private static final List<String> ASSETS =
            List.of("page.html", "style.css", "picture.svg", "script.js", "module.js");
    private static final Pattern RESULT = Pattern.compile("<pre id=\"result\">(.*?)</pre>");
    private static final String RUN = "the script has run";

    @Parameter Network network;
    @TempDir private Path directory;
    private LiveServer server;

    @BeforeEach
    void start() throws IOException {
        Tool.CHROMIUM.path();
        Path root = Files.createDirectory(directory.resolve("root"));
        for (String asset : ASSETS) {
            String name = "clients/browser/" + asset;
            try (InputStream source = BrowserTest.class.getResourceAsStream(name)) {
                Files.copy(Objects.requireNonNull(source, name), root.resolve(asset));
            }
        }
        server = LiveServer.start(network, root);
    }

    @AfterEach
    void stop() {
        if (server == null) return;
        Await.until("nothing uses the profile any more", this::isGone);
        server.close();
    }

    /// Its processes outlive the first one by a moment, and write.
    private boolean isGone() {
        String profile = directory.resolve("profile").toString();
        return ProcessHandle.allProcesses()
                .noneMatch(process -> process.info().commandLine().orElse("").contains(profile));
    }

    /// Its sandbox needs privileges that containers lack, and root must not use it; all that runs
    /// here is our own page. The page is shown when it is complete: when its script lets it.
    private Program.Outcome browse(String path) throws IOException, InterruptedException {
        List<String> command =
                List.of(
                        Tool.CHROMIUM.path(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-breakpad",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--no-proxy-server",
                        "--user-data-dir=" + directory.resolve("profile"),
                        "--enable-logging=stderr",
                        "--dump-dom",
                        server.url(path));
        return Program.run(directory, command);
    }

    @Test
    void loadsAPageAndAllOfItsAssets() throws Exception {
        Program.Outcome outcome = browse("/static/page.html");
        Matcher found = RESULT.matcher(outcome.expectSuccess());
        assertTrue(found.find(), outcome::toString);
        JsonNode result = JsonMapper.shared().readTree(found.group(1));
        String all = result.toPrettyString();
        assertEquals("[]", result.get("errors").toString(), all);
        assertEquals(3, result.get("module").asInt(), all);
        assertEquals("rgb(1, 2, 3)", result.get("color").asString(), all);
        assertEquals("[17,19]", result.get("picture").toString(), all);
        assertEquals("{\"message\":\"Hello, World!\"}", result.get("json").toString(), all);
        assertEquals("[204,205,304,404,500]", result.get("statuses").toString(), all);
        assertEquals(200, result.get("head").asInt(), all);
        assertEquals("Hello, World!", result.get("redirected").asString(), all);
        assertTrue(result.get("many").asString().endsWith("Hello, n48!Hello, n49!"), all);
        assertEquals(500_000, result.get("uploaded").asInt(), all);
        String halves = "[\"first\\n\",\"open\",\"second\\n\",true]";
        assertEquals(halves, result.get("streamed").toString(), all);
        assertEquals(5_000_000, result.get("bytes").asInt(), all);
        assertEquals("Hello, World!", result.get("left").asString(), all);
        assertEquals("[\"http/1.1\"]", result.get("protocols").toString(), all);
        assertFits(result);
        for (String asset : ASSETS) {
            assertTrue(server.requests("/static/" + asset) > 0, asset);
        }
        assertSaid(outcome.errors());
    }

    /// The demo's page: its script ran, and nothing is wider than a phone.
    private void assertFits(JsonNode result) {
        String commands = result.get("commands").asString();
        assertTrue(commands.contains(server.url("/echo")), commands);
        for (String frame : List.of("wide", "narrow")) {
            int needed = result.get(frame).get(0).asInt();
            int had = result.get(frame).get(1).asInt();
            assertTrue(had > 0 && needed <= had, frame + ": " + needed + " of " + had);
        }
    }

    /// The console has the script's own line, which shows that it is seen, and of the failures that
    /// were asked for one each.
    private static void assertSaid(String errors) {
        List<String> console = errors.lines().filter(line -> line.contains("CONSOLE")).toList();
        List<String> others =
                console.stream()
                        .filter(line -> !line.contains(RUN))
                        .filter(line -> !line.contains("status of 404"))
                        .filter(line -> !line.contains("status of 500"))
                        .toList();
        assertTrue(console.stream().anyMatch(line -> line.contains(RUN)), errors);
        assertEquals(List.of(), others);
    }
}
