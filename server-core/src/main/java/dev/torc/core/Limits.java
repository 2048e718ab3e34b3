package dev.torc.core;

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
///   `nio` has one
/// @param receiveBufferBytes bytes of each
/// @param sendQueueBytesMax bytes queued on a connection from which on its handler is told to wait
/// @param poolBytesMax native memory for what is being sent and what must be kept
public record Limits(
        int connectionsMax,
        int connectionsPerAddressMax,
        int acceptBacklog,
        int receiveBuffers,
        int receiveBufferBytes,
        int sendQueueBytesMax,
        long poolBytesMax) {

    private static final int CONNECTIONS_MAX = 1 << 20;

    /// More than any server holds.
    private static final int PER_ADDRESS_MAX = CONNECTIONS_MAX * ServerConfig.SHARDS_MAX;

    private static final Limits DEFAULTS =
            new Limits(65_536, PER_ADDRESS_MAX, 4096, 1024, 4096, 256 * 1024, 256L << 20);

    public Limits {
        checkRange("connectionsMax", connectionsMax, 1, CONNECTIONS_MAX);
        checkRange("connectionsPerAddressMax", connectionsPerAddressMax, 1, PER_ADDRESS_MAX);
        checkRange("acceptBacklog", acceptBacklog, 1, 1 << 16);
        checkRange("receiveBuffers", receiveBuffers, 1, 1 << 15);
        if (Integer.bitCount(receiveBuffers) != 1) {
            throw new IllegalArgumentException(
                    "receiveBuffers must be a power of two: receiveBuffers=" + receiveBuffers);
        }
        checkRange("receiveBufferBytes", receiveBufferBytes, 64, 1 << 20);
        checkRange("sendQueueBytesMax", sendQueueBytesMax, 1, Integer.MAX_VALUE);
        checkRange("poolBytesMax", poolBytesMax, BufferPool.SLICE_BYTES_MAX, 1L << 40);
    }

    public static Limits defaults() {
        return DEFAULTS;
    }

    public Limits withConnectionsMax(int connections) {
        return new Limits(
                connections,
                connectionsPerAddressMax,
                acceptBacklog,
                receiveBuffers,
                receiveBufferBytes,
                sendQueueBytesMax,
                poolBytesMax);
    }

    public Limits withConnectionsPerAddressMax(int connections) {
        return new Limits(
                connectionsMax,
                connections,
                acceptBacklog,
                receiveBuffers,
                receiveBufferBytes,
                sendQueueBytesMax,
                poolBytesMax);
    }

    public Limits withAcceptBacklog(int connections) {
        return new Limits(
                connectionsMax,
                connectionsPerAddressMax,
                connections,
                receiveBuffers,
                receiveBufferBytes,
                sendQueueBytesMax,
                poolBytesMax);
    }

    /// `count` buffers of `bytes` bytes.
    public Limits withReceiveBuffers(int count, int bytes) {
        return new Limits(
                connectionsMax,
                connectionsPerAddressMax,
                acceptBacklog,
                count,
                bytes,
                sendQueueBytesMax,
                poolBytesMax);
    }

    public Limits withSendQueueBytesMax(int bytes) {
        return new Limits(
                connectionsMax,
                connectionsPerAddressMax,
                acceptBacklog,
                receiveBuffers,
                receiveBufferBytes,
                bytes,
                poolBytesMax);
    }

    public Limits withPoolBytesMax(long bytes) {
        return new Limits(
                connectionsMax,
                connectionsPerAddressMax,
                acceptBacklog,
                receiveBuffers,
                receiveBufferBytes,
                sendQueueBytesMax,
                bytes);
    }

    private static void checkRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be " + min + " to " + max + ": " + name + "=" + value);
        }
    }
}
