package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

class FutexSqeTest {
    private static final int ANY = Linux.FUTEX_BITSET_MATCH_ANY;
    private static final int PRIVATE = Linux.FUTEX2_PRIVATE;
    private static final int NR_FUTEX = System.getProperty("os.arch").equals("aarch64") ? 98 : 202;
    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_PRIVATE_FLAG = 128;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    /// What another thread wakes with the system call.
    private static long wake(IoMemory memory, long offset, int flag) throws Exception {
        long address = memory.address(offset, 4);
        FutureTask<Long> task =
                new FutureTask<>(() -> Libc.call(NR_FUTEX, address, FUTEX_WAKE | flag, 9));
        Thread.ofPlatform().daemon().start(task);
        return task.get(10, TimeUnit.SECONDS);
    }

    @Test
    @Does("FUTEX_WAIT")
    void isWokenByAnotherThread() throws Exception {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(16);
            memory.segment().set(ValueLayout.JAVA_INT, 8, 5);
            rig.next().prepareFutexWait(memory, 8, 5, ANY, PRIVATE, 1);
            rig.assertQuiet();
            assertTrue(memory.isLent());
            assertEquals(0, wake(memory, 0, FUTEX_PRIVATE_FLAG));
            assertEquals(1, wake(memory, 8, FUTEX_PRIVATE_FLAG));
            assertEquals(new Completion(1, 0, 0), rig.take());
            assertFalse(memory.isLent());
        }
    }

    @Test
    @Does("FUTEX_WAIT")
    void isWokenAsAFutexOfSeveralProcesses() throws Exception {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(4);
            rig.next().prepareFutexWait(memory, 0, 0, ANY, 0, 1);
            rig.ring.submit();
            assertEquals(0, wake(memory, 0, FUTEX_PRIVATE_FLAG));
            assertEquals(1, wake(memory, 0, 0));
            assertEquals(new Completion(1, 0, 0), rig.take());
        }
    }

    @Test
    @Does("FUTEX_WAIT")
    void endsWithALinkedTimeout() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(4);
            rig.next()
                    .prepareFutexWait(memory, 0, 0, ANY, PRIVATE, 1)
                    .addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareLinkTimeout(1_000_000, 0, 2);
            assertEquals(
                    // Not -ETIME: the number of those cancelled, as for all futexes.
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 1, 0)),
                    Taken.from(rig, 2));
            assertFalse(memory.isLent());
        }
    }

    @Test
    @Refuses("FUTEX_WAIT")
    void doesNotWaitForAnotherValue() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(4);
            int result = rig.run(rig.next().prepareFutexWait(memory, 0, 1, ANY, PRIVATE, 1));
            assertEquals(-Errno.EAGAIN, result);
            result = rig.run(rig.next().prepareFutexWait(memory, 0, 0, 0, PRIVATE, 1));
            assertEquals(-Errno.EINVAL, result);
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    @Does("FUTEX_WAKE")
    void wakesAtMostSoMany() {
        try (Rig rig = new Rig();
                Rig other = new Rig()) {
            IoMemory memory = rig.memory(4);
            for (int i = 1; i <= 3; i++) {
                other.next().prepareFutexWait(memory, 0, 0, ANY, PRIVATE, i);
            }
            assertEquals(3, other.ring.submit());
            assertEquals(0, rig.run(rig.next().prepareFutexWake(memory, 0, 0, ANY, PRIVATE, 1)));
            assertEquals(2, rig.run(rig.next().prepareFutexWake(memory, 0, 2, ANY, PRIVATE, 1)));
            assertEquals(
                    Set.of(new Completion(1, 0, 0), new Completion(2, 0, 0)), Taken.from(other, 2));
            other.assertQuiet();
            assertEquals(1, rig.run(rig.next().prepareFutexWake(memory, 0, 9, ANY, PRIVATE, 1)));
            assertEquals(new Completion(3, 0, 0), other.take());
        }
    }

    @Test
    @Does({"FUTEX_WAKE", "FUTEX_WAIT"})
    void wakesThoseWithOneOfTheBits() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(4);
            rig.next().prepareFutexWait(memory, 0, 0, 1, PRIVATE, 1);
            rig.next().prepareFutexWait(memory, 0, 0, 6, PRIVATE, 2);
            rig.ring.submit();
            rig.next().prepareFutexWake(memory, 0, 9, 4, PRIVATE, 3);
            assertEquals(
                    Set.of(new Completion(2, 0, 0), new Completion(3, 1, 0)), Taken.from(rig, 2));
            rig.next().prepareCancel(1, 0, 4);
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(4, 1, 0)),
                    Taken.from(rig, 2));
        }
    }

    @Test
    @Refuses("FUTEX_WAKE")
    void wakesNobodyWithoutABit() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(4);
            int result = rig.run(rig.next().prepareFutexWake(memory, 0, 1, 0, PRIVATE, 1));
            assertEquals(-Errno.EINVAL, result);
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    @Does("FUTEX_WAITV")
    void isWokenByOneOfSeveral() throws Exception {
        try (Rig rig = new Rig();
                FutexVector futexes = new FutexVector()) {
            IoMemory first = rig.memory(8);
            IoMemory second = rig.memory(4);
            second.segment().set(ValueLayout.JAVA_INT, 0, -2);
            futexes.add(first, 0, 0, PRIVATE).add(first, 4, 0, PRIVATE).add(second, 0, -2, PRIVATE);
            rig.next().prepareFutexWaitv(futexes, 1);
            rig.assertQuiet();
            assertTrue(first.isLent() && second.isLent() && futexes.isLent());
            assertEquals(1, wake(second, 0, FUTEX_PRIVATE_FLAG));
            assertEquals(new Completion(1, 2, 0), rig.take());
            assertFalse(first.isLent() || second.isLent() || futexes.isLent());
            // And again, as it is.
            rig.next().prepareFutexWaitv(futexes, 2);
            rig.ring.submit();
            assertEquals(1, wake(first, 4, FUTEX_PRIVATE_FLAG));
            assertEquals(new Completion(2, 1, 0), rig.take());
        }
    }

    @Test
    @Refuses("FUTEX_WAITV")
    void doesNotWaitWhenOneHasAnotherValue() {
        try (Rig rig = new Rig();
                FutexVector futexes = new FutexVector()) {
            IoMemory memory = rig.memory(8);
            futexes.add(memory, 0, 0, PRIVATE).add(memory, 4, 1, PRIVATE);
            int result = rig.run(rig.next().prepareFutexWaitv(futexes, 1));
            assertEquals(-Errno.EAGAIN, result);
            assertFalse(memory.isLent());
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    void checksWhatTheFutexIs() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            Sqe sqe = rig.next();
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> sqe.prepareFutexWait(memory, 8, 0, ANY, PRIVATE, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareFutexWait(memory, 2, 0, ANY, PRIVATE, 1));
            int numa = 4; // the kernel would write 4 bytes more
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareFutexWait(memory, 0, 0, ANY, numa, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareFutexWake(memory, 0, -1, ANY, PRIVATE, 1));
            assertFalse(memory.isLent());
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }

    @Test
    void takesValuesAndMasksAsUnsigned() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(4);
            Sqe sqe = rig.next().prepareFutexWait(memory, 0, -2, ANY, PRIVATE, 1);
            assertEquals(0xffff_fffeL, Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(0xffff_ffffL, Memory.getLong(sqe.address() + SqeLayout.ADDR3));
            assertEquals(
                    PRIVATE | Linux.FUTEX2_SIZE_U32, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(memory.address(0, 4), Memory.getLong(sqe.address() + SqeLayout.ADDR));
            assertEquals(0, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(-Errno.EAGAIN, rig.take().result());
        }
    }
}
