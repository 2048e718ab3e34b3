package dev.torc.peers;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Helidon, a virtual thread for each connection.
final class HelidonPeer {
    private static final int PIECE_BYTES = 16_384;
    private static final Header TEXT =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Answers.TEXT);
    private static final Header JSON =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Answers.JSON);
    private static final Header SERVER = HeaderValues.createCached(HeaderNames.SERVER, "helidon");

    private HelidonPeer() {}

    public static void main(String[] arguments) {
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .backlog(8192)
                .maxPayloadSize(-1)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .routing(HelidonPeer::routes)
                .build()
                .start();
    }

    private static void routes(HttpRouting.Builder routes) {
        routes.get("/plaintext", (request, response) -> send(response, TEXT, Answers.HELLO))
                .get("/json", (request, response) -> send(response, JSON, Answers.json()))
                .get("/baseline", (request, response) -> baseline(request, response, null))
                .post(
                        "/baseline",
                        (request, response) ->
                                baseline(request, response, request.content().as(String.class)))
                .post("/upload", HelidonPeer::upload);
    }

    private static void baseline(ServerRequest request, ServerResponse response, String body) {
        send(response, TEXT, Answers.sum(request.query().rawValue(), body));
    }

    private static void upload(ServerRequest request, ServerResponse response) {
        Answers.Upload upload = new Answers.Upload();
        byte[] piece = new byte[PIECE_BYTES];
        try (InputStream body = request.content().inputStream()) {
            for (int count = body.read(piece); count >= 0; count = body.read(piece)) {
                upload.add(piece, count);
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
        send(response, JSON, upload.answer());
    }

    private static void send(ServerResponse response, Header type, byte[] body) {
        response.header(type).header(SERVER).send(body);
    }
}
