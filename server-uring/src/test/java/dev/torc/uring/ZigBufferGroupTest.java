package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// What Zig's standard library expects of its `IoUring.BufferGroup`, expected of ours.
class ZigBufferGroupTest {
    private static final int GROUP = 1;
    private static final byte[] DATA = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final long SEND = 1;
    private static final int ROUNDS = 4;

    private Rig rig;
    private int client;
    private int server;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @SuppressWarnings("NullAway.Init") // by the fixture, before each test
    ZigBufferGroupTest() {}

    @BeforeEach
    void connect() {
        rig = new Rig(Ring.open(RingSetup.of(16)));
        int[] pair = rig.socketPair();
        client = pair[0];
        server = pair[1];
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /// Zig registers with increments where the kernel knows them.
    private BufferGroup open(int count, int bytes) {
        BufferRingSetup setup = BufferRingSetup.of(GROUP, count, bytes);
        boolean known = rig.ring.support().isFrom(6, 12);
        return BufferGroup.open(rig.ring, known ? setup.withIncrements() : setup);
    }

    /// `test "BufferGroup"`
    @Test
    void aGroupReceives() {
        try (BufferGroup group = open(16, 64)) {
            send(15);
            group.recv(server, 0, 2);
            assertEquals(1, rig.ring.submit());
            Completion completion = rig.take();
            assertEquals(2, completion.userData());
            assertEquals(15, completion.result());
            byte[] received = group.take(completion).toArray(ValueLayout.JAVA_BYTE);
            assertArrayEquals(Arrays.copyOf(DATA, 15), received);
            group.put(completion);
            assertEquals(2, rig.ring.preparedCount());
            assertEquals(2, rig.ring.consumedCount());
        }
    }

    /// `test "ring mapped buffers recv"`
    @Test
    void runsOutOfBuffersAndRecovers() {
        try (BufferGroup group = open(2, 4)) {
            for (int round = 0; round < ROUNDS; round++) {
                send(15);
                Completion first = receive(group, 10L + round, 0, 4);
                Completion second = receive(group, 20L + round, 4, 4);
                group.recv(server, 0, 30L + round);
                assertEquals(1, rig.ring.submit());
                Completion none = rig.take();
                assertEquals(30L + round, none.userData());
                assertEquals(-Errno.ENOBUFS, none.result());
                assertEquals(0, none.flags() & IoUring.IORING_CQE_F_BUFFER);
                assertEquals(-1, none.bufferId());
                group.put(first);
                group.put(second);
                group.put(receive(group, 40L + round, 8, 4));
                Completion last = receive(group, 50L + round, 12, 3);
                group.put(last);
                // Zig reads on from there; its next round begins behind the three bytes.
                boolean more = (last.flags() & IoUring.IORING_CQE_F_BUF_MORE) != 0;
                if (more) fillUp(group);
            }
        }
    }

    /// The last byte of a buffer of which three are used.
    private void fillUp(BufferGroup group) {
        send(1);
        Completion completion = receive(group, 60, 0, 1);
        assertEquals(0, completion.flags() & IoUring.IORING_CQE_F_BUF_MORE);
        group.put(completion);
    }

    /// `test "ring mapped buffers multishot recv"`
    @Test
    void multishotRunsOutOfBuffersAndIsCancelled() {
        try (BufferGroup group = open(2, 4)) {
            for (int round = 0; round < ROUNDS; round++) {
                send(16);
                long receive = 100L + round;
                Sqe sqe = group.recvMultishot(server, 0, receive);
                assertEquals(
                        IoUring.IORING_RECV_MULTISHOT,
                        Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
                assertEquals(1, rig.ring.submit());
                Completion first = expect(group, receive, 0);
                Completion second = expect(group, receive, 4);
                Completion none = rig.take();
                assertEquals(receive, none.userData());
                assertEquals(-Errno.ENOBUFS, none.result());
                assertEquals(0, none.flags() & IoUring.IORING_CQE_F_BUFFER);
                assertFalse(none.hasMore());
                group.put(first);
                group.put(second);

                receive = 200L + round;
                group.recvMultishot(server, 0, receive);
                assertEquals(1, rig.ring.submit());
                group.put(expect(group, receive, 8));
                group.put(expect(group, receive, 12));
                cancel(receive);
            }
        }
    }

    private void cancel(long receive) {
        rig.next().prepareCancel(receive, 0, 300);
        assertEquals(1, rig.ring.submit());
        Completion one = rig.take();
        Completion two = rig.take();
        Completion cancel = one.userData() == 300 ? one : two;
        Completion ended = one.userData() == 300 ? two : one;
        assertEquals(300, cancel.userData());
        assertTrue(cancel.result() == 0 || cancel.result() == -Errno.ENOENT);
        assertEquals(receive, ended.userData());
        assertTrue(ended.result() == -Errno.ECANCELED || ended.result() == -Errno.ENOBUFS);
        assertFalse(ended.hasMore());
    }

    /// `test "copy_cqes with wrapping sq.cqes buffer"`
    @Test
    void completionsAreTakenAcrossTheEndOfTheirQueue() {
        try (Rig small = new Rig(Ring.open(RingSetup.of(2)))) {
            assertEquals(2, small.ring.entries());
            assertEquals(4, small.ring.completionEntries());
            takeTimeouts(small, 2);
            for (int i = 1; i < 1024; i++) {
                takeTimeouts(small, 4);
                assertEquals(2 + 4 * i, small.ring.consumedCount());
            }
            assertEquals(0, small.ring.readyCount());
        }
    }

    private static void takeTimeouts(Rig small, int count) {
        for (int i = 0; i < count; i++) {
            small.next().prepareTimeout(10_000, 0, 0, i);
            assertEquals(1, small.ring.submit());
        }
        RecordedCompletions recorded = new RecordedCompletions();
        for (int turn = 0; turn < 1000 && recorded.all.size() < count; turn++) {
            small.ring.submitAndWait(10_000_000);
            small.ring.drain(recorded, count - recorded.all.size());
        }
        assertEquals(count, recorded.all.size());
        for (Completion each : recorded.all) assertEquals(-Errno.ETIME, each.result());
    }

    private void send(int bytes) {
        IoMemory memory = rig.memory(bytes);
        memory.segment().copyFrom(MemorySegment.ofArray(DATA).asSlice(0, bytes));
        rig.next().prepareSend(client, memory, 0, bytes, 0, SEND);
        assertEquals(1, rig.ring.submit());
        assertEquals(new Completion(SEND, bytes, 0), rig.take());
    }

    /// Prepares, submits and takes one receive of `bytes` bytes from `position` of the data.
    private Completion receive(BufferGroup group, long userData, int position, int bytes) {
        Sqe sqe = group.recv(server, 0, userData);
        int flags = Memory.getByte(sqe.address() + SqeLayout.FLAGS);
        assertEquals(IoUring.IOSQE_BUFFER_SELECT, flags & IoUring.IOSQE_BUFFER_SELECT);
        assertEquals(GROUP, Memory.getShort(sqe.address() + SqeLayout.BUF_INDEX));
        assertEquals(1, rig.ring.submit());
        Completion completion = rig.take();
        assertEquals(userData, completion.userData());
        return expect(group, completion, position, bytes);
    }

    /// Takes a completion of a multishot receive with the four bytes from `position` of the data.
    private Completion expect(BufferGroup group, long userData, int position) {
        Completion completion = rig.take();
        assertEquals(userData, completion.userData());
        assertTrue(completion.hasMore());
        return expect(group, completion, position, 4);
    }

    private static Completion expect(
            BufferGroup group, Completion completion, int position, int bytes) {
        assertEquals(bytes, completion.result());
        assertTrue((completion.flags() & IoUring.IORING_CQE_F_BUFFER) != 0);
        byte[] received = group.take(completion).toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(Arrays.copyOfRange(DATA, position, position + bytes), received);
        return completion;
    }
}
