package dev.torc.uring.transport;

import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.ConnectionHandler;

/// A connection's handler as the connection calls it: one that throws loses the connection.
final class GuardedHandler {
    private final UringConnection connection;
    private final UringTransport transport;
    private final ConnectionHandler handler;

    GuardedHandler(
            UringConnection connection, UringTransport transport, ConnectionHandler handler) {
        this.connection = connection;
        this.transport = transport;
        this.handler = handler;
    }

    void received(Slice data) {
        try {
            handler.onReceive(connection, data);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    void ended() {
        try {
            handler.onEnd(connection);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    void writable() {
        try {
            handler.onWritable(connection);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    void stopping() {
        try {
            handler.onStopping(connection);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    void aborted(CloseReason reason) {
        connection.shard().aborted(handler, reason);
    }

    void closed(CloseReason reason) {
        try {
            handler.onClose(connection, reason);
        } catch (Throwable failure) {
            transport.logFailure(failure);
        }
    }

    private void failed(Throwable failure) {
        transport.logFailure(failure);
        connection.abort(CloseReason.HANDLER_FAILED);
    }
}
