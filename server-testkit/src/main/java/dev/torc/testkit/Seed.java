package dev.torc.testkit;

/// Where the randomness of a test starts. The test shows its seed when it fails.
public final class Seed {
    private Seed() {}

    /// A seed that no run before has had or, to repeat a run, that of `-Dtorc.seed`.
    public static long next() {
        return Long.getLong("torc.seed", System.nanoTime());
    }
}
