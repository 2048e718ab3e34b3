package dev.torc.uring;

import dev.torc.uring.abi.BufRing;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;

/// Receive buffers that a ring's operations share: the kernel takes one when data arrives, the
/// program gives it back (`IORING_REGISTER_PBUF_RING`, 5.19). Runs on the ring's thread; allocates
/// nothing.
///
/// A buffer is with the kernel, or out (handed over with a completion), or given back but not yet
/// [published][#publish()]. An operation holds all of them until its last completion, so [#close()]
/// frees them then, if it comes earlier.
public final class BufferRing extends BufferSelection implements AutoCloseable {
    private static final int COUNT_MAX = 1 << 15;

    private final Ring ring;
    private final int group;
    private final int count;
    private final int bufferBytes;
    private final boolean managed;
    private final Loans loans = new Loans();
    private final long entries;
    private final long entriesBytes;
    private final long buffers;
    private final boolean[] withKernel;
    private int out;
    private short tail;
    private boolean open = true;

    /// Registers `count` (a power of two, 32,768 at most) buffers of `bufferBytes` bytes as `group`
    /// (0 to 65,535).
    public BufferRing(Ring ring, int group, int count, int bufferBytes) {
        this(ring, group, count, bufferBytes, true);
    }

    /// [#BufferRing(Ring, int, int, int)], for a program that makes sure by itself that no
    /// operation uses the group any more when it closes this: then operations need not hold it.
    public static BufferRing unmanaged(Ring ring, int group, int count, int bufferBytes) {
        return new BufferRing(ring, group, count, bufferBytes, false);
    }

    private BufferRing(Ring ring, int group, int count, int bufferBytes, boolean managed) {
        require(count > 0 && count <= COUNT_MAX && Integer.bitCount(count) == 1, "count", count);
        require(group >= 0 && group <= 0xffff, "group", group);
        require(bufferBytes > 0, "bufferBytes", bufferBytes);
        ring.support().require("IORING_REGISTER_PBUF_RING", 5, 19);
        this.ring = ring;
        this.group = group;
        this.count = count;
        this.bufferBytes = bufferBytes;
        this.managed = managed;
        withKernel = new boolean[count];
        Kernel calls = ring.kernel();
        entriesBytes = (long) count * BufRing.ENTRY_BYTES;
        entries = RingMemory.anonymous(calls, entriesBytes);
        try {
            buffers = RingMemory.anonymous(calls, (long) count * bufferBytes);
        } catch (RingException failure) {
            calls.munmap(entries, entriesBytes);
            throw failure;
        }
        try {
            register();
        } catch (RingException failure) {
            unmap();
            throw failure;
        }
        for (int bufferId = 0; bufferId < count; bufferId++) add(bufferId);
        publish();
    }

    private static void require(boolean holds, String name, int value) {
        if (!holds) throw new IllegalArgumentException("out of range: " + name + "=" + value);
    }

    private void register() {
        try (Arena scratch = Arena.ofConfined()) {
            long registration = scratch.allocate(BufRing.REG_BYTES, Long.BYTES).address();
            BufRing.putRegistration(registration, entries, count, group);
            int opcode = IoUring.IORING_REGISTER_PBUF_RING;
            ring.register("IORING_REGISTER_PBUF_RING", opcode, registration, 1);
        }
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

    @Override
    public int group() {
        return group;
    }

    /// Unregisters the group. The buffers are freed now, or when the last operation that holds them
    /// has ended.
    @Override
    public void close() {
        if (!open) return;
        open = false;
        if (ring.isOpen()) unregister();
        if (loans.close()) unmap();
    }

    private void unregister() {
        try (Arena scratch = Arena.ofConfined()) {
            long registration = scratch.allocate(BufRing.REG_BYTES, Long.BYTES).address();
            BufRing.putRegistration(registration, 0, 0, group);
            int opcode = IoUring.IORING_UNREGISTER_PBUF_RING;
            ring.register("IORING_UNREGISTER_PBUF_RING", opcode, registration, 1);
        }
    }

    @Override
    boolean isManaged() {
        return managed;
    }

    @Override
    void lend() {
        loans.add("buffer ring");
    }

    @Override
    void giveBack() {
        if (loans.remove()) unmap();
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
}
