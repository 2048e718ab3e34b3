package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.http.BodyConsumer;
import dev.torc.http.Handler;
import dev.torc.http.Handlers;
import dev.torc.http.HttpServer;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A body of any size, hashed as it arrives. While a piece is worked on, by a thread that may take
/// its time, no more is received, and the sender has to wait: the server holds a few pieces.
public final class HashedUpload implements BodyConsumer {
    private final Request request;
    private final Response response;
    private final MessageDigest digest = MessageDigest.getInstance("SHA-256");

    private HashedUpload(Request request, Response response) throws NoSuchAlgorithmException {
        this.request = request;
        this.response = response;
    }

    static HttpServer start(ServerConfig config) {
        Handler hashing =
                (request, response) -> request.receive(new HashedUpload(request, response));
        Router router = new Router().post("/upload", Handlers.streaming(hashing));
        return HttpServer.start(config, router);
    }

    @Override
    public void onPiece(Slice piece) {
        byte[] bytes = piece.toBytes(); // the piece is borrowed
        request.pauseReceive();
        Thread.ofVirtual().start(() -> hash(bytes));
    }

    private void hash(byte[] bytes) {
        digest.update(bytes);
        request.resumeReceive();
    }

    @Override
    public void onEnd() {
        response.send(HexFormat.of().formatHex(digest.digest()) + "\n");
    }

    public static void main(String[] arguments) throws InterruptedException {
        HttpServer server = start(ServerConfig.defaults());
        System.out.println("curl -T FILE -X POST http://127.0.0.1:" + server.port() + "/upload");
        server.await();
    }
}
