/* NOPs, a batch in each turn: what the ring itself costs. NopBench is the same in Java. */
#include "ring.h"

struct nop {
    struct io_uring ring;
    int batch;
};

static long run(void *bench, int turns)
{
    struct nop *nop = bench;
    long completed = 0;
    for (int turn = 0; turn < turns; turn++) {
        for (int i = 0; i < nop->batch; i++) {
            struct io_uring_sqe *sqe = next_sqe(&nop->ring);
            io_uring_prep_nop(sqe);
            io_uring_sqe_set_data64(sqe, i);
        }
        int result = io_uring_submit_and_wait(&nop->ring, nop->batch);
        if (result < 0)
            fail("io_uring_enter", -result);
        struct io_uring_cqe *cqe;
        unsigned head;
        unsigned seen = 0;
        io_uring_for_each_cqe(&nop->ring, head, cqe) {
            if (cqe->res < 0)
                fail("IORING_OP_NOP", -cqe->res);
            seen++;
        }
        io_uring_cq_advance(&nop->ring, seen);
        completed += seen;
    }
    return completed;
}

int main(int argc, char **argv)
{
    static struct nop nop;
    open_ring(argc, argv, &nop.ring);
    nop.batch = number(argc, argv, "batch");
    measure_ring(argc, argv, run, &nop, &nop.ring);
    io_uring_queue_exit(&nop.ring);
    return 0;
}
