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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// Operations on sockets that complete many times.
class MultishotSqeTest {
    private static final int BUFFER_BYTES = 8;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    // ---- accepting

    @Test
    @Does({"ACCEPT", "ASYNC_CANCEL"})
    void acceptsUntilItIsCancelled() throws IOException {
        try (Rig rig = new Rig()) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            InetSocketAddress address = sockets.address(listener);
            Sqe sqe = rig.next().prepareMultishotAccept(listener, Linux.SOCK_CLOEXEC, 7);
            assertEquals(1, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            rig.ring.submit();
            for (int i = 0; i < 3; i++) {
                try (SocketChannel client = SocketChannel.open(address)) {
                    Completion accepted = rig.take();
                    assertTrue(accepted.hasMore());
                    int fd = rig.keep(accepted.result());
                    assertEquals(client.getRemoteAddress(), sockets.address(fd));
                }
            }
            assertCancelled(rig, 7);
        }
    }

    private static void assertCancelled(Rig rig, long userData) {
        rig.next().prepareCancel(userData, 0, 8);
        Completion one = rig.take();
        Completion other = rig.take();
        Completion ended = one.userData() == userData ? one : other;
        assertEquals(new Completion(userData, -Errno.ECANCELED, 0), ended);
        assertEquals(0, (one.userData() == userData ? other : one).result());
        rig.assertQuiet();
    }

    @Test
    @Does("ACCEPT")
    @Refuses("ACCEPT")
    void acceptsDirectDescriptorsUntilTheTableIsFull() throws IOException {
        try (Rig rig = new Rig()) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            InetSocketAddress address = sockets.address(listener);
            new DirectDescriptors(rig.ring, 2);
            Sqe sqe = rig.next().prepareMultishotAcceptDirect(listener, 0, 7);
            assertEquals(1, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(-1, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            rig.ring.submit();
            try (SocketChannel first = SocketChannel.open(address)) {
                Completion accepted = rig.take();
                assertEquals(new Completion(7, 0, IoUring.IORING_CQE_F_MORE), accepted);
                try (SocketChannel second = SocketChannel.open(address)) {
                    assertTrue(rig.take().hasMore());
                    try (SocketChannel third = SocketChannel.open(address)) {
                        assertEquals(new Completion(7, -Errno.ENFILE, 0), rig.take());
                        assertTrue(third.isConnected());
                    }
                    assertEquals(second.getRemoteAddress(), sockets.address(sockets.install(1)));
                }
                assertEquals(first.getRemoteAddress(), sockets.address(sockets.install(0)));
            }
            Sockets.assertWorks(rig);
        }
    }

    @Test
    @Refuses("ACCEPT")
    void acceptsNothingWhereNothingListens() {
        try (Rig rig = new Rig()) {
            int fd = new Sockets(rig).open(Sockets.TCP);
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareMultishotAccept(fd, 0, 1)));
            Sockets.assertWorks(rig);
        }
    }

    // ---- receiving

    @Test
    @Does("RECV")
    void receivesUntilThePeerSendsNoMore() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 4, BUFFER_BYTES)) {
            int[] pair = rig.socketPair();
            Sqe sqe = rig.next().prepareRecvMultishot(pair[0], buffers, 0, 7);
            assertEquals(2, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(3, Memory.getShort(sqe.address() + SqeLayout.BUF_GROUP));
            assertEquals(
                    IoUring.IOSQE_BUFFER_SELECT, Memory.getByte(sqe.address() + SqeLayout.FLAGS));
            rig.ring.submit();
            assertEquals(1, rig.ring.lendingCount());
            for (String text : new String[] {"one", "two", "three"}) {
                assertEquals(text.length(), Libc.write(pair[1], text.getBytes(UTF_8)));
                Completion received = rig.take();
                assertTrue(received.hasMore());
                assertEquals(text, text(buffers, received));
            }
            Libc.close(pair[1]);
            rig.forget(pair[1]);
            Completion end = rig.take();
            assertEquals(0, end.result());
            assertFalse(end.hasMore());
            assertEquals(0, rig.ring.lendingCount());
        }
    }

    /// Linux 6.18 does not tell this receive of the reset, but must tell the next one: what
    /// `ResetWatch` relies on.
    @Test
    @Does({"RECV", "ASYNC_CANCEL"})
    void tellsTheNextReceiveOfAResetThatCameWithBytes() throws IOException {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 4, BUFFER_BYTES)) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            int fd;
            try (SocketChannel client = SocketChannel.open(sockets.address(listener))) {
                fd = sockets.accept(listener);
                client.write(ByteBuffer.wrap("bytes".getBytes(UTF_8)));
                client.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            rig.next()
                    .prepareRecvMultishot(fd, buffers, 0, 7)
                    .addSocketFlags(IoUring.IORING_RECVSEND_POLL_FIRST);
            assertEquals("bytes", text(buffers, rig.take()));
            rig.next().prepareCancel(7, 0, 8);
            Completion one = rig.take();
            Completion other = rig.take();
            int told = (one.userData() == 7 ? one : other).result();
            if (told != -Errno.ECONNRESET) assertEquals(-Errno.ECANCELED, told);
            rig.next().prepareRecvMultishot(fd, buffers, 0, 9);
            int next = rig.take().result();
            assertEquals(told == -Errno.ECONNRESET ? 0 : -Errno.ECONNRESET, next);
        }
    }

    private static String text(BufferRing buffers, Completion received) {
        int bufferId = buffers.take(received.flags(), received.result());
        byte[] bytes = new byte[received.result()];
        Memory.copy(buffers.address(bufferId), bytes, 0, bytes.length);
        buffers.recycle(bufferId);
        buffers.publish();
        return new String(bytes, UTF_8);
    }

    @Test
    @Refuses("RECV")
    void endsWhenNoBufferIsLeft() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 1, BUFFER_BYTES)) {
            int[] pair = rig.socketPair();
            rig.next().prepareRecvMultishot(pair[0], buffers, 0, 7);
            rig.ring.submit();
            assertEquals(1, Libc.write(pair[1], new byte[1]));
            assertTrue(rig.take().hasMore());
            assertEquals(1, Libc.write(pair[1], new byte[1]));
            Completion end = rig.take();
            assertEquals(-Errno.ENOBUFS, end.result());
            assertFalse(end.hasMore());
            Sockets.assertWorks(rig);
        }
    }

    @Test
    @Refuses("RECV")
    void doesNotWaitForAllInPieces() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 1, BUFFER_BYTES)) {
            int fd = rig.socketPair()[0];
            int flags = Linux.MSG_WAITALL;
            Sqe sqe = rig.next().prepareRecvMultishot(fd, buffers, flags, 7);
            assertEquals(-Errno.EINVAL, rig.run(sqe));
            Sockets.assertWorks(rig);
        }
    }

    @Test
    @Does("RECV")
    void receivesAtMostSoMuchAtATime() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 4, BUFFER_BYTES)) {
            int[] pair = rig.socketPair();
            assertEquals(5, Libc.write(pair[1], "abcde".getBytes(UTF_8)));
            rig.next().prepareRecvMultishot(pair[0], buffers, 2, 0, 7);
            assertEquals("ab", text(buffers, rig.take()));
            assertEquals("cd", text(buffers, rig.take()));
            assertEquals("e", text(buffers, rig.take()));
            assertCancelled(rig, 7);
        }
    }

    @Test
    @Does("RECV")
    void receivesUntilItIsSoMuch() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 4, BUFFER_BYTES)) {
            int[] pair = rig.socketPair();
            Sqe sqe = rig.next().prepareRecvMultishot(pair[0], buffers, 0, 5, 0, 7);
            assertEquals(5, Memory.getInt(sqe.address() + SqeLayout.OPTLEN));
            rig.ring.submit();
            assertEquals(3, Libc.write(pair[1], "abc".getBytes(UTF_8)));
            Completion first = rig.take();
            assertTrue(first.hasMore());
            assertEquals("abc", text(buffers, first));
            assertEquals(2, Libc.write(pair[1], "de".getBytes(UTF_8)));
            Completion last = rig.take();
            assertFalse(last.hasMore());
            assertEquals("de", text(buffers, last));
            assertEquals(0, rig.ring.lendingCount());
            assertEquals(1, Libc.write(pair[1], "f".getBytes(UTF_8)));
            rig.assertQuiet();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> rig.next().prepareRecvMultishot(pair[0], buffers, 0, 0, 0, 7));
        }
    }

    // ---- bundles

    @Test
    @Does("RECV")
    void receivesIntoSeveralBuffersAtOnce() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 4, BUFFER_BYTES)) {
            int[] pair = new Sockets(rig).connected();
            assertEquals(20, Libc.write(pair[0], "abcdefghijklmnopqrst".getBytes(UTF_8)));
            Sqe sqe = rig.next().prepareRecvBundle(pair[1], buffers, 12, 0, 7);
            assertEquals(16, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals("abcdefgh", bundle(buffers, rig.take(), 0));
            rig.next().prepareRecvBundle(pair[1], buffers, 0, 0, 7);
            Completion received = rig.take();
            assertEquals("ijklmnopqrst", bundle(buffers, received, 1));
            assertFalse(received.hasMore());
        }
    }

    @Test
    @Does("RECV")
    void receivesBundlesUntilItIsCancelled() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 8, BUFFER_BYTES)) {
            int[] pair = new Sockets(rig).connected();
            Sqe sqe = rig.next().prepareRecvMultishotBundle(pair[1], buffers, 0, 7);
            assertEquals(18, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            rig.ring.submit();
            String all = "abcdefghijklmnopqrst";
            assertEquals(20, Libc.write(pair[0], all.getBytes(UTF_8)));
            StringBuilder got = new StringBuilder();
            int next = 0;
            // How many bundles it takes is the kernel's: the first is often of one buffer.
            while (got.length() < all.length()) {
                Completion received = rig.take();
                assertTrue(received.hasMore());
                got.append(bundle(buffers, received, next));
                next = buffers.outCount();
            }
            assertEquals(all, got.toString());
            assertCancelled(rig, 7);
        }
    }

    /// The bytes of the buffers from `first` on, which are those of a bundle.
    private static String bundle(BufferRing buffers, Completion received, int first) {
        assertEquals(first, received.bufferId());
        StringBuilder text = new StringBuilder();
        int left = received.result();
        for (int id = first; left > 0; id++) {
            int bytes = Math.min(left, BUFFER_BYTES);
            int flags = id << IoUring.IORING_CQE_BUFFER_SHIFT | IoUring.IORING_CQE_F_BUFFER;
            assertEquals(id, buffers.take(flags, bytes));
            byte[] copy = new byte[bytes];
            Memory.copy(buffers.address(id), copy, 0, bytes);
            text.append(new String(copy, UTF_8));
            left -= bytes;
        }
        return text.toString();
    }
}
