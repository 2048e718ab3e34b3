package dev.torc.uring.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.core.memory.Memory;
import dev.torc.uring.BufferRing;
import dev.torc.uring.CompletionHandler;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Probe;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;
import dev.torc.uring.Sqe;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;

/// Tries on a small ring what the transport builds on. A kernel that lists an operation may still
/// not do it as Linux does: a sandbox's own, or one with patches.
///
/// Runs on one thread in about a millisecond, and never longer than two seconds. It leaves nothing
/// behind, but for memory of an operation that a faulty kernel does not end: that is never freed.
final class SelfTest implements CompletionHandler {
    private static final IoMemory MEMORY = IoMemory.unmanaged(Memory.all());
    private static final int GROUP = 0;
    private static final int BUFFERS = 4;
    private static final int BUFFER_BYTES = 64;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int CHUNKS_MAX = 4096;
    private static final int INLINE = Linux.MSG_DONTWAIT | Linux.MSG_WAITALL | Linux.MSG_NOSIGNAL;
    private static final int ARMED = Linux.MSG_WAITALL | Linux.MSG_NOSIGNAL;
    private static final long STEPS_NANOS = 1_500_000_000;
    private static final long END_NANOS = 500_000_000;
    private static final long TURN_NANOS = 10_000_000;

    // What a completion is of: its user data, and its place in the arrays below.
    private static final int NOP = 1;
    private static final int RECEIVE = 2;
    private static final int SEND = 3;
    private static final int SEND_INLINE = 4;
    private static final int FILL = 5;
    private static final int KINDS = 6;

    private final Ring ring;
    private final Syscalls calls;
    private final long memory;
    private final int[] results = new int[KINDS];
    private final int[] flags = new int[KINDS];
    private final boolean[] heard = new boolean[KINDS];
    private long deadline = System.nanoTime() + STEPS_NANOS;
    private int outstanding;
    // Whether the kernel holds none of our memory; sends that are to be silent make it unsure.
    private boolean ended = true;
    private boolean unsure;
    private int left = -1;
    private int right = -1;

    private SelfTest(Ring ring, Syscalls calls, long memory) {
        this.ring = ring;
        this.calls = calls;
        this.memory = memory;
    }

    /// Does all steps and returns what the kernel offers besides.
    ///
    /// @throws RingException when the kernel refuses something: its message names the step
    /// @throws IllegalStateException when it does something else than Linux 6.8; the same
    static Probe run() {
        Arena arena = Arena.ofShared();
        boolean ended = true;
        try (Ring ring = Ring.open(16, 64)) {
            long memory = arena.allocate(CHUNK_BYTES, 64).address();
            SelfTest test = new SelfTest(ring, new Syscalls(arena), memory);
            try {
                test.nop();
                test.connect();
                test.transfer();
            } finally {
                test.closeSockets();
                ended = test.ended;
            }
            return ring.probe();
        } finally {
            if (ended) arena.close();
        }
    }

    @Override
    public void onCompletion(long userData, int result, int completionFlags) {
        // 0 stands for whatever was never asked for; no step waits for it.
        int kind = userData >= NOP && userData < KINDS ? (int) userData : 0;
        results[kind] = result;
        flags[kind] = completionFlags;
        heard[kind] = true;
        boolean more = (completionFlags & IoUring.IORING_CQE_F_MORE) != 0;
        if (!more && counts(kind)) outstanding--;
    }

    private void nop() {
        next(NOP).prepareNop(NOP);
        await("no-op", NOP);
    }

    private void connect() {
        int result = calls.socketpair(Linux.AF_UNIX, stream(), memory);
        if (result < 0) throw new RingException("socketpair", result);
        left = Memory.getInt(memory);
        right = Memory.getInt(memory + 4);
    }

    /// What needs the sockets and receive buffers.
    private void transfer() {
        BufferRing buffers = BufferRing.unmanaged(ring, GROUP, BUFFERS, BUFFER_BYTES);
        ended = false;
        try {
            next(RECEIVE).prepareRecvMultishot(left, buffers, 0, RECEIVE);
            int bytes = write("sent");
            next(SEND).prepareSend(right, MEMORY, memory, bytes, ARMED, SEND);
            await("send", SEND);
            check("send", results[SEND] == bytes, "a short send");
            expect(buffers, 0, "sent");
            sendInline();
            expect(buffers, 1, "inline");
            check("inline send", !heard[SEND_INLINE], "a completion for what was all sent");
            fill();
        } finally {
            end();
            if (ended) buffers.close();
        }
    }

    private void expect(BufferRing buffers, int wanted, String text) {
        String step = "multishot receive";
        await(step, RECEIVE);
        int now = flags[RECEIVE];
        check(step, (now & IoUring.IORING_CQE_F_BUFFER) != 0, "no buffer");
        check(step, (now & IoUring.IORING_CQE_F_MORE) != 0, "it ended after one message");
        check(step, results[RECEIVE] == text.length(), "a wrong length");
        int bufferId = buffers.take(now, results[RECEIVE]);
        check(step, bufferId == wanted, "buffers out of their order");
        byte[] bytes = new byte[text.length()];
        Memory.copy(buffers.address(bufferId), bytes, 0, bytes.length);
        check(step, new String(bytes, US_ASCII).equals(text), "wrong bytes");
        buffers.recycle(bufferId);
        buffers.publish();
    }

    /// A send that fits is finished silently by its own enter; see [InlineSends].
    private void sendInline() {
        prepareInline(SEND_INLINE, right, write("inline"));
        enter("inline send");
        check("inline send", !heard[SEND_INLINE], "a completion for what was all sent");
    }

    /// A send that does not fit says so within its own enter. Nobody reads on the right.
    private void fill() {
        String step = "inline send to a full socket";
        for (int chunk = 0; chunk < CHUNKS_MAX; chunk++) {
            prepareInline(FILL, left, CHUNK_BYTES);
            enter(step);
            if (!heard[FILL]) continue;
            int result = results[FILL];
            boolean part = result > 0 && result < CHUNK_BYTES;
            check(step, part || result == -Errno.EAGAIN, "result=" + result);
            unsure = false;
            return;
        }
        throw new IllegalStateException(step + ": no completion says that it is full");
    }

    private void prepareInline(int kind, int fd, int bytes) {
        heard[kind] = false;
        unsure = true;
        ring.next()
                .prepareSend(fd, MEMORY, memory, bytes, INLINE, kind)
                .addFlags(IoUring.IOSQE_CQE_SKIP_SUCCESS);
    }

    private void enter(String step) {
        int number = ring.preparedCount();
        int result = ring.submitAndWait(0);
        if (result < 0) throw new RingException(step, result);
        check(step, ring.consumedCount() == number, "the submission was not consumed");
        ring.drain(this);
    }

    /// Waits for the next completion of `kind`, which must be a success.
    private void await(String step, int kind) {
        while (!heard[kind]) {
            if (System.nanoTime() - deadline > 0) throw new RingException(step, -Errno.ETIME);
            turn(step);
        }
        heard[kind] = false;
        int result = results[kind];
        if (result < 0) throw new RingException(step, result);
    }

    private void turn(String step) {
        int result = ring.submitAndWait(TURN_NANOS);
        if (result < 0 && result != -Errno.ETIME && result != -Errno.EINTR) {
            throw new RingException(step, result);
        }
        ring.drain(this);
    }

    /// Ends what is with the kernel by closing its sockets, and waits for that. Throws nothing, so
    /// that the failure that led here is not lost.
    private void end() {
        closeSockets();
        deadline = System.nanoTime() + END_NANOS;
        while (outstanding > 0 && System.nanoTime() - deadline < 0) {
            int result = ring.submitAndWait(TURN_NANOS);
            if (result < 0 && result != -Errno.ETIME && result != -Errno.EINTR) break;
            ring.drain(this);
        }
        ended = outstanding == 0 && !unsure;
    }

    private void closeSockets() {
        if (left >= 0) calls.close(left);
        if (right >= 0) calls.close(right);
        left = -1;
        right = -1;
    }

    private Sqe next(int kind) {
        heard[kind] = false;
        outstanding++;
        return ring.next();
    }

    private int write(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        Memory.copy(bytes, 0, memory, bytes.length);
        return bytes.length;
    }

    private static boolean counts(int kind) {
        return kind == NOP || kind == RECEIVE || kind == SEND;
    }

    private static int stream() {
        return Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC;
    }

    private static void check(String step, boolean holds, String otherwise) {
        if (!holds) throw new IllegalStateException(step + ": " + otherwise);
    }
}
