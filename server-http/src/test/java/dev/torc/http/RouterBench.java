package dev.torc.http;

import com.sun.management.ThreadMXBean;

import dev.torc.http.RouteMatch.Outcome;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What it takes to find a route among 10, 1,000 and 10,000. Run by hand: see docs/routing.md.
///
/// *One* asks for the same path again and again, *all* for the paths of all routes at random, which
/// shows what the processor's caches make of a tree that is larger than they are. Nanoseconds are
/// CPU time, the median of the rounds after those in which the JIT compiles.
final class RouterBench {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int[] ROUTE_COUNTS = {10, 1_000, 10_000};
    private static final int ROUNDS = 9;
    private static final int MATCHES = 1_000_000;
    private static final int ORDER = 1 << 16;
    private static final String UUID = "123e4567-e89b-12d3-a456-426614174000";

    /// A family of templates, and of the paths that ask for them.
    private enum Mix {
        LITERAL("/shop/area#/page#", "/shop/area#/page#"),
        PARAMETER("/shop#/{id}/items/{item}", "/shop#/4711/items/blue-shirt"),
        TYPED("/shop#/{id:int}/items/{item:uuid}", "/shop#/4711/items/" + UUID),
        ENCODED("/shop#/{name}", "/shop#/caf%C3%A9%20cr%C3%A8me"),
        REST("/assets#/{path...}", "/assets#/css/fonts/site.css"),
        MISSING("/shop/area#/page#", "/shop/area#/nothing");

        private final String template;
        private final String path;

        Mix(String template, String path) {
            this.template = template;
            this.path = path;
        }
    }

    /// The paths of a mix, one behind the other in native memory.
    @SuppressWarnings("ArrayRecordComponent") // only read
    private record Paths(long address, int[] offsets) {
        static Paths in(Arena arena, List<String> paths) {
            int[] offsets = new int[paths.size() + 1];
            for (int i = 0; i < paths.size(); i++)
                offsets[i + 1] = offsets[i] + paths.get(i).length();
            byte[] bytes = String.join("", paths).getBytes(StandardCharsets.US_ASCII);
            MemorySegment segment = arena.allocate(bytes.length + 8L, 8);
            MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return new Paths(segment.address(), offsets);
        }
    }

    private RouterBench() {}

    public static void main(String[] arguments) {
        System.out.println("| paths | routes | one, ns | all, ns | bytes allocated |");
        System.out.println("|---|---|---|---|---|");
        for (Mix mix : Mix.values()) {
            for (int count : ROUTE_COUNTS) measure(mix, count);
        }
    }

    private static void measure(Mix mix, int count) {
        RouteTree<String> tree = new RouteTree<>();
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String template = mix.template.replace("#", "" + i);
            tree.add(Method.GET, template, template);
            paths.add(mix.path.replace("#", "" + i));
        }
        try (Arena arena = Arena.ofConfined()) {
            Paths inMemory = Paths.in(arena, paths);
            int[] all = new Random(1).ints(ORDER, 0, count).toArray();
            int[] one = new int[ORDER];
            Arrays.fill(one, count / 2);
            long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
            double oneNanos = nanos(tree, inMemory, one, mix);
            double allNanos = nanos(tree, inMemory, all, mix);
            long allocated =
                    (THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore)
                            / (2L * ROUNDS * MATCHES);
            System.out.printf(
                    "| %s | %,d | %.0f | %.0f | %d |%n",
                    mix.path.replace("#", "N"), count, oneNanos, allNanos, allocated);
        }
    }

    private static double nanos(RouteTree<String> tree, Paths paths, int[] order, Mix mix) {
        double[] rounds = new double[ROUNDS];
        RouteMatch<String> match = new RouteMatch<>();
        for (int round = 0; round < ROUNDS; round++) {
            long start = THREADS.getCurrentThreadCpuTime();
            int found = matchAll(tree, paths, order, match);
            rounds[round] = (double) (THREADS.getCurrentThreadCpuTime() - start) / MATCHES;
            if (found != (mix == Mix.MISSING ? 0 : MATCHES)) throw new AssertionError(mix);
        }
        double[] steady = Arrays.copyOfRange(rounds, 4, ROUNDS);
        Arrays.sort(steady);
        return steady[steady.length / 2];
    }

    private static int matchAll(
            RouteTree<String> tree, Paths paths, int[] order, RouteMatch<String> match) {
        int found = 0;
        for (int i = 0; i < MATCHES; i++) {
            int path = order[i & (ORDER - 1)];
            int offset = paths.offsets()[path];
            int length = paths.offsets()[path + 1] - offset;
            Outcome outcome = tree.match(paths.address() + offset, length, match);
            if (outcome == Outcome.FOUND && match.route(Method.GET) != null) found++;
        }
        return found;
    }
}
