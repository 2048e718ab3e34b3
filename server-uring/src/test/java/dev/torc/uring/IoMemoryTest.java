package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

class IoMemoryTest {
    @Test
    void isZeroedAndAligned() {
        for (long alignment : new long[] {1, 16, 512, 4096, 65_536}) {
            try (IoMemory memory = IoMemory.allocate(1000, alignment)) {
                assertEquals(1000, memory.bytes());
                assertEquals(0, memory.segment().address() % alignment);
                byte[] bytes = memory.segment().toArray(ValueLayout.JAVA_BYTE);
                assertArrayEquals(new byte[1000], bytes);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> IoMemory.allocate(8, 3));
        assertThrows(IllegalArgumentException.class, () -> IoMemory.allocate(-1));
    }

    @Test
    void copiesBytesAndTexts() {
        try (IoMemory bytes = IoMemory.of("abc\0d".getBytes(UTF_8));
                IoMemory text = IoMemory.ofString("/dir/ä");
                IoMemory none = IoMemory.of(new byte[0])) {
            assertEquals(5, bytes.bytes());
            assertEquals("abc", bytes.text());
            assertEquals(8, text.bytes());
            assertEquals("/dir/ä", text.text());
            assertEquals(text.segment().address(), text.textAddress());
            assertEquals("", none.text());
            assertThrows(IllegalArgumentException.class, bytes::textAddress);
            assertThrows(IllegalArgumentException.class, none::textAddress);
        }
        assertThrows(IllegalArgumentException.class, () -> IoMemory.ofString("a\0b"));
    }

    @Test
    void addressesAreWithinIt() {
        try (IoMemory memory = IoMemory.allocate(16)) {
            long base = memory.segment().address();
            assertEquals(base, memory.address(0, 16));
            assertEquals(base + 16, memory.address(16, 0));
            long[][] outside = {{0, 17}, {16, 1}, {-1, 1}, {0, -1}, {Long.MAX_VALUE, 1}};
            for (long[] range : outside) {
                assertThrows(
                        IndexOutOfBoundsException.class, () -> memory.address(range[0], range[1]));
            }
        }
    }

    @Test
    void isFreedWhenItIsClosedAndNotLent() {
        IoMemory memory = IoMemory.allocate(8);
        MemorySegment segment = memory.segment();
        memory.close();
        memory.close();
        assertFalse(segment.scope().isAlive());
        assertThrows(IllegalStateException.class, memory::segment);
        assertThrows(IllegalStateException.class, memory::text);
        assertThrows(IllegalStateException.class, memory::lend);
        assertFalse(memory.isLent());
    }

    @Test
    void isFreedWithItsLastLoanWhenItWasClosedBefore() {
        IoMemory memory = IoMemory.allocate(8);
        MemorySegment segment = memory.segment();
        memory.lend();
        memory.lend();
        memory.close();
        assertThrows(IllegalStateException.class, memory::segment);
        memory.giveBack();
        assertTrue(segment.scope().isAlive());
        memory.giveBack();
        assertFalse(segment.scope().isAlive());
    }

    @Test
    void anyThreadMayCloseIt() throws Exception {
        IoMemory memory = IoMemory.allocate(8);
        MemorySegment segment = memory.segment();
        Thread closing = Thread.ofPlatform().start(memory::close);
        assertTrue(closing.join(Duration.ofSeconds(10)));
        assertFalse(segment.scope().isAlive());
    }

    @Test
    void whatTheProgramLooksAfterIsNotLentNorFreed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(8);
            IoMemory memory = IoMemory.unmanaged(segment);
            assertFalse(memory.isManaged());
            assertEquals(8, memory.bytes());
            memory.close();
            assertTrue(segment.scope().isAlive());
        }
        MemorySegment heap = MemorySegment.ofArray(new byte[8]);
        assertThrows(IllegalArgumentException.class, () -> IoMemory.unmanaged(heap));
    }
}
