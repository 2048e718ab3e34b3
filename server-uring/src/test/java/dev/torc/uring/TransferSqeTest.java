package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;

class TransferSqeTest {
    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    // ---- sending

    @Test
    @Does("SEND")
    void sendsPartOfMemory() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            IoMemory memory = rig.bytes("abcdef");
            Sqe sqe = rig.next().prepareSend(pair[0], memory, 2, 3, Linux.MSG_NOSIGNAL, 1);
            assertEquals(0x4000, Memory.getInt(sqe.address() + SqeLayout.OP_FLAGS));
            assertTrue(memory.isLent());
            assertEquals(3, rig.run(sqe));
            assertFalse(memory.isLent());
            assertEquals("cde", new String(Libc.read(pair[1], 9), UTF_8));
        }
    }

    @Test
    @Refuses("SEND")
    void sendsNothingToAPeerThatIsGone() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            Libc.close(pair[1]);
            rig.forget(pair[1]);
            IoMemory memory = rig.memory(8);
            int flags = Linux.MSG_NOSIGNAL;
            assertEquals(
                    -Errno.EPIPE, rig.run(rig.next().prepareSend(pair[0], memory, 0, 8, flags, 1)));
            Sockets.assertWorks(rig);
        }
    }

    @Test
    @Does("SEND")
    void sendsPieces() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.of(rig.bytes("head "), rig.bytes("body"))) {
            int[] pair = new Sockets(rig).connected();
            Sqe sqe = rig.next().prepareSend(pair[0], vectors, 0, 1);
            assertEquals(32, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(2, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertTrue(vectors.isLent());
            assertEquals(9, rig.run(sqe));
            assertFalse(vectors.isLent());
            assertEquals("head body", new String(Libc.read(pair[1], 99), UTF_8));
        }
    }

    @Test
    @Does("SEND")
    void sendsToAnAddress() throws IOException {
        try (Rig rig = new Rig();
                DatagramChannel receiver = udp()) {
            int sender = new Sockets(rig).bound();
            IoMemory memory = rig.bytes("hello");
            InetSocketAddress address = (InetSocketAddress) receiver.getLocalAddress();
            Sqe sqe = rig.next().prepareSendto(sender, memory, 0, 5, 0, address, 1);
            assertEquals(16, Memory.getShort(sqe.address() + SqeLayout.ADDR_LEN));
            assertEquals(5, rig.run(sqe));
            ByteBuffer got = ByteBuffer.allocate(99);
            assertEquals(new Sockets(rig).address(sender), receiver.receive(got));
            assertArrayEquals("hello".getBytes(UTF_8), content(got));
        }
    }

    /// A receiver that does not wait: what is sent over the loopback interface is there at once.
    private static DatagramChannel udp() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        return channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static byte[] content(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    @Does("SEND")
    void sendsToAPath() {
        try (Rig rig = new Rig()) {
            int receiver = unix(rig);
            UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("socket"));
            assertEquals(0, rig.run(rig.next().prepareBind(receiver, path, 1)));
            IoMemory memory = rig.bytes("hello");
            int sender = unix(rig);
            assertEquals(5, rig.run(rig.next().prepareSendto(sender, memory, 0, 5, 0, path, 1)));
            assertEquals("hello", new String(Libc.read(receiver, 9), UTF_8));
        }
    }

    private static int unix(Rig rig) {
        return rig.keep(rig.run(rig.next().prepareSocket(Linux.AF_UNIX, Sockets.UDP, 0, 1)));
    }

    @Test
    @Does("SEND")
    void sendsWhatIsInTheNextBuffer() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 1, 4, 4)) {
            int[] pair = new Sockets(rig).connected();
            fill(buffers);
            rig.next().prepareSend(pair[0], buffers, 0, 0, 1);
            Completion sent = rig.take();
            assertEquals(4, sent.result());
            assertEquals(0, sent.bufferId());
            assertEquals("aaaa", new String(Libc.read(pair[1], 99), UTF_8));
        }
    }

    @Test
    @Does("SEND")
    void sendsSeveralBuffersAtOnce() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 1, 4, 4)) {
            int[] pair = new Sockets(rig).connected();
            fill(buffers);
            Sqe sqe = rig.next().prepareSendBundle(pair[0], buffers, 0, 0, 1);
            assertEquals(16, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            Completion sent = rig.take();
            assertEquals(16, sent.result());
            assertEquals(0, sent.bufferId());
            assertEquals("aaaabbbbccccdddd", new String(Libc.read(pair[1], 99), UTF_8));
        }
    }

    private static void fill(BufferRing buffers) {
        for (int id = 0; id < 4; id++) {
            Memory.fill(buffers.address(id), 4, (byte) ('a' + id));
        }
    }

    @Test
    @Refuses("SEND")
    void sendsNoBufferThatIsNotThere() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 1, 1, 4)) {
            int[] pair = new Sockets(rig).connected();
            rig.next().prepareSend(pair[0], buffers, 0, 0, 1);
            assertEquals(4, rig.take().result());
            rig.next().prepareSendBundle(pair[0], buffers, 0, 0, 1);
            assertEquals(-Errno.ENOBUFS, rig.take().result());
            Sockets.assertWorks(rig);
        }
    }

    // ---- receiving

    @Test
    @Does("RECV")
    void receivesIntoPartOfMemory() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            IoMemory memory = rig.bytes("------");
            rig.next().prepareRecv(pair[0], memory, 2, 3, Linux.MSG_WAITALL, 1);
            rig.ring.submit();
            assertEquals(2, Libc.write(pair[1], "ab".getBytes(UTF_8)));
            rig.assertQuiet();
            assertTrue(memory.isLent());
            assertEquals(2, Libc.write(pair[1], "cd".getBytes(UTF_8)));
            assertEquals(3, rig.take().result());
            assertFalse(memory.isLent());
            assertEquals("--abc-", memory.text());
        }
    }

    @Test
    @Does("RECV")
    void hearsThatThereIsMoreAndThatThereIsNoMore() {
        try (Rig rig = new Rig()) {
            int[] pair = new Sockets(rig).connected();
            IoMemory memory = rig.memory(2);
            assertEquals(4, Libc.write(pair[0], new byte[4]));
            rig.next().prepareRecv(pair[1], memory, 0, 2, 0, 1);
            Completion received = rig.take();
            assertEquals(2, received.result());
            assertEquals(IoUring.IORING_CQE_F_SOCK_NONEMPTY, received.flags());
            assertEquals(2, rig.run(rig.next().prepareRecv(pair[1], memory, 0, 2, 0, 1)));
            assertEquals(0, rig.run(rig.next().prepareShutdown(pair[0], Linux.SHUT_WR, 1)));
            assertEquals(0, rig.run(rig.next().prepareRecv(pair[1], memory, 0, 2, 0, 1)));
        }
    }

    @Test
    @Does("RECV")
    void receivesIntoABufferThatTheKernelPicks() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 1, 2, 16)) {
            int[] pair = rig.socketPair();
            assertEquals(5, Libc.write(pair[1], "hello".getBytes(UTF_8)));
            rig.next().prepareRecv(pair[0], buffers, 3, 0, 1);
            Completion received = rig.take();
            assertEquals(3, received.result());
            assertEquals('h', Memory.getByte(buffers.address(received.bufferId())));
            rig.next().prepareRecv(pair[0], buffers, 0, 0, 1);
            received = rig.take();
            assertEquals(2, received.result());
            assertEquals(1, received.bufferId());
        }
    }

    @Test
    @Refuses("RECV")
    void receivesNothingFromWhatIsNoSocket() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            int pipe = rig.pipe()[0];
            assertEquals(
                    -Errno.ENOTSOCK, rig.run(rig.next().prepareRecv(pipe, memory, 0, 8, 0, 1)));
            int socket = rig.socketPair()[0];
            int flags = Linux.MSG_DONTWAIT;
            assertEquals(
                    -Errno.EAGAIN, rig.run(rig.next().prepareRecv(socket, memory, 0, 8, flags, 1)));
            Sockets.assertWorks(rig);
        }
    }

    // ---- flags and arguments

    @Test
    @Does({"SEND", "RECV"})
    void waitsBeforeItTriesWhenToldSo() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            IoMemory memory = rig.memory(8);
            int first = IoUring.IORING_RECVSEND_POLL_FIRST;
            assertEquals(
                    4,
                    rig.run(
                            rig.next()
                                    .prepareSend(pair[1], memory, 0, 4, 0, 1)
                                    .addSocketFlags(first)));
            Sqe sqe = rig.next().prepareRecv(pair[0], memory, 0, 8, 0, 1).addSocketFlags(first);
            assertEquals(1, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(4, rig.run(sqe));
        }
    }

    @Test
    void addsOnlyFlagsThatTheOperationHas() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            IoMemory memory = rig.memory(8);
            Sqe open = rig.next();
            assertThrows(IllegalStateException.class, () -> open.addSocketFlags(1));
            Sqe send = open.prepareSend(pair[1], memory, 0, 4, 0, 1);
            IllegalArgumentException refusal =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> send.addSocketFlags(IoUring.IORING_SEND_ZC_REPORT_USAGE));
            assertEquals("the operation has no such flags: flags=0x8", refusal.getMessage());
            assertEquals(4, rig.run(send));
            Sqe nop = rig.next().prepareNop(1);
            assertThrows(IllegalArgumentException.class, () -> nop.addSocketFlags(1));
            assertEquals(0, rig.run(nop));
        }
    }

    @Test
    void refusesBytesThatAreNotThere() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 1, 1, 8)) {
            IoMemory memory = rig.memory(8);
            Sqe sqe = rig.next();
            assertThrows(
                    IndexOutOfBoundsException.class, () -> sqe.prepareSend(0, memory, 4, 5, 0, 1));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> sqe.prepareRecv(0, memory, -1, 5, 0, 1));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> sqe.prepareSendZc(0, memory, 0, -1, 0, 0, 1));
            assertThrows(
                    IllegalArgumentException.class, () -> sqe.prepareRecv(0, buffers, -1, 0, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareSendBundle(0, buffers, -1, 0, 1));
            assertEquals(0, rig.run(sqe.prepareNop(1)));
        }
    }
}
