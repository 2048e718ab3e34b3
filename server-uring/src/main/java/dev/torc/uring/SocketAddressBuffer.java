package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SockAddr;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;

/// Memory for one socket address that an operation tells: the peer's, of an accept. One operation
/// at a time uses it. May be made by any thread; used by one at a time.
public final class SocketAddressBuffer extends Lendable implements AutoCloseable {
    private static final int LENGTH = SockAddr.STORAGE_BYTES;

    private final IoMemory memory = IoMemory.allocate(SockAddr.STORAGE_BYTES + Integer.BYTES);

    /// Memory without an address.
    public SocketAddressBuffer() {}

    /// The address that the last operation told. Null when none has, and for what Java has no class
    /// for, such as a Unix socket's abstract name. The path is empty for a Unix socket without one.
    ///
    /// @throws IllegalStateException when an operation still holds this
    public @Nullable SocketAddress address() {
        requireFree();
        int told = Memory.getInt(lengthAddress());
        return SockAddr.get(storageAddress(), Math.clamp(told, 0, SockAddr.STORAGE_BYTES));
    }

    /// Whether an operation holds it.
    public boolean isLent() {
        return memory.isLent();
    }

    /// Gives it up: it is freed now, or when the operation that holds it has ended.
    @Override
    public void close() {
        memory.close();
    }

    /// Empties it, for the next operation.
    void clear() {
        requireFree();
        Memory.fill(storageAddress(), SockAddr.STORAGE_BYTES, (byte) 0);
        Memory.putInt(lengthAddress(), SockAddr.STORAGE_BYTES);
    }

    long storageAddress() {
        return memory.segment().address();
    }

    long lengthAddress() {
        return memory.segment().address() + LENGTH;
    }

    @Override
    void lend() {
        memory.lend();
    }

    @Override
    void giveBack() {
        memory.giveBack();
    }

    private void requireFree() {
        if (isLent()) throw new IllegalStateException("an operation holds the address");
    }
}
