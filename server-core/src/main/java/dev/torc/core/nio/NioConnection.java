package dev.torc.core.nio;

import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.FileStrategy;
import dev.torc.core.spi.Linger;
import dev.torc.core.spi.OpenFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/// One connection on a selector. Owned by its [NioTransport], confined to the shard's thread.
///
/// ```
/// OPEN ── close ──▶ FLUSHING ── all sent ──▶ (LINGERING) ──▶ CLOSED
///   └───────────────── abort ──────────────────────────────────▲
/// ```
///
/// Sends are written at the end of the turn, at most once in a turn; what the socket does not take
/// waits for it to be writable. The kernel never holds anything of a connection, so closing waits
/// for nothing but the end of the turn, when its handler is told.
final class NioConnection implements Connection {
    private static final int RECEIVES_PER_TURN_MAX = 16;

    private enum State {
        OPEN,
        FLUSHING,
        LINGERING,
        CLOSED
    }

    private final NioTransport transport;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final long client;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final SendQueue sends = new SendQueue();
    private @Nullable ConnectionHandler handler;
    private @Nullable Linger linger;
    private State state = State.OPEN;
    private CloseReason reason = CloseReason.LOCAL;
    private long progressNanos;
    private int interest;
    private boolean receivePaused;
    private boolean flushesLater;
    private boolean stalled;
    private boolean endsSend;
    private boolean shutdown;
    private boolean lingers;
    private boolean peerEnded;
    private boolean writableWanted;

    /// Of a `client`, as an address key.
    NioConnection(NioTransport transport, SocketChannel channel, SelectionKey key, long client)
            throws IOException {
        this.transport = transport;
        this.channel = channel;
        this.key = key;
        this.client = client;
        remote = (InetSocketAddress) channel.getRemoteAddress();
        local = (InetSocketAddress) channel.getLocalAddress();
        key.attach(this);
        progressNanos = shard().nowNanos();
    }

    /// The factory that made `newHandler` may already have closed the connection, or paused it.
    void open(ConnectionHandler newHandler) {
        handler = newHandler;
        if (state == State.OPEN) newHandler.onOpen(this);
        updateInterest();
    }

    // ---- what the handler asks for

    @Override
    public Shard shard() {
        return transport.shard();
    }

    @Override
    public boolean send(Slice slice) {
        slice.requireOwned();
        boolean taken = state == State.OPEN && !endsSend;
        if (!taken || slice.length() == 0) {
            slice.release();
            return taken && !writableWanted;
        }
        sends.add(slice);
        writableWanted |= sends.queuedBytes() > transport.sendQueueBytesMax();
        flushLater();
        return !writableWanted;
    }

    @Override
    public boolean sendFile(
            @Nullable Slice head, OpenFile file, long position, long count, FileStrategy strategy) {
        if (position < 0 || count < 0 || position > Long.MAX_VALUE - count) {
            throw new IllegalArgumentException("position=" + position + ", count=" + count);
        }
        NioFile ours = transport.checked(file);
        boolean room = head == null || send(head);
        if (state != State.OPEN || endsSend) return false;
        if (count == 0) return room && !writableWanted;
        sends.add(new FileRegion(this, ours, position, count, strategy));
        writableWanted = true;
        flushLater();
        return false;
    }

    @Override
    public long queuedBytes() {
        return sends.queuedBytes();
    }

    @Override
    public boolean isSending() {
        return !sends.isEmpty();
    }

    @Override
    public long sentBytes() {
        return sends.sentBytes();
    }

    @Override
    public long progressNanos() {
        return progressNanos;
    }

    @Override
    public void pauseReceive() {
        receivePaused = true;
        updateInterest();
    }

    @Override
    public void resumeReceive() {
        receivePaused = false;
        updateInterest();
    }

    @Override
    public void endSend() {
        if (state != State.OPEN || endsSend) return;
        endsSend = true;
        flushLater();
    }

    @Override
    public void close() {
        if (state != State.OPEN) return;
        startClosing(peerEnded ? CloseReason.PEER_CLOSED : CloseReason.LOCAL);
    }

    @Override
    public void closeLingering() {
        if (state != State.OPEN) return;
        lingers = !peerEnded;
        startClosing(CloseReason.LOCAL);
    }

    @Override
    public void abort(CloseReason why) {
        if (state == State.CLOSED) return;
        if (handler != null) shard().aborted(handler, why);
        reason = why;
        end();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public boolean isClosing() {
        return state != State.OPEN;
    }

    // ---- what the selector has found

    void ready(int operations) {
        if ((operations & SelectionKey.OP_READ) != 0) receive();
        if ((operations & SelectionKey.OP_WRITE) != 0 && stalled) {
            stalled = false;
            flushLater();
        }
    }

    /// A short read has emptied the socket, most likely: another one would cost a system call to
    /// find that out. If not, the selector reports it again.
    private void receive() {
        for (int i = 0; i < RECEIVES_PER_TURN_MAX && wantsReceive(); i++) {
            int bytes;
            try {
                bytes = transport.receive(channel);
            } catch (IOException failure) {
                abort(transport.reasonOf("recv", failure));
                return;
            }
            if (bytes > 0) received(transport.received());
            if (bytes < 0) peerEnded();
            if (bytes < transport.receiveBufferBytes()) return;
        }
    }

    private void received(Slice data) {
        progressNanos = shard().nowNanos();
        if (state == State.OPEN && handler != null) {
            try {
                handler.onReceive(this, data);
            } catch (Throwable failure) {
                handlerFailed(failure);
            } finally {
                data.unview();
            }
        } else if (linger != null) {
            linger.received(data.length());
            updateInterest();
        }
    }

    private void peerEnded() {
        peerEnded = true;
        updateInterest();
        if (state == State.LINGERING) end();
        if (state != State.OPEN || handler == null) return;
        try {
            handler.onEnd(this);
        } catch (Throwable failure) {
            handlerFailed(failure);
        }
        closeIfBothEnded();
    }

    void stopping() {
        if (state != State.OPEN || handler == null) return;
        try {
            handler.onStopping(this);
        } catch (Throwable failure) {
            handlerFailed(failure);
        }
    }

    // ---- the end of a turn

    private void flushLater() {
        if (flushesLater || stalled || sends.isReading()) return;
        flushesLater = true;
        transport.flushLater(this, sends.isLarge());
    }

    /// Writes what is queued, and does what was to happen after it. Returns the bytes written.
    long flush() {
        flushesLater = false;
        if (state == State.CLOSED) return 0;
        long before = sends.sentBytes();
        if (!sends.isEmpty()) {
            try {
                boolean more = transport.send(channel, sends);
                if (more && sends.startsWithFile()) more = transport.send(channel, sends);
                if (state == State.CLOSED) return 0;
                stalled = !more && !sends.isReading();
            } catch (IOException failure) {
                abort(transport.reasonOf("send", failure));
                return 0;
            } catch (FileFailedException failure) {
                fileFailed(failure);
                return 0;
            }
        }
        long written = sends.sentBytes() - before;
        if (written > 0) progressNanos = shard().nowNanos();
        if (sends.isEmpty()) {
            afterSends();
        } else {
            flushLater(); // a turn's share has gone
        }
        updateInterest();
        return written;
    }

    /// A part of the file that is being sent has been read.
    void fileRead() {
        flushLater();
    }

    void fileFailed(FileFailedException failure) {
        transport.log(String.valueOf(failure.getMessage()));
        abort(CloseReason.FILE_FAILED);
    }

    private void afterSends() {
        if (state == State.FLUSHING) {
            if (lingers && !peerEnded) {
                startLingering();
            } else {
                end();
            }
        } else if (state == State.OPEN && endsSend) {
            shutdownSend();
            closeIfBothEnded();
        } else if (state == State.OPEN && writableWanted && handler != null) {
            writableWanted = false;
            try {
                handler.onWritable(this);
            } catch (Throwable failure) {
                handlerFailed(failure);
            }
        }
    }

    private boolean wantsReceive() {
        if (peerEnded || state == State.CLOSED) return false;
        if (state == State.OPEN) return !receivePaused;
        return lingers && (linger == null || !linger.hasEnough());
    }

    /// The selector compares with what the kernel knows before it waits, so that changes to and fro
    /// within a turn cost nothing.
    private void updateInterest() {
        if (state == State.CLOSED) return;
        int wanted =
                (wantsReceive() ? SelectionKey.OP_READ : 0) | (stalled ? SelectionKey.OP_WRITE : 0);
        if (wanted == interest) return;
        interest = wanted;
        key.interestOps(wanted);
    }

    // ---- closing

    private void startClosing(CloseReason why) {
        state = State.FLUSHING;
        reason = why;
        updateInterest();
        flushLater();
    }

    private void closeIfBothEnded() {
        if (state == State.OPEN && peerEnded && shutdown) close();
    }

    private void shutdownSend() {
        if (shutdown) return;
        shutdown = true;
        try {
            channel.shutdownOutput();
        } catch (IOException peerHasGone) {
            transport.log("shutdown failed: " + peerHasGone.getMessage());
        }
    }

    private void startLingering() {
        state = State.LINGERING;
        shutdownSend();
        linger = new Linger(shard(), () -> abort(reason));
    }

    private void end() {
        state = State.CLOSED;
        sends.drop();
        if (linger != null) linger.cancel();
        transport.ended(this);
    }

    /// Closes the descriptor and tells the handler; never from within one of its own calls.
    void finish() {
        transport.close(channel);
        transport.releaseSlot(client);
        if (handler == null) return;
        try {
            handler.onClose(this, reason);
        } catch (Throwable failure) {
            transport.logFailure(failure);
        }
    }

    private void handlerFailed(Throwable failure) {
        transport.logFailure(failure);
        abort(CloseReason.HANDLER_FAILED);
    }
}
