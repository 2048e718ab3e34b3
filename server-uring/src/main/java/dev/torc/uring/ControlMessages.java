package dev.torc.uring;

import dev.torc.uring.abi.CmsgHdr;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Control messages one behind the other, as they go with a message: `cmsg(3)`.
///
/// ```java
/// ControlMessages received = ControlMessages.in(header.control());
/// while (received.next()) handle(received.level(), received.type(), received.data());
/// ```
///
/// Not for several threads at a time.
public final class ControlMessages {
    private final MemorySegment all;
    private long offset;
    private long length;

    private ControlMessages(MemorySegment all) {
        this.all = all;
    }

    /// Those in `bytes`, to be gone through with [#next()].
    public static ControlMessages in(MemorySegment bytes) {
        return new ControlMessages(bytes);
    }

    /// Bytes that a message with `dataBytes` takes: `CMSG_SPACE`.
    public static long space(long dataBytes) {
        return CmsgHdr.step(CmsgHdr.BYTES + dataBytes);
    }

    /// Writes a message at `offset` (a multiple of 8) of `target`, and returns the offset behind
    /// it.
    ///
    /// @throws IllegalArgumentException when `offset` is no multiple of 8
    /// @throws IndexOutOfBoundsException when there is no room for it
    public static long put(
            MemorySegment target, long offset, int level, int type, MemorySegment data) {
        if (CmsgHdr.step(offset) != offset) {
            throw new IllegalArgumentException("must be a multiple of 8: offset=" + offset);
        }
        long length = CmsgHdr.BYTES + data.byteSize();
        MemorySegment message = target.asSlice(offset, CmsgHdr.step(length)).fill((byte) 0);
        message.set(ValueLayout.JAVA_LONG_UNALIGNED, CmsgHdr.LEN, length);
        message.set(ValueLayout.JAVA_INT_UNALIGNED, CmsgHdr.LEVEL, level);
        message.set(ValueLayout.JAVA_INT_UNALIGNED, CmsgHdr.TYPE, type);
        MemorySegment.copy(data, 0, message, CmsgHdr.BYTES, data.byteSize());
        return offset + message.byteSize();
    }

    /// Goes to the first message, or to the next one; says whether there is one.
    ///
    /// @throws IllegalStateException when its length does not fit
    public boolean next() {
        long next = offset + CmsgHdr.step(length);
        if (all.byteSize() - next < CmsgHdr.BYTES) return false;
        long told = all.get(ValueLayout.JAVA_LONG_UNALIGNED, next + CmsgHdr.LEN);
        if (told < CmsgHdr.BYTES || told > all.byteSize() - next) {
            throw new IllegalStateException("control message has a wrong length: bytes=" + told);
        }
        offset = next;
        length = told;
        return true;
    }

    /// The protocol that it is of: `SOL_SOCKET`, ...
    public int level() {
        return field(CmsgHdr.LEVEL);
    }

    /// What it is: `SCM_RIGHTS`, ...
    public int type() {
        return field(CmsgHdr.TYPE);
    }

    /// What it says.
    public MemorySegment data() {
        requireThere();
        return all.asSlice(offset + CmsgHdr.BYTES, length - CmsgHdr.BYTES);
    }

    private int field(int at) {
        requireThere();
        return all.get(ValueLayout.JAVA_INT_UNALIGNED, offset + at);
    }

    private void requireThere() {
        if (length == 0) throw new IllegalStateException("next() comes first");
    }
}
