package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class ControlMessagesTest {
    private final MemorySegment bytes = Arena.ofAuto().allocate(64, 8).fill((byte) 0xff);

    @Test
    void readsWhatItHasWritten() {
        long offset = ControlMessages.put(bytes, 0, 1, 2, data(5));
        assertEquals(24, offset);
        assertEquals(offset, ControlMessages.space(5));
        offset = ControlMessages.put(bytes, offset, 3, 4, data(8));
        assertEquals(48, offset);
        offset = ControlMessages.put(bytes, offset, 5, 6, data(0));
        ControlMessages messages = ControlMessages.in(bytes.asSlice(0, offset));
        assertNext(messages, 1, 2, 5);
        assertNext(messages, 3, 4, 8);
        assertNext(messages, 5, 6, 0);
        assertFalse(messages.next());
        assertFalse(messages.next());
    }

    private static void assertNext(ControlMessages messages, int level, int type, int count) {
        assertTrue(messages.next());
        assertEquals(level, messages.level());
        assertEquals(type, messages.type());
        assertArrayEquals(
                data(count).toArray(ValueLayout.JAVA_BYTE),
                messages.data().toArray(ValueLayout.JAVA_BYTE));
    }

    private static MemorySegment data(int count) {
        return MemorySegment.ofArray(new byte[count]).fill((byte) 7);
    }

    @Test
    void theLastOneNeedsNoPadding() {
        ControlMessages.put(bytes, 0, 1, 2, data(4));
        ControlMessages messages = ControlMessages.in(bytes.asSlice(0, 20));
        assertNext(messages, 1, 2, 4);
        assertFalse(messages.next());
    }

    @Test
    void thereAreNoneInTooFewBytes() {
        assertFalse(ControlMessages.in(MemorySegment.NULL).next());
        assertFalse(ControlMessages.in(bytes.asSlice(0, 15)).next());
        assertThrows(IllegalStateException.class, ControlMessages.in(bytes)::level);
        assertThrows(IllegalStateException.class, ControlMessages.in(bytes)::data);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 15, 65, Long.MAX_VALUE, Long.MIN_VALUE})
    void doesNotBelieveLengthsThatDoNotFit(long length) {
        bytes.set(ValueLayout.JAVA_LONG, 0, length);
        assertThrows(IllegalStateException.class, ControlMessages.in(bytes)::next);
    }

    @Test
    void writesNothingBehindTheEnd() {
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> ControlMessages.put(bytes, 40, 1, 2, data(9)));
        assertThrows(
                IllegalArgumentException.class, () -> ControlMessages.put(bytes, 4, 1, 2, data(8)));
        assertEquals(64, ControlMessages.put(bytes, 40, 1, 2, data(8)));
    }
}
