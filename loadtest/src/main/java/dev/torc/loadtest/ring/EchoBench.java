package dev.torc.loadtest.ring;

import dev.torc.uring.BufferGroup;
import dev.torc.uring.BufferRingSetup;
import dev.torc.uring.CompletionHandler;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.MemorySegment;

/// A message bounces between the ends of each of several socket pairs: the thread answers it at
/// both ends, so an operation is one receive and one send, and nothing else runs. `echo.c` is the
/// same in C, and `epoll.c` on epoll.
final class EchoBench implements Bench, CompletionHandler {
    /// Bytes of each message.
    static final int MESSAGE_BYTES = 64;

    private static final int GROUP = 1;
    private static final int SEND = 1;

    private final Ring ring;
    private final int[] sockets;
    private final BufferGroup buffers;
    private final IoMemory messages;
    private final long waitNanos;
    private long received;

    /// Sends a message to each of the pairs in `sockets`: 0 and 1, 2 and 3, ...
    EchoBench(Ring ring, int[] sockets, long waitNanos) {
        this.ring = ring;
        this.sockets = sockets;
        this.waitNanos = waitNanos;
        int count = Math.max(2, Integer.highestOneBit(2 * sockets.length - 1));
        buffers = BufferGroup.open(ring, BufferRingSetup.of(GROUP, count, MESSAGE_BYTES));
        messages = IoMemory.allocate((long) sockets.length * MESSAGE_BYTES);
        for (int socket = 0; socket < sockets.length; socket++) receive(socket);
        for (int socket = 0; socket < sockets.length; socket += 2) send(socket);
    }

    @Override
    public long run(int turns) {
        long before = received;
        for (int turn = 0; turn < turns; turn++) {
            RingException.check("io_uring_enter", ring.submitAndWait(waitNanos));
            ring.drain(this);
        }
        return received - before;
    }

    @Override
    public void onCompletion(long userData, int result, int flags) {
        RingException.check("echo", result);
        if (result != MESSAGE_BYTES) throw new IllegalStateException("torn message: " + result);
        if ((userData & SEND) != 0) return;
        received++;
        int socket = (int) (userData >>> 1);
        buffers.take(result, flags);
        copy(buffers.position(0), socket);
        buffers.put(result, flags);
        if ((flags & IoUring.IORING_CQE_F_MORE) == 0) receive(socket);
        send(socket);
    }

    private void receive(int socket) {
        buffers.recvMultishot(sockets[socket], 0, (long) socket << 1);
    }

    /// What has come is sent back from memory of the socket's, so that the buffer is free at once.
    private void copy(long position, int socket) {
        MemorySegment to = messages.segment();
        long offset = (long) socket * MESSAGE_BYTES;
        MemorySegment.copy(buffers.memory(), position, to, offset, MESSAGE_BYTES);
    }

    private void send(int socket) {
        long offset = (long) socket * MESSAGE_BYTES;
        long userData = (long) socket << 1 | SEND;
        ring.next().prepareSend(sockets[socket], messages, offset, MESSAGE_BYTES, 0, userData);
    }

    /// The memory is freed when what is in flight has ended, at the latest with the ring.
    @Override
    public void close() {
        buffers.close();
        messages.close();
    }
}
