package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ParameterTypesTest {
    private final ParameterTypes types = new ParameterTypes();

    /// What is done with the raw bytes of a value.
    interface OnRange<R> {
        R apply(long address, long end);
    }

    /// Three digits, a dash, three digits.
    private record Halves() implements ParameterType {
        @Override
        public int next(int state, int octet) {
            boolean fits = state == 3 ? octet == '-' : octet >= '0' && octet <= '9';
            return fits && state < 7 ? state + 1 : REFUSED;
        }

        @Override
        public boolean isComplete(int state) {
            return state == 7;
        }
    }

    private boolean takes(String type, String raw) {
        return NativeText.with(
                raw,
                text ->
                        types.named(type)
                                .check()
                                .takes(text.address(), text.address() + text.length()));
    }

    @Test
    void showsATypeTheDecodedOctets() {
        types.add("halves", new Halves());
        assertTrue(takes("halves", "123-456"));
        assertTrue(takes("halves", "%31%323-45%36"));
        assertFalse(takes("halves", "123-45"));
        assertFalse(takes("halves", "123-4567"));
        assertFalse(takes("halves", "1234567"));
    }

    @Test
    void boundsTheOctetsOfASimpleType() {
        types.add("slug", ParameterType.of(2, 4, c -> (c >= 'a' && c <= 'z') || c == '-'));
        assertFalse(takes("slug", "a"));
        assertTrue(takes("slug", "a-"));
        assertTrue(takes("slug", "a-bc"));
        assertFalse(takes("slug", "a-bcd"));
        assertFalse(takes("slug", "a".repeat(100_000)));
        assertFalse(takes("slug", "a%2Fb"));
        assertFalse(takes("slug", "\u00e9"));
        assertThrows(IllegalArgumentException.class, () -> ParameterType.of(0, 4, c -> true));
        assertThrows(IllegalArgumentException.class, () -> ParameterType.of(3, 2, c -> true));
    }

    @Test
    void ranksTypesInTheOrderTheyWereAdded() {
        types.add("b", new Halves());
        types.add("a", new Halves());
        assertEquals(0, types.named("int").rank());
        assertEquals(1, types.named("long").rank());
        assertEquals(2, types.named("uuid").rank());
        assertEquals(3, types.named("b").rank());
        assertEquals(4, types.named("a").rank());
    }

    @Test
    void refusesNamesThatAreTakenOrNone() {
        for (String name : new String[] {"int", "", "a b", "a...", "1", "a:b"}) {
            assertThrows(IllegalArgumentException.class, () -> types.add(name, new Halves()), name);
        }
    }

    @Test
    void saysWhichTypesThereAre() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> types.named("date"));
        assertEquals(
                "no parameter type is named date, only [int, long, uuid]", refused.getMessage());
    }
}
