package dev.torc.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// The real transport on the simulated kernel. `-Dtorc.sim.seeds=N` runs so many seeds,
/// `-Dtorc.sim.seed=S` only that one.
class SimulationTest {
    private static final long SEEDS = Long.getLong("torc.sim.seeds", 1000);

    @Test
    void echoesToEveryClientWhateverHappens() {
        Long only = Long.getLong("torc.sim.seed");
        if (only != null) {
            new EchoScenario(only).run();
            return;
        }
        long connections = 0;
        long refused = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            EchoScenario scenario = new EchoScenario(seed);
            try {
                scenario.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("torc.sim.seed=" + seed, failure);
            }
            connections += scenario.connections();
            refused += scenario.refused();
        }
        assertTrue(connections > SEEDS, () -> "too few connections for " + SEEDS + " seeds");
        assertTrue(SEEDS < 100 || refused > 0, "no client reached its limit");
        System.out.println(
                "simulated %d connections over %d seeds, and refused %d"
                        .formatted(connections, SEEDS, refused));
    }

    @Test
    void aSeedAlwaysGivesTheSameRun() {
        for (long seed = 0; seed < 50; seed++) {
            long trace = new EchoScenario(seed).run();
            assertEquals(trace, new EchoScenario(seed).run(), "seed " + seed);
            assertNotEquals(trace, new EchoScenario(seed + 1000).run(), "seed " + seed);
        }
    }
}
