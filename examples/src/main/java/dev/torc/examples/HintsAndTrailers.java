package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.Handlers;
import dev.torc.http.HttpServer;
import dev.torc.http.MediaType;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Base64;

/// What is told before an answer and after it: 103 lets a browser fetch the style while the page is
/// still being made, and the digest of what was streamed follows as a trailer (RFC 9530).
public final class HintsAndTrailers {
    private HintsAndTrailers() {}

    static HttpServer start(ServerConfig config) {
        Router router = new Router().get("/", Handlers.blocking(HintsAndTrailers::page));
        return HttpServer.start(config, router);
    }

    private static void page(Request request, Response response) throws Exception {
        response.inform(103, "Link", "</style.css>; rel=preload; as=style");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        response.contentType(MediaType.TEXT_HTML_UTF_8)
                .trailer("Repr-Digest", () -> "sha-256=:" + base64(digest.digest()) + ":");
        try (OutputStream out = new DigestOutputStream(response.outputStream(), digest)) {
            out.write("<!doctype html><title>Hints</title>\n".getBytes(StandardCharsets.UTF_8));
            for (int i = 1; i <= 100; i++) {
                out.write(("<p>" + i + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    public static void main(String[] arguments) throws InterruptedException {
        HttpServer server = start(ServerConfig.defaults());
        System.out.println("curl -iv --raw http://127.0.0.1:" + server.port() + "/");
        server.await();
    }
}
