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

/// What Zig's tests of its io_uring see of operations that wait or concern the ring, seen here too:
/// the same operations on rings of the same size, the same counters and fields.
class ZigWaitTest {
    private static final long MILLI = 1_000_000;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static Rig rig(int entries) {
        return new Rig(Ring.open(RingSetup.of(entries)));
    }

    private static byte opcode(Sqe sqe) {
        return Memory.getByte(sqe.address() + SqeLayout.OPCODE);
    }

    private static long addr(Sqe sqe) {
        return Memory.getLong(sqe.address() + SqeLayout.ADDR);
    }

    private static long userData(Sqe sqe) {
        return Memory.getLong(sqe.address() + SqeLayout.USER_DATA);
    }

    private static void assertCounts(Ring ring, int consumed, int prepared, int pending) {
        assertEquals(consumed, ring.consumedCount());
        assertEquals(prepared, ring.preparedCount());
        assertEquals(pending, ring.pendingCount());
    }

    @Test
    void nop() {
        Rig rig = rig(1);
        Ring ring = rig.ring;
        try (rig) {
            Sqe sqe = ring.next().prepareNop(0xaaaa_aaaaL);
            for (int offset = 0; offset < SqeLayout.BYTES; offset += Long.BYTES) {
                long expected = offset == SqeLayout.USER_DATA ? 0xaaaa_aaaaL : 0;
                assertEquals(expected, Memory.getLong(sqe.address() + offset), "at " + offset);
            }
            assertCounts(ring, 0, 1, 1);
            assertEquals(0, ring.readyCount());

            assertEquals(1, ring.submit());
            assertCounts(ring, 1, 1, 0);
            assertEquals(1, ring.readyCount());
            assertEquals(new Completion(0xaaaa_aaaaL, 0, 0), rig.take());
            assertEquals(0, ring.readyCount());

            ring.next().prepareNop(0xbbbb_bbbbL).addFlags(IoUring.IOSQE_IO_DRAIN);
            assertEquals(1, ring.submit());
            assertEquals(new Completion(0xbbbb_bbbbL, 0, 0), rig.take());
            assertCounts(ring, 2, 2, 0);
            assertEquals(0, ring.readyCount());
        }
        assertThrows(IllegalStateException.class, ring::fd);
    }

    @Test
    void timeoutAfterARelativeTime() {
        try (Rig rig = rig(1)) {
            long started = System.nanoTime();
            Sqe sqe = rig.next().prepareTimeout(10 * MILLI, 0, 0, 0x5555_5555L);
            assertEquals(IoUring.IORING_OP_TIMEOUT, opcode(sqe));
            assertEquals(1, rig.ring.submit());
            assertEquals(new Completion(0x5555_5555L, -Errno.ETIME, 0), rig.take());
            // Zig has an upper bound as well, and gives up beyond it: a busy machine is late.
            assertTrue(System.nanoTime() - started >= 10 * MILLI);
        }
    }

    @Test
    void timeoutAfterANumberOfCompletions() {
        try (Rig rig = rig(2)) {
            Sqe sqe = rig.next().prepareTimeout(3000 * MILLI, 1, 0, 0x6666_6666L);
            assertEquals(IoUring.IORING_OP_TIMEOUT, opcode(sqe));
            assertEquals(1, Memory.getLong(sqe.address() + SqeLayout.OFF));
            rig.next().prepareNop(0x7777_7777L);
            assertEquals(2, rig.ring.submit());
            assertEquals(new Completion(0x7777_7777L, 0, 0), rig.take());
            assertEquals(new Completion(0x6666_6666L, 0, 0), rig.take());
        }
    }

    @Test
    void timeoutRemove() {
        try (Rig rig = rig(2)) {
            Sqe sqe = rig.next().prepareTimeout(3000 * MILLI, 0, 0, 0x8888_8888L);
            assertEquals(IoUring.IORING_OP_TIMEOUT, opcode(sqe));
            assertEquals(0x8888_8888L, userData(sqe));
            sqe = rig.next().prepareTimeoutRemove(0x8888_8888L, 0x9999_9999L);
            assertEquals(IoUring.IORING_OP_TIMEOUT_REMOVE, opcode(sqe));
            assertEquals(0x8888_8888L, addr(sqe));
            assertEquals(0x9999_9999L, userData(sqe));
            assertEquals(2, rig.ring.submit());
            // The order has changed with 5.18.
            assertEquals(
                    Set.of(
                            new Completion(0x8888_8888L, -Errno.ECANCELED, 0),
                            new Completion(0x9999_9999L, 0, 0)),
                    Taken.from(rig, 2));
        }
    }

    @Test
    void acceptConnectRecvLinkTimeout() {
        try (Rig rig = rig(16)) {
            LoopbackPair sockets = new LoopbackPair(rig);
            IoMemory memory = rig.memory(5);
            recv(rig, sockets.server, memory, 0xffff_ffffL).addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareLinkTimeout(MILLI, 0, 0x2222_2222L);
            assertEquals(2, rig.ring.submit());
            for (int i = 0; i < 2; i++) {
                Completion completion = rig.take();
                Set<Integer> expected =
                        completion.userData() == 0x2222_2222L
                                ? Set.of(-Errno.EALREADY, -Errno.ETIME)
                                : Set.of(-Errno.EINTR, -Errno.ECANCELED);
                assertTrue(expected.contains(completion.result()), completion::toString);
            }
            assertFalse(memory.isLent());
        }
    }

    @Test
    void acceptConnectRecvCancel() {
        try (Rig rig = rig(16)) {
            LoopbackPair sockets = new LoopbackPair(rig);
            IoMemory memory = rig.memory(5);
            Sqe sqe = recv(rig, sockets.server, memory, 0xffff_ffffL);
            long token = userData(sqe); // by which the kernel knows it, since it holds memory
            assertEquals(1, rig.ring.submit());
            sqe = rig.next().prepareCancel(0xffff_ffffL, 0, 0x9999_9999L);
            assertEquals(IoUring.IORING_OP_ASYNC_CANCEL, opcode(sqe));
            assertEquals(token, addr(sqe));
            assertEquals(0x9999_9999L, userData(sqe));
            assertEquals(1, rig.ring.submit());
            assertEquals(
                    Set.of(
                            new Completion(0xffff_ffffL, -Errno.ECANCELED, 0),
                            new Completion(0x9999_9999L, 0, 0)),
                    Taken.from(rig, 2));
        }
    }

    private static Sqe recv(Rig rig, int fd, IoMemory memory, long userData) {
        int bytes = (int) memory.bytes();
        long addr = memory.address(0, bytes);
        return rig.next().prepare(IoUring.IORING_OP_RECV, fd, addr, bytes, 0, userData, memory);
    }

    @Test
    void waitid() {
        try (Rig rig = rig(16);
                Child child = Child.running("exit 7");
                ChildStatus status = new ChildStatus()) {
            rig.next().prepareWaitid(Linux.P_PID, child.pid, status, Linux.WEXITED, 0);
            assertEquals(1, rig.ring.submit());
            assertEquals(0, rig.take().result());
            assertEquals(child.pid, status.pid());
            assertEquals(7, status.status());
        }
    }

    @Test
    void msgRing() {
        try (Rig rig = rig(1);
                Rig other = rig(1)) {
            Sqe sqe = rig.next().prepareMsgRing(other.ring.fd(), 0x10, 0x1234, 1);
            assertEquals(IoUring.IORING_OP_MSG_RING, opcode(sqe));
            assertEquals(other.ring.fd(), Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(0x10, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(0x1234, Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(1, rig.ring.submit());
            assertCounts(rig.ring, 1, 1, 0);
            assertEquals(new Completion(1, 0, 0), rig.take());
            assertEquals(1, other.ring.readyCount());
            assertCounts(other.ring, 0, 0, 0);
            assertEquals(new Completion(0x1234, 0x10, 0), other.take());
        }
    }

    @Test
    void futex() {
        try (Rig rig = rig(4)) {
            IoMemory memory = rig.memory(4);
            memory.segment().set(ValueLayout.JAVA_INT, 0, 3);
            int any = Linux.FUTEX_BITSET_MATCH_ANY;
            Sqe sqe = rig.next().prepareFutexWait(memory, 0, 3, any, Linux.FUTEX2_PRIVATE, 1);
            assertEquals(IoUring.IORING_OP_FUTEX_WAIT, opcode(sqe));
            assertEquals(memory.address(0, 4), addr(sqe));
            assertEquals(1, rig.ring.submit());
            assertEquals(0, rig.ring.readyCount());
            sqe = rig.next().prepareFutexWake(memory, 0, 1, any, Linux.FUTEX2_PRIVATE, 2);
            assertEquals(IoUring.IORING_OP_FUTEX_WAKE, opcode(sqe));
            assertEquals(1, rig.ring.submit());
            assertEquals(
                    Set.of(new Completion(1, 0, 0), new Completion(2, 1, 0)), Taken.from(rig, 2));
            assertCounts(rig.ring, 2, 2, 0);
        }
    }
}
