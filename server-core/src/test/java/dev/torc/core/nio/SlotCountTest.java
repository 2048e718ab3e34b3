package dev.torc.core.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlotCountTest {
    @Test
    void claimsNoMoreThanThereAre() {
        SlotCount slots = new SlotCount(2);
        assertTrue(slots.claim());
        assertTrue(slots.isFree());
        assertTrue(slots.claim());
        assertFalse(slots.isFree());
        assertFalse(slots.claim());
        assertEquals(2, slots.takenCount());
        slots.release();
        assertTrue(slots.claim());
        assertEquals(2, slots.count());
    }

    @Test
    void claimsNothingOnceClosedButStillCounts() {
        SlotCount slots = new SlotCount(2);
        assertTrue(slots.claim());
        slots.close();
        slots.close();
        assertFalse(slots.isFree());
        assertFalse(slots.claim());
        assertEquals(1, slots.takenCount());
        slots.release();
        assertFalse(slots.claim());
        assertEquals(0, slots.takenCount());
    }
}
