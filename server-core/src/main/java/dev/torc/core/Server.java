package dev.torc.core;

import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A running server: its shards, all listening on one port. Thread-safe.
public final class Server implements AutoCloseable {
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);
    private static final Duration ABORT_GRACE = Duration.ofSeconds(5);
    private static final Duration DEADLINE_MAX = Duration.ofDays(365);

    private final TransportProvider provider;
    private final List<Shard> shards;
    private final InetSocketAddress address;

    private Server(TransportProvider provider, List<Shard> shards, InetSocketAddress address) {
        this.provider = provider;
        this.shards = List.copyOf(shards);
        this.address = address;
    }

    /// Starts every shard and returns when all of them listen.
    ///
    /// @throws StartException when it cannot: no transport works here, the port is in use, ...
    public static Server start(ServerConfig config, ConnectionHandler.PerShard handlers) {
        return start(config, choose(config.transport()), handlers);
    }

    /// [#start(ServerConfig, ConnectionHandler.PerShard)] on a transport of the caller's own.
    public static Server start(
            ServerConfig config, TransportProvider provider, ConnectionHandler.PerShard handlers) {
        List<Shard> started = new ArrayList<>();
        InetSocketAddress address = config.address();
        try {
            for (int i = 0; i < config.shards(); i++) {
                Shard shard = new Shard(i, config, provider);
                started.add(shard);
                address = shard.start(handlers, address, i == 0).join();
            }
            return new Server(provider, started, address);
        } catch (CompletionException failure) {
            stopAll(provider, started, Duration.ZERO);
            Throwable cause = failure.getCause();
            if (cause instanceof StartException known) throw known;
            throw new StartException(String.valueOf(cause), cause);
        }
    }

    /// The address that it listens on, with the real port.
    public InetSocketAddress address() {
        return address;
    }

    public int port() {
        return address.getPort();
    }

    public int shardCount() {
        return shards.size();
    }

    /// The transport in use, and why it is.
    public String transport() {
        return provider.name() + ": " + provider.verdict().reason();
    }

    /// What the transport's provider found on this machine, a name and a value a line.
    public List<String> transportDetails() {
        return provider.verdict().details();
    }

    /// What each shard's transport has done so far, or had done when the server stopped.
    public List<Transport.Counters> counters() {
        return shards.stream().map(Shard::counters).toList().stream()
                .map(CompletableFuture::join)
                .filter(Objects::nonNull)
                .toList();
    }

    /// Accepts no more connections, lets what is in flight finish, aborts what has not within
    /// `deadline`, and returns when every shard has ended. Whether all of them have.
    public boolean stop(Duration deadline) {
        return stopAll(provider, shards, deadline);
    }

    /// Waits until the server has stopped.
    public void await() throws InterruptedException {
        for (Shard shard : shards) {
            try {
                shard.ended().get();
            } catch (ExecutionException impossible) {
                throw new AssertionError("a shard's end carries no failure", impossible);
            }
        }
    }

    /// [#stop(Duration)] with a deadline of ten seconds.
    @Override
    public void close() {
        stop(CLOSE_DEADLINE);
    }

    private static boolean stopAll(
            TransportProvider provider, List<Shard> shards, Duration deadline) {
        Duration bounded = deadline.compareTo(DEADLINE_MAX) < 0 ? deadline : DEADLINE_MAX;
        long abortNanos = provider.nanoTime() + bounded.toNanos();
        shards.forEach(shard -> shard.stop(abortNanos));
        long deadlineNanos = System.nanoTime() + bounded.toNanos();
        boolean all = true;
        for (Shard shard : shards) {
            long left = deadlineNanos - System.nanoTime() + ABORT_GRACE.toNanos();
            try {
                shard.ended().get(Math.max(left, 0), TimeUnit.NANOSECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            } catch (ExecutionException | TimeoutException late) {
                all = false;
            }
        }
        return all;
    }

    private static TransportProvider choose(String name) {
        List<TransportProvider> known =
                ServiceLoader.load(TransportProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .sorted((a, b) -> Integer.compare(b.rank(), a.rank()))
                        .toList();
        List<TransportProvider> candidates =
                known.stream()
                        .filter(p -> name.equals(ServerConfig.AUTO) || p.name().equals(name))
                        .toList();
        if (candidates.isEmpty()) {
            String names = String.join(", ", known.stream().map(TransportProvider::name).toList());
            throw new StartException(
                    known.isEmpty()
                            ? "no transport found: the jar was repacked without META-INF/services"
                            : "there is no transport '" + name + "': choose auto, " + names);
        }
        for (TransportProvider candidate : candidates) {
            if (candidate.verdict().works()) return candidate;
        }
        throw new StartException(candidates.getFirst().verdict().reason());
    }
}
