package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

/// HTTP on the real io_uring transport on a simulated kernel. `-Dtorc.sim.seeds=N` runs so many
/// seeds, `-Dtorc.sim.seed=S` only that one.
class HttpSimulationTest {
    private static final long SEEDS = Long.getLong("torc.sim.seeds", 300);

    @Test
    void answersEveryClientWhateverHappens() {
        Long only = Long.getLong("torc.sim.seed");
        if (only != null) {
            new HttpScenario(only).run();
            return;
        }
        long clients = 0;
        long answers = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            HttpScenario scenario = new HttpScenario(seed);
            try {
                scenario.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("torc.sim.seed=" + seed, failure);
            }
            clients += scenario.clients();
            answers += scenario.answered();
        }
        long found = answers;
        assertTrue(found > clients, () -> found + " answers are too few for " + SEEDS + " seeds");
        System.out.println(
                "simulated " + clients + " clients, " + answers + " answers, " + SEEDS + " seeds");
    }

    @Test
    void aSeedAlwaysGivesTheSameRun() {
        Set<Long> traces = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            long trace = new HttpScenario(seed).run();
            assertEquals(trace, new HttpScenario(seed).run(), "seed " + seed);
            traces.add(trace);
        }
        // Two in which nobody ever connects are alike.
        assertTrue(traces.size() > 10, traces::toString);
    }
}
