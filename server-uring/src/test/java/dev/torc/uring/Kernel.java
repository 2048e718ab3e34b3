package dev.torc.uring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.memory.Memory;
import dev.torc.core.spi.TransportProvider;
import dev.torc.uring.transport.UringTransportProvider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What the ring's tests ask about this machine and this process.
final class Kernel {
    /// Any address, for memory that a test keeps itself.
    static final IoMemory MEMORY = IoMemory.unmanaged(Memory.all());

    private Kernel() {}

    /// Skips the test, visibly, where io_uring does not work.
    static void assumeIoUring() {
        TransportProvider.Verdict verdict = new UringTransportProvider().verdict();
        assumeTrue(verdict.works(), verdict.reason());
        assumeTrue(hasRoom(), "RLIMIT_MEMLOCK is too low for the rings of these tests");
    }

    /// Whether rings may lock as much as those of a test take, and those that the test before has
    /// closed: what they took is given back a little later.
    private static boolean hasRoom() {
        try (Ring one = Ring.open(32_768, 65_536);
                Ring other = Ring.open(32_768, 65_536)) {
            return one.entries() == other.entries();
        } catch (RingException refusal) {
            return false;
        }
    }

    /// Descriptors that this process has open.
    static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Mappings of rings in this process.
    static long ringMappings() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains("io_uring")).count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
