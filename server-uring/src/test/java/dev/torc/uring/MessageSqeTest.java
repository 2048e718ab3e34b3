package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.IoVec;
import dev.torc.uring.abi.MsgHdr;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class MessageSqeTest {
    private static final MessageRoom ROOM = new MessageRoom(16, 64);

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    // ---- sending and receiving

    @Test
    @Does({"SENDMSG", "RECVMSG"})
    void sendsPiecesToAnAddressAndTellsWhoSentThem() {
        try (Rig rig = new Rig();
                IoVectors sent = IoVectors.of(rig.bytes("head "), rig.bytes("body"));
                MessageHeader out = MessageHeader.of(sent);
                IoMemory got = IoMemory.allocate(16);
                IoVectors room = IoVectors.of(got);
                MessageHeader in = MessageHeader.of(room)) {
            Sockets sockets = new Sockets(rig);
            int receiver = sockets.bound();
            int sender = sockets.bound();
            out.setDestination(sockets.address(receiver));
            assertEquals(9, rig.run(rig.next().prepareSendmsg(sender, out, 0, 1)));
            assertEquals(9, rig.run(rig.next().prepareRecvmsg(receiver, in, 0, 1)));
            assertEquals("head body", got.text());
            assertEquals(sockets.address(sender), in.sender());
            assertEquals(0, in.flags());
            assertEquals(0, in.control().byteSize());
        }
    }

    /// As the transport does, whose sends have no completions that could give memory back.
    @Test
    @Does("SENDMSG")
    void sendsAMessageThatTheProgramLooksAfterItself() {
        try (Rig rig = new Rig();
                IoMemory head = rig.bytes("head ");
                IoMemory body = rig.bytes("body");
                IoMemory message = IoMemory.allocate(MsgHdr.BYTES + 2 * IoVec.BYTES)) {
            int[] pair = rig.socketPair();
            long header = message.segment().address();
            long vectors = header + MsgHdr.BYTES;
            MsgHdr.putVectors(header, vectors, 2);
            IoVec.put(vectors, head.segment().address(), 5);
            IoVec.put(vectors + IoVec.BYTES, body.segment().address(), 4);
            IoMemory all = IoMemory.unmanaged(Memory.all());
            assertEquals(9, rig.run(rig.next().prepareSendmsg(pair[0], all, header, 0, 1)));
            assertEquals("head body", new String(Libc.read(pair[1], 20), UTF_8));
        }
    }

    @Test
    @Does({"SENDMSG", "RECVMSG"})
    void passesADescriptor() {
        try (Rig rig = new Rig();
                IoMemory control = IoMemory.allocate(ControlMessages.space(4));
                IoVectors data = IoVectors.of(rig.bytes("x"));
                MessageHeader message = MessageHeader.of(data)) {
            int[] pair = rig.socketPair();
            int[] pipe = rig.pipe();
            putRights(control, pipe[1]);
            message.setControl(control, 0, (int) control.bytes());
            assertEquals(1, rig.run(rig.next().prepareSendmsg(pair[0], message, 0, 1)));
            control.segment().fill((byte) 0);
            int flags = Linux.MSG_CMSG_CLOEXEC;
            assertEquals(1, rig.run(rig.next().prepareRecvmsg(pair[1], message, flags, 1)));
            int passed = rig.keep(rights(message.control()));
            assertEquals(2, Libc.write(passed, "hi".getBytes(UTF_8)));
            assertEquals("hi", new String(Libc.read(pipe[0], 9), UTF_8));
        }
    }

    private static void putRights(IoMemory control, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rights = arena.allocateFrom(ValueLayout.JAVA_INT, fd);
            ControlMessages.put(control.segment(), 0, Linux.SOL_SOCKET, Linux.SCM_RIGHTS, rights);
        }
    }

    private static int rights(MemorySegment control) {
        ControlMessages messages = ControlMessages.in(control);
        assertTrue(messages.next());
        assertEquals(Linux.SOL_SOCKET, messages.level());
        assertEquals(Linux.SCM_RIGHTS, messages.type());
        int fd = messages.data().get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        assertFalse(messages.next());
        return fd;
    }

    @Test
    @Does("RECVMSG")
    void tellsThatAMessageWasCutOff() {
        try (Rig rig = new Rig();
                IoVectors room = IoVectors.of(rig.memory(2));
                MessageHeader message = MessageHeader.of(room)) {
            Sockets sockets = new Sockets(rig);
            int receiver = sockets.bound();
            send(sockets, receiver, "hello");
            int flags = Linux.MSG_TRUNC;
            assertEquals(5, rig.run(rig.next().prepareRecvmsg(receiver, message, flags, 1)));
            assertEquals(Linux.MSG_TRUNC, message.flags());
        }
    }

    private static int send(Sockets sockets, int receiver, String text) {
        int sender = sockets.bound();
        sockets.connect(sender, sockets.address(receiver));
        assertEquals(text.length(), Libc.write(sender, text.getBytes(UTF_8)));
        return sender;
    }

    @Test
    @Does("RECVMSG")
    void receivesIntoABufferThatTheKernelPicks() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 1, 2, 16);
                MessageHeader message = new MessageHeader()) {
            Sockets sockets = new Sockets(rig);
            int receiver = sockets.bound();
            int sender = send(sockets, receiver, "hello");
            rig.next().prepareRecvmsg(receiver, message, buffers, 0, 1);
            Completion received = rig.take();
            assertEquals(5, received.result());
            assertEquals('h', Memory.getByte(buffers.address(received.bufferId())));
            assertEquals(sockets.address(sender), message.sender());
        }
    }

    @Test
    void refusesVectorsWhereTheKernelPicksTheBuffer() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 1, 2, 16);
                IoVectors room = IoVectors.of(rig.memory(2));
                MessageHeader message = MessageHeader.of(room)) {
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareRecvmsg(0, message, buffers, 0, 1));
            assertEquals(0, rig.run(sqe.prepareNop(1)));
        }
    }

    @Test
    @Refuses({"SENDMSG", "RECVMSG"})
    void failsAsTheSystemCallsDo() {
        try (Rig rig = new Rig();
                IoVectors data = IoVectors.of(rig.memory(2));
                MessageHeader message = MessageHeader.of(data)) {
            Sockets sockets = new Sockets(rig);
            int udp = sockets.open(Sockets.UDP);
            assertEquals(
                    -Errno.EDESTADDRREQ, rig.run(rig.next().prepareSendmsg(udp, message, 0, 1)));
            int flags = Linux.MSG_DONTWAIT;
            assertEquals(-Errno.EAGAIN, rig.run(rig.next().prepareRecvmsg(udp, message, flags, 1)));
            assertNull(message.sender());
            int pipe = rig.pipe()[0];
            assertEquals(-Errno.ENOTSOCK, rig.run(rig.next().prepareRecvmsg(pipe, message, 0, 1)));
            Sockets.assertWorks(rig);
        }
    }

    @Test
    void holdsEverythingThatTheMessageHas() {
        try (Rig rig = new Rig()) {
            IoMemory data = IoMemory.allocate(16);
            IoMemory control = IoMemory.allocate(64);
            IoVectors vectors = IoVectors.of(data);
            MessageHeader message = MessageHeader.of(vectors).setControl(control, 0, 64);
            int fd = rig.socketPair()[0];
            Sqe sqe = rig.next().prepareRecvmsg(fd, message, 0, 1);
            assertEquals(1, Memory.getInt(sqe.address() + SqeLayout.LEN));
            long header = Memory.getLong(sqe.address() + SqeLayout.ADDR);
            assertEquals(128, MsgHdr.nameBytes(header));
            rig.ring.submit();
            message.close();
            vectors.close();
            control.close();
            data.close();
            assertTrue(message.isLent() && vectors.isLent() && control.isLent() && data.isLent());
            rig.next().prepareCancel(1, 0, 2);
            rig.take();
            rig.take();
            assertFalse(message.isLent() || vectors.isLent() || control.isLent() || data.isLent());
        }
    }

    // ---- many

    @Test
    @Does("RECVMSG")
    void receivesMessagesUntilItIsCancelled() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 4, 128)) {
            Sockets sockets = new Sockets(rig);
            int receiver = sockets.bound();
            Sqe sqe = rig.next().prepareRecvmsgMultishot(receiver, buffers, ROOM, 0, 7);
            assertEquals(2, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(3, Memory.getShort(sqe.address() + SqeLayout.BUF_GROUP));
            rig.ring.submit();
            for (String text : new String[] {"one", "three", "five"}) {
                int sender = send(sockets, receiver, text);
                Completion received = rig.take();
                assertTrue(received.hasMore());
                ReceivedMessage message = message(buffers, received, ROOM);
                assertEquals(text, new String(bytes(message.data()), UTF_8));
                assertEquals(text.length(), message.messageBytes());
                assertEquals(sockets.address(sender), message.sender());
                assertFalse(message.isCutOff());
            }
            rig.next().prepareCancel(7, 0, 8);
            rig.take();
            rig.take();
            assertEquals(0, rig.ring.lendingCount());
        }
    }

    @Test
    @Does("RECVMSG")
    void endsWithAnEmptyMessage() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 4, 128)) {
            Sockets sockets = new Sockets(rig);
            int receiver = sockets.bound();
            rig.next().prepareRecvmsgMultishot(receiver, buffers, ROOM, 0, 7);
            rig.ring.submit();
            int sender = send(sockets, receiver, "");
            Completion received = rig.take();
            assertFalse(received.hasMore());
            ReceivedMessage message = message(buffers, received, ROOM);
            assertEquals(0, message.data().byteSize());
            assertEquals(sockets.address(sender), message.sender());
            assertEquals(0, rig.ring.lendingCount());
        }
    }

    private static ReceivedMessage message(
            BufferRing buffers, Completion received, MessageRoom room) {
        int id = buffers.take(received.flags(), received.result());
        MemorySegment buffer = Memory.all().asSlice(buffers.address(id), 128);
        return ReceivedMessage.of(buffer, received.result(), room);
    }

    private static byte[] bytes(MemorySegment segment) {
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    @Does("RECVMSG")
    void receivesControlMessagesWithEachMessage() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 4, 128);
                IoMemory control = IoMemory.allocate(ControlMessages.space(4));
                IoVectors data = IoVectors.of(rig.bytes("x"));
                MessageHeader out = MessageHeader.of(data)) {
            int[] pair = rig.socketPair();
            int[] pipe = rig.pipe();
            putRights(control, pipe[1]);
            out.setControl(control, 0, (int) control.bytes());
            rig.next().prepareRecvmsgMultishot(pair[1], buffers, ROOM, Linux.MSG_CMSG_CLOEXEC, 7);
            rig.ring.submit();
            rig.next().prepareSendmsg(pair[0], out, 0, 8);
            Completion one = rig.take();
            Completion other = rig.take();
            Completion received = one.userData() == 7 ? one : other;
            ReceivedMessage message = message(buffers, received, ROOM);
            assertEquals("x", new String(bytes(message.data()), UTF_8));
            int passed = rig.keep(rights(message.control()));
            assertEquals(2, Libc.write(passed, "hi".getBytes(UTF_8)));
            assertEquals("hi", new String(Libc.read(pipe[0], 9), UTF_8));
        }
    }

    @Test
    @Does("RECVMSG")
    void tellsWhatDidNotFitIntoABuffer() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 1, 40)) {
            Sockets sockets = new Sockets(rig);
            int receiver = sockets.bound();
            send(sockets, receiver, "0123456789");
            MessageRoom room = new MessageRoom(16, 0);
            int flags = Linux.MSG_TRUNC;
            rig.next().prepareRecvmsgMultishot(receiver, buffers, room, flags, 7);
            Completion received = rig.take();
            assertEquals(40, received.result());
            ReceivedMessage message = message(buffers, received, room);
            assertTrue(message.isCutOff());
            assertEquals("01234567", new String(bytes(message.data()), UTF_8));
            assertEquals(10, message.messageBytes());
        }
    }

    @Test
    @Refuses("RECVMSG")
    void endsWhenTheBufferHasNoRoom() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 3, 1, 64)) {
            Sockets sockets = new Sockets(rig);
            int receiver = sockets.bound();
            send(sockets, receiver, "x");
            rig.next().prepareRecvmsgMultishot(receiver, buffers, ROOM, 0, 7);
            Completion end = rig.take();
            assertEquals(-Errno.EFAULT, end.result());
            assertEquals(0, end.flags() & IoUring.IORING_CQE_F_MORE);
            Sockets.assertWorks(rig);
        }
    }
}
