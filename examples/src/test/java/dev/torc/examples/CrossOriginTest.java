package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Served;
import dev.torc.testkit.TestClient;
import dev.torc.testkit.TorcTest;

import org.junit.jupiter.api.Test;

import java.io.IOException;

@TorcTest
class CrossOriginTest {
    private static final String ALLOWED = "Origin: https://app.example\r\n";
    private static final String ASKS = "Access-Control-Request-Method: PUT\r\n";

    @Served
    static HttpServer serve(ServerConfig config) {
        return CrossOrigin.start(config, "https://app.example");
    }

    private static Reply ask(TestClient client, String line, String fields) throws IOException {
        return client.send(line + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n").reply();
    }

    @Test
    void answersABrowserThatAsksFirst(TestClient client) throws IOException {
        Reply reply = ask(client, "OPTIONS /time", ALLOWED + ASKS);
        assertEquals(204, reply.status());
        assertEquals("https://app.example", reply.header("Access-Control-Allow-Origin"));
        assertEquals("GET, PUT", reply.header("Access-Control-Allow-Methods"));
    }

    @Test
    void allowsTheRequestItself(TestClient client) throws IOException {
        Reply reply = ask(client, "GET /time", ALLOWED);
        assertEquals("now\n", reply.text());
        assertEquals("https://app.example", reply.header("Access-Control-Allow-Origin"));
        assertEquals("Origin", reply.header("Vary"));
    }

    @Test
    void letsTheBrowserSeeWhatIsMissing(TestClient client) throws IOException {
        Reply reply = ask(client, "GET /nowhere", ALLOWED);
        assertEquals(404, reply.status());
        assertEquals("https://app.example", reply.header("Access-Control-Allow-Origin"));
    }

    @Test
    void allowsNoOtherOrigin(TestClient client) throws IOException {
        for (String line : new String[] {"GET /time", "OPTIONS /time"}) {
            Reply reply = ask(client, line, "Origin: https://evil.example\r\n" + ASKS);
            assertFalse(reply.has("Access-Control-Allow-Origin"), line);
            assertFalse(reply.has("Access-Control-Allow-Methods"), line);
        }
    }
}
