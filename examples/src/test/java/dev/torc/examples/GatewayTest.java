package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.http.Status;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

class GatewayTest {
    private static ServerConfig config() {
        return ServerConfig.defaults().withPort(0).withShards(1);
    }

    private static Reply ask(String origin, String target) throws IOException {
        try (HttpServer gateway = Gateway.start(config(), origin);
                TestClient client = TestClient.connect(gateway)) {
            return client.get(target);
        }
    }

    @Test
    void answersWhatTheOriginAnswers() throws IOException {
        Router router =
                new Router()
                        .get(
                                "/{path...}",
                                (request, response) ->
                                        response.status(Status.NON_AUTHORITATIVE_INFORMATION)
                                                .send(
                                                        request.rawPath()
                                                                + "?"
                                                                + request.rawQuery()));
        try (HttpServer origin = HttpServer.start(config(), router)) {
            Reply reply = ask("http://127.0.0.1:" + origin.port(), "/a%20b?c=%2F");
            assertEquals(203, reply.status());
            assertEquals("text/plain; charset=utf-8", reply.header("Content-Type"));
            assertEquals("/a%20b?c=%2F", reply.text());
        }
    }

    @Test
    void says502WhenTheOriginIsNotThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertEquals(502, ask("http://127.0.0.1:" + port, "/").status());
    }

    @Test
    void says502ForMoreThanItHolds() throws IOException {
        Router router = new Router().get("/", (_, response) -> response.send(new byte[2 << 20]));
        try (HttpServer origin = HttpServer.start(config(), router)) {
            assertEquals(502, ask("http://127.0.0.1:" + origin.port(), "/").status());
        }
    }

    /// Nobody accepts there, so nobody answers.
    @Test
    void says504WhenTheOriginDoesNotAnswer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            assertEquals(504, ask("http://127.0.0.1:" + silent.getLocalPort(), "/").status());
        }
    }
}
