package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What the tests of Zig's standard library ask of a ring's operations on sockets.
class ZigSocketTest {
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final byte[] SENT = {1, 0, 1, 0, 1, 0, 1, 0, 1, 0};

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static Rig rig(int entries) {
        return new Rig(Ring.open(RingSetup.of(entries)));
    }

    private static void assertEntry(Sqe sqe, int opcode, int fd) {
        assertEquals(opcode, Memory.getByte(sqe.address() + SqeLayout.OPCODE));
        assertEquals(fd, Memory.getInt(sqe.address() + SqeLayout.FD));
    }

    private record Pair(int listener, int server, int client) {}

    /// Accepts and connects in the ring: the accept is submitted first.
    private static Pair connected(Rig rig) {
        Sockets sockets = new Sockets(rig);
        int listener = sockets.listener();
        int client = sockets.open(Sockets.TCP);
        assertEntry(
                rig.next().prepareAccept(listener, 0, 0xaaaaaaaaL),
                IoUring.IORING_OP_ACCEPT,
                listener);
        assertEquals(1, rig.ring.submit());
        assertEntry(
                rig.next().prepareConnect(client, sockets.address(listener), 0xccccccccL),
                IoUring.IORING_OP_CONNECT,
                client);
        assertEquals(1, rig.ring.submit());
        Map<Long, Completion> done = take(rig, 2);
        assertEquals(0, result(done, 0xccccccccL));
        return new Pair(listener, rig.keep(result(done, 0xaaaaaaaaL)), client);
    }

    /// The next completions, which come in any order.
    private static Map<Long, Completion> take(Rig rig, int count) {
        Map<Long, Completion> done = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Completion completion = rig.take();
            done.put(completion.userData(), completion);
        }
        assertEquals(count, done.size());
        return done;
    }

    private static int result(Map<Long, Completion> done, long userData) {
        return Objects.requireNonNull(done.get(userData)).result();
    }

    /// The kernel says of some receives that there is more.
    private static void assertReceived(Completion completion, long userData, int result) {
        assertEquals(userData, completion.userData());
        assertEquals(result, completion.result());
        assertEquals(0, completion.flags() & ~IoUring.IORING_CQE_F_SOCK_NONEMPTY);
    }

    @Test
    void acceptConnectSendRecv() {
        try (Rig rig = rig(16)) {
            sendAndReceive(rig, connected(rig));
        }
    }

    private static void sendAndReceive(Rig rig, Pair pair) {
        IoMemory sent = rig.memory(SENT.length);
        sent.segment().copyFrom(MemorySegment.ofArray(SENT));
        IoMemory received = rig.memory(5);
        rig.next()
                .prepareSend(pair.client(), sent, 0, 10, 0, 0xeeeeeeeeL)
                .addFlags(IoUring.IOSQE_IO_LINK);
        rig.next().prepareRecv(pair.server(), received, 0, 5, 0, 0xffffffffL);
        assertEquals(2, rig.ring.submit());
        assertEquals(new Completion(0xeeeeeeeeL, 10, 0), rig.take());
        assertReceived(rig.take(), 0xffffffffL, 5);
        assertEquals(-1, received.segment().mismatch(sent.segment().asSlice(0, 5)));
    }

    @Test
    void sendmsgRecvmsg() {
        try (Rig rig = rig(2);
                IoMemory sent = IoMemory.allocate(128);
                IoVectors sentVectors = IoVectors.of(sent);
                MessageHeader out = MessageHeader.of(sentVectors);
                IoMemory received = IoMemory.allocate(128);
                IoVectors receivedVectors = IoVectors.of(received);
                MessageHeader in = MessageHeader.of(receivedVectors)) {
            Sockets sockets = new Sockets(rig);
            int server = sockets.bound();
            int client = sockets.open(Sockets.UDP);
            sent.segment().fill((byte) 42);
            out.setDestination(sockets.address(server));
            Sqe sqe = rig.next().prepareSendmsg(client, out, 0, 0x11111111);
            assertEntry(sqe.addFlags(IoUring.IOSQE_IO_LINK), IoUring.IORING_OP_SENDMSG, client);
            sqe = rig.next().prepareRecvmsg(server, in, 0, 0x22222222);
            assertEntry(sqe, IoUring.IORING_OP_RECVMSG, server);
            assertEquals(2, rig.ring.pendingCount());
            assertEquals(2, rig.ring.submitAndWait(2, Rig.WAIT_NANOS));
            assertEquals(0, rig.ring.pendingCount());
            assertEquals(2, rig.ring.readyCount());
            assertEquals(new Completion(0x11111111, 128, 0), rig.take());
            assertReceived(rig.take(), 0x22222222, 128);
            assertEquals(-1, sent.segment().mismatch(received.segment()));
        }
    }

    @Test
    void acceptConnectRecvCancel() {
        try (Rig rig = rig(16)) {
            Pair pair = connected(rig);
            IoMemory memory = rig.memory(5);
            rig.next().prepareRecv(pair.server(), memory, 0, 5, 0, 0xffffffffL);
            assertEquals(1, rig.ring.submit());
            Sqe sqe = rig.next().prepareCancel(0xffffffffL, 0, 0x99999999L);
            assertEntry(sqe, IoUring.IORING_OP_ASYNC_CANCEL, -1);
            // Unlike in Zig it names the lease of the memory.
            assertTrue(Leases.isToken(Memory.getLong(sqe.address() + SqeLayout.ADDR)));
            assertEquals(0x99999999L, Memory.getLong(sqe.address() + SqeLayout.USER_DATA));
            assertEquals(1, rig.ring.submit());
            Map<Long, Completion> done = take(rig, 2);
            assertEquals(new Completion(0xffffffffL, -Errno.ECANCELED, 0), done.get(0xffffffffL));
            assertEquals(new Completion(0x99999999L, 0, 0), done.get(0x99999999L));
        }
    }

    @Test
    void shutdown() {
        try (Rig rig = rig(16)) {
            Sockets sockets = new Sockets(rig);
            assertShutdown(rig, sockets.listener(), 0);
            assertShutdown(rig, sockets.open(Sockets.TCP), -Errno.ENOTCONN);
        }
    }

    private static void assertShutdown(Rig rig, int fd, int result) {
        Sqe sqe = rig.next().prepareShutdown(fd, Linux.SHUT_RD, 0x445445445L);
        assertEntry(sqe, IoUring.IORING_OP_SHUTDOWN, fd);
        assertEquals(1, rig.ring.submit());
        assertEquals(new Completion(0x445445445L, result, 0), rig.take());
    }

    @Test
    void acceptMultishot() {
        try (Rig rig = rig(16)) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            rig.next().prepareMultishotAccept(listener, 0, 0xaaaaaaaaL);
            assertEquals(1, rig.ring.submit());
            for (int left = 4; left > 0; left--) {
                sockets.connect(sockets.open(Sockets.TCP), sockets.address(listener));
                Completion accepted = rig.take();
                rig.keep(accepted.result());
                assertEquals(0xaaaaaaaaL, accepted.userData());
                assertEquals(
                        IoUring.IORING_CQE_F_MORE,
                        accepted.flags() & ~IoUring.IORING_CQE_F_SOCK_NONEMPTY);
            }
        }
    }

    @Test
    void acceptDirect() {
        try (Rig rig = rig(1)) {
            new DirectDescriptors(rig.ring, 2);
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            for (int round = 0; round < 2; round++) {
                Set<Integer> slots = new HashSet<>();
                for (int i = 0; i < 2; i++) {
                    rig.next().prepareAcceptDirectAlloc(listener, 0, 0xaaaaaaaaL);
                    assertEquals(1, rig.ring.submit());
                    int client = sockets.open(Sockets.TCP);
                    sockets.connect(client, sockets.address(listener));
                    Completion accepted = rig.take();
                    assertEquals(new Completion(0xaaaaaaaaL, accepted.result(), 0), accepted);
                    slots.add(accepted.result());
                    receiveDirect(rig, accepted.result(), client);
                }
                assertEquals(Set.of(0, 1), slots);
                rig.next().prepareAcceptDirectAlloc(listener, 0, 0xaaaaaaaaL);
                assertEquals(1, rig.ring.submit());
                sockets.connect(sockets.open(Sockets.TCP), sockets.address(listener));
                assertEquals(new Completion(0xaaaaaaaaL, -Errno.ENFILE, 0), rig.take());
                for (int slot = 0; slot < 2; slot++) closeDirect(rig, slot);
            }
        }
    }

    private static void receiveDirect(Rig rig, int slot, int client) {
        IoMemory received = rig.memory(5);
        Sockets.direct(rig.next().prepareRecv(slot, received, 0, 5, 0, 0xbbbbbbbbL));
        assertEquals(1, rig.ring.submit());
        assertEquals(SENT.length, Libc.write(client, SENT));
        assertReceived(rig.take(), 0xbbbbbbbbL, 5);
        byte[] start = received.segment().toArray(ValueLayout.JAVA_BYTE);
        assertEquals(5, Arrays.mismatch(start, SENT));
    }

    private static void closeDirect(Rig rig, int slot) {
        Sqe sqe = rig.next().prepareCloseDirect(slot, 0xccccccccL);
        assertEquals(IoUring.IORING_OP_CLOSE, Memory.getByte(sqe.address() + SqeLayout.OPCODE));
        assertEquals(slot + 1, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
        assertEquals(1, rig.ring.submit());
        assertEquals(new Completion(0xccccccccL, 0, 0), rig.take());
    }

    @Test
    void acceptMultishotDirect() {
        try (Rig rig = rig(1)) {
            new DirectDescriptors(rig.ring, 2);
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            for (int round = 0; round < 2; round++) {
                rig.next().prepareMultishotAcceptDirect(listener, 0, 0xaaaaaaaaL);
                assertEquals(1, rig.ring.submit());
                Set<Integer> slots = new HashSet<>();
                for (int i = 0; i < 2; i++) {
                    sockets.connect(sockets.open(Sockets.TCP), sockets.address(listener));
                    Completion accepted = rig.take();
                    assertEquals(0xaaaaaaaaL, accepted.userData());
                    assertTrue(accepted.hasMore());
                    slots.add(accepted.result());
                }
                assertEquals(Set.of(0, 1), slots);
                sockets.connect(sockets.open(Sockets.TCP), sockets.address(listener));
                assertEquals(new Completion(0xaaaaaaaaL, -Errno.ENFILE, 0), rig.take());
                for (int slot = 0; slot < 2; slot++) closeDirect(rig, slot);
            }
        }
    }

    @Test
    void socket() {
        try (Rig rig = rig(1)) {
            Sqe sqe = rig.next().prepareSocket(Linux.AF_INET, Linux.SOCK_STREAM, 0, 0);
            assertEntry(sqe, IoUring.IORING_OP_SOCKET, Linux.AF_INET);
            assertEquals(1, rig.ring.submit());
            Completion opened = rig.take();
            assertTrue(Sockets.isSocket(rig.keep(opened.result())));
        }
    }

    @Test
    void socketDirect() {
        try (Rig rig = rig(2)) {
            new DirectDescriptors(rig.ring, 2);
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            for (int slot = 0; slot < 2; slot++) {
                int type = Linux.SOCK_STREAM;
                Sqe sqe = rig.next().prepareSocketDirect(Linux.AF_INET, type, 0, slot, 0);
                assertEquals(slot + 1, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
                assertEquals(1, rig.ring.submit());
                assertEquals(0, rig.take().result());
                useDirect(rig, listener, slot);
            }
            for (int slot = 0; slot < 2; slot++) closeDirect(rig, slot);
        }
    }

    @Test
    void socketDirectAlloc() {
        try (Rig rig = rig(2)) {
            new DirectDescriptors(rig.ring, 2);
            int listener = new Sockets(rig).listener();
            for (int slot = 0; slot < 2; slot++) {
                rig.next().prepareSocketDirectAlloc(Linux.AF_INET, Linux.SOCK_STREAM, 0, 0);
                assertEquals(1, rig.ring.submit());
                assertEquals(slot, rig.take().result());
                useDirect(rig, listener, slot);
            }
            for (int slot = 0; slot < 2; slot++) closeDirect(rig, slot);
        }
    }

    /// Connects and sends in one chain.
    private static void useDirect(Rig rig, int listener, int slot) {
        Sockets sockets = new Sockets(rig);
        Sockets.direct(rig.next().prepareConnect(slot, sockets.address(listener), 1))
                .addFlags(IoUring.IOSQE_IO_LINK);
        Sockets.direct(rig.next().prepareSend(slot, rig.bytes("hi"), 0, 2, 0, 2));
        assertEquals(2, rig.ring.submit());
        assertEquals(new Completion(1, 0, 0), rig.take());
        assertEquals(new Completion(2, 2, 0), rig.take());
        assertEquals("hi", new String(Libc.read(sockets.accept(listener), 9), UTF_8));
    }

    @Test
    void bindListenConnect() {
        try (Rig rig = rig(4)) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.open(Sockets.TCP);
            sockets.setOption(listener, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1);
            bindAndListen(rig, listener, 0);
            useListener(rig, listener);
        }
    }

    @Test
    void bindListenConnectWithOptions() {
        try (Rig rig = rig(4)) {
            int listener = socketByRing(rig);
            bindAndListen(rig, listener, Linux.SO_REUSEADDR);
            assertEquals(1, optionByRing(rig, listener, Linux.SO_REUSEADDR));
            assertEquals(1, optionByRing(rig, listener, Linux.SO_ACCEPTCONN));
            useListener(rig, listener);
        }
    }

    private static int socketByRing(Rig rig) {
        rig.next().prepareSocket(Linux.AF_INET, Sockets.TCP, 0, 1);
        assertEquals(1, rig.ring.submit());
        return rig.keep(rig.take().result());
    }

    /// In one chain, with an option set before when that is not 0.
    private static void bindAndListen(Rig rig, int listener, int option) {
        int level = Linux.SOL_SOCKET;
        int count = option == 0 ? 2 : 3;
        if (option != 0) {
            IoMemory one = rig.memory(4);
            one.segment().set(ValueLayout.JAVA_INT, 0, 1);
            rig.next()
                    .prepareCmdSockSetsockopt(listener, level, option, one, 0, 4, 3)
                    .addFlags(IoUring.IOSQE_IO_LINK);
        }
        Sqe sqe = rig.next().prepareBind(listener, ANY, 1);
        assertEntry(sqe, IoUring.IORING_OP_BIND, listener);
        sqe.addFlags(IoUring.IOSQE_IO_LINK);
        sqe = rig.next().prepareListen(listener, 1, 2);
        assertEntry(sqe, IoUring.IORING_OP_LISTEN, listener);
        assertEquals(1, Memory.getInt(sqe.address() + SqeLayout.LEN));
        assertEquals(count, rig.ring.submit());
        for (Completion done : take(rig, count).values()) assertEquals(0, done.result());
    }

    private static int optionByRing(Rig rig, int fd, int option) {
        IoMemory value = rig.memory(4);
        int level = Linux.SOL_SOCKET;
        rig.next().prepareCmdSockGetsockopt(fd, level, option, value, 0, 4, 5);
        assertEquals(1, rig.ring.submit());
        assertEquals(new Completion(5, 4, 0), rig.take());
        return value.segment().get(ValueLayout.JAVA_INT, 0);
    }

    /// Connects to it and accepts, sends both ways, shuts down.
    private static void useListener(Rig rig, int listener) {
        int client = socketByRing(rig);
        rig.next().prepareAccept(listener, 0, 6);
        rig.next().prepareConnect(client, new Sockets(rig).address(listener), 7);
        assertEquals(2, rig.ring.submit());
        Map<Long, Completion> done = take(rig, 2);
        assertEquals(0, result(done, 7L));
        int server = rig.keep(result(done, 6L));
        sendAndReceive(rig, new Pair(listener, server, client));
        sendAndReceive(rig, new Pair(listener, client, server));
        for (int fd : new int[] {client, server}) {
            rig.next().prepareShutdown(fd, Linux.SHUT_RDWR, 8);
            assertEquals(1, rig.ring.submit());
            assertEquals(new Completion(8, 0, 0), rig.take());
        }
    }
}
