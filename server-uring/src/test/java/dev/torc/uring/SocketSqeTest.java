package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

class SocketSqeTest {
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final int PICKED = -1;

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    // ---- sockets

    @Test
    @Does("SOCKET")
    void opensASocket() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().prepareSocket(Linux.AF_INET, Sockets.UDP, 17, 1);
            assertEquals(Linux.AF_INET, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(Sockets.UDP, Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(17, Memory.getInt(sqe.address() + SqeLayout.LEN));
            int fd = rig.keep(rig.run(sqe));
            assertTrue(Sockets.isSocket(fd));
            int type = new Sockets(rig).option(fd, Linux.SOL_SOCKET, Linux.SO_TYPE);
            assertEquals(Linux.SOCK_DGRAM, type);
        }
    }

    @Test
    @Does("SOCKET")
    void opensDirectSockets() {
        try (Rig rig = new Rig()) {
            new DirectDescriptors(rig.ring, 4);
            Sqe sqe = rig.next().prepareSocketDirect(Linux.AF_INET, Linux.SOCK_STREAM, 0, 2, 1);
            assertEquals(3, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(0, rig.run(sqe));
            assertTrue(Sockets.isSocket(new Sockets(rig).install(2)));
            sqe = rig.next().prepareSocketDirectAlloc(Linux.AF_INET, Linux.SOCK_STREAM, 0, 1);
            assertEquals(-1, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            int slot = rig.run(sqe);
            assertTrue(slot >= 0 && slot != 2, () -> "slot=" + slot);
            assertTrue(Sockets.isSocket(new Sockets(rig).install(slot)));
        }
    }

    @Test
    @Refuses("SOCKET")
    void opensNoSocketThatThereIsNot() {
        try (Rig rig = new Rig()) {
            assertEquals(-Errno.EAFNOSUPPORT, rig.run(rig.next().prepareSocket(9999, 1, 0, 1)));
            Sockets.assertWorks(rig);
        }
    }

    @Test
    @Refuses({"SOCKET", "ACCEPT"})
    void opensNoDirectSocketWithoutAPlaceForIt() {
        try (Rig rig = new Rig()) {
            int listener = new Sockets(rig).listener();
            new DirectDescriptors(rig.ring, 1);
            int type = Linux.SOCK_STREAM;
            int cloexec = Linux.SOCK_CLOEXEC;
            assertEquals(
                    -Errno.EINVAL,
                    rig.run(rig.next().prepareSocketDirect(2, type | cloexec, 0, 0, 1)));
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareAcceptDirect(3, cloexec, 0, 1)));
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareSocketDirect(2, type, 0, 1, 1)));
            assertEquals(0, rig.run(rig.next().prepareSocketDirectAlloc(2, type, 0, 1)));
            assertEquals(
                    -Errno.ENFILE, rig.run(rig.next().prepareSocketDirectAlloc(2, type, 0, 1)));
            int client = new Sockets(rig).open(Sockets.TCP);
            new Sockets(rig).connect(client, new Sockets(rig).address(listener));
            assertEquals(
                    -Errno.ENFILE, rig.run(rig.next().prepareAcceptDirectAlloc(listener, 0, 1)));
            Sockets.assertWorks(rig);
        }
    }

    @Test
    void refusesSlotsThatWouldMeanSomethingElse() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next();
            for (int slot : new int[] {-1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> sqe.prepareSocketDirect(2, 1, 0, slot, 1));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> sqe.prepareAcceptDirect(0, 0, slot, 1));
            }
            assertEquals(0, rig.run(sqe.prepareNop(1)));
        }
    }

    // ---- addresses

    @Test
    @Does({"BIND", "LISTEN", "ACCEPT"})
    void listensAndTellsWhoHasConnected() throws IOException {
        try (Rig rig = new Rig();
                SocketAddressBuffer peer = new SocketAddressBuffer()) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.open(Sockets.TCP);
            assertEquals(0, rig.run(rig.next().prepareBind(listener, ANY, 1)));
            assertEquals(0, rig.run(rig.next().prepareListen(listener, 16, 1)));
            InetSocketAddress address = sockets.address(listener);
            assertEquals(ANY.getAddress(), address.getAddress());
            try (SocketChannel client = SocketChannel.open(address)) {
                int flags = Linux.SOCK_CLOEXEC;
                int fd = rig.keep(rig.run(rig.next().prepareAccept(listener, peer, flags, 1)));
                assertEquals(client.getLocalAddress(), peer.address());
                assertEquals(client.getRemoteAddress(), sockets.address(fd));
                assertEquals(1, Libc.fcntl(fd, 1, 0), "FD_CLOEXEC");
            }
        }
    }

    @Test
    @Does("CONNECT")
    void connects() throws IOException {
        try (Rig rig = new Rig();
                ServerSocketChannel server = ServerSocketChannel.open().bind(ANY)) {
            int fd = new Sockets(rig).open(Sockets.TCP);
            Sqe sqe = rig.next().prepareConnect(fd, server.getLocalAddress(), 1);
            assertEquals(16, Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(0, rig.run(sqe));
            try (SocketChannel accepted = server.accept()) {
                assertEquals(new Sockets(rig).address(fd), accepted.getRemoteAddress());
            }
        }
    }

    @Test
    @Does({"BIND", "LISTEN", "CONNECT", "ACCEPT"})
    void connectsUnixSocketsByPath() {
        try (Rig rig = new Rig();
                SocketAddressBuffer peer = new SocketAddressBuffer()) {
            UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("socket"));
            UnixDomainSocketAddress own = UnixDomainSocketAddress.of(directory.resolve("own"));
            int listener = unix(rig);
            assertEquals(0, rig.run(rig.next().prepareBind(listener, path, 1)));
            assertEquals(0, rig.run(rig.next().prepareListen(listener, 16, 1)));
            int nameless = unix(rig);
            assertEquals(0, rig.run(rig.next().prepareConnect(nameless, path, 1)));
            rig.keep(rig.run(rig.next().prepareAccept(listener, peer, 0, 1)));
            assertEquals(UnixDomainSocketAddress.of(""), peer.address());
            int named = unix(rig);
            assertEquals(0, rig.run(rig.next().prepareBind(named, own, 1)));
            assertEquals(0, rig.run(rig.next().prepareConnect(named, path, 1)));
            int accepted = rig.keep(rig.run(rig.next().prepareAccept(listener, peer, 0, 1)));
            assertEquals(own, peer.address());
            assertEquals(2, Libc.write(named, "hi".getBytes(UTF_8)));
            assertEquals("hi", new String(Libc.read(accepted, 9), UTF_8));
        }
    }

    private static int unix(Rig rig) {
        return rig.keep(rig.run(rig.next().prepareSocket(Linux.AF_UNIX, Sockets.TCP, 0, 1)));
    }

    @Test
    @Refuses({"BIND", "LISTEN", "CONNECT", "ACCEPT", "SHUTDOWN"})
    void failsAsTheSystemCallsDo() {
        try (Rig rig = new Rig()) {
            Sockets sockets = new Sockets(rig);
            int taken = sockets.bound();
            int free = sockets.open(Sockets.UDP);
            InetSocketAddress address = sockets.address(taken);
            assertEquals(-Errno.EADDRINUSE, rig.run(rig.next().prepareBind(free, address, 1)));
            assertEquals(-Errno.EOPNOTSUPP, rig.run(rig.next().prepareListen(free, 1, 1)));
            int tcp = sockets.open(Sockets.TCP);
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareAccept(tcp, 0, 1)));
            assertEquals(
                    -Errno.ENOTCONN, rig.run(rig.next().prepareShutdown(tcp, Linux.SHUT_RD, 1)));
            InetSocketAddress nobody = sockets.address(sockets.bound(Sockets.TCP));
            assertEquals(-Errno.ECONNREFUSED, rig.run(rig.next().prepareConnect(tcp, nobody, 1)));
            Sockets.assertWorks(rig);
        }
    }

    @Test
    void refusesAddressesThatCannotBePassed() {
        try (Rig rig = new Rig()) {
            InetSocketAddress unresolved = InetSocketAddress.createUnresolved("x.invalid", 1);
            UnixDomainSocketAddress longPath = UnixDomainSocketAddress.of("x".repeat(108));
            Sqe sqe = rig.next();
            IoMemory memory = rig.memory(8);
            assertThrows(IllegalArgumentException.class, () -> sqe.prepareBind(0, unresolved, 1));
            assertThrows(IllegalArgumentException.class, () -> sqe.prepareConnect(0, longPath, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareSendto(0, memory, 0, 8, 0, unresolved, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareSendtoZc(0, memory, 0, 8, 0, longPath, 0, 1));
            assertEquals(0, rig.run(sqe.prepareNop(1)));
        }
    }

    // ---- accepting

    @Test
    @Does("ACCEPT")
    void acceptsDirectDescriptors() throws IOException {
        try (Rig rig = new Rig();
                SocketAddressBuffer peer = new SocketAddressBuffer()) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            new DirectDescriptors(rig.ring, 4);
            InetSocketAddress address = sockets.address(listener);
            Sqe sqe = rig.next().prepareAcceptDirect(listener, 0, 2, 1);
            assertEquals(3, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            rig.ring.submit();
            assertAccepted(rig, address, 2);
            rig.next().prepareAcceptDirect(listener, peer, 0, 3, 1);
            rig.ring.submit();
            assertEquals(assertAccepted(rig, address, 3), peer.address());
            rig.next().prepareAcceptDirectAlloc(listener, 0, 1);
            rig.ring.submit();
            assertAccepted(rig, address, PICKED);
            rig.next().prepareAcceptDirectAlloc(listener, peer, 0, 1);
            rig.ring.submit();
            assertEquals(assertAccepted(rig, address, PICKED), peer.address());
        }
    }

    /// Connects, and makes sure that the direct descriptor is the other end.
    private static InetSocketAddress assertAccepted(Rig rig, InetSocketAddress address, int wanted)
            throws IOException {
        try (SocketChannel client = SocketChannel.open(address)) {
            int result = rig.take().result();
            int slot = wanted == PICKED ? result : wanted;
            if (wanted != PICKED) assertEquals(0, result);
            Sockets sockets = new Sockets(rig);
            assertEquals(client.getRemoteAddress(), sockets.address(sockets.install(slot)));
            return (InetSocketAddress) client.getLocalAddress();
        }
    }

    @Test
    void holdsThePeersAddressUntilTheAcceptHasEnded() throws IOException {
        try (Rig rig = new Rig()) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            SocketAddressBuffer peer = new SocketAddressBuffer();
            assertNull(peer.address());
            rig.next().prepareAccept(listener, peer, 0, 1);
            rig.ring.submit();
            assertTrue(peer.isLent());
            assertThrows(IllegalStateException.class, peer::address);
            Sqe second = rig.next();
            assertThrows(
                    IllegalStateException.class, () -> second.prepareAccept(listener, peer, 0, 2));
            peer.close();
            assertTrue(peer.isLent());
            try (SocketChannel client = SocketChannel.open(sockets.address(listener))) {
                assertTrue(client.isConnected());
                rig.keep(rig.take().result());
            }
            assertFalse(peer.isLent());
            Sqe third = rig.next();
            assertThrows(
                    IllegalStateException.class, () -> third.prepareAccept(listener, peer, 0, 2));
            assertEquals(0, rig.run(third.prepareNop(1)));
        }
    }

    @Test
    @Does("ACCEPT")
    void doesNotWaitForAConnectionWhenToldSo() throws IOException {
        try (Rig rig = new Rig()) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            rig.next().prepareAccept(listener, 0, 1).addSocketFlags(IoUring.IORING_ACCEPT_DONTWAIT);
            assertEquals(-Errno.EAGAIN, rig.take().result());
            Sqe sqe =
                    rig.next()
                            .prepareAccept(listener, 0, 1)
                            .addSocketFlags(IoUring.IORING_ACCEPT_POLL_FIRST);
            assertEquals(4, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            rig.ring.submit();
            rig.assertQuiet();
            try (SocketChannel client = SocketChannel.open(sockets.address(listener))) {
                assertTrue(client.isConnected());
                rig.keep(rig.take().result());
            }
        }
    }

    // ---- the end

    @Test
    @Does("SHUTDOWN")
    void endsOneDirection() {
        try (Rig rig = new Rig()) {
            int[] pair = new Sockets(rig).connected();
            assertEquals(0, rig.run(rig.next().prepareShutdown(pair[0], Linux.SHUT_WR, 1)));
            assertEquals(0, Libc.read(pair[1], 9).length);
            assertEquals(1, Libc.write(pair[1], new byte[1]));
            assertEquals(1, Libc.read(pair[0], 9).length);
        }
    }
}
