package dev.torc.uring.transport;

import dev.torc.core.spi.Filesystem;

/// A directory below which files are opened: an `O_PATH` descriptor, closed when its owner has
/// closed it and no open is under way any more, since a worker thread looks it up by its number.
final class UringDirectory implements Filesystem.Directory {
    private final UringFilesystem owner;
    private final int fd;
    private final boolean followsLinks;
    private int uses = 1;
    private boolean closed;

    UringDirectory(UringFilesystem owner, int fd, boolean followsLinks) {
        this.owner = owner;
        this.fd = fd;
        this.followsLinks = followsLinks;
    }

    int fd() {
        return fd;
    }

    boolean followsLinks() {
        return followsLinks;
    }

    void use() {
        if (closed) throw new IllegalStateException("the directory has been closed");
        uses++;
    }

    void unuse() {
        uses--;
        if (uses == 0) owner.close(this);
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        unuse();
    }
}
