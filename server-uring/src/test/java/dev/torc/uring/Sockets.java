package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// Sockets for a test, made by system calls beside the ring, and what those tell of them. The rig
/// closes them.
final class Sockets {
    static final int TCP = Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC;
    static final int UDP = Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC;

    private static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");
    private static final int NR_CONNECT = AARCH64 ? 203 : 42;
    private static final int NR_ACCEPT4 = AARCH64 ? 242 : 288;
    private static final int NR_GETSOCKOPT = AARCH64 ? 209 : 55;
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Rig rig;
    private final Syscalls calls = new Syscalls(Arena.ofAuto());

    Sockets(Rig rig) {
        this.rig = rig;
    }

    /// An IPv4 socket.
    int open(int type) {
        return rig.keep(calls.socket(Linux.AF_INET, type));
    }

    /// A UDP socket with a port.
    int bound() {
        return bound(UDP);
    }

    /// A socket with a port, which does not listen.
    int bound(int type) {
        int fd = open(type);
        bind(fd);
        return fd;
    }

    /// A TCP socket that listens.
    int listener() {
        int fd = bound(TCP);
        assertEquals(0, calls.listen(fd, 64));
        return fd;
    }

    /// Two TCP sockets that are connected: the client's and the server's.
    int[] connected() {
        int listener = listener();
        int client = open(TCP);
        connect(client, address(listener));
        return new int[] {client, accept(listener)};
    }

    private void bind(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocate(SockAddr.STORAGE_BYTES, 8).address();
            assertEquals(0, calls.bind(fd, name, SockAddr.put(name, ANY)));
        }
    }

    /// Connects to a listener on this machine, which does not wait.
    void connect(int fd, SocketAddress address) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocate(SockAddr.STORAGE_BYTES, 8).address();
            int bytes = SockAddr.put(name, address);
            assertEquals(0, Libc.call(NR_CONNECT, fd, name, bytes));
        }
    }

    /// Accepts a connection that is there.
    int accept(int listener) {
        Libc.awaitReadable(listener);
        return rig.keep((int) Libc.call(NR_ACCEPT4, listener, 0, 0, Linux.SOCK_CLOEXEC));
    }

    /// Its own address.
    InetSocketAddress address(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SockAddr.STORAGE_BYTES, 8);
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_INT, 128);
            assertEquals(0, calls.getsockname(fd, name.address(), bytes.address()));
            return SockAddr.get(name.address());
        }
    }

    /// An option that is a number.
    int option(int fd, int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(4, 4);
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_INT, 4);
            long result =
                    Libc.call(NR_GETSOCKOPT, fd, level, option, value.address(), bytes.address());
            assertEquals(0, result);
            return value.get(ValueLayout.JAVA_INT, 0);
        }
    }

    void setOption(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            long copy = arena.allocateFrom(ValueLayout.JAVA_INT, value).address();
            assertEquals(0, calls.setsockopt(fd, level, option, copy, 4));
        }
    }

    /// A regular descriptor of the direct one `slot`.
    int install(int slot) {
        return rig.keep(rig.run(rig.next().prepareFixedFdInstall(slot, 0, 0)));
    }

    /// Whether `fd` is a socket.
    static boolean isSocket(int fd) {
        try {
            Path link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd));
            return link.toString().startsWith("socket:");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Makes sure that the ring goes on after what has failed.
    static void assertWorks(Rig rig) {
        assertEquals(0, rig.run(rig.next().prepareNop(1)));
    }

    /// Gives an operation the direct descriptor that it names.
    static Sqe direct(Sqe sqe) {
        return sqe.addFlags(IoUring.IOSQE_FIXED_FILE);
    }
}
