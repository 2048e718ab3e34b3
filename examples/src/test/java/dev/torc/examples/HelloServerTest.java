package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Served;
import dev.torc.testkit.TestClient;
import dev.torc.testkit.TorcTest;

import org.junit.jupiter.api.Test;

import java.io.IOException;

@TorcTest
class HelloServerTest {
    @Served
    static HttpServer serve(ServerConfig config) {
        return HelloServer.start(config);
    }

    @Test
    void greetsByName(TestClient client) throws IOException {
        Reply reply = client.get("/hello/Ada");
        assertEquals(200, reply.status());
        assertEquals("Hello, Ada!", reply.text());
    }

    @Test
    void endsAConnectionThatDoesNotSpeakHttp(TestClient client) throws IOException {
        client.send("hello?\r\n\r\n");
        assertEquals(400, client.reply().status());
        assertTrue(client.isAtEnd());
    }
}
