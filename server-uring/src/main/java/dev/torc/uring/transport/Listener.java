package dev.torc.uring.transport;

import dev.torc.core.memory.Memory;
import dev.torc.core.spi.ListenFailure;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;
import java.net.InetSocketAddress;

/// A shard's listening socket, with the options that accepted connections inherit.
final class Listener {
    private static final int CLOSED = -1;

    /// What the kernel takes of an answer beyond what the peer's window lets it send at once. Its
    /// own bound is 4 MiB (`net.ipv4.tcp_wmem`), for each peer that asks for much and reads
    /// nothing.
    private static final int UNSENT_BYTES_MAX = 128 * 1024;

    private final Kernel calls;
    private int fd = CLOSED;

    Listener(Kernel calls) {
        this.calls = calls;
    }

    int fd() {
        return fd;
    }

    /// Binds and listens; returns the address with the real port.
    ///
    /// A port `shared` by the server's shards (`SO_REUSEPORT`) is nevertheless taken by the `first`
    /// of them exclusively: it binds without the option and sets it afterwards. Otherwise a second
    /// server of the same user would silently get a part of the connections.
    InetSocketAddress open(InetSocketAddress address, int backlog, boolean shared, boolean first) {
        fd = calls.socket(SockAddr.family(address), Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC);
        check("socket", fd, address);
        try (Arena scratch = Arena.ofConfined()) {
            long one = scratch.allocate(4, 4).address();
            long unsent = scratch.allocate(4, 4).address();
            Memory.putInt(one, 1);
            Memory.putInt(unsent, UNSENT_BYTES_MAX);
            set(Linux.SOL_SOCKET, Linux.SO_REUSEADDR, one, address);
            set(Linux.SOL_SOCKET, Linux.SO_KEEPALIVE, one, address);
            set(Linux.IPPROTO_TCP, Linux.TCP_NODELAY, one, address);
            set(Linux.IPPROTO_TCP, Linux.TCP_NOTSENT_LOWAT, unsent, address);
            if (shared && !first) set(Linux.SOL_SOCKET, Linux.SO_REUSEPORT, one, address);
            long name = scratch.allocate(SockAddr.IN6_BYTES, 8).address();
            int nameBytes = SockAddr.put(name, address);
            check("bind", calls.bind(fd, name, nameBytes), address);
            if (shared && first) set(Linux.SOL_SOCKET, Linux.SO_REUSEPORT, one, address);
            check("listen", calls.listen(fd, backlog), address);
            long length = scratch.allocate(4, 4).address();
            Memory.putInt(length, SockAddr.IN6_BYTES);
            check("getsockname", calls.getsockname(fd, name, length), address);
            return SockAddr.get(name);
        }
    }

    void close() {
        if (fd == CLOSED) return;
        calls.close(fd);
        fd = CLOSED;
    }

    private void set(int level, int option, long value, InetSocketAddress address) {
        check("setsockopt", calls.setsockopt(fd, level, option, value, 4), address);
    }

    private void check(String call, int result, InetSocketAddress address) {
        if (result >= 0) return;
        close();
        throw switch (-result) {
            case Errno.EADDRINUSE -> ListenFailure.IN_USE.at(address, null);
            case Errno.EACCES, Errno.EPERM -> ListenFailure.NOT_PERMITTED.at(address, null);
            case Errno.EADDRNOTAVAIL -> ListenFailure.NO_SUCH_ADDRESS.at(address, null);
            case Errno.EMFILE, Errno.ENFILE -> ListenFailure.TOO_MANY_FILES.at(address, null);
            default -> ListenFailure.at(address, call + " says " + Errno.describe(result), null);
        };
    }
}
