package dev.torc.core.memory;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/// Native memory by absolute address: the one place where Torc reads and writes it.
///
/// Every access goes through a single constant segment that spans the whole address space, so the
/// JIT folds it to a plain load or store. Nothing here checks bounds: each caller works inside a
/// `Slice`, a kernel structure or a mapped ring whose bounds it has checked. Under `-ea` a thread
/// can be [fenced][#fence(long, long)] to one range, which is how tests catch an access outside it.
///
/// Byte order is the machine's own, which Torc requires to be little-endian (x86-64, AArch64).
public final class Memory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    // Ordered access needs natural alignment; the kernel's shared words have it.
    private static final VarHandle SHORT_ORDERED = ValueLayout.JAVA_SHORT.varHandle();
    private static final VarHandle INT_ORDERED = ValueLayout.JAVA_INT.varHandle();

    private static volatile Fence fence = new Fence(null, 0, Long.MAX_VALUE);

    private Memory() {}

    public static byte getByte(long address) {
        assert fence.allows(address, 1);
        return ALL.get(BYTE, address);
    }

    public static void putByte(long address, byte value) {
        assert fence.allows(address, 1);
        ALL.set(BYTE, address, value);
    }

    public static short getShort(long address) {
        assert fence.allows(address, 2);
        return ALL.get(SHORT, address);
    }

    public static void putShort(long address, short value) {
        assert fence.allows(address, 2);
        ALL.set(SHORT, address, value);
    }

    public static int getInt(long address) {
        assert fence.allows(address, 4);
        return ALL.get(INT, address);
    }

    public static void putInt(long address, int value) {
        assert fence.allows(address, 4);
        ALL.set(INT, address, value);
    }

    public static long getLong(long address) {
        assert fence.allows(address, 8);
        return ALL.get(LONG, address);
    }

    public static void putLong(long address, long value) {
        assert fence.allows(address, 8);
        ALL.set(LONG, address, value);
    }

    /// A 4-byte aligned word that another thread or the kernel publishes with release semantics.
    public static int getIntAcquire(long address) {
        return (int) INT_ORDERED.getAcquire(ALL, address);
    }

    /// Publishes a 4-byte aligned word: all earlier writes are visible to whoever acquires it.
    public static void putIntRelease(long address, int value) {
        INT_ORDERED.setRelease(ALL, address, value);
    }

    /// A 4-byte aligned word read afresh, with no ordering against other memory.
    public static int getIntOpaque(long address) {
        return (int) INT_ORDERED.getOpaque(ALL, address);
    }

    /// Publishes a 2-byte aligned word: all earlier writes are visible to whoever acquires it.
    public static void putShortRelease(long address, short value) {
        SHORT_ORDERED.setRelease(ALL, address, value);
    }

    public static void copy(long source, long target, long bytes) {
        assert fence.allows(source, bytes);
        MemorySegment.copy(ALL, source, ALL, target, bytes);
    }

    public static void copy(byte[] source, int index, long target, int bytes) {
        MemorySegment.copy(source, index, ALL, BYTE, target, bytes);
    }

    public static void copy(long source, byte[] target, int index, int bytes) {
        assert fence.allows(source, bytes);
        MemorySegment.copy(ALL, BYTE, source, target, index, bytes);
    }

    public static void fill(long address, long bytes, byte value) {
        ALL.asSlice(address, bytes).fill(value);
    }

    /// A direct buffer over `bytes` at `address`, for the JDK's channels. Allocates.
    public static ByteBuffer asByteBuffer(long address, int bytes) {
        return ALL.asSlice(address, bytes).asByteBuffer();
    }

    /// The whole address space.
    public static MemorySegment all() {
        return ALL;
    }

    /// The `bytes` at `address` as a segment that can be accessed until `arena` is closed; closing
    /// it frees nothing.
    public static MemorySegment view(long address, long bytes, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, null);
    }

    /// Confines the calling thread's reads to `[start, end)` until [#unfence()]. Only assertions
    /// look at it; it exists so that a test can prove that a parser reads nothing beyond its input.
    public static void fence(long start, long end) {
        fence = new Fence(Thread.currentThread(), start, end);
    }

    /// Ends the fence of [#fence(long, long)].
    public static void unfence() {
        fence = new Fence(null, 0, Long.MAX_VALUE);
    }

    private record Fence(@Nullable Thread thread, long start, long end) {
        boolean allows(long address, long bytes) {
            return !Thread.currentThread().equals(thread)
                    || (address >= start && address + bytes <= end);
        }
    }
}
