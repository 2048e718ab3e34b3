package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class QueryParametersTest {
    private static final int COUNT_MAX = 10;

    @Test
    void readsNamesAndValues() {
        QueryParameters query = parse("a=1&b=2");
        assertEquals("1", query.first("a"));
        assertEquals("2", query.first("b"));
        assertNull(query.first("c"));
        assertEquals(2, query.count());
        assertNull(query.problem());
    }

    @Test
    void readsNothingFromAnEmptyQuery() {
        for (String text : List.of("", "&", "&&")) {
            assertEquals(0, parse(text).count(), text);
            assertEquals(Map.of(), parse(text).toMap(), text);
            assertNull(parse(text).problem(), text);
        }
    }

    @Test
    void keepsRepeatedNamesInOrder() {
        QueryParameters query = parse("b=1&a=2&b=3&b=");
        assertEquals("1", query.first("b"));
        assertEquals(List.of("1", "3", ""), query.all("b"));
        assertEquals(List.of(), query.all("c"));
        assertEquals("{b=[1, 3, ], a=[2]}", query.toMap().toString());
        assertEquals("{b=[1, 3, ], a=[2]}", query.toString());
    }

    @Test
    void splitsAtTheFirstEqualsSign() {
        assertEquals("1=2=", parse("a=1=2=").first("a"));
        assertEquals("=", parse("==").first(""));
    }

    @Test
    void takesEmptyNamesAndValues() {
        assertEquals("", parse("a").first("a"));
        assertEquals("", parse("a=").first("a"));
        assertEquals("v", parse("=v").first(""));
        assertEquals("", parse("=").first(""));
        assertEquals(2, parse("a&&b&").count());
    }

    @Test
    void decodesPlusAndTripletsInNamesAndValues() {
        QueryParameters query = parse("a+b=c+d&%C3%A9=%26%3D%2B%25");
        assertEquals("c d", query.first("a b"));
        assertEquals("&=+%", query.first("\u00e9"));
    }

    @Test
    void separatesByAmpersandOnly() {
        assertEquals("1;b=2", parse("a=1;b=2").first("a"));
    }

    @Test
    void reportsMalformedTextAndHoldsNothing() {
        for (String text : List.of("a=1&b=%", "a=1&%zz=2", "a=1&b=%FF", "a=100%&b=1")) {
            QueryParameters query = parse(text);
            assertEquals("malformed percent-encoding in the query", query.problem(), text);
            assertNull(query.first("a"), text);
            assertEquals(0, query.count(), text);
        }
    }

    @Test
    void reportsMoreParametersThanAllowed() {
        String most = "a=1&".repeat(COUNT_MAX);
        assertEquals(COUNT_MAX, parse(most).count());
        QueryParameters query = parse(most + "b=%");
        assertEquals("more than 10 parameters in the query", query.problem());
        assertEquals(List.of(), query.all("a"));
    }

    @Test
    void cannotBeModified() {
        QueryParameters query = parse("a=1");
        assertThrows(UnsupportedOperationException.class, () -> query.all("a").add("2"));
        assertThrows(UnsupportedOperationException.class, () -> query.toMap().clear());
        List<String> values = query.toMap().getOrDefault("a", new ArrayList<>());
        assertThrows(UnsupportedOperationException.class, () -> values.add("2"));
    }

    @Test
    void agreesWithTheNaiveTwin() {
        long seed = 0x9e12L;
        Random random = new Random(seed);
        String alphabet = "ab&&&===+%%4C3A9\u00e9;?";
        int parsed = 0;
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(24);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Map<String, List<String>> expected = naive(text.toString());
            QueryParameters query = parse(text.toString());
            String where = "seed=" + seed + ", query=" + text;
            assertEquals(expected == null, query.problem() != null, where);
            if (expected == null) continue;
            parsed++;
            assertEquals(expected.toString(), query.toMap().toString(), where);
            expected.forEach((name, values) -> assertEquals(values, query.all(name), where));
            expected.forEach(
                    (name, values) -> assertEquals(values.get(0), query.first(name), where));
        }
        assertTrue(parsed > 5_000, "seed=" + seed);
    }

    private static @Nullable Map<String, List<String>> naive(String text) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        int count = 0;
        for (String part : text.split("&", -1)) {
            if (part.isEmpty()) continue;
            String[] sides = part.split("=", 2);
            String name = NaiveRoutes.decode(sides[0].replace('+', ' '));
            String value = NaiveRoutes.decode(sides.length == 1 ? "" : sides[1].replace('+', ' '));
            if (name == null || value == null || ++count > COUNT_MAX) return null;
            map.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return map;
    }

    private static QueryParameters parse(String text) {
        return NativeText.with(
                text, at -> QueryParameters.parse(at.address(), at.length(), COUNT_MAX));
    }
}
