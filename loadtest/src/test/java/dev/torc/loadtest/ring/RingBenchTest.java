package dev.torc.loadtest.ring;

import static dev.torc.uring.constants.IoUring.IORING_SETUP_COOP_TASKRUN;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.uring.Ring;
import dev.torc.uring.RingException;
import dev.torc.uring.RingSetup;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Each benchmark runs for a moment: it does what it measures, and allocates nothing. No timing.
class RingBenchTest {
    private static final long WAIT_NANOS = 5_000_000_000L;
    private static final long MILLIS = 1_000_000;

    private static final int WARM_UPS_MAX = 50;

    /// What the JVM itself may allocate on the thread while it compiles.
    private static final double BYTES_EACH_MAX = 0.1;

    @BeforeAll
    static void probe() {
        String refusal = refusal();
        assumeTrue(refusal.isEmpty(), refusal);
    }

    private static String refusal() {
        if (Ring.unsupported().isPresent()) return Ring.unsupported().get();
        try (Ring ring = Ring.open(RingSetup.ofOneThread(8))) {
            return ring.entries() == 8 ? "" : "entries=" + ring.entries();
        } catch (RingException refused) {
            return refused.toString();
        }
    }

    /// Code that is not compiled yet may allocate, and on a busy machine that takes its time; code
    /// that is must not.
    private static void assertWorks(Bench bench) {
        Meter meter = Meter.measure(bench, 100 * MILLIS, 20 * MILLIS);
        for (int more = 0; more < WARM_UPS_MAX && bytesEach(meter) > BYTES_EACH_MAX; more++) {
            meter = Meter.measure(bench, 100 * MILLIS, 20 * MILLIS);
        }
        assertTrue(meter.operations() > 0, meter::toString);
        assertTrue(meter.nanos() >= 20 * MILLIS, meter::toString);
        assertTrue(meter.cpuNanos() > 0, meter::toString);
        assertTrue(bytesEach(meter) <= BYTES_EACH_MAX, meter::toString);
    }

    private static double bytesEach(Meter meter) {
        return (double) meter.allocatedBytes() / meter.operations();
    }

    private static Path file(Path directory) throws IOException {
        return Files.write(directory.resolve("blocks"), new byte[64 * ReadBench.BLOCK_BYTES]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    void doesNothingInBatches(int batch) {
        try (Ring ring = Ring.open(RingSetup.ofOneThread(64));
                Bench bench = new NopBench(ring, batch, WAIT_NANOS)) {
            assertEquals(10L * batch, bench.run(10));
            assertWorks(bench);
            assertEquals(0, ring.readyCount());
        }
    }

    @Test
    void doesNothingOnPlainRings() {
        RingSetup plain = RingSetup.of(64);
        try (Ring ring = Ring.open(plain)) {
            assertWorks(new NopBench(ring, 8, WAIT_NANOS));
        }
        try (Ring ring = Ring.open(plain.withFlags(IORING_SETUP_COOP_TASKRUN))) {
            assertWorks(new NopBench(ring, 8, WAIT_NANOS));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,false", "32,false", "1,true", "32,true"})
    void readsAFile(int depth, boolean registered, @TempDir Path directory) throws IOException {
        Path file = file(directory);
        long bytes = Files.size(file);
        try (Descriptors descriptors = new Descriptors();
                Ring ring = Ring.open(RingSetup.ofOneThread(64))) {
            int fd = descriptors.open(file);
            try (Bench bench = new ReadBench(ring, fd, bytes, depth, registered, WAIT_NANOS)) {
                assertWorks(bench);
                assertEquals(depth, ring.lendingCount());
            }
        }
    }

    @Test
    void readsAFileByTheJdk(@TempDir Path directory) throws IOException {
        try (FileChannel file = FileChannel.open(file(directory));
                Bench bench = new ChannelBench(file)) {
            assertWorks(bench);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    void bouncesMessages(int pairs) {
        try (Descriptors descriptors = new Descriptors();
                Ring ring = Ring.open(RingSetup.ofOneThread(64).withCompletionEntries(256));
                Bench bench = new EchoBench(ring, descriptors.socketPairs(pairs), WAIT_NANOS)) {
            assertWorks(bench);
        }
    }

    @Test
    void positionsAreBlocksOfTheFile() {
        Positions positions = new Positions(10 * 4096 + 1, 4096);
        boolean[] seen = new boolean[10];
        for (int i = 0; i < 1000; i++) seen[(int) positions.next()] = true;
        for (boolean each : seen) assertTrue(each);
        assertThrows(IllegalArgumentException.class, () -> new Positions(4095, 4096));
    }

    @Test
    void optionsAreReadAndMissed() {
        Options options = new Options(new String[] {"nop", "--batch", "8", "--seconds", "0.5"});
        assertEquals(8, options.number("batch"));
        assertEquals(500 * MILLIS, options.nanos("seconds"));
        IllegalArgumentException missing =
                assertThrows(IllegalArgumentException.class, () -> options.text("flags"));
        assertEquals("option is missing: --flags", missing.getMessage());
    }
}
