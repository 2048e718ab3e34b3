package dev.torc.http.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.testkit.Await;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class LineRingTest {
    private static final int CAPACITY = 64;

    private final LineRing ring = new LineRing(CAPACITY);
    private final byte[] target = new byte[CAPACITY];

    private boolean put(String line) {
        byte[] bytes = line.getBytes(US_ASCII);
        return ring.put(bytes, bytes.length);
    }

    private String take() {
        return new String(target, 0, ring.take(target, 0), US_ASCII);
    }

    @Test
    void givesBackWholeLinesInOrder() {
        assertTrue(ring.isEmpty());
        assertTrue(put("one\n"));
        assertTrue(put("two\n"));
        assertFalse(ring.isEmpty());
        assertEquals("one\ntwo\n", take());
        assertEquals("", take());
    }

    @Test
    void dropsAndCountsWhatDoesNotFitAsAWhole() {
        String line = "x".repeat(39) + "\n";
        assertTrue(put(line));
        assertTrue(ring.isHalfFull());
        assertFalse(put(line));
        assertTrue(put("y".repeat(CAPACITY - 41) + "\n"));
        assertFalse(put("\n"));
        assertEquals(2, ring.droppedCount());
        assertEquals(CAPACITY, take().length());
        assertFalse(ring.isHalfFull());
        assertTrue(put(line));
        assertEquals(line, take());
        assertFalse(put("z".repeat(CAPACITY + 1)));
    }

    @Test
    void losesAndTearsNothingBetweenTwoThreads() throws InterruptedException {
        Random random = new Random(Seed.next());
        List<String> accepted = new ArrayList<>();
        StringBuilder taken = new StringBuilder();
        int[] refused = {0};
        Thread putter =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; i < 100_000; i++) {
                                        String line = i + "#".repeat(random.nextInt(30)) + "\n";
                                        if (put(line)) {
                                            accepted.add(line);
                                        } else {
                                            refused[0]++;
                                        }
                                    }
                                });
        while (putter.isAlive()) taken.append(take());
        assertTrue(putter.join(Duration.ofSeconds(Await.PATIENCE_SECONDS)));
        taken.append(take());
        assertEquals(String.join("", accepted), taken.toString());
        assertEquals(refused[0], ring.droppedCount());
        assertEquals(100_000, accepted.size() + refused[0]);
    }
}
