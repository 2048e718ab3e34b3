package dev.torc.loadtest.ring;

import dev.torc.uring.CompletionHandler;
import dev.torc.uring.DirectDescriptors;
import dev.torc.uring.IoMemory;
import dev.torc.uring.RegisteredBuffers;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;
import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

/// Random reads of a file, with a number of them in flight: each that completes is followed by the
/// next. `read.c` is the same in C.
final class ReadBench implements Bench, CompletionHandler {
    /// Bytes of each read.
    static final int BLOCK_BYTES = 4096;

    private final Ring ring;
    private final int fd;
    private final IoMemory memory;
    private final Positions positions;
    private final long waitNanos;
    private final boolean registered;
    private @Nullable DirectDescriptors files;
    private @Nullable RegisteredBuffers buffers;
    private long completed;

    /// Starts to read the file `fd` of `fileBytes`, `depth` blocks at a time, and `registered` when
    /// the file and the memory are to be.
    ReadBench(Ring ring, int fd, long fileBytes, int depth, boolean registered, long waitNanos) {
        this.ring = ring;
        this.fd = fd;
        this.waitNanos = waitNanos;
        this.registered = registered;
        positions = new Positions(fileBytes, BLOCK_BYTES);
        memory = IoMemory.allocate((long) depth * BLOCK_BYTES, BLOCK_BYTES);
        if (registered) {
            files = DirectDescriptors.of(ring, fd);
            buffers = RegisteredBuffers.of(ring, memory);
        }
        for (int slot = 0; slot < depth; slot++) read(slot);
    }

    @Override
    public long run(int turns) {
        long before = completed;
        for (int turn = 0; turn < turns; turn++) {
            RingException.check("io_uring_enter", ring.submitAndWait(waitNanos));
            ring.drain(this);
        }
        return completed - before;
    }

    @Override
    public void onCompletion(long userData, int result, int flags) {
        RingException.check("IORING_OP_READ", result);
        if (result != BLOCK_BYTES) throw new IllegalStateException("short read: " + result);
        completed++;
        read((int) userData);
    }

    private void read(int slot) {
        long offset = (long) slot * BLOCK_BYTES;
        long position = positions.next() * BLOCK_BYTES;
        if (registered) {
            ring.next()
                    .prepareReadFixed(0, memory, offset, BLOCK_BYTES, position, 0, slot)
                    .addFlags(IoUring.IOSQE_FIXED_FILE);
        } else {
            ring.next().prepareRead(fd, memory, offset, BLOCK_BYTES, position, slot);
        }
    }

    /// The memory is freed when the reads in flight have ended, at the latest with the ring.
    @Override
    public void close() {
        if (buffers != null) buffers.close();
        if (files != null) files.close();
        memory.close();
    }
}
