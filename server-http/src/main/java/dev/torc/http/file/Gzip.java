package dev.torc.http.file;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Compresses content into one gzip member (RFC 1952), without a name or a time, so that one zlib
/// makes the same bytes of the same content. Takes its time: not on a shard's thread.
final class Gzip {
    /// zlib's own choice. What is made once and sent often may cost more than what is made for each
    /// answer; 9 takes up to twice as long, for a percent.
    private static final int LEVEL = 6;

    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int TRAILER_BYTES = 8;

    /// While a step runs some garbage collectors wait, since the JDK pins the arrays, and so do
    /// other virtual threads.
    private static final int STEP_BYTES = 16 * 1024;

    private Gzip() {}

    /// The content compressed; null if that takes more than `bytesMax` bytes.
    @SuppressWarnings("ThreadPriorityCheck") // no result depends on it
    static byte @Nullable [] compress(byte[] content, int bytesMax) {
        int limit = bytesMax - TRAILER_BYTES + 1; // who gets here takes too many
        if (limit <= HEADER.length) return null;
        byte[] made = Arrays.copyOf(HEADER, bytesMax + 1);
        Deflater deflater = new Deflater(LEVEL, true);
        int at = HEADER.length;
        try {
            for (int from = 0; !deflater.finished(); Thread.yield()) {
                if (deflater.needsInput()) {
                    int step = Math.min(STEP_BYTES, content.length - from);
                    deflater.setInput(content, from, step);
                    from += step;
                    if (from == content.length) deflater.finish();
                }
                if (at == limit) return null;
                at += deflater.deflate(made, at, Math.min(STEP_BYTES, limit - at));
            }
        } finally {
            deflater.end();
        }
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ByteBuffer trailer = ByteBuffer.wrap(made, at, TRAILER_BYTES);
        trailer.order(ByteOrder.LITTLE_ENDIAN).putInt((int) checksum.getValue());
        trailer.putInt(content.length);
        return Arrays.copyOf(made, at + TRAILER_BYTES);
    }
}
