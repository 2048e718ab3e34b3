package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// What a program can do wrong without leaving the public API: none of it may cost memory that the
/// kernel still uses.
final class MisuseTest {
    private static final long FIRST_TOKEN = 0xff7c_0000_0000_0000L;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void refusesToSelectBuffersThatTheOperationDoesNotHold() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(16);
            Sqe sqe = rig.next().prepareRead(rig.pipe()[0], memory, 0, 16, -1, 1);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.addFlags(IoUring.IOSQE_BUFFER_SELECT));
        }
    }

    @Test
    void refusesToRenameACompletionToATokenOfTheRings() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(16);
            rig.next().prepareRead(rig.pipe()[0], memory, 0, 16, -1, 1);
            rig.next().prepareNop(2);
            assertEquals(2, rig.ring.submitAndWait(Rig.WAIT_NANOS));
            Class<IllegalArgumentException> refused = IllegalArgumentException.class;
            assertThrows(refused, () -> rig.ring.claim(2, FIRST_TOKEN));
            assertThrows(refused, () -> rig.ring.claim(FIRST_TOKEN, 2));
            assertEquals(2, rig.take().userData());
            assertTrue(memory.isLent());
        }
    }

    @Test
    void anEntryEndsWithTheQueueThatItIsIn() {
        Ring ring = Ring.open(RingSetup.ofOneThread(8));
        try (Rig rig = new Rig(ring)) {
            Sqe sqe = rig.next();
            ring.registrations().resize(16, 32);
            assertThrows(IllegalStateException.class, () -> sqe.prepareNop(1));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void refusesToDrainFewerThanNone() {
        RecordedCompletions recorded = new RecordedCompletions();
        try (Rig rig = new Rig(Ring.open(4, 8))) {
            rig.next().prepareNop(1);
            assertEquals(1, rig.ring.submitAndWait(Rig.WAIT_NANOS));
            assertThrows(IllegalArgumentException.class, () -> rig.ring.drain(recorded, -1));
            assertEquals(0, rig.ring.drain(recorded, 0));
            assertEquals(1, rig.take().userData());
        }
    }

    @Test
    void refusesMessagesThatAreAboutTheQueue() {
        try (Rig rig = new Rig()) {
            int fd = rig.ring.fd();
            for (int flag : new int[] {IoUring.IORING_CQE_F_32, IoUring.IORING_CQE_F_SKIP}) {
                assertThrows(
                        IllegalArgumentException.class, () -> RingMessage.send(fd, 1, flag, 2));
            }
            rig.assertQuiet();
        }
    }

    @Test
    void survivesAMessageThatSaysItIsBig() {
        int mixed = IoUring.IORING_SETUP_CQE_MIXED;
        Ring ring = Ring.open(RingSetup.of(4).withCompletionEntries(8).withFlags(mixed));
        RecordedCompletions recorded = new RecordedCompletions();
        try (Rig rig = new Rig(ring)) {
            for (int i = 0; i < 20; i++) {
                int passing = IoUring.IORING_MSG_RING_FLAGS_PASS;
                int big = IoUring.IORING_CQE_F_32;
                RingMessage.send(Syscalls::new, ring.fd(), i, passing, big, 7);
                assertEquals(Ring.NOT_COMPLETED, ring.claim(1, 2));
                assertTrue(ring.drain(recorded, 8) <= 1);
                assertEquals(0, ring.readyCount());
                assertEquals(0, rig.run(rig.next().prepareNop(1)));
            }
        }
    }

    @Test
    void refusesToGiveBackWhatIsNotOut() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 0, 4, 16)) {
            Class<IllegalStateException> refused = IllegalStateException.class;
            for (int bufferId : new int[] {0, 3, 4, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertThrows(refused, () -> buffers.recycle(bufferId));
            }
            assertEquals(0, buffers.outCount());
        }
    }

    @Test
    void providesNoBuffersUnderTheNumberOfARingOfBuffers() {
        try (Rig rig = new Rig();
                BufferRing ring = new BufferRing(rig.ring, 3, 4, 16);
                ProvidedBuffers provided = new ProvidedBuffers(rig.ring, 3, 4, 16)) {
            assertEquals(3, ring.group());
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalStateException.class,
                    () -> sqe.prepareProvideBuffers(provided, 0, 4, 1));
            ring.close();
            assertEquals(0, rig.run(sqe.prepareProvideBuffers(provided, 0, 4, 1)));
            assertEquals(4, rig.run(rig.next().prepareRemoveBuffers(provided, 4, 1)));
        }
    }

    @Test
    void aNumberIsFreeWhenNoOperationHoldsBuffersOfIt() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            BufferRing first = new BufferRing(rig.ring, 3, 4, 16);
            ProvidedBuffers provided = new ProvidedBuffers(rig.ring, 3, 4, 16);
            rig.next().prepareRead(pipe[0], first, 0, -1, 1);
            assertEquals(1, rig.ring.submit());
            first.close();
            assertThrows(IllegalStateException.class, () -> new BufferRing(rig.ring, 3, 4, 16));
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalStateException.class,
                    () -> sqe.prepareProvideBuffers(provided, 0, 4, 1));
            assertEquals(1, Libc.write(pipe[1], new byte[1]));
            rig.take();
            new BufferRing(rig.ring, 3, 4, 16).close();
            provided.close();
        }
    }

    @Test
    void providingThatFailsChangesNothing() {
        try (Rig rig = new Rig();
                ProvidedBuffers one = new ProvidedBuffers(rig.ring, 3, 4, 16);
                ProvidedBuffers other = new ProvidedBuffers(rig.ring, 3, 4, 16)) {
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareProvideBuffers(one, 0, 4, FIRST_TOKEN));
            assertEquals(0, rig.run(sqe.prepareProvideBuffers(other, 0, 4, 1)));
            assertEquals(4, rig.run(rig.next().prepareRemoveBuffers(other, 4, 1)));
        }
    }

    @Test
    void buffersOfAClosedRingAreFreed() {
        Ring ring = Ring.open(8, 16);
        ProvidedBuffers buffers = new ProvidedBuffers(ring, 3, 4, 16);
        Sqe sqe = ring.next();
        ring.close();
        assertThrows(
                IllegalStateException.class, () -> sqe.prepareProvideBuffers(buffers, 0, 4, 1));
        buffers.close();
        assertThrows(IllegalStateException.class, () -> buffers.segment(0).fill((byte) 0));
    }

    @Test
    void refusesAdviceThatTakesPagesAway() {
        try (Rig rig = new Rig();
                IoMemory memory = IoMemory.allocate(1 << 16, 1 << 16)) {
            Sqe sqe = rig.next();
            for (int advice : new int[] {100, 102}) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> sqe.prepareMadvise(memory, 0, 1 << 16, advice, 1));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> sqe.prepareMadvise64(memory, 0, 1 << 16, advice, 1));
            }
        }
    }

    @Test
    void leavesNoMappingOfARingThatCannotShare() throws Exception {
        Ring closed = Ring.open(RingSetup.of(4));
        closed.close();
        RingSetup setup =
                RingSetup.of(4096).withFlags(IoUring.IORING_SETUP_NO_MMAP).withWorkersOf(closed);
        long before = mapped();
        for (int i = 0; i < 10; i++) {
            assertThrows(IllegalStateException.class, () -> Ring.open(setup));
        }
        assertTrue(mapped() - before < 10 * 4096 * 128 / 4096 / 2);
    }

    /// Pages of this process.
    private static long mapped() throws java.io.IOException {
        String pages = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/statm"));
        return Long.parseLong(pages.split(" ", 2)[0]);
    }

    @Test
    void closesOnKernelsThatCannotCancelEverything() {
        Ring ring = Ring.open(OldKernel.of(5, 17), RingSetup.of(8));
        IoMemory memory = IoMemory.allocate(16);
        int[] pipe = Libc.pipe(Linux.O_CLOEXEC);
        ring.next().prepareRead(pipe[0], memory, 0, 16, -1, 1);
        ring.next().prepareRead(pipe[0], memory, 0, 16, -1, 1);
        assertEquals(2, ring.submit());
        ring.close();
        Libc.close(pipe[0]);
        Libc.close(pipe[1]);
        assertFalse(memory.isLent());
        memory.close();
    }

    @Test
    void closingWaitsForWhatCannotBeCancelled() throws Exception {
        try (Rig files = new Rig()) {
            int flags = IoUring.IORING_SETUP_R_DISABLED;
            Ring ring = Ring.open(RingSetup.of(8).withFlags(flags));
            ring.registrations()
                    .restrict(Restrictions.none().allowOperations(IoUring.IORING_OP_READ));
            ring.enable();
            int[] pipe = files.pipe();
            IoMemory memory = IoMemory.allocate(8);
            ring.next().prepareRead(pipe[0], memory, 0, 8, -1, 1);
            assertEquals(1, ring.submit());
            Thread closing = Thread.currentThread();
            FutureTask<Integer> written = new FutureTask<>(() -> writeWhenIn(closing, pipe[1]));
            Thread.ofPlatform().start(written);
            ring.close();
            assertEquals(1, written.get(10, TimeUnit.SECONDS));
            assertFalse(memory.isLent());
            memory.close();
        }
    }

    /// Writes a byte when `closing` waits for the end of what the ring has with the kernel.
    private static int writeWhenIn(Thread closing, int pipe) {
        boolean waits = false;
        while (!waits && closing.isAlive()) {
            waits =
                    Arrays.stream(closing.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("endAll"));
        }
        return Libc.write(pipe, new byte[1]);
    }

    /// `qsort` holds the segment while it compares, as a channel does that reads into it.
    @Test
    void memoryThatIsInUseIsKept() throws Throwable {
        try (Rig rig = new Rig();
                Arena arena = Arena.ofConfined()) {
            int[] pipe = rig.pipe();
            IoMemory memory = IoMemory.allocate(64);
            List<Object> seen = new ArrayList<>();
            Comparator<MemorySegment> ending =
                    (_, _) -> {
                        try {
                            memory.close();
                            seen.add(Libc.write(pipe[1], new byte[1]));
                            seen.add(rig.take());
                        } catch (Throwable thrown) { // would end the process
                            seen.add(thrown);
                        }
                        return 0;
                    };
            MethodHandle compare =
                    MethodHandles.lookup()
                            .findVirtual(
                                    Comparator.class,
                                    "compare",
                                    MethodType.methodType(int.class, Object.class, Object.class))
                            .bindTo(ending)
                            .asType(
                                    MethodType.methodType(
                                            int.class, MemorySegment.class, MemorySegment.class));
            FunctionDescriptor shape =
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
            Linker linker = Linker.nativeLinker();
            MemorySegment callback = linker.upcallStub(compare, shape, arena);
            FunctionDescriptor sort =
                    FunctionDescriptor.ofVoid(
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS);
            MethodHandle qsort =
                    linker.downcallHandle(linker.defaultLookup().findOrThrow("qsort"), sort);
            rig.next().prepareRead(pipe[0], memory, 0, 8, -1, 1);
            assertEquals(1, rig.ring.submit());
            qsort.invoke(memory.segment(), 2L, 8L, callback);
            assertEquals(List.of(1, new Completion(1, 1, 0)), seen);
            assertEquals(0, rig.ring.lendingCount());
            assertFalse(memory.isLent());
        }
    }

    /// Its index would be another ring's when the thread goes on elsewhere.
    @Test
    void aVirtualThreadRegistersNoDescriptor() throws Exception {
        CompletableFuture<Integer> flags = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (Ring ring = Ring.open(8, 16)) {
                                flags.complete(ring.descriptor().enterFlags());
                            }
                        });
        assertEquals(0, flags.get(10, TimeUnit.SECONDS));
    }
}
