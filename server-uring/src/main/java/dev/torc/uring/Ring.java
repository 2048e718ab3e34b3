package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_ENTER_GETEVENTS;

import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Optional;

/// One io_uring instance: its two queues, its descriptor and the way into the kernel.
///
/// Used and closed by one thread: the one that opened it or, when it was opened disabled, the one
/// that enabled it. With `SINGLE_ISSUER` the kernel enforces that. Submitting, waiting and draining
/// allocate nothing.
public final class Ring implements AutoCloseable {
    /// What [#claim(long, long)] says of an operation that has not completed.
    public static final int NOT_COMPLETED = CompletionQueue.NOT_THERE;

    private final Kernel calls;
    private final RingDescriptor descriptor;
    private final int setupFlags;
    private final boolean descriptorRegistered;
    private final Support support;
    private final Leases leases = new Leases();
    private final Sqe sqe;
    private final OneCompletion one = new OneCompletion();
    private final Registrations registrations = new Registrations(this);
    private final Waits waits = new Waits(this);
    private final boolean polled;
    private RingMemory memory;
    private SubmissionQueue submissions;
    private CompletionQueue completions;
    private Scratch scratch;
    private boolean draining;
    private boolean open = true;

    /// Why there can be no ring on this platform, if so: nothing may be opened there.
    public static Optional<String> unsupported() {
        return RingOpening.unsupported();
    }

    /// Opens a ring of `entries` submissions and `completionEntries` completions, both rounded up
    /// to powers of two and capped by the kernel, with the best set-up flags that it knows.
    ///
    /// @throws RingException with the errno of `io_uring_setup(2)`
    public static Ring open(int entries, int completionEntries) {
        return open(Syscalls::new, entries, completionEntries);
    }

    /// Opens a ring as `setup` says, or not at all.
    ///
    /// @throws UnsupportedException when this kernel does not know a flag
    /// @throws RingException with the errno of `io_uring_setup(2)`
    public static Ring open(RingSetup setup) {
        return open(Syscalls::new, setup);
    }

    /// [#open(int, int)] on a kernel of the caller's choice: the seam for the simulated one.
    @SuppressWarnings("exports") // only the transport and the test kit see that package
    public static Ring open(Kernel.Source kernels, int entries, int completionEntries) {
        return RingOpening.best(kernels, entries, completionEntries);
    }

    /// [#open(RingSetup)] on a kernel of the caller's choice.
    @SuppressWarnings("exports") // only the transport and the test kit see that package
    public static Ring open(Kernel.Source kernels, RingSetup setup) {
        return RingOpening.as(kernels, setup);
    }

    Ring(RingOpening opened, RingSetup setup) {
        descriptorRegistered = setup.descriptorRegistered();
        calls = opened.calls();
        memory = opened.memory();
        descriptor = opened.descriptor();
        setupFlags = opened.setupFlags();
        support = opened.support();
        polled = (setupFlags & IoUring.IORING_SETUP_SQPOLL) != 0;
        sqe = new Sqe(this, support, leases);
        submissions = new SubmissionQueue(opened.params(), memory.ring(), memory.sqes());
        completions = new CompletionQueue(opened.params(), memory.ring(), leases);
        scratch = new Scratch(calls, submissions.capacity());
    }

    // ---- submitting

    /// The next entry, to be prepared. When the queue is full, what is in it is submitted first,
    /// which would cut a chain of linked operations: see [#reserve(int)].
    ///
    /// @throws RingException when the kernel takes nothing: it is out of memory (`EAGAIN`), or must
    ///   be rid of completions first (`EBUSY`)
    public Sqe next() {
        requireOpen();
        long entry = submissions.claim();
        if (entry == 0) entry = makeRoom(1);
        return sqe.open(entry);
    }

    /// Makes sure that the next `count` entries are submitted together, as linked operations must
    /// be: when they do not fit behind what is in the queue, that is submitted first.
    ///
    /// @throws IllegalArgumentException when the queue never has so many
    /// @throws RingException as [#next()] does
    public void reserve(int count) {
        requireOpen();
        if (count > submissions.capacity()) {
            throw new IllegalArgumentException(
                    "count must be at most " + submissions.capacity() + ": count=" + count);
        }
        if (submissions.room() < count) makeRoom(count);
    }

    private long makeRoom(int count) {
        int result = submit();
        if (polled && result >= 0) result = waits.awaitRoom(submissions, count);
        if (submissions.room() < count) {
            throw new RingException("io_uring_enter", result < 0 ? result : -Errno.EAGAIN);
        }
        return submissions.claim();
    }

    /// Hands all prepared entries to the kernel without waiting. Returns how many it took, or
    /// `-errno`. With `SQPOLL` they may not have been taken yet. Matches `io_uring_submit`.
    public int submit() {
        requireOpen();
        sqe.expire();
        int submit = submissions.publish();
        int flags = descriptor.enterFlags();
        if (polled) {
            if (!submissions.needsWakeup()) return submit;
            flags |= IoUring.IORING_ENTER_SQ_WAKEUP;
        }
        return calls.enter(descriptor.enterFd(), submit, 0, flags, 0, 0);
    }

    /// Hands all prepared entries to the kernel, lets it finish what is ready and waits until a
    /// completion is there, for at most `waitNanos` (0: not at all, `Long.MAX_VALUE`: for ever).
    /// Returns how many entries it took, or `-errno`; `-ETIME` says that the time was up. Matches
    /// `io_uring_submit_and_wait_timeout`.
    public int submitAndWait(long waitNanos) {
        return submitAndWait(1, waitNanos);
    }

    /// [#submitAndWait(long)] for `count` completions.
    public int submitAndWait(int count, long waitNanos) {
        return waits.submitAndWait(count, waitNanos);
    }

    /// Submits, and waits for `count` completions as `flags` and their `argument` say.
    int enter(int count, int flags, long argument, int bytes) {
        requireOpen();
        sqe.expire();
        int submit = submissions.publish();
        int all = descriptor.enterFlags() | IORING_ENTER_GETEVENTS | flags;
        if (polled && submissions.needsWakeup()) all |= IoUring.IORING_ENTER_SQ_WAKEUP;
        return calls.enter(descriptor.enterFd(), submit, count, all, argument, bytes);
    }

    /// Waits of other kinds.
    public Waits waits() {
        return waits;
    }

    // ---- completions

    /// Hands every completion that is there to `handler`; returns how many. The memory of an
    /// operation that has ended is the program's again when the handler hears of it.
    public int drain(CompletionHandler handler) {
        return drain(handler, Integer.MAX_VALUE);
    }

    /// [#drain(CompletionHandler)], of at most `max` completions (0 or more).
    public int drain(CompletionHandler handler, int max) {
        requireOpen();
        requireNotDraining("drain");
        draining = true;
        try {
            return completions.drain(handler, max);
        } finally {
            draining = false;
        }
    }

    /// Submits what is prepared, waits for one completion and takes it. For programs that need not
    /// be fast: it allocates. Matches `io_uring_wait_cqe` and `io_uring_cqe_seen`.
    ///
    /// @throws RingException when the wait fails
    public Completion take() {
        return Objects.requireNonNull(take(Long.MAX_VALUE));
    }

    /// [#take()], but null when none comes within `waitNanos`. Signals do not end it.
    public @Nullable Completion take(long waitNanos) {
        return one.take(this, waitNanos);
    }

    /// Whether a completion is there to be drained.
    public boolean hasCompletions() {
        requireOpen();
        return !completions.isEmpty();
    }

    /// Places of the completion queue that are taken.
    public int readyCount() {
        requireOpen();
        return completions.ready();
    }

    /// Takes the result of the operation `userData` out of turn, when it has completed: its
    /// completion will be drained as one of `renamed`. [#NOT_COMPLETED] when it has not. For
    /// operations without memory.
    public int claim(long userData, long renamed) {
        requireOpen();
        return completions.claim(userData, renamed);
    }

    // ---- counters

    /// Entries prepared that the kernel has not consumed.
    public int pendingCount() {
        requireOpen();
        return submissions.pending();
    }

    /// Entries prepared so far, modulo 2^32: the number that the next one gets.
    public int preparedCount() {
        requireOpen();
        return submissions.prepared();
    }

    /// Entries that the kernel has consumed so far, modulo 2^32.
    public int consumedCount() {
        requireOpen();
        return submissions.consumed();
    }

    /// Operations that hold memory.
    public int lendingCount() {
        return leases.count();
    }

    /// Places in the submission queue.
    public int entries() {
        requireOpen();
        return submissions.capacity();
    }

    /// Places in the completion queue.
    public int completionEntries() {
        requireOpen();
        return completions.capacity();
    }

    /// Whether the completion queue was full, so that completions wait inside the kernel until the
    /// next [#submitAndWait].
    public boolean completionsOverflowed() {
        requireOpen();
        return submissions.completionsOverflowed();
    }

    /// Whether the kernel has work for this thread that only entering it gets done; only with
    /// `TASKRUN_FLAG`.
    public boolean needsEnter() {
        requireOpen();
        return submissions.needsEnter();
    }

    /// Whether the submission thread sleeps (`SQPOLL`); submitting wakes it.
    public boolean needsWakeup() {
        requireOpen();
        return submissions.needsWakeup();
    }

    /// Completions lost because the kernel was out of memory.
    public int droppedCount() {
        requireOpen();
        return completions.dropped();
    }

    // ---- the ring itself

    /// Its file descriptor, by which other rings send it messages; -1 when it has none
    /// (`REGISTERED_FD_ONLY`).
    public int fd() {
        requireOpen();
        return descriptor.fd();
    }

    /// The `IORING_SETUP_` bits that it has.
    public int setupFlags() {
        return setupFlags;
    }

    /// What the kernel offers.
    public Probe probe() {
        requireOpen();
        return Probe.of(this);
    }

    /// What can be registered with it besides descriptors and buffers, and set.
    public Registrations registrations() {
        return registrations;
    }

    /// Makes a ring that was opened with `R_DISABLED` work. The thread that calls this is the one
    /// that uses it from now on (5.10).
    public void enable() {
        register("IORING_REGISTER_ENABLE_RINGS", IoUring.IORING_REGISTER_ENABLE_RINGS, 0, 0);
        if (descriptorRegistered) descriptor.registerItself();
    }

    /// Calls `io_uring_register(2)`, and returns its result unless that is an error.
    ///
    /// @throws RingException named `what`
    int register(String what, int opcode, long argument, int count) {
        requireOpen();
        return RingException.check(what, descriptor.register(opcode, argument, count));
    }

    Support support() {
        return support;
    }

    /// The one entry that there is.
    Sqe sqe() {
        return sqe;
    }

    RingDescriptor descriptor() {
        return descriptor;
    }

    Kernel kernel() {
        return calls;
    }

    CompletionQueue completions() {
        return completions;
    }

    void commit() {
        submissions.commit();
    }

    boolean isChainSilent() {
        return submissions.isChainSilent();
    }

    boolean isOpen() {
        return open;
    }

    /// 128 bytes that belong to the entry at `address`.
    long scratch(long address) {
        return scratch.at(submissions.index(address));
    }

    /// No handler of [#drain] is running: it would go on in queues that are no more.
    void requireNotDraining(String what) {
        if (draining) throw new IllegalStateException(what + " called by a handler of drain");
    }

    /// Views queues that the kernel has moved to `moved`, as `params` describe them; nothing has
    /// been prepared.
    void move(RingMemory moved, long params) {
        scratch.unmap();
        memory.unmap();
        memory = moved;
        submissions = new SubmissionQueue(params, moved.ring(), moved.sqes());
        scratch = new Scratch(calls, submissions.capacity());
        completions = new CompletionQueue(params, moved.ring(), leases);
    }

    /// Closes the ring. What was prepared and not submitted does not happen. When operations hold
    /// memory they are cancelled, and waited for, a second at most; memory of one that does not end
    /// by then is never freed.
    @Override
    public void close() {
        if (!open) return;
        requireNotDraining("close");
        sqe.expire();
        submissions.withdraw(leases, polled);
        if (leases.count() > 0) Cancellation.endAll(this);
        open = false;
        descriptor.close();
        scratch.unmap();
        memory.unmap();
        registrations.end();
        Cancellation.report(leases.end());
    }

    void requireOpen() {
        if (!open) throw new IllegalStateException("the ring has been closed");
    }
}
