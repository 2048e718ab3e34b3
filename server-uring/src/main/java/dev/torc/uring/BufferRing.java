package dev.torc.uring;

import dev.torc.uring.abi.BufRing;
import dev.torc.uring.abi.IoUring;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Linux;

import java.lang.foreign.Arena;

/// Receive buffers that a ring's operations share: the kernel takes one when data arrives, the
/// program gives it back (`IORING_REGISTER_PBUF_RING`, 5.19). Runs on the ring's thread; allocates
/// nothing.
///
/// A buffer is with the kernel, or out (handed over with a completion), or given back but not yet
/// [published][#publish()].
public final class BufferRing implements AutoCloseable {
    private final Ring ring;
    private final int group;
    private final int count;
    private final int bufferBytes;
    private final long entries;
    private final long entriesBytes;
    private final long buffers;
    private final boolean[] withKernel;
    private int out;
    private short tail;
    private boolean open = true;

    /// Registers `count` (a power of two) buffers of `bufferBytes` bytes as `group`.
    public BufferRing(Ring ring, int group, int count, int bufferBytes) {
        this.ring = ring;
        this.group = group;
        this.count = count;
        this.bufferBytes = bufferBytes;
        withKernel = new boolean[count];
        entriesBytes = (long) count * BufRing.ENTRY_BYTES;
        entries = map(entriesBytes);
        buffers = map((long) count * bufferBytes);
        int result;
        try (Arena scratch = Arena.ofConfined()) {
            long registration = scratch.allocate(BufRing.REG_BYTES, Long.BYTES).address();
            BufRing.putRegistration(registration, entries, count, group);
            result = ring.register(IoUring.IORING_REGISTER_PBUF_RING, registration, 1);
        }
        if (result < 0) unmap();
        RingException.check("IORING_REGISTER_PBUF_RING", result);
        for (int bufferId = 0; bufferId < count; bufferId++) add(bufferId);
        publish();
    }

    /// Notes that the kernel has handed over the buffer that a completion's `flags` name, and
    /// returns its id. Checked, because the buffer's address is computed from it.
    ///
    /// @throws IllegalStateException when the kernel names a buffer that it does not have, or says
    ///   that it holds more than it can
    public int take(int flags, int bytes) {
        int bufferId = flags >>> IoUring.IORING_CQE_BUFFER_SHIFT;
        if (bufferId >= count || !withKernel[bufferId] || bytes > bufferBytes) {
            throw new IllegalStateException(
                    "kernel handed over a wrong buffer: bufferId=" + bufferId + ", bytes=" + bytes);
        }
        withKernel[bufferId] = false;
        out++;
        return bufferId;
    }

    /// The address of a buffer that is out.
    public long address(int bufferId) {
        return buffers + (long) bufferId * bufferBytes;
    }

    /// Gives a buffer back, to be used again after [#publish()].
    public void recycle(int bufferId) {
        assert !withKernel[bufferId] : "buffer recycled twice";
        out--;
        add(bufferId);
    }

    /// Hands all buffers given back to the kernel.
    public void publish() {
        BufRing.publishTail(entries, tail);
    }

    /// Buffers that are out.
    public int outCount() {
        return out;
    }

    public int group() {
        return group;
    }

    /// Unregisters and frees the buffers. No operation may use the group any more.
    @Override
    public void close() {
        if (!open) return;
        open = false;
        try (Arena scratch = Arena.ofConfined()) {
            long registration = scratch.allocate(BufRing.REG_BYTES, Long.BYTES).address();
            BufRing.putRegistration(registration, 0, 0, group);
            ring.register(IoUring.IORING_UNREGISTER_PBUF_RING, registration, 1);
        }
        unmap();
    }

    private void unmap() {
        Kernel calls = ring.kernel();
        calls.munmap(entries, entriesBytes);
        calls.munmap(buffers, (long) count * bufferBytes);
    }

    private void add(int bufferId) {
        long entry = entries + (long) (tail & (count - 1)) * BufRing.ENTRY_BYTES;
        BufRing.putEntry(entry, address(bufferId), bufferBytes, bufferId);
        withKernel[bufferId] = true;
        tail++;
    }

    private long map(long bytes) {
        int flags = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS;
        long address = ring.kernel().mmap(bytes, flags, -1, 0);
        RingException.check("mmap", Math.min(address, 0));
        return address;
    }
}
