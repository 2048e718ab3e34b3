package dev.torc.core;

import dev.torc.core.spi.AddressLimit;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// One thread with its own transport, connections, timers and memory; nothing is shared with the
/// other shards but the port, and the count of each client's connections where that is limited.
///
/// [#run()] is its duty cycle; everything that happens on a shard is called from there. Another
/// thread talks to it through [#execute(Runnable)].
public final class Shard implements Executor {
    private static final Logger LOG = System.getLogger(Shard.class.getName());
    private static final long ABORT_GRACE_NANOS = 1_000_000_000;
    private static final long BACKLOG_TURN_NANOS = 100_000;

    /// While it sleeps.
    static final long NOT_BUSY = 0;

    private final int index;
    private final ServerConfig config;
    private final TransportProvider provider;
    private final AddressLimit addressLimit;
    private final Inbox inbox = new Inbox(this::wakeTransport);
    private final TimerWheel timers;
    private final Backlog backlog;
    private final BufferPool buffers;
    private final Thread thread;
    private final CompletableFuture<@Nullable ShardCounters> ended = new CompletableFuture<>();
    private final Throttle failures = new Throttle();

    // Written once on the shard's thread before anyone else can see the shard listen.
    private volatile @Nullable Transport transport;
    private volatile @Nullable Map<String, Integer> cut;
    private long nowNanos;
    private long turns;
    private boolean stopping;
    private long abortDeadlineNanos;

    // Read by the watchdog's thread: opaque, for a stale value does no harm.
    private final AtomicLong busySinceNanos = new AtomicLong(NOT_BUSY);
    private final AtomicReference<@Nullable Object> attended = new AtomicReference<>();
    private final TimerWheel.Timer abortTimer =
            new TimerWheel.Timer() {
                @Override
                protected void onExpire(long now) {
                    Transport current = transport;
                    if (current != null) current.abortAll();
                    timers.schedule(this, now + ABORT_GRACE_NANOS);
                }
            };

    Shard(int index, ServerConfig config, TransportProvider provider, AddressLimit addressLimit) {
        this.index = index;
        this.config = config;
        this.provider = provider;
        this.addressLimit = addressLimit;
        nowNanos = provider.nanoTime();
        timers = new TimerWheel(nowNanos);
        backlog = new Backlog(provider::nanoTime, BACKLOG_TURN_NANOS);
        buffers = new BufferPool(config.limits().poolBytesMax());
        thread = Thread.ofPlatform().name("torc-shard-" + index).unstarted(this::run);
    }

    /// 0 for the first shard of a server.
    public int index() {
        return index;
    }

    /// The time of this turn, as of `System.nanoTime()`: that of its start, or of the end of its
    /// wait. Only on the shard's thread.
    public long nowNanos() {
        return nowNanos;
    }

    /// The time now, which reads the clock: for what is measured within a turn.
    public long clockNanos() {
        return provider.nanoTime();
    }

    /// For the transport, before it waits.
    public void sleeps() {
        busySinceNanos.setOpaque(NOT_BUSY);
    }

    /// Reads the clock. For the transport, after a wait and before it calls any handler: a quiet
    /// shard may have slept for hours.
    public void awoke() {
        nowNanos = provider.nanoTime();
        busySinceNanos.setOpaque(nowNanos == NOT_BUSY ? 1 : nowNanos);
    }

    /// For protocols, on the shard's thread: what is attended to from now on, until `null`. Should
    /// it hold the shard for too long, its `toString` names it in the log, called by another
    /// thread.
    public void attend(@Nullable Object what) {
        attended.setOpaque(what);
    }

    /// For transports, before what is queued on the handler's connection is dropped: counts what
    /// the deadline for stopping has cut.
    public void aborted(ConnectionHandler handler, CloseReason reason) {
        if (reason != CloseReason.STOPPED) return;
        Map<String, Integer> known = cut;
        Map<String, Integer> all = known == null ? new TreeMap<>() : new TreeMap<>(known);
        all.merge(handler.activity(), 1, Integer::sum);
        cut = all;
    }

    /// Only on the shard's thread.
    public TimerWheel timers() {
        return timers;
    }

    /// Only on the shard's thread.
    public BufferPool buffers() {
        return buffers;
    }

    /// The file system as this shard reaches it; what is asked of it, only on the shard's thread
    /// but for what says otherwise. Not before its transport is open: a handler's first call is
    /// early enough.
    public Filesystem files() {
        Transport current = transport;
        if (current == null) throw new IllegalStateException("the shard has no transport yet");
        return current.files();
    }

    public Limits limits() {
        return config.limits();
    }

    /// Counts the connections of each client, for the transports of all of the server's shards.
    public AddressLimit addressLimit() {
        return addressLimit;
    }

    /// Runs `task` on the shard's thread, soon, in the order of the calls. From any thread. Once
    /// the shard has ended, nothing runs any more.
    @Override
    public void execute(Runnable task) {
        inbox.put(task);
    }

    /// Runs `task` in one of the next turns. All that is put off shares a bounded time of each
    /// turn: for the rest of what takes long, so that it does not delay the other connections. Only
    /// on the shard's thread.
    public void putOff(Runnable task) {
        backlog.add(task);
    }

    /// Whether the caller is on the shard's thread.
    public boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    /// Starts the thread, opens the transport on it and listens. The future has the address
    /// listened on.
    CompletableFuture<InetSocketAddress> start(
            ConnectionHandler.PerShard handlers, InetSocketAddress address, boolean first) {
        CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();
        execute(
                () -> {
                    try {
                        Transport opened = provider.open(this, config, handlers.start(this));
                        transport = opened;
                        listening.complete(opened.listen(address, first));
                    } catch (Throwable failure) {
                        stopping = true;
                        listening.completeExceptionally(failure);
                    }
                });
        thread.start();
        return listening;
    }

    /// Accepts no more, lets what is in flight finish and aborts what has not by `deadlineNanos`.
    void stop(long deadlineNanos) {
        execute(() -> beginStop(deadlineNanos));
    }

    /// When the turn began that has not ended, or [#NOT_BUSY]. From any thread.
    long busySinceNanos() {
        return busySinceNanos.getOpaque();
    }

    /// The connections that the deadline for stopping has cut so far, by what they were doing; null
    /// when there are none. From any thread.
    @Nullable Map<String, Integer> cut() {
        return cut;
    }

    /// What was said to [#attend(Object)]. From any thread.
    @Nullable Object attended() {
        return attended.getOpaque();
    }

    /// What the thread is doing. From any thread; stops it for a moment.
    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    /// Done when the thread has ended, with the last counters.
    CompletableFuture<@Nullable ShardCounters> ended() {
        return ended;
    }

    /// What the shard has done so far or, once it has ended, had done by then; null if it never had
    /// a transport.
    CompletableFuture<@Nullable ShardCounters> counters() {
        if (ended.isDone()) return ended;
        CompletableFuture<@Nullable ShardCounters> now = new CompletableFuture<>();
        execute(
                () -> {
                    Transport current = transport;
                    if (current != null) now.complete(count(current));
                });
        return CompletableFuture.anyOf(now, ended)
                .thenApply(_ -> now.isDone() ? now.join() : ended.join());
    }

    private ShardCounters count(Transport current) {
        return new ShardCounters(
                index,
                thread.threadId(),
                turns,
                inbox.count(),
                timers.count(),
                timers.takeLagNanosMax(),
                buffers.takenCount(),
                buffers.bytes(),
                current.counters());
    }

    private void run() {
        try {
            while (!finished()) {
                turn();
            }
        } finally {
            sleeps();
            end();
        }
    }

    private void end() {
        Transport last = transport;
        ShardCounters counters = null;
        try {
            if (last != null) {
                last.close();
                counters = count(last);
            }
            // A transport that could not end leaves memory with the kernel, which may still use it.
            if (last == null || last.isIdle()) buffers.close();
        } catch (RuntimeException failure) {
            LOG.log(Level.ERROR, "shard " + index + " did not end cleanly", failure);
        } finally {
            sleeps(); // closing has taken turns
            ended.complete(counters);
        }
    }

    private void turn() {
        turns++;
        awoke();
        try {
            inbox.drain();
            timers.expire(nowNanos);
            backlog.run();
            Transport current = transport;
            if (current != null && !finished()) {
                boolean maySleep = backlog.isEmpty() && inbox.fallAsleep();
                current.poll(maySleep ? timers.waitNanos(nowNanos) : 0);
                inbox.wakeUp();
            }
        } catch (Throwable failure) {
            // A shard outlives whatever its callbacks throw; losing it would lose every connection.
            if (failures.allows(nowNanos)) LOG.log(Level.ERROR, "shard " + index, failure);
        }
    }

    private boolean finished() {
        Transport current = transport;
        return stopping && (current == null || current.isIdle());
    }

    private void beginStop(long deadlineNanos) {
        Transport current = transport;
        if (current == null) return;
        if (!stopping) {
            stopping = true;
            abortDeadlineNanos = deadlineNanos;
            current.stop();
        }
        // A second stop may only be more impatient than the first.
        if (deadlineNanos - abortDeadlineNanos < 0) abortDeadlineNanos = deadlineNanos;
        timers.schedule(abortTimer, abortDeadlineNanos);
    }

    private void wakeTransport() {
        Transport current = transport;
        if (current != null) current.wake();
    }
}
