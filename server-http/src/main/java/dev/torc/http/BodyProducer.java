package dev.torc.http;

import dev.torc.core.Slice;

/// The body of a response, produced piece by piece as the connection has room: a slow reader is
/// never sent more than fits between it and the server.
public interface BodyProducer {
    /// What a producer says of what is to come.
    enum Progress {
        /// There is more; ask again when there is room.
        MORE,
        /// There will be more later; ask again after [Response#resume()].
        LATER,
        /// That was all.
        DONE
    }

    /// Appends the next piece to `buffer`, as much as fits or less. Runs on the shard's thread and
    /// must not block. An exception aborts the connection, so that the client sees that the body is
    /// not complete.
    Progress produce(Slice buffer) throws Exception;

    /// The connection has ended before the body did, or the request wanted no body; it will not be
    /// asked again.
    default void abandon() {}
}
