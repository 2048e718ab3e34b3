package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.standalone.Torc.Outcome;
import dev.torc.testkit.Await;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `torc` with all that its settings can put around a server.
class LaunchTest {
    @TempDir Path directory;

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Reply get(int port, String path) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (TestClient client = TestClient.connect(address)) {
            return client.get(path);
        }
    }

    private static String metrics(int adminPort) {
        try {
            return get(adminPort, "/metrics").text();
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    @Test
    void showsHealthAndMetricsAndLogsRequests() throws IOException {
        Path log = directory.resolve("access.log");
        int admin = freePort();
        String[] command = {
            "demo",
            "--port=0",
            "--shards=1",
            "--admin-port=" + admin,
            "--access-log=" + log,
            "--access-log-format=json",
            "--metrics-names=opentelemetry"
        };
        try (Torc torc = Torc.start(directory, command)) {
            int port = torc.awaitPort();
            assertEquals("ready\n", get(admin, "/health/ready").text());
            assertEquals(200, get(port, "/hello/Ada").status());
            String hello =
                    "http_server_request_duration_seconds_count{error_type=\"\","
                            + "http_request_method=\"GET\",http_response_status_code=\"200\","
                            + "http_route=\"/hello/{name}\",url_scheme=\"http\"} 1";
            Await.until("it is counted", () -> metrics(admin).contains(hello));
            Await.until(
                    "it is logged",
                    () -> metrics(admin).contains("torc_access_log_written_total 1.0"));
            torc.process().toHandle().destroy();
            Outcome outcome = torc.end();
            assertEquals(0, outcome.exitCode(), outcome.errors());
            assertTrue(outcome.output().contains("everything in flight was finished"));
        }
        String line = Files.readString(log);
        assertTrue(line.contains("\"target\":\"/hello/Ada\""), line);
    }

    /// A filter that refuses rings as for want of memory, which `auto` takes for an error.
    @Test
    void opensNoRingForTheAdminListenerOnNio() throws Exception {
        List<String> prefix = List.of(Refusal.compile(directory).toString(), "12");
        int admin = freePort();
        String[] command = {
            "demo", "--port=0", "--shards=1", "--transport=nio", "--admin-port=" + admin
        };
        try (Torc torc = Torc.start(directory, prefix, command)) {
            torc.awaitPort();
            assertEquals("ready\n", get(admin, "/health/ready").text());
        }
    }

    @Test
    void startsNothingWhenTheAdminPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "--admin-port=" + taken.getLocalPort();
            Outcome outcome = Torc.run(directory, "demo", "--port=0", "--shards=1", port);
            assertEquals(2, outcome.exitCode(), outcome.errors());
            assertTrue(outcome.errors().contains("the admin listener: "), outcome.errors());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TORC_ADMIN_HOST=, TORC_ADMIN_HOST must be an address",
        "TORC_ADMIN_HOST=none.invalid, the admin listener: unknown host: none.invalid"
    })
    void startsNothingWhenTheAdminHostIsNone(String variable, String why) throws IOException {
        String[] command = {"demo", "--port=0", "--shards=1", "--admin-port=" + freePort()};
        try (Torc torc = Torc.start(directory, List.of("env", variable), command)) {
            Outcome outcome = torc.end();
            assertEquals(2, outcome.exitCode(), outcome.errors());
            assertTrue(outcome.errors().contains(why), outcome.errors());
        }
    }

    @Test
    void startsNothingWhenTheAccessLogCannotBeWritten() throws IOException {
        String log = "--access-log=" + directory.resolve("none").resolve("access.log");
        Outcome outcome = Torc.run(directory, "demo", "--port=0", "--shards=1", log);
        assertEquals(2, outcome.exitCode(), outcome.errors());
        assertTrue(outcome.errors().contains("the access log "), outcome.errors());
        assertTrue(outcome.errors().contains("cannot be written"), outcome.errors());
    }

    @Test
    void refusesAFormatWhereNothingIsLogged() throws IOException {
        Outcome outcome = Torc.run(directory, "demo", "--access-log-format=json", "--port=0");
        assertEquals(2, outcome.exitCode());
        assertTrue(
                outcome.errors().contains("--access-log-format is for an access log: "),
                outcome.errors());
    }

    /// As a container is told by a variable.
    @Test
    void servesWithLinesOfTheFormatThatIsAskedFor() throws IOException {
        List<String> prefix = List.of("env", "TORC_ACCESS_LOG_FORMAT=json");
        try (Torc torc = Torc.start(directory, prefix, "serve", "--port=0", "--shards=1")) {
            assertEquals(404, get(torc.awaitPort(), "/none").status());
            torc.process().toHandle().destroy();
            Outcome outcome = torc.end();
            assertEquals(0, outcome.exitCode(), outcome.errors());
            assertTrue(outcome.output().contains("\"target\":\"/none\""), outcome.output());
        }
    }
}
