package dev.torc.standalone.config;

import dev.torc.core.Limits;

/// What one shard may hold: [Limits].
public final class LimitSettings {
    public static final Group GROUP = new Group("limits.", "Limits of a shard");

    private static final Limits DEFAULTS = Limits.defaults();
    private static final long MIB = 1 << 20;
    private static final long INT_MAX = Integer.MAX_VALUE;

    static final Setting<Long> CONNECTIONS_MAX =
            GROUP.add(
                    "connections-max",
                    Amount.count(1, MIB),
                    (long) DEFAULTS.connectionsMax(),
                    "Open connections; further ones wait in the listener's backlog. uring lowers it"
                            + " to what RLIMIT_NOFILE allows.");

    static final Setting<Long> CONNECTIONS_PER_ADDRESS_MAX =
            GROUP.add(
                    Setting.of(
                                    "limits.connections-per-address-max",
                                    Amount.count(1, 1 << 30),
                                    (long) DEFAULTS.connectionsPerAddressMax(),
                                    "Open connections of one client address (IPv4, or the first 64"
                                            + " bits of IPv6) on all shards together; a further"
                                            + " one is reset. Clients behind a proxy share its"
                                            + " address.")
                            .withShownInitial("1073741824, which is no limit"));

    static final Setting<Long> ACCEPT_BACKLOG =
            GROUP.add(
                    "accept-backlog",
                    Amount.count(1, 1 << 16),
                    (long) DEFAULTS.acceptBacklog(),
                    "Connections that the kernel completes before the shard has accepted them;"
                            + " capped by net.core.somaxconn.");

    static final Setting<Long> RECEIVE_BUFFERS =
            GROUP.add(
                    "receive-buffers",
                    Amount.powerOfTwo(1 << 15),
                    (long) DEFAULTS.receiveBuffers(),
                    "Buffers that the connections share for receiving. nio has one.");

    static final Setting<Long> RECEIVE_BUFFER_BYTES =
            GROUP.add(
                    "receive-buffer-bytes",
                    Amount.bytes(64, MIB),
                    (long) DEFAULTS.receiveBufferBytes(),
                    "Bytes of each.");

    static final Setting<Long> BULK_BUFFERS =
            GROUP.add(
                    "bulk-buffers",
                    Amount.powerOfTwo(1 << 15),
                    (long) DEFAULTS.bulkBuffers(),
                    "Larger buffers, for connections that send a lot.");

    static final Setting<Long> BULK_BUFFER_BYTES =
            GROUP.add(
                    "bulk-buffer-bytes",
                    Amount.bytes(64, MIB),
                    (long) DEFAULTS.bulkBufferBytes(),
                    "Bytes of each.");

    static final Setting<Long> SEND_QUEUE_BYTES_MAX =
            GROUP.add(
                    "send-queue-bytes-max",
                    Amount.bytes(1, INT_MAX),
                    (long) DEFAULTS.sendQueueBytesMax(),
                    "Bytes queued on a connection from which on its handler is told to wait.");

    static final Setting<Long> POOL_BYTES_MAX =
            GROUP.add(
                    "pool-bytes-max",
                    Amount.bytes(16 * MIB, 1L << 40),
                    DEFAULTS.poolBytesMax(),
                    "Native memory for what is being sent and what must be kept.");

    private LimitSettings() {}

    static Limits limits(Settings settings) {
        return GROUP.checked(
                settings,
                () ->
                        new Limits(
                                settings.intOf(CONNECTIONS_MAX),
                                settings.intOf(CONNECTIONS_PER_ADDRESS_MAX),
                                settings.intOf(ACCEPT_BACKLOG),
                                settings.intOf(RECEIVE_BUFFERS),
                                settings.intOf(RECEIVE_BUFFER_BYTES),
                                settings.intOf(BULK_BUFFERS),
                                settings.intOf(BULK_BUFFER_BYTES),
                                settings.intOf(SEND_QUEUE_BYTES_MAX),
                                settings.of(POOL_BYTES_MAX)));
    }
}
