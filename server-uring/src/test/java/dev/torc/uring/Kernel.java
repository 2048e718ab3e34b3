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
