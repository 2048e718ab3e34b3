package dev.torc.http;

import dev.torc.core.Slice;

import java.io.IOException;

/// Takes a request's body as it arrives: see [Request#receive(BodyConsumer)].
///
/// ```
///   onPiece* ─▶ onEnd        the body is complete
///        └────▶ onFailure    it will never be
/// ```
///
/// All calls come on the shard's thread, one at a time, and must not block. A consumer that cannot
/// take more calls [Request#pauseReceive()]: then nothing is called, `onEnd` included, until
/// [Request#resumeReceive()], and the connection is not received from. What `onPiece` or `onEnd`
/// throws fails the response, as [Response#fail(Throwable)] does, and ends the calls.
public interface BodyConsumer {
    /// The next bytes, at least one; borrowed until this returns.
    void onPiece(Slice piece) throws Exception;

    /// That was all; [Request#trailers()] are there.
    void onEnd() throws Exception;

    /// The body will not be complete: the connection has ended, the peer has sent what is refused
    /// or nothing for too long, or the response was complete first. Comes even while paused.
    default void onFailure(IOException failure) {}
}
