package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;

/// Sends that leave the data where it is: one completion for the result, one when it is not needed
/// any more.
class ZeroCopySqeTest {
    private static final int REPORT = IoUring.IORING_SEND_ZC_REPORT_USAGE;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    @Does("SEND_ZC")
    void lendsMemoryUntilItsNotification() {
        try (Rig rig = new Rig()) {
            int[] pair = new Sockets(rig).connected();
            IoMemory memory = rig.bytes("hello");
            Sqe sqe = rig.next().prepareSendZc(pair[0], memory, 0, 5, 0, 0, 7);
            assertEquals(0, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            Completion sent = rig.take();
            assertEquals(new Completion(7, 5, IoUring.IORING_CQE_F_MORE), sent);
            assertTrue(memory.isLent(), "before the notification");
            assertEquals("hello", new String(Libc.read(pair[1], 9), UTF_8));
            assertNotified(rig, 7, 0);
            assertFalse(memory.isLent());
        }
    }

    private static void assertNotified(Rig rig, long userData, int result) {
        Completion notification = rig.take();
        assertEquals(new Completion(userData, result, IoUring.IORING_CQE_F_NOTIF), notification);
        rig.assertQuiet();
    }

    @Test
    @Does("SEND_ZC")
    void freesMemoryOnlyAfterItsNotification() {
        try (Rig rig = new Rig()) {
            int[] pair = new Sockets(rig).connected();
            IoMemory memory = IoMemory.of("hello".getBytes(UTF_8));
            MemorySegment bytes = memory.segment();
            rig.next().prepareSendZc(pair[0], memory, 0, 5, 0, 0, 7);
            memory.close();
            assertEquals(5, rig.take().result());
            assertEquals('h', bytes.get(ValueLayout.JAVA_BYTE, 0));
            assertEquals("hello", new String(Libc.read(pair[1], 9), UTF_8));
            assertNotified(rig, 7, 0);
            assertThrows(IllegalStateException.class, () -> bytes.get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    @Does("SEND_ZC")
    void reportsThatLoopbackCopies() {
        try (Rig rig = new Rig()) {
            int[] pair = new Sockets(rig).connected();
            IoMemory memory = rig.bytes("hello");
            Sqe sqe = rig.next().prepareSendZc(pair[0], memory, 0, 5, 0, REPORT, 7);
            assertEquals(8, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(5, rig.take().result());
            assertEquals(5, Libc.read(pair[1], 9).length);
            assertNotified(rig, 7, IoUring.IORING_NOTIF_USAGE_ZC_COPIED);
        }
    }

    @Test
    @Does("SEND_ZC")
    void sendsToAnAddress() {
        try (Rig rig = new Rig()) {
            Sockets sockets = new Sockets(rig);
            int receiver = sockets.bound();
            int sender = sockets.open(Sockets.UDP);
            IoMemory memory = rig.bytes("hello");
            InetSocketAddress address = sockets.address(receiver);
            rig.next().prepareSendtoZc(sender, memory, 0, 5, 0, address, 0, 7);
            assertEquals(new Completion(7, 5, IoUring.IORING_CQE_F_MORE), rig.take());
            assertEquals("hello", new String(Libc.read(receiver, 9), UTF_8));
            assertNotified(rig, 7, 0);
        }
    }

    @Test
    @Does("SEND_ZC")
    void sendsPieces() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.of(rig.bytes("head "), rig.bytes("body"))) {
            int[] pair = new Sockets(rig).connected();
            Sqe sqe = rig.next().prepareSendZc(pair[0], vectors, 0, REPORT, 7);
            assertEquals(40, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(9, rig.take().result());
            assertTrue(vectors.isLent());
            assertEquals("head body", new String(Libc.read(pair[1], 99), UTF_8));
            assertNotified(rig, 7, IoUring.IORING_NOTIF_USAGE_ZC_COPIED);
            assertFalse(vectors.isLent());
        }
    }

    @Test
    @Does("SENDMSG_ZC")
    void sendsMessages() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.of(rig.bytes("head "), rig.bytes("body"));
                MessageHeader message = MessageHeader.of(vectors)) {
            int[] pair = new Sockets(rig).connected();
            rig.next().prepareSendmsgZc(pair[0], message, 0, 7).addSocketFlags(REPORT);
            assertEquals(new Completion(7, 9, IoUring.IORING_CQE_F_MORE), rig.take());
            assertTrue(message.isLent() && vectors.isLent());
            assertEquals("head body", new String(Libc.read(pair[1], 99), UTF_8));
            assertNotified(rig, 7, IoUring.IORING_NOTIF_USAGE_ZC_COPIED);
            assertFalse(message.isLent() || vectors.isLent());
        }
    }

    // ---- registered buffers

    @Test
    @Does({"SEND_ZC", "SENDMSG_ZC"})
    void sendsFromARegisteredBuffer() {
        try (Rig rig = new Rig()) {
            int[] pair = new Sockets(rig).connected();
            IoMemory memory = rig.bytes("head body");
            register(rig.ring, memory);
            Sqe sqe = rig.next().prepareSendZcFixed(pair[0], memory, 5, 4, 0, REPORT, 0, 7);
            assertEquals(12, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(new Completion(7, 4, IoUring.IORING_CQE_F_MORE), rig.take());
            assertEquals("body", new String(Libc.read(pair[1], 99), UTF_8));
            assertNotified(rig, 7, IoUring.IORING_NOTIF_USAGE_ZC_COPIED);
            try (IoVectors vectors = IoVectors.allocate(2);
                    MessageHeader message = MessageHeader.of(vectors)) {
                vectors.add(memory, 5, 4).add(memory, 0, 4);
                sqe = rig.next().prepareSendmsgZcFixed(pair[0], message, 0, 0, 7);
                assertEquals(4, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
                assertEquals(8, rig.take().result());
                assertEquals("bodyhead", new String(Libc.read(pair[1], 99), UTF_8));
                assertNotified(rig, 7, 0);
            }
        }
    }

    private static void register(Ring ring, IoMemory memory) {
        try (Arena arena = Arena.ofConfined()) {
            long address = memory.segment().address();
            long vector =
                    arena.allocateFrom(ValueLayout.JAVA_LONG, address, memory.bytes()).address();
            int opcode = IoUring.IORING_REGISTER_BUFFERS;
            assertEquals(0, ring.register("IORING_REGISTER_BUFFERS", opcode, vector, 1));
        }
    }

    @Test
    @Refuses({"SEND_ZC", "SENDMSG_ZC"})
    void sendsNothingThatIsNotRegistered() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.of(rig.memory(8));
                MessageHeader message = MessageHeader.of(vectors)) {
            int[] pair = new Sockets(rig).connected();
            IoMemory other = rig.memory(8);
            register(rig.ring, rig.memory(8));
            assertFailed(
                    rig,
                    rig.next().prepareSendZcFixed(pair[0], other, 0, 8, 0, 0, 0, 7),
                    -Errno.EFAULT);
            assertFailed(
                    rig,
                    rig.next().prepareSendZcFixed(pair[0], other, 0, 8, 0, 0, 1, 7),
                    -Errno.EFAULT);
            assertFailed(
                    rig,
                    rig.next().prepareSendmsgZcFixed(pair[0], message, 0, 0, 7),
                    -Errno.EFAULT);
            Sockets.assertWorks(rig);
        }
    }

    /// Also a failure may have a notification.
    private static void assertFailed(Rig rig, Sqe sqe, int result) {
        assertEquals(1, rig.ring.submit(), sqe::toString);
        Completion failed = rig.take();
        assertEquals(result, failed.result());
        if (failed.hasMore()) assertTrue(!rig.take().hasMore());
        assertEquals(0, rig.ring.lendingCount());
    }

    @Test
    @Refuses({"SEND_ZC", "SENDMSG_ZC"})
    void refusesUnixSockets() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.of(rig.memory(8));
                MessageHeader message = MessageHeader.of(vectors)) {
            int fd = rig.socketPair()[0];
            IoMemory memory = rig.memory(8);
            int refused = -Errno.EOPNOTSUPP;
            assertFailed(rig, rig.next().prepareSendZc(fd, memory, 0, 8, 0, 0, 7), refused);
            assertFailed(rig, rig.next().prepareSendmsgZc(fd, message, 0, 7), refused);
            Sockets.assertWorks(rig);
        }
    }

    @Test
    @Refuses("SEND_ZC")
    void hasItsMemoryBackAfterAFailure() {
        try (Rig rig = new Rig()) {
            int fd = new Sockets(rig).open(Sockets.TCP);
            IoMemory memory = rig.memory(8);
            int flags = Linux.MSG_NOSIGNAL;
            assertFailed(
                    rig, rig.next().prepareSendZc(fd, memory, 0, 8, flags, 0, 7), -Errno.EPIPE);
            assertFalse(memory.isLent());
            Sockets.assertWorks(rig);
        }
    }

    @Test
    void refusesWrongArguments() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareSendZc(0, memory, 0, 8, 0, 4, 7));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareSendZcFixed(0, memory, 0, 8, 0, 0, -1, 7));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareSendZcFixed(0, memory, 0, 8, 0, 0, 1 << 16, 7));
            assertFalse(memory.isLent());
            Sqe zc = sqe.prepareSendZc(-1, memory, 0, 8, 0, 0, 7);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> zc.addFlags(IoUring.IOSQE_CQE_SKIP_SUCCESS));
            assertFailed(rig, zc, -Errno.EBADF);
        }
    }
}
