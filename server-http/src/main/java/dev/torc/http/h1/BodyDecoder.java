package dev.torc.http.h1;

import dev.torc.core.memory.Memory;
import dev.torc.http.HttpLimits;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

/// Finds the content of a request in the bytes behind its head (RFC 9112 sections 6 and 7), without
/// copying: every call hands out at most one range of data.
///
/// ```
///   LENGTH ──────────────────────────────────────────────▶ DONE
///   CHUNK_LINE ─▶ CHUNK_DATA ─▶ CHUNK_END ─┐                 ▲
///        ▲ └── size 0 ─▶ TRAILERS ─────────┼─────────────────┘
///        └─────────────────────────────────┘
/// ```
///
/// Framing is read a line at a time: a line that is not complete is left unconsumed, and the next
/// call gets it again with the bytes that follow. One decoder is reused for all requests of a
/// connection; confined to its shard's thread; allocates nothing.
public final class BodyDecoder {
    // Fifteen digits are more than a petabyte and cannot overflow a long.
    private static final int SIZE_DIGITS_MAX = 15;

    private enum State {
        LENGTH,
        CHUNK_LINE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        DONE
    }

    private final long wholeBytesMax;
    private final int chunkExtensionBytesMax;
    private final int trailerBytesMax;
    private final Fields trailers;

    private State state = State.DONE;
    private @Nullable Refusal refusal;
    private long bodyBytesMax;
    private long remaining;
    private long bodyBytes;
    private int extensionBytes;
    private int dataStart;
    private int dataLength;

    public BodyDecoder(HttpLimits limits) {
        wholeBytesMax = limits.bodyBytesMax();
        chunkExtensionBytesMax = limits.chunkExtensionBytesMax();
        trailerBytesMax = limits.trailerBytesMax();
        trailers = new Fields(limits.headerCountMax());
    }

    /// Starts the body that `head` announces; without one it is done at once, and one that is too
    /// large is refused at once.
    public void begin(RequestHead head) {
        begin(head, wholeBytesMax);
    }

    /// [#begin(RequestHead)] with a limit of its own.
    void begin(RequestHead head, long bytesMax) {
        bodyBytesMax = bytesMax;
        trailers.reset();
        refusal = null;
        bodyBytes = 0;
        extensionBytes = 0;
        dataStart = 0;
        dataLength = 0;
        remaining = head.contentLength();
        // RFC 9112 section 6.3: a request with neither field has no body
        state = head.hasBody() ? State.LENGTH : State.DONE;
        if (head.isChunked()) {
            state = State.CHUNK_LINE;
        } else if (remaining > bodyBytesMax) {
            refusal = Refusal.BODY_TOO_LARGE;
        }
    }

    /// Decodes some of the `length` bytes at `address`. The caller uses the data found, skips what
    /// was consumed, and calls again until the body [is done][#isDone()] or nothing was consumed:
    /// then it waits for more bytes and presents the rest again, followed by those.
    ///
    /// @return the bytes consumed, or [RequestParser#INVALID]
    public int decode(long address, int length) {
        dataLength = 0;
        int position = 0;
        while (refusal == null && state != State.DONE && dataLength == 0) {
            int next = step(address, position, length);
            if (next == RequestParser.PARTIAL) break;
            if (next < 0) {
                refusal = Refusal.of(next);
            } else {
                position = next;
            }
        }
        return refusal == null ? position : RequestParser.INVALID;
    }

    /// Where the data of the last [#decode(long, int)] starts, relative to its address.
    public int dataStart() {
        return dataStart;
    }

    /// Bytes of data found by the last [#decode(long, int)]; may be 0.
    public int dataLength() {
        return dataLength;
    }

    /// Whether the body has ended and what follows is the next request.
    public boolean isDone() {
        return state == State.DONE && refusal == null;
    }

    /// Bytes of content still to come, where that is known; 0 for a chunked body.
    long announcedBytes() {
        return state == State.LENGTH ? remaining : 0;
    }

    /// The trailer fields of a chunked body that is done; valid as long as the bytes that the last
    /// [#decode(long, int)] was given.
    public Fields trailers() {
        return trailers;
    }

    /// Why the body was refused, or null.
    public @Nullable Refusal refusal() {
        return refusal;
    }

    /// The offset behind the next part, [RequestParser#PARTIAL], or a refusal's code.
    private int step(long address, int position, int length) {
        if (position == length) return RequestParser.PARTIAL;
        return switch (state) {
            case LENGTH -> data(position, length, State.DONE);
            case CHUNK_LINE -> chunkLine(address, position, length);
            case CHUNK_DATA -> data(position, length, State.CHUNK_END);
            case CHUNK_END -> chunkEnd(address, position, length);
            case TRAILERS -> trailers(address + position, position, length);
            case DONE -> position;
        };
    }

    private int data(int position, int length, State after) {
        dataStart = position;
        dataLength = (int) Math.min(remaining, length - position);
        remaining -= dataLength;
        if (remaining == 0) state = after;
        return position + dataLength;
    }

    /// RFC 9112 section 7.1: `chunk-size [ chunk-ext ] CRLF`.
    private int chunkLine(long address, int position, int length) {
        long size = 0;
        int at = position;
        while (at < length && Ascii.hexValue(Memory.getByte(address + at)) >= 0) {
            if (at - position == SIZE_DIGITS_MAX) return Refusal.CHUNK_SIZE.code();
            size = size << 4 | Ascii.hexValue(Memory.getByte(address + at++));
        }
        if (at == length) return RequestParser.PARTIAL;
        if (at == position) return Refusal.CHUNK_SIZE.code();
        if (size > bodyBytesMax - bodyBytes) return Refusal.BODY_TOO_LARGE.code();

        int extensionsLimit = at + chunkExtensionBytesMax - extensionBytes + 2;
        int next = ChunkExtensions.parse(address, at, Math.min(length, extensionsLimit));
        if (next == RequestParser.PARTIAL && length >= extensionsLimit) {
            return Refusal.CHUNK_EXTENSIONS_TOO_LARGE.code();
        }
        if (next < 0) return next;
        extensionBytes += next - 2 - at;
        bodyBytes += size;
        remaining = size;
        state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
        return next;
    }

    private int chunkEnd(long address, int position, int length) {
        if (Memory.getByte(address + position) != '\r') return Refusal.CHUNK_END.code();
        if (position + 1 == length) return RequestParser.PARTIAL;
        if (Memory.getByte(address + position + 1) != '\n') return Refusal.CHUNK_END.code();
        state = State.CHUNK_LINE;
        return position + 2;
    }

    /// RFC 9112 section 7.1.2. The section is consumed as a whole, so that its fields stay
    /// together.
    private int trailers(long base, int position, int length) {
        int limit = Math.min(length - position, trailerBytesMax);
        trailers.moveTo(base);
        int end = FieldSection.parse(base, limit, trailers, null);
        if (end == RequestParser.PARTIAL && limit == trailerBytesMax) {
            return Refusal.TRAILERS_TOO_LARGE.code();
        }
        if (end < 0) return end;
        state = State.DONE;
        return position + end;
    }
}
