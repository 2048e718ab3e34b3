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

@TorcTest(restart = true)
class VersionsTest {
    @Served
    static HttpServer serve(ServerConfig config) {
        return Versions.start(config);
    }

    private static Reply read(TestClient client, String field) throws IOException {
        return client.send("GET /note HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n").reply();
    }

    private static Reply write(TestClient client, String field) throws IOException {
        String fields = "Host: a\r\nContent-Length: 3\r\n" + field + "\r\n\r\n";
        return client.send("PUT /note HTTP/1.1\r\n" + fields + "new").reply();
    }

    @Test
    void doesNotSendWhatIsKnown(TestClient client) throws IOException {
        Reply first = client.get("/note");
        assertEquals("an idea", first.text());
        String tag = first.header("ETag");
        for (String tags : new String[] {tag, "*", "\"x\", " + tag, "W/" + tag}) {
            assertEquals(304, read(client, "If-None-Match: " + tags).status(), tags);
        }
        assertEquals(200, read(client, "If-None-Match: \"x\"").status());
    }

    @Test
    void overwritesOnlyWhatWasSeen(TestClient client) throws IOException {
        String tag = client.get("/note").header("ETag");
        assertEquals(428, write(client, "X-Nothing: 1").status());
        assertEquals(412, write(client, "If-Match: W/" + tag).status());
        Reply written = write(client, "If-Match: " + tag);
        assertEquals(204, written.status());
        assertEquals(412, write(client, "If-Match: " + tag).status());
        Reply now = read(client, "If-None-Match: " + tag);
        assertEquals("new", now.text());
        assertEquals(written.header("ETag"), now.header("ETag"));
    }
}
