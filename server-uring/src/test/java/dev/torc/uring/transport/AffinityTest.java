package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.spi.TransportProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Every thread that is pinned here is one of its own, as the kernel sees it: proc(5).
class AffinityTest {
    private static final String FIELD = "Cpus_allowed_list:";

    @BeforeAll
    static void probe() {
        TransportProvider.Verdict verdict = new UringTransportProvider().verdict();
        assumeTrue(verdict.works(), verdict.reason());
    }

    /// The CPUs that the calling thread may run on.
    private static List<Integer> allowed() throws IOException {
        String list =
                Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                        .filter(line -> line.startsWith(FIELD))
                        .findFirst()
                        .orElseThrow();
        return Arrays.stream(list.substring(FIELD.length()).strip().split(","))
                .map(range -> range.split("-"))
                .flatMap(ends -> between(ends[0], ends[ends.length - 1]).boxed())
                .toList();
    }

    private static IntStream between(String first, String last) {
        return IntStream.rangeClosed(Integer.parseInt(first), Integer.parseInt(last));
    }

    private static List<Integer> allowedWhenPinned(int... indexes) throws Exception {
        FutureTask<List<Integer>> pinned =
                new FutureTask<>(
                        () -> {
                            for (int index : indexes) Affinity.pin(index);
                            return allowed();
                        });
        Thread.ofPlatform().start(pinned);
        return pinned.get(10, TimeUnit.SECONDS);
    }

    @Test
    void pinsToEachCpuOfTheMaskAndThenFromTheFirst() throws Exception {
        List<Integer> before = allowed();
        for (int index = 0; index < 2 * before.size() + 1; index++) {
            int cpu = before.get(index % before.size());
            assertEquals(List.of(cpu), allowedWhenPinned(index), "index=" + index);
        }
        assertEquals(before, allowed(), "of the caller's own thread");
    }

    @Test
    void countsWithinTheMaskThatIsLeft() throws Exception {
        int last = allowed().size() - 1;
        assertEquals(List.of(allowed().get(last)), allowedWhenPinned(last, 0));
        assertEquals(List.of(allowed().get(0)), allowedWhenPinned(0, 5));
    }
}
