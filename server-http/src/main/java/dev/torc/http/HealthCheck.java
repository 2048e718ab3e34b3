package dev.torc.http;

/// Finds out whether something that the application depends on works. See [Health].
@FunctionalInterface
public interface HealthCheck {
    /// Returns when all is well. May block, within its time: it runs on a thread of its own, which
    /// is interrupted when that is over. Never twice at a time.
    ///
    /// @throws Exception when not; its message tells an operator why, and anyone who may ask
    void check() throws Exception;
}
