package dev.torc.uring;

import dev.torc.uring.abi.MsgHdr;
import dev.torc.uring.abi.SockAddr;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;

/// A message for `sendmsg(2)` or `recvmsg(2)`: its data, the other side's address and control
/// messages, of which it may have any.
///
/// An operation holds it, its vectors with their pieces and its control memory until its last
/// completion has been drained. Meanwhile it cannot be changed. It may be sent several times at
/// once; a receive needs it for itself.
///
/// Not for several threads at a time, but operations may end on any. Sending and receiving allocate
/// nothing.
public final class MessageHeader extends Lendable implements AutoCloseable {
    private static final int DESTINATION = 64; // behind the struct msghdr
    private static final int SENDER = DESTINATION + SockAddr.STORAGE_BYTES;
    private static final int BYTES = SENDER + SockAddr.STORAGE_BYTES;

    private final IoMemory memory = IoMemory.allocate(BYTES);
    private final long header = memory.segment().address();
    private @Nullable IoVectors vectors;
    private @Nullable IoMemory control;
    private long controlOffset;
    private int controlBytes;
    private int destinationBytes;
    private boolean receiving;

    /// A message of which nothing is known yet.
    public MessageHeader() {}

    /// A message with the data of `vectors`.
    public static MessageHeader of(IoVectors vectors) {
        return new MessageHeader().setVectors(vectors);
    }

    /// What is sent, or filled; null for nothing. What is in the vectors may be changed between
    /// operations.
    ///
    /// @throws IllegalStateException when an operation holds the message
    public MessageHeader setVectors(@Nullable IoVectors vectors) {
        requireFree();
        this.vectors = vectors;
        return this;
    }

    /// Where it is sent to; null for where the socket is connected to.
    ///
    /// @throws IllegalArgumentException when `address` is unresolved, or its path too long
    /// @throws IllegalStateException when an operation holds the message
    public MessageHeader setDestination(@Nullable SocketAddress address) {
        requireFree();
        requireOpen();
        destinationBytes = address == null ? 0 : SockAddr.put(header + DESTINATION, address);
        return this;
    }

    /// Control messages to be sent, or room for those that are received: `bytes` at `offset` of
    /// `control`. Null for none.
    ///
    /// @throws IndexOutOfBoundsException when they are not all within
    /// @throws IllegalStateException when an operation holds the message
    public MessageHeader setControl(@Nullable IoMemory control, long offset, int bytes) {
        requireFree();
        if (control != null) control.address(offset, bytes);
        this.control = control;
        controlOffset = offset;
        controlBytes = control == null ? 0 : bytes;
        return this;
    }

    /// Who sent what has been received. Null when the socket does not tell (a connected one may
    /// not), or Java has no class for such an address.
    ///
    /// @throws IllegalStateException when an operation holds the message
    public @Nullable SocketAddress sender() {
        requireReceived();
        int bytes = MsgHdr.nameBytes(header);
        return SockAddr.get(header + SENDER, Math.clamp(bytes, 0, SockAddr.STORAGE_BYTES));
    }

    /// The control messages that have been received, for [ControlMessages].
    ///
    /// @throws IllegalStateException when an operation holds the message
    public MemorySegment control() {
        requireReceived();
        if (control == null) return MemorySegment.NULL;
        long told = Math.clamp(MsgHdr.controlBytes(header), 0L, (long) controlBytes);
        return control.segment().asSlice(controlOffset, told);
    }

    /// What is to be known of what has been received: `MSG_TRUNC`, `MSG_CTRUNC`, `MSG_EOR`, ...
    ///
    /// @throws IllegalStateException when an operation holds the message
    public int flags() {
        requireReceived();
        return MsgHdr.flags(header);
    }

    /// Whether an operation holds it.
    public boolean isLent() {
        return memory.isLent();
    }

    /// Gives it up: it is freed now, or when the last operation that holds it has ended. Vectors
    /// and control memory are left alone.
    @Override
    public void close() {
        memory.close();
    }

    @Nullable IoVectors vectors() {
        return vectors;
    }

    /// Gets it ready to be sent; returns the address of its `struct msghdr`.
    long armSend() {
        if (isLent()) {
            if (receiving) requireFree();
            return header; // as it is: another send may be about to read it
        }
        arm();
        MsgHdr.putName(header, destinationBytes == 0 ? 0 : header + DESTINATION, destinationBytes);
        receiving = false;
        return header;
    }

    /// Gets it ready to be received; returns the address of its `struct msghdr`.
    long armReceive() {
        requireFree();
        arm();
        MsgHdr.putName(header, header + SENDER, SockAddr.STORAGE_BYTES);
        receiving = true;
        return header;
    }

    private void arm() {
        requireOpen();
        MsgHdr.clear(header);
        if (vectors != null) MsgHdr.putVectors(header, vectors.address(), vectors.count());
        if (control == null) return;
        MsgHdr.putControl(header, control.address(controlOffset, controlBytes), controlBytes);
    }

    private void requireOpen() {
        memory.segment(); // throws when it has been closed: the header may be freed
    }

    private void requireFree() {
        if (isLent()) throw new IllegalStateException("an operation holds the message");
    }

    private void requireReceived() {
        requireFree();
        requireOpen();
        if (!receiving) throw new IllegalStateException("nothing has been received");
    }

    @Override
    void lend() {
        memory.lend();
        try {
            if (vectors != null) vectors.lend();
        } catch (RuntimeException closed) {
            memory.giveBack();
            throw closed;
        }
        try {
            if (control != null && control.isManaged()) control.lend();
        } catch (RuntimeException closed) {
            if (vectors != null) vectors.giveBack();
            memory.giveBack();
            throw closed;
        }
    }

    @Override
    void giveBack() {
        if (control != null && control.isManaged()) control.giveBack();
        if (vectors != null) vectors.giveBack();
        // Last: from here on another thread may change the message.
        memory.giveBack();
    }
}
