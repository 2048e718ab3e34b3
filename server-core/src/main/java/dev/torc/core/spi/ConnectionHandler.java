package dev.torc.core.spi;

import dev.torc.core.Shard;
import dev.torc.core.Slice;

/// What happens on one connection, as told by its transport: always on the shard's thread, never
/// two at a time, and never after [#onClose]. Handlers do not block. One that throws loses its
/// connection and nothing else.
public interface ConnectionHandler {
    /// Makes the handler of a connection that has just been accepted. Serves one shard, or all of
    /// them if that is how it was started.
    interface Factory {
        ConnectionHandler open(Connection connection);
    }

    /// Makes each shard's factory, on that shard's thread.
    interface PerShard {
        Factory start(Shard shard);
    }

    /// The connection is open: the first call, once its factory has returned.
    default void onOpen(Connection connection) {}

    /// `data` has arrived; it is borrowed until this returns.
    void onReceive(Connection connection, Slice data);

    /// The peer will send no more. What the handler still has to say can be sent.
    default void onEnd(Connection connection) {
        connection.close();
    }

    /// Everything queued has been sent, after a [Connection#send] that returned false.
    default void onWritable(Connection connection) {}

    /// The server is stopping: finish what is in flight, then close.
    default void onStopping(Connection connection) {
        connection.close();
    }

    /// What the connection is doing, in a word or two: asked when the server's deadline for
    /// stopping is about to end it, for the [report][dev.torc.core.StopReport] of the stop.
    default String activity() {
        return "open";
    }

    /// The connection has ended; nothing of it is with the kernel any more.
    default void onClose(Connection connection, CloseReason reason) {}
}
