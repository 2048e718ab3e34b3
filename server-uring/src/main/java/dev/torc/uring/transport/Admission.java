package dev.torc.uring.transport;

import dev.torc.core.memory.Memory;
import dev.torc.core.spi.AddressKey;
import dev.torc.core.spi.AddressLimit;
import dev.torc.core.spi.CloseReason;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Arrays;

/// Opens accepted connections whose clients may have one more, and resets the others.
///
/// A multishot accept does not tell the addresses of its connections, so the kernel is asked for
/// each of them, by an operation that it finishes while it takes the submission and that completes
/// silently (see [InlineSends], which relies on the same). So it costs no entry into the kernel
/// that would not be made anyway: a connection accepted in one turn is opened in the next, which
/// does not wait.
///
/// On the shard's thread. Exists only where there is a limit; allocates only to grow.
final class Admission {
    /// Connections whose addresses are asked for at a time; the others wait for these.
    private static final int ASKED_MAX = 256;

    private static final int NAME_BYTES = 32; // struct sockaddr_in6, aligned

    private final UringTransport transport;
    private final AddressLimit limit;
    private final long names;
    private final long linger;
    private final int[] numbers = new int[ASKED_MAX];
    private final ArrayDeque<UringConnection> asked = new ArrayDeque<>();
    private final ArrayDeque<UringConnection> waiting = new ArrayDeque<>();
    private long[] clients = new long[0];
    private int first;
    private int nameBytes;
    private long refused;

    Admission(UringTransport transport, AddressLimit limit, Arena arena) {
        this.transport = transport;
        this.limit = limit;
        names = arena.allocate((long) ASKED_MAX * NAME_BYTES, Long.BYTES).address();
        linger = arena.allocate(Submissions.LINGER_BYTES, Integer.BYTES).address();
        Memory.putInt(linger, 1); // on, for 0 seconds
    }

    /// The listener's addresses, and so its connections', have so many bytes; the kernel refuses to
    /// fill more.
    void listens(int addressBytes) {
        nameBytes = addressBytes;
    }

    void add(UringConnection connection) {
        if (asked.size() < ASKED_MAX) {
            ask(connection);
        } else {
            waiting.add(connection);
        }
    }

    /// Decides on all whose questions were numbered before `consumed`, at the end of each turn: the
    /// next one must not sleep while there are others.
    void settle(int consumed) {
        while (!asked.isEmpty() && numbers[first] - consumed < 0) {
            long client = clientAt(names + (long) first * NAME_BYTES);
            first = (first + 1) % ASKED_MAX;
            decide(asked.remove(), client);
        }
        while (!waiting.isEmpty() && asked.size() < ASKED_MAX) ask(waiting.remove());
        if (!asked.isEmpty()) transport.settleSoon();
    }

    /// The connection has ended: its client may have another.
    void ended(UringConnection connection) {
        int slot = connection.slot();
        if (slot >= clients.length) return;
        limit.release(clients[slot]);
        clients[slot] = AddressKey.NONE;
    }

    long refusedCount() {
        return refused;
    }

    private void ask(UringConnection connection) {
        int place = (first + asked.size()) % ASKED_MAX;
        long name = names + (long) place * NAME_BYTES;
        Memory.fill(name, NAME_BYTES, (byte) 0);
        numbers[place] = transport.submissions().peerName(connection, name, nameBytes);
        asked.add(connection);
    }

    private void decide(UringConnection connection, long client) {
        if (connection.isClosing()) return; // by the end of the server
        if (client != AddressKey.NONE && limit.claim(client)) {
            claimed(connection.slot(), client);
            transport.open(connection);
            return;
        }
        if (client == AddressKey.NONE) transport.logNoAddress();
        refused++;
        transport.submissions().resetOnClose(connection, linger);
        connection.abort(CloseReason.LOCAL);
    }

    private void claimed(int slot, long client) {
        if (slot >= clients.length) {
            int length = clients.length;
            clients = Arrays.copyOf(clients, Math.max(slot + 1, 2 * length));
            Arrays.fill(clients, length, clients.length, AddressKey.NONE);
        }
        clients[slot] = client;
    }

    /// Whom the address at `name` belongs to; nobody if the kernel has not told it.
    private static long clientAt(long name) {
        return switch (Memory.getShort(name + SockAddr.FAMILY)) {
            case Linux.AF_INET ->
                    AddressKey.ofV4(Integer.reverseBytes(Memory.getInt(name + SockAddr.IN_ADDR)));
            case Linux.AF_INET6 -> {
                long prefix = Memory.getLong(name + SockAddr.IN6_ADDR);
                long host = Memory.getLong(name + SockAddr.IN6_ADDR + Long.BYTES);
                yield AddressKey.ofV6(Long.reverseBytes(prefix), Long.reverseBytes(host));
            }
            default -> AddressKey.NONE;
        };
    }
}
