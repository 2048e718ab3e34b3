package dev.torc.http.message;

import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.Throttle;
import dev.torc.http.BodyConsumer;
import dev.torc.http.BodyProducer;
import dev.torc.http.Status;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// The protocol's side of one request and its response: what `Response` and `Request` ask of the
/// connection they came from. Where nothing else is said, methods are called on the shard's thread;
/// on a connection that has ended meanwhile they only release.
public interface Exchange {
    Shard shard();

    /// Runs `action` on the shard's thread: now if this is it, else soon.
    default void onShard(Runnable action) {
        if (shard().isCurrent()) {
            action.run();
        } else {
            shard().execute(action);
        }
    }

    /// The peer's address; null if it has gone, or the connection has ended.
    @Nullable InetSocketAddress remoteAddress();

    /// Sends an informational answer ahead of the real one, if the peer understands it and the real
    /// one has not begun.
    void inform(Status status, FieldLines fields);

    /// Answers with the head and this body; the array is read before this returns.
    void respond(byte[] body, int offset, int length);

    /// Answers with the head and this body, which is read before this returns.
    void respond(Slice body);

    /// Answers with the head and a body that is produced as there is room for it.
    void stream(BodyProducer producer);

    /// Answers with the head and a body of parts of a file; releases it, whatever becomes of it.
    void stream(FileBody body);

    /// Asks a producer that had nothing to send once more.
    void resume();

    /// Gives up: the connection is aborted, because the response cannot be completed.
    void abort();

    /// Like [#abort()], unless the response is complete already.
    void abortIncomplete();

    /// Copies the request to memory of its own, so that it outlives the handler's call.
    void retain();

    /// Whether what is sent as a body will go out: not for HEAD, nor with a status that has none.
    /// From the thread that answers.
    boolean wantsBody();

    /// Whether the body is handed out as it arrives. From any thread.
    boolean streamsBody();

    /// Hands the body to `consumer`: as it arrives or, where it is whole already, at once.
    void receive(BodyConsumer consumer);

    /// Hands out nothing of the body until [#resumeReceive()].
    void pauseReceive();

    void resumeReceive();

    /// Drops what of the body has not been handed out.
    void discardBody();

    /// Which of the shard's failed requests are logged. From any thread.
    Throttle failures();
}
