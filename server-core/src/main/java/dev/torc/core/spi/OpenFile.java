package dev.torc.core.spi;

/// A regular file that one shard has open to read, and what was true of it when it was opened.
///
/// Its descriptor is closed with the last reference. Whoever opens it has one; each transfer to a
/// connection holds one of its own until it is over, so a cache may drop a file while it is being
/// sent, and a file that is deleted meanwhile is sent to its end. Confined to the shard's thread.
public abstract class OpenFile {
    private final long size;
    private final long modifiedNanos;
    private final long changedNanos;
    private final long inode;
    private final long device;
    private int references = 1;

    /// The arguments are those of the methods with their names.
    protected OpenFile(long size, long modifiedNanos, long changedNanos, long inode, long device) {
        this.size = size;
        this.modifiedNanos = modifiedNanos;
        this.changedNanos = changedNanos;
        this.inode = inode;
        this.device = device;
    }

    /// Bytes.
    public final long size() {
        return size;
    }

    /// When its content was last changed, in nanoseconds since 1970.
    public final long modifiedNanos() {
        return modifiedNanos;
    }

    /// When its content or its inode was last changed, which nobody can set, in nanoseconds since
    /// 1970; [#modifiedNanos()] where the system does not tell.
    public final long changedNanos() {
        return changedNanos;
    }

    /// With [#device()] its identity: another file under the same name has another. 0 where the
    /// system has none.
    public final long inode() {
        return inode;
    }

    /// The device that it is on; 0 where the system does not tell.
    public final long device() {
        return device;
    }

    /// Whether anyone holds a reference.
    public final boolean isOpen() {
        return references > 0;
    }

    /// Takes one more reference.
    ///
    /// @throws IllegalStateException when the last has been released
    public final void retain() {
        requireOpen();
        references++;
    }

    /// Gives a reference up; with the last the descriptor is closed.
    ///
    /// @throws IllegalStateException when the last has been released before
    public final void release() {
        requireOpen();
        references--;
        if (references == 0) close();
    }

    /// Closes the descriptor. Called once.
    protected abstract void close();

    private void requireOpen() {
        if (references <= 0) throw new IllegalStateException("the file has been closed");
    }
}
