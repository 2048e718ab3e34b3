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

import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

@TorcTest
class HintsAndTrailersTest {
    @Served
    static HttpServer serve(ServerConfig config) {
        return HintsAndTrailers.start(config);
    }

    @Test
    void hintsFirstAndDigestsLast(TestClient client) throws Exception {
        Reply hints = client.get("/");
        assertEquals(103, hints.status());
        assertEquals("</style.css>; rel=preload; as=style", hints.header("Link"));

        Reply page = client.reply();
        assertEquals(200, page.status());
        assertEquals("Repr-Digest", page.header("Trailer"));
        assertTrue(page.text().endsWith("<p>100\n"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(page.body());
        String value = "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
        assertEquals(List.of("Repr-Digest: " + value), page.trailers());
    }
}
