package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.Limits;
import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.RingCounters;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.core.spi.TransportProvider.Verdict;
import dev.torc.uring.abi.Syscalls;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// What a connection's peer cannot provoke; the rest is in the test kit's contract.
class UringTransportTest {
    private static final ConnectionHandler.Factory HANDLERS = _ -> new Ignoring();

    /// Makes a second transport on a shard's thread.
    private interface Opener {
        UringTransport open();
    }

    @BeforeAll
    static void probe() {
        Verdict verdict = new UringTransportProvider().verdict();
        assumeTrue(verdict.works(), verdict.reason());
    }

    private static ServerConfig config() {
        return ServerConfig.defaults().withPort(0).withShards(1).withTransport("uring");
    }

    /// Runs `test` on the thread of a shard.
    private static void onShard(ServerConfig config, Consumer<Opener> test) {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Server server =
                Server.start(
                        config,
                        shard -> {
                            try {
                                test.accept(
                                        () ->
                                                new UringTransport(
                                                        shard, config, HANDLERS, Syscalls::new));
                            } catch (Throwable failure) {
                                failures.add(failure);
                            }
                            return HANDLERS;
                        });
        server.close();
        assertEquals(List.of(), List.copyOf(failures));
    }

    /// A completion that names an earlier connection of a slot still returns its buffer.
    @Test
    void aLateReceiveIsCountedAndItsBufferReturned() {
        Limits limits = Limits.defaults().withReceiveBuffers(4, 64);
        onShard(
                config().withLimits(limits),
                opener -> {
                    UringTransport transport = opener.open();
                    try {
                        int flags = 1 << 16 | 1; // buffer 1
                        long late = UserData.encode(UserData.RECV, 7, 3);
                        transport.onCompletion(late, 10, flags);
                        transport.onCompletion(late, -105, 0);
                        long send = UserData.encode(UserData.SEND_INLINE, 7, 3);
                        transport.onCompletion(send, -32, 0);
                        long beyond = UserData.encode(UserData.SEND, 7, 1 << 30);
                        transport.onCompletion(beyond, -32, 0);
                        Counters seen = transport.counters();
                        assertEquals(4, seen.stale());
                        assertEquals(0, seen.buffersOut());
                        assertEquals(0, seen.receives());
                    } finally {
                        transport.close();
                    }
                });
    }

    @Test
    void tellsHowDeepTheQueuesOfTheRingAre() {
        onShard(
                config(),
                opener -> {
                    UringTransport transport = opener.open();
                    List<RingCounters> seen = new ArrayList<>();
                    try {
                        seen.add(transport.counters().ring());
                        UringConnection none = new UringConnection(transport, 0, 1);
                        for (int i = 0; i < RingSize.SUBMISSIONS; i++) {
                            transport.submissions().cancel(none, UserData.RECV);
                        }
                        seen.add(transport.counters().ring());
                        transport.poll(0);
                        seen.add(transport.counters().ring());
                    } finally {
                        transport.close();
                    }
                    seen.add(transport.counters().ring());
                    // The read of the wake event, which completes only when it is woken, is the
                    // first entry. A cancel that finds nothing completes as soon as the kernel
                    // takes it.
                    int cancels = RingSize.SUBMISSIONS - 1;
                    assertEquals(
                            List.of("1 0", "1 " + cancels, "0 0", "0 0"),
                            seen.stream()
                                    .map(r -> r.submissionsPending() + " " + r.completionsReady())
                                    .toList());
                });
    }

    /// The read of the wake event then ends by the signal, not by its cancel.
    @Test
    void givesTheRingBackWhenItIsClosedWhileItIsWoken() {
        onShard(
                config(),
                opener -> {
                    long before = ringsOpen();
                    UringTransport transport = opener.open();
                    assertEquals(before + 1, ringsOpen());
                    transport.wake();
                    transport.close();
                    assertEquals(before, ringsOpen());
                });
    }

    /// Rings that this process has, by its descriptors (proc_pid_fd(5)).
    private static long ringsOpen() {
        long count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                if (isRing(descriptor)) count++;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return count;
    }

    private static boolean isRing(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).endsWith("anon_inode:[io_uring]");
        } catch (NoSuchFileException closed) {
            return false; // since the listing, as its own
        }
    }

    private static final class Ignoring implements ConnectionHandler {
        @Override
        public void onReceive(Connection connection, Slice data) {}
    }
}
