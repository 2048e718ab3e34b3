package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

import java.util.Random;

class UserDataTest {
    private static final int GENERATIONS = 1 << 24;

    @Test
    void eachPartComesBack() {
        long seed = 31;
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            int operation = random.nextInt(256);
            int generation = random.nextInt(GENERATIONS);
            int slot = random.nextInt();
            check(operation, generation, slot, "seed=" + seed + ", i=" + i);
        }
        check(255, GENERATIONS - 1, -1, "all ones");
        check(UserData.QUIET, 0, Integer.MAX_VALUE, "largest slot");
    }

    @Test
    void generationsCountRound() {
        assertEquals(1, UserData.nextGeneration(0));
        assertEquals(0, UserData.nextGeneration(GENERATIONS - 1));
        assertNotEquals(
                UserData.encode(UserData.RECV, 5, 9),
                UserData.encode(UserData.RECV, UserData.nextGeneration(5), 9));
    }

    @Test
    void aGenerationTooLargeSpoilsNoOtherPart() {
        long userData = UserData.encode(UserData.SEND, -1, 7);
        assertEquals(UserData.SEND, UserData.operation(userData));
        assertEquals(7, UserData.slot(userData));
    }

    private static void check(int operation, int generation, int slot, String where) {
        long userData = UserData.encode(operation, generation, slot);
        assertEquals(operation, UserData.operation(userData), where);
        assertEquals(generation, UserData.generation(userData), where);
        assertEquals(slot, UserData.slot(userData), where);
    }
}
