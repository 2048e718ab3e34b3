package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_CQE_BUFFER_SHIFT;
import static dev.torc.uring.constants.IoUring.IORING_CQE_F_BUFFER;
import static dev.torc.uring.constants.IoUring.IORING_CQE_F_BUF_MORE;
import static dev.torc.uring.constants.IoUring.IOU_PBUF_RING_INC;
import static dev.torc.uring.constants.IoUring.IOU_PBUF_RING_MMAP;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.BufRing;
import dev.torc.uring.abi.BufStatus;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Receive buffers that a ring's operations share: the kernel takes one when data arrives, the
/// program gives it back (`IORING_REGISTER_PBUF_RING`, 5.19). Runs on the ring's thread; allocates
/// nothing.
///
/// A buffer is with the kernel, or out (handed over with a completion), or given back but not yet
/// [published][#publish()]. With increments (6.12) parts of a buffer are out while the kernel fills
/// the rest; it goes back when the kernel is done with it and all of its parts were given back.
///
/// An operation holds all of them until its last completion, so [#close()] frees them then, if it
/// comes earlier. [BufferGroup] is more convenient.
public final class BufferRing extends BufferSelection implements AutoCloseable {
    private static final int OUT = -1;

    private final int group;
    private final int count;
    private final int bufferBytes;
    private final int flags;
    private final boolean incremental;
    private final boolean managed;
    private final Loans loans = new Loans();
    private final long entries;
    private final long entriesBytes;
    private final long buffers;

    /// Where in the ring the kernel finds each buffer, or [#OUT].
    private final int[] places;

    // of each buffer, with increments: its bytes that the kernel has handed over, where the last
    // part begins that was taken, and how many parts are out
    private final int[] heads;
    private final int[] starts;
    private final int[] parts;

    private @Nullable Arena arena;
    private int out;
    private short tail;
    private boolean open = true;

    /// Registers `count` (a power of two, 32,768 at most) buffers of `bufferBytes` bytes as `group`
    /// (0 to 65,535).
    public BufferRing(Ring ring, int group, int count, int bufferBytes) {
        this(ring, BufferRingSetup.of(group, count, bufferBytes), true);
    }

    /// Registers buffers as `setup` says.
    ///
    /// @throws UnsupportedException when this kernel does not know a flag
    /// @throws RingException with the errno of `io_uring_register(2)`: `EEXIST` for a group that is
    ///   there already
    /// @throws IllegalStateException when the kernel has [ProvidedBuffers] of that group, or
    ///   operations still hold a ring of buffers that had its number
    public BufferRing(Ring ring, BufferRingSetup setup) {
        this(ring, setup, true);
    }

    /// [#BufferRing(Ring, int, int, int)], for a program that makes sure by itself that no
    /// operation uses the group any more when it closes this: then operations need not hold it.
    public static BufferRing unmanaged(Ring ring, int group, int count, int bufferBytes) {
        return unmanaged(ring, BufferRingSetup.of(group, count, bufferBytes));
    }

    /// [#unmanaged(Ring, int, int, int)], as `setup` says.
    public static BufferRing unmanaged(Ring ring, BufferRingSetup setup) {
        return new BufferRing(ring, setup, false);
    }

    private BufferRing(Ring ring, BufferRingSetup setup, boolean managed) {
        super(ring);
        ring.requireOpen();
        ring.sqe().leases().requireFree(setup.group());
        boolean kernelMemory = setup.has(IOU_PBUF_RING_MMAP);
        incremental = setup.has(IOU_PBUF_RING_INC);
        Support support = ring.support();
        support.require("IORING_REGISTER_PBUF_RING", 5, 19);
        if (kernelMemory) support.require("IOU_PBUF_RING_MMAP", 6, 4);
        if (incremental) support.require("IOU_PBUF_RING_INC", 6, 12);
        if (kernelMemory && ring.fd() < 0) {
            throw new IllegalArgumentException(
                    "IOU_PBUF_RING_MMAP does not go with a ring of"
                            + " IORING_SETUP_REGISTERED_FD_ONLY");
        }
        this.managed = managed;
        group = setup.group();
        count = setup.count();
        bufferBytes = setup.bufferBytes();
        flags = setup.flags();
        places = new int[count];
        heads = new int[incremental ? count : 0];
        starts = new int[heads.length];
        parts = new int[heads.length];
        Kernel calls = ring.kernel();
        entriesBytes = (long) count * BufRing.ENTRY_BYTES;
        buffers = RingMemory.anonymous(calls, buffersBytes());
        try {
            entries = kernelMemory ? kernelEntries(calls) : ownEntries(calls);
        } catch (RingException failure) {
            calls.munmap(buffers, buffersBytes());
            throw failure;
        }
        ring.sqe().leases().know(this);
        Arrays.fill(places, OUT);
        for (int bufferId = 0; bufferId < count; bufferId++) add(bufferId);
        publish();
    }

    private long ownEntries(Kernel calls) {
        long mapped = RingMemory.anonymous(calls, entriesBytes);
        try {
            register(mapped);
        } catch (RingException failure) {
            calls.munmap(mapped, entriesBytes);
            throw failure;
        }
        return mapped;
    }

    private long kernelEntries(Kernel calls) {
        register(0);
        try {
            long offset = (long) group << IoUring.IORING_OFF_PBUF_SHIFT;
            offset |= IoUring.IORING_OFF_PBUF_RING;
            return RingMemory.kernels(calls, entriesBytes, ring.fd(), offset);
        } catch (RingException failure) {
            unregister();
            throw failure;
        }
    }

    private void register(long memory) {
        try (Arena scratch = Arena.ofConfined()) {
            long registration = scratch.allocate(BufRing.REG_BYTES, Long.BYTES).address();
            BufRing.putRegistration(registration, memory, count, group, flags);
            int opcode = IoUring.IORING_REGISTER_PBUF_RING;
            ring.registrations().call("PBUF_RING", opcode, registration, 1);
        }
    }

    /// Notes that the kernel has handed over the buffer that a completion's `flags` name, or the
    /// next part of it, and returns its id. Checked, because the buffer's address is computed from
    /// it. Completions are to be taken in their order.
    ///
    /// @throws IllegalStateException when the kernel names a buffer that it does not have, or says
    ///   that it holds more than it can
    public int take(int flags, int bytes) {
        if (incremental || (flags & IORING_CQE_F_BUF_MORE) != 0) return takePart(flags, bytes);
        int bufferId = flags >>> IORING_CQE_BUFFER_SHIFT;
        if (!isWithKernel(flags, bufferId) || bytes > bufferBytes) throw wrong(flags, bytes);
        takeWhole(bufferId);
        return bufferId;
    }

    private int takePart(int flags, int bytes) {
        int bufferId = flags >>> IORING_CQE_BUFFER_SHIFT;
        if (!incremental || !isWithKernel(flags, bufferId)) throw wrong(flags, bytes);
        boolean more = (flags & IORING_CQE_F_BUF_MORE) != 0;
        int start = heads[bufferId];
        int used = Math.max(bytes, 0);
        int left = bufferBytes - start - used;
        if (left < 0 || (more && left == 0)) throw wrong(flags, bytes);
        starts[bufferId] = start;
        heads[bufferId] = start + used;
        parts[bufferId]++;
        out++;
        if (!more) places[bufferId] = OUT;
        return bufferId;
    }

    private boolean isWithKernel(int flags, int bufferId) {
        return bufferId < count && places[bufferId] >= 0 && (flags & IORING_CQE_F_BUFFER) != 0;
    }

    static IllegalStateException wrong(int flags, int bytes) {
        int bufferId = flags >>> IORING_CQE_BUFFER_SHIFT;
        return new IllegalStateException(
                "kernel handed over a wrong buffer: bufferId="
                        + bufferId
                        + ", bytes="
                        + bytes
                        + ", flags="
                        + (flags & 0xffff));
    }

    /// The address of what was taken last from a buffer that is out.
    public long address(int bufferId) {
        return buffers + position(bufferId);
    }

    /// Gives back what was taken, once for each [#take], to be used again after [#publish()].
    ///
    /// @throws IllegalStateException when it is not out
    public void recycle(int bufferId) {
        // Also without assertions: the kernel writes to where an entry says.
        boolean known = bufferId >= 0 && bufferId < count;
        if (!known || !isOut(bufferId)) {
            throw new IllegalStateException("buffer is not out: bufferId=" + bufferId);
        }
        out--;
        if (incremental) {
            boolean left = --parts[bufferId] > 0 || places[bufferId] >= 0;
            if (left) return;
            heads[bufferId] = 0;
        }
        if (open) add(bufferId);
    }

    /// Hands all buffers given back to the kernel.
    public void publish() {
        if (open) BufRing.publishTail(entries, tail);
    }

    /// Buffers, or parts of them, that are out.
    public int outCount() {
        return out;
    }

    @Override
    public int group() {
        return group;
    }

    /// How many buffers there are.
    public int count() {
        return count;
    }

    /// The bytes of each buffer.
    public int bufferBytes() {
        return bufferBytes;
    }

    /// How many buffers the kernel has used up so far, modulo 65,536, as it says itself
    /// (`IORING_REGISTER_PBUF_STATUS`, 6.8). For tests and diagnosis: it is a system call.
    public int kernelHead() {
        ring.support().require("IORING_REGISTER_PBUF_STATUS", 6, 8);
        try (Arena scratch = Arena.ofConfined()) {
            long status = scratch.allocate(BufStatus.BYTES, Long.BYTES).address();
            BufStatus.put(status, group);
            int opcode = IoUring.IORING_REGISTER_PBUF_STATUS;
            ring.register("IORING_REGISTER_PBUF_STATUS", opcode, status, 1);
            return BufStatus.head(status);
        }
    }

    // ---- for BufferGroup

    boolean isIncremental() {
        return incremental;
    }

    boolean isOpen() {
        return open;
    }

    /// Whether something of the buffer is to be given back.
    boolean isOut(int bufferId) {
        return incremental ? parts[bufferId] > 0 : places[bufferId] == OUT;
    }

    /// Where what was taken last from a buffer begins, counted from the first buffer.
    long position(int bufferId) {
        long position = (long) bufferId * bufferBytes;
        return incremental ? position + starts[bufferId] : position;
    }

    /// How many bytes the kernel saw room for in a buffer that it has, or -1 when it does not have
    /// it. Less than it was given when a bundle asked for less, and nothing came of that: some
    /// kernels leave the entry shortened then.
    int room(int bufferId) {
        int place = bufferId < count ? places[bufferId] : OUT;
        if (place < 0) return -1;
        long entry = entry(place);
        // Others may have gone round the ring while it was away: then its entry tells nothing.
        if (BufRing.bufferId(entry) != bufferId) return -1;
        int bytes = BufRing.bytes(entry);
        return bytes > 0 && bytes <= bufferBytes ? bytes : -1;
    }

    /// The buffer that lies behind this one in the ring; -1 when the kernel has none there.
    int behind(int bufferId) {
        int place = places[bufferId] + 1 & count - 1;
        int next = BufRing.bufferId(entry(place));
        return next < count && places[next] == place ? next : -1;
    }

    /// Notes that a buffer is out that has been found to be the kernel's.
    void takeWhole(int bufferId) {
        places[bufferId] = OUT;
        out++;
    }

    /// All buffers, one behind the other, until they are freed.
    MemorySegment view() {
        arena = Arena.ofShared();
        return Memory.view(buffers, buffersBytes(), arena);
    }

    // ---- its end

    /// Unregisters the group. The buffers are freed now, or when the last operation that holds them
    /// has ended.
    ///
    /// @throws RingException when the kernel refuses: they are freed with the ring
    @Override
    public void close() {
        if (!open) return;
        open = false;
        try {
            if (ring.isOpen()) unregister();
        } catch (RingException refusal) {
            ring.registrations().atEnd(this::free);
            throw refusal;
        }
        free();
    }

    private void free() {
        if (loans.close()) unmap();
    }

    private void unregister() {
        try (Arena scratch = Arena.ofConfined()) {
            long registration = scratch.allocate(BufRing.REG_BYTES, Long.BYTES).address();
            BufRing.putRegistration(registration, 0, 0, group, 0);
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
        if (loans.remove()) {
            try {
                unmap();
            } catch (IllegalStateException used) {
                Loans.report(used);
            }
        }
    }

    private void unmap() {
        ring.sqe().leases().forget(this);
        if (arena != null) arena.close();
        Kernel calls = ring.kernel();
        calls.munmap(entries, entriesBytes);
        calls.munmap(buffers, buffersBytes());
    }

    private long buffersBytes() {
        return (long) count * bufferBytes;
    }

    /// Where the entry is that lies at `place` in the ring.
    long entry(int place) {
        return entries + (long) place * BufRing.ENTRY_BYTES;
    }

    private void add(int bufferId) {
        int place = tail & count - 1;
        long address = buffers + (long) bufferId * bufferBytes;
        BufRing.putEntry(entry(place), address, bufferBytes, bufferId);
        places[bufferId] = place;
        tail++;
    }
}
