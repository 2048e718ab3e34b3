package dev.torc.uring.transport;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// The connections of a shard by their slot, which is their direct descriptor's index. On the
/// shard's thread; allocates only to grow.
///
/// Each slot counts its connections: a completion whose generation is not the current one came too
/// late and concerns nobody.
final class SlotTable {
    private static final int LENGTH_INITIAL = 64;

    private final int count;
    private @Nullable UringConnection[] connections = new UringConnection[LENGTH_INITIAL];
    private int[] generations = new int[LENGTH_INITIAL];
    private int open;
    private long stale;

    SlotTable(int count) {
        this.count = count;
    }

    /// Slots that there are.
    int count() {
        return count;
    }

    /// Slots that are taken.
    int openCount() {
        return open;
    }

    int freeCount() {
        return count - open;
    }

    /// Completions that came too late.
    long staleCount() {
        return stale;
    }

    /// The connection that `userData` names, unless it is gone.
    @Nullable UringConnection find(long userData) {
        int slot = UserData.slot(userData);
        if (slot >= 0 && slot < connections.length) {
            UringConnection connection = connections[slot];
            if (connection != null && connection.generation() == UserData.generation(userData)) {
                return connection;
            }
        }
        stale++;
        return null;
    }

    /// The generation for the connection that the kernel has just put into `slot`. Checked, because
    /// the slot comes from the kernel.
    int claim(int slot) {
        if (slot < 0 || slot >= count || (slot < connections.length && connections[slot] != null)) {
            throw new IllegalStateException("kernel accepted into a wrong slot: slot=" + slot);
        }
        if (slot >= connections.length) {
            int length = Math.max(slot + 1, connections.length * 2);
            connections = Arrays.copyOf(connections, length);
            generations = Arrays.copyOf(generations, length);
        }
        generations[slot] = UserData.nextGeneration(generations[slot]);
        open++;
        return generations[slot];
    }

    void put(UringConnection connection) {
        connections[connection.slot()] = connection;
    }

    void free(UringConnection connection) {
        connections[connection.slot()] = null;
        open--;
    }

    /// The connections that are open now. Allocates.
    UringConnection[] toArray() {
        UringConnection[] all = new UringConnection[open];
        int count = 0;
        for (UringConnection connection : connections) {
            if (connection != null) all[count++] = connection;
        }
        return Arrays.copyOf(all, count);
    }
}
