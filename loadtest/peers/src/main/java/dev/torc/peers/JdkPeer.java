package dev.torc.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/// The JDK's own server, a virtual thread for each request.
final class JdkPeer {
    private static final int PIECE_BYTES = 16_384;

    private JdkPeer() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 8192);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/plaintext", exchange -> send(exchange, Answers.TEXT, Answers.HELLO));
        server.createContext("/json", exchange -> send(exchange, Answers.JSON, Answers.json()));
        server.createContext("/baseline", JdkPeer::baseline);
        server.createContext("/upload", JdkPeer::upload);
        server.createContext(
                "/static",
                SimpleFileServer.createFileHandler(Path.of(arguments[1]).toAbsolutePath()));
        server.start();
    }

    private static void baseline(HttpExchange exchange) throws IOException {
        String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        String query = exchange.getRequestURI().getRawQuery();
        send(exchange, Answers.TEXT, Answers.sum(query, body));
    }

    private static void upload(HttpExchange exchange) throws IOException {
        Answers.Upload upload = new Answers.Upload();
        byte[] piece = new byte[PIECE_BYTES];
        InputStream body = exchange.getRequestBody();
        for (int count = body.read(piece); count >= 0; count = body.read(piece)) {
            upload.add(piece, count);
        }
        send(exchange, Answers.JSON, upload.answer());
    }

    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Server", "jdk");
        // It closes when it is asked to, but does not say so by itself.
        String asked = exchange.getRequestHeaders().getFirst("Connection");
        if ("close".equals(asked)) exchange.getResponseHeaders().set("Connection", "close");
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
