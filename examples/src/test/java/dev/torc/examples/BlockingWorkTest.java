package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.RunningServer;
import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Served;
import dev.torc.testkit.TestClient;
import dev.torc.testkit.TorcTest;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;

@TorcTest
class BlockingWorkTest {
    @Served
    static HttpServer serve(ServerConfig config) {
        return BlockingWork.start(config, 1);
    }

    @Test
    void writesItsRows(TestClient client) throws IOException {
        Reply reply = client.get("/rows/3");
        assertEquals(200, reply.status());
        assertEquals("row 0\nrow 1\nrow 2\n", reply.text());
    }

    @Test
    void tellsWhoGetsNoConnectionToComeBack(RunningServer server, TestClient other)
            throws IOException {
        Socket small = new Socket();
        small.setReceiveBufferSize(4096);
        try (TestClient slow = TestClient.connect(small, server.address())) {
            // Far more than sockets hold: this one has the only connection until it reads.
            slow.send("GET /rows/1000000 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", TestClient.text(slow.read(15)));
            Reply refused = other.get("/rows/1");
            assertEquals(503, refused.status());
            assertEquals("1", refused.header("Retry-After"));
            slow.reset();
        }
        Reply reply = other.get("/rows/1");
        for (int i = 0; i < 20 && reply.status() == 503; i++) reply = other.get("/rows/1");
        assertEquals("row 0\n", reply.text());
    }
}
