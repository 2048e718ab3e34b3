package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Messages go in at one end of a socketpair and come out of the other in provided buffers.
class BufferRingTest {
    private static final int GROUP = 5;
    private static final int COUNT = 4;
    private static final int BYTES = 64;
    private static final long RECV = 0x4ec;

    private final Arena arena = Arena.ofShared();
    private final long memory = arena.allocate(4096, 64).address();
    private final RecordedCompletions recorded = new RecordedCompletions();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private Ring ring;
    private @Nullable BufferRing latest;
    private int sender;
    private int receiver;

    @SuppressWarnings("NullAway.Init") // by the fixture, before each test
    BufferRingTest() {}

    @BeforeEach
    void connect() {
        ring = Ring.open(64, 256);
        assertEquals(0, ring.kernel().socketpair(Linux.AF_UNIX, Linux.SOCK_STREAM, memory));
        sender = Memory.getInt(memory);
        receiver = Memory.getInt(memory + 4);
    }

    @AfterEach
    void close() throws Exception {
        ring.kernel().close(sender);
        ring.kernel().close(receiver);
        for (AutoCloseable each : open) each.close();
        ring.close();
        arena.close();
    }

    @Test
    void dataArrivesInABufferOfTheRing() {
        BufferRing buffers = open(COUNT);
        arm();
        send("hello");
        Completion completion = await();
        assertEquals(RECV, completion.userData());
        assertEquals(5, completion.result());
        assertTrue((completion.flags() & IoUring.IORING_CQE_F_MORE) != 0);
        assertTrue((completion.flags() & IoUring.IORING_CQE_F_BUFFER) != 0);
        int bufferId = buffers.take(completion.flags(), completion.result());
        assertEquals(1, buffers.outCount());
        assertEquals("hello", text(buffers.address(bufferId), 5));
        buffers.recycle(bufferId);
        assertEquals(0, buffers.outCount());
    }

    @Test
    void anExhaustedRingEndsTheReceiveAndRecoversOncePublished() {
        BufferRing buffers = open(COUNT);
        arm();
        List<Integer> out = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            send("message" + i);
            Completion completion = await();
            out.add(buffers.take(completion.flags(), completion.result()));
            assertEquals("message" + i, text(buffers.address(out.getLast()), 8));
        }
        assertEquals(COUNT, buffers.outCount());
        assertEquals(COUNT, new HashSet<>(out).size());
        send("waiting");
        assertEquals(new Completion(RECV, -Errno.ENOBUFS, 0), await());
        int bufferId = out.removeFirst();
        buffers.recycle(bufferId);
        arm();
        assertEquals(new Completion(RECV, -Errno.ENOBUFS, 0), await());
        buffers.publish();
        arm();
        Completion completion = await();
        assertEquals(bufferId, buffers.take(completion.flags(), completion.result()));
        assertEquals("waiting", text(buffers.address(bufferId), 7));
    }

    @Test
    void itsEntriesWrapAround() {
        BufferRing buffers = open(COUNT);
        arm();
        // Further than its 16-bit tail counts.
        for (int i = 0; i < 70_000; i++) {
            String message = Integer.toString(i);
            send(message);
            Completion completion = await();
            int bufferId = buffers.take(completion.flags(), completion.result());
            assertEquals(message, text(buffers.address(bufferId), completion.result()));
            buffers.recycle(bufferId);
            buffers.publish();
        }
    }

    @Test
    void buffersComeBackInAnyOrder() {
        BufferRing buffers = open(COUNT);
        arm();
        List<Integer> out = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            send("message");
            Completion completion = await();
            out.add(buffers.take(completion.flags(), completion.result()));
            assertEquals(out.size(), buffers.outCount());
            if (out.size() < COUNT - 1) continue;
            buffers.recycle(out.remove(/* index */ i % out.size()));
            buffers.publish();
        }
    }

    @Test
    void aRingOfOneBufferServes() {
        BufferRing buffers = open(1);
        for (int i = 0; i < 10; i++) {
            arm();
            send("abc");
            Completion completion = await();
            int bufferId = buffers.take(completion.flags(), completion.result());
            assertEquals(0, bufferId);
            send("more");
            assertEquals(-Errno.ENOBUFS, await().result());
            buffers.recycle(bufferId);
            buffers.publish();
            arm();
            completion = await();
            assertEquals(0, buffers.take(completion.flags(), completion.result()));
            assertEquals("more", text(buffers.address(0), 4));
            buffers.recycle(0);
            buffers.publish();
            ring.next().prepareCancel(RECV, 0, 1);
            Set<Long> ended = new HashSet<>();
            while (ended.size() < 2) ended.add(await().userData());
            assertEquals(Set.of(RECV, 1L), ended);
        }
    }

    @Test
    void aWrongBufferIsRefused() {
        BufferRing buffers = open(COUNT);
        assertThrows(IllegalStateException.class, () -> buffers.take(flags(COUNT), 1));
        assertThrows(IllegalStateException.class, () -> buffers.take(flags(0xffff), 1));
        assertThrows(IllegalStateException.class, () -> buffers.take(flags(0), BYTES + 1));
        assertEquals(0, buffers.outCount());
        assertEquals(3, buffers.take(flags(3), BYTES));
        assertThrows(IllegalStateException.class, () -> buffers.take(flags(3), 1));
        assertEquals(1, buffers.outCount());
    }

    @Test
    void recyclingTwiceIsNoticed() {
        BufferRing buffers = open(COUNT);
        buffers.take(flags(2), 1);
        buffers.recycle(2);
        assertThrows(IllegalStateException.class, () -> buffers.recycle(2));
        assertThrows(IllegalStateException.class, () -> buffers.recycle(1));
    }

    @Test
    void buffersDoNotOverlap() {
        BufferRing buffers = open(COUNT);
        for (int i = 1; i < COUNT; i++) {
            assertEquals(BYTES, buffers.address(i) - buffers.address(i - 1));
        }
        assertNotEquals(0, buffers.address(0));
    }

    @Test
    void itsGroupIsFreeAgainAfterClose() {
        BufferRing buffers = open(COUNT);
        assertEquals(GROUP, buffers.group());
        RingException refusal = assertThrows(RingException.class, () -> open(COUNT));
        assertEquals(
                "IORING_REGISTER_PBUF_RING", String.valueOf(refusal.getMessage()).split(":", 2)[0]);
        buffers.close();
        buffers.close();
        open(COUNT);
    }

    @Test
    void theKernelMayHaveAllocatedIt() {
        BufferRing buffers = open(BufferRingSetup.of(GROUP, 512, BYTES).withKernelMemory());
        for (int i = 0; i < 1000; i++) {
            arm();
            send("message" + i);
            Completion completion = await();
            int bufferId = buffers.take(completion.flags(), completion.result());
            assertEquals(i % 512, bufferId);
            assertEquals("message" + i, text(buffers.address(bufferId), completion.result()));
            buffers.recycle(bufferId);
            buffers.publish();
            ring.next().prepareCancel(RECV, 0, 1);
            for (int ended = 0; ended < 2; ended++) await();
        }
        buffers.close();
        open(COUNT);
    }

    @Test
    void theKernelSaysHowFarItIs() {
        BufferRing buffers = open(COUNT);
        assertEquals(0, buffers.kernelHead());
        arm();
        for (int i = 1; i <= 10; i++) {
            send("message");
            Completion completion = await();
            assertEquals(i, buffers.kernelHead());
            buffers.recycle(buffers.take(completion.flags(), completion.result()));
            buffers.publish();
        }
        buffers.close();
        RingException gone = assertThrows(RingException.class, buffers::kernelHead);
        assertEquals(Errno.ENOENT, gone.errno());
    }

    @Test
    void incrementsAreTakenOneBehindTheOther() {
        BufferRing buffers = open(BufferRingSetup.of(GROUP, 2, 8).withIncrements());
        arm();
        long start = buffers.address(0);
        int offset = 0;
        for (String part : new String[] {"abc", "de", "fgh"}) {
            send(part);
            Completion completion = await();
            assertEquals(0, buffers.take(completion.flags(), completion.result()));
            assertEquals(start + offset, buffers.address(0));
            assertEquals(part, text(buffers.address(0), part.length()));
            offset += part.length();
        }
        assertEquals(3, buffers.outCount());
        assertThrows(IllegalStateException.class, () -> buffers.take(flags(0), 0));
        for (int part = 0; part < 3; part++) buffers.recycle(0);
        assertThrows(IllegalStateException.class, () -> buffers.recycle(0));
        assertEquals(0, buffers.outCount());
    }

    @Test
    void givingBackAfterCloseTouchesNothing() {
        BufferRing buffers = open(COUNT);
        buffers.take(flags(2), 1);
        buffers.close();
        buffers.recycle(2);
        buffers.publish();
        assertEquals(0, buffers.outCount());
    }

    @Test
    void aSetUpOutOfRangeIsRefused() {
        String count = "count must be a power of two, 32768 at most: ";
        assertRefused(count + "count=3", () -> BufferRingSetup.of(GROUP, 3, BYTES));
        assertRefused(count + "count=65536", () -> BufferRingSetup.of(GROUP, 65_536, BYTES));
        assertRefused(count + "count=0", () -> new BufferRing(ring, GROUP, 0, BYTES));
        String group = "group must be 0 to 65535: ";
        assertRefused(group + "group=-1", () -> BufferRingSetup.of(-1, COUNT, BYTES));
        assertRefused(
                group + "group=65536", () -> BufferRing.unmanaged(ring, 65_536, COUNT, BYTES));
        assertRefused(
                "bufferBytes must be positive: bufferBytes=0",
                () -> BufferRingSetup.of(GROUP, COUNT, 0));
        assertRefused(
                "flags may be IOU_PBUF_RING_MMAP and _INC: flags=0x4",
                () -> new BufferRingSetup(GROUP, COUNT, BYTES, 4));
    }

    private static void assertRefused(String expected, Executable making) {
        String message = assertThrows(IllegalArgumentException.class, making).getMessage();
        assertEquals(expected, message);
    }

    @Test
    void aFailedRegistrationLeavesNothingMapped() throws IOException {
        open(COUNT);
        BufferRingSetup big = BufferRingSetup.of(GROUP, COUNT, 16 << 20);
        long before = mappedPages();
        for (int i = 0; i < 50; i++) {
            assertThrows(RingException.class, () -> open(big));
            assertThrows(RingException.class, () -> open(big.withKernelMemory()));
        }
        // All of them would be 6 GB; others of this process may map a little meanwhile.
        assertTrue(mappedPages() - before < 1 << 18);
    }

    private static long mappedPages() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", 2)[0]);
    }

    private BufferRing open(int count) {
        return open(BufferRingSetup.of(GROUP, count, BYTES));
    }

    private BufferRing open(BufferRingSetup setup) {
        BufferRing buffers = new BufferRing(ring, setup);
        open.add(buffers);
        latest = buffers;
        return buffers;
    }

    private void arm() {
        ring.next().prepareRecvMultishot(receiver, requireNonNull(latest), 0, RECV);
    }

    private void send(String message) {
        byte[] bytes = message.getBytes(US_ASCII);
        Memory.copy(bytes, 0, memory + 64, bytes.length);
        assertEquals(bytes.length, ring.kernel().write(sender, memory + 64, bytes.length));
    }

    private Completion await() {
        for (int turn = 0; turn < 500; turn++) {
            if (!recorded.all.isEmpty()) return recorded.all.removeFirst();
            ring.submitAndWait(20_000_000);
            ring.drain(recorded);
        }
        throw new AssertionError("nothing has completed");
    }

    private static int flags(int bufferId) {
        return bufferId << IoUring.IORING_CQE_BUFFER_SHIFT | IoUring.IORING_CQE_F_BUFFER;
    }

    private static String text(long address, int bytes) {
        byte[] copy = new byte[bytes];
        Memory.copy(address, copy, 0, bytes);
        return new String(copy, US_ASCII);
    }
}
