package dev.torc.testkit.sim;

import dev.torc.uring.constants.Errno;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// One end of a simulated TCP connection. Results are a kernel's: bytes, or `-errno`.
final class Endpoint {
    private final World world;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final List<Runnable> watchers = new ArrayList<>();
    private @Nullable Stream in;
    private @Nullable Stream out;
    private @Nullable Endpoint peer;
    private boolean closed;
    private boolean resetsOnClose;
    private boolean resetSeen;
    private boolean resetUntold;

    private Endpoint(World world, InetSocketAddress local, InetSocketAddress remote) {
        this.world = world;
        this.local = local;
        this.remote = remote;
    }

    /// Connects two ends and returns the client's; the server's is its [#peer()].
    static Endpoint connect(
            World world, InetSocketAddress client, Listener listener, int clientBytes) {
        Endpoint near = new Endpoint(world, client, listener.address());
        Endpoint far = new Endpoint(world, listener.address(), listener.seen(client));
        int bytes = world.faults.streamBytesMax();
        Stream up = new Stream(world, bytes, far::arrived, near::changed);
        Stream down = new Stream(world, bytes + clientBytes, near::arrived, far::changed);
        near.in = down;
        near.out = up;
        near.peer = far;
        far.in = up;
        far.out = down;
        far.peer = near;
        return near;
    }

    InetSocketAddress local() {
        return local;
    }

    InetSocketAddress remote() {
        return remote;
    }

    Endpoint peer() {
        return known(peer);
    }

    /// Calls `watcher` whenever this end may have become readable, writable or broken.
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    boolean isClosed() {
        return closed;
    }

    /// Whether a receive would not block.
    boolean isReadable() {
        return resetSeen || in().readable() > 0 || in().isAtEnd();
    }

    /// Bytes that have arrived.
    int available() {
        return in().readable();
    }

    /// Whether a send would not block.
    boolean isWritable() {
        return resetSeen || out().isEnded() || out().room() > 0;
    }

    int receive(byte[] target, int index, int length) {
        if (in().readable() > 0) return in().read(target, index, length);
        if (resetSeen) return tellReset(0);
        return in().isAtEnd() ? 0 : -Errno.EAGAIN;
    }

    int send(byte[] source, int index, int length) {
        if (resetSeen) return tellReset(-Errno.EPIPE);
        if (out().isEnded()) return -Errno.EPIPE;
        int bytes = out().write(source, index, length);
        return bytes == 0 && length > 0 ? -Errno.EAGAIN : bytes;
    }

    boolean isReset() {
        return resetSeen;
    }

    /// Ends this end's direction.
    void endSend() {
        if (!resetSeen) out().end();
        changed();
    }

    /// close(2): what has come and was not read makes it a reset, as in Linux (RFC 2525, 2.17).
    void close() {
        if (closed) return;
        if (in().readable() > 0 || resetsOnClose) {
            reset();
            return;
        }
        closed = true;
        if (!resetSeen) out().end();
    }

    /// Has [#close()] end the connection by RST, as `SO_LINGER` with no time does.
    void resetOnClose() {
        resetsOnClose = true;
    }

    /// Ends the connection by RST.
    void reset() {
        if (closed) return;
        closed = true;
        if (resetSeen) return;
        out().cut();
        sendReset();
    }

    private void sendReset() {
        world.schedule(world.delayNanos(), peer()::resetArrived);
    }

    private void resetArrived() {
        if (resetSeen) return;
        resetSeen = true;
        resetUntold = true;
        in().cut();
        out().cut();
        changed();
    }

    /// The error of a reset is told once; from then on a receive sees the end, a send `EPIPE`.
    private int tellReset(int otherwise) {
        if (!resetUntold) return otherwise;
        resetUntold = false;
        return -Errno.ECONNRESET;
    }

    private void arrived() {
        if (closed && in().readable() > 0 && !resetSeen) {
            in().cut();
            resetSeen = true;
            sendReset();
        }
        changed();
    }

    private void changed() {
        for (Runnable watcher : watchers) watcher.run();
        world.signal();
    }

    private Stream in() {
        return known(in);
    }

    private Stream out() {
        return known(out);
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) throw new AssertionError("an end is used before it is connected");
        return value;
    }
}
