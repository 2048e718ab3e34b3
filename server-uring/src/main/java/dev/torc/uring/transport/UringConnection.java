package dev.torc.uring.transport;

import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.FileStrategy;
import dev.torc.core.spi.Linger;
import dev.torc.core.spi.OpenFile;
import dev.torc.uring.constants.Errno;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// One connection on the ring. Owned by its [UringTransport], confined to the shard's thread.
///
/// ```
/// OPEN ── close ──▶ FLUSHING ── all sent ──▶ (LINGERING) ──▶ JOINING ──▶ CLOSED
///   └───────────────── abort ───────────────────────────────────▲
/// ```
///
/// Closing is a join: the receive is cancelled and awaited, so is a send, and only when the kernel
/// holds nothing of the connection is its descriptor closed and its slot free for another.
final class UringConnection implements Connection {
    private enum State {
        OPEN,
        FLUSHING,
        LINGERING,
        JOINING,
        CLOSED
    }

    private final UringTransport transport;
    private final int slot;
    private final int generation;
    private final Receive receive = new Receive();
    private final SendQueue sends = new SendQueue();
    private @Nullable GuardedHandler handler;
    private Addresses addresses = Addresses.UNKNOWN;
    private @Nullable Linger linger;
    private State state = State.OPEN;
    private CloseReason reason = CloseReason.LOCAL;
    private int installed = -1;
    private long progressNanos;
    private long sentBytes;
    private boolean receivePaused;
    private boolean endsSend;
    private boolean shutdown;
    private boolean shutdownArmed;
    private boolean lingers;
    private boolean peerEnded;
    private boolean writableWanted;

    UringConnection(UringTransport transport, int slot, int generation) {
        this.transport = transport;
        this.slot = slot;
        this.generation = generation;
    }

    int slot() {
        return slot;
    }

    int generation() {
        return generation;
    }

    /// The factory that made `newHandler` may already have closed the connection, or paused it.
    void open(ConnectionHandler newHandler) {
        handler = new GuardedHandler(this, transport, newHandler);
        if (state == State.OPEN) newHandler.onOpen(this);
        rearmReceive();
    }

    // ---- what the handler asks for

    @Override
    public Shard shard() {
        return transport.shard();
    }

    @Override
    public boolean send(Slice slice) {
        return add(slice, null);
    }

    @Override
    public boolean send(Slice head, Slice body) {
        body.requireOwned();
        boolean together = sends.isEmpty() && head.length() > 0 && body.length() > 0;
        return together ? add(head, body) : Connection.super.send(head, body);
    }

    private boolean add(Slice slice, @Nullable Slice behind) {
        slice.requireOwned();
        boolean taken = state == State.OPEN && !endsSend;
        if (!taken || slice.length() == 0) {
            slice.release();
            if (behind != null) behind.release();
            return taken && !writableWanted;
        }
        boolean follows = !sends.isEmpty();
        sends.add(this, slice, behind);
        writableWanted |= sends.queuedBytes() > transport.sendQueueBytesMax();
        if (follows || writableWanted) settleSoon();
        return !writableWanted;
    }

    @Override
    public boolean sendFile(
            @Nullable Slice head, OpenFile file, long position, long count, FileStrategy strategy) {
        FileTransfers.check(head, position, count);
        if (state != State.OPEN || endsSend) {
            if (head != null) head.release();
            return false;
        }
        transport.transfers().add(this, sends, head, file, position, count, strategy);
        if (state != State.OPEN) return false;
        writableWanted |= !sends.isEmpty();
        settleSoon();
        return !writableWanted;
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
        return sentBytes;
    }

    @Override
    public long progressNanos() {
        return progressNanos;
    }

    @Override
    public void pauseReceive() {
        receivePaused = true;
        receive.cancel(this);
    }

    @Override
    public void resumeReceive() {
        receivePaused = false;
        if (!receive.isArmed() && state == State.OPEN && !peerEnded) receive.arm(this);
    }

    @Override
    public void endSend() {
        if (state != State.OPEN || endsSend) return;
        endsSend = true;
        settleSoon();
        shutdownSend();
    }

    @Override
    public void close() {
        if (state != State.OPEN) return;
        startClosing(peerEnded ? CloseReason.PEER_CLOSED : CloseReason.LOCAL);
        receive.cancel(this);
        settleSoon();
        advanceClose();
    }

    @Override
    public void closeLingering() {
        if (state != State.OPEN) return;
        startClosing(CloseReason.LOCAL);
        lingers = !peerEnded;
        if (lingers && !receive.isArmed()) receive.arm(this);
        settleSoon();
        advanceClose();
    }

    @Override
    public void abort(CloseReason why) {
        if (state == State.JOINING || state == State.CLOSED) return;
        if (handler != null) handler.aborted(why);
        startClosing(why);
        startJoining();
        advanceClose();
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return addresses().remote();
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return addresses().local();
    }

    private Addresses addresses() {
        // Once closed, its slot may be another connection's.
        boolean asks = addresses == Addresses.UNKNOWN && state != State.CLOSED;
        if (asks) addresses = transport.addressesOf(this);
        return addresses;
    }

    @Override
    public boolean isClosing() {
        return state != State.OPEN;
    }

    // ---- what the kernel has done

    void received(Slice data) {
        progressed();
        if (state == State.OPEN && handler != null) {
            receive.deliver(this, handler, data, transport.buffers());
        } else if (linger != null) {
            linger.received(data.length());
            if (linger.hasEnough()) receive.cancel(this);
        }
    }

    /// The receive is over: with data (it is just not repeated), at the peer's end, or by an error.
    void receiveEnded(int result) {
        receive.ended();
        switch (result) {
            case 0 -> peerEnded();
            case -Errno.ENOBUFS -> transport.starved(this);
            case -Errno.ECANCELED, -Errno.EINTR, -Errno.EAGAIN -> rearmReceive();
            default -> {
                if (result > 0) {
                    rearmReceive();
                } else {
                    abort(transport.reasonOf("recv", -result));
                }
            }
        }
        advanceClose();
    }

    void inlineSendSettled(int number) {
        sent(sends.settled(this, number));
        afterSend();
    }

    void sendCompleted(int result) {
        sent(result);
        int errno = sends.completed(this, result, state == State.JOINING);
        if (errno != 0) abort(transport.reasonOf("send", errno));
        afterSend();
    }

    void fileCompleted(int operation, int result) {
        sends.fileCompleted(this, operation, result);
        afterSend();
    }

    /// A new turn, for a file that had used up its share of the last.
    void resumeFile() {
        sends.resume(this);
        afterSend();
    }

    /// A regular descriptor of the socket, on which nothing blocks, or `-errno`. The first call
    /// makes it; the connection closes it in the end.
    int installed() {
        if (installed < 0) installed = transport.transfers().install(this);
        return installed;
    }

    /// Gives back what the kernel has of it in the end: slot and descriptor.
    void closeDescriptors() {
        submissions().close(this, installed);
    }

    /// Fails when the peer has vanished, of which a paused connection would not hear otherwise.
    void shutdownCompleted(int result) {
        shutdownArmed = false;
        if (result < 0) abort(transport.reasonOf("shutdown", -result));
        closeIfBothEnded();
        advanceClose();
    }

    /// Receives again, unless the handler has paused it or the connection no longer wants to.
    void rearmReceive() {
        boolean wanted = state == State.OPEN ? !receivePaused : lingers && lingersOn();
        if (wanted && !receive.isArmed() && !peerEnded) receive.arm(this);
    }

    void stopping() {
        if (state == State.OPEN && handler != null) handler.stopping();
    }

    /// So many bytes have gone; none if it is not positive.
    void sent(long bytes) {
        if (bytes <= 0) return;
        sentBytes += bytes;
        transport.counts().sentBytes += bytes;
        progressed();
    }

    void progressed() {
        progressNanos = shard().nowNanos();
    }

    UringTransport transport() {
        return transport;
    }

    Submissions submissions() {
        return transport.submissions();
    }

    /// An inline send completes silently; when something waits for it, the shard must not sleep.
    void settleSoon() {
        if (sends.isInline()) transport.settleSoon();
    }

    // ---- closing

    private void peerEnded() {
        peerEnded = true;
        if (state != State.OPEN || handler == null) return;
        handler.ended();
        closeIfBothEnded();
    }

    private void afterSend() {
        // The next slice may be inline too, with nothing else on its way that would end a wait.
        if (state != State.OPEN || writableWanted || endsSend) settleSoon();
        if (state != State.OPEN) {
            advanceClose();
        } else if (endsSend) {
            shutdownSend();
        } else if (writableWanted && sends.isEmpty() && handler != null) {
            writableWanted = false;
            handler.writable();
        }
    }

    private void startClosing(CloseReason why) {
        state = State.FLUSHING;
        reason = why;
    }

    private void startJoining() {
        state = State.JOINING;
        settleSoon();
        sends.drop();
        if (sends.isArmed()) transport.submissions().cancel(this, UserData.SEND);
        receive.cancel(this);
        if (linger != null) linger.cancel();
        linger = null;
    }

    /// Goes as far towards CLOSED as what is outstanding allows.
    private void advanceClose() {
        if (state == State.FLUSHING && sends.isEmpty()) {
            if (lingers && !peerEnded) {
                state = State.LINGERING;
                shutdownSend();
                linger = new Linger(shard(), () -> abort(reason));
            } else {
                startJoining();
            }
        }
        if (state == State.LINGERING && !receive.isArmed() && peerEnded) startJoining();
        if (state != State.JOINING) return;
        if (receive.isArmed() || sends.isWithKernel() || shutdownArmed) return;
        state = State.CLOSED;
        transport.joined(this);
    }

    /// Sends the FIN, once nothing is queued any more.
    private void shutdownSend() {
        if (shutdown || !sends.isEmpty()) return;
        shutdown = true;
        shutdownArmed = true;
        transport.submissions().shutdown(this);
    }

    private void closeIfBothEnded() {
        if (state == State.OPEN && peerEnded && shutdown && !shutdownArmed) close();
    }

    private boolean lingersOn() {
        return state == State.FLUSHING || (linger != null && !linger.hasEnough());
    }

    /// Tells the handler; never from within one of its own calls.
    void finish() {
        if (handler != null) handler.closed(reason);
    }
}
