package dev.torc.http.h1;

import com.sun.management.ThreadMXBean;

import dev.torc.http.HttpLimits;
import dev.torc.http.message.RequestHead;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Parses heads again and again, for `loadtest/parser.py`, which runs it beside the same with
/// picohttpparser, `loadtest/parser/parser.c`. docs/http-speed.md has the figures.
///
/// As in production the heads are in native memory, and one [RequestHead] serves all of them.
/// Prints one line of JSON.
final class ParserBench {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int BATCH = 4096; // between two looks at the clock, as in C

    private final RequestParser parser = new RequestParser(HttpLimits.defaults());
    private final RequestHead head = new RequestHead(HttpLimits.defaults().headerCountMax());
    private final long[] addresses;
    private final int[] lengths;
    private final byte[] order; // indices of heads
    private int next;

    private ParserBench(MemorySegment bytes, int[] ends, byte[] order) {
        this.addresses = new long[ends.length];
        this.lengths = new int[ends.length];
        this.order = order;
        int start = 0;
        for (int i = 0; i < ends.length; i++) {
            addresses[i] = bytes.address() + start;
            lengths[i] = ends[i] - start;
            start = ends[i];
        }
    }

    /// `--heads FILE --order FILE --warm-up SECONDS --seconds SECONDS`, as parser.py gives them.
    public static void main(String[] arguments) throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of(option("heads", arguments)));
        byte[] order = Files.readAllBytes(Path.of(option("order", arguments)));
        MemorySegment memory = Arena.global().allocate(bytes.length, 64);
        memory.copyFrom(MemorySegment.ofArray(bytes));
        ParserBench bench = new ParserBench(memory, ends(bytes), order);
        // Twice, so that what measures is warm, too.
        long warmUpNanos = nanos(option("warm-up", arguments));
        bench.measure(warmUpNanos / 2);
        bench.measure(warmUpNanos / 2);
        System.out.println(bench.measure(nanos(option("seconds", arguments))));
    }

    private static String option(String name, String[] arguments) {
        int index = Arrays.asList(arguments).indexOf("--" + name);
        if (index < 0) throw new IllegalArgumentException("option is missing: --" + name);
        return arguments[index + 1];
    }

    private static long nanos(String seconds) {
        return (long) (Double.parseDouble(seconds) * 1e9);
    }

    /// Heads stand one behind the other, and each ends in the first empty line.
    private static int[] ends(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        while (end < bytes.length) {
            end = text.indexOf("\r\n\r\n", end) + 4;
            ends.add(end);
        }
        return ends.stream().mapToInt(Integer::intValue).toArray();
    }

    private String measure(long nanos) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long operations = 0;
        long passed = 0;
        while (passed < nanos) {
            parse();
            operations += BATCH;
            passed = System.nanoTime() - start;
        }
        cpu = THREADS.getCurrentThreadCpuTime() - cpu;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        return "{\"operations\": "
                + operations
                + ", \"nanos\": "
                + passed
                + ", \"cpu_nanos\": "
                + cpu
                + ", \"allocated_bytes\": "
                + allocated
                + "}";
    }

    private void parse() {
        for (int i = 0; i < BATCH; i++) {
            int index = order[next++] & 0xff;
            if (next == order.length) next = 0;
            head.reset();
            int used = parser.parse(addresses[index], lengths[index], head);
            if (used != lengths[index]) throw new AssertionError(index + ": " + head.refusal());
        }
    }
}
