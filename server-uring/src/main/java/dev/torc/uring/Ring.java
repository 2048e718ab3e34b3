package dev.torc.uring;

import static dev.torc.uring.abi.IoUring.IORING_ENTER_EXT_ARG;
import static dev.torc.uring.abi.IoUring.IORING_ENTER_GETEVENTS;
import static dev.torc.uring.abi.IoUring.IORING_ENTER_REGISTERED_RING;
import static dev.torc.uring.abi.IoUring.IORING_SETUP_CLAMP;
import static dev.torc.uring.abi.IoUring.IORING_SETUP_COOP_TASKRUN;
import static dev.torc.uring.abi.IoUring.IORING_SETUP_CQSIZE;
import static dev.torc.uring.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.torc.uring.abi.IoUring.IORING_SETUP_NO_SQARRAY;
import static dev.torc.uring.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.torc.uring.abi.IoUring.IORING_SETUP_SUBMIT_ALL;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Cqe;
import dev.torc.uring.abi.Errno;
import dev.torc.uring.abi.GetEventsArg;
import dev.torc.uring.abi.IoUring;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Linux;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.ProbeOps;
import dev.torc.uring.abi.Rsrc;
import dev.torc.uring.abi.Sqe;
import dev.torc.uring.abi.Syscalls;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One io_uring instance: its two queues, its descriptor and the way into the kernel.
///
/// Opened, used and closed by one thread, which the kernel enforces (`SINGLE_ISSUER`). Submitting,
/// waiting and draining allocate nothing.
public final class Ring implements AutoCloseable {
    /// What [#claim(long, long)] says of an operation that has not completed.
    public static final int NOT_COMPLETED = CompletionQueue.NOT_THERE;

    // Best first: what a kernel does not know, it answers with EINVAL. From 6.6, 6.1 and 5.19.
    private static final int[] SETUP_FLAGS = {
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_NO_SQARRAY,
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
        IORING_SETUP_COOP_TASKRUN
    };
    private static final int SETUP_FLAGS_ALWAYS =
            IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
    private static final int FEATURES_NEEDED =
            IoUring.IORING_FEAT_SINGLE_MMAP
                    | IoUring.IORING_FEAT_NODROP
                    | IoUring.IORING_FEAT_SUBMIT_STABLE
                    | IoUring.IORING_FEAT_EXT_ARG
                    | IoUring.IORING_FEAT_CQE_SKIP;

    private final Arena arena;
    private final Kernel calls;
    private final int fd;
    private final int setupFlags;
    private final int features;
    private final long waitArgument;
    private final long ringAddress;
    private final long ringBytes;
    private final long sqesAddress;
    private final long sqesBytes;
    private final SubmissionQueue submissions;
    private final CompletionQueue completions;
    private int enterFd;
    private int enterFlags = IORING_ENTER_GETEVENTS;
    private boolean open = true;

    /// Why there can be no ring on this platform, if so: nothing may be opened there.
    public static Optional<String> unsupported() {
        String system = System.getProperty("os.name");
        if (!system.equals("Linux")) return Optional.of("io_uring needs Linux; this is " + system);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return List.of("amd64", "x86_64", "aarch64").contains(arch)
                ? Optional.empty()
                : Optional.of("Torc's io_uring knows x86-64 and AArch64; this is " + arch);
    }

    /// Opens a ring of `entries` submissions and `completionEntries` completions, both rounded up
    /// to powers of two and capped by the kernel, with the best set-up flags that it knows.
    ///
    /// @throws RingException with the errno of `io_uring_setup(2)`
    public static Ring open(int entries, int completionEntries) {
        return open(Syscalls::new, entries, completionEntries);
    }

    /// [#open(int, int)] on a kernel of the caller's choice: the seam for the simulated one.
    @SuppressWarnings("exports") // only the transport and the test kit see that package
    public static Ring open(Kernel.Source kernels, int entries, int completionEntries) {
        Arena arena = Arena.ofShared();
        try {
            Kernel calls = kernels.open(arena);
            long params = arena.allocate(Params.BYTES, Long.BYTES).address();
            int fd = setup(calls, params, entries, completionEntries);
            try {
                return new Ring(arena, calls, params, fd);
            } catch (RuntimeException failure) {
                calls.close(fd);
                throw failure;
            }
        } catch (RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    private Ring(Arena arena, Kernel calls, long params, int fd) {
        this.arena = arena;
        this.calls = calls;
        this.fd = fd;
        features = Params.get(params, Params.FEATURES);
        if ((features & FEATURES_NEEDED) != FEATURES_NEEDED) {
            throw new RingException("io_uring features of Linux 5.17", -Errno.ENOSYS);
        }
        setupFlags = Params.get(params, Params.FLAGS);
        long sqBytes = Params.get(params, Params.SQ_OFF_ARRAY) + 4L * entryCount(params);
        long cqBytes =
                Params.get(params, Params.CQ_OFF_CQES)
                        + (long) Cqe.BYTES * Params.get(params, Params.CQ_ENTRIES);
        ringBytes = Math.max(sqBytes, cqBytes);
        sqesBytes = (long) Sqe.BYTES * entryCount(params);
        ringAddress = map(ringBytes, IoUring.IORING_OFF_SQ_RING);
        sqesAddress = map(sqesBytes, IoUring.IORING_OFF_SQES);
        submissions = new SubmissionQueue(params, ringAddress, sqesAddress);
        completions = new CompletionQueue(params, ringAddress);
        waitArgument = arena.allocate(GetEventsArg.WITH_TIMESPEC_BYTES, Long.BYTES).address();
        GetEventsArg.init(waitArgument);
        enterFd = fd;
        registerOwnDescriptor();
    }

    /// An entry to prepare. When the queue is full, what is in it is submitted first.
    ///
    /// @throws RingException when the kernel takes nothing because it is out of memory
    public long next() {
        long sqe = submissions.next();
        if (sqe != 0) return sqe;
        int result = submit();
        sqe = submissions.next();
        if (sqe == 0) throw new RingException("io_uring_enter", Math.min(result, -Errno.EAGAIN));
        return sqe;
    }

    /// Hands all prepared entries to the kernel without waiting. Returns how many it took, or
    /// `-errno`. Matches `io_uring_submit`.
    public int submit() {
        int flags = enterFlags & ~IORING_ENTER_GETEVENTS;
        return calls.enter(enterFd, submissions.publish(), 0, flags, 0, 0);
    }

    /// Hands all prepared entries to the kernel, lets it finish what is ready and waits until a
    /// completion is there, for at most `waitNanos` (0: not at all, `Long.MAX_VALUE`: for ever).
    /// Returns how many entries it took, or `-errno`; `-ETIME` says that the time was up. Matches
    /// `io_uring_submit_and_wait_timeout`.
    public int submitAndWait(long waitNanos) {
        int submit = submissions.publish();
        if (waitNanos == 0) return calls.enter(enterFd, submit, 0, enterFlags, 0, 0);
        if (waitNanos == Long.MAX_VALUE) return calls.enter(enterFd, submit, 1, enterFlags, 0, 0);
        GetEventsArg.putTimeout(waitArgument, waitNanos);
        int flags = enterFlags | IORING_ENTER_EXT_ARG;
        return calls.enter(enterFd, submit, 1, flags, waitArgument, GetEventsArg.BYTES);
    }

    /// Hands every completion that is there to `handler`; returns how many.
    public int drain(CompletionHandler handler) {
        return completions.drain(handler);
    }

    /// Whether a completion is there to be drained.
    public boolean hasCompletions() {
        return !completions.isEmpty();
    }

    /// Takes the result of the operation `userData` out of turn, when it has completed: its
    /// completion will be drained as one of `renamed`. [#NOT_COMPLETED] when it has not.
    public int claim(long userData, long renamed) {
        return completions.claim(userData, renamed);
    }

    /// Entries prepared so far, modulo 2^32: the number that the next one gets.
    public int preparedCount() {
        return submissions.prepared();
    }

    /// Entries that the kernel has consumed so far, modulo 2^32.
    public int consumedCount() {
        return submissions.consumed();
    }

    /// Whether the completion queue was full, so that completions wait inside the kernel until the
    /// next [#submitAndWait].
    public boolean completionsOverflowed() {
        return submissions.completionsOverflowed();
    }

    /// Completions lost because the kernel was out of memory.
    public int droppedCount() {
        return completions.dropped();
    }

    /// What the kernel offers.
    public Probe probe() {
        try (Arena scratch = Arena.ofConfined()) {
            long ops = scratch.allocate(ProbeOps.BYTES, Long.BYTES).address();
            RingException.check(
                    "IORING_REGISTER_PROBE",
                    register(IoUring.IORING_REGISTER_PROBE, ops, ProbeOps.OPS_MAX));
            return Probe.read(ops, setupFlags, SETUP_FLAGS[0] | SETUP_FLAGS_ALWAYS, features);
        }
    }

    /// Bounds the kernel threads that this ring may start for operations that must block.
    public void limitWorkers(int bounded, int unbounded) {
        try (Arena scratch = Arena.ofConfined()) {
            long counts = scratch.allocate(8, Long.BYTES).address();
            Memory.putInt(counts, bounded);
            Memory.putInt(counts + 4, unbounded);
            RingException.check(
                    "IORING_REGISTER_IOWQ_MAX_WORKERS",
                    register(IoUring.IORING_REGISTER_IOWQ_MAX_WORKERS, counts, 2));
        }
    }

    int register(int opcode, long argument, int count) {
        return calls.register(fd, opcode, argument, count);
    }

    Kernel kernel() {
        return calls;
    }

    /// Closes the ring. The caller has made sure that no operation holds memory that it will free.
    @Override
    public void close() {
        if (!open) return;
        open = false;
        unregisterOwnDescriptor();
        calls.munmap(sqesAddress, sqesBytes);
        calls.munmap(ringAddress, ringBytes);
        calls.close(fd);
        arena.close();
    }

    private long map(long bytes, long offset) {
        long address = calls.mmap(bytes, Linux.MAP_SHARED | Linux.MAP_POPULATE, fd, offset);
        RingException.check("mmap", Math.min(address, 0));
        // A forked child must not share the ring. Matches io_uring_ring_dontfork.
        calls.madvise(address, bytes, Linux.MADV_DONTFORK);
        return address;
    }

    /// Spares each enter a look-up in the process's descriptor table (5.18). Matches
    /// `io_uring_register_ring_fd`.
    private void registerOwnDescriptor() {
        try (Arena scratch = Arena.ofConfined()) {
            long update = scratch.allocate(Rsrc.UPDATE_BYTES, Long.BYTES).address();
            Rsrc.putUpdate(update, -1, fd);
            if (register(IoUring.IORING_REGISTER_RING_FDS, update, 1) != 1) return;
            enterFd = Memory.getInt(update + Rsrc.UPDATE_OFFSET);
            enterFlags |= IORING_ENTER_REGISTERED_RING;
        }
    }

    /// A registered descriptor keeps the ring alive after its file has been closed.
    private void unregisterOwnDescriptor() {
        if (enterFd == fd) return;
        try (Arena scratch = Arena.ofConfined()) {
            long update = scratch.allocate(Rsrc.UPDATE_BYTES, Long.BYTES).address();
            Rsrc.putUpdate(update, enterFd, 0);
            register(IoUring.IORING_UNREGISTER_RING_FDS, update, 1);
        }
    }

    private static int setup(Kernel calls, long params, int entries, int completionEntries) {
        int result = -Errno.EINVAL;
        for (int flags : SETUP_FLAGS) {
            Memory.fill(params, Params.BYTES, (byte) 0);
            Params.put(params, Params.FLAGS, flags | SETUP_FLAGS_ALWAYS);
            Params.put(params, Params.CQ_ENTRIES, completionEntries);
            result = calls.setup(entries, params);
            if (result != -Errno.EINVAL) break;
        }
        return RingException.check("io_uring_setup", result);
    }

    private static int entryCount(long params) {
        return Params.get(params, Params.SQ_ENTRIES);
    }
}
