package dev.torc.uring;

import dev.torc.uring.abi.IoVec;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Pieces of memory that one operation fills, or writes, one after the other: an array of `struct
/// iovec`, see `readv(2)`.
///
/// ```java
/// IoVectors vectors = IoVectors.allocate(2).add(head, 0, 12).add(body, 0, 4096);
/// ring.next().prepareReadv(fd, vectors, position, userData);
/// ```
///
/// An operation holds it and every piece that is in it until its last completion has been drained.
/// Until then the pieces cannot be changed; afterwards it can be filled anew. [#close()] may come
/// earlier, as with [IoMemory], and leaves the pieces alone.
///
/// It may be used with any number of rings, by one thread at a time; operations may end on any.
/// Once allocated, it allocates nothing.
public final class IoVectors extends Lendable implements AutoCloseable {
    /// Pieces that the kernel takes at most (`IOV_MAX`).
    public static final int COUNT_MAX = 1024;

    private final int capacity;
    private final Arena arena;
    private final long address;
    private final List<IoMemory> pieces;
    private final Loans loans = new Loans();
    private long bytes;

    private IoVectors(int capacity, Arena arena, long address) {
        this.capacity = capacity;
        this.arena = arena;
        this.address = address;
        pieces = new ArrayList<>(capacity);
    }

    /// Room for `capacity` pieces (1 to [#COUNT_MAX]), and none yet.
    public static IoVectors allocate(int capacity) {
        Arguments.requireRange("capacity", capacity, 1, COUNT_MAX);
        Arena arena = Arena.ofShared();
        try {
            long vectors = arena.allocate((long) capacity * IoVec.BYTES, Long.BYTES).address();
            return new IoVectors(capacity, arena, vectors);
        } catch (RuntimeException | OutOfMemoryError failure) {
            arena.close();
            throw failure;
        }
    }

    /// All of each of `memories` (1 to [#COUNT_MAX]).
    public static IoVectors of(IoMemory... memories) {
        IoVectors vectors = allocate(memories.length);
        for (IoMemory memory : memories) vectors.add(memory, 0, memory.bytes());
        return vectors;
    }

    /// Appends `length` bytes at `offset` of `memory`.
    ///
    /// @throws IndexOutOfBoundsException when they are not all within `memory`
    /// @throws IllegalStateException when [#capacity()] pieces are in it, an operation holds it, or
    ///   it has been closed
    public IoVectors add(IoMemory memory, long offset, long length) {
        long base = memory.address(offset, length);
        requireChangeable();
        int index = pieces.size();
        if (index == capacity) {
            throw new IllegalStateException("there is no room for more: capacity=" + capacity);
        }
        IoVec.put(vector(index), base, length);
        pieces.add(memory);
        bytes += length;
        return this;
    }

    /// Puts `length` bytes at `offset` of `memory` in place of the piece `index`.
    ///
    /// @throws IndexOutOfBoundsException when they are not all within `memory`, or there is no such
    ///   piece
    /// @throws IllegalStateException when an operation holds it, or it has been closed
    public IoVectors set(int index, IoMemory memory, long offset, long length) {
        long base = memory.address(offset, length);
        Objects.checkIndex(index, pieces.size());
        requireChangeable();
        long vector = vector(index);
        bytes += length - IoVec.length(vector);
        IoVec.put(vector, base, length);
        pieces.set(index, memory);
        return this;
    }

    /// Takes all pieces out.
    ///
    /// @throws IllegalStateException when an operation holds it, or it has been closed
    public IoVectors clear() {
        requireChangeable();
        pieces.clear();
        bytes = 0;
        return this;
    }

    /// Pieces that are in it.
    public int count() {
        return pieces.size();
    }

    /// Pieces that it has room for.
    public int capacity() {
        return capacity;
    }

    /// The sum of the pieces' bytes.
    public long bytes() {
        return bytes;
    }

    /// Whether an operation holds it.
    public boolean isLent() {
        return loans.count() > 0;
    }

    /// Gives the array up: it is freed now, or when the last operation that holds it has ended.
    @Override
    public void close() {
        if (loans.close()) arena.close();
    }

    /// The address of [#count()] times `struct iovec`.
    long address() {
        return address;
    }

    @Override
    void lend() {
        loans.add("vectors");
        int lent = 0;
        try {
            while (lent < pieces.size()) {
                IoMemory piece = pieces.get(lent);
                if (piece.isManaged()) piece.lend();
                lent++;
            }
        } catch (RuntimeException closed) {
            giveBack(lent);
            throw closed;
        }
    }

    @Override
    void giveBack() {
        giveBack(pieces.size());
    }

    private void giveBack(int lent) {
        for (int i = 0; i < lent; i++) {
            IoMemory piece = pieces.get(i);
            if (piece.isManaged()) piece.giveBack();
        }
        // Last: from here on another thread may change the pieces.
        if (loans.remove()) arena.close();
    }

    private long vector(int index) {
        return address + (long) index * IoVec.BYTES;
    }

    private void requireChangeable() {
        if (loans.isClosed()) throw new IllegalStateException("vectors have been closed");
        if (loans.count() > 0) {
            throw new IllegalStateException(
                    "vectors cannot be changed while an operation holds them");
        }
    }
}
