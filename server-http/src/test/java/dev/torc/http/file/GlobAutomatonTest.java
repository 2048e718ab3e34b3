package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.AllocatedBytes;
import dev.torc.http.message.Fenced;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

class GlobAutomatonTest {
    private static GlobAutomaton of(Consumer<GlobAutomaton.Builder> parts) {
        GlobAutomaton.Builder builder = new GlobAutomaton.Builder("a pattern");
        parts.accept(builder);
        return builder.build();
    }

    private static boolean matches(GlobAutomaton automaton, String path) {
        try (Fenced memory = Fenced.of(path.getBytes(StandardCharsets.UTF_8))) {
            return automaton.matches(memory.address(), memory.length());
        }
    }

    @Test
    void literalsInFrontTakeNoStates() {
        String prefix = "some/very/long/directory/".repeat(20);
        GlobAutomaton plain = of(parts -> parts.literal(prefix));
        assertTrue(matches(plain, prefix));
        assertFalse(matches(plain, prefix + "x"));
        assertFalse(matches(plain, prefix.substring(1)));
        assertFalse(matches(plain, prefix.substring(0, prefix.length() - 1)));
        GlobAutomaton wild =
                of(
                        parts -> {
                            parts.literal(prefix);
                            parts.star();
                            parts.literal(".css");
                        });
        assertTrue(matches(wild, prefix + "a.css"));
        assertFalse(matches(wild, prefix + "a.cs"));
    }

    @Test
    void hasAsManyStatesAsALongHasBits() {
        String most = "x".repeat(62);
        GlobAutomaton longest =
                of(
                        parts -> {
                            parts.star();
                            parts.literal(most);
                        });
        assertTrue(matches(longest, most));
        assertTrue(matches(longest, "y" + most));
        assertFalse(matches(longest, most + "y"));
        GlobAutomaton.Builder full = new GlobAutomaton.Builder("a pattern");
        full.star();
        full.literal(most);
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> full.literal("x"));
        assertEquals(
                "the pattern a pattern has more than 63 characters from its first wildcard on",
                refused.getMessage());
    }

    @Test
    void theLastStateCanBeLeftOut() {
        GlobAutomaton longest =
                of(
                        parts -> {
                            parts.star();
                            parts.literal("x".repeat(61));
                            parts.star();
                        });
        assertTrue(matches(longest, "x".repeat(61)));
        assertTrue(matches(longest, "y" + "x".repeat(61) + "y"));
        assertFalse(matches(longest, "x".repeat(60)));
    }

    /// A pattern and a path that make a backtracking matcher stand still.
    @Test
    void takesOneStepAByteAndAllocatesNothing() {
        GlobAutomaton automaton =
                of(
                        parts -> {
                            parts.directories();
                            for (int i = 0; i < 12; i++) {
                                parts.star();
                                parts.literal("a");
                            }
                            parts.literal("/");
                            parts.directories();
                            for (int i = 0; i < 12; i++) {
                                parts.star();
                                parts.literal("a");
                            }
                            parts.literal("b");
                        });
        String path = ("a".repeat(250) + "/").repeat(15) + "a";
        try (Fenced memory = Fenced.of(path)) {
            long bytes =
                    AllocatedBytes.steady(
                            () -> {
                                for (int i = 0; i < 200; i++) {
                                    assert !automaton.matches(memory.address(), memory.length());
                                }
                            });
            assertEquals(0, bytes);
        }
        assertTrue(matches(automaton, "a".repeat(12) + "/" + "a".repeat(12) + "b"));
    }
}
