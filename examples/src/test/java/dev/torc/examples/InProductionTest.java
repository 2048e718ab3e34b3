package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Served;
import dev.torc.testkit.TestClient;
import dev.torc.testkit.TorcTest;

import org.junit.jupiter.api.Test;

import java.io.IOException;

@TorcTest
class InProductionTest {
    @Served
    static HttpServer serve(ServerConfig config) {
        Router router = new Router().post("/", (_, response) -> response.send("taken\n"));
        return InProduction.start(config, router);
    }

    private static Reply post(TestClient client, int bytes) throws IOException {
        String length = "Content-Length: " + bytes + "\r\n\r\n";
        return client.send("POST / HTTP/1.1\r\nHost: a\r\n" + length + "x".repeat(bytes)).reply();
    }

    @Test
    void takesBodiesUpToItsLimit(TestClient client) throws IOException {
        Reply taken = post(client, 64 << 10);
        assertEquals(200, taken.status());
        assertFalse(taken.header("X-Request-Id").isEmpty());
    }

    @Test
    void refusesMore(TestClient client) throws IOException {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n");
        assertEquals(413, client.reply().status());
    }
}
