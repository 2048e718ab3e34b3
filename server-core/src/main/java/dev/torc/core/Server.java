package dev.torc.core;

import dev.torc.core.spi.AddressLimit;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.TransportProvider;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A running server: its shards, all listening on one port. Thread-safe.
public final class Server implements RunningServer {
    private static final Logger LOG = System.getLogger(Server.class.getName());
    private static final AtomicBoolean CHOICE_LOGGED = new AtomicBoolean();
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);
    private static final Duration ABORT_GRACE = Duration.ofSeconds(5);
    private static final Duration DEADLINE_MAX = Duration.ofDays(365);

    private final TransportProvider provider;
    private final TransportChoice transport;
    private final List<String> transportDetails;
    private final List<Shard> shards;
    private final InetSocketAddress address;

    private Server(TransportSelection selection, List<Shard> shards, InetSocketAddress address) {
        provider = selection.provider();
        transport = selection.choice();
        transportDetails = List.copyOf(selection.provider().verdict().details());
        this.shards = List.copyOf(shards);
        this.address = address;
    }

    /// Starts every shard and returns when all of them listen.
    ///
    /// @throws StartException when it cannot: no transport works here, the port is in use, ...
    public static Server start(ServerConfig config, ConnectionHandler.PerShard handlers) {
        TransportSelection selection =
                TransportSelection.of(config.transport(), TransportProvider.installed());
        Server server = start(config, selection, handlers);
        log(server.transport);
        return server;
    }

    /// [#start(ServerConfig, ConnectionHandler.PerShard)] on a transport of the caller's own.
    public static Server start(
            ServerConfig config, TransportProvider provider, ConnectionHandler.PerShard handlers) {
        return start(config, TransportSelection.of(provider), handlers);
    }

    private static Server start(
            ServerConfig config,
            TransportSelection selection,
            ConnectionHandler.PerShard handlers) {
        TransportProvider provider = selection.provider();
        AddressLimit addressLimit = AddressLimit.of(config);
        List<Shard> started = new ArrayList<>();
        InetSocketAddress address = config.address();
        try {
            for (int i = 0; i < config.shards(); i++) {
                Shard shard = new Shard(i, config, provider, addressLimit);
                started.add(shard);
                address = shard.start(handlers, address, i == 0).join();
            }
            if (!config.watchdog().isZero()) Watchdog.start(started, provider, config.watchdog());
            return new Server(selection, started, address);
        } catch (CompletionException failure) {
            stopAll(provider, started, Duration.ZERO);
            Throwable cause = failure.getCause();
            if (cause instanceof StartException known) throw known;
            throw new StartException(String.valueOf(cause), cause);
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    public int shardCount() {
        return shards.size();
    }

    @Override
    public TransportChoice transport() {
        return transport;
    }

    /// What the transport's provider found on this machine, a name and a value a line.
    public List<String> transportDetails() {
        return transportDetails;
    }

    @Override
    public List<ShardCounters> shardCounters(Duration patience) {
        long deadlineNanos = System.nanoTime() + bounded(patience).toNanos();
        List<CompletableFuture<@Nullable ShardCounters>> asked = new ArrayList<>();
        for (Shard shard : shards) asked.add(shard.counters());
        List<ShardCounters> told = new ArrayList<>();
        for (CompletableFuture<@Nullable ShardCounters> answer : asked) {
            ShardCounters counters = await(answer, deadlineNanos);
            if (counters != null) told.add(counters);
        }
        return told;
    }

    private static @Nullable ShardCounters await(
            CompletableFuture<@Nullable ShardCounters> answer, long deadlineNanos) {
        try {
            return answer.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        } catch (TimeoutException held) {
            return null;
        } catch (ExecutionException impossible) {
            throw new AssertionError("a shard's counters carry no failure", impossible);
        }
    }

    @Override
    public boolean stop(Duration deadline) {
        return stopAll(provider, shards, deadline);
    }

    @Override
    public void beginStop(Duration deadline) {
        beginStop(provider, shards, deadline);
    }

    @Override
    public StopReport stopReport() {
        Map<String, Integer> cut = new TreeMap<>();
        List<String> held = new ArrayList<>();
        for (Shard shard : shards) {
            Map<String, Integer> own = shard.cut();
            if (own != null) {
                for (Map.Entry<String, Integer> some : own.entrySet()) {
                    cut.put(some.getKey(), cut.getOrDefault(some.getKey(), 0) + some.getValue());
                }
            }
            if (!shard.ended().isDone()) held.add(holder(shard));
        }
        return new StopReport(cut, held);
    }

    private static String holder(Shard shard) {
        Object attended = shard.attended();
        return "shard " + shard.index() + (attended == null ? "" : " by " + attended);
    }

    @Override
    public void await() throws InterruptedException {
        for (Shard shard : shards) {
            try {
                shard.ended().get();
            } catch (ExecutionException impossible) {
                throw new AssertionError("a shard's end carries no failure", impossible);
            }
        }
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
        return awaitAll(shards, System.nanoTime() + bounded(time).toNanos());
    }

    private static boolean awaitAll(List<Shard> shards, long deadlineNanos)
            throws InterruptedException {
        boolean all = true;
        for (Shard shard : shards) {
            long left = deadlineNanos - System.nanoTime();
            try {
                shard.ended().get(Math.max(left, 0), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException late) {
                all = false;
            }
        }
        return all;
    }

    @Override
    public void close() {
        stop(CLOSE_DEADLINE);
    }

    private static boolean stopAll(
            TransportProvider provider, List<Shard> shards, Duration deadline) {
        beginStop(provider, shards, deadline);
        long patienceNanos = bounded(deadline).plus(ABORT_GRACE).toNanos();
        try {
            return awaitAll(shards, System.nanoTime() + patienceNanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void beginStop(
            TransportProvider provider, List<Shard> shards, Duration deadline) {
        long abortNanos = provider.nanoTime() + bounded(deadline).toNanos();
        // A loop: this is on the way from a signal to the process's end, where nothing is warm.
        for (Shard shard : shards) shard.stop(abortNanos);
    }

    private static Duration bounded(Duration deadline) {
        return deadline.compareTo(DEADLINE_MAX) < 0 ? deadline : DEADLINE_MAX;
    }

    /// Once for the process: a program with many servers need not say it for each.
    private static void log(TransportChoice transport) {
        if (CHOICE_LOGGED.compareAndSet(false, true))
            LOG.log(Level.INFO, "transport: {0}", transport);
    }
}
