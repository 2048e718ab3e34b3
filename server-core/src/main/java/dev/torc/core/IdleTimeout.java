package dev.torc.core;

import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;

import java.time.Duration;

/// Closes connections on which nothing moves, with [CloseReason#TIMEOUT].
///
/// A connection is idle while nothing is received and the kernel takes over nothing of what is
/// queued. So one that is only sent to is not idle while its peer reads, and one whose peer has
/// stopped reading is, also while it closes. A handler that makes its peer wait for longer than the
/// timeout must give it a sign of life.
///
/// Costs one timer for each connection. It fires once in a timeout, however much is received, and
/// is then set to when the connection could be idle at the earliest.
public final class IdleTimeout {
    private static final Duration MIN = Duration.ofMillis(10);
    private static final Duration MAX = Duration.ofDays(365);

    private IdleTimeout() {}

    /// `handlers`, whose connections are closed once they have been idle for `timeout` (10 ms to a
    /// year).
    public static ConnectionHandler.Factory after(
            Duration timeout, ConnectionHandler.Factory handlers) {
        if (timeout.compareTo(MIN) < 0 || timeout.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be 10 ms to 365 days: timeout=" + timeout);
        }
        long timeoutNanos = timeout.toNanos();
        return connection -> new Watch(connection, handlers.open(connection), timeoutNanos);
    }

    /// One connection's timer, and the handler around its handler that starts and ends it. On the
    /// shard's thread.
    private static final class Watch extends TimerWheel.Timer implements ConnectionHandler {
        private final Connection connection;
        private final ConnectionHandler handler;
        private final long timeoutNanos;

        Watch(Connection connection, ConnectionHandler handler, long timeoutNanos) {
            this.connection = connection;
            this.handler = handler;
            this.timeoutNanos = timeoutNanos;
            scheduleFrom(connection.progressNanos());
        }

        @Override
        protected void onExpire(long nowNanos) {
            long progressNanos = connection.progressNanos();
            if (nowNanos - progressNanos >= timeoutNanos) {
                connection.abort(CloseReason.TIMEOUT);
            } else {
                scheduleFrom(progressNanos);
            }
        }

        private void scheduleFrom(long progressNanos) {
            connection.shard().timers().schedule(this, progressNanos + timeoutNanos);
        }

        @Override
        public void onOpen(Connection from) {
            handler.onOpen(from);
        }

        @Override
        public void onReceive(Connection from, Slice data) {
            handler.onReceive(from, data);
        }

        @Override
        public void onEnd(Connection from) {
            handler.onEnd(from);
        }

        @Override
        public void onWritable(Connection from) {
            handler.onWritable(from);
        }

        @Override
        public void onStopping(Connection from) {
            handler.onStopping(from);
        }

        @Override
        public String activity() {
            return handler.activity();
        }

        @Override
        public void onClose(Connection from, CloseReason reason) {
            connection.shard().timers().cancel(this);
            handler.onClose(from, reason);
        }
    }
}
