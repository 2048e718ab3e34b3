package dev.torc.http.h1;

import dev.torc.core.BufferPool;

/// A response body that goes out piece by piece, as the connection has room for it. Made for each
/// such response; on the shard's thread.
sealed interface OutgoingBody permits BodyStream, FileStream {
    enum Outcome {
        /// Its source or the connection will say when it goes on.
        WAITING,
        DONE,
        /// There is no memory for it.
        OUT_OF_BUFFERS,
        /// Its source has thrown.
        FAILED
    }

    /// Sends pieces until there is none for now, or the output is blocked.
    ///
    /// @throws Exception what its source throws; also when that does not keep to the length
    ///   announced
    Outcome pump(Output output, BufferPool pool) throws Exception;

    /// The connection has ended, or no body is wanted.
    void abandon();
}
