package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.FutexWaitv;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.Test;

class FutexVectorTest {
    private static final int PRIVATE = Linux.FUTEX2_PRIVATE;

    @Test
    void writesEachFutex() {
        try (IoMemory memory = IoMemory.allocate(8);
                FutexVector futexes = new FutexVector()) {
            futexes.add(memory, 0, 7, 0).add(memory, 4, -1, PRIVATE);
            assertEquals(2, futexes.count());
            long second = futexes.address() + FutexWaitv.BYTES;
            assertEquals(0xffff_ffffL, Memory.getLong(second + FutexWaitv.VAL));
            assertEquals(memory.address(4, 4), Memory.getLong(second + FutexWaitv.UADDR));
            int flags = PRIVATE | Linux.FUTEX2_SIZE_U32;
            assertEquals(flags, Memory.getInt(second + FutexWaitv.FLAGS));
            assertEquals(0, Memory.getInt(second + FutexWaitv.RESERVED));
            assertEquals(0, futexes.clear().count());
        }
    }

    @Test
    void takesAsManyAsTheKernel() {
        try (IoMemory memory = IoMemory.allocate(4);
                FutexVector futexes = new FutexVector()) {
            for (int i = 0; i < FutexWaitv.COUNT_MAX; i++) futexes.add(memory, 0, i, PRIVATE);
            assertThrows(IllegalStateException.class, () -> futexes.add(memory, 0, 0, PRIVATE));
            long last = futexes.address() + (FutexWaitv.COUNT_MAX - 1L) * FutexWaitv.BYTES;
            assertEquals(FutexWaitv.COUNT_MAX - 1, Memory.getLong(last + FutexWaitv.VAL));
        }
    }

    @Test
    void checksEachFutex() {
        try (IoMemory memory = IoMemory.allocate(8);
                FutexVector futexes = new FutexVector()) {
            assertThrows(IndexOutOfBoundsException.class, () -> futexes.add(memory, 8, 0, PRIVATE));
            assertThrows(IllegalArgumentException.class, () -> futexes.add(memory, 1, 0, PRIVATE));
            assertThrows(IllegalArgumentException.class, () -> futexes.add(memory, 0, 0, 4));
            assertEquals(0, futexes.count());
        }
    }

    @Test
    void cannotBeChangedWhileItIsLent() {
        try (IoMemory memory = IoMemory.allocate(4);
                FutexVector futexes = new FutexVector()) {
            futexes.add(memory, 0, 0, PRIVATE);
            futexes.lend();
            assertTrue(memory.isLent());
            assertThrows(IllegalStateException.class, () -> futexes.add(memory, 0, 0, PRIVATE));
            assertThrows(IllegalStateException.class, futexes::clear);
            futexes.giveBack();
            assertFalse(memory.isLent());
            assertEquals(0, futexes.clear().count());
        }
    }

    @Test
    void lendsNothingWhenOneOfItsMemoriesHasBeenClosed() {
        try (IoMemory memory = IoMemory.allocate(4);
                IoMemory closed = IoMemory.allocate(4);
                FutexVector futexes = new FutexVector()) {
            futexes.add(memory, 0, 0, PRIVATE).add(closed, 0, 0, PRIVATE);
            closed.close();
            assertThrows(IllegalStateException.class, futexes::lend);
            assertFalse(memory.isLent() || futexes.isLent());
        }
    }

    @Test
    void cannotBeUsedWhenClosed() {
        try (IoMemory memory = IoMemory.allocate(4)) {
            FutexVector futexes = new FutexVector();
            futexes.add(memory, 0, 0, PRIVATE);
            futexes.close();
            assertThrows(IllegalStateException.class, futexes::lend);
            assertThrows(IllegalStateException.class, () -> futexes.add(memory, 0, 0, PRIVATE));
            assertFalse(memory.isLent());
        }
    }
}
