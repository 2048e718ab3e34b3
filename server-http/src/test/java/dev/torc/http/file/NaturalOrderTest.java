package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class NaturalOrderTest {
    private static final List<String> SORTED =
            List.of(
                    "",
                    "-",
                    "0",
                    "00",
                    "01",
                    "1",
                    "2",
                    "10",
                    "10a",
                    "99999999999999999998",
                    "99999999999999999999",
                    "100000000000000000000",
                    "A",
                    "a",
                    "a1",
                    "a1b2",
                    "a1b10",
                    "A2",
                    "a2",
                    "a10",
                    "B",
                    "b",
                    "Ä",
                    "ä",
                    "日本");

    @Test
    void sortsAsPeopleDo() {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            List<String> names = new ArrayList<>(SORTED);
            Collections.shuffle(names, random);
            names.sort(NaturalOrder.INSTANCE);
            assertEquals(SORTED, names, "seed=" + seed);
        }
    }

    @Test
    void isAnOrder() {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < 50_000; round++) {
            String a = name(random);
            String b = name(random);
            String c = name(random);
            String message = "seed=" + seed + ", " + a + " " + b + " " + c;
            int ab = compare(a, b);
            assertEquals(-ab, compare(b, a), message);
            assertEquals(a.equals(b), ab == 0, message);
            if (ab <= 0 && compare(b, c) <= 0) assertEquals(true, compare(a, c) <= 0, message);
        }
    }

    private static int compare(String left, String right) {
        return Integer.signum(NaturalOrder.INSTANCE.compare(left, right));
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        int length = random.nextInt(6);
        for (int i = 0; i < length; i++) name.append("aAb0012".charAt(random.nextInt(7)));
        return name.toString();
    }
}
