package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class SliceTest {
    private final BufferPool pool = new BufferPool(BufferPool.SLICE_BYTES_MAX);
    private Slice slice = Slice.window();

    @BeforeEach
    void take() {
        Slice taken = pool.take(4096);
        if (taken == null) throw new AssertionError("the pool gave nothing");
        slice = taken;
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void appendsWhatItIsGiven() {
        slice.append("xhellox".getBytes(US_ASCII), 1, 5);
        Slice other = Slice.window();
        other.view(slice.address(), 2);
        slice.append(other.address(), other.length());
        assertEquals("hellohe", slice.toText(US_ASCII));
        assertEquals(7, slice.length());
        assertEquals(4096 - 7, slice.remaining());
        assertEquals('o', slice.getByte(4));
        byte[] target = {'-', '-', '-', '-'};
        slice.copyTo(1, target, 1, 2);
        assertArrayEquals("-el-".getBytes(US_ASCII), target);
    }

    @Test
    void anEmptyOneHasNoBytes() {
        assertArrayEquals(new byte[0], slice.toBytes());
        assertThrows(IndexOutOfBoundsException.class, () -> slice.getByte(0));
    }

    @Test
    void takesNoMoreThanItsCapacity() {
        slice.append(new byte[4000], 0, 4000);
        assertThrows(IndexOutOfBoundsException.class, () -> slice.append(new byte[97], 0, 97));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.append(new byte[1], 0, -1));
        assertEquals(4000, slice.length());
        slice.append(new byte[96], 0, 96);
        assertEquals(0, slice.remaining());
        assertThrows(IndexOutOfBoundsException.class, () -> slice.append(slice.address(), 1));
    }

    @Test
    void readsNothingBeyondItsLength() {
        slice.append(new byte[10], 0, 10);
        assertThrows(IndexOutOfBoundsException.class, () -> slice.getByte(10));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.getByte(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.getByte(Integer.MAX_VALUE));
        byte[] target = new byte[64];
        assertThrows(IndexOutOfBoundsException.class, () -> slice.copyTo(5, target, 0, 6));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.copyTo(-1, target, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.copyTo(0, target, 0, -1));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> slice.copyTo(Integer.MAX_VALUE, target, 0, Integer.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.copyTo(0, target, 60, 10));
    }

    @Test
    void itsLengthStaysWithinItsCapacity() {
        slice.length(4096);
        assertThrows(IllegalArgumentException.class, () -> slice.length(4097));
        assertThrows(IllegalArgumentException.class, () -> slice.length(-1));
        assertEquals(4096, slice.length());
    }

    @Test
    void itsByteBufferIsTheSameMemory() {
        ByteBuffer buffer = slice.asByteBuffer();
        assertEquals(4096, buffer.capacity());
        buffer.put(0, (byte) 42);
        slice.length(1);
        assertEquals(42, slice.getByte(0));
    }

    @Test
    void aBorrowedOneCannotBeReleased() {
        Slice window = Slice.window();
        assertThrows(IllegalStateException.class, window::release);
        window.view(slice.address(), 10);
        assertThrows(IllegalStateException.class, window::release);
    }

    @Test
    void aBorrowedOneFailsOnceItsTimeIsOver() {
        slice.append("data".getBytes(US_ASCII), 0, 4);
        Slice window = Slice.window();
        window.view(slice.address(), 4);
        assertEquals("data", window.toText(US_ASCII));
        assertEquals(0, window.remaining());
        window.unview();
        assertEquals(0, window.length());
        assertThrows(AssertionError.class, window::address);
        assertThrows(AssertionError.class, () -> window.getByte(0));
        assertThrows(AssertionError.class, window::asByteBuffer);
    }

    @Test
    void anOwnedOneCannotBeMoved() {
        assertThrows(AssertionError.class, () -> slice.view(1, 1));
    }
}
