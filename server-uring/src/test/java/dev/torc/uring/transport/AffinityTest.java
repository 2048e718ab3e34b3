package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.Shard;
import dev.torc.core.spi.TransportProvider;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Every thread that is pinned here is one of its own, as the kernel sees it: proc(5).
class AffinityTest extends TransportFixture {
    private static final String FIELD = "Cpus_allowed_list:";

    @Override
    TransportProvider provider() {
        return new UringTransportProvider();
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

    @Test
    void eachShardHasACpuOfItsOwnIfAskedTo() throws Exception {
        List<Integer> before = allowed();
        int count = Math.min(before.size(), 8);
        for (boolean pinned : new boolean[] {true, false}) {
            Map<Integer, Shard> shards = new ConcurrentHashMap<>();
            start(
                    config(limits()).withShards(count).withPinShards(pinned),
                    shard -> {
                        shards.put(shard.index(), shard);
                        return _ -> new TestHandler();
                    });
            for (int index = 0; index < count; index++) {
                FutureTask<List<Integer>> asked = new FutureTask<>(AffinityTest::allowed);
                Objects.requireNonNull(shards.get(index)).execute(asked);
                List<Integer> expected = pinned ? List.of(before.get(index)) : before;
                assertEquals(expected, asked.get(10, TimeUnit.SECONDS), "index=" + index);
            }
        }
    }
}
