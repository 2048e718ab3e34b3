package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Served;
import dev.torc.testkit.TestClient;
import dev.torc.testkit.TorcTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

@TorcTest
class SinglePageTest {
    @TempDir static Path directory;

    @Served
    static HttpServer serve(ServerConfig config) throws IOException {
        Files.writeString(directory.resolve("index.html"), "<!doctype html>the page\n");
        Files.createDirectory(directory.resolve("assets"));
        Files.writeString(directory.resolve("assets").resolve("app-1f2e.js"), "run()\n");
        return SinglePage.start(config, directory);
    }

    @Test
    void keepsAssetsForAYear(TestClient client) throws IOException {
        Reply reply = client.get("/assets/app-1f2e.js");
        assertEquals("run()\n", reply.text());
        assertEquals("public, max-age=31536000, immutable", reply.header("Cache-Control"));
        assertEquals("nosniff", reply.header("X-Content-Type-Options"));
    }

    @Test
    void answersWithThePageForItsOwnPaths(TestClient client) throws IOException {
        for (String path : new String[] {"/", "/users/7"}) {
            Reply reply = client.get(path);
            assertEquals(200, reply.status(), path);
            assertEquals("<!doctype html>the page\n", reply.text());
            assertEquals("no-cache", reply.header("Cache-Control"));
        }
        assertEquals(404, client.get("/missing.js").status());
    }

    @Test
    void saysThatThePageIsTheSame(TestClient client) throws IOException {
        String tag = client.get("/").header("ETag");
        client.send("GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: " + tag + "\r\n\r\n");
        assertEquals(304, client.reply().status());
    }

    @Test
    void leavesTheApiAlone(TestClient client) throws IOException {
        assertEquals("1\n", client.get("/api/version").text());
    }
}
