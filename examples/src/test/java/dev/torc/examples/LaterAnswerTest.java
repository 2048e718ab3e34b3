package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Served;
import dev.torc.testkit.TestClient;
import dev.torc.testkit.TorcTest;

import org.junit.jupiter.api.Test;

import java.io.IOException;

@TorcTest
class LaterAnswerTest {
    @Served
    static HttpServer serve(ServerConfig config) {
        return LaterAnswer.start(config);
    }

    @Test
    void answersFromAnotherThread(TestClient client) throws IOException {
        Reply reply = client.get("/later");
        assertEquals(200, reply.status());
        assertEquals("a second later\n", reply.text());
    }
}
