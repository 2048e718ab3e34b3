package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A ring that is closed with operations outstanding ends them, gives their memory back and does
/// not take long.
class RingCloseTest {
    private static final long SECOND = 1_000_000_000;
    private static final int GROUP = 1;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    // ---- with operations outstanding

    /// As another ring could send one, deliberately.
    @Test
    void aCompletionOfNothingDoesNotKeepItOpen() {
        long descriptors = Kernel.descriptors();
        try (Rig rig = new Rig()) {
            Ring ring = Ring.open(4, 8);
            IoMemory memory = IoMemory.allocate(8);
            ring.next().prepareRead(rig.pipe()[0], memory, 0, 8, -1, 1);
            assertEquals(1, ring.submit());
            Sqe message = rig.next().prepareMsgRing(ring.fd(), 0, 0, 2);
            long token = 0xff7c_0000_0000_0007L; // of no operation
            Memory.putLong(message.address() + SqeLayout.OFF, token);
            assertEquals(0, rig.take().result());
            memory.close();
            ring.close();
            assertFalse(memory.isLent());
        }
        assertEquals(descriptors, Kernel.descriptors());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64})
    void operationsOfAllKindsEnd(int entries) {
        try (Rig files = new Rig()) {
            Ring ring = Ring.open(RingSetup.ofOneThread(entries));
            List<IoMemory> memories = new ArrayList<>();
            BufferRing buffers = new BufferRing(ring, GROUP, 4, 64);
            IoMemory fixed = memory(memories);
            IoMemory direct = memory(memories);
            RegisteredBuffers table = RegisteredBuffers.of(ring, fixed);
            DirectDescriptors.of(ring, files.pipe()[0]);

            int[] pair = files.socketPair();
            ring.next().prepareRead(files.pipe()[0], memory(memories), 0, 8, -1, 1);
            ring.next().prepareRecvMultishot(pair[0], buffers, 0, 2);
            ring.next().prepareRead(0, direct, 0, 8, -1, 3).addFlags(IoUring.IOSQE_FIXED_FILE);
            // A kernel thread sleeps in this one.
            ring.next()
                    .prepareRead(files.pipe()[0], memory(memories), 0, 8, -1, 4)
                    .addFlags(IoUring.IOSQE_ASYNC);
            Sqe sqe = ring.next().prepareRead(files.pipe()[0], fixed, 0, 8, -1, 5);
            Memory.putByte(sqe.address() + SqeLayout.OPCODE, (byte) IoUring.IORING_OP_READ_FIXED);
            ring.next().prepareTimeout(1000 * SECOND, 0, 0, 6);
            assertTrue(ring.submit() >= 0);
            if (entries > 1) {
                ring.reserve(2);
                ring.next()
                        .prepareRead(files.pipe()[0], memory(memories), 0, 8, -1, 7)
                        .addFlags(IoUring.IOSQE_IO_LINK);
                ring.next().prepareRead(files.pipe()[0], memory(memories), 0, 8, -1, 8);
                assertEquals(2, ring.submit());
            }
            ring.next().prepareRead(files.pipe()[0], memory(memories), 0, 8, -1, 9);
            assertTrue(ring.lendingCount() >= 6);

            List<MemorySegment> segments = memories.stream().map(IoMemory::segment).toList();
            memories.forEach(IoMemory::close);
            closeInTime(ring);
            assertEquals(0, ring.lendingCount());
            for (IoMemory memory : memories) assertFalse(memory.isLent());
            for (MemorySegment segment : segments) assertFalse(segment.scope().isAlive());
            table.close();
            buffers.close();
        }
    }

    private static IoMemory memory(List<IoMemory> memories) {
        memories.add(IoMemory.allocate(8));
        return memories.getLast();
    }

    private static void closeInTime(Ring ring) {
        long start = System.nanoTime();
        ring.close();
        long took = System.nanoTime() - start;
        // It gives up after a second by itself.
        assertTrue(took < 5 * SECOND, () -> "took=" + took);
    }

    @Test
    void whatWasNotSubmittedDoesNotHappen() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            IoMemory memory = rig.bytes("abc");
            try (Ring ring = Ring.open(8, 16)) {
                ring.next().prepareSend(rig.socketPair()[0], memory, 0, 3, 0, 1);
                ring.next().prepareRead(pipe[0], memory, 0, 3, -1, 2);
                assertTrue(memory.isLent());
                assertEquals(3, Libc.write(pipe[1], "def".getBytes(UTF_8)));
            }
            assertFalse(memory.isLent());
            assertEquals("def", new String(Libc.read(pipe[0], 8), UTF_8));
            assertEquals(
                    "abc",
                    new String(
                            memory.segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE),
                            UTF_8));
        }
    }

    /// Completions that nobody has drained give their memory back, also those that the kernel keeps
    /// because the queue was full.
    @Test
    void completionsThatAreLeftGiveMemoryBack() {
        try (Rig rig = new Rig()) {
            Ring ring = Ring.open(RingSetup.ofOneThread(4).withCompletionEntries(4));
            IoMemory memory = rig.memory(8);
            for (int i = 0; i < 40; i++) {
                ring.next().prepareRead(1_000_000, memory, 0, 8, -1, i);
            }
            assertTrue(ring.submit() >= 0);
            assertTrue(ring.completionsOverflowed());
            ring.next().prepareRead(rig.pipe()[0], memory, 0, 8, -1, 41);
            ring.submit();
            assertEquals(41, ring.lendingCount());
            closeInTime(ring);
            assertFalse(memory.isLent());
        }
    }

    @Test
    void entriesThatTheKernelDidNotTakeEndAsWell() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            RingSetup setup = RingSetup.of(8).withFlags(IoUring.IORING_SETUP_R_DISABLED);
            Ring ring = Ring.open(setup);
            ring.next().prepareNop(1);
            assertEquals(-Errno.EBADFD, ring.submit());
            closeInTime(ring);
            // Stopped in the middle of a batch.
            Ring other = Ring.open(RingSetup.of(8));
            Sqe invalid = other.next().prepareNop(1);
            Memory.putByte(invalid.address() + SqeLayout.OPCODE, (byte) 250);
            other.next().prepareRead(rig.pipe()[0], memory, 0, 8, -1, 2);
            assertEquals(1, other.submit());
            assertEquals(1, other.pendingCount());
            assertTrue(memory.isLent());
            closeInTime(other);
            assertFalse(memory.isLent());
        }
    }

    @Test
    void memoryMayBeClosedWhileAnOperationHoldsIt() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            IoMemory memory = IoMemory.allocate(8);
            MemorySegment segment = memory.segment();
            rig.next().prepareRead(pipe[0], memory, 0, 8, -1, 1);
            assertEquals(1, rig.ring.submit());
            memory.close();
            assertTrue(segment.scope().isAlive());
            assertEquals(3, Libc.write(pipe[1], "abc".getBytes(UTF_8)));
            assertEquals(3, rig.take().result());
            assertFalse(segment.scope().isAlive());
        }
    }

    @Test
    void aRestrictedRingThatMayNotCancelKeepsTheMemory() {
        IoMemory memory = IoMemory.allocate(8);
        int flags = IoUring.IORING_SETUP_R_DISABLED | IoUring.IORING_SETUP_SUBMIT_ALL;
        try (Rig files = new Rig()) {
            Ring ring = Ring.open(RingSetup.of(8).withFlags(flags));
            ring.registrations()
                    .restrict(Restrictions.none().allowOperations(IoUring.IORING_OP_READ));
            ring.enable();
            ring.next().prepareRead(files.pipe()[0], memory, 0, 8, -1, 1);
            assertEquals(1, ring.submit());
            closeInTime(ring);
            assertEquals(1, ring.lendingCount());
            assertTrue(memory.isLent());
        }
    }

    @Test
    void manyRingsLeaveNothingBehind() {
        Ring.open(8, 16).close();
        try (Rig files = new Rig()) {
            int fd = files.pipe()[0];
            long descriptors = Kernel.descriptors();
            long mappings = Kernel.ringMappings();
            for (int i = 0; i < 50; i++) {
                IoMemory memory = IoMemory.allocate(8);
                Ring ring = Ring.open(4, 8);
                for (int j = 0; j < 6; j++) ring.next().prepareRead(fd, memory, 0, 8, -1, j);
                ring.submit();
                memory.close();
                ring.close();
                assertFalse(memory.isLent());
            }
            assertEquals(descriptors, Kernel.descriptors());
            assertEquals(mappings, Kernel.ringMappings());
        }
    }

    // ---- afterwards

    @Test
    void aHandlerCannotCloseTheRingThatItIsCalledFrom() {
        try (Rig rig = new Rig()) {
            rig.next().prepareNop(1);
            rig.ring.submit();
            CompletionHandler closes = (_, _, _) -> rig.ring.close();
            assertThrows(IllegalStateException.class, () -> rig.ring.drain(closes));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    /// What says something about the ring itself still may.
    private static final Set<String> HARMLESS =
            Set.of("close", "setupFlags", "lendingCount", "registrations", "waits", "take");

    @Test
    void everyMethodOfAClosedRingRefuses() throws Exception {
        Ring ring = Ring.open(8, 16);
        Sqe sqe = ring.next();
        Registrations registrations = ring.registrations();
        Waits waits = ring.waits();
        ring.close();
        ring.close();
        assertThrows(IllegalStateException.class, () -> ring.take(0));
        assertThrows(IllegalStateException.class, ring::take);
        int called = 0;
        for (Object object : List.of(ring, registrations, waits, sqe)) {
            for (Method method : object.getClass().getMethods()) {
                boolean own = method.getDeclaringClass().getPackageName().startsWith("dev.torc");
                boolean instance = !Modifier.isStatic(method.getModifiers());
                if (!own || !instance || HARMLESS.contains(method.getName())) continue;
                if (refuses(object, method)) called++;
            }
        }
        assertTrue(called > 40, "called=" + called);
    }

    /// Whether it could be called: there are values for all its parameters.
    private static boolean refuses(Object object, Method method) throws Exception {
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            Object value = value(method.getParameterTypes()[i]);
            if (value == null) return false;
            arguments[i] = value;
        }
        method.setAccessible(true);
        try {
            Object result = method.invoke(object, arguments);
            throw new AssertionError(method + " returned " + result);
        } catch (InvocationTargetException thrown) {
            // An argument may be refused first.
            if (thrown.getCause() instanceof IllegalArgumentException) return true;
            if (thrown.getCause() instanceof IndexOutOfBoundsException) return true;
            assertInstanceOf(IllegalStateException.class, thrown.getCause(), method::toString);
            return true;
        }
    }

    private static @Nullable Object value(Class<?> type) {
        if (type == int.class) return 1;
        if (type == long.class) return 1L;
        if (type == boolean.class) return true;
        if (type == String.class) return "x";
        if (type == IoMemory.class) return IoMemory.ofString("x");
        if (type == CompletionHandler.class) return new RecordedCompletions();
        if (type == Restrictions.class) return Restrictions.none();
        if (type == java.util.BitSet.class) return java.util.BitSet.valueOf(new long[] {1});
        return null;
    }

    @Test
    void whatBelongsToAClosedRingRefuses() {
        Ring ring = Ring.open(8, 16);
        IoMemory memory = IoMemory.allocate(8);
        DirectDescriptors descriptors = new DirectDescriptors(ring, 2);
        RegisteredBuffers buffers = RegisteredBuffers.sparse(ring, 2);
        ring.close();
        try (Rig rig = new Rig()) {
            RegisteredBuffers others = RegisteredBuffers.sparse(rig.ring, 2);
            List<Executable> calls =
                    List.of(
                            () -> descriptors.update(0, -1),
                            () -> descriptors.updateTagged(0, new int[] {-1}, new long[1]),
                            () -> descriptors.allocateFrom(0, 1),
                            () -> buffers.update(0, memory),
                            () -> buffers.cloneFrom(others, 0, 0, 1),
                            () -> others.cloneFrom(buffers, 0, 0, 1),
                            () -> RegisteredBuffers.cloneOf(ring, others),
                            () -> RegisteredBuffers.cloneOf(rig.ring, buffers),
                            () -> RegisteredBuffers.of(ring, memory),
                            () -> RegisteredBuffers.sparse(ring, 1),
                            () -> new DirectDescriptors(ring, 1),
                            () -> DirectDescriptors.of(ring, -1),
                            () -> new WaitRegion(ring, 1),
                            () -> new BufferRing(ring, GROUP, 4, 64),
                            () -> Ring.open(RingSetup.of(8).withWorkersOf(ring)));
            for (Executable call : calls) assertThrows(IllegalStateException.class, call);
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
        descriptors.close();
        buffers.close();
        assertFalse(memory.isLent());
        memory.close();
    }

    @Test
    void aSocketsPeerHearsOfIt() {
        try (Rig rig = new Rig()) {
            int[] pair = Libc.socketPair(Linux.AF_UNIX, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC);
            rig.keep(pair[1]);
            Ring ring = Ring.open(8, 16);
            DirectDescriptors.of(ring, pair[0]);
            Libc.close(pair[0]);
            IoMemory memory = rig.memory(8);
            ring.next().prepareRead(0, memory, 0, 8, -1, 1).addFlags(IoUring.IOSQE_FIXED_FILE);
            ring.submit();
            closeInTime(ring);
            rig.next().prepareRead(pair[1], memory, 0, 8, -1, 2);
            assertEquals(new Completion(2, 0, 0), rig.take());
        }
    }
}
