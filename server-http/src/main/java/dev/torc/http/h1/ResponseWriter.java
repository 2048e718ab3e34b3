package dev.torc.http.h1;

import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.http.HttpDate;
import dev.torc.http.MediaType;
import dev.torc.http.Status;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.ResponseHead;
import dev.torc.http.message.ResponseTrailers;

/// Writes response heads (RFC 9112 sections 4 and 5). One for each shard, on its thread; allocates
/// nothing.
///
/// What every response starts with is kept ready: the status line of 200, `Server` and `Date`,
/// which is made anew once a second.
final class ResponseWriter {
    /// How the end of a response's body is told.
    enum Framing {
        /// `Content-Length`
        LENGTH,
        /// `Transfer-Encoding: chunked`
        CHUNKED,
        /// By closing the connection, for HTTP/1.0.
        CLOSE,
        /// There is no body and nothing is said of one (RFC 9110 section 8.6).
        NONE
    }

    static final byte[] CONTINUE = Ascii.bytes("HTTP/1.1 100 Continue\r\n\r\n");

    private static final byte[] SERVER = Ascii.bytes("Server: Torc\r\n");
    private static final byte[] DATE = Ascii.bytes("Date: ");
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("Content-Length: ");
    private static final byte[] CHUNKED = Ascii.bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] CONNECTION_CLOSE = Ascii.bytes("Connection: close\r\n");
    private static final byte[] CONNECTION_KEEP_ALIVE = Ascii.bytes("Connection: keep-alive\r\n");

    private static final int STATUS_OK_BYTES = Status.OK.line().length;
    private static final int DATE_INDEX = STATUS_OK_BYTES + SERVER.length;
    private static final int DATE_BYTES = DATE.length + HttpDate.BYTES + CRLF.length;
    private static final int LENGTH_DIGITS_MAX = 19;
    // Everything but status line, Content-Type and the application's own fields.
    private static final int FIXED_BYTES_MAX =
            SERVER.length
                    + DATE_BYTES
                    + CONTENT_LENGTH.length
                    + LENGTH_DIGITS_MAX
                    + CHUNKED.length
                    + CONNECTION_KEEP_ALIVE.length
                    + 2 * CRLF.length;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final byte[] start = new byte[DATE_INDEX + DATE_BYTES];
    private long dateNanos;
    private boolean dated;

    ResponseWriter() {
        System.arraycopy(Status.OK.line(), 0, start, 0, STATUS_OK_BYTES);
        System.arraycopy(SERVER, 0, start, STATUS_OK_BYTES, SERVER.length);
        System.arraycopy(DATE, 0, start, DATE_INDEX, DATE.length);
        System.arraycopy(CRLF, 0, start, start.length - CRLF.length, CRLF.length);
    }

    /// An upper bound for what [#write] appends.
    static int bytesMax(ResponseHead head) {
        MediaType type = head.contentType();
        return head.status().line().length
                + FIXED_BYTES_MAX
                + (type == null ? 0 : type.line().length)
                + head.fieldsLength()
                + trailerLine(head).length;
    }

    /// Appends a head to `out`, which has room for it. `persists` says whether the connection stays
    /// open; `minorVersion` is that of the request.
    void write(
            Slice out,
            ResponseHead head,
            Framing framing,
            long contentLength,
            boolean persists,
            int minorVersion,
            long nowNanos) {
        refreshDate(nowNanos);
        appendStart(out, head);
        MediaType type = head.contentType();
        if (type != null) append(out, type.line());
        if (head.fieldsLength() > 0) out.append(head.fields(), 0, head.fieldsLength());
        if (framing == Framing.LENGTH) {
            append(out, CONTENT_LENGTH);
            appendNumber(out, contentLength);
            append(out, CRLF);
        } else if (framing == Framing.CHUNKED) {
            append(out, CHUNKED);
            append(out, trailerLine(head));
        }
        if (!persists) {
            append(out, CONNECTION_CLOSE);
        } else if (minorVersion == 0) {
            append(out, CONNECTION_KEEP_ALIVE);
        }
        append(out, CRLF);
    }

    private static byte[] trailerLine(ResponseHead head) {
        ResponseTrailers trailers = head.trailers();
        return trailers == null ? NOTHING : trailers.line();
    }

    private void appendStart(Slice out, ResponseHead head) {
        boolean plain = !head.hasServer() && !head.hasDate();
        if (plain && head.status() == Status.OK) {
            append(out, start);
            return;
        }
        append(out, head.status().line());
        if (!head.hasServer()) append(out, SERVER);
        if (!head.hasDate()) out.append(start, DATE_INDEX, DATE_BYTES);
    }

    private void refreshDate(long nowNanos) {
        if (dated && nowNanos - dateNanos < 0) return;
        long millis = System.currentTimeMillis();
        HttpDate.format(Math.floorDiv(millis, 1000), start, DATE_INDEX + DATE.length);
        long left = 1000L - Math.floorMod(millis, 1000);
        dateNanos = nowNanos + left * (SECOND_NANOS / 1000);
        dated = true;
    }

    private static void append(Slice out, byte[] bytes) {
        out.append(bytes, 0, bytes.length);
    }

    private static void appendNumber(Slice out, long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) digits++;
        long at = out.address() + out.length();
        out.length(out.length() + digits);
        long rest = number;
        for (int i = digits - 1; i >= 0; i--) {
            Memory.putByte(at + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }
}
