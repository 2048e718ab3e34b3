package dev.torc.http.message;

import dev.torc.http.MediaType;
import dev.torc.http.Status;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Locale;

/// The head of one response: filled by `Response`, written by the protocol. Field lines are encoded
/// as they are added, so that what is invalid fails where it was said. Used by one thread at a
/// time; allocates nothing once its buffer has grown to what the responses need.
public final class ResponseHead {
    /// Bytes of all field lines together.
    public static final int FIELD_BYTES_MAX = 1 << 16;

    /// What [#contentLength()] says when the length is not known in advance.
    public static final long LENGTH_UNKNOWN = -1;

    private byte[] fields = new byte[128];
    private int fieldsLength;
    private Status status = Status.OK;
    private @Nullable MediaType contentType;
    private long contentLength = LENGTH_UNKNOWN;
    private boolean close;
    private boolean hasDate;
    private boolean hasServer;
    private int markedFieldsLength;
    private boolean markedClose;
    private boolean markedDate;
    private boolean markedServer;

    public ResponseHead() {}

    /// Forgets everything, for the next response.
    public void reset() {
        fieldsLength = 0;
        status = Status.OK;
        contentType = null;
        contentLength = LENGTH_UNKNOWN;
        close = false;
        hasDate = false;
        hasServer = false;
        mark();
    }

    /// The fields added so far stay when a failure undoes what the response was to be.
    public void mark() {
        markedFieldsLength = fieldsLength;
        markedClose = close;
        markedDate = hasDate;
        markedServer = hasServer;
    }

    /// Forgets everything but the fields added before [#mark()].
    public void rewind() {
        fieldsLength = markedFieldsLength;
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
        return fields;
    }

    public int fieldsLength() {
        return fieldsLength;
    }

    /// Adds a field line.
    ///
    /// @throws IllegalArgumentException for a name that is no token (RFC 9110 5.1), a value with
    ///   characters outside of printable ISO-8859-1 and tab (5.5), or a field that is Torc's to
    ///   write
    public void add(String name, String value) {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "content-length", "transfer-encoding" ->
                    throw new IllegalArgumentException(
                            name + " is set by the server from what is sent");
            case "connection" -> {
                addConnection(value);
                return;
            }
            case "content-type" -> {
                contentType = MediaType.of(value);
                return;
            }
            case "date" -> hasDate = true;
            case "server" -> hasServer = true;
            default -> {}
        }
        checkName(name);
        checkValue(name, value);
        append(name, value);
    }

    /// Adds a field line of `name`, which ends in a colon and a space, and the first `length` bytes
    /// of `value`, both of them valid.
    public void add(byte[] name, byte[] value, int length) {
        int bytes = name.length + length + 2;
        reserve(bytes);
        System.arraycopy(name, 0, fields, fieldsLength, name.length);
        System.arraycopy(value, 0, fields, fieldsLength + name.length, length);
        fieldsLength += bytes;
        fields[fieldsLength - 2] = '\r';
        fields[fieldsLength - 1] = '\n';
    }

    private void addConnection(String value) {
        if (!value.equalsIgnoreCase("close")) {
            throw new IllegalArgumentException(
                    "Connection can only be set to close: value=" + value);
        }
        close = true;
    }

    @SuppressWarnings("deprecation") // the one way to encode ISO-8859-1 into an array in place
    private void append(String name, String value) {
        reserve(name.length() + value.length() + 4);
        int at = fieldsLength;
        name.getBytes(0, name.length(), fields, at);
        at += name.length();
        fields[at++] = ':';
        fields[at++] = ' ';
        value.getBytes(0, value.length(), fields, at);
        at += value.length();
        fields[at++] = '\r';
        fields[at++] = '\n';
        fieldsLength = at;
    }

    private void reserve(int bytes) {
        int total = fieldsLength + bytes;
        if (total > FIELD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "response fields are limited to " + FIELD_BYTES_MAX + " bytes: bytes=" + total);
        }
        if (total > fields.length) {
            fields = Arrays.copyOf(fields, Math.max(fields.length * 2, total));
        }
    }

    private static void checkName(String name) {
        boolean valid = !name.isEmpty();
        for (int i = 0; i < name.length() && valid; i++) {
            char c = name.charAt(i);
            valid = c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        if (!valid) {
            throw new IllegalArgumentException("not a field name: " + quoted(name));
        }
    }

    private static void checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127 || c > 255) {
                throw new IllegalArgumentException(
                        "the value of "
                                + name
                                + " has a character that a field cannot carry: U+"
                                + String.format("%04X", (int) c)
                                + " at index "
                                + i);
            }
        }
    }

    private static String quoted(String text) {
        return '"' + text.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
