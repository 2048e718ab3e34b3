package dev.torc.core;

import java.util.function.Consumer;

/// What one shard may hold, and how much of a server one client may. Everything that a peer can
/// make grow is bounded by one of these.
///
/// @param connectionsMax open connections of a shard; further ones wait in the listener's backlog.
///   `uring` lowers it to what `RLIMIT_NOFILE` allows
/// @param connectionsPerAddressMax open connections that one client address has on all shards of a
///   server together: an IPv4 address, or the first 64 bits of an IPv6 one. A further one is reset
///   as soon as it is accepted. No limit when it is as much as all shards can hold, which the
///   default is: clients behind a proxy share its address
/// @param acceptBacklog connections that the kernel completes before the shard has accepted them;
///   capped by `net.core.somaxconn`
/// @param receiveBuffers buffers that the shard's connections share for receiving; a power of two.
///   `nio` has one, of `bulkBufferBytes`
/// @param receiveBufferBytes bytes of each
/// @param bulkBuffers larger buffers, for connections that send a lot: one receives into them once
///   it has filled the others several times in a row; a power of two
/// @param bulkBufferBytes bytes of each
/// @param sendQueueBytesMax bytes queued on a connection from which on its handler is told to wait
/// @param poolBytesMax native memory for what is being sent and what must be kept
public record Limits(
        int connectionsMax,
        int connectionsPerAddressMax,
        int acceptBacklog,
        int receiveBuffers,
        int receiveBufferBytes,
        int bulkBuffers,
        int bulkBufferBytes,
        int sendQueueBytesMax,
        long poolBytesMax) {

    private static final int CONNECTIONS_MAX = 1 << 20;

    /// More than any server holds.
    private static final int PER_ADDRESS_MAX = CONNECTIONS_MAX * ServerConfig.SHARDS_MAX;

    private static final Limits DEFAULTS = new Draft().limits();

    public Limits {
        checkRange("connectionsMax", connectionsMax, 1, CONNECTIONS_MAX);
        checkRange("connectionsPerAddressMax", connectionsPerAddressMax, 1, PER_ADDRESS_MAX);
        checkRange("acceptBacklog", acceptBacklog, 1, 1 << 16);
        checkCount("receiveBuffers", receiveBuffers);
        checkRange("receiveBufferBytes", receiveBufferBytes, 64, 1 << 20);
        checkCount("bulkBuffers", bulkBuffers);
        checkRange("bulkBufferBytes", bulkBufferBytes, 64, 1 << 20);
        checkRange("sendQueueBytesMax", sendQueueBytesMax, 1, Integer.MAX_VALUE);
        checkRange("poolBytesMax", poolBytesMax, BufferPool.SLICE_BYTES_MAX, 1L << 40);
    }

    public static Limits defaults() {
        return DEFAULTS;
    }

    public Limits withConnectionsMax(int connections) {
        return with(draft -> draft.connectionsMax = connections);
    }

    public Limits withConnectionsPerAddressMax(int connections) {
        return with(draft -> draft.connectionsPerAddressMax = connections);
    }

    public Limits withAcceptBacklog(int connections) {
        return with(draft -> draft.acceptBacklog = connections);
    }

    /// `count` buffers of `bytes` bytes.
    public Limits withReceiveBuffers(int count, int bytes) {
        return with(
                draft -> {
                    draft.receiveBuffers = count;
                    draft.receiveBufferBytes = bytes;
                });
    }

    /// `count` buffers of `bytes` bytes.
    public Limits withBulkBuffers(int count, int bytes) {
        return with(
                draft -> {
                    draft.bulkBuffers = count;
                    draft.bulkBufferBytes = bytes;
                });
    }

    public Limits withSendQueueBytesMax(int bytes) {
        return with(draft -> draft.sendQueueBytesMax = bytes);
    }

    public Limits withPoolBytesMax(long bytes) {
        return with(draft -> draft.poolBytesMax = bytes);
    }

    private Limits with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.limits();
    }

    private static void checkCount(String name, int value) {
        checkRange(name, value, 1, 1 << 15);
        if (Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException(
                    name + " must be a power of two: " + name + "=" + value);
        }
    }

    private static void checkRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be " + min + " to " + max + ": " + name + "=" + value);
        }
    }

    /// The same, to be changed; at first the defaults.
    private static final class Draft {
        private int connectionsMax = 65_536;
        private int connectionsPerAddressMax = PER_ADDRESS_MAX;
        private int acceptBacklog = 4096;
        private int receiveBuffers = 1024;
        private int receiveBufferBytes = 4096;
        private int bulkBuffers = 16;
        private int bulkBufferBytes = 65_536;
        private int sendQueueBytesMax = 256 * 1024;
        private long poolBytesMax = 256L << 20;

        Draft() {}

        Draft(Limits from) {
            connectionsMax = from.connectionsMax;
            connectionsPerAddressMax = from.connectionsPerAddressMax;
            acceptBacklog = from.acceptBacklog;
            receiveBuffers = from.receiveBuffers;
            receiveBufferBytes = from.receiveBufferBytes;
            bulkBuffers = from.bulkBuffers;
            bulkBufferBytes = from.bulkBufferBytes;
            sendQueueBytesMax = from.sendQueueBytesMax;
            poolBytesMax = from.poolBytesMax;
        }

        Limits limits() {
            return new Limits(
                    connectionsMax,
                    connectionsPerAddressMax,
                    acceptBacklog,
                    receiveBuffers,
                    receiveBufferBytes,
                    bulkBuffers,
                    bulkBufferBytes,
                    sendQueueBytesMax,
                    poolBytesMax);
        }
    }
}
