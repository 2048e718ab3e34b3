package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.function.Executable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Lowers what a thread or this process may do, to see the ring refused. What a thread has given up
/// ends with it: see OwnThread.
final class Confined {
    private static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");
    private static final int NR_CAPGET = AARCH64 ? 90 : 125;
    private static final int NR_CAPSET = AARCH64 ? 91 : 126;
    private static final int NR_PRCTL = AARCH64 ? 167 : 157;
    private static final int NR_PRLIMIT64 = AARCH64 ? 261 : 302;
    private static final int NR_SECCOMP = AARCH64 ? 277 : 317;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SECCOMP_RET_ALLOW = 0x7fff0000;
    private static final int SECCOMP_RET_ERRNO = 0x00050000;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int CAP_IPC_LOCK = 14;
    private static final short LOAD_WORD = 0x20;
    private static final short JUMP_IF_EQUAL = 0x15;
    private static final short RETURN = 0x06;

    private Confined() {}

    /// Answers the system call `number` with `errno` on the calling thread, for ever.
    static void refuse(int number, int errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(4 * 8, 8);
            put(filter, 0, LOAD_WORD, 0, 0, 0); // the number is what comes first
            put(filter, 1, JUMP_IF_EQUAL, 0, 1, number);
            put(filter, 2, RETURN, 0, 0, SECCOMP_RET_ERRNO | errno);
            put(filter, 3, RETURN, 0, 0, SECCOMP_RET_ALLOW);
            MemorySegment program = arena.allocate(16, 8);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) 4);
            program.set(ValueLayout.JAVA_LONG, 8, filter.address());
            assertEquals(0, Libc.call(NR_PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
            long result = Libc.call(NR_SECCOMP, SECCOMP_SET_MODE_FILTER, 0, program.address());
            assumeTrue(result == 0, () -> "no seccomp filter: " + result);
        }
    }

    private static void put(
            MemorySegment filter, int index, short code, int ifTrue, int ifFalse, int value) {
        long at = index * 8L;
        filter.set(ValueLayout.JAVA_SHORT, at, code);
        filter.set(ValueLayout.JAVA_BYTE, at + 2, (byte) ifTrue);
        filter.set(ValueLayout.JAVA_BYTE, at + 3, (byte) ifFalse);
        filter.set(ValueLayout.JAVA_INT, at + 4, value);
    }

    /// Lets the calling thread lock no more memory than `RLIMIT_MEMLOCK` says, for ever.
    static void dropIpcLock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(8, 8);
            header.set(ValueLayout.JAVA_INT, 0, CAPABILITY_VERSION_3);
            MemorySegment sets = arena.allocate(24, 8); // effective comes first
            assertEquals(0, Libc.call(NR_CAPGET, header.address(), sets.address()));
            int effective = sets.get(ValueLayout.JAVA_INT, 0);
            sets.set(ValueLayout.JAVA_INT, 0, effective & ~(1 << CAP_IPC_LOCK));
            assertEquals(0, Libc.call(NR_CAPSET, header.address(), sets.address()));
        }
    }

    /// Runs `test` while the process's soft limit of `resource` is `soft` (an `RLIMIT_` number).
    static void withLimit(int resource, long soft, Executable test) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment before = arena.allocate(16, 8);
            MemorySegment lower = arena.allocate(16, 8);
            assertEquals(0, limit(resource, 0, before.address()));
            lower.set(ValueLayout.JAVA_LONG, 0, soft);
            lower.set(ValueLayout.JAVA_LONG, 8, before.get(ValueLayout.JAVA_LONG, 8));
            assertEquals(0, limit(resource, lower.address(), 0));
            try {
                test.execute();
            } finally {
                assertEquals(0, limit(resource, before.address(), 0));
            }
        }
    }

    /// Whether `soft` is no more than the process's hard limit of `resource`.
    static boolean mayHave(int resource, long soft) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment now = arena.allocate(16, 8);
            assertEquals(0, limit(resource, 0, now.address()));
            long hard = now.get(ValueLayout.JAVA_LONG, 8);
            return Long.compareUnsigned(soft, hard) <= 0;
        }
    }

    private static long limit(int resource, long set, long old) {
        return Libc.call(NR_PRLIMIT64, 0, resource, set, old);
    }
}
