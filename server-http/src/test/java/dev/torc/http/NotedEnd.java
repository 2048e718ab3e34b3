package dev.torc.http;

import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;

import java.util.Queue;

/// A connection's handler, and a note of why the connection ended.
record NotedEnd(ConnectionHandler handler, Queue<CloseReason> reasons)
        implements ConnectionHandler {
    @Override
    public void onReceive(Connection connection, Slice data) {
        handler.onReceive(connection, data);
    }

    @Override
    public void onEnd(Connection connection) {
        handler.onEnd(connection);
    }

    @Override
    public void onWritable(Connection connection) {
        handler.onWritable(connection);
    }

    @Override
    public void onStopping(Connection connection) {
        handler.onStopping(connection);
    }

    @Override
    public void onClose(Connection connection, CloseReason reason) {
        handler.onClose(connection, reason);
        reasons.add(reason);
    }
}
