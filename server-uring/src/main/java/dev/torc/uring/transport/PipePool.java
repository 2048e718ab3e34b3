package dev.torc.uring.transport;

import dev.torc.uring.abi.Kernel;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;

/// The pipes of a shard through which the kernel's workers splice, and the transfers that wait for
/// one: as many transfers splice at once as there are pipes. On the shard's thread.
///
/// A pipe comes back empty, or not at all: with bytes in it, it is closed, for they would go to
/// whoever had it next.
final class PipePool {
    /// Two for each worker thread that a ring may have.
    static final int PIPES_MAX = 8;

    private final Kernel calls;
    private final long scratch;
    private final ArrayDeque<Pipe> free = new ArrayDeque<>(PIPES_MAX);
    private final ArrayDeque<PipeTurn> waiting = new ArrayDeque<>();
    private int openCount;

    /// Pipes kept for transfers that have been told to go on.
    private int promised;

    PipePool(Kernel calls, Arena arena) {
        this.calls = calls;
        scratch = arena.allocate(Long.BYTES, Long.BYTES).address();
    }

    /// A pipe, or null: then `turn` waits for one, unless there is none that could come back, and
    /// none can be made.
    @Nullable Pipe take(PipeTurn turn) {
        if (turn.takePromise()) {
            promised--;
        } else if (free.size() + PIPES_MAX - openCount <= promised) {
            queue(turn);
            return null;
        }
        Pipe pipe = free.poll();
        if (pipe != null) return pipe;
        pipe = Pipe.open(calls, scratch);
        if (pipe != null) {
            openCount++;
        } else if (openCount > 0 || promised > 0) {
            queue(turn);
        } else {
            promiseNext(); // who waits has to find out as well
        }
        return pipe;
    }

    private void queue(PipeTurn turn) {
        waiting.add(turn);
        turn.queued();
    }

    /// Whether someone waits for one.
    boolean isWanted() {
        return !waiting.isEmpty();
    }

    int openCount() {
        return openCount;
    }

    /// Transfers that wait for one.
    int awaitedCount() {
        return waiting.size();
    }

    /// Gives back a pipe that is empty.
    void release(Pipe pipe) {
        free.push(pipe);
        promiseNext();
    }

    /// Closes a pipe that may have bytes in it.
    void discard(Pipe pipe) {
        pipe.close(calls);
        openCount--;
        promiseNext();
    }

    /// `turn` no longer wants one.
    void forget(PipeTurn turn) {
        if (turn.isWaiting()) waiting.remove(turn);
        turn.left();
        if (!turn.takePromise()) return;
        promised--;
        promiseNext();
    }

    private void promiseNext() {
        PipeTurn next = waiting.poll();
        if (next == null) return;
        promised++;
        next.promise();
    }

    void close() {
        for (Pipe pipe : free) pipe.close(calls);
        openCount -= free.size();
        free.clear();
    }
}
