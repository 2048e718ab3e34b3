package dev.torc.standalone;

import dev.torc.core.Slice;
import dev.torc.http.BodyConsumer;
import dev.torc.http.Request;
import dev.torc.http.Response;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A body that is hashed as it arrives, and kept nowhere. On the shard's thread.
final class Upload implements BodyConsumer {
    private static final int PIECE_BYTES = 8192;

    private final Response response;
    private final MessageDigest digest;
    private final byte[] piece = new byte[PIECE_BYTES];
    private long bytes;

    private Upload(Response response) throws NoSuchAlgorithmException {
        this.response = response;
        digest = MessageDigest.getInstance("SHA-256");
    }

    record Received(long size, String sha256) {}

    static void handle(Request request, Response response) throws NoSuchAlgorithmException {
        request.receive(new Upload(response));
    }

    @Override
    public void onPiece(Slice data) {
        for (int at = 0; at < data.length(); at += PIECE_BYTES) {
            int count = Math.min(PIECE_BYTES, data.length() - at);
            data.copyTo(at, piece, 0, count);
            digest.update(piece, 0, count);
        }
        bytes += data.length();
    }

    @Override
    public void onEnd() {
        response.json(new Received(bytes, HexFormat.of().formatHex(digest.digest())));
    }
}
