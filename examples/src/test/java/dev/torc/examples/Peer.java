package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.TcpServer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// The other end of an example: text in ISO 8859-1, so that a byte is a character.
final class Peer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 15_000;

    final Socket socket = new Socket();

    /// `receiveBytes`: the socket's receive buffer, 0 for the kernel's choice.
    Peer(TcpServer server, int receiveBytes) throws IOException {
        if (receiveBytes > 0) socket.setReceiveBufferSize(receiveBytes);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(server.address(), TIMEOUT_MILLIS);
    }

    Peer(TcpServer server) throws IOException {
        this(server, 0);
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// The next line, without its end.
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = socket.getInputStream().read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = socket.getInputStream().read();
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    void expect(String text) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(text.length());
        assertEquals(text, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    void expectEnd() throws IOException {
        assertEquals(-1, socket.getInputStream().read());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
