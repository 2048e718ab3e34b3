package dev.torc.core;

import dev.torc.core.memory.Memory;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Objects;

/// A view on native memory: `length` bytes of data at `address`, within a `capacity`.
///
/// A slice is *borrowed* (handed to a callback and valid until that returns), *owned* (taken from a
/// [BufferPool], passed on with the data, released once) or *shared* ([BufferPool#share(Slice)]:
/// full and never changed, so that any number of connections can send it at once, each by a
/// reference of its own). Confined to its shard's thread.
public final class Slice {
    private final @Nullable BufferPool pool;
    private final BufferPool.@Nullable Slab slab;
    private long address;
    private int capacity;
    private int length;
    private @Nullable ByteBuffer buffer;

    Slice(@Nullable BufferPool pool, BufferPool.@Nullable Slab slab, long address, int capacity) {
        this.pool = pool;
        this.slab = slab;
        this.address = address;
        this.capacity = capacity;
    }

    /// A slice that views nothing yet: the reusable window of someone who lends memory.
    public static Slice window() {
        return new Slice(null, null, 0, 0);
    }

    /// Points this window at `length` bytes of data.
    public void view(long address, int length) {
        assert pool == null : "an owned slice cannot be moved";
        this.address = address;
        this.capacity = length;
        this.length = length;
        buffer = null;
    }

    /// Ends what was lent: under `-ea` any later use of the data fails.
    public void unview() {
        view(0, 0);
    }

    /// The address of the first byte.
    public long address() {
        assert address != 0 : "slice used after its callback returned or after release";
        return address;
    }

    /// Bytes of data.
    public int length() {
        return length;
    }

    /// Bytes of memory, at least [#length()].
    public int capacity() {
        return capacity;
    }

    /// Bytes that can still be appended.
    public int remaining() {
        return capacity - length;
    }

    /// Sets the bytes of data, after writing at [#address()].
    public void length(int bytes) {
        if (bytes < 0 || bytes > capacity) {
            throw new IllegalArgumentException(
                    "length must be within the capacity: length="
                            + bytes
                            + ", capacity="
                            + capacity);
        }
        length = bytes;
    }

    /// The byte at `index`.
    public byte getByte(int index) {
        return Memory.getByte(address() + check(index, 1));
    }

    /// Appends `bytes` bytes of native memory that start at `source`.
    public void append(long source, int bytes) {
        Memory.copy(source, claim(bytes), bytes);
    }

    /// Appends a part of an array.
    public void append(byte[] source, int index, int bytes) {
        Memory.copy(source, index, claim(bytes), bytes);
    }

    /// Copies a part of the data into an array.
    public void copyTo(int offset, byte[] target, int index, int bytes) {
        Memory.copy(address() + check(offset, bytes), target, index, bytes);
    }

    /// The data as a new array.
    public byte[] toBytes() {
        byte[] bytes = new byte[length];
        if (length > 0) copyTo(0, bytes, 0, length);
        return bytes;
    }

    /// The data as text.
    public String toText(Charset charset) {
        return new String(toBytes(), charset);
    }

    /// A direct buffer over the whole capacity, for the JDK's channels: always the same one,
    /// cleared. The first call allocates it; valid as long as the slice is.
    public ByteBuffer asByteBuffer() {
        ByteBuffer view = buffer;
        if (view == null) {
            view = Memory.asByteBuffer(address(), capacity);
            buffer = view;
        }
        return view.clear();
    }

    /// Whether it views memory that somebody lends, so that it cannot be passed on.
    public boolean isBorrowed() {
        return pool == null;
    }

    /// For what takes slices over.
    ///
    /// @throws IllegalArgumentException when it is borrowed
    public void requireOwned() {
        if (pool == null) {
            throw new IllegalArgumentException("a borrowed slice cannot be sent: use sendCopy");
        }
    }

    /// Whether it is shared: who wants to pass it on and go on using it [retains][#retain()] it.
    public boolean isShared() {
        return slab != null && slab.isShared();
    }

    /// Takes one more reference to a shared slice.
    ///
    /// @throws IllegalStateException when it is not shared, or the last has been released
    public void retain() {
        if (!isShared()) throw new IllegalStateException("only a shared slice can be retained");
        slab().retain();
    }

    /// A part of a shared slice as another one, with a reference of its own that the caller
    /// releases.
    ///
    /// @throws IllegalStateException when this is not shared, or the last has been released
    /// @throws IndexOutOfBoundsException when it is not within the data
    public Slice part(int start, int bytes) {
        Objects.checkFromIndexSize(start, bytes, length);
        retain();
        Slice part = new Slice(pool, slab, address + start, bytes);
        part.length = bytes;
        return part;
    }

    /// Gives the memory back to its pool, or a reference to it. The owner calls it exactly once.
    public void release() {
        if (pool == null) throw new IllegalStateException("a borrowed slice cannot be released");
        pool.release(this);
    }

    /// What an owned slice is cut from.
    BufferPool.Slab slab() {
        if (slab == null) throw new IllegalStateException("a borrowed slice has no slab");
        return slab;
    }

    private long claim(int bytes) {
        if (bytes < 0 || bytes > remaining()) {
            throw new IndexOutOfBoundsException(
                    "slice is full: bytes=" + bytes + ", remaining=" + remaining());
        }
        long target = address() + length;
        length += bytes;
        return target;
    }

    private int check(int offset, int bytes) {
        if (offset < 0 || bytes < 0 || offset > length - bytes) {
            throw new IndexOutOfBoundsException(
                    "offset=" + offset + ", bytes=" + bytes + ", length=" + length);
        }
        return offset;
    }
}
