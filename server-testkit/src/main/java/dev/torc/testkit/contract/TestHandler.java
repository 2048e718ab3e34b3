package dev.torc.testkit.contract;

import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;

/// Sends back what it receives and stops receiving while its connection has enough to send. A test
/// overrides what it is about.
class TestHandler implements ConnectionHandler {
    @Override
    public void onReceive(Connection connection, Slice data) {
        Slice copy = take(connection, data.length());
        copy.append(data.address(), data.length());
        if (!connection.send(copy)) connection.pauseReceive();
    }

    @Override
    public void onWritable(Connection connection) {
        connection.resumeReceive();
    }

    @Override
    public void onClose(Connection connection, CloseReason reason) {}

    static Slice take(Connection connection, int bytes) {
        Slice slice = connection.shard().buffers().take(bytes);
        if (slice == null) throw new AssertionError("the pool gave nothing");
        return slice;
    }

    /// Sends `bytes` of the pattern.
    static boolean sendPattern(Connection connection, long place, int bytes) {
        Slice slice = take(connection, bytes);
        slice.append(Client.pattern(place, bytes), 0, bytes);
        return connection.send(slice);
    }

    /// Sends the pattern as fast as the connection takes it, then closes.
    static class Download extends TestHandler {
        final long total;
        final int piece;
        long sent;
        int stalls;
        long queuedBytesMax;

        Download(long total, int piece) {
            this.total = total;
            this.piece = piece;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            pump(connection);
        }

        @Override
        public void onWritable(Connection connection) {
            pump(connection);
        }

        @Override
        public void onEnd(Connection connection) {}

        void pump(Connection connection) {
            while (sent < total) {
                int bytes = (int) Math.min(piece, total - sent);
                boolean more = sendPattern(connection, sent, bytes);
                sent += bytes;
                queuedBytesMax = Math.max(queuedBytesMax, connection.queuedBytes());
                if (!more) {
                    stalls++;
                    return;
                }
            }
            connection.close();
        }
    }
}
