package dev.torc.loadtest.ring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Random reads of a file, one at a time, as the JDK does them: a `pread(2)` each.
final class ChannelBench implements Bench {
    private final FileChannel file;
    private final Positions positions;
    private final ByteBuffer buffer;

    /// Reads `file`, which it does not close.
    ChannelBench(FileChannel file) throws IOException {
        this.file = file;
        int bytes = ReadBench.BLOCK_BYTES;
        positions = new Positions(file.size(), bytes);
        buffer = ByteBuffer.allocateDirect(2 * bytes).alignedSlice(bytes).limit(bytes);
    }

    @Override
    public long run(int turns) {
        try {
            for (int turn = 0; turn < turns; turn++) {
                int bytes = file.read(buffer.rewind(), positions.next() * ReadBench.BLOCK_BYTES);
                if (bytes != ReadBench.BLOCK_BYTES) {
                    throw new IllegalStateException("short read: " + bytes);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return turns;
    }

    @Override
    public void close() {}
}
