package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Two sockets connected over the loopback interface by an accept and a connect on the ring, as in
/// Zig's tests of io_uring. The rig closes them.
final class LoopbackPair {
    final int server;
    final int client;

    LoopbackPair(Rig rig) {
        try (Arena arena = Arena.ofConfined()) {
            Syscalls calls = new Syscalls(arena);
            int listener = rig.keep(socket(calls));
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            long name = arena.allocate(SockAddr.IN6_BYTES, 8).address();
            int bytes = SockAddr.put(name, any);
            assertEquals(0, calls.bind(listener, name, bytes));
            assertEquals(0, calls.listen(listener, 1));
            long length = arena.allocate(4, 4).address();
            Memory.putInt(length, bytes);
            assertEquals(0, calls.getsockname(listener, name, length));
            client = rig.keep(socket(calls));
            rig.next().prepare(IoUring.IORING_OP_ACCEPT, listener, 0, 0, 0, 0xaaaa_aaaaL);
            assertEquals(1, rig.ring.submit());
            rig.next().prepare(IoUring.IORING_OP_CONNECT, client, name, 0, bytes, 0xcccc_ccccL);
            assertEquals(1, rig.ring.submit());
            Completion first = rig.take();
            Completion second = rig.take();
            boolean inOrder = first.userData() == 0xaaaa_aaaaL;
            Completion accepted = inOrder ? first : second;
            assertEquals(0xaaaa_aaaaL, accepted.userData());
            assertTrue(accepted.result() > 0, accepted::toString);
            server = rig.keep(accepted.result());
            assertEquals(new Completion(0xcccc_ccccL, 0, 0), inOrder ? second : first);
        }
    }

    private static int socket(Syscalls calls) {
        boolean v4 = InetAddress.getLoopbackAddress().getAddress().length == 4;
        int family = v4 ? Linux.AF_INET : Linux.AF_INET6;
        return calls.socket(family, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC);
    }
}
