package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_CQE_BUFFER_SHIFT;
import static dev.torc.uring.constants.IoUring.IORING_CQE_F_BUFFER;
import static dev.torc.uring.constants.IoUring.IORING_CQE_F_BUF_MORE;
import static dev.torc.uring.constants.IoUring.IORING_OP_RECV;
import static dev.torc.uring.constants.IoUring.IORING_RECVSEND_BUNDLE;
import static dev.torc.uring.constants.IoUring.IORING_RECV_MULTISHOT;
import static dev.torc.uring.constants.Linux.MSG_PEEK;
import static dev.torc.uring.constants.Linux.MSG_TRUNC;
import static dev.torc.uring.constants.Linux.MSG_WAITALL;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Buffers that receives share, with the account of which are where: the kernel picks them when
/// data arrives, [#take] finds the data of a completion in them, [#put] gives them back.
///
/// ```java
/// group.recvMultishot(fd, 0, userData);
/// ...
/// for (int piece = 0, count = group.take(result, flags); piece < count; piece++) {
///     parse(group.memory(), group.position(piece), group.length(piece));
/// }
/// group.put(result, flags);
/// ```
///
/// Every completion of an operation that uses the group must be taken, in the order in which they
/// are drained; they may be put in any order. When all buffers are out a receive ends with
/// `-ENOBUFS`, to be prepared anew when some are back.
///
/// Runs on the ring's thread; taking and putting allocate nothing.
public final class BufferGroup implements AutoCloseable {
    private static final int NONE = -1;

    private final Ring ring;
    private final BufferRing buffers;
    private final MemorySegment memory;
    private final int[] pieces;
    private final int[] lengths;

    /// Behind each buffer that is out the next of its bundle.
    private final int[] following;

    private int pieceCount;
    private boolean bundling;

    /// Registers buffers with `ring` as `setup` says.
    ///
    /// @throws UnsupportedException when this kernel does not know a flag
    /// @throws RingException with the errno of `io_uring_register(2)`: `EEXIST` for a group that is
    ///   there already
    public static BufferGroup open(Ring ring, BufferRingSetup setup) {
        return new BufferGroup(ring, new BufferRing(ring, setup));
    }

    private BufferGroup(Ring ring, BufferRing buffers) {
        this.ring = ring;
        this.buffers = buffers;
        memory = buffers.view();
        pieces = new int[buffers.count()];
        lengths = new int[buffers.count()];
        following = new int[buffers.count()];
    }

    // ---- receiving

    /// Receives once into a buffer of the group. `flags` are those of `recv(2)`, without
    /// `MSG_TRUNC`, and without `MSG_WAITALL` when the group has increments: the kernel would go on
    /// to write behind the part that it has handed over.
    public Sqe recv(int fd, int flags, long userData) {
        refuse(flags, buffers.isIncremental() ? MSG_TRUNC | MSG_WAITALL : MSG_TRUNC);
        return prepare(fd, buffers.bufferBytes(), flags, 0, userData);
    }

    /// Receives until it fails, is cancelled, finds the end of the stream or no buffer; each time
    /// into a buffer of the group. `flags` are those of `recv(2)`, without `MSG_TRUNC` and
    /// `MSG_WAITALL`. Since 6.0.
    public Sqe recvMultishot(int fd, int flags, long userData) {
        refuse(flags, MSG_TRUNC | MSG_WAITALL);
        ring.support().require("IORING_RECV_MULTISHOT", 6, 0);
        return prepare(fd, 0, flags, IORING_RECV_MULTISHOT, userData);
    }

    /// Receives once, into as many buffers as there are data for: one completion brings several
    /// pieces. `flags` are those of `recv(2)`, without `MSG_TRUNC`, `MSG_WAITALL` and `MSG_PEEK`;
    /// `IOSQE_ASYNC` must not be added. Since 6.10.
    ///
    /// @throws IllegalArgumentException for a group with increments: many kernels from 6.12 to 6.18
    ///   do not say rightly whether the last buffer of a bundle goes on (`IORING_CQE_F_BUF_MORE`)
    public Sqe recvBundle(int fd, int flags, long userData) {
        return bundle(fd, flags, 0, userData);
    }

    /// [#recvBundle(int, int, long)] until it fails, is cancelled, finds the end of the stream or
    /// takes the last buffer.
    public Sqe recvMultishotBundle(int fd, int flags, long userData) {
        return bundle(fd, flags, IORING_RECV_MULTISHOT, userData);
    }

    private Sqe bundle(int fd, int flags, int how, long userData) {
        refuse(flags, MSG_TRUNC | MSG_WAITALL | MSG_PEEK);
        if (buffers.isIncremental()) {
            throw new IllegalArgumentException("bundles do not go with incremental buffers");
        }
        ring.support().require("IORING_RECVSEND_BUNDLE", 6, 10);
        Sqe sqe = prepare(fd, 0, flags, how | IORING_RECVSEND_BUNDLE, userData);
        bundling = true;
        return sqe;
    }

    private Sqe prepare(int fd, int bytes, int flags, int how, long userData) {
        Sqe sqe = ring.next().prepare(IORING_OP_RECV, fd, 0, bytes, 0, userData, buffers);
        return sqe.opFlags(flags).ioprio(how).select(buffers);
    }

    private static void refuse(int flags, int refused) {
        if ((flags & refused) == 0) return;
        throw new IllegalArgumentException(
                "flags do not go with this receive: 0x" + Integer.toHexString(flags & refused));
    }

    /// What other operations than these receives are prepared with: their completions are taken and
    /// put as well. Not for bundles.
    public BufferSelection selection() {
        return buffers;
    }

    // ---- what has arrived

    /// Finds what a completion has brought, and returns in how many pieces: one, more when it is a
    /// bundle's, none when nothing has arrived (an error, or the end of the stream). The pieces can
    /// be asked for until the next call.
    ///
    /// @throws IllegalStateException when the group has been closed; when the kernel names a buffer
    ///   that it does not have, or says that it holds more than it can
    public int take(int result, int flags) {
        return find(result, flags, pieces.length);
    }

    /// The bytes that a completion has brought, in a buffer that is the program's until it is
    /// [put][#put(Completion)].
    ///
    /// @throws RingException when the operation has failed
    /// @throws IllegalStateException as [#take(int, int)] does; when nothing has arrived; when it
    ///   is a bundle of several pieces, which that is for
    public MemorySegment take(Completion completion) {
        int result = completion.check("IORING_OP_RECV");
        if (find(result, completion.flags(), 1) == 0) {
            throw new IllegalStateException("nothing has arrived: " + completion);
        }
        return piece(0);
    }

    private int find(int result, int flags, int piecesMax) {
        requireOpen();
        pieceCount = 0;
        if ((flags & IORING_CQE_F_BUFFER) == 0) {
            if (result > 0) throw BufferRing.wrong(flags, result);
            return 0;
        }
        if (bundling && result > 0) {
            takeBundle(result, flags, piecesMax);
        } else {
            takeOne(result, flags);
        }
        return pieceCount;
    }

    private void takeOne(int result, int flags) {
        int bufferId = buffers.take(flags, result);
        following[bufferId] = NONE;
        if (result <= 0) {
            // A buffer that a kernel thread had picked before it failed.
            buffers.recycle(bufferId);
            buffers.publish();
            return;
        }
        pieces[0] = bufferId;
        lengths[0] = result;
        pieceCount = 1;
    }

    /// The buffers of a bundle lie one behind the other in the ring, and all but the last are full.
    /// Nothing changes before all of them have been found.
    private void takeBundle(int result, int flags, int piecesMax) {
        if ((flags & IORING_CQE_F_BUF_MORE) != 0) throw BufferRing.wrong(flags, result);
        int bufferId = flags >>> IORING_CQE_BUFFER_SHIFT;
        int found = 0;
        int left = result;
        while (true) {
            int room = bufferId == NONE || found == pieces.length ? -1 : buffers.room(bufferId);
            if (room < 0) throw BufferRing.wrong(flags, result);
            pieces[found] = bufferId;
            lengths[found] = Math.min(room, left);
            found++;
            left -= Math.min(room, left);
            if (left == 0) break;
            bufferId = buffers.behind(bufferId);
        }
        if (found > piecesMax) {
            throw new IllegalStateException(
                    "a bundle is to be taken with take(result, flags): pieces=" + found);
        }
        for (int piece = 0; piece < found; piece++) {
            following[pieces[piece]] = piece + 1 < found ? pieces[piece + 1] : NONE;
            buffers.takeWhole(pieces[piece]);
        }
        pieceCount = found;
    }

    /// Where a piece of what was taken last begins in [#memory()].
    public long position(int piece) {
        return buffers.position(pieces[Objects.checkIndex(piece, pieceCount)]);
    }

    /// The bytes of a piece of what was taken last.
    public int length(int piece) {
        return lengths[Objects.checkIndex(piece, pieceCount)];
    }

    /// A piece of what was taken last, as a slice of [#memory()]. Allocates that.
    public MemorySegment piece(int piece) {
        return memory.asSlice(position(piece), length(piece));
    }

    /// The memory of all buffers. When it has been freed, accesses throw.
    public MemorySegment memory() {
        return memory;
    }

    /// Gives back all that a completion has brought; nothing when it brought nothing, or when the
    /// group has been closed.
    ///
    /// @throws IllegalStateException when that is not out
    public void put(int result, int flags) {
        if (result <= 0 || !buffers.isOpen()) return;
        int bufferId = flags >>> IORING_CQE_BUFFER_SHIFT;
        boolean known = (flags & IORING_CQE_F_BUFFER) != 0 && bufferId < pieces.length;
        while (bufferId != NONE) {
            if (!known || !buffers.isOut(bufferId)) {
                throw new IllegalStateException("buffer is not out: bufferId=" + bufferId);
            }
            buffers.recycle(bufferId);
            bufferId = following[bufferId];
        }
        buffers.publish();
    }

    /// [#put(int, int)] as an object.
    public void put(Completion completion) {
        put(completion.result(), completion.flags());
    }

    /// Buffers, or with increments parts of them, that are out.
    public int outCount() {
        return buffers.outCount();
    }

    /// The number that operations name it by.
    public int group() {
        return buffers.group();
    }

    /// How many buffers there are.
    public int count() {
        return buffers.count();
    }

    /// The bytes of each buffer.
    public int bufferBytes() {
        return buffers.bufferBytes();
    }

    /// How many buffers the kernel has used up so far: [BufferRing#kernelHead()].
    public int kernelHead() {
        return buffers.kernelHead();
    }

    /// Unregisters the group. The buffers are freed now, or when the last operation that uses them
    /// has ended; what is out must not be read any more.
    @Override
    public void close() {
        buffers.close();
    }

    private void requireOpen() {
        if (!buffers.isOpen()) throw new IllegalStateException("the group has been closed");
    }
}
