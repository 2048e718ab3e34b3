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
class TokenLoginTest {
    @Served
    static HttpServer serve(ServerConfig config) {
        return TokenLogin.start(config, "secret");
    }

    private static Reply ask(TestClient client, String field) throws IOException {
        return client.send("GET /admin HTTP/1.1\r\nHost: a\r\n" + field + "\r\n").reply();
    }

    @Test
    void letsThosePassWhoKnowTheToken(TestClient client) throws IOException {
        Reply reply = ask(client, "Authorization: Bearer secret\r\n");
        assertEquals(200, reply.status());
        assertEquals("welcome\n", reply.text());
    }

    @Test
    void letsNobodyElsePass(TestClient client) throws IOException {
        for (String field :
                new String[] {
                    "",
                    "Authorization: Bearer secre\r\n",
                    "Authorization: Bearer secret2\r\n",
                    "Authorization: Basic secret\r\n",
                    "Authorization: \r\n"
                }) {
            Reply reply = ask(client, field);
            assertEquals(401, reply.status(), field);
            assertEquals("Bearer", reply.header("WWW-Authenticate"));
        }
    }

    @Test
    void isNotAskedElsewhere(TestClient client) throws IOException {
        assertEquals(200, client.get("/").status());
    }
}
