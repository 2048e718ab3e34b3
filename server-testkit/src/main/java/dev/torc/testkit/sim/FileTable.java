package dev.torc.testkit.sim;

import org.jspecify.annotations.Nullable;

/// A ring's direct descriptors. Watches over the rules of their life: no operation on a slot that
/// is empty or whose connection is another one than the operation was meant for, and none left when
/// the slot is closed.
final class FileTable {
    static final int FULL = -1;

    private static final int UNUSED = -1;

    private final World world;
    private final @Nullable Endpoint[] endpoints;
    private final int[] outstanding;
    private final int[] generations;
    private final boolean[] seen;
    private int free;

    FileTable(World world, int count) {
        this.world = world;
        endpoints = new Endpoint[count];
        outstanding = new int[count];
        generations = new int[count];
        seen = new boolean[count];
        java.util.Arrays.fill(generations, UNUSED);
        free = count;
    }

    /// Puts `endpoint` into any free slot, or says [#FULL].
    int install(Endpoint endpoint) {
        if (free == 0) return FULL;
        int slot = world.faults.reordered() ? world.chance.nextInt(endpoints.length) : 0;
        while (endpoints[slot] != null) slot = (slot + 1) % endpoints.length;
        endpoints[slot] = endpoint;
        seen[slot] = false;
        free--;
        return slot;
    }

    /// The connection that `op` is about, or null, which is against the rules.
    @Nullable Endpoint find(Op op) {
        int slot = op.fd;
        Endpoint endpoint = slot >= 0 && slot < endpoints.length ? endpoints[slot] : null;
        if (endpoint == null) {
            world.fail("operation " + op.opcode + " on the empty slot " + slot);
            return null;
        }
        if (!seen[slot] && generations[slot] == op.generation()) {
            world.fail("slot " + slot + " has the generation of its last connection");
        } else if (seen[slot] && generations[slot] != op.generation()) {
            world.fail("operation " + op.opcode + " for a connection that has left slot " + slot);
        }
        seen[slot] = true;
        generations[slot] = op.generation();
        return endpoint;
    }

    void started(Op op) {
        outstanding[op.fd]++;
    }

    void finished(Op op) {
        outstanding[op.fd]--;
    }

    /// Closes the connection in `slot`; false when there is none.
    boolean close(int slot) {
        if (slot < 0 || slot >= endpoints.length) return false;
        Endpoint endpoint = endpoints[slot];
        if (endpoint == null) return false;
        if (outstanding[slot] > 0) {
            world.fail(
                    "slot " + slot + " closed with operations outstanding: " + outstanding[slot]);
        }
        endpoint.close();
        endpoints[slot] = null;
        free++;
        return true;
    }

    boolean isEmpty() {
        return free == endpoints.length;
    }

    void closeAll() {
        for (Endpoint endpoint : endpoints) {
            if (endpoint != null) endpoint.close();
        }
    }
}
