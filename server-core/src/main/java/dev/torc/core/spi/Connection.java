package dev.torc.core.spi;

import dev.torc.core.BufferPool;
import dev.torc.core.Shard;
import dev.torc.core.Slice;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// One TCP connection, as its handler sees it. Confined to its shard's thread; another thread goes
/// through [Shard#execute(Runnable)].
public interface Connection {
    /// Bytes of a slice that an array is copied to: larger slices waste more of their memory.
    int COPY_BYTES_MAX = 1 << 20;

    /// What a peer that reads may have queued as well: a send counts until its turn has ended.
    int QUEUED_BYTES_FEW = 1 << 16;

    /// The shard that owns it.
    Shard shard();

    /// An empty slice for something to send. While much is queued already it must be
    /// [spare][BufferPool#takeSpare(int)], so that peers that do not read leave memory for others.
    /// Null when there is none: see [BufferPool#take(int)].
    default @Nullable Slice takeSlice(int bytes) {
        BufferPool pool = shard().buffers();
        return queuedBytes() <= QUEUED_BYTES_FEW ? pool.take(bytes) : pool.takeSpare(bytes);
    }

    /// Queues `slice` behind what is queued already, and takes ownership of it: the connection
    /// releases it once the kernel needs it no more. On a connection that is closing it is released
    /// at once. Returns false when more is queued than `Limits.sendQueueBytesMax`: the handler
    /// should then wait for [ConnectionHandler#onWritable(Connection)].
    ///
    /// @throws IllegalArgumentException when `slice` is borrowed: see [#sendCopy(Slice)]
    boolean send(Slice slice);

    /// Queues `head` and `body` behind what is queued already, as two calls of [#send(Slice)] would
    /// in this order. Where nothing is queued `uring` sends both with one operation, and neither is
    /// copied: for a small head in front of a [shared][Slice#isShared()] body, of which the caller
    /// passes a reference on.
    ///
    /// @throws IllegalArgumentException when one of them is borrowed
    default boolean send(Slice head, Slice body) {
        body.requireOwned();
        send(head);
        return send(body);
    }

    /// Sends a copy of `data`, which may be borrowed and stays the caller's. When the shard's pool
    /// has no [memory left][#takeSlice(int)] for it the connection is aborted
    /// ([CloseReason#OUT_OF_BUFFERS]) and the answer is false.
    default boolean sendCopy(Slice data) {
        Slice copy = takeSlice(data.length());
        if (copy == null) {
            abort(CloseReason.OUT_OF_BUFFERS);
            return false;
        }
        if (data.length() > 0) copy.append(data.address(), data.length());
        return send(copy);
    }

    /// [#sendCopy(Slice)] of an array of any length.
    default boolean sendCopy(byte[] bytes) {
        boolean room;
        int done = 0;
        do {
            int piece = Math.min(bytes.length - done, COPY_BYTES_MAX);
            Slice copy = takeSlice(piece);
            if (copy == null) {
                abort(CloseReason.OUT_OF_BUFFERS);
                return false;
            }
            copy.append(bytes, done, piece);
            room = send(copy);
            done += piece;
        } while (done < bytes.length);
        return room;
    }

    /// Queues `count` bytes of `file` from `position` on, behind what is queued already; `head`,
    /// whose ownership it takes as [#send(Slice)] does, goes out just before, in the same packet if
    /// it can. The file stays the caller's: the connection holds a reference of its own until the
    /// bytes have gone or the connection has ended.
    ///
    /// Returns false when a part of it has yet to go: [ConnectionHandler#onWritable(Connection)]
    /// will say when everything queued has gone. True means that all of it has gone already.
    ///
    /// When the file turns out to be shorter, or cannot be read, the connection is aborted with
    /// [CloseReason#FILE_FAILED].
    ///
    /// @throws IllegalArgumentException when `position` or `count` is negative or their sum too
    ///   large, or when `head` is borrowed
    boolean sendFile(
            @Nullable Slice head, OpenFile file, long position, long count, FileStrategy strategy);

    /// Bytes queued in memory and not yet taken over by the kernel. Of a file that is being sent
    /// only what has been read into memory counts: however long it is, it takes the place of
    /// nothing.
    long queuedBytes();

    /// Whether anything that was queued, bytes or files, has yet to go.
    boolean isSending();

    /// Bytes that the kernel has taken over since the connection was opened, those of files among
    /// them.
    long sentBytes();

    /// When bytes were last received, or taken over by the kernel, in the time of
    /// [Shard#nowNanos()]; when it was opened, if none have been yet. What the kernel has taken
    /// over may still wait for the peer: that is up to the socket's send buffer.
    long progressNanos();

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
    /// then, for a bounded time, reads and discards what it sends, and beyond a bound leaves it
    /// unread. Closing at once would answer those bytes with a reset, which can destroy the last
    /// response on its way (RFC 9112, section 9.6).
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
