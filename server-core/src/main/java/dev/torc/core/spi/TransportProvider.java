package dev.torc.core.spi;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;

/// Makes transports of one kind; found by `ServiceLoader`. A provider decides once, for the whole
/// process, whether its kind works here.
public interface TransportProvider {
    /// The name to choose it by: `uring`, `nio`.
    String name();

    /// Among the providers that work here, `auto` takes the one with the highest rank.
    int rank();

    /// One line on what it found: what it will use or why it cannot work here, with the remedy.
    Verdict verdict();

    /// Opens the transport of `shard`, on that shard's thread.
    Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers);

    /// The time that its transports live in, as `System.nanoTime()` counts it. From any thread.
    default long nanoTime() {
        return System.nanoTime();
    }

    /// Whether a transport works here, and why (not): one line for the log.
    ///
    /// @param details what was found on the way, a name and a value a line, for the curious
    record Verdict(boolean works, String reason, java.util.List<String> details) {}
}
