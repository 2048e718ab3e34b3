package dev.torc.testkit.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A blocking client. Its bytes follow a pattern, so that each place in a stream has its own.
final class Client implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 15_000;

    final Socket socket;

    /// Connects `socket` to `server`. `receiveBytes`: the receive buffer, 0 for the kernel's
    /// choice.
    Client(Socket socket, InetSocketAddress server, int receiveBytes) {
        this.socket = socket;
        run(
                () -> {
                    if (receiveBytes > 0) socket.setReceiveBufferSize(receiveBytes);
                    socket.setTcpNoDelay(true);
                    socket.setSoTimeout(TIMEOUT_MILLIS);
                    socket.connect(server, TIMEOUT_MILLIS);
                });
    }

    /// A client that is connected already.
    Client(Socket socket) {
        this.socket = socket;
        run(() -> socket.setSoTimeout(TIMEOUT_MILLIS));
    }

    static byte pattern(long place) {
        return (byte) ((place * 0x9E3779B97F4A7C15L) >>> 56);
    }

    static byte[] pattern(long place, int bytes) {
        byte[] data = new byte[bytes];
        for (int i = 0; i < bytes; i++) data[i] = pattern(place + i);
        return data;
    }

    void write(byte[] data) {
        run(() -> socket.getOutputStream().write(data));
    }

    /// Writes the pattern from `place` on, in pieces of at most `piece` bytes.
    void writePattern(long place, long bytes, int piece) {
        for (long done = 0; done < bytes; done += piece) {
            write(pattern(place + done, (int) Math.min(piece, bytes - done)));
        }
    }

    /// Reads the pattern from `place` on.
    void expectPattern(long place, long bytes) {
        byte[] buffer = new byte[1 << 16];
        long done = 0;
        while (done < bytes) {
            int read = read(buffer, (int) Math.min(buffer.length, bytes - done));
            if (read < 0) throw new AssertionError("the stream ended at " + (place + done));
            for (int i = 0; i < read; i++) {
                if (buffer[i] == pattern(place + done + i)) continue;
                throw new AssertionError("wrong byte at " + (place + done + i));
            }
            done += read;
        }
    }

    void expectEnd() {
        int read = read(new byte[1], 1);
        if (read != -1) throw new AssertionError("more bytes where the end was expected");
    }

    /// However it ends; returns the bytes that came before.
    long readUntilEndOrReset() {
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        try {
            int read = socket.getInputStream().read(buffer);
            while (read >= 0) {
                bytes += read;
                read = socket.getInputStream().read(buffer);
            }
        } catch (java.net.SocketTimeoutException late) {
            throw new AssertionError("the connection does not end", late);
        } catch (IOException reset) {
            return bytes;
        }
        return bytes;
    }

    int read(byte[] buffer, int bytes) {
        int[] read = {0};
        run(() -> read[0] = socket.getInputStream().read(buffer, 0, bytes));
        return read[0];
    }

    void endOutput() {
        run(socket::shutdownOutput);
    }

    void reset() {
        run(
                () -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                });
    }

    @Override
    public void close() {
        run(socket::close);
    }

    private static void run(Operation operation) {
        try {
            operation.run();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private interface Operation {
        void run() throws IOException;
    }
}
