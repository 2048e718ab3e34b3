package dev.torc.peers;

import org.microhttp.EventLoop;
import org.microhttp.Header;
import org.microhttp.NoopLogger;
import org.microhttp.OptionsBuilder;
import org.microhttp.Request;
import org.microhttp.Response;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// microhttp with one event loop, which also answers. It holds a request's whole body in memory,
/// and has no way to send a file.
final class MicrohttpPeer {
    private static final Header SERVER = new Header("Server", "microhttp");
    private static final int REQUEST_BYTES_MAX = 32 << 20;

    private MicrohttpPeer() {}

    public static void main(String[] arguments) throws IOException {
        Answers.keepDate();
        var options =
                OptionsBuilder.newBuilder()
                        .withHost("127.0.0.1")
                        .withPort(Integer.parseInt(arguments[0]))
                        .withConcurrency(1)
                        .withAcceptLength(8192)
                        .withMaxRequestSize(REQUEST_BYTES_MAX)
                        .build();
        new EventLoop(
                        options,
                        NoopLogger.instance(),
                        (request, callback) -> callback.accept(answer(request)))
                .start();
    }

    private static Response answer(Request request) {
        return switch (Answers.path(request.uri())) {
            case "/plaintext" -> response(Answers.TEXT, Answers.HELLO);
            case "/json" -> response(Answers.JSON, Answers.json());
            case "/baseline" -> {
                String body =
                        request.body() == null
                                ? ""
                                : new String(request.body(), StandardCharsets.US_ASCII);
                yield response(Answers.TEXT, Answers.sum(Answers.query(request.uri()), body));
            }
            case "/upload" -> {
                Answers.Upload upload = new Answers.Upload();
                upload.add(request.body(), request.body().length);
                yield response(Answers.JSON, upload.answer());
            }
            default -> new Response(404, "Not Found", List.of(SERVER), new byte[0]);
        };
    }

    private static Response response(String type, byte[] body) {
        List<Header> headers =
                List.of(
                        SERVER,
                        new Header("Date", Answers.date()),
                        new Header("Content-Type", type));
        return new Response(200, "OK", headers, body);
    }
}
