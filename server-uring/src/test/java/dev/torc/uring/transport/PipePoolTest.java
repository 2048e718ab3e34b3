package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.spi.TransportProvider;
import dev.torc.uring.abi.Syscalls;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// The line for pipes, with the kernel's.
class PipePoolTest {
    private final Arena arena = Arena.ofConfined();
    private final PipePool pool = new PipePool(new Syscalls(arena), arena);
    private final List<PipeTurn> told = new ArrayList<>();

    @BeforeAll
    static void probe() {
        TransportProvider.Verdict verdict = new UringTransportProvider().verdict();
        assumeTrue(verdict.works(), verdict.reason());
    }

    @AfterEach
    void close() {
        pool.close();
        arena.close();
    }

    private PipeTurn turn() {
        List<PipeTurn> own = new ArrayList<>();
        PipeTurn turn = new PipeTurn(() -> told.addAll(own));
        own.add(turn);
        return turn;
    }

    private List<Pipe> takeAll() {
        List<Pipe> taken = new ArrayList<>();
        for (int i = 0; i < PipePool.PIPES_MAX; i++) taken.add(take(turn()));
        return taken;
    }

    private Pipe take(PipeTurn turn) {
        @Nullable Pipe pipe = pool.take(turn);
        assertNotNull(pipe);
        return pipe;
    }

    private List<PipeTurn> queue(int count) {
        List<PipeTurn> turns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            PipeTurn turn = turn();
            assertNull(pool.take(turn));
            assertTrue(turn.isWaiting());
            turns.add(turn);
        }
        return turns;
    }

    @Test
    void givesAPipeToWhoHasWaitedLongest() {
        List<Pipe> taken = takeAll();
        List<PipeTurn> line = queue(2);
        pool.release(taken.removeFirst());
        assertEquals(List.of(line.getFirst()), told);
        // It is kept for that one, whoever comes first.
        PipeTurn late = turn();
        assertNull(pool.take(late));
        taken.add(take(line.getFirst()));
        for (Pipe pipe : taken) pool.release(pipe);
        assertEquals(List.of(line.get(0), line.get(1), late), told);
        pool.release(take(line.get(1)));
        pool.release(take(late));
        assertEquals(PipePool.PIPES_MAX, pool.openCount());
    }

    @Test
    void keepsNoPlaceForWhoHasLeft() {
        List<Pipe> taken = takeAll();
        List<PipeTurn> line = queue(3);
        pool.forget(line.get(0));
        pool.release(taken.removeFirst());
        assertEquals(List.of(line.get(1)), told);
        pool.forget(line.get(1));
        assertEquals(List.of(line.get(1), line.get(2)), told);
        taken.add(take(line.get(2)));
        for (Pipe pipe : taken) pool.release(pipe);
        assertFalse(pool.isWanted());
    }

    /// All readers were full at once: no pipe is open, and each that will be is promised.
    @Test
    void hasNewcomersWaitWhileEveryPipeIsPromised() {
        List<Pipe> taken = takeAll();
        List<PipeTurn> line = queue(PipePool.PIPES_MAX);
        for (Pipe pipe : taken) pool.discard(pipe);
        assertEquals(0, pool.openCount());
        assertEquals(line, told);
        PipeTurn late = turn();
        assertNull(pool.take(late));
        assertTrue(late.isWaiting());
        for (PipeTurn turn : line) pool.release(take(turn));
        assertEquals(late, told.getLast());
        pool.release(take(late));
        // Nobody holds a place any more.
        for (Pipe pipe : takeAll()) pool.release(pipe);
    }
}
