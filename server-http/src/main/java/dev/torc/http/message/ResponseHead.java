package dev.torc.http.message;

import dev.torc.http.MediaType;
import dev.torc.http.Status;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.function.Supplier;

/// The head of one response: filled by `Response`, written by the protocol. Field lines are encoded
/// as they are added, so that what is invalid fails where it was said. Used by one thread at a
/// time; allocates nothing once its buffer has grown to what the responses need.
public final class ResponseHead {
    /// Bytes of all field lines together.
    public static final int FIELD_BYTES_MAX = FieldLines.BYTES_MAX;

    /// What [#contentLength()] says when the length is not known in advance.
    public static final long LENGTH_UNKNOWN = -1;

    private final FieldLines fields = new FieldLines(128);
    private Status status = Status.OK;
    private @Nullable MediaType contentType;
    private @Nullable ResponseTrailers trailers;
    private long contentLength = LENGTH_UNKNOWN;
    private boolean close;
    private boolean hasDate;
    private boolean hasServer;
    private int markedFieldsLength;
    private int markedTrailers;
    private boolean markedClose;
    private boolean markedDate;
    private boolean markedServer;

    public ResponseHead() {}

    /// Forgets everything, for the next response.
    public void reset() {
        fields.truncate(0);
        status = Status.OK;
        contentType = null;
        contentLength = LENGTH_UNKNOWN;
        close = false;
        hasDate = false;
        hasServer = false;
        trailers = null;
        mark();
    }

    /// The fields added so far stay when a failure undoes what the response was to be.
    public void mark() {
        markedFieldsLength = fields.length();
        markedTrailers = trailers == null ? 0 : trailers.count();
        markedClose = close;
        markedDate = hasDate;
        markedServer = hasServer;
    }

    /// Forgets everything but the fields added before [#mark()].
    public void rewind() {
        fields.truncate(markedFieldsLength);
        if (trailers != null) trailers.truncate(markedTrailers);
        status = Status.OK;
        contentType = null;
        contentLength = LENGTH_UNKNOWN;
        close = markedClose;
        hasDate = markedDate;
        hasServer = markedServer;
    }

    public Status status() {
        return status;
    }

    public void status(Status newStatus) {
        status = newStatus;
    }

    public @Nullable MediaType contentType() {
        return contentType;
    }

    public void contentType(MediaType type) {
        contentType = type;
    }

    public long contentLength() {
        return contentLength;
    }

    public void contentLength(long bytes) {
        contentLength = bytes;
    }

    /// Whether the application wants the connection closed after this response.
    public boolean closes() {
        return close;
    }

    public boolean hasDate() {
        return hasDate;
    }

    public boolean hasServer() {
        return hasServer;
    }

    /// The encoded field lines, of which the first [#fieldsLength()] bytes count.
    public byte[] fields() {
        return fields.bytes();
    }

    public int fieldsLength() {
        return fields.length();
    }

    /// Adds a field line.
    ///
    /// @throws IllegalArgumentException for a name that is no token (RFC 9110 5.1), a value with
    ///   characters outside of printable ISO-8859-1 and tab (5.5), or a field that is Torc's to
    ///   write
    public void add(String name, String value) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        switch (lowerCase) {
            case "content-length", "transfer-encoding", "trailer" ->
                    throw new IllegalArgumentException(
                            name + " is set by the server from what is sent");
            case "connection" -> addConnection(value);
            case "content-type" -> contentType = MediaType.of(value);
            default -> {
                fields.add(name, value);
                hasDate |= lowerCase.equals("date");
                hasServer |= lowerCase.equals("server");
            }
        }
    }

    /// Adds a field line of `name`, which ends in a colon and a space, and the first `length` bytes
    /// of `value`, both of them valid.
    public void add(byte[] name, byte[] value, int length) {
        fields.add(name, value, length);
    }

    /// Adds whole lines, all of them valid, each with its CRLF.
    public void add(byte[] lines) {
        fields.add(lines);
    }

    /// What follows the body if that is chunked; null if nothing does.
    public @Nullable ResponseTrailers trailers() {
        return trailers;
    }

    /// Announces a field that follows a chunked body.
    ///
    /// @throws IllegalArgumentException for a name that must not be a trailer
    public void addTrailer(String name, Supplier<@Nullable String> value) {
        ResponseTrailers all = trailers == null ? new ResponseTrailers() : trailers;
        all.add(name, value);
        trailers = all;
    }

    private void addConnection(String value) {
        if (!value.equalsIgnoreCase("close")) {
            throw new IllegalArgumentException(
                    "Connection can only be set to close: value=" + value);
        }
        close = true;
    }
}
