package dev.torc.http.h1;

import dev.torc.core.BufferPool;
import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.http.BodyProducer;
import dev.torc.http.BodyProducer.Progress;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.ResponseHead;

/// A response body on its way from its producer to the connection, in chunks (RFC 9112 section 7.1)
/// or as it is. Made for each streamed response; on the shard's thread.
final class BodyStream {
    enum Outcome {
        /// The producer or the connection will say when it goes on.
        WAITING,
        DONE,
        /// There is no memory for it.
        OUT_OF_BUFFERS
    }

    private static final int PIECE_BYTES = 64 * 1024;
    // A chunk's size is written before its data is known, so with leading zeros.
    private static final int SIZE_DIGITS = 5;
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] LAST_CHUNK = Ascii.bytes("0\r\n\r\n");

    private final BodyProducer producer;
    private final boolean chunked;
    private final Slice window = Slice.window();
    private long remaining;

    /// `length` is what has been announced, or [ResponseHead#LENGTH_UNKNOWN].
    BodyStream(BodyProducer producer, boolean chunked, long length) {
        this.producer = producer;
        this.chunked = chunked;
        remaining = length;
    }

    /// Sends pieces until the producer waits or is done, or the output is blocked.
    ///
    /// @throws Exception what the producer throws; also when it does not keep to the length
    ///   announced
    Outcome pump(Output output, BufferPool pool) throws Exception {
        while (!output.isBlocked()) {
            Slice piece = pool.take(PIECE_BYTES);
            if (piece == null) return Outcome.OUT_OF_BUFFERS;
            Progress progress = produce(piece);
            if (progress == Progress.DONE) finish(piece);
            if (piece.length() > 0) {
                output.send(piece);
            } else {
                piece.release();
            }
            if (progress == Progress.DONE) return Outcome.DONE;
            if (progress == Progress.LATER) return Outcome.WAITING;
        }
        return Outcome.WAITING;
    }

    void abandon() {
        producer.abandon();
    }

    private Progress produce(Slice piece) throws Exception {
        int before = chunked ? SIZE_DIGITS + CRLF.length : 0;
        int after = chunked ? CRLF.length + LAST_CHUNK.length : 0;
        window.view(piece.address() + before, piece.capacity() - before - after);
        window.length(0);
        try {
            Progress progress = producer.produce(window);
            count(window.length());
            if (window.length() > 0) {
                frame(piece, window.length());
            } else if (progress == Progress.MORE) {
                throw new IllegalStateException("the producer has more, but appended nothing");
            }
            return progress;
        } catch (Throwable failure) {
            piece.release();
            throw failure;
        } finally {
            window.unview();
        }
    }

    private void frame(Slice piece, int bytes) {
        if (!chunked) {
            piece.length(bytes);
            return;
        }
        for (int i = 0; i < SIZE_DIGITS; i++) {
            int digit = bytes >> (4 * (SIZE_DIGITS - 1 - i)) & 0xf;
            Memory.putByte(piece.address() + i, HEX[digit]);
        }
        Memory.copy(CRLF, 0, piece.address() + SIZE_DIGITS, CRLF.length);
        piece.length(SIZE_DIGITS + CRLF.length + bytes);
        piece.append(CRLF, 0, CRLF.length);
    }

    private void finish(Slice piece) {
        if (remaining > 0) {
            piece.release();
            throw new IllegalStateException(
                    "the body ended " + remaining + " bytes short of its Content-Length");
        }
        if (chunked) piece.append(LAST_CHUNK, 0, LAST_CHUNK.length);
    }

    private void count(int bytes) {
        if (remaining == ResponseHead.LENGTH_UNKNOWN) return;
        if (bytes > remaining) {
            throw new IllegalStateException("the body is longer than its Content-Length");
        }
        remaining -= bytes;
    }
}
