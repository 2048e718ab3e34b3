package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

class SegmentTableTest {
    private final SegmentTable<String> table = new SegmentTable<>();

    @Test
    void findsNothingInAnEmptyTable() {
        assertNull(find(""));
        assertNull(find("a"));
    }

    @Test
    void keepsTheFirstValueOfAKey() {
        String first = table.computeIfAbsent("key", () -> "first");
        assertSame(first, table.computeIfAbsent("key", () -> "second"));
        assertSame(first, find("key"));
    }

    @Test
    void tellsKeysApartThatDifferOnlyInZeroBytes() {
        for (String key : new String[] {"", "\0", "\0\0", "a", "a\0", "eight888", "eight888\0"}) {
            table.computeIfAbsent(key, () -> "<" + key + ">");
        }
        for (String key : new String[] {"", "\0", "\0\0", "a", "a\0", "eight888", "eight888\0"}) {
            assertEquals("<" + key + ">", find(key));
            assertEquals("<" + key + ">", findDecoded(key));
        }
        assertNull(find("\0\0\0"));
        assertNull(find("eight888\0\0"));
    }

    @Test
    void agreesWithHashMap() {
        long seed = 0x7ab1eL;
        Random random = new Random(seed);
        Map<String, String> twin = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            String key = randomKey(random);
            twin.putIfAbsent(key, key + "!");
            table.computeIfAbsent(key, () -> key + "!");
        }
        for (int i = 0; i < 3000; i++) {
            String key = randomKey(random);
            assertEquals(twin.get(key), find(key), () -> "seed=" + seed + ", key=" + key);
            assertEquals(twin.get(key), findDecoded(key), () -> "seed=" + seed + ", key=" + key);
        }
    }

    private static String randomKey(Random random) {
        StringBuilder key = new StringBuilder();
        int length = random.nextInt(20);
        for (int i = 0; i < length; i++)
            key.append((char) ('a' + random.nextInt(length < 4 ? 8 : 2)));
        return key.toString();
    }

    private @Nullable String find(String segment) {
        // Memory goes on behind the segment, as it does behind all but the last of a path.
        String behind = NativeText.with(segment + "/behind", text -> orEmpty(find(text, 7)));
        String alone = NativeText.with(segment, text -> orEmpty(find(text, 0)));
        assertEquals(behind, alone);
        return alone.isEmpty() ? null : alone;
    }

    private @Nullable String find(NativeText text, int behind) {
        long end = text.address() + text.length();
        return table.find(text.address(), end - behind, end);
    }

    private @Nullable String findDecoded(String segment) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
            encoded.append(octet % 3 == 0 ? "%%%02x".formatted(octet) : (char) octet);
        }
        String found =
                NativeText.with(
                        encoded.toString(),
                        text -> {
                            long end = text.address() + text.length();
                            return orEmpty(table.findDecoded(text.address(), end));
                        });
        return found.isEmpty() ? null : found;
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
