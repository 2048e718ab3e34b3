package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

/// Completions whose order is not the test's business.
final class Taken {
    private Taken() {}

    /// The next `count` of `rig`, which all differ.
    static Set<Completion> from(Rig rig, int count) {
        Set<Completion> completions = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Completion next = rig.take();
            assertTrue(completions.add(next), () -> "twice: " + next);
        }
        return completions;
    }
}
