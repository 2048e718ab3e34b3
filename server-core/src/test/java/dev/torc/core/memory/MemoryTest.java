package dev.torc.core.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

class MemoryTest {
    private final Arena arena = Arena.ofConfined();
    private final long memory = arena.allocate(64, 8).address();

    @AfterEach
    void free() {
        Memory.unfence();
        arena.close();
    }

    @Test
    void readsWhatItHasWrittenAtAnyAlignment() {
        for (int at = 0; at < 8; at++) {
            long address = memory + at;
            Memory.putByte(address, (byte) -2);
            assertEquals((byte) -2, Memory.getByte(address));
            Memory.putShort(address, (short) 0x8182);
            assertEquals((short) 0x8182, Memory.getShort(address));
            Memory.putInt(address, 0x81828384);
            assertEquals(0x81828384, Memory.getInt(address));
            Memory.putLong(address, 0x8182838485868788L);
            assertEquals(0x8182838485868788L, Memory.getLong(address));
            assertEquals((byte) 0x88, Memory.getByte(address), "little-endian");
        }
    }

    @Test
    void orderedAccessSeesTheSameMemory() {
        Memory.putIntRelease(memory, 0x81828384);
        assertEquals(0x81828384, Memory.getInt(memory));
        assertEquals(0x81828384, Memory.getIntAcquire(memory));
        assertEquals(0x81828384, Memory.getIntOpaque(memory));
        Memory.putShortRelease(memory + 2, (short) 7);
        assertEquals(0x00078384, Memory.getInt(memory));
    }

    @Test
    void copiesBetweenMemoryAndArrays() {
        Memory.fill(memory, 64, (byte) 9);
        Memory.copy(new byte[] {1, 2, 3, 4}, 1, memory + 10, 2);
        Memory.copy(memory + 9, memory + 30, 4);
        byte[] read = new byte[8];
        Memory.copy(memory + 29, read, 1, 6);
        assertArrayEquals(new byte[] {0, 9, 9, 2, 3, 9, 9, 0}, read);
        ByteBuffer view = Memory.asByteBuffer(memory + 10, 2).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x0302, view.getShort());
        assertEquals(0, view.remaining());
    }

    /// The canary of every test that fences a parser: a fence that let things pass would prove
    /// nothing.
    @Test
    void aFencedThreadReadsNothingOutside() {
        long start = memory + 16;
        long end = memory + 32;
        Memory.fence(start, end);
        Memory.getByte(start);
        Memory.getLong(end - 8);
        Memory.copy(start, new byte[16], 0, 16);
        assertThrows(AssertionError.class, () -> Memory.getByte(start - 1));
        assertThrows(AssertionError.class, () -> Memory.getByte(end));
        assertThrows(AssertionError.class, () -> Memory.getShort(end - 1));
        assertThrows(AssertionError.class, () -> Memory.getInt(end - 3));
        assertThrows(AssertionError.class, () -> Memory.getLong(end - 7));
        assertThrows(AssertionError.class, () -> Memory.getLong(start - 1));
        assertThrows(AssertionError.class, () -> Memory.copy(start, new byte[17], 0, 17));
        assertThrows(AssertionError.class, () -> Memory.copy(start - 1, memory, 1));
        assertThrows(AssertionError.class, () -> Memory.putLong(end - 7, 0));
    }

    @Test
    void aFenceHoldsOneThreadUntilItEnds() throws InterruptedException {
        Memory.fence(memory, memory + 1);
        AtomicInteger read = new AtomicInteger(-1);
        Thread other = Thread.ofPlatform().start(() -> read.set(Memory.getByte(memory + 40)));
        other.join();
        assertEquals(0, read.get());
        Memory.unfence();
        assertEquals(0, Memory.getByte(memory + 40));
    }
}
