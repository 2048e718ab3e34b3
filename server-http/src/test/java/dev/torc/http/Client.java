package dev.torc.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// A client that sends exactly the bytes it is told to and reads responses strictly. Text is
/// ISO-8859-1, a byte a character. Reading fails rather than waiting for ever.
public final class Client implements AutoCloseable {
    private static final int PATIENCE_MILLIS =
            (int) TimeUnit.SECONDS.toMillis(Await.PATIENCE_SECONDS);

    private final Socket socket;
    private final InputStream in;

    private Client(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
    }

    public static Client to(TestServer server) throws IOException {
        return to(server.port());
    }

    public static Client to(int port) throws IOException {
        return connect(port, new Socket());
    }

    /// A client whose kernel takes little until it reads.
    public static Client narrow(TestServer server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        return connect(server.port(), socket);
    }

    private static Client connect(int port, Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new Client(socket);
    }

    public Client send(String text) throws IOException {
        return send(bytes(text));
    }

    public Client send(byte[] bytes) throws IOException {
        return send(bytes, 0, bytes.length);
    }

    public Client send(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
        return this;
    }

    /// Sends each byte in a segment of its own.
    public Client drip(String text) throws IOException {
        byte[] bytes = bytes(text);
        for (int i = 0; i < bytes.length; i++) send(bytes, i, i + 1);
        return this;
    }

    public Reply get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").reply();
    }

    /// The next response, interim ones included.
    public Reply reply() throws IOException {
        return Reply.read(in, false);
    }

    /// The next response, to a HEAD request.
    public Reply replyToHead() throws IOException {
        return Reply.read(in, true);
    }

    /// Everything up to the end of the stream.
    public String rest() throws IOException {
        return text(in.readAllBytes());
    }

    /// What comes until the connection ends in whatever way.
    public String restOrReset() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[65_536];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) all.write(buffer, 0, n);
        } catch (java.net.SocketTimeoutException hung) {
            throw new UncheckedIOException(hung);
        } catch (IOException reset) {
            // an end, too
        }
        return text(all.toByteArray());
    }

    /// Up to `bytes` bytes, fewer at the end of the stream.
    public byte[] read(int bytes) throws IOException {
        return in.readNBytes(bytes);
    }

    public void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
    }

    /// Whether the server has closed, in order, and sent nothing more.
    public boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    /// Tells the server that no more will come.
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /// Ends the connection by RST.
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// A line without its CRLF; a bare CR or LF is an error.
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) throw new EOFException("the stream ends within a line: " + line);
            if (c == '\n') throw new IOException("bare LF after: " + line);
            line.append((char) c);
        }
        if (in.read() != '\n') throw new IOException("bare CR after: " + line);
        return line.toString();
    }
}
