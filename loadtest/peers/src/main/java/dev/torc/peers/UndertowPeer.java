package dev.torc.peers;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.server.handlers.resource.ResourceHandler;
import io.undertow.util.Headers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Undertow with one I/O thread; what reads a body or a file runs on its worker threads, as it
/// advises.
final class UndertowPeer {
    private static final int PIECE_BYTES = 16_384;
    private static final ByteBuffer HELLO =
            ByteBuffer.allocateDirect(Answers.HELLO.length).put(Answers.HELLO).flip();

    private UndertowPeer() {}

    public static void main(String[] arguments) {
        var files = new ResourceHandler(new PathResourceManager(Path.of(arguments[1])));
        HttpHandler routes =
                new PathHandler()
                        .addExactPath("/plaintext", UndertowPeer::plaintext)
                        .addExactPath("/json", UndertowPeer::json)
                        .addExactPath("/baseline", UndertowPeer::baseline)
                        .addExactPath("/upload", new BlockingHandler(UndertowPeer::upload))
                        .addPrefixPath("/static", files);
        Undertow.builder()
                .addHttpListener(Integer.parseInt(arguments[0]), "127.0.0.1")
                .setIoThreads(1)
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                .setServerOption(UndertowOptions.ALWAYS_SET_DATE, true)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .setSocketOption(org.xnio.Options.BACKLOG, 8192)
                .setHandler(routes)
                .build()
                .start();
    }

    private static void head(HttpServerExchange exchange, String type) {
        exchange.getResponseHeaders()
                .put(Headers.SERVER, "undertow")
                .put(Headers.CONTENT_TYPE, type);
    }

    private static void plaintext(HttpServerExchange exchange) {
        head(exchange, Answers.TEXT);
        exchange.getResponseSender().send(HELLO.duplicate());
    }

    private static void json(HttpServerExchange exchange) {
        head(exchange, Answers.JSON);
        exchange.getResponseSender().send(ByteBuffer.wrap(Answers.json()));
    }

    private static void baseline(HttpServerExchange exchange) {
        exchange.getRequestReceiver()
                .receiveFullString(
                        (received, body) -> {
                            head(received, Answers.TEXT);
                            byte[] sum = Answers.sum(received.getQueryString(), body);
                            received.getResponseSender().send(ByteBuffer.wrap(sum));
                        },
                        StandardCharsets.US_ASCII);
    }

    private static void upload(HttpServerExchange exchange) throws IOException {
        Answers.Upload upload = new Answers.Upload();
        byte[] piece = new byte[PIECE_BYTES];
        InputStream body = exchange.getInputStream();
        for (int count = body.read(piece); count >= 0; count = body.read(piece)) {
            upload.add(piece, count);
        }
        head(exchange, Answers.JSON);
        exchange.getResponseSender().send(ByteBuffer.wrap(upload.answer()));
    }
}
