package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.http.Health;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.testkit.Await;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

class AdminServerTest {
    private static final int CONNECTIONS = 128;
    private static final int CONNECTIONS_PER_ADDRESS = 32;

    private final Health health = new Health();

    private AdminServer start(Router routes) {
        return AdminServer.start(AdminConfig.onPort(0), ServerConfig.AUTO, routes);
    }

    private static TestClient connect(AdminServer admin) throws IOException {
        return TestClient.connect(admin.address());
    }

    @Test
    void showsHealthAndWhatIsAdded() throws IOException {
        Router routes =
                AdminServer.routes(health)
                        .get("/metrics", (_, response) -> response.send("up 1\n"));
        try (AdminServer admin = start(routes);
                TestClient client = connect(admin)) {
            assertTrue(admin.address().getAddress().isLoopbackAddress());
            assertEquals("live\n", client.get("/health/live").text());
            assertEquals("ready\n", client.get("/health/ready").text());
            assertEquals("up 1\n", client.get("/metrics").text());
            assertEquals(404, client.get("/").status());
            health.unready("stopping");
            assertEquals(503, client.get("/health/ready").status());
            assertEquals(200, client.get("/health/live").status());
        }
    }

    @Test
    void takesNoBodies() throws IOException {
        try (AdminServer admin = start(AdminServer.routes(health));
                TestClient client = connect(admin)) {
            String head = "POST /health/live HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n";
            assertEquals(413, client.send(head + "x").reply().status());
        }
    }

    /// Of clients with addresses of their own.
    @Test
    void answersAgainOnceSlowConnectionsThatTookEverySlotAreClosed() throws IOException {
        assumeAddresses();
        List<TestClient> slow = new ArrayList<>();
        try (AdminServer admin = start(AdminServer.routes(health))) {
            for (int i = 0; i < CONNECTIONS; i++) {
                TestClient client = connectFrom(1 + i / CONNECTIONS_PER_ADDRESS, admin);
                slow.add(client);
                if (i % 2 == 0) client.send("GET /health/ready HTTP/1.1\r\nHo");
            }
            try (TestClient late = connectFrom(100, admin)) {
                assertEquals("ready\n", late.get("/health/ready").text());
            }
        } finally {
            for (TestClient client : slow) client.close();
        }
    }

    @Test
    void oneAddressThatKeepsAskingLeavesConnectionsToOthers() throws IOException {
        assumeAddresses();
        List<TestClient> greedy = new ArrayList<>();
        try (AdminServer admin = start(AdminServer.routes(health))) {
            boolean answered = true;
            while (answered && greedy.size() < CONNECTIONS) {
                answered = isAnswered(admin, greedy);
            }
            assertFalse(answered, "it has every connection");
            try (TestClient other = connectFrom(2, admin)) {
                assertEquals("live\n", other.get("/health/live").text());
            }
        } finally {
            for (TestClient client : greedy) client.close();
        }
    }

    /// Whether one more connection is answered, and not reset at once or when it asks.
    private static boolean isAnswered(AdminServer admin, List<TestClient> greedy)
            throws SocketTimeoutException {
        try {
            TestClient client = connectFrom(1, admin);
            greedy.add(client);
            return client.get("/health/live").status() == 200;
        } catch (SocketTimeoutException hung) {
            throw hung;
        } catch (IOException reset) {
            return false;
        }
    }

    /// The loopback interface may have but one.
    private static void assumeAddresses() {
        boolean works = true;
        try (Socket probe = new Socket()) {
            probe.bind(new InetSocketAddress("127.0.0.2", 0));
        } catch (IOException missing) {
            works = false;
        }
        assumeTrue(works, "there is no address 127.0.0.2");
    }

    /// From 127.0.0.`host`.
    private static TestClient connectFrom(int host, AdminServer admin) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.0." + host, 0));
        return TestClient.connect(socket, admin.address());
    }

    @Test
    void survivesGarbageWhichTheServerBesideItNeverSees() throws IOException {
        Random random = new Random(Seed.next());
        AtomicInteger handled = new AtomicInteger();
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        try (HttpServer server =
                        HttpServer.start(config, (_, r) -> r.send("" + handled.incrementAndGet()));
                AdminServer admin = start(AdminServer.routes(health))) {
            for (int i = 0; i < 200; i++) {
                byte[] garbage = new byte[1 + random.nextInt(5000)];
                random.nextBytes(garbage);
                try (TestClient client = connect(admin)) {
                    client.send(garbage);
                    if (i % 2 == 0) client.endOutput();
                    client.restOrReset();
                } catch (IOException resetWhileSending) {
                    // As it may be: the answer, if there was one, has been on its way.
                }
            }
            try (TestClient client = connect(admin);
                    TestClient main = TestClient.connect(server)) {
                assertEquals("ready\n", client.get("/health/ready").text());
                assertEquals("1", main.get("/").text());
            }
            assertEquals(1, server.counters().getFirst().accepted());
        }
    }

    @Test
    void manyScrapesAtOnceEachGetTheirAnswer() throws Exception {
        String metrics = "torc_requests_total 1\n".repeat(5000);
        Router routes =
                AdminServer.routes(health).get("/metrics", (_, response) -> response.send(metrics));
        AtomicInteger right = new AtomicInteger();
        try (AdminServer admin = start(routes)) {
            List<Thread> scrapers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                scrapers.add(Thread.ofVirtual().start(() -> scrape(admin, metrics, right)));
            }
            for (Thread scraper : scrapers) {
                assertTrue(scraper.join(Duration.ofSeconds(Await.PATIENCE_SECONDS)));
            }
        }
        assertEquals(8 * 50, right.get());
    }

    private static void scrape(AdminServer admin, String metrics, AtomicInteger right) {
        for (int i = 0; i < 50; i++) {
            try (TestClient client = connect(admin)) {
                Reply reply = client.get("/metrics");
                if (reply.text().equals(metrics)) right.incrementAndGet();
            } catch (IOException missing) {
                throw new AssertionError(missing);
            }
        }
    }

    @Test
    void saysWhichListenerCannotStart() {
        try (AdminServer first = start(AdminServer.routes(health))) {
            AdminConfig taken = AdminConfig.onPort(first.address().getPort());
            StartException refused =
                    assertThrows(
                            StartException.class,
                            () -> AdminServer.start(taken, "auto", new Router()));
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.startsWith("the admin listener: "), message);
            assertTrue(message.contains("" + first.address().getPort()), message);
        }
        AdminConfig unknown = AdminConfig.onPort(0).withHost("no.such.host.invalid");
        assertThrows(StartException.class, () -> AdminServer.start(unknown, "auto", new Router()));
    }

    @Test
    void knowsWhatOtherMachinesMayReach() {
        assertFalse(AdminConfig.onPort(0).isExposed());
        assertFalse(AdminConfig.onPort(0).withHost("::1").isExposed());
        assertTrue(AdminConfig.onPort(0).withHost("0.0.0.0").isExposed());
        InetSocketAddress address = AdminConfig.onPort(9090).address();
        assertEquals(9090, address.getPort());
    }
}
