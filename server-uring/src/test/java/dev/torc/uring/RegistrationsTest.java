package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

class RegistrationsTest {
    private static final long SECOND = 1_000_000_000;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    // ---- eventfd

    @Test
    void anEventfdIsToldOfEveryCompletionUnlessSwitchedOff() {
        try (Rig rig = new Rig()) {
            int event = rig.keep(rig.ring.kernel().eventfd(0, Linux.EFD_NONBLOCK));
            Registrations registrations = rig.ring.registrations();
            registrations.registerEventfd(event);
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertEquals(1, count(event));
            registrations.tellEventfd(false);
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertEquals(0, count(event));
            registrations.tellEventfd(true);
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertEquals(1, count(event));
            RingException second =
                    assertThrows(RingException.class, () -> registrations.registerEventfd(event));
            assertEquals("IORING_REGISTER_EVENTFD: EBUSY (busy)", second.getMessage());
            registrations.unregisterEventfd();
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertEquals(0, count(event));
            RingException none =
                    assertThrows(RingException.class, registrations::unregisterEventfd);
            assertEquals(
                    "IORING_UNREGISTER_EVENTFD: ENXIO (no such device or address)",
                    none.getMessage());
        }
    }

    @Test
    void anAsynchronousEventfdIsToldOfWhatAKernelThreadCompletes() {
        try (Rig rig = new Rig(Ring.open(RingSetup.of(8)))) {
            int event = rig.keep(rig.ring.kernel().eventfd(0, Linux.EFD_NONBLOCK));
            rig.ring.registrations().registerEventfdAsync(event);
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertEquals(0, count(event));
            int[] pair = rig.socketPair();
            assertEquals(0, rig.run(rig.next().prepareShutdown(pair[0], Linux.SHUT_WR, 1)));
            assertEquals(1, count(event));
        }
    }

    /// What `read(2)` says the eventfd counts, 0 when it would block.
    private static long count(int event) {
        try (IoMemory memory = IoMemory.allocate(8)) {
            long result = Libc.call(Syscalls.NR_READ, event, memory.address(0, 8), 8);
            if (result == -Errno.EAGAIN) return 0;
            assertEquals(8, result);
            return memory.segment().asByteBuffer().order(ByteOrder.nativeOrder()).getLong(0);
        }
    }

    @Test
    void aDescriptorThatIsNoEventfdIsRefused() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            RingException refusal =
                    assertThrows(
                            RingException.class,
                            () -> rig.ring.registrations().registerEventfd(pipe[0]));
            assertEquals(Errno.EINVAL, refusal.errno());
            RingException closed =
                    assertThrows(
                            RingException.class,
                            () -> rig.ring.registrations().registerEventfdAsync(1_000_000));
            assertEquals(Errno.EBADF, closed.errno());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    // ---- personality

    @Test
    void anOperationRunsWithRegisteredCredentials() {
        try (Rig rig = new Rig()) {
            Registrations registrations = rig.ring.registrations();
            int personality = registrations.registerPersonality();
            assertTrue(personality > 0);
            assertEquals(0, rig.run(rig.next().prepareNop(1).setPersonality(personality)));
            registrations.unregisterPersonality(personality);
            assertEquals(
                    -Errno.EINVAL, rig.run(rig.next().prepareNop(1).setPersonality(personality)));
            RingException unknown =
                    assertThrows(
                            RingException.class,
                            () -> registrations.unregisterPersonality(personality));
            assertEquals(Errno.EINVAL, unknown.errno());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    // ---- workers

    @Test
    void limitsWorkersAndSaysWhatTheyWere() {
        try (Rig rig = new Rig()) {
            Registrations registrations = rig.ring.registrations();
            Workers first = registrations.limitWorkers(3, 5);
            assertTrue(first.bounded() > 0 && first.unbounded() > 0, first::toString);
            assertEquals(new Workers(3, 5), registrations.limitWorkers(0, 0));
            assertEquals(new Workers(3, 5), registrations.limitWorkers(4, 0));
            assertEquals(new Workers(4, 5), registrations.limitWorkers(0, 0));
            assertThrows(IllegalArgumentException.class, () -> registrations.limitWorkers(-1, 0));
        }
    }

    @Test
    void confinesWorkersToCpus() {
        try (Rig rig = new Rig()) {
            Registrations registrations = rig.ring.registrations();
            BitSet cpus = new BitSet();
            assertThrows(
                    IllegalArgumentException.class, () -> registrations.registerWorkerCpus(cpus));
            cpus.set(firstCpu(rig.ring));
            registrations.registerWorkerCpus(cpus);
            // A worker does it.
            int[] pair = rig.socketPair();
            assertEquals(0, rig.run(rig.next().prepareShutdown(pair[0], Linux.SHUT_WR, 1)));
            registrations.unregisterWorkerCpus();
            assertEquals(0, rig.run(rig.next().prepareShutdown(pair[1], Linux.SHUT_WR, 1)));
        }
    }

    static int firstCpu(Ring ring) {
        try (IoMemory mask = IoMemory.allocate(128)) {
            int bytes = ring.kernel().schedGetaffinity(mask.address(0, 128), 128);
            assertTrue(bytes > 0);
            ByteBuffer words = mask.segment().asByteBuffer().order(ByteOrder.nativeOrder());
            return BitSet.valueOf(words).nextSetBit(0);
        }
    }

    // ---- cancelling

    @Test
    void cancelsByUserDataAlsoWhatHoldsMemory() {
        try (Rig rig = new Rig()) {
            Registrations registrations = rig.ring.registrations();
            IoMemory memory = rig.memory(8);
            rig.next().prepareRead(rig.pipe()[0], memory, 0, 8, -1, 5);
            rig.next().prepareTimeout(100 * SECOND, 0, 0, 6);
            assertEquals(2, rig.ring.submit());
            assertEquals(0, registrations.cancel(5, SECOND));
            assertEquals(new Completion(5, -Errno.ECANCELED, 0), rig.take());
            assertFalse(memory.isLent());
            rig.assertQuiet();
            assertEquals(0, registrations.cancel(6, SECOND));
            assertEquals(new Completion(6, -Errno.ECANCELED, 0), rig.take());
            assertEquals(-Errno.ENOENT, registrations.cancel(6, SECOND));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void cancelsByDescriptorOperationOrAll() {
        try (Rig rig = new Rig()) {
            Registrations registrations = rig.ring.registrations();
            int fd = rig.pipe()[0];
            IoMemory memory = rig.memory(8);
            for (int i = 0; i < 3; i++) rig.next().prepareRead(fd, memory, 0, 8, -1, i);
            assertEquals(3, rig.ring.submit());
            assertEquals(3, registrations.cancelFd(fd, SECOND));
            Set<Long> ended = new HashSet<>();
            for (int i = 0; i < 3; i++) ended.add(end(rig));
            assertEquals(Set.of(0L, 1L, 2L), ended);
            assertEquals(0, registrations.cancelFd(rig.pipe()[0], SECOND));

            rig.next().prepareRead(fd, memory, 0, 8, -1, 10);
            rig.next().prepareTimeout(100 * SECOND, 0, 0, 11);
            assertEquals(2, rig.ring.submit());
            int byOperation = IoUring.IORING_ASYNC_CANCEL_OP;
            int read = IoUring.IORING_OP_READ;
            assertEquals(0, registrations.cancel(0, -1, read, byOperation, SECOND));
            assertEquals(10, end(rig));
            assertEquals(1, registrations.cancelAll(SECOND));
            assertEquals(11, end(rig));
            rig.assertQuiet();
        }
    }

    @Test
    void aCancelFindsADirectDescriptor() {
        try (Rig rig = new Rig()) {
            DirectDescriptors.of(rig.ring, -1, rig.pipe()[0]);
            rig.next()
                    .prepareRead(1, rig.memory(8), 0, 8, -1, 5)
                    .addFlags(IoUring.IOSQE_FIXED_FILE);
            assertEquals(1, rig.ring.submit());
            int flags =
                    IoUring.IORING_ASYNC_CANCEL_FD
                            | IoUring.IORING_ASYNC_CANCEL_FD_FIXED
                            | IoUring.IORING_ASYNC_CANCEL_USERDATA;
            Registrations registrations = rig.ring.registrations();
            assertEquals(-Errno.ENOENT, registrations.cancel(4, 1, 0, flags, SECOND));
            assertEquals(0, registrations.cancel(5, 1, 0, flags, SECOND));
            assertEquals(5, end(rig));
        }
    }

    @Test
    void refusesToCancelWhatCannotBeNamed() {
        try (Rig rig = new Rig()) {
            Registrations registrations = rig.ring.registrations();
            long token = 0xff7cL << 48;
            assertThrows(IllegalArgumentException.class, () -> registrations.cancel(token, SECOND));
            assertThrows(IllegalArgumentException.class, () -> registrations.cancel(1, -1));
            IoMemory memory = rig.memory(8);
            int fd = rig.pipe()[0];
            for (int i = 0; i < 2; i++) rig.next().prepareRead(fd, memory, 0, 8, -1, 3);
            assertEquals(2, rig.ring.submit());
            assertThrows(IllegalStateException.class, () -> registrations.cancel(3, SECOND));
            rig.next().prepareRead(fd, memory, 0, 8, -1, 9);
            assertEquals(1, rig.ring.submit());
            int everyOne = IoUring.IORING_ASYNC_CANCEL_ALL;
            assertThrows(
                    IllegalStateException.class,
                    () -> registrations.cancel(9, -1, 0, everyOne, SECOND));
            assertEquals(-Errno.EINVAL, registrations.cancel(4, -1, 0, 1 << 30, SECOND));
            assertEquals(0, registrations.cancel(9, SECOND));
            assertEquals(9, end(rig));
            // ANY looks at no user data, whatever else is named.
            int anyOne = IoUring.IORING_ASYNC_CANCEL_ANY | IoUring.IORING_ASYNC_CANCEL_USERDATA;
            assertEquals(2, registrations.cancel(3, -1, 0, everyOne | anyOne, SECOND));
            assertEquals(3, end(rig));
            assertEquals(3, end(rig));
        }
    }

    /// The user data of the operation that ends next, which was cancelled.
    private static long end(Rig rig) {
        Completion completion = rig.take();
        assertEquals(-Errno.ECANCELED, completion.result());
        return completion.userData();
    }

    // ---- waiting

    @Test
    void pollsNetworkDevicesWhereTheKernelCan() {
        try (Rig rig = new Rig()) {
            Registrations registrations = rig.ring.registrations();
            try {
                assertEquals(0, registrations.registerNapi(50, true));
            } catch (RingException refusal) {
                assumeTrue(refusal.errno() != Errno.EINVAL, "no CONFIG_NET_RX_BUSY_POLL");
                throw refusal;
            }
            assertEquals(50, registrations.registerNapi(20, false));
            assertEquals(20, registrations.unregisterNapi());
            assertThrows(
                    IllegalArgumentException.class, () -> registrations.registerNapi(-1, false));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void pollsTheQueuesThatItIsTold() {
        try (Rig rig = new Rig()) {
            Registrations registrations = rig.ring.registrations();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> registrations.registerStaticNapi(-1, false));
            try {
                registrations.unregisterNapi();
            } catch (RingException refusal) {
                assumeTrue(refusal.errno() != Errno.EINVAL, "no CONFIG_NET_RX_BUSY_POLL");
                throw refusal;
            }
            assertRefused(Errno.EINVAL, () -> registrations.addNapiId(100_000));
            assertEquals(0, registrations.registerStaticNapi(50, false));
            registrations.addNapiId(100_000);
            assertRefused(Errno.EEXIST, () -> registrations.addNapiId(100_000));
            assertRefused(Errno.EINVAL, () -> registrations.addNapiId(1));
            registrations.removeNapiId(100_000);
            assertRefused(Errno.ENOENT, () -> registrations.removeNapiId(100_000));
            assertEquals(50, registrations.unregisterNapi());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    private static void assertRefused(int errno, Executable registration) {
        RingException refusal = assertThrows(RingException.class, registration);
        assertEquals("IORING_REGISTER_NAPI: " + Errno.describe(errno), refusal.getMessage());
    }

    @Test
    void choosesTheClockOfWaits() {
        try (Rig rig = new Rig()) {
            Registrations registrations = rig.ring.registrations();
            registrations.registerClock(Linux.CLOCK_BOOTTIME);
            assertEquals(-Errno.ETIME, Rig.uninterrupted(() -> rig.ring.submitAndWait(1000)));
            registrations.registerClock(Linux.CLOCK_MONOTONIC);
            RingException refusal =
                    assertThrows(
                            RingException.class,
                            () -> registrations.registerClock(Linux.CLOCK_REALTIME));
            assertEquals("IORING_REGISTER_CLOCK: EINVAL (invalid argument)", refusal.getMessage());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }
}
