package dev.torc.http.h1;

import dev.torc.core.BufferPool;
import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.http.BodyProducer;
import dev.torc.http.BodyProducer.Progress;
import dev.torc.http.h1.ResponseWriter.Framing;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.FieldLines;
import dev.torc.http.message.ResponseHead;
import dev.torc.http.message.ResponseTrailers;

import org.jspecify.annotations.Nullable;

/// A response body on its way from its producer to the connection, in chunks (RFC 9112 section 7.1)
/// or as it is. Made for each streamed response; on the shard's thread.
final class BodyStream implements OutgoingBody {
    private static final int SLICE_BYTES = 64 * 1024;
    private static final int SMALL_BYTES_MAX = 4 * 1024;
    private static final int ROOM_BYTES_MIN = 16 * 1024;
    // A chunk's size is written before its data is known, so with leading zeros.
    private static final int SIZE_DIGITS = 5;
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] LAST_CHUNK = Ascii.bytes("0\r\n\r\n");
    private static final byte[] LAST_SIZE = Ascii.bytes("0\r\n");

    private final BodyProducer producer;
    private final boolean chunked;
    private final @Nullable ResponseTrailers trailers;
    private final Slice window = Slice.window();
    private long remaining;

    /// `length` is what has been announced, or [ResponseHead#LENGTH_UNKNOWN]; `trailers` follow
    /// chunks only.
    BodyStream(
            BodyProducer producer,
            boolean chunked,
            long length,
            @Nullable ResponseTrailers trailers) {
        this.producer = producer;
        this.chunked = chunked;
        this.trailers = chunked ? trailers : null;
        remaining = length;
    }

    /// Of an answer with this head, whose end is told like this.
    static BodyStream of(BodyProducer source, ResponseHead head, Framing framing) {
        boolean chunked = framing == Framing.CHUNKED;
        return new BodyStream(source, chunked, head.contentLength(), head.trailers());
    }

    @Override
    public Outcome pump(Output output, BufferPool pool) throws Exception {
        output.flush();
        while (!output.isBlocked()) {
            Slice slice = pool.takeSpare(SLICE_BYTES);
            if (slice == null) return Outcome.OUT_OF_BUFFERS;
            Progress progress = fill(slice);
            if (slice.length() > 0) {
                output.send(fitted(slice, pool));
            } else {
                slice.release();
            }
            if (progress == Progress.DONE) return end(output);
            if (progress == Progress.LATER) return Outcome.WAITING;
        }
        return Outcome.WAITING;
    }

    @Override
    public void abandon() {
        producer.abandon();
    }

    /// Gathers pieces until the slice is nearly full: small ones must not take a slice each.
    private Progress fill(Slice slice) throws Exception {
        try {
            int before;
            Progress progress;
            do {
                before = slice.length();
                progress = produce(slice);
            } while (progress == Progress.MORE
                    && slice.length() > before
                    && slice.remaining() >= ROOM_BYTES_MIN);
            if (progress == Progress.MORE && slice.length() == 0) {
                throw new IllegalStateException("the producer has more, but appended nothing");
            }
            if (progress == Progress.DONE) finish(slice);
            return progress;
        } catch (Throwable failure) {
            slice.release();
            throw failure;
        }
    }

    private Progress produce(Slice slice) throws Exception {
        int before = chunked ? SIZE_DIGITS + CRLF.length : 0;
        int after = chunked ? CRLF.length + LAST_CHUNK.length : 0;
        long start = slice.address() + slice.length() + before;
        window.view(start, slice.remaining() - before - after);
        window.length(0);
        try {
            Progress progress = producer.produce(window);
            count(window.length());
            if (window.length() > 0) frame(slice, window.length());
            return progress;
        } finally {
            window.unview();
        }
    }

    private void frame(Slice slice, int bytes) {
        if (!chunked) {
            slice.length(slice.length() + bytes);
            return;
        }
        long start = slice.address() + slice.length();
        for (int i = 0; i < SIZE_DIGITS; i++) {
            int digit = bytes >> (4 * (SIZE_DIGITS - 1 - i)) & 0xf;
            Memory.putByte(start + i, HEX[digit]);
        }
        Memory.copy(CRLF, 0, start + SIZE_DIGITS, CRLF.length);
        slice.length(slice.length() + SIZE_DIGITS + CRLF.length + bytes);
        slice.append(CRLF, 0, CRLF.length);
    }

    private void finish(Slice slice) {
        if (remaining > 0) {
            throw new IllegalStateException(
                    "the body ended " + remaining + " bytes short of its Content-Length");
        }
        if (chunked && trailers == null) slice.append(LAST_CHUNK, 0, LAST_CHUNK.length);
    }

    private Outcome end(Output output) {
        if (trailers == null) return Outcome.DONE;
        FieldLines lines = trailers.encode();
        boolean written =
                output.write(LAST_SIZE)
                        && output.write(lines.bytes(), 0, lines.length())
                        && output.write(CRLF);
        return written ? Outcome.DONE : Outcome.OUT_OF_BUFFERS;
    }

    /// The slice, or a small one if that is all its data needs: a peer that does not read a trickle
    /// of events must not hold a large one for each.
    private static Slice fitted(Slice slice, BufferPool pool) {
        if (slice.length() > SMALL_BYTES_MAX) return slice;
        Slice small = pool.take(slice.length());
        if (small == null) return slice;
        if (small.capacity() >= slice.capacity()) { // all that a pool at its bound had left
            small.release();
            return slice;
        }
        small.append(slice.address(), slice.length());
        slice.release();
        return small;
    }

    private void count(int bytes) {
        if (remaining == ResponseHead.LENGTH_UNKNOWN) return;
        if (bytes > remaining) {
            throw new IllegalStateException("the body is longer than its Content-Length");
        }
        remaining -= bytes;
    }
}
