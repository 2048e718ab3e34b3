package dev.torc.testkit;

import dev.torc.core.RunningServer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A client that sends exactly the bytes it is told to and reads HTTP/1.1 responses strictly, or
/// whatever else comes. Text is ISO-8859-1, a byte a character.
///
/// Everything blocks, for [Await#PATIENCE_SECONDS] at most unless [#timeout(Duration)] says
/// otherwise, and then fails with a `SocketTimeoutException`. For one thread that writes and one
/// that reads.
public final class TestClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS =
            (int) TimeUnit.SECONDS.toMillis(Await.PATIENCE_SECONDS);

    private final Socket socket;
    private final InputStream in;

    private TestClient(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// A client of a server that listens in this process.
    public static TestClient connect(RunningServer server) throws IOException {
        return connect(server.address());
    }

    /// A client of the server that listens on `address`.
    public static TestClient connect(InetSocketAddress address) throws IOException {
        return connect(new Socket(), address);
    }

    /// Connects `socket`, whose options the caller has chosen.
    public static TestClient connect(Socket socket, InetSocketAddress address) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(address, PATIENCE_MILLIS);
            return new TestClient(socket);
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    /// How long a read waits at most.
    public TestClient timeout(Duration limit) throws IOException {
        long millis = limit.toMillis();
        if (millis < 1 || millis > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("1 ms to 24 days: limit=" + limit);
        }
        socket.setSoTimeout((int) millis);
        return this;
    }

    /// Sends these bytes, whatever they mean.
    public TestClient send(String text) throws IOException {
        return send(bytes(text));
    }

    /// Sends these bytes, whatever they mean.
    public TestClient send(byte[] bytes) throws IOException {
        return send(bytes, 0, bytes.length);
    }

    /// Sends the bytes from the index `from` up to `to`.
    public TestClient send(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
        return this;
    }

    /// Sends each byte in a segment of its own.
    public TestClient drip(String text) throws IOException {
        byte[] bytes = bytes(text);
        for (int i = 0; i < bytes.length; i++) send(bytes, i, i + 1);
        return this;
    }

    /// Asks for `target` by the shortest request that is valid.
    public Reply get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").reply();
    }

    /// The next response, interim ones included.
    public Reply reply() throws IOException {
        return Reply.read(in, false);
    }

    /// The next response that is not an interim one.
    public Reply finalReply() throws IOException {
        Reply reply = reply();
        while (reply.isInterim()) reply = reply();
        return reply;
    }

    /// The next response, to a HEAD request.
    public Reply replyToHead() throws IOException {
        return Reply.read(in, true);
    }

    /// The next response, interim ones included, or nothing if the server closes before one begins.
    /// `toHead` says that it answers a HEAD request.
    public Optional<Reply> replyOrEnd(boolean toHead) throws IOException {
        in.mark(1);
        if (in.read() < 0) return Optional.empty();
        in.reset();
        return Optional.of(Reply.read(in, toHead));
    }

    /// Everything up to the end of the stream.
    public String rest() throws IOException {
        return text(in.readAllBytes());
    }

    /// What comes until the connection ends in whatever way.
    public String restOrReset() throws SocketTimeoutException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[65_536];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) all.write(buffer, 0, n);
        } catch (SocketTimeoutException hung) {
            throw hung;
        } catch (IOException reset) {
            // an end, too
        }
        return text(all.toByteArray());
    }

    /// Up to `bytes` bytes, fewer at the end of the stream.
    public byte[] read(int bytes) throws IOException {
        return in.readNBytes(bytes);
    }

    /// Reads `bytes` bytes and forgets them.
    public void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
    }

    /// Whether the server has closed, in order, and sent nothing more. Waits for either.
    public boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    /// Tells the server that no more will come (FIN); reading goes on.
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

    /// Its two ends.
    @Override
    public String toString() {
        return socket.getLocalSocketAddress() + " to " + socket.getRemoteSocketAddress();
    }

    /// The characters as bytes.
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The bytes as characters.
    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
