package dev.torc.core.spi;

/// Why a connection has ended. An abort replaces the reason of a close that is still under way.
public enum CloseReason {
    /// The peer sent everything it had and closed.
    PEER_CLOSED,
    /// The peer reset the connection or vanished.
    PEER_RESET,
    /// The handler closed it, after everything was sent.
    LOCAL,
    /// The handler gave it up for taking too long.
    TIMEOUT,
    /// The handler threw.
    HANDLER_FAILED,
    /// The shard has no memory left for it within its limits.
    OUT_OF_BUFFERS,
    /// A file that was being sent could not be read, or was shorter than what was to be sent of it;
    /// which of them has been logged. Nothing is sent in its place.
    FILE_FAILED,
    /// The server's deadline for stopping has passed.
    STOPPED,
    /// The kernel refused an operation for another reason, which has been logged.
    FAILED
}
