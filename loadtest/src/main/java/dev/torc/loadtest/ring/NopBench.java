package dev.torc.loadtest.ring;

import dev.torc.uring.CompletionHandler;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;

/// NOPs, a batch in each turn: what the ring itself costs. `nop.c` is the same in C.
final class NopBench implements Bench, CompletionHandler {
    private final Ring ring;
    private final int batch;
    private final long waitNanos;
    private long completed;

    NopBench(Ring ring, int batch, long waitNanos) {
        this.ring = ring;
        this.batch = batch;
        this.waitNanos = waitNanos;
    }

    @Override
    public long run(int turns) {
        long before = completed;
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < batch; i++) ring.next().prepareNop(i);
            RingException.check("io_uring_enter", ring.submitAndWait(batch, waitNanos));
            ring.drain(this);
        }
        return completed - before;
    }

    @Override
    public void onCompletion(long userData, int result, int flags) {
        RingException.check("IORING_OP_NOP", result);
        completed++;
    }

    @Override
    public void close() {}
}
