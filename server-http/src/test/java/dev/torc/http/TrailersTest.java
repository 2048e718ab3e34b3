package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

@EveryNetwork
class TrailersTest {
    private static final String START =
            "POST / HTTP/1.1\r\nHost: a\r\nX-Sum: head\r\nTransfer-Encoding: chunked\r\n\r\n";

    @Parameter Network network;

    private TestServer serve() {
        return TestServer.start(
                network,
                (request, response) -> {
                    Trailers trailers = request.trailers();
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < trailers.count(); i++) {
                        text.append(trailers.name(i) + "=" + trailers.value(i) + ";");
                    }
                    text.append(trailers.values("x-SUM")).append(request.headers("X-Sum"));
                    assertNull(trailers.value("missing"));
                    response.send(text.toString());
                });
    }

    @Test
    void areReadBesideTheHead() throws IOException {
        try (TestServer server = serve();
                TestClient client = server.connect()) {
            client.send(START + "1\r\nx\r\n0\r\nX-Sum: 1\r\nOther: o\r\nx-sum: 2\r\n\r\n");
            assertEquals("X-Sum=1;Other=o;x-sum=2;[1, 2][head]", client.reply().text());
            client.send(START + "0\r\n\r\n");
            assertEquals("[][head]", client.reply().text());
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("[][]", client.reply().text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "cookie", "EXPECT", "Connection", "Content-Type"})
    void areWithoutWhatBelongsToAHead(String name) throws IOException {
        try (TestServer server = serve();
                TestClient client = server.connect()) {
            client.send(START + "0\r\nA: a\r\n" + name + ": close\r\n\r\n");
            assertEquals("A=a;[][head]", client.reply().text());
            assertEquals(200, client.get("/").status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked", "Host: b"})
    void areRefusedIfTheyFrameOrRoute(String line) throws IOException {
        try (TestServer server = serve();
                TestClient client = server.connect()) {
            client.send(START + "0\r\n" + line + "\r\n\r\n");
            assertEquals(400, client.reply().status());
        }
    }

    @Test
    void areBounded() throws IOException {
        try (TestServer server = serve();
                TestClient client = server.connect()) {
            client.send(START + "0\r\nA: " + "a".repeat(5000) + "\r\n\r\n");
            assertEquals(431, client.reply().status());
        }
    }
}
