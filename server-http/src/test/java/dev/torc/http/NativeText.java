package dev.torc.http;

import dev.torc.core.memory.Memory;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// Text in native memory of exactly its size, as a connection's buffer would hold it.
record NativeText(long address, int length) {
    /// Calls `body` with `text` in memory; a read of a byte beside it fails.
    static <R extends @Nullable Object> R with(String text, Function<NativeText, R> body) {
        return with(text.getBytes(StandardCharsets.UTF_8), body);
    }

    static <R extends @Nullable Object> R with(byte[] bytes, Function<NativeText, R> body) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(Math.max(1, bytes.length), 1);
            MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
            long address = segment.address();
            Memory.fence(address, address + bytes.length);
            return body.apply(new NativeText(address, bytes.length));
        } finally {
            Memory.unfence();
        }
    }
}
