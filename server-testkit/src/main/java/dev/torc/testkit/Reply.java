package dev.torc.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// One HTTP/1.1 response as its client saw it. Whatever a strict client would refuse (RFC 9112) is
/// an `IOException` when it is read.
public final class Reply {
    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/1\\.1 [1-5]\\d\\d [\\t\\x20-\\x7e\\x80-\\xff]*");
    private static final Pattern FIELD =
            Pattern.compile(
                    "[!#$%&'*+.^_`|~0-9A-Za-z-]+: ([\\x21-\\x7e\\x80-\\xff][\\t\\x20-\\x7e"
                            + "\\x80-\\xff]*)?");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9a-fA-F]{1,7}");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final int LINE_CHARACTERS_MAX = 1 << 20;

    private final String statusLine;
    private final List<String> fields;
    private final byte[] body;
    private final List<String> trailers;

    private Reply(String statusLine, List<String> fields, byte[] body, List<String> trailers) {
        this.statusLine = statusLine;
        this.fields = List.copyOf(fields);
        this.body = body;
        this.trailers = List.copyOf(trailers);
    }

    static Reply read(InputStream in, boolean toHead) throws IOException {
        String statusLine = line(in);
        if (!STATUS_LINE.matcher(statusLine).matches()) {
            throw new IOException("bad status line: " + statusLine);
        }
        Reply head = new Reply(statusLine, readFields(in), new byte[0], List.of());
        boolean never = head.isInterim() || head.status() == 204; // RFC 9110 section 8.6
        if (never && (head.has("Content-Length") || head.has("Transfer-Encoding"))) {
            throw new IOException("a body was announced where there is none: " + head);
        }
        return never || toHead || head.status() == 304 ? head : head.readBody(in);
    }

    /// The three digits.
    public int status() {
        return Integer.parseInt(statusLine, 9, 12, 10);
    }

    /// The first line, without its CRLF.
    public String statusLine() {
        return statusLine;
    }

    /// Whether the real response is still to come: `100 Continue` and its like.
    public boolean isInterim() {
        return status() < 200;
    }

    /// The field lines, without their CRLF.
    public List<String> fields() {
        return fields;
    }

    /// The field lines after a chunked body.
    public List<String> trailers() {
        return trailers;
    }

    /// The body, without its framing.
    public byte[] body() {
        return body.clone();
    }

    /// The body, a character a byte (ISO-8859-1).
    public String text() {
        return TestClient.text(body);
    }

    /// The value of the one field of this name, or empty. Fails when there are more.
    public String header(String name) {
        List<String> values = headers(name);
        if (values.size() > 1) throw new AssertionError(name + " is repeated: " + fields);
        return values.isEmpty() ? "" : values.getFirst();
    }

    /// Whether there is a field of this name.
    public boolean has(String name) {
        return !headers(name).isEmpty();
    }

    /// The values of all fields of this name.
    public List<String> headers(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ": ";
        return fields.stream()
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
                .map(field -> field.substring(start.length()))
                .toList();
    }

    /// What `Content-Length` says.
    public OptionalLong contentLength() {
        String value = header("Content-Length");
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }

    /// Whether the body came in chunks.
    public boolean isChunked() {
        return header("Transfer-Encoding").equals("chunked");
    }

    /// Whether the server says that this is the connection's last response.
    public boolean closes() {
        return header("Connection").equals("close");
    }

    /// The head, a line a line.
    @Override
    public String toString() {
        return statusLine + "\n" + String.join("\n", fields);
    }

    private Reply readBody(InputStream in) throws IOException {
        boolean sized = has("Content-Length");
        if (has("Transfer-Encoding")) {
            if (!isChunked()) throw new IOException("not just chunked: " + this);
            if (sized) throw new IOException("chunked, with a Content-Length: " + this);
            return readChunks(in);
        }
        if (!sized && !closes()) throw new IOException("does not say where it ends: " + this);
        return new Reply(statusLine, fields, sized ? readSized(in) : in.readAllBytes(), List.of());
    }

    private byte[] readSized(InputStream in) throws IOException {
        String length = header("Content-Length");
        if (!LENGTH.matcher(length).matches()) throw new IOException("Content-Length: " + length);
        return exactly(in, Long.parseLong(length));
    }

    private Reply readChunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            if (!CHUNK_SIZE.matcher(size).matches()) throw new IOException("chunk size: " + size);
            int bytes = Integer.parseInt(size, 16);
            if (bytes == 0) break;
            all.write(exactly(in, bytes));
            String end = line(in);
            if (!end.isEmpty()) throw new IOException("after a chunk: " + end);
        }
        return new Reply(statusLine, fields, all.toByteArray(), readFields(in));
    }

    private static List<String> readFields(InputStream in) throws IOException {
        List<String> fields = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (!FIELD.matcher(line).matches()) throw new IOException("bad field: " + line);
            fields.add(line);
        }
        return fields;
    }

    /// A line without its CRLF; a bare CR or LF is an error.
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) throw new EOFException("the stream ends within a line: " + line);
            if (c == '\n') throw new IOException("bare LF after: " + line);
            line.append((char) c);
            if (line.length() > LINE_CHARACTERS_MAX) {
                throw new IOException("a line of more than " + LINE_CHARACTERS_MAX + " bytes");
            }
        }
        if (in.read() != '\n') throw new IOException("bare CR after: " + line);
        return line.toString();
    }

    private static byte[] exactly(InputStream in, long length) throws IOException {
        byte[] bytes = in.readNBytes(Math.toIntExact(length));
        if (bytes.length < length) {
            throw new EOFException("body of " + length + " bytes ended after " + bytes.length);
        }
        return bytes;
    }
}
