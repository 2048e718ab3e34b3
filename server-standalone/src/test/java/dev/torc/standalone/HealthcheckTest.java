package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.http.Status;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// `deploy/healthcheck`, by which the image tells whether its server is well.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HealthcheckTest {
    private static final Path SCRIPT = SourceTree.root().resolve("deploy/healthcheck");

    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void needsBash() {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
    }

    private Program.Outcome check(String... variables) throws Exception {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of("-u", "TORC_PORT", "-u", "TORC_ADMIN_PORT"));
        command.addAll(List.of(variables));
        command.add(SCRIPT.toString());
        return Program.run(directory, command);
    }

    private static void assertWell(Program.Outcome outcome, String said) {
        assertEquals(0, outcome.exitCode(), outcome::toString);
        assertEquals(said + "\n", outcome.output());
        assertEquals("", outcome.errors());
    }

    private static void assertIll(Program.Outcome outcome, String said) {
        assertEquals(1, outcome.exitCode(), outcome::toString);
        assertEquals(said + "\n", outcome.output());
        assertEquals("", outcome.errors());
    }

    private static HttpServer start(Router router) {
        return HttpServer.start(ServerConfig.defaults().withPort(0).withShards(1), router);
    }

    private static int portOf(HttpServer server) {
        return server.address().getPort();
    }

    @Test
    void withoutAnAdminListenerAnyAnswerOfTheServerWillDo() throws Exception {
        HttpServer server = start(new Router());
        try {
            int port = portOf(server);
            String said = "port " + port + ", HEAD /: HTTP/1.1 404 Not Found";
            assertWell(check("TORC_PORT=" + port), said);
        } finally {
            assertTrue(server.stop(Duration.ofSeconds(10)));
        }
    }

    @Test
    void anAdminListenerIsAskedWhetherTheProcessLives() throws Exception {
        HttpServer server =
                start(
                        new Router()
                                .get("/health/live", (request, response) -> response.send("live")));
        try {
            int port = portOf(server);
            String said = "port " + port + ", GET /health/live: HTTP/1.1 200 OK";
            assertWell(check("TORC_PORT=1", "TORC_ADMIN_PORT=" + port), said);
        } finally {
            assertTrue(server.stop(Duration.ofSeconds(10)));
        }
    }

    @Test
    void whatTheAdminListenerRefusesIsNotWell() throws Exception {
        HttpServer server =
                start(
                        new Router()
                                .get(
                                        "/health/live",
                                        (request, response) ->
                                                response.status(Status.SERVICE_UNAVAILABLE)
                                                        .send("no")));
        try {
            int port = portOf(server);
            String said = "port " + port + ", GET /health/live: HTTP/1.1 503 Service Unavailable";
            assertIll(check("TORC_ADMIN_PORT=" + port), said);
        } finally {
            assertTrue(server.stop(Duration.ofSeconds(10)));
        }
    }

    @Test
    void aServerThatIsNotThereOrDoesNotAnswerIsNotWell() throws Exception {
        int port;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = silent.getLocalPort();
            String said = "port " + port + ", HEAD /: no answer";
            assertIll(check("TORC_PORT=" + port), said);
        }
        assertIll(check("TORC_PORT=" + port), "port " + port + ", HEAD /: nothing listens");
    }
}
