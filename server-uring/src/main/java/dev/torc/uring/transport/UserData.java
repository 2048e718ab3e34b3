package dev.torc.uring.transport;

/// What comes back with a completion: `operation (8 bits) | generation (24) | slot (32)`.
///
/// A slot is a direct descriptor's index; its generation counts the connections that have had it,
/// so that a late completion is not taken for one of the slot's next connection.
final class UserData {
    static final int ACCEPT = 1;
    static final int RECV = 2;
    static final int SEND = 3;
    static final int SEND_INLINE = 4;
    static final int SHUTDOWN = 5;
    static final int WAKE = 6;

    /// Cancel, close and socket options: they complete visibly only when they fail, which then
    /// means nothing, or is seen otherwise.
    static final int QUIET = 7;

    static final int TIMER = 8;

    /// A direct descriptor has been given a regular one.
    static final int INSTALL = 9;

    /// [#RECV], into large buffers.
    static final int RECV_BULK = 10;

    /// The file system's own: an open or a read, numbered by the slot.
    static final int FILE = 11;

    // Of a connection's file transfer.
    static final int FILE_READ = 12;
    static final int FILE_POLL = 13;
    static final int FILE_FILL = 14;
    static final int FILE_DRAIN = 15;

    private static final int OPERATION_SHIFT = 56;
    private static final int GENERATION_SHIFT = 32;
    private static final int GENERATION_MASK = (1 << 24) - 1;

    private UserData() {}

    static long encode(int operation, int generation, int slot) {
        return (long) operation << OPERATION_SHIFT
                | (long) (generation & GENERATION_MASK) << GENERATION_SHIFT
                | Integer.toUnsignedLong(slot);
    }

    static int operation(long userData) {
        return (int) (userData >>> OPERATION_SHIFT);
    }

    static int generation(long userData) {
        return (int) (userData >>> GENERATION_SHIFT) & GENERATION_MASK;
    }

    static int slot(long userData) {
        return (int) userData;
    }

    static int nextGeneration(int generation) {
        return (generation + 1) & GENERATION_MASK;
    }
}
