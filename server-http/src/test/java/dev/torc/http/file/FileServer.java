package dev.torc.http.file;

import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/// A server of the files below a directory, and one client of it.
final class FileServer implements AutoCloseable {
    private final TestServer server;
    private final FileHandler handler;
    private final TestClient client;

    private FileServer(TestServer server, FileHandler handler, TestClient client) {
        this.server = server;
        this.handler = handler;
        this.client = client;
    }

    static FileServer start(Network network, Path root, FileOptions options) throws IOException {
        FileHandler handler = new FileHandler(root, "path", options);
        Router router = new Router().get("/{path...}", handler).post("/{path...}", handler);
        TestServer server = TestServer.start(network, router);
        return new FileServer(server, handler, server.connect());
    }

    TestServer server() {
        return server;
    }

    /// How many files have been compressed, or tried to be.
    int compressed() {
        return server.ask(_ -> Objects.requireNonNull(handler.here()).compressor().started());
    }

    TestClient client() {
        return client;
    }

    /// The answer to GET of `path`, with these field lines.
    Reply get(String path, String... fields) throws IOException {
        client.send(request("GET", path, fields));
        return client.reply();
    }

    Reply head(String path, String... fields) throws IOException {
        client.send(request("HEAD", path, fields));
        return client.replyToHead();
    }

    static String request(String method, String path, String... fields) {
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a\r\n");
        for (String field : fields) text.append(field).append("\r\n");
        return text.append("\r\n").toString();
    }

    @Override
    public void close() throws IOException {
        try {
            client.close();
        } finally {
            server.close();
        }
    }
}
