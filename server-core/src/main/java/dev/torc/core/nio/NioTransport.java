package dev.torc.core.nio;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.StartException;
import dev.torc.core.Throttle;
import dev.torc.core.memory.Memory;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.ListenFailure;
import dev.torc.core.spi.OpenFile;
import dev.torc.core.spi.Transport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A shard's transport on a selector: waits for readiness, and owns what the connections share: the
/// receive buffer, the memory for gathering and the slots. Runs on the shard's thread; allocates
/// nothing per receive or send.
final class NioTransport implements Transport {
    private static final Logger LOG = System.getLogger(NioTransport.class.getName());
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Shard shard;
    private final ServerConfig config;
    private final ConnectionHandler.Factory handlers;
    private final NioTransportProvider provider;
    private final Arena arena = Arena.ofConfined();
    private final Selector selector;
    private final Consumer<SelectionKey> onReady = this::ready;
    private final SlotCount slots;
    private final NioFilesystem files = new NioFilesystem(this);
    private final long receiveAddress;
    private final ByteBuffer receiveBuffer;
    private final Slice window = Slice.window();
    private final Slice gathered = Slice.window();
    private final Unflushed unflushed = new Unflushed();
    private final ArrayDeque<NioConnection> ended = new ArrayDeque<>();
    private final Counts counts = new Counts();
    private final Throttle logThrottle = new Throttle();

    /// Its own, or that of the shard which accepts for this one.
    private @Nullable Acceptor acceptor;

    private boolean acceptorOwned;
    private boolean stopped;
    private boolean awokeInTurn;

    NioTransport(
            Shard shard,
            ServerConfig config,
            ConnectionHandler.Factory handlers,
            NioTransportProvider provider) {
        this.shard = shard;
        this.config = config;
        this.handlers = handlers;
        this.provider = provider;
        Limits limits = config.limits();
        slots = new SlotCount(limits.connectionsMax());
        try {
            selector = Selector.open();
        } catch (IOException failure) {
            throw new StartException("cannot open a selector: " + failure.getMessage(), failure);
        }
        int receiveBytes = Math.max(limits.receiveBufferBytes(), limits.bulkBufferBytes());
        receiveAddress = arena.allocate(receiveBytes, 64).address();
        receiveBuffer = Memory.asByteBuffer(receiveAddress, receiveBytes);
        gathered.view(arena.allocate(SendQueue.GATHER_BYTES, 64).address(), SendQueue.GATHER_BYTES);
    }

    Shard shard() {
        return shard;
    }

    SlotCount slots() {
        return slots;
    }

    int sendQueueBytesMax() {
        return config.limits().sendQueueBytesMax();
    }

    // ---- Transport

    @Override
    public InetSocketAddress listen(InetSocketAddress address, boolean first) {
        boolean shared = provider.isPortShared() && config.shards() > 1;
        if (!first && !shared) return join(address);
        Acceptor own = new Acceptor(this);
        acceptor = own;
        acceptorOwned = true;
        try {
            InetSocketAddress bound = own.listen(selector, address, shared, first);
            if (!shared) provider.announce(bound, own);
            return bound;
        } catch (IOException failure) {
            throw ListenFailure.at(address, String.valueOf(failure.getMessage()), failure);
        }
    }

    private InetSocketAddress join(InetSocketAddress address) {
        Acceptor others = provider.acceptorAt(address);
        if (others == null) throw new IllegalStateException("no shard accepts at " + address);
        acceptor = others;
        others.join(this);
        return address;
    }

    @Override
    public void poll(long waitNanos) {
        unflushed.flushSmall(); // what tasks and timers have sent
        // The last connection may have ended, and the shard looks at that only between turns.
        boolean mayWait = !finishEnded() && unflushed.isEmpty();
        select(mayWait ? waitNanos : 0);
        counts.waits++;
        unflushed.flushSmall();
        unflushed.flushLarge();
        finishEnded();
    }

    @Override
    public Filesystem files() {
        return files;
    }

    @Override
    public void wake() {
        selector.wakeup();
    }

    @Override
    public void stop() {
        stopAccepting();
        for (NioConnection connection : connections()) connection.stopping();
    }

    @Override
    public void abortAll() {
        unflushed.flushSmall(); // what has nothing left to do is not cut
        for (NioConnection connection : connections()) connection.abort(CloseReason.STOPPED);
    }

    @Override
    public boolean isIdle() {
        return slots.takenCount() == 0 && files.isIdle();
    }

    @Override
    public Counters counters() {
        return counts.told(slots, acceptorOwned ? acceptor : null);
    }

    @Override
    public void close() {
        stopAccepting();
        abortAll();
        finishEnded();
        files.close();
        try {
            selector.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            arena.close();
        }
    }

    // ---- waiting

    private void select(long waitNanos) {
        try {
            awokeInTurn = waitNanos <= 0;
            if (!awokeInTurn) shard.sleeps();
            if (awokeInTurn) {
                selector.selectNow(onReady);
            } else if (waitNanos == Long.MAX_VALUE) {
                selector.select(onReady);
            } else {
                selector.select(onReady, millisFrom(waitNanos));
            }
            awoke();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            // A handler's interrupt of its own thread would end every later wait at once.
            if (Thread.interrupted()) log("the shard's thread was interrupted: ignored");
        }
    }

    /// Rounded up: a wait that ends before the timer is due would be followed by many of no time.
    static long millisFrom(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
    }

    /// After a select that may have slept, once.
    private void awoke() {
        if (awokeInTurn) return;
        awokeInTurn = true;
        shard.awoke();
    }

    private void ready(SelectionKey key) {
        awoke();
        if (key.attachment() instanceof NioConnection connection) {
            connection.ready(key.readyOps());
        } else if (acceptor != null) {
            acceptor.ready();
        }
    }

    // ---- what connections ask for

    /// Receives into the shared buffer. Returns the bytes, which are then in [#received()], 0 when
    /// there are none, or -1 at the end of what the peer sends.
    int receive(SocketChannel channel) throws IOException {
        int bytes = channel.read(receiveBuffer.clear());
        if (bytes > 0) {
            counts.receives++;
            counts.receivedBytes += bytes;
            window.view(receiveAddress, bytes);
        }
        return bytes;
    }

    Slice received() {
        return window;
    }

    int receiveBufferBytes() {
        return receiveBuffer.capacity();
    }

    NioFile checked(OpenFile file) {
        return files.checked(file);
    }

    /// Writes once; whether the socket took all that it was given.
    boolean send(SocketChannel channel, SendQueue queue) throws IOException, FileFailedException {
        long before = queue.sentBytes();
        boolean moves = queue.movesFile();
        boolean more = queue.write(channel, gathered);
        counts.sent(queue.sentBytes() - before, moves);
        return more;
    }

    /// Has the connection's queue written at the end of the turn or, when it has much to send, of
    /// the turn that has room for it.
    void flushLater(NioConnection connection, boolean hasMuch) {
        unflushed.add(connection, hasMuch);
    }

    /// The connection is over; its handler is told outside of its own calls.
    void ended(NioConnection connection) {
        ended.add(connection);
    }

    /// Bounded: what is added meanwhile waits for the next turn, which then does not sleep. Whether
    /// there were any.
    private boolean finishEnded() {
        if (ended.isEmpty()) return false;
        while (!ended.isEmpty()) ended.remove().finish();
        return true;
    }

    /// Gives the slot of a connection of `client` back.
    void releaseSlot(long client) {
        shard.addressLimit().release(client);
        slots.release();
        if (acceptor != null) acceptor.released(this);
    }

    // ---- accepting

    /// A connection of `client` for which a slot has been claimed. On the acceptor's thread.
    void deal(SocketChannel channel, long client) {
        if (shard.isCurrent()) {
            accepted(channel, client);
        } else {
            shard.execute(() -> accepted(channel, client));
        }
    }

    private void accepted(SocketChannel channel, long client) {
        counts.accepted++;
        NioConnection connection;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            SelectionKey key = channel.register(selector, 0);
            connection = new NioConnection(this, channel, key, client);
        } catch (IOException failure) { // on macOS: the peer has reset it already
            log("accepted a connection in vain: " + failure.getMessage());
            close(channel);
            releaseSlot(client);
            return;
        }
        try {
            connection.open(handlers.open(connection));
            if (stopped) connection.stopping();
        } catch (Throwable failure) {
            logFailure(failure);
            connection.abort(CloseReason.HANDLER_FAILED);
        }
    }

    private void stopAccepting() {
        if (stopped) return;
        stopped = true;
        slots.close();
        Acceptor current = acceptor;
        if (current == null || !acceptorOwned) return;
        provider.withdraw(current);
        try {
            current.stop();
            selector.selectNow(_ -> {}); // a channel's descriptor is closed when it is deregistered
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Those that are registered now. Allocates.
    private List<NioConnection> connections() {
        List<NioConnection> connections = new ArrayList<>();
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof NioConnection connection) connections.add(connection);
        }
        return connections;
    }

    // ---- policy on errors

    CloseReason reasonOf(String operation, IOException failure) {
        if (PeerHasGone.isSaidBy(failure)) return CloseReason.PEER_RESET;
        log(operation + " failed: " + failure.getMessage());
        return CloseReason.FAILED;
    }

    void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException failure) {
            log("close failed: " + failure.getMessage());
        }
    }

    void logFailure(Throwable failure) {
        if (logThrottle.allows(shard.nowNanos())) {
            LOG.log(Level.ERROR, "connection handler failed", failure);
        }
    }

    /// All shards of a server meet it together: one line for all of them.
    void logAcceptFailure(IOException failure) {
        Throttle throttle = provider.acceptFailures();
        if (!throttle.allows(shard.nowNanos())) return;
        String line = "accept failed, trying again: " + failure.getMessage();
        LOG.log(Level.WARNING, line + throttle.heldBack());
    }

    void log(String message) {
        if (logThrottle.allows(shard.nowNanos())) LOG.log(Level.WARNING, message);
    }
}
