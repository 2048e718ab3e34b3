package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class BacklogTest {
    private static final long TURN_NANOS = 100;

    private final List<String> ran = new ArrayList<>();
    private long now;
    private final Backlog backlog = new Backlog(() -> now, TURN_NANOS);

    private void add(String name, long nanos) {
        backlog.add(
                () -> {
                    ran.add(name);
                    now += nanos;
                });
    }

    @Test
    void runsInTurnUntilTheTimeIsOver() {
        for (String name : new String[] {"a", "b", "c", "d"}) add(name, 40);
        backlog.run();
        assertEquals(List.of("a", "b", "c"), ran);
        assertFalse(backlog.isEmpty());
        backlog.run();
        assertEquals(List.of("a", "b", "c", "d"), ran);
        assertTrue(backlog.isEmpty());
    }

    @Test
    void runsOneHoweverLongItTakes() {
        add("a", 10 * TURN_NANOS);
        add("b", 10 * TURN_NANOS);
        backlog.run();
        assertEquals(List.of("a"), ran);
        backlog.run();
        assertEquals(List.of("a", "b"), ran);
    }

    @Test
    void whatIsPutOffAgainWaitsBehindTheOthersForTheNextTurn() {
        Runnable[] again = new Runnable[1];
        again[0] =
                () -> {
                    ran.add("again");
                    if (ran.size() < 5) backlog.add(again[0]);
                };
        backlog.add(again[0]);
        add("other", 0);
        backlog.run();
        assertEquals(List.of("again", "other"), ran);
        backlog.run();
        assertEquals(List.of("again", "other", "again"), ran);
    }

    @Test
    void oneThatThrowsLosesNoOther() {
        backlog.add(
                () -> {
                    throw new IllegalStateException("on purpose");
                });
        add("b", 0);
        assertThrows(IllegalStateException.class, backlog::run);
        backlog.run();
        assertEquals(List.of("b"), ran);
    }

    @Test
    void allocatesNothingWhenWarm() {
        Runnable nothing = () -> {};
        assertEquals(
                0,
                AllocatedBytes.of(
                        () -> {
                            for (int i = 0; i < 10_000; i++) {
                                backlog.add(nothing);
                                backlog.run();
                            }
                        }));
    }
}
