package dev.torc.uring.transport;

import dev.torc.core.Slice;
import dev.torc.core.spi.FileStrategy;

import org.jspecify.annotations.Nullable;

/// Moves a file by system calls of the shard's own thread, `sendfile(2)` or `splice(2)`, in parts,
/// of which so many may go in a turn.
final class LoopTransfer extends MovingTransfer {
    private final boolean splices;

    LoopTransfer(
            UringConnection connection,
            SendQueue queue,
            FileTransfers shared,
            @Nullable Slice head,
            UringFile file,
            long position,
            long left,
            FileStrategy strategy) {
        super(connection, queue, shared, head, file, position, left);
        splices = strategy == FileStrategy.SPLICE_LOOP;
    }

    @Override
    int partBytes() {
        return FileTransfers.PART_BYTES;
    }

    @Override
    long move(int bytes) {
        long sent =
                splices
                        ? shared.splice(connection, file, position, bytes, left > bytes)
                        : shared.sendfile(connection, file, position, bytes);
        return moved(sent, bytes);
    }
}
