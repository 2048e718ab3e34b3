package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SlotTableTest {
    private final SlotTable slots = new SlotTable(1000);

    @Test
    void findsTheConnectionThatACompletionNames() {
        UringConnection first = open(0);
        UringConnection last = open(999);
        assertSame(first, slots.find(userData(first)));
        assertSame(last, slots.find(userData(last)));
        assertEquals(2, slots.openCount());
        assertEquals(998, slots.freeCount());
        assertEquals(0, slots.staleCount());
        assertEquals(2, slots.toArray().length);
    }

    @Test
    void aLateCompletionIsNotTakenForOneOfTheNextConnection() {
        UringConnection earlier = open(7);
        slots.free(earlier);
        assertNull(slots.find(userData(earlier)));
        UringConnection later = open(7);
        assertNotEquals(earlier.generation(), later.generation());
        assertNull(slots.find(userData(earlier)));
        assertSame(later, slots.find(userData(later)));
        assertEquals(2, slots.staleCount());
        assertEquals(1, slots.openCount());
    }

    @Test
    void aCompletionForASlotThatNeverWasIsStale() {
        assertNull(slots.find(UserData.encode(UserData.RECV, 0, 5)));
        assertNull(slots.find(UserData.encode(UserData.RECV, 0, 1 << 30)));
        assertNull(slots.find(UserData.encode(UserData.RECV, 0, -1)));
        assertEquals(3, slots.staleCount());
    }

    @Test
    void aWrongSlotIsRefused() {
        open(3);
        assertThrows(IllegalStateException.class, () -> slots.claim(3));
        assertThrows(IllegalStateException.class, () -> slots.claim(1000));
        assertThrows(IllegalStateException.class, () -> slots.claim(-1));
        assertEquals(1, slots.openCount());
    }

    // It does nothing, so it needs no transport.
    @SuppressWarnings("NullAway")
    private UringConnection open(int slot) {
        UringConnection connection = new UringConnection(null, slot, slots.claim(slot));
        slots.put(connection);
        return connection;
    }

    private static long userData(UringConnection connection) {
        return UserData.encode(UserData.RECV, connection.generation(), connection.slot());
    }
}
