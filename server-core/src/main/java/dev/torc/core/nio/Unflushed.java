package dev.torc.core.nio;

import java.util.ArrayDeque;

/// Connections that have something to write at the end of a turn. Those with little go first, all
/// of them; those with much share a bounded number of bytes of each turn, for which the others
/// wait. On the shard's thread; allocates only to grow.
final class Unflushed {
    /// Copied in less than 100 us.
    private static final int LARGE_BYTES_PER_TURN = 256 * 1024;

    private final ArrayDeque<NioConnection> small = new ArrayDeque<>();
    private final ArrayDeque<NioConnection> large = new ArrayDeque<>();

    void add(NioConnection connection, boolean hasMuch) {
        if (hasMuch) {
            large.add(connection);
        } else {
            small.add(connection);
        }
    }

    boolean isEmpty() {
        return small.isEmpty() && large.isEmpty();
    }

    /// Those that are here now; whoever has more to write comes back.
    void flushSmall() {
        for (int i = small.size(); i > 0; i--) small.remove().flush();
    }

    /// In turn, a write each; ends, because whoever writes nothing is not back before it can.
    void flushLarge() {
        long left = LARGE_BYTES_PER_TURN;
        while (left > 0 && !large.isEmpty()) left -= large.remove().flush();
    }
}
