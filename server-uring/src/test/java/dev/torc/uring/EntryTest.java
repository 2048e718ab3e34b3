package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What all operations have in common.
class EntryTest {
    private static final long TOKEN = 0xff7cL << 48 | 3;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void anEntryIsPreparedOnce() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next();
            sqe.prepareNop(1);
            refuses(
                    "the entry has been prepared; take another with Ring.next()",
                    () -> sqe.prepareNop(2));
            assertEquals(1, rig.ring.pendingCount());
            assertSame(sqe, rig.next());
            sqe.prepareNop(3);
            assertEquals(2, rig.ring.pendingCount());
            assertEquals(1, rig.take().userData());
            assertEquals(3, rig.take().userData());
            rig.assertQuiet();
        }
    }

    @Test
    void anEntryThatWasSubmittedIsTheKernels() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().prepareNop(1);
            rig.ring.submit();
            refuses("the entry has been submitted, or its ring closed", () -> sqe.prepareNop(2));
            String late = "the entry must be prepared, and not submitted yet, to be changed";
            refuses(late, () -> sqe.addFlags(IoUring.IOSQE_ASYNC));
            refuses(late, () -> sqe.setPersonality(1));
            Sqe open = rig.next();
            refuses(late, () -> open.addFlags(IoUring.IOSQE_ASYNC));
            open.prepareNop(2);
            rig.ring.submitAndWait(0);
            refuses(late, () -> open.addFlags(IoUring.IOSQE_ASYNC));
            assertEquals(2, rig.ring.drain(new RecordedCompletions()));
        }
    }

    @Test
    void anEntryOfAClosedRingIsNothing() {
        Ring ring = Ring.open(8, 16);
        Sqe sqe = ring.next();
        ring.close();
        refuses("the entry has been submitted, or its ring closed", () -> sqe.prepareNop(1));
        assertThrows(IllegalStateException.class, () -> sqe.addFlags(1));
        assertThrows(IllegalStateException.class, ring::next);
    }

    @Test
    void anEntryThatIsNotPreparedIsNotSubmitted() {
        try (Rig rig = new Rig()) {
            rig.next();
            rig.next();
            assertEquals(0, rig.ring.pendingCount());
            assertEquals(0, rig.ring.submit());
            rig.assertQuiet();
        }
    }

    @Test
    void anEntryWhosePrepareThrewIsNotSubmittedAndStillOpen() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            IoMemory closed = IoMemory.allocate(8);
            closed.close();
            int fd = rig.pipe()[0];
            Sqe sqe = rig.next();
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> sqe.prepareRead(fd, memory, 1, 8, -1, 1));
            assertThrows(
                    IllegalStateException.class, () -> sqe.prepareRead(fd, closed, 0, 8, -1, 1));
            assertThrows(IllegalArgumentException.class, () -> sqe.prepareNop(TOKEN));
            assertThrows(IllegalArgumentException.class, () -> sqe.prepareTimeout(-1, 0, 0, 1));
            assertFalse(memory.isLent());
            assertEquals(0, rig.ring.lendingCount());
            assertEquals(0, rig.ring.pendingCount());
            sqe.prepareNop(7);
            assertEquals(new Completion(7, 0, 0), rig.take());
            rig.assertQuiet();
        }
    }

    @Test
    void whatTheKernelDoesNotHaveIsNotSubmitted() {
        try (Rig rig = new Rig(Ring.open(OldKernel.of(5, 19), 8, 16))) {
            IoMemory memory = rig.memory(8);
            UnsupportedException refusal =
                    assertThrows(
                            UnsupportedException.class,
                            () -> rig.next().prepareFixedFdInstall(0, 0, 1));
            assertEquals(
                    "IORING_OP_FIXED_FD_INSTALL: not supported by this kernel, it needs Linux 6.8",
                    refusal.getMessage());
            assertEquals(Errno.EOPNOTSUPP, refusal.errno());
            assertFalse(memory.isLent());
            assertEquals(0, rig.ring.pendingCount());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void userDataOfTheRingsOwnIsReserved() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            for (long userData : new long[] {TOKEN, 0xff7cL << 48, (0xff7dL << 48) - 1}) {
                assertThrows(IllegalArgumentException.class, () -> rig.next().prepareNop(userData));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> rig.next().prepareRead(0, memory, 0, 8, -1, userData));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> rig.next().prepareCancel(userData, 0, 1));
            }
            for (long userData : new long[] {0, -1, Long.MIN_VALUE, 0xff7bL << 48, 0xff7dL << 48}) {
                rig.next().prepareNop(userData);
                assertEquals(new Completion(userData, 0, 0), rig.take());
            }
        }
    }

    @Test
    void anOperationThatHoldsMemoryIsNotSilent() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            int silent = IoUring.IOSQE_CQE_SKIP_SUCCESS;
            Sqe sqe = rig.next().prepareRead(pipe[0], rig.memory(8), 0, 8, -1, 1);
            assertThrows(IllegalArgumentException.class, () -> sqe.addFlags(silent));
            assertEquals(3, Libc.write(pipe[1], "abc".getBytes(UTF_8)));
            assertEquals(new Completion(1, 3, 0), rig.take());
            rig.next().prepareNop(2).addFlags(silent);
            assertEquals(1, rig.ring.submit());
            rig.assertQuiet();
        }
    }

    @Test
    void anOperationThatHoldsMemoryIsNotLinkedBehindASilentOne() {
        int silent = IoUring.IOSQE_CQE_SKIP_SUCCESS;
        int[] links = {IoUring.IOSQE_IO_LINK, IoUring.IOSQE_IO_HARDLINK};
        for (int link : links) {
            try (Rig rig = new Rig()) {
                IoMemory memory = rig.memory(8);
                int[] pipe = rig.pipe();
                assertEquals(3, Libc.write(pipe[1], "abc".getBytes(UTF_8)));
                rig.next().prepareNop(1).addFlags(silent | link);
                rig.next().prepareNop(2).addFlags(link);
                Sqe sqe = rig.next();
                assertThrows(
                        IllegalArgumentException.class,
                        () -> sqe.prepareRead(pipe[0], memory, 0, 8, -1, 3));
                assertFalse(memory.isLent());
                sqe.prepareNop(4); // ends the chain
                rig.next().prepareRead(pipe[0], memory, 0, 8, -1, 5);
                RecordedCompletions all = new RecordedCompletions();
                rig.ring.submitAndWait(3, Rig.WAIT_NANOS);
                assertEquals(3, rig.ring.drain(all));
                assertTrue(all.all.contains(new Completion(2, 0, 0)));
                assertTrue(all.all.contains(new Completion(4, 0, 0)));
                assertTrue(all.all.contains(new Completion(5, 3, 0)));
                rig.assertQuiet();
            }
        }
    }

    /// What has been submitted ends there, with or without a link.
    @Test
    void aChainEndsWhereItIsSubmitted() {
        int flags = IoUring.IOSQE_CQE_SKIP_SUCCESS | IoUring.IOSQE_IO_LINK;
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            assertEquals(3, Libc.write(pipe[1], "abc".getBytes(UTF_8)));
            rig.next().prepareNop(1).addFlags(flags);
            assertEquals(1, rig.ring.submit());
            rig.next().prepareRead(pipe[0], rig.memory(8), 0, 8, -1, 2);
            assertEquals(new Completion(2, 3, 0), rig.take());
        }
    }

    @Test
    void aChainBehindOneThatIsHeardMayHoldMemory() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            rig.next().prepareRead(1_000_000, memory, 0, 8, -1, 1).addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareRead(rig.pipe()[0], memory, 0, 8, -1, 2);
            assertEquals(new Completion(1, -Errno.EBADF, 0), rig.take());
            assertEquals(new Completion(2, -Errno.ECANCELED, 0), rig.take());
            assertFalse(memory.isLent());
        }
    }

    @Test
    void flagsAndPersonalityGoIntoTheEntry() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().prepareNop(1).addFlags(IoUring.IOSQE_ASYNC);
            sqe.addFlags(IoUring.IOSQE_IO_DRAIN).setPersonality(0xabcd);
            int flags = IoUring.IOSQE_ASYNC | IoUring.IOSQE_IO_DRAIN;
            assertEquals(flags, Memory.getByte(sqe.address() + SqeLayout.FLAGS));
            long personality = sqe.address() + SqeLayout.PERSONALITY;
            assertEquals((short) 0xabcd, Memory.getShort(personality));
            assertThrows(IllegalArgumentException.class, () -> sqe.setPersonality(0x1_0000));
            for (int unknown : new int[] {IoUring.IOSQE_BUFFER_SELECT, 1 << 7, 1 << 8}) {
                assertThrows(IllegalArgumentException.class, () -> sqe.addFlags(unknown));
            }
            assertEquals(flags, Memory.getByte(sqe.address() + SqeLayout.FLAGS));
            sqe.setPersonality(0);
            assertEquals(0, rig.take().result());
        }
    }

    @Test
    void theTargetOfACancelIsFoundByItsUserData() {
        try (Rig rig = new Rig()) {
            int fd = rig.pipe()[0];
            rig.next().prepareRead(fd, rig.memory(8), 0, 8, -1, 1);
            rig.next().prepareRead(fd, rig.memory(8), 0, 8, -1, 2);
            assertEquals(2, rig.ring.submit());
            rig.next().prepareCancel(2, 0, 3);
            RecordedCompletions both = new RecordedCompletions();
            assertEquals(1, rig.ring.submitAndWait(2, Rig.WAIT_NANOS));
            assertEquals(2, rig.ring.drain(both));
            assertTrue(both.all.contains(new Completion(3, 0, 0)));
            assertTrue(both.all.contains(new Completion(2, -Errno.ECANCELED, 0)));
            assertEquals(1, rig.ring.lendingCount());
        }
    }

    @Test
    void eachRingHasItsEntry() {
        try (Rig one = new Rig();
                Rig other = new Rig()) {
            assertNotSame(one.next(), other.next());
        }
    }

    private static void refuses(String message, Executable executable) {
        assertEquals(message, assertThrows(IllegalStateException.class, executable).getMessage());
    }
}
