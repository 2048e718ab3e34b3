package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// A ring with a table of direct descriptors and a listener on the loopback interface: the bare
/// bones of a transport.
final class RingWithListener implements AutoCloseable {
    private static final long ACCEPT = 0xacce;
    private static final long TURN_NANOS = 20_000_000;

    final Ring ring = Ring.open(64, 256);
    final RecordedCompletions recorded = new RecordedCompletions();
    private final Arena arena = Arena.ofShared();
    private final Syscalls calls = new Syscalls(arena);
    private final List<Socket> clients = new ArrayList<>();
    private final int listener;
    private final InetSocketAddress address;

    RingWithListener(int descriptors) {
        assertEquals(descriptors, new DirectDescriptors(ring, descriptors).count());
        listener = calls.socket(Linux.AF_INET, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC);
        long name = arena.allocate(SockAddr.IN6_BYTES, 8).address();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        assertEquals(0, calls.bind(listener, name, SockAddr.put(name, any)));
        assertEquals(0, calls.listen(listener, 64));
        long length = arena.allocate(4, 4).address();
        Memory.putInt(length, SockAddr.IN6_BYTES);
        assertEquals(0, calls.getsockname(listener, name, length));
        address = SockAddr.get(name);
    }

    /// Native memory of `bytes` zeroes.
    long memory(int bytes) {
        return arena.allocate(bytes, 64).address();
    }

    Socket connect() throws IOException {
        Socket client = new Socket();
        client.connect(address, 10_000);
        client.setSoTimeout(10_000);
        clients.add(client);
        return client;
    }

    /// Accepts one connection; returns its direct descriptor, or `-errno`.
    int accept() {
        ring.next().prepareAcceptDirectAlloc(listener, 0, ACCEPT);
        Completion completion = await();
        assertEquals(ACCEPT, completion.userData());
        return completion.result();
    }

    /// Submits a send that is finished at once; returns what has completed by then.
    List<Completion> sendInline(int slot, long memory, int bytes, long userData) {
        int flags = Linux.MSG_DONTWAIT | Linux.MSG_WAITALL | Linux.MSG_NOSIGNAL;
        ring.next()
                .prepareSend(slot, Kernel.MEMORY, memory, bytes, flags, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE)
                .addFlags(IoUring.IOSQE_CQE_SKIP_SUCCESS);
        int number = ring.preparedCount();
        assertEquals(1, ring.submitAndWait(0));
        assertEquals(number, ring.consumedCount());
        ring.drain(recorded);
        return recorded.take();
    }

    /// The next completion.
    Completion await() {
        for (int turn = 0; turn < 500; turn++) {
            if (!recorded.all.isEmpty()) return recorded.all.removeFirst();
            ring.submitAndWait(TURN_NANOS);
            ring.drain(recorded);
        }
        throw new AssertionError("nothing has completed");
    }

    /// No completion is there, and none comes while the ring makes a full turn.
    void assertQuiet() {
        ring.submitAndWait(TURN_NANOS);
        ring.drain(recorded);
        assertTrue(recorded.all.isEmpty(), recorded.all::toString);
    }

    @Override
    public void close() throws IOException {
        for (Socket client : clients) client.close();
        calls.close(listener);
        ring.close();
        arena.close();
    }
}
