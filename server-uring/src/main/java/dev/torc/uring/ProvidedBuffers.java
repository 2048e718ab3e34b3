package dev.torc.uring;

import dev.torc.uring.abi.BufRing;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Receive buffers that a ring's operations share, given to the kernel by operations: what there
/// was before a [BufferRing] (`IORING_OP_PROVIDE_BUFFERS`, 5.7).
///
/// ```java
/// ProvidedBuffers buffers = new ProvidedBuffers(ring, group, 4, 4096);
/// ring.next().prepareProvideBuffers(buffers, 0, 4, userData);
/// ```
///
/// A buffer is the program's until it is provided, and again when a completion names it, or it has
/// been removed. Which ones the kernel has is for the program to know: an operation that provides
/// some may fail. Runs on the ring's thread.
///
/// [#close()] may come at any time. The buffers are freed then when the kernel has none of the
/// group and no operation holds them; else when the last such operation has ended or, when the
/// kernel has some even then, with the ring. So remove them first.
public final class ProvidedBuffers extends BufferSelection implements AutoCloseable {
    private static final int COUNT_MAX = 0xffff;

    private final int group;
    private final int count;
    private final int bufferBytes;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffers;
    private final Loans loans = new Loans();
    private @Nullable Leases keeper;

    /// Allocates `count` (1 to 65,535) buffers of `bufferBytes` zeroes as `group` (0 to 65,535);
    /// the kernel has none of them yet.
    public ProvidedBuffers(Ring ring, int group, int count, int bufferBytes) {
        super(ring);
        Arguments.requireRange("count", count, 1, COUNT_MAX);
        Arguments.requireRange("group", group, 0, Arguments.SHORT_MAX);
        Arguments.requirePositive("bufferBytes", bufferBytes);
        this.group = group;
        this.count = count;
        this.bufferBytes = bufferBytes;
        buffers = arena.allocate((long) count * bufferBytes, Long.BYTES);
    }

    /// Which buffer a completion's `flags` name that says it has written `bytes`. Checked, because
    /// the buffer's address is computed from it.
    ///
    /// @throws IllegalStateException when there is no such buffer, or it is smaller
    public int bufferId(int flags, int bytes) {
        int bufferId = flags >>> IoUring.IORING_CQE_BUFFER_SHIFT;
        boolean named = (flags & IoUring.IORING_CQE_F_BUFFER) != 0;
        if (!named || bufferId >= count || bytes > bufferBytes) {
            throw new IllegalStateException(
                    "kernel handed over a wrong buffer: flags=" + flags + ", bytes=" + bytes);
        }
        return bufferId;
    }

    /// A buffer's bytes. When they have been freed, accesses throw.
    ///
    /// @throws IndexOutOfBoundsException when there is no such buffer
    public MemorySegment segment(int bufferId) {
        long offset = (long) Objects.checkIndex(bufferId, count) * bufferBytes;
        return buffers.asSlice(offset, bufferBytes);
    }

    @Override
    public int group() {
        return group;
    }

    /// How many there are.
    public int count() {
        return count;
    }

    /// The size of each in bytes.
    public int bufferBytes() {
        return bufferBytes;
    }

    /// Gives them up: see above when they are freed.
    @Override
    public void close() {
        if (loans.close()) arena.close();
        else leaveIfUnused();
    }

    /// The address of `wanted` buffers, which the kernel is to have from here on.
    long provide(Leases leases, int bufferId, int wanted) {
        Objects.checkFromIndexSize(bufferId, wanted, count);
        if (keeper == null) keptBy(leases);
        return buffers.address() + (long) bufferId * bufferBytes;
    }

    private void keptBy(Leases leases) {
        keeper = leases;
        try {
            leases.keep(this);
        } catch (IllegalStateException refused) {
            keeper = null;
            throw refused;
        }
    }

    @Override
    void lend() {
        if (keeper == null) throw new IllegalStateException("no buffer has been provided");
        loans.add("provided buffers");
    }

    @Override
    void giveBack() {
        if (loans.remove()) Loans.free(arena);
        else if (loans.isClosed()) leaveIfUnused();
    }

    /// When the group has been closed and no operation holds it, the kernel need not keep it, if it
    /// has no buffer of it.
    private void leaveIfUnused() {
        Leases leases = keeper;
        if (leases == null || loans.count() != 1 || !ring.isOpen() || !isRemoved()) return;
        keeper = null;
        leases.drop(this);
    }

    /// The kernel lets a ring of buffers take the place of such a group only when that has none.
    private boolean isRemoved() {
        Kernel calls = ring.kernel();
        long entry = RingMemory.anonymous(calls, BufRing.ENTRY_BYTES);
        try (Arena scratch = Arena.ofConfined()) {
            long registration = scratch.allocate(BufRing.REG_BYTES, Long.BYTES).address();
            BufRing.putRegistration(registration, entry, 1, group, 0);
            String name = "IORING_REGISTER_PBUF_RING";
            ring.register(name, IoUring.IORING_REGISTER_PBUF_RING, registration, 1);
            BufRing.putRegistration(registration, 0, 0, group, 0);
            name = "IORING_UNREGISTER_PBUF_RING";
            ring.register(name, IoUring.IORING_UNREGISTER_PBUF_RING, registration, 1);
            return true;
        } catch (RingException refused) {
            return false;
        } finally {
            calls.munmap(entry, BufRing.ENTRY_BYTES);
        }
    }
}
