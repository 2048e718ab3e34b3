package dev.torc.core.nio;

import dev.torc.core.spi.OpenFile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A file that a shard has open, as a channel of the JDK's.
final class NioFile extends OpenFile {
    private final NioFilesystem owner;
    private final FileChannel channel;
    private final Path path;
    private final NioStamp stamp;

    NioFile(NioFilesystem owner, NioOpen.Opened opened) {
        NioStamp stamp = opened.stamp();
        super(
                stamp.size(),
                stamp.modifiedNanos(),
                stamp.changedNanos(),
                stamp.inode(),
                stamp.device());
        this.owner = owner;
        this.channel = opened.channel();
        this.path = opened.path();
        this.stamp = stamp;
    }

    FileChannel channel() {
        return channel;
    }

    /// Whether the file that has its name now is this one, and as it was. Blocks: not for the
    /// shard's thread. The JDK tells nothing but the size of a channel's file.
    boolean isTheSame() {
        try {
            return NioStamp.of(path).equals(stamp);
        } catch (IOException | RuntimeException gone) {
            return false;
        }
    }

    boolean belongsTo(NioFilesystem filesystem) {
        return owner == filesystem;
    }

    @Override
    protected void close() {
        owner.close(this);
    }
}
