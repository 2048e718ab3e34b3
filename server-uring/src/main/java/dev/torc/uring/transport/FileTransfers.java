package dev.torc.uring.transport;

import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.core.spi.FileStrategy;
import dev.torc.core.spi.OpenFile;
import dev.torc.uring.abi.IoVec;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;

/// What the file transfers of a shard share: the system calls, the memory that these need, and the
/// turn in which those go on that have used up theirs. Runs on the shard's thread.
final class FileTransfers {
    /// Bytes of one system call.
    static final int PART_BYTES = 1 << 18;

    /// Bytes that one transfer may move in a turn: others want theirs.
    static final long TURN_BYTES = 1 << 20;

    private static final int PAGE_SHIFT = 12;
    private static final long WARM_NANOS = 10_000_000;
    private static final int NO_DESCRIPTOR = -1;

    private final UringFilesystem filesystem;
    private final Kernel calls;
    private final Arena arena;
    private final ArrayDeque<UringConnection> resuming = new ArrayDeque<>();
    private final LoopPipe pipe;
    private final PipePool pipes;
    private final long position;
    private final long vector;
    private long nowhere;
    private boolean probed;
    private boolean zeroCopy;

    FileTransfers(UringFilesystem filesystem, Kernel calls, Arena arena) {
        this.filesystem = filesystem;
        this.calls = calls;
        this.arena = arena;
        position = arena.allocate(Long.BYTES, Long.BYTES).address();
        vector = arena.allocate(IoVec.BYTES + 1, Long.BYTES).address();
        IoVec.put(vector, vector + IoVec.BYTES, 1);
        pipe = new LoopPipe(calls, arena);
        pipes = new PipePool(calls, arena);
    }

    PipePool pipes() {
        return pipes;
    }

    /// A regular descriptor of the connection's socket, or `-errno`. That nothing blocks on it is a
    /// property of the open file, and true of the direct one, but what the ring does does not look
    /// at it.
    int install(UringConnection connection) {
        int fd = connection.submissions().install(connection);
        if (fd >= 0) calls.fcntl(fd, Linux.F_SETFL, Linux.O_RDWR | Linux.O_NONBLOCK);
        return fd;
    }

    /// @throws IllegalArgumentException as `Connection.sendFile` says
    static void check(@Nullable Slice head, long position, long count) {
        if (position < 0 || count < 0 || position > Long.MAX_VALUE - count) {
            throw new IllegalArgumentException("position=" + position + ", count=" + count);
        }
        if (head != null && head.isBorrowed()) {
            throw new IllegalArgumentException("a borrowed slice cannot be sent: copy it");
        }
    }

    /// Queues a part of `file` on `queue`.
    void add(
            UringConnection connection,
            SendQueue queue,
            @Nullable Slice given,
            OpenFile file,
            long from,
            long count,
            FileStrategy strategy) {
        UringFile ours = filesystem.checked(file);
        Slice head = given;
        if (head != null && head.length() == 0) {
            head.release(); // or sending it would look like a peer that takes nothing
            head = null;
        }
        boolean copies = count == 0 || strategy == FileStrategy.COPY || !canMove(connection);
        if (!copies) {
            MovingTransfer moving =
                    strategy == FileStrategy.SPLICE
                            ? new SpliceTransfer(connection, queue, this, head, ours, from, count)
                            : new LoopTransfer(
                                    connection, queue, this, head, ours, from, count, strategy);
            queue.add(connection, moving);
            return;
        }
        boolean joins = head != null && count > 0 && count <= roomBehind(head);
        if (head != null && !joins) queue.add(connection, head);
        if (count == 0) return;
        Slice first = joins ? head : null;
        queue.add(connection, new CopyTransfer(connection, queue, first, ours, from, count));
    }

    private static int roomBehind(Slice head) {
        return Math.min(head.remaining(), CopyTransfer.PART_BYTES);
    }

    /// Whether bytes can be moved to `connection` by system calls: not on a kernel that has none,
    /// and not when there is no descriptor left to name its socket by.
    private boolean canMove(UringConnection connection) {
        if (!probed) probe();
        return zeroCopy && connection.installed() >= 0;
    }

    /// `sendfile(2)` and `splice(2)` raise SIGPIPE when the peer has gone, and nothing can keep
    /// them from it but blocking the signal, for this thread. (HotSpot catches and ignores it, at
    /// the price of a handler's run; not every program that embeds a JVM does.)
    private void probe() {
        probed = true;
        zeroCopy = calls.sendfile(NO_DESCRIPTOR, NO_DESCRIPTOR, 0, 1) == -Errno.EBADF;
        if (!zeroCopy) return;
        Memory.putLong(position, 1L << (Linux.SIGPIPE - 1));
        calls.blockSignals(position);
    }

    // ---- system calls

    long send(UringConnection connection, long address, int bytes, int flags) {
        return calls.send(connection.installed(), address, bytes, flags);
    }

    long sendfile(UringConnection connection, UringFile file, long from, int bytes) {
        Memory.putLong(position, from);
        return calls.sendfile(connection.installed(), file.fd(), position, bytes);
    }

    long splice(UringConnection connection, UringFile file, long from, int bytes, boolean more) {
        return pipe.move(file.fd(), from, connection.installed(), bytes, more);
    }

    /// Whether the first and the last of `bytes` bytes are in the page cache. What lies between is,
    /// then, too, unless memory is short: files are read ahead in a row. A file system that cannot
    /// tell is read first. A part that is sent again and again is looked at now and then: the
    /// kernel drops last what was used just now.
    boolean isWarm(UringFile file, long from, int bytes, long nowNanos) {
        long last = from + bytes - 1;
        if (file.wasWarm(from, last, nowNanos, WARM_NANOS)) return true;
        if (!isWarm(file, last)) return false;
        if (from >>> PAGE_SHIFT != last >>> PAGE_SHIFT && !isWarm(file, from)) return false;
        file.warm(from, last, nowNanos);
        return true;
    }

    /// The end of the file is as good as warm: nothing is waited for.
    private boolean isWarm(UringFile file, long at) {
        long read = calls.preadv2(file.fd(), vector, 1, at, Linux.RWF_NOWAIT);
        return read >= 0;
    }

    /// Memory for a part of any transfer, to read into it what is only to be in the page cache.
    long nowhere() {
        if (nowhere == 0) nowhere = arena.allocate(Pipe.BYTES).address();
        return nowhere;
    }

    // ---- turns

    /// `connection` has moved its share of this turn.
    void resumeLater(UringConnection connection) {
        resuming.add(connection);
    }

    boolean isEmpty() {
        return resuming.isEmpty();
    }

    /// Lets those go on that had used up their share.
    void resume() {
        for (int i = resuming.size(); i > 0; i--) resuming.remove().resumeFile();
    }

    void close() {
        pipe.discard();
        pipes.close();
    }
}
