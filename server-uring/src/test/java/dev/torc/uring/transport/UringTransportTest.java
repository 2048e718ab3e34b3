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

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What a connection's peer cannot provoke; the rest is in the test kit's contract.
class UringTransportTest {
    /// A completion that names an earlier connection of a slot still returns its buffer.
    @Test
    void aLateReceiveIsCountedAndItsBufferReturned() {
        Verdict verdict = new UringTransportProvider().verdict();
        assumeTrue(verdict.works(), verdict.reason());
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Queue<Counters> seen = new ConcurrentLinkedQueue<>();
        ServerConfig config =
                ServerConfig.defaults()
                        .withPort(0)
                        .withShards(1)
                        .withTransport("uring")
                        .withLimits(Limits.defaults().withReceiveBuffers(4, 64));
        ConnectionHandler.Factory handlers = _ -> new Ignoring();
        Server server =
                Server.start(
                        config,
                        shard -> {
                            UringTransport other =
                                    new UringTransport(shard, config, handlers, Syscalls::new);
                            try {
                                int flags = 1 << 16 | 1; // buffer 1
                                long late = UserData.encode(UserData.RECV, 7, 3);
                                other.onCompletion(late, 10, flags);
                                other.onCompletion(late, -105, 0);
                                long send = UserData.encode(UserData.SEND_INLINE, 7, 3);
                                other.onCompletion(send, -32, 0);
                                long beyond = UserData.encode(UserData.SEND, 7, 1 << 30);
                                other.onCompletion(beyond, -32, 0);
                                seen.add(other.counters());
                            } catch (Throwable failure) {
                                failures.add(failure);
                            } finally {
                                other.close();
                            }
                            return handlers;
                        });
        server.close();
        assertEquals(List.of(), List.copyOf(failures));
        assertEquals(4, seen.element().stale());
        assertEquals(0, seen.element().buffersOut());
        assertEquals(0, seen.element().receives());
    }

    @Test
    void tellsHowDeepTheQueuesOfTheRingAre() {
        Verdict verdict = new UringTransportProvider().verdict();
        assumeTrue(verdict.works(), verdict.reason());
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Queue<RingCounters> seen = new ConcurrentLinkedQueue<>();
        ServerConfig config =
                ServerConfig.defaults().withPort(0).withShards(1).withTransport("uring");
        ConnectionHandler.Factory handlers = _ -> new Ignoring();
        Server server =
                Server.start(
                        config,
                        shard -> {
                            UringTransport other =
                                    new UringTransport(shard, config, handlers, Syscalls::new);
                            try {
                                seen.add(other.counters().ring());
                                UringConnection none = new UringConnection(other, 0, 1);
                                for (int i = 0; i < RingSize.SUBMISSIONS; i++) {
                                    other.submissions().cancel(none, UserData.RECV);
                                }
                                seen.add(other.counters().ring());
                                other.poll(0);
                                seen.add(other.counters().ring());
                            } catch (Throwable failure) {
                                failures.add(failure);
                            } finally {
                                other.close();
                            }
                            seen.add(other.counters().ring());
                            return handlers;
                        });
        server.close();
        assertEquals(List.of(), List.copyOf(failures));
        // The read of the wake event, which completes only when it is woken, is the first entry. A
        // cancel that finds nothing completes as soon as the kernel takes it.
        int cancels = RingSize.SUBMISSIONS - 1;
        assertEquals(
                List.of("1 0", "1 " + cancels, "0 0", "0 0"),
                seen.stream()
                        .map(ring -> ring.submissionsPending() + " " + ring.completionsReady())
                        .toList());
    }

    /// The read of the wake event then ends by the signal, not by its cancel.
    @Test
    void givesTheRingBackWhenItIsClosedWhileItIsWoken() {
        Verdict verdict = new UringTransportProvider().verdict();
        assumeTrue(verdict.works(), verdict.reason());
        Queue<Long> rings = new ConcurrentLinkedQueue<>();
        ServerConfig config =
                ServerConfig.defaults().withPort(0).withShards(1).withTransport("uring");
        ConnectionHandler.Factory handlers = _ -> new Ignoring();
        Server server =
                Server.start(
                        config,
                        shard -> {
                            rings.add(ringsOpen());
                            UringTransport other =
                                    new UringTransport(shard, config, handlers, Syscalls::new);
                            rings.add(ringsOpen());
                            other.wake();
                            other.close();
                            rings.add(ringsOpen());
                            return handlers;
                        });
        server.close();
        long before = rings.element();
        assertEquals(List.of(before, before + 1, before), List.copyOf(rings));
    }

    /// Rings that this process has, by its descriptors (proc_pid_fd(5)).
    private static long ringsOpen() {
        long count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                // One that has been closed since the listing, its own included, is none.
                if (!Files.isSymbolicLink(descriptor)) continue;
                Path target = Files.readSymbolicLink(descriptor);
                if (target.endsWith("anon_inode:[io_uring]")) count++;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return count;
    }

    private static final class Ignoring implements ConnectionHandler {
        @Override
        public void onReceive(Connection connection, Slice data) {}
    }
}
