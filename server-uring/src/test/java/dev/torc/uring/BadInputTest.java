package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.Set;

/// What is wrong, or not allowed, has its error, and the ring goes on.
class BadInputTest {
    private static final long MIB = 1 << 20;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    // ---- queues

    @Test
    void entriesBeyondTheQueueAreSubmittedByThemselves() {
        try (Rig rig = new Rig(Ring.open(4, 64))) {
            for (int i = 0; i < 30; i++) rig.next().prepareNop(i);
            assertEquals(2, rig.ring.pendingCount());
            for (int i = 0; i < 30; i++) assertEquals(i, rig.take().userData());
            assertThrows(IllegalArgumentException.class, () -> rig.ring.reserve(5));
            rig.assertQuiet();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EBUSY, Errno.EAGAIN, Errno.ENOMEM})
    void aFullQueueThatTheKernelDoesNotTakeIsAnErrorAndLosesNothing(int errno) {
        CountedEnters kernel = new CountedEnters();
        try (Rig rig = new Rig(Ring.open(kernel.kernel(), 4, 8))) {
            for (int i = 0; i < 4; i++) rig.next().prepareNop(i);
            kernel.refusal = -errno;
            for (int i = 0; i < 3; i++) {
                RingException refusal = assertThrows(RingException.class, rig.ring::next);
                assertEquals("io_uring_enter: " + Errno.describe(errno), refusal.getMessage());
                assertThrows(RingException.class, () -> rig.ring.reserve(1));
            }
            assertEquals(-errno, rig.ring.submit());
            assertEquals(4, rig.ring.pendingCount());
            kernel.refusal = 0;
            rig.next().prepareNop(4);
            for (int i = 0; i < 5; i++) assertEquals(new Completion(i, 0, 0), rig.take());
        }
    }

    @Test
    void completionsBeyondTheQueueAreNotLost() {
        try (Rig rig = new Rig(Ring.open(8, 8))) {
            IoMemory memory = rig.memory(8);
            for (int i = 0; i < 100; i++) {
                rig.next().prepareRead(1_000_000, memory, 0, 8, -1, i);
            }
            rig.ring.submit();
            assertTrue(rig.ring.completionsOverflowed());
            assertEquals(100, rig.ring.lendingCount());
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                Completion completion = rig.take();
                assertEquals(-Errno.EBADF, completion.result());
                assertTrue(seen.add(completion.userData()));
            }
            assertEquals(0, rig.ring.droppedCount());
            assertFalse(rig.ring.completionsOverflowed());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    // ---- operations

    @Test
    void aDescriptorThatIsClosedIsBad() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            Libc.close(pipe[0]);
            rig.forget(pipe[0]);
            IoMemory memory = rig.memory(8);
            assertEquals(
                    -Errno.EBADF, rig.run(rig.next().prepareRead(pipe[0], memory, 0, 8, -1, 1)));
            assertEquals(-Errno.EBADF, rig.run(rig.next().prepareRead(-1, memory, 0, 8, -1, 1)));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void aBufferGroupThatIsNotThereHasNoBuffers() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            assertEquals(1, Libc.write(pair[1], "a".getBytes(UTF_8)));
            Sqe sqe = rig.next().prepareNop(1).mark(IoUring.IOSQE_BUFFER_SELECT);
            Memory.putByte(sqe.address() + SqeLayout.OPCODE, (byte) IoUring.IORING_OP_RECV);
            Memory.putInt(sqe.address() + SqeLayout.FD, pair[0]);
            Memory.putShort(sqe.address() + SqeLayout.BUF_GROUP, (short) 999);
            assertEquals(-Errno.ENOBUFS, rig.run(sqe));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void anOpcodeThatTheKernelDoesNotKnowIsInvalid() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().prepareNop(1);
            Memory.putByte(sqe.address() + SqeLayout.OPCODE, (byte) 255);
            assertEquals(-Errno.EINVAL, rig.run(sqe));
            Sqe flagged = rig.next().prepareNop(1).mark(1 << 7);
            assertEquals(-Errno.EINVAL, rig.run(flagged));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    // ---- limits

    @Test
    void aRingNeedsADescriptor() throws Throwable {
        assertThrows(RingException.class, () -> Ring.open(64, 8)); // its classes are loaded
        try (Rig rig = new Rig()) {
            RingException[] refusals = new RingException[2];
            Confined.withLimit(
                    Linux.RLIMIT_NOFILE,
                    0,
                    () -> {
                        refusals[0] = refusal(() -> Ring.open(8, 16).close());
                        refusals[1] = refusal(() -> Ring.open(RingSetup.of(8)).close());
                    });
            for (RingException refusal : refusals) {
                assertEquals("io_uring_setup: EMFILE (too many open files)", refusal.getMessage());
            }
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
        Ring.open(8, 16).close();
    }

    /// Without assertThrows, which might need a descriptor for a class.
    private static RingException refusal(Runnable call) {
        try {
            call.run();
            throw new AssertionError("not refused");
        } catch (RingException refusal) {
            return refusal;
        }
    }

    @Test
    void lockedMemoryIsLimitedAndTheErrorSaysHowToRaiseIt() throws Throwable {
        assumeTrue(Confined.mayHave(Linux.RLIMIT_MEMLOCK, MIB), "the hard limit is lower");
        Confined.withLimit(
                Linux.RLIMIT_MEMLOCK,
                MIB,
                () -> OwnThread.run(BadInputTest::locksMoreMemoryThanIsAllowed));
    }

    private static void locksMoreMemoryThanIsAllowed() {
        Confined.dropIpcLock();
        RingSetup setup = RingSetup.ofOneThread(8).withFlags(IoUring.IORING_SETUP_R_DISABLED);
        try (Rig rig = new Rig(Ring.open(setup))) {
            IoMemory big = rig.memory(4 * MIB);
            IoMemory small = rig.memory(64);
            assertLimited(
                    "IORING_REGISTER_BUFFERS2",
                    assertThrows(
                            RingException.class, () -> RegisteredBuffers.of(rig.ring, small, big)));
            assertLimited(
                    "IORING_REGISTER_MEM_REGION",
                    assertThrows(RingException.class, () -> new WaitRegion(rig.ring, 65_536)));
            rig.ring.enable();
            try (RegisteredBuffers buffers = RegisteredBuffers.of(rig.ring, small)) {
                assertLimited(
                        "IORING_REGISTER_BUFFERS_UPDATE",
                        assertThrows(RingException.class, () -> buffers.update(0, big)));
                assertTrue(small.isLent());
            }
            assertFalse(big.isLent());
            assertFalse(small.isLent());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
        RingSetup huge = RingSetup.of(32_768);
        assertLimited("io_uring_setup", assertThrows(RingException.class, () -> Ring.open(huge)));
    }

    private static void assertLimited(String operation, RingException refusal) {
        assertEquals(Errno.ENOMEM, refusal.errno());
        assertEquals(
                operation
                        + ": ENOMEM (out of memory): all of this user's rings may lock 1024 KiB of"
                        + " memory (RLIMIT_MEMLOCK); raise that with `ulimit -l`, `LimitMEMLOCK=`"
                        + " of systemd or `--ulimit memlock=` of Docker, or give the process"
                        + " CAP_IPC_LOCK",
                refusal.getMessage());
    }

    // ---- seccomp

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
    void aFilterThatRefusesSetupIsNamed(int errno) throws InterruptedException {
        OwnThread.run(
                () -> {
                    Confined.refuse(Syscalls.NR_IO_URING_SETUP, errno);
                    for (int i = 0; i < 3; i++) {
                        RingException refusal =
                                assertThrows(RingException.class, () -> Ring.open(8, 16));
                        assertEquals(
                                "io_uring_setup: " + Errno.describe(errno), refusal.getMessage());
                        assertThrows(
                                RingException.class, () -> Ring.open(RingSetup.ofOneThread(8)));
                    }
                });
        Ring.open(8, 16).close();
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
    void aFilterThatRefusesEnterLeavesWhatIsPrepared(int errno) throws InterruptedException {
        try (Rig rig = new Rig(Ring.open(RingSetup.of(2)))) {
            OwnThread.run(
                    () -> {
                        Confined.refuse(Syscalls.NR_IO_URING_ENTER, errno);
                        rig.next().prepareNop(1);
                        assertEquals(-errno, rig.ring.submit());
                        assertEquals(-errno, rig.ring.submitAndWait(Rig.WAIT_NANOS));
                        rig.next().prepareNop(2);
                        RingException refusal = assertThrows(RingException.class, rig.ring::next);
                        assertEquals(errno, refusal.errno());
                        RingException taking =
                                assertThrows(RingException.class, () -> rig.ring.take(1));
                        assertEquals(
                                "io_uring_enter: " + Errno.describe(errno), taking.getMessage());
                    });
            // Another thread may use a ring without SINGLE_ISSUER.
            assertEquals(new Completion(1, 0, 0), rig.take());
            assertEquals(new Completion(2, 0, 0), rig.take());
        }
    }

    /// The ring is closed where nothing can be cancelled.
    @Test
    void aRingWhoseThreadMayNotEnterIsClosedInTime() throws InterruptedException {
        try (Rig files = new Rig()) {
            IoMemory memory = IoMemory.allocate(8);
            OwnThread.run(
                    () -> {
                        Ring ring = Ring.open(8, 16);
                        ring.next().prepareRead(files.pipe()[0], memory, 0, 8, -1, 1);
                        assertEquals(1, ring.submit());
                        Confined.refuse(Syscalls.NR_IO_URING_ENTER, Errno.EPERM);
                        ring.close();
                        assertTrue(memory.isLent(), "the kernel may still write to it");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
    void aFilterThatRefusesRegisterLeavesTheRest(int errno) throws InterruptedException {
        OwnThread.run(
                () -> {
                    Confined.refuse(Syscalls.NR_IO_URING_REGISTER, errno);
                    try (Rig rig = new Rig()) {
                        assertEquals(0, rig.run(rig.next().prepareNop(1)));
                        RingException refusal =
                                assertThrows(
                                        RingException.class,
                                        () -> rig.ring.registrations().limitWorkers(1, 1));
                        assertEquals(
                                "IORING_REGISTER_IOWQ_MAX_WORKERS: " + Errno.describe(errno),
                                refusal.getMessage());
                        IoMemory memory = rig.memory(8);
                        assertThrows(
                                RingException.class, () -> RegisteredBuffers.of(rig.ring, memory));
                        assertThrows(RingException.class, () -> new DirectDescriptors(rig.ring, 1));
                        assertEquals(-errno, rig.ring.registrations().cancelAll(1));
                        assertThrows(RingException.class, KernelQuery::ofThisKernel);
                        assertThrows(
                                RingException.class, () -> RingMessage.send(rig.ring.fd(), 0, 1));
                        assertEquals(0, rig.run(rig.next().prepareNop(1)));
                    }
                });
    }
}
