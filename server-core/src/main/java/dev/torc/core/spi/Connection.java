package dev.torc.core.spi;

import dev.torc.core.Shard;
import dev.torc.core.Slice;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// One TCP connection, as its handler sees it. Confined to its shard's thread; another thread goes
/// through [Shard#execute(Runnable)].
public interface Connection {
    /// The shard that owns it.
    Shard shard();

    /// Queues `slice` behind what is queued already, and takes ownership of it: the connection
    /// releases it once the kernel needs it no more. On a connection that is closing it is released
    /// at once. Returns false when more is queued than `Limits.sendQueueBytesMax`: the handler
    /// should then wait for [ConnectionHandler#onWritable(Connection)].
    boolean send(Slice slice);

    /// Bytes queued and not yet taken over by the kernel.
    long queuedBytes();

    /// Stops receiving. What the kernel had already delivered may still arrive.
    void pauseReceive();

    /// Receives again.
    void resumeReceive();

    /// Half-closes: once everything queued has been sent, tells the peer that no more will come.
    /// What the peer sends is received as before; [#send(Slice)] takes nothing more. When the peer
    /// has ended too, the connection closes.
    void endSend();

    /// Closes once everything queued has been sent. Received bytes are no longer handed out.
    void close();

    /// Like [#close()], for when the peer may still be sending: tells it that no more will come,
    /// then reads and discards what it sends for a bounded time. Closing at once would answer those
    /// bytes with a reset, which can destroy the last response on its way (RFC 9112, section 9.6).
    void closeLingering();

    /// Closes now and drops what is queued.
    void abort(CloseReason reason);

    /// The peer's address, or null when the peer had vanished before anyone asked. The first call
    /// enters the kernel and allocates.
    @Nullable InetSocketAddress remoteAddress();

    /// The server's own address on this connection, or null as for [#remoteAddress()].
    @Nullable InetSocketAddress localAddress();

    /// Whether it is closing or closed.
    boolean isClosing();
}
