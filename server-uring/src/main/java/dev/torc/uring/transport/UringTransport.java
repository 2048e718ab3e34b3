package dev.torc.uring.transport;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.Throttle;
import dev.torc.core.spi.AddressLimit;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.Transport;
import dev.torc.uring.BufferRing;
import dev.torc.uring.CompletionHandler;
import dev.torc.uring.DirectDescriptors;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/// A shard's transport on io_uring: finds the connection that a completion belongs to, and owns
/// what the connections share: the ring, the receive buffers and the slots. Runs on the shard's
/// thread; allocates nothing per receive or send.
final class UringTransport implements Transport, CompletionHandler {
    private static final Logger LOG = System.getLogger(UringTransport.class.getName());
    private static final int WORKERS_MAX = 4;
    private static final int CLOSE_TURNS_MAX = 1000;
    private static final long CLOSE_WAIT_NANOS = 1_000_000;

    private final Shard shard;
    private final ServerConfig config;
    private final ConnectionHandler.Factory handlers;
    private final Arena arena = Arena.ofShared();
    private final Kernel calls;
    private final Ring ring;
    private final ReceiveBuffers buffers;
    private final Acceptor acceptor;

    /// Null where a client may have as many connections as there are.
    private final @Nullable Admission admission;

    private final WakeEvent wakeEvent;
    private final WakeTimer wakeTimer;
    private final InlineSends inlineSends = new InlineSends();
    private final Submissions submissions;
    private final SlotTable slots;
    private final UringFilesystem files;
    private final FileTransfers transfers;
    private final ArrayDeque<UringConnection> starved = new ArrayDeque<>();
    private final ArrayDeque<UringConnection> joined = new ArrayDeque<>();
    private final Slice window = Slice.window();
    private final Counts counts = new Counts();
    private final Throttle logThrottle = new Throttle();
    private boolean settleSoon;
    private boolean closed;

    UringTransport(
            Shard shard,
            ServerConfig config,
            ConnectionHandler.Factory handlers,
            Kernel.Source kernels) {
        this.shard = shard;
        this.config = config;
        this.handlers = handlers;
        Limits limits = config.limits();
        calls = kernels.open(arena);
        ring = Ring.open(kernels, RingSize.SUBMISSIONS, RingSize.COMPLETIONS);
        try {
            // A shutdown before a lingering close needs a kernel thread, and a file that is not in
            // the kernel's caches may.
            ring.registrations().limitWorkers(WORKERS_MAX, WORKERS_MAX);
            slots = new SlotTable(new DirectDescriptors(ring, limits.connectionsMax()).count());
            buffers = new ReceiveBuffers(ring, limits);
            submissions = new Submissions(ring, buffers, inlineSends, new Vectors(arena));
            files = new UringFilesystem(this, ring, calls, arena);
            transfers = new FileTransfers(files, calls, arena);
            acceptor = new Acceptor(this, ring, calls, limits.acceptBacklog());
            AddressLimit limit = shard.addressLimit();
            admission = limit.isOn() ? new Admission(this, limit, arena) : null;
            wakeEvent = new WakeEvent(ring, kernels);
            wakeTimer = new WakeTimer(ring);
        } catch (RuntimeException failure) {
            ring.close();
            arena.close();
            throw failure;
        }
    }

    Shard shard() {
        return shard;
    }

    int sendQueueBytesMax() {
        return config.limits().sendQueueBytesMax();
    }

    Counts counts() {
        return counts;
    }

    Submissions submissions() {
        return submissions;
    }

    ReceiveBuffers buffers() {
        return buffers;
    }

    SlotTable slots() {
        return slots;
    }

    FileTransfers transfers() {
        return transfers;
    }

    Addresses addressesOf(UringConnection connection) {
        return Addresses.of(connection, submissions, calls);
    }

    /// Something waits for what the kernel does silently while it takes this turn's submissions.
    void settleSoon() {
        settleSoon = true;
    }

    // ---- Transport

    @Override
    public InetSocketAddress listen(InetSocketAddress address, boolean first) {
        if (admission != null) admission.listens(SockAddr.bytes(address));
        return acceptor.listen(address, config.shards() > 1, first);
    }

    @Override
    public void poll(long waitNanos) {
        boolean joined = finishJoined();
        boolean settles = settleSoon;
        settleSoon = false;
        // The last connection may have ended, and the shard looks at that only between turns.
        boolean busy = joined || settles || !transfers.isEmpty();
        boolean mayWait = waitNanos > 0 && !busy && !ring.hasCompletions();
        if (mayWait && waitNanos != Long.MAX_VALUE) wakeTimer.ensure(shard.nowNanos(), waitNanos);
        if (mayWait) shard.sleeps();
        int result = ring.submitAndWait(mayWait ? Long.MAX_VALUE : 0);
        if (mayWait) shard.awoke();
        // Read before draining: what was consumed by now has posted its completions by now.
        int consumed = ring.consumedCount();
        // A kernel that is out of memory takes only a part; who waits for the rest still does.
        if (settles && consumed != ring.preparedCount()) settleSoon = true;
        boolean overflowed = ring.completionsOverflowed();
        counts.turn(consumed, ring.drain(this));
        if (overflowed) {
            counts.overflows++;
        } else {
            inlineSends.settle(consumed);
        }
        if (admission != null) admission.settle(consumed);
        transfers.resume();
        buffers.publish();
        rearmStarved();
        finishJoined();
        checkEnter(result);
    }

    @Override
    public Filesystem files() {
        return files;
    }

    @Override
    public void wake() {
        wakeEvent.signal();
    }

    @Override
    public void stop() {
        acceptor.stop();
        for (UringConnection connection : slots.toArray()) connection.stopping();
    }

    @Override
    public void abortAll() {
        for (UringConnection connection : slots.toArray()) connection.abort(CloseReason.STOPPED);
    }

    @Override
    public boolean isIdle() {
        return slots.openCount() == 0
                && !acceptor.isArmed()
                && inlineSends.isEmpty()
                && files.isIdle();
    }

    @Override
    public Counters counters() {
        long refused = admission == null ? 0 : admission.refusedCount();
        PipePool pipes = transfers.pipes();
        Ring open = closed ? null : ring;
        return counts.told(open, slots, submissions, buffers, pipes, acceptor, refused);
    }

    @Override
    public void close() {
        acceptor.stop();
        abortAll();
        wakeEvent.cancel();
        for (int turn = 0; turn < CLOSE_TURNS_MAX; turn++) {
            if (isIdle() && !wakeEvent.isArmed()) break;
            poll(CLOSE_WAIT_NANOS);
        }
        files.close();
        transfers.close();
        ring.submit(); // the last closes
        if (!isIdle() || wakeEvent.isArmed()) {
            LOG.log(Level.ERROR, "operations are still with the kernel; their memory is kept");
            return;
        }
        buffers.close();
        wakeEvent.close();
        ring.close();
        closed = true;
        arena.close();
    }

    // ---- completions

    @Override
    public void onCompletion(long userData, int result, int flags) {
        switch (UserData.operation(userData)) {
            case UserData.RECV, UserData.RECV_BULK -> onReceive(userData, result, flags);
            case UserData.SEND_INLINE, UserData.SEND -> {
                UringConnection connection = slots.find(userData);
                if (connection != null) connection.sendCompleted(result);
            }
            case UserData.ACCEPT -> acceptor.onCompletion(result, flags);
            case UserData.SHUTDOWN -> {
                UringConnection connection = slots.find(userData);
                if (connection != null) connection.shutdownCompleted(result);
            }
            case UserData.FILE -> files.completed(UserData.slot(userData), result);
            case UserData.FILE_READ,
                    UserData.FILE_POLL,
                    UserData.FILE_FILL,
                    UserData.FILE_DRAIN -> {
                UringConnection connection = slots.find(userData);
                int operation = UserData.operation(userData);
                if (connection != null) connection.fileCompleted(operation, result);
            }
            case UserData.WAKE -> wakeEvent.onCompletion(result);
            case UserData.TIMER -> wakeTimer.onCompletion();
            case UserData.INSTALL -> {
                if (result >= 0) calls.close(result); // nobody could wait for it
            }
            case UserData.QUIET -> {} // a cancel that found nothing: its target has completed
            default -> throw new IllegalStateException("unknown completion: " + userData);
        }
    }

    private void onReceive(long userData, int result, int flags) {
        UringConnection connection = slots.find(userData);
        if ((flags & IoUring.IORING_CQE_F_BUFFER) != 0) {
            BufferRing from = buffers.of(UserData.operation(userData));
            int bufferId = from.take(flags, result);
            try {
                if (connection != null && result > 0) {
                    counts.receives++;
                    counts.receivedBytes += result;
                    window.view(from.address(bufferId), result);
                    connection.received(window);
                }
            } finally {
                window.unview();
                from.recycle(bufferId);
            }
        }
        if (connection != null && (flags & IoUring.IORING_CQE_F_MORE) == 0) {
            connection.receiveEnded(result);
        }
    }

    // ---- slots

    void accepted(int slot) {
        UringConnection connection = new UringConnection(this, slot, slots.claim(slot));
        slots.put(connection);
        if (admission != null) {
            admission.add(connection);
        } else {
            open(connection);
        }
    }

    void open(UringConnection connection) {
        counts.accepted++;
        connection.progressed();
        try {
            connection.open(handlers.open(connection));
            if (acceptor.isStopped()) connection.stopping();
        } catch (Throwable failure) {
            logFailure(failure);
            connection.abort(CloseReason.HANDLER_FAILED);
        }
    }

    /// The kernel holds nothing of `connection` any more but its descriptor.
    void joined(UringConnection connection) {
        joined.add(connection);
    }

    /// Whether there were any.
    private boolean finishJoined() {
        if (joined.isEmpty()) return false;
        while (!joined.isEmpty()) {
            UringConnection connection = joined.remove();
            connection.closeDescriptors();
            if (admission != null) admission.ended(connection);
            slots.free(connection);
            acceptor.released();
            connection.finish();
        }
        return true;
    }

    // ---- policy on errors

    /// No receive buffer was free for this connection. It is armed again at the end of the turn,
    /// when every buffer that was handed out has come back.
    void starved(UringConnection connection) {
        counts.starved++;
        starved.add(connection);
    }

    private void rearmStarved() {
        for (int i = starved.size(); i > 0; i--) {
            starved.remove().rearmReceive();
        }
    }

    CloseReason reasonOf(String operation, int errno) {
        return switch (errno) {
            case Errno.ECONNRESET, Errno.EPIPE, Errno.ENOTCONN, Errno.ETIMEDOUT ->
                    CloseReason.PEER_RESET;
            default -> {
                log(operation + " failed: " + Errno.describe(errno));
                yield CloseReason.FAILED;
            }
        };
    }

    void logAcceptError(int errno) {
        log("accept failed, trying again: " + Errno.describe(errno));
    }

    void logNoAddress() {
        log("the kernel does not tell a client's address: its connection was reset");
    }

    void logFailure(Throwable failure) {
        if (logThrottle.allows(shard.nowNanos())) {
            LOG.log(Level.ERROR, "connection handler failed", failure);
        }
    }

    void log(String message) {
        if (logThrottle.allows(shard.nowNanos())) LOG.log(Level.WARNING, message);
    }

    private void checkEnter(int result) {
        if (result >= 0) return;
        switch (-result) {
            case Errno.ETIME, Errno.EINTR -> {}
            case Errno.EAGAIN, Errno.EBUSY -> log("io_uring_enter: " + Errno.describe(result));
            default -> throw new RingException("io_uring_enter", result);
        }
    }
}
