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
import java.security.MessageDigest;
import java.util.HexFormat;

@TorcTest
class HashedUploadTest {
    private static final String POST = "POST /upload HTTP/1.1\r\nHost: a\r\n";

    @Served
    static HttpServer serve(ServerConfig config) {
        return HashedUpload.start(config);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)) + "\n";
    }

    /// More than the server keeps as a whole.
    @Test
    void hashesWhatArrives(TestClient client) throws Exception {
        byte[] body = new byte[20 << 20];
        for (int i = 0; i < body.length; i++) body[i] = (byte) ((i * 31) >> 8);
        client.send(POST + "Content-Length: " + body.length + "\r\n\r\n").send(body);
        Reply reply = client.reply();
        assertEquals(200, reply.status());
        assertEquals(sha256(body), reply.text());
    }

    @Test
    void hashesChunks(TestClient client) throws Exception {
        client.send(POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        client.drip("2\r\nde\r\n0\r\n\r\n");
        assertEquals(sha256(TestClient.bytes("abcde")), client.reply().text());
    }

    @Test
    void hashesNothing(TestClient client) throws Exception {
        client.send(POST + "Content-Length: 0\r\n\r\n");
        assertEquals(sha256(new byte[0]), client.reply().text());
    }

    @Test
    void letsGoOfWhoStopsInTheMiddle(TestClient client) throws IOException {
        client.send(POST + "Content-Length: 1000000\r\n\r\nabc").reset();
    }
}
