package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_SETUP_ATTACH_WQ;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_COOP_TASKRUN;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQSIZE;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_HYBRID_IOPOLL;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_IOPOLL;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_NO_MMAP;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_REGISTERED_FD_ONLY;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_R_DISABLED;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SQPOLL;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_TASKRUN_FLAG;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What each set-up flag does. Those of the submission thread are in SqPollTest, those about sizes
/// in RingSizesTest.
class RingSetupTest {
    private static final int IOPOLL = IORING_SETUP_IOPOLL;

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static Rig rig(int flags) {
        return new Rig(Ring.open(RingSetup.of(8).withFlags(flags)));
    }

    // ---- which go together

    /// For each three of all flags: the ring opens and works, or is refused before the kernel is
    /// asked, which would have refused it as well.
    @Test
    void everyThreeFlagsAreOpenedOrRefusedAsTheKernelDoes() {
        int known = IoUring.setupNames().size();
        int refused = 0;
        try (Ring plain = Ring.open(RingSetup.of(4));
                Ring polled = Ring.open(RingSetup.of(4).withThread(10))) {
            for (int i = 0; i < known * known * known; i++) {
                int a = i % known;
                int b = i / known % known;
                int c = i / known / known;
                int flags = 1 << a | 1 << b | 1 << c;
                boolean thread = (flags & IORING_SETUP_SQPOLL) != 0;
                boolean first = a <= b && b <= c;
                if (first && !opens(flags, thread ? polled : plain)) refused++;
            }
        }
        assertTrue(refused > 100, "refused=" + refused);
    }

    private static boolean opens(int flags, Ring other) {
        boolean sharing = (flags & IORING_SETUP_ATTACH_WQ) != 0;
        int completions = (flags & IORING_SETUP_CQSIZE) != 0 ? 32 : 0;
        RingSetup setup;
        try {
            setup = new RingSetup(8, completions, flags, 0, 5, sharing ? other : null, false);
        } catch (IllegalArgumentException refusal) {
            assertEquals(-Errno.EINVAL, kernelSays(flags, other), refusal.getMessage());
            return false;
        }
        try (Ring ring = Ring.open(setup)) {
            if ((flags & IORING_SETUP_R_DISABLED) != 0) ring.enable();
            assertEquals(0, flags & ~ring.setupFlags());
            ring.next().prepareNop(7);
            assertEquals(new Completion(7, 0, 0), ring.take(Rig.WAIT_NANOS), setup::toString);
        }
        return true;
    }

    private static int kernelSays(int flags, Ring other) {
        try (Arena arena = Arena.ofConfined()) {
            long params = arena.allocate(Params.BYTES, 8).address();
            Syscalls calls = new Syscalls(arena);
            RingSetup size = RingSetup.of(8).withCompletionEntries(32);
            RingMemory memory = RingMemory.provide(calls, params, size);
            Params.put(params, Params.FLAGS, flags);
            Params.put(params, Params.CQ_ENTRIES, 32);
            Params.put(params, Params.WQ_FD, other.fd());
            int result = calls.setup(8, params);
            memory.unmap();
            assertTrue(result < 0, () -> "opened fd=" + result);
            return result;
        }
    }

    @Test
    void refusesValuesThatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> RingSetup.of(0));
        assertThrows(IllegalArgumentException.class, () -> RingSetup.of(-4));
        assertThrows(
                IllegalArgumentException.class, () -> RingSetup.of(4).withCompletionEntries(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> RingSetup.of(4).withFlags(IORING_SETUP_CQSIZE));
        assertThrows(
                IllegalArgumentException.class,
                () -> RingSetup.of(4).withFlags(IORING_SETUP_ATTACH_WQ));
        assertThrows(IllegalArgumentException.class, () -> RingSetup.of(4).withThread(-1));
        assertThrows(IllegalArgumentException.class, () -> RingSetup.of(4).withThread(1, -1));
        IllegalArgumentException unknown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> RingSetup.of(4).withFlags(1 << 19 | 1 << 31));
        assertEquals("flags are from after Linux 6.18: 0x80080000", unknown.getMessage());
        IllegalArgumentException refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> RingSetup.of(4).withFlags(IORING_SETUP_TASKRUN_FLAG));
        assertEquals("TASKRUN_FLAG needs COOP_TASKRUN or DEFER_TASKRUN", refusal.getMessage());
    }

    // ---- where it is and who uses it

    @Test
    void aRingWithoutDescriptorIsKnownByItsIndex() {
        int flags = IORING_SETUP_NO_MMAP | IORING_SETUP_REGISTERED_FD_ONLY;
        long descriptors = Kernel.descriptors();
        for (int i = 0; i < 40; i++) { // a thread has room for 16
            try (Rig rig = rig(flags)) {
                assertEquals(-1, rig.ring.fd());
                assertEquals(descriptors, Kernel.descriptors());
                assertEquals(0, rig.run(rig.next().prepareNop(1)));
                rig.ring.registrations().limitWorkers(1, 1);
            }
        }
        try (Rig rig = rig(flags);
                Rig other = rig(flags)) {
            RegisteredBuffers source = RegisteredBuffers.of(rig.ring, rig.memory(8));
            assertEquals(1, RegisteredBuffers.cloneOf(other.ring, source).count());
        }
    }

    @Test
    void aRegisteredDescriptorIsGivenBack() {
        for (int i = 0; i < 40; i++) {
            RingSetup setup = RingSetup.ofOneThread(8);
            try (Rig rig = new Rig(Ring.open(setup))) {
                assertEquals(
                        IoUring.IORING_ENTER_REGISTERED_RING, rig.ring.descriptor().enterFlags());
                assertEquals(0, rig.run(rig.next().prepareNop(1)));
            }
        }
    }

    @Test
    void aDisabledRingTakesNothingUntilItIsEnabled() {
        try (Rig rig = rig(IORING_SETUP_R_DISABLED)) {
            rig.next().prepareNop(1);
            assertEquals(-Errno.EBADFD, rig.ring.submit());
            assertEquals(1, rig.ring.pendingCount());
            rig.ring.enable();
            assertEquals(new Completion(1, 0, 0), rig.take());
        }
    }

    @Test
    void theThreadThatEnablesARingOwnsIt() throws Exception {
        int flags = IORING_SETUP_R_DISABLED;
        Ring ring = Ring.open(RingSetup.ofOneThread(8).withFlags(flags));
        OwnThread.run(
                () -> {
                    ring.enable();
                    ring.next().prepareNop(1);
                    assertEquals(new Completion(1, 0, 0), ring.take(Rig.WAIT_NANOS));
                });
        ring.next().prepareNop(2);
        // That index is no ring on this thread, and the descriptor another's.
        assertTrue(ring.submit() < 0);
        ring.close();
        try (Ring plain = Ring.open(RingSetup.of(8).withFlags(IORING_SETUP_SINGLE_ISSUER))) {
            OwnThread.run(
                    () -> {
                        plain.next().prepareNop(1);
                        assertEquals(-Errno.EEXIST, plain.submit());
                    });
            assertEquals(new Completion(1, 0, 0), plain.take(Rig.WAIT_NANOS));
        }
    }

    @Test
    void ringsShareTheirKernelThreads() {
        try (Rig first = rig(0);
                Rig second = new Rig(Ring.open(RingSetup.of(8).withWorkersOf(first.ring)))) {
            // Both use a worker.
            for (Rig rig : List.of(first, second, first)) {
                int[] pair = rig.socketPair();
                assertEquals(0, rig.run(rig.next().prepareShutdown(pair[0], Linux.SHUT_WR, 1)));
            }
            assertEquals(
                    new Workers(3, 3),
                    limitThenAsk(first.ring, second.ring),
                    "one's bounds are the other's");
        }
    }

    private static Workers limitThenAsk(Ring first, Ring second) {
        first.registrations().limitWorkers(3, 3);
        return second.registrations().limitWorkers(0, 0);
    }

    // ---- when work is done

    @ParameterizedTest
    @ValueSource(
            ints = {
                IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_COOP_TASKRUN,
                IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SINGLE_ISSUER
            })
    void aFlagTellsOfWorkForTheNextEnter(int flags) {
        try (Rig rig = rig(flags)) {
            int[] pipe = rig.pipe();
            rig.next().prepareRead(pipe[0], rig.memory(8), 0, 8, -1, 1);
            assertEquals(1, rig.ring.submit());
            assertFalse(rig.ring.needsEnter());
            boolean deferred = (flags & IORING_SETUP_DEFER_TASKRUN) != 0;
            Libc.write(pipe[1], "abc".getBytes(UTF_8));
            // With COOP_TASKRUN any system call may have done it by now.
            assertTrue(rig.ring.needsEnter() || (!deferred && rig.ring.hasCompletions()));
            assertEquals(new Completion(1, 3, 0), rig.take());
            assertFalse(rig.ring.needsEnter());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, IORING_SETUP_SUBMIT_ALL})
    void anInvalidEntryStopsTheBatchUnlessAllAreSubmitted(int flags) {
        try (Rig rig = rig(flags)) {
            rig.next().prepareNop(1);
            Sqe invalid = rig.next().prepareNop(2);
            Memory.putByte(invalid.address() + SqeLayout.OPCODE, (byte) 250);
            rig.next().prepareNop(3);
            assertEquals(flags == 0 ? 2 : 3, rig.ring.submit());
            assertEquals(flags == 0 ? 1 : 0, rig.ring.pendingCount());
            assertEquals(new Completion(1, 0, 0), rig.take());
            assertEquals(new Completion(2, -Errno.EINVAL, 0), rig.take());
            assertEquals(new Completion(3, 0, 0), rig.take());
        }
    }

    // ---- polled I/O

    @ParameterizedTest
    @ValueSource(ints = {IOPOLL, IOPOLL | IORING_SETUP_HYBRID_IOPOLL})
    void aPolledRingReadsFromADeviceThatCanBePolled(int flags) throws IOException {
        Path file = directory.resolve("file");
        Files.write(file, new byte[4096]);
        try (Rig rig = rig(flags)) {
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            int fd = Libc.open(file, Linux.O_RDONLY | Linux.O_DIRECT | Linux.O_CLOEXEC, 0);
            assumeTrue(fd != -Errno.EINVAL, "the file system has no O_DIRECT");
            rig.keep(fd);
            IoMemory memory = IoMemory.allocate(4096, 4096);
            rig.next().prepareRead(fd, memory, 0, 4096, 0, 2);
            int result = awaitPolled(rig);
            memory.close();
            assertFalse(memory.isLent());
            assertEquals(0, rig.run(rig.next().prepareNop(3)));
            assumeTrue(result != -Errno.EOPNOTSUPP, "the device cannot be polled");
            assertEquals(4096, result);
        }
    }

    /// Polling does not wait where there is nothing to poll.
    private static int awaitPolled(Rig rig) {
        long end = System.nanoTime() + Rig.WAIT_NANOS;
        while (System.nanoTime() < end) {
            Completion completion = rig.ring.take(1_000_000);
            if (completion != null) return completion.result();
        }
        throw new AssertionError("nothing has completed");
    }

    @Test
    void aPolledRingRefusesWhatCannotBePolled() {
        try (Rig rig = rig(IOPOLL)) {
            rig.next().prepareTimeout(1000, 0, 0, 1);
            assertEquals(-Errno.EINVAL, awaitPolled(rig));
            assertNull(rig.ring.take(1_000_000));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }
}
