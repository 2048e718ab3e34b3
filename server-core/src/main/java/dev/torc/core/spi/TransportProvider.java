package dev.torc.core.spi;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;

import java.util.List;
import java.util.ServiceLoader;

/// Makes transports of one kind; found by `ServiceLoader`. A provider decides once, for the whole
/// process, whether its kind works here.
public interface TransportProvider {
    /// The providers on the module or class path, the highest rank first.
    static List<TransportProvider> installed() {
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted((one, other) -> Integer.compare(other.rank(), one.rank()))
                .toList();
    }

    /// The name to choose it by: `uring`, `nio`.
    String name();

    /// Among the providers that work here, `auto` takes the one with the highest rank.
    int rank();

    /// What it found: what it will use or why it cannot work here, with the remedy.
    Verdict verdict();

    /// What a process with these servers needs on this transport: a descriptor for each connection,
    /// and some more.
    default Needs needs(List<ServerConfig> servers) {
        long connections = 0;
        for (ServerConfig server : servers) {
            connections += (long) server.shards() * server.limits().connectionsMax();
        }
        return new Needs(connections + Needs.ownDescriptors(servers), 0);
    }

    /// Opens the transport of `shard`, on that shard's thread.
    Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers);

    /// The time that its transports live in, as `System.nanoTime()` counts it. From any thread.
    default long nanoTime() {
        return System.nanoTime();
    }

    /// Whether a transport works here, and why (not).
    ///
    /// @param reason one line: what it uses, or what refused it
    /// @param remedy one line: what to do when it does not work; may be empty
    /// @param exhausted whether all that is missing is a resource which this process has run out of
    ///   (descriptors, memory). That is an error of the start: `auto` must not hide it behind a
    ///   slower transport
    /// @param details what was found on the way, a name and a value a line, for the curious
    record Verdict(
            boolean works, String reason, String remedy, boolean exhausted, List<String> details) {

        /// One that needs no remedy.
        public Verdict(boolean works, String reason, List<String> details) {
            this(works, reason, "", false, details);
        }

        /// The reason, and the remedy if there is one.
        public String message() {
            return remedy.isEmpty() ? reason : reason + "; " + remedy;
        }
    }

    /// What the process's limits have to allow.
    ///
    /// @param descriptors for `RLIMIT_NOFILE`
    /// @param lockedBytes for `RLIMIT_MEMLOCK`, where the kernel counts such memory
    record Needs(long descriptors, long lockedBytes) {
        private static final int OF_THE_JVM = 64;
        private static final int OF_A_SHARD = 4;

        /// Descriptors that are no connections: the JVM's, and each shard's listener, wake-up, ...
        public static long ownDescriptors(List<ServerConfig> servers) {
            long shards = servers.stream().mapToLong(ServerConfig::shards).sum();
            return OF_THE_JVM + shards * OF_A_SHARD;
        }
    }
}
