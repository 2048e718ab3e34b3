package dev.torc.loadtest.ring;

import dev.torc.uring.Ring;
import dev.torc.uring.RingSetup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// Runs one benchmark for `ring.py`, which passes the files and sockets that it is to use as open
/// descriptors, and prints what was measured as one line of JSON.
final class Main {
    private static final long FOR_EVER = Long.MAX_VALUE; // ring.py ends what takes too long

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Options options = new Options(arguments);
        if (arguments[0].equals("channel")) {
            channel(options);
        } else {
            onRing(arguments[0], options);
        }
    }

    private static void onRing(String name, Options options) {
        RingSetup setup =
                RingSetup.of(options.number("entries"))
                        .withCompletionEntries(options.number("completion-entries"))
                        .withFlags(options.number("flags"))
                        .withDescriptorRegistered(options.has("registered"));
        try (Ring ring = Ring.open(setup);
                Bench bench = bench(name, options, ring)) {
            Meter meter = measure(bench, options);
            print(meter, ring.setupFlags(), ring.entries(), ring.completionEntries());
        }
    }

    private static Bench bench(String name, Options options, Ring ring) {
        return switch (name) {
            case "nop" -> new NopBench(ring, options.number("batch"), FOR_EVER);
            case "read" -> {
                long bytes = options.number("file-bytes");
                int depth = options.number("depth");
                boolean fixed = options.has("fixed");
                yield new ReadBench(ring, options.number("fd"), bytes, depth, fixed, FOR_EVER);
            }
            case "echo" -> new EchoBench(ring, options.numbers("sockets"), FOR_EVER);
            default -> throw new IllegalArgumentException("no such benchmark: " + name);
        };
    }

    private static void channel(Options options) throws IOException {
        Set<OpenOption> how =
                options.has("direct")
                        ? Set.of(StandardOpenOption.READ, direct())
                        : Set.of(StandardOpenOption.READ);
        try (FileChannel file = FileChannel.open(Path.of(options.text("path")), how);
                Bench bench = new ChannelBench(file)) {
            print(measure(bench, options), 0, 0, 0);
        }
    }

    /// `ExtendedOpenOption.DIRECT`, by name, because javac warns of whoever imports that type.
    private static OpenOption direct() {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            return (OpenOption) options.getField("DIRECT").get(null);
        } catch (ReflectiveOperationException absent) {
            throw new IllegalStateException("this JDK has no O_DIRECT", absent);
        }
    }

    private static Meter measure(Bench bench, Options options) {
        return Meter.measure(bench, options.nanos("warm-up"), options.nanos("seconds"));
    }

    private static void print(Meter meter, int flags, int entries, int completionEntries) {
        System.out.println(
                "{\"operations\": "
                        + meter.operations()
                        + ", \"nanos\": "
                        + meter.nanos()
                        + ", \"cpu_nanos\": "
                        + meter.cpuNanos()
                        + ", \"allocated_bytes\": "
                        + meter.allocatedBytes()
                        + ", \"setup_flags\": "
                        + flags
                        + ", \"entries\": "
                        + entries
                        + ", \"completion_entries\": "
                        + completionEntries
                        + "}");
    }
}
