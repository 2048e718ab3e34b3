package dev.torc.uring;

import dev.torc.uring.abi.RecvmsgOut;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;

/// What a multishot `RECVMSG` has put into a buffer: a message's data, its sender and what else
/// came with it. Its segments are views on the buffer, as good as that.
///
/// ```
/// struct io_uring_recvmsg_out | sender, addressBytes | control messages, controlBytes | data
/// ```
public final class ReceivedMessage {
    private final MemorySegment all;
    private final MessageRoom room;
    private final int controlBytes;

    private ReceivedMessage(MemorySegment all, MessageRoom room, int controlBytes) {
        this.all = all;
        this.room = room;
        this.controlBytes = controlBytes;
    }

    /// Reads `buffer`, in which a completion's result says that `bytes` are used. `room` is that
    /// which the operation was prepared with.
    ///
    /// @throws IllegalStateException when the lengths that the kernel tells do not fit
    public static ReceivedMessage of(MemorySegment buffer, int bytes, MessageRoom room) {
        if (bytes < room.bytes() || bytes > buffer.byteSize()) {
            throw new IllegalStateException(
                    "kernel told a wrong length: bytes=" + bytes + ", " + room);
        }
        int control = field(buffer, RecvmsgOut.CONTROLLEN);
        int message = field(buffer, RecvmsgOut.PAYLOADLEN);
        boolean fits = control >= 0 && control <= room.controlBytes();
        if (!fits || message < bytes - room.bytes()) {
            throw new IllegalStateException(
                    "kernel told wrong lengths: controlBytes=" + control + ", message=" + message);
        }
        return new ReceivedMessage(buffer.asSlice(0, bytes), room, control);
    }

    /// Who sent it. Null when the socket does not tell (a connected one does not), there was too
    /// little room, or Java has no class for such an address.
    public @Nullable SocketAddress sender() {
        int bytes = field(all, RecvmsgOut.NAMELEN);
        if (bytes < 0 || bytes > room.addressBytes()) return null;
        return SockAddr.get(all.address() + RecvmsgOut.BYTES, bytes);
    }

    /// Its control messages, for [ControlMessages].
    public MemorySegment control() {
        return all.asSlice(RecvmsgOut.BYTES + room.addressBytes(), controlBytes);
    }

    /// Its data, as far as that fitted into the buffer.
    public MemorySegment data() {
        return all.asSlice(room.bytes());
    }

    /// Bytes of data: with `MSG_TRUNC` those of the whole message, also of one that was cut off.
    public int messageBytes() {
        return field(all, RecvmsgOut.PAYLOADLEN);
    }

    /// `MSG_` flags: `MSG_TRUNC`, `MSG_CTRUNC`, `MSG_OOB`, ...
    public int flags() {
        return field(all, RecvmsgOut.FLAGS);
    }

    /// Whether the buffer was too small for the data.
    public boolean isCutOff() {
        return (flags() & Linux.MSG_TRUNC) != 0;
    }

    private static int field(MemorySegment buffer, int offset) {
        return buffer.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }
}
