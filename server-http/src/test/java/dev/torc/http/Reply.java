package dev.torc.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// One response as its client saw it. Whatever a strict client would refuse is an `IOException`.
public final class Reply {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 [1-5]\\d\\d .*");
    private static final Pattern FIELD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+: [^\\x00]*");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9a-fA-F]{1,8}");

    private final int status;
    private final String statusLine;
    private final List<String> fields;
    private final byte[] body;

    private Reply(int status, String statusLine, List<String> fields, byte[] body) {
        this.status = status;
        this.statusLine = statusLine;
        this.fields = fields;
        this.body = body;
    }

    public int status() {
        return status;
    }

    public String statusLine() {
        return statusLine;
    }

    /// The field lines, without their CRLF.
    public List<String> fields() {
        return fields;
    }

    /// The body, without its framing.
    public byte[] body() {
        return body;
    }

    static Reply read(InputStream in, boolean toHead) throws IOException {
        String statusLine = Client.line(in);
        if (!STATUS_LINE.matcher(statusLine).matches()) throw new IOException(statusLine);
        int status = Integer.parseInt(statusLine.substring(9, 12));
        List<String> fields = new ArrayList<>();
        for (String line = Client.line(in); !line.isEmpty(); line = Client.line(in)) {
            if (!FIELD.matcher(line).matches()) throw new IOException("bad field: " + line);
            fields.add(line);
        }
        Reply head = new Reply(status, statusLine, List.copyOf(fields), new byte[0]);
        boolean empty = toHead || status < 200 || status == 204 || status == 304;
        return empty ? head : head.withBody(head.readBody(in));
    }

    /// The value of the one field of this name, or empty.
    public String header(String name) {
        List<String> values = headers(name);
        if (values.size() > 1) throw new AssertionError(name + " is repeated: " + fields);
        return values.isEmpty() ? "" : values.getFirst();
    }

    public boolean has(String name) {
        return !headers(name).isEmpty();
    }

    public List<String> headers(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ": ";
        return fields.stream()
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
                .map(field -> field.substring(start.length()))
                .toList();
    }

    public OptionalLong contentLength() {
        String value = header("Content-Length");
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }

    public boolean isChunked() {
        return header("Transfer-Encoding").equals("chunked");
    }

    public boolean closes() {
        return header("Connection").equals("close");
    }

    public String text() {
        return Client.text(body);
    }

    private Reply withBody(byte[] bytes) {
        return new Reply(status, statusLine, fields, bytes);
    }

    private byte[] readBody(InputStream in) throws IOException {
        if (isChunked()) {
            if (has("Content-Length")) throw new IOException("chunked, with a Content-Length");
            return readChunks(in);
        }
        OptionalLong length = contentLength();
        if (length.isPresent()) return exactly(in, length.getAsLong());
        if (!closes()) throw new IOException("the response does not say where it ends");
        return in.readAllBytes();
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = Client.line(in);
            if (!CHUNK_SIZE.matcher(size).matches()) throw new IOException("chunk size: " + size);
            int bytes = Integer.parseInt(size, 16);
            body.write(exactly(in, bytes));
            String end = Client.line(in);
            if (!end.isEmpty()) throw new IOException("after a chunk: " + end);
            if (bytes == 0) return body.toByteArray();
        }
    }

    private static byte[] exactly(InputStream in, long length) throws IOException {
        byte[] bytes = in.readNBytes(Math.toIntExact(length));
        if (bytes.length < length) {
            throw new EOFException("body of " + length + " bytes ended after " + bytes.length);
        }
        return bytes;
    }
}
