package dev.torc.testkit.sim;

import dev.torc.uring.constants.Errno;

import java.util.function.IntSupplier;

/// A client in a simulation that never blocks, so that one thread can play many of them.
public final class Peer {
    /// What a call says when nothing can be done now.
    public static final int NOTHING = 0;

    /// What [#read] says at the end of what the server sends.
    public static final int END = -1;

    /// What a call says when the connection was reset.
    public static final int RESET = -2;

    private final World world;
    private final Endpoint endpoint;

    Peer(World world, Endpoint endpoint) {
        this.world = world;
        this.endpoint = endpoint;
    }

    /// Sends as much of `source` as there is room for now; returns the bytes.
    public int write(byte[] source, int index, int length) {
        return locked(() -> result(endpoint.send(source, index, length)));
    }

    /// Reads what there is; returns the bytes.
    public int read(byte[] target, int index, int length) {
        return locked(
                () -> {
                    if (!endpoint.isReadable()) return NOTHING;
                    int result = endpoint.receive(target, index, length);
                    return result == 0 && length > 0 ? END : result(result);
                });
    }

    /// Tells the server that no more will come.
    public void endOutput() {
        locked(endpoint::endSend);
    }

    /// Ends the connection by RST.
    public void reset() {
        locked(endpoint::reset);
    }

    public void close() {
        locked(endpoint::close);
    }

    private void locked(Runnable call) {
        locked(
                () -> {
                    call.run();
                    return NOTHING;
                });
    }

    private int locked(IntSupplier call) {
        return world.driven(
                () -> {
                    int result = call.getAsInt();
                    world.signal();
                    return result;
                });
    }

    private static int result(int result) {
        if (result == -Errno.EAGAIN) return NOTHING;
        return result < 0 ? RESET : result;
    }
}
