package dev.torc.core.nio;

import dev.torc.core.spi.OpenFile;

import java.nio.channels.FileChannel;

/// A file that a shard has open, as a channel of the JDK's.
final class NioFile extends OpenFile {
    private final NioFilesystem owner;
    private final FileChannel channel;

    NioFile(
            NioFilesystem owner,
            FileChannel channel,
            long size,
            long modifiedNanos,
            long changedNanos,
            long inode,
            long device) {
        super(size, modifiedNanos, changedNanos, inode, device);
        this.owner = owner;
        this.channel = channel;
    }

    FileChannel channel() {
        return channel;
    }

    boolean belongsTo(NioFilesystem filesystem) {
        return owner == filesystem;
    }

    @Override
    protected void close() {
        owner.close(this);
    }
}
