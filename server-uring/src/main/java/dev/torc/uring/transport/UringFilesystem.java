package dev.torc.uring.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.OpenFile;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.StatxBuf;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/// Opens and reads files on the ring. Runs on the shard's thread.
///
/// A path is opened by `OPENAT2`: the kernel tries it from its caches at once, and leaves it to a
/// worker thread if it must wait for the disk. What the file is, `statx(2)` on its descriptor says,
/// which reads an inode in memory; `STATX` on the ring would always go to a worker.
final class UringFilesystem implements Filesystem {
    /// `O_NONBLOCK`: opening a FIFO must not wait for its other end.
    private static final int OPEN_FLAGS =
            Linux.O_RDONLY | Linux.O_NONBLOCK | Linux.O_NOCTTY | Linux.O_CLOEXEC;

    private static final int DIRECTORY_FLAGS =
            Linux.O_PATH | Linux.O_DIRECTORY | Linux.O_NOCTTY | Linux.O_CLOEXEC;
    private static final int STATX_MASK =
            Linux.STATX_TYPE
                    | Linux.STATX_SIZE
                    | Linux.STATX_MTIME
                    | Linux.STATX_CTIME
                    | Linux.STATX_INO;
    private static final int PATH_BYTES = PATH_BYTES_MAX + 1;

    /// A path with `..` in it fails with `EAGAIN` while anything below is being renamed.
    private static final int TRIES_MAX = 8;

    private final UringTransport transport;
    private final Ring ring;
    private final Kernel calls;
    private final long statx;
    private final IoMemory[] paths = new IoMemory[CONCURRENT_MAX];
    private final @Nullable Request[] running = new Request[CONCURRENT_MAX];
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private final Set<UringFile> files = new HashSet<>();
    private final Set<UringDirectory> directories = new HashSet<>();
    private int runningCount;

    UringFilesystem(UringTransport transport, Ring ring, Kernel calls, Arena arena) {
        this.transport = transport;
        this.ring = ring;
        this.calls = calls;
        statx = arena.allocate(StatxBuf.BYTES, Long.BYTES).address();
        for (int i = 0; i < CONCURRENT_MAX; i++) {
            paths[i] = IoMemory.unmanaged(arena.allocate(PATH_BYTES));
        }
    }

    private sealed interface Request permits Open, Read {}

    private static final class Open implements Request {
        final UringDirectory directory;
        final byte[] path;
        final OpenHandler handler;
        int tries;

        Open(UringDirectory directory, byte[] path, OpenHandler handler) {
            this.directory = directory;
            this.path = path;
            this.handler = handler;
        }
    }

    private static final class Read implements Request {
        final UringFile file;
        final Slice slice;
        final ReadHandler handler;
        long position;
        int left;
        int done;

        Read(UringFile file, long position, Slice slice, int bytes, ReadHandler handler) {
            this.file = file;
            this.position = position;
            this.slice = slice;
            this.handler = handler;
            left = bytes;
        }
    }

    // ---- Filesystem

    @Override
    public Directory directory(Path path, boolean followsLinks) throws IOException {
        int fd;
        try (Arena scratch = Arena.ofConfined()) {
            String name = path.toAbsolutePath().toString();
            long address = scratch.allocateFrom(name, UTF_8).address();
            fd = calls.openat(Linux.AT_FDCWD, address, DIRECTORY_FLAGS);
        }
        if (fd < 0) throw new IOException("cannot open " + path + ": " + Errno.describe(fd));
        UringDirectory opened = new UringDirectory(this, fd, followsLinks);
        directories.add(opened);
        return opened;
    }

    @Override
    public void open(Directory directory, byte[] path, OpenHandler handler) {
        requirePath(path);
        if (!(directory instanceof UringDirectory ours) || !directories.contains(ours)) {
            throw new IllegalArgumentException("the directory is not one of this shard's");
        }
        if (path.length > PATH_BYTES_MAX) {
            transport.shard().execute(() -> tell(handler, OpenResult.NOT_FOUND, null));
        } else if (isFull()) {
            transport.shard().execute(() -> tell(handler, OpenResult.EXHAUSTED, null));
        } else {
            ours.use();
            start(new Open(ours, path.clone(), handler));
        }
    }

    @Override
    public void read(OpenFile file, long position, Slice slice, int bytes, ReadHandler handler) {
        if (position < 0 || bytes < 0 || bytes > slice.remaining()) {
            throw new IllegalArgumentException(
                    "position=" + position + ", bytes=" + bytes + ", room=" + slice.remaining());
        }
        UringFile ours = checked(file);
        if (bytes == 0 || isFull()) {
            transport.shard().execute(() -> tell(handler, bytes == 0 ? 0 : -1));
            return;
        }
        ours.retain();
        start(new Read(ours, position, slice, bytes, handler));
    }

    @Override
    public void check(OpenFile file, CheckHandler handler) {
        UringFile ours = checked(file);
        if (!ours.isOpen()) throw new IllegalStateException("the file has been closed");
        boolean same = calls.statx(ours.fd(), STATX_MASK, statx) >= 0 && ours.isAs(statx);
        transport.shard().execute(() -> tell(handler, same));
    }

    /// `file`, which must be one of this shard's.
    UringFile checked(OpenFile file) {
        if (file instanceof UringFile ours && ours.belongsTo(this)) return ours;
        throw new IllegalArgumentException("the file is not one of this shard's");
    }

    private static void requirePath(byte[] path) {
        if (path.length == 0) throw new IllegalArgumentException("the path is empty");
        for (byte b : path) {
            if (b == 0) throw new IllegalArgumentException("the path has a NUL in it");
        }
    }

    // ---- what is under way

    boolean isIdle() {
        return runningCount == 0 && waiting.isEmpty();
    }

    private boolean isFull() {
        return runningCount == CONCURRENT_MAX && waiting.size() >= WAITING_MAX;
    }

    private void start(Request request) {
        if (runningCount == CONCURRENT_MAX) {
            waiting.add(request);
            return;
        }
        int index = 0;
        while (running[index] != null) index++;
        running[index] = request;
        runningCount++;
        submit(index, request);
    }

    private void submit(int index, Request request) {
        long userData = UserData.encode(UserData.FILE, 0, index);
        switch (request) {
            case Open open -> {
                long address = paths[index].segment().address();
                Memory.copy(open.path, 0, address, open.path.length);
                Memory.putByte(address + open.path.length, (byte) 0);
                long resolve = Linux.RESOLVE_BENEATH | Linux.RESOLVE_NO_MAGICLINKS;
                if (!open.directory.followsLinks()) resolve |= Linux.RESOLVE_NO_SYMLINKS;
                int fd = open.directory.fd();
                ring.next().prepareOpenat2(fd, paths[index], OPEN_FLAGS, 0, resolve, userData);
            }
            case Read read -> {
                long address = read.slice.address() + read.slice.length();
                transport
                        .submissions()
                        .read(read.file, address, read.left, read.position, userData);
            }
        }
    }

    /// The request at `index` has completed with `result`.
    void completed(int index, int result) {
        Request request = index >= 0 && index < running.length ? running[index] : null;
        if (request == null) throw new IllegalStateException("no request at " + index);
        boolean again =
                switch (request) {
                    case Open open -> isInterrupted(result) && ++open.tries < TRIES_MAX;
                    case Read read -> isInterrupted(result) || readsOn(read, result);
                };
        if (again) {
            submit(index, request);
            return;
        }
        running[index] = null;
        runningCount--;
        Request next = waiting.poll();
        if (next != null) start(next);
        switch (request) {
            case Open open -> opened(open, result);
            case Read read -> ended(read, result);
        }
    }

    private static boolean isInterrupted(int result) {
        return result == -Errno.EAGAIN || result == -Errno.EINTR;
    }

    // ---- opens

    private void opened(Open open, int result) {
        open.directory.unuse();
        if (result < 0) {
            tell(open.handler, resultOf(-result), null);
            return;
        }
        int failure = calls.statx(result, STATX_MASK, statx);
        if (failure < 0) {
            calls.close(result);
            tell(open.handler, resultOf(-failure), null);
            return;
        }
        int kind = Memory.getShort(statx + StatxBuf.MODE) & Linux.S_IFMT;
        if (kind != Linux.S_IFREG) {
            calls.close(result);
            boolean directory = kind == Linux.S_IFDIR;
            tell(open.handler, directory ? OpenResult.DIRECTORY : OpenResult.SPECIAL, null);
            return;
        }
        // Where the file system knows no O_NONBLOCK, a read would fail instead of waiting.
        calls.fcntl(result, Linux.F_SETFL, 0);
        UringFile file = new UringFile(this, result, statx);
        files.add(file);
        tell(open.handler, OpenResult.OPENED, file);
    }

    private OpenResult resultOf(int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ENAMETOOLONG -> OpenResult.NOT_FOUND;
            case Errno.EACCES, Errno.EPERM, Errno.EXDEV -> OpenResult.FORBIDDEN;
            case Errno.ENXIO, Errno.ENODEV -> OpenResult.SPECIAL;
            case Errno.ELOOP -> OpenResult.LINK;
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EAGAIN -> OpenResult.EXHAUSTED;
            default -> {
                transport.log("open failed: " + Errno.describe(errno));
                yield OpenResult.FAILED;
            }
        };
    }

    private void tell(OpenHandler handler, OpenResult result, @Nullable OpenFile file) {
        try {
            handler.onOpened(result, file);
        } catch (Throwable failure) {
            transport.logFailure(failure);
        }
    }

    // ---- reads

    private boolean readsOn(Read read, int result) {
        if (result <= 0) return false;
        if (result > read.left) throw new IllegalStateException("read too much: " + result);
        read.slice.length(read.slice.length() + result);
        read.position += result;
        read.left -= result;
        read.done += result;
        return read.left > 0;
    }

    private void ended(Read read, int result) {
        read.file.release();
        if (result < 0) transport.log("read failed: " + Errno.describe(result));
        tell(read.handler, result < 0 ? -1 : read.done);
    }

    private void tell(ReadHandler handler, int bytes) {
        try {
            handler.onRead(bytes);
        } catch (Throwable failure) {
            transport.logFailure(failure);
        }
    }

    private void tell(CheckHandler handler, boolean same) {
        try {
            handler.onChecked(same);
        } catch (Throwable failure) {
            transport.logFailure(failure);
        }
    }

    // ---- closing

    /// Nothing happens when the transport has been closed before: it closed the descriptor.
    void close(UringFile file) {
        if (files.remove(file)) closeLater(file.fd());
    }

    void close(UringDirectory directory) {
        if (directories.remove(directory)) closeLater(directory.fd());
    }

    private void closeLater(int fd) {
        ring.next().prepareClose(fd, Submissions.QUIET).addFlags(IoUring.IOSQE_CQE_SKIP_SUCCESS);
    }

    /// Closes whatever its users still have open; nothing may be under way any more.
    void close() {
        for (UringFile file : files) calls.close(file.fd());
        for (UringDirectory directory : directories) calls.close(directory.fd());
        files.clear();
        directories.clear();
    }
}
