package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

class LeasesTest {
    private final Leases leases = new Leases();

    @Test
    void theLastCompletionGivesMemoryBack() {
        IoMemory memory = IoMemory.allocate(8);
        long token = leases.lend(-5, memory, null, null);
        assertTrue(Leases.isToken(token));
        assertTrue(memory.isLent());
        assertEquals(1, leases.count());
        assertEquals(-5, leases.settle(token, IoUring.IORING_CQE_F_MORE));
        assertEquals(-5, leases.settle(token, IoUring.IORING_CQE_F_MORE));
        assertTrue(memory.isLent());
        assertEquals(-5, leases.settle(token, 0));
        assertFalse(memory.isLent());
        assertEquals(0, leases.count());
        memory.close();
    }

    @Test
    void anOperationMayHoldThree() {
        IoMemory[] three = {IoMemory.allocate(1), IoMemory.allocate(1), IoMemory.allocate(1)};
        long token = leases.lend(1, three[0], three[1], three[2]);
        for (IoMemory memory : three) assertTrue(memory.isLent());
        for (IoMemory memory : three) memory.close();
        leases.settle(token, 0);
        for (IoMemory memory : three) assertFalse(memory.isLent());
    }

    @Test
    void nothingIsHeldWhenOneOfThemIsClosed() {
        for (int closed = 0; closed < 3; closed++) {
            IoMemory[] three = {IoMemory.allocate(1), IoMemory.allocate(1), IoMemory.allocate(1)};
            three[closed].close();
            assertThrows(
                    IllegalStateException.class,
                    () -> leases.lend(1, three[0], three[1], three[2]));
            for (IoMemory memory : three) assertFalse(memory.isLent());
            assertEquals(0, leases.count());
        }
    }

    /// What comes late for a place that another operation has by now is not taken for that one's.
    @Test
    void aTokenIsGoodForOneOperation() {
        IoMemory memory = IoMemory.allocate(8);
        long first = leases.lend(1, memory, null, null);
        leases.settle(first, 0);
        long second = leases.lend(2, memory, null, null);
        assertNotEquals(first, second);
        assertThrows(IllegalStateException.class, () -> leases.settle(first, 0));
        assertTrue(memory.isLent());
        assertEquals(2, leases.settle(second, 0));
    }

    @Test
    void aTokenThatNobodyHandedOutIsRefused() {
        for (long token :
                new long[] {0xff7cL << 48, 0xff7cL << 48 | 0xffff_ffffL, 0xff7cL << 48 | 9}) {
            IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> leases.settle(token, 0));
            assertTrue(String.valueOf(refusal.getMessage()).contains(Long.toHexString(token)));
        }
    }

    @Test
    void growsAsOperationsNeed() {
        IoMemory memory = IoMemory.allocate(8);
        Set<Long> tokens = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            assertTrue(tokens.add(leases.lend(i, memory, null, null)));
        }
        assertEquals(1000, leases.count());
        Set<Long> seen = new HashSet<>();
        for (long token : tokens) assertTrue(seen.add(leases.settle(token, 0)));
        assertEquals(1000, seen.size());
        assertEquals(0, leases.count());
        assertFalse(memory.isLent());
    }

    @Test
    void generationsWrap() {
        IoMemory memory = IoMemory.allocate(8);
        for (int i = 0; i < 70_000; i++) {
            long token = leases.lend(i, memory, null, null);
            assertTrue(Leases.isToken(token));
            assertEquals(i, leases.settle(token, 0));
        }
        assertFalse(memory.isLent());
    }

    @Test
    void findsAnOperationByItsUserData() {
        IoMemory memory = IoMemory.allocate(8);
        assertEquals(Leases.NONE, leases.find(0));
        long one = leases.lend(0, memory, null, null);
        long two = leases.lend(1, memory, null, null);
        assertEquals(one, leases.find(0));
        assertEquals(two, leases.find(1));
        leases.settle(one, 0);
        assertEquals(Leases.NONE, leases.find(0));
        leases.lend(1, memory, null, null);
        assertThrows(IllegalStateException.class, () -> leases.find(1));
    }

    @Test
    void userDataOfProgramsIsNoToken() {
        for (long userData : new long[] {0, -1, Long.MIN_VALUE, 0xff7bL << 48, 0xff7dL << 48}) {
            assertFalse(Leases.isToken(userData));
        }
        assertTrue(Leases.isToken(0xff7cL << 48));
        assertTrue(Leases.isToken((0xff7dL << 48) - 1));
    }
}
