package dev.torc.uring;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Counts the operations that hold something, and whether its owner is done with it. Any thread:
/// rings of several threads may hold the same memory.
final class Loans {
    private static final int CLOSED = 1 << 31;
    private static final Logger LOG = System.getLogger(IoMemory.class.getName());
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Loans.class, "state", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @SuppressWarnings("unused") // by its handle
    private volatile int state;

    /// @throws IllegalStateException when closed
    void add(String what) {
        int before = state;
        // Never added and taken back: another thread's loan might end in between, as not the last.
        while (before >= 0 && !STATE.compareAndSet(this, before, before + 1)) before = state;
        if (before < 0) throw new IllegalStateException(what + " has been closed");
    }

    /// Ends one; says whether it was the last, and the owner has closed it meanwhile.
    boolean remove() {
        int before = (int) STATE.getAndAdd(this, -1);
        assert (before & ~CLOSED) != 0 : "given back more often than lent";
        return before == (CLOSED | 1);
    }

    /// Closes; says whether nobody holds it, the first time.
    boolean close() {
        int before = (int) STATE.getAndBitwiseOr(this, CLOSED);
        return before == 0;
    }

    /// Frees what was given back. The program may just be using its bytes on another thread, by a
    /// buffer that a channel reads into: then they are kept, for nobody is there who could be told.
    static void free(Arena arena) {
        try {
            arena.close();
        } catch (IllegalStateException used) {
            report(used);
        }
    }

    static void report(IllegalStateException used) {
        LOG.log(Level.ERROR, "memory that has been closed is in use; it is kept", used);
    }

    boolean isClosed() {
        return (state & CLOSED) != 0;
    }

    int count() {
        return state & ~CLOSED;
    }
}
