package dev.torc.uring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Native memory that operations on a ring read and write.
///
/// An operation holds the memory that it is given from `prepare` until its last completion has been
/// drained. [#close()] may come earlier: then the memory is freed at that point, and not before. So
/// the kernel never writes to memory that is something else by then.
///
/// It may be used with any number of rings and from any thread. Its bytes are read and written
/// through [#segment()]; what they are while an operation holds them is between the program and the
/// kernel. Lending allocates nothing.
public final class IoMemory extends Lendable implements AutoCloseable {
    private static final long ALIGNMENT = 16;

    private final MemorySegment segment;
    private final long address;
    private final long bytes;
    private final Arena arena;
    private final boolean managed;
    private final Loans loans = new Loans();

    private IoMemory(MemorySegment segment, Arena arena, boolean managed) {
        this.segment = segment;
        this.arena = arena;
        this.managed = managed;
        address = segment.address();
        bytes = segment.byteSize();
    }

    /// Allocates `bytes` zeroes.
    public static IoMemory allocate(long bytes) {
        return allocate(bytes, ALIGNMENT);
    }

    /// Allocates `bytes` zeroes at a multiple of `alignment` (a power of two): `O_DIRECT` wants
    /// that of the device, usually 512 or 4096.
    public static IoMemory allocate(long bytes, long alignment) {
        Arena arena = Arena.ofShared();
        try {
            return new IoMemory(arena.allocate(bytes, alignment), arena, true);
        } catch (RuntimeException | OutOfMemoryError failure) {
            arena.close();
            throw failure;
        }
    }

    /// A copy of `content`.
    public static IoMemory of(byte[] content) {
        IoMemory memory = allocate(content.length);
        MemorySegment.copy(content, 0, memory.segment, ValueLayout.JAVA_BYTE, 0, content.length);
        return memory;
    }

    /// `text` in UTF-8 with a NUL behind it, as paths and names of attributes are passed.
    ///
    /// @throws IllegalArgumentException when `text` has a NUL in it
    public static IoMemory ofString(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("text must have no NUL in it: text=" + text);
        }
        return of((text + '\0').getBytes(UTF_8));
    }

    /// Memory that the program looks after itself: it vouches that `segment` stays allocated until
    /// the last operation that uses it has ended, also when the ring is closed before. Such memory
    /// is not lent, and closing it does nothing.
    public static IoMemory unmanaged(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("segment must be native memory: " + segment);
        }
        return new IoMemory(segment, Arena.global(), false);
    }

    /// Its bytes, to read and write. When the memory has been freed, accesses throw.
    ///
    /// @throws IllegalStateException when it has been closed
    public MemorySegment segment() {
        if (loans.isClosed()) throw new IllegalStateException("memory has been closed");
        return segment;
    }

    /// Its size in bytes.
    public long bytes() {
        return bytes;
    }

    /// The text up to the first NUL, or to the end.
    public String text() {
        MemorySegment all = segment();
        long end = 0;
        while (end < bytes && all.get(ValueLayout.JAVA_BYTE, end) != 0) end++;
        return new String(all.asSlice(0, end).toArray(ValueLayout.JAVA_BYTE), UTF_8);
    }

    /// Whether an operation holds it.
    public boolean isLent() {
        return loans.count() > 0;
    }

    /// Gives the memory up: it is freed now, or when the last operation that holds it has ended.
    @Override
    public void close() {
        if (managed && loans.close()) arena.close();
    }

    /// The address of `length` bytes at `offset`.
    ///
    /// @throws IndexOutOfBoundsException when they are not all within
    long address(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, bytes);
        return address + offset;
    }

    /// The address of a text that ends in a NUL.
    long textAddress() {
        if (bytes == 0 || segment.get(ValueLayout.JAVA_BYTE, bytes - 1) != 0) {
            throw new IllegalArgumentException("text must end in a NUL: use IoMemory.ofString");
        }
        return address;
    }

    @Override
    boolean isManaged() {
        return managed;
    }

    @Override
    void lend() {
        if (managed) loans.add("memory");
    }

    @Override
    void giveBack() {
        if (managed && loans.remove()) Loans.free(arena);
    }
}
