package dev.torc.http.message;

import dev.torc.core.memory.Memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Bytes in native memory of exactly their size: until it is closed, a read beside them fails.
public final class Fenced implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final long address;
    private final int length;

    private Fenced(byte[] bytes) {
        MemorySegment segment = arena.allocate(Math.max(1, bytes.length), 1);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        address = segment.address();
        length = bytes.length;
        Memory.fence(address, address + length);
    }

    public static Fenced of(byte[] bytes) {
        return new Fenced(bytes);
    }

    /// One byte per char (ISO 8859-1).
    public static Fenced of(String text) {
        return new Fenced(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public long address() {
        return address;
    }

    public int length() {
        return length;
    }

    public long end() {
        return address + length;
    }

    @Override
    public void close() {
        Memory.unfence();
        arena.close();
    }
}
