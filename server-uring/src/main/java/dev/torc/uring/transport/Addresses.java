package dev.torc.uring.transport;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.SockAddr;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.net.InetSocketAddress;

/// The addresses of a connection's two ends, looked up once, when first asked for.
///
/// A direct descriptor has no number that `getpeername(2)` takes, and a multishot accept cannot
/// tell the addresses of each connection. So the descriptor is given a number for as long as the
/// two calls take.
final class Addresses {
    static final Addresses UNKNOWN = new Addresses(null, null);

    private final @Nullable InetSocketAddress remote;
    private final @Nullable InetSocketAddress local;

    private Addresses(@Nullable InetSocketAddress remote, @Nullable InetSocketAddress local) {
        this.remote = remote;
        this.local = local;
    }

    static Addresses of(UringConnection connection, Submissions submissions, Kernel calls) {
        int fd = submissions.install(connection);
        if (fd < 0) return UNKNOWN;
        try (Arena scratch = Arena.ofConfined()) {
            long name = scratch.allocate(SockAddr.IN6_BYTES, 8).address();
            long bytes = scratch.allocate(4, 4).address();
            Memory.putInt(bytes, SockAddr.IN6_BYTES);
            InetSocketAddress local =
                    calls.getsockname(fd, name, bytes) == 0 ? SockAddr.get(name) : null;
            Memory.putInt(bytes, SockAddr.IN6_BYTES);
            InetSocketAddress remote =
                    calls.getpeername(fd, name, bytes) == 0 ? SockAddr.get(name) : null;
            return new Addresses(remote, local);
        } finally {
            calls.close(fd);
        }
    }

    @Nullable InetSocketAddress remote() {
        return remote;
    }

    @Nullable InetSocketAddress local() {
        return local;
    }
}
