/* A ring of liburing's as ring.py's options say. */
#ifndef TORC_RING_H
#define TORC_RING_H

#include <liburing.h>

#include "bench.h"

static inline void open_ring(int argc, char **argv, struct io_uring *ring)
{
    struct io_uring_params params = {0};
    params.flags = number(argc, argv, "flags") | IORING_SETUP_CQSIZE;
    params.cq_entries = number(argc, argv, "completion-entries");
    int result = io_uring_queue_init_params(number(argc, argv, "entries"), ring, &params);
    if (result < 0)
        fail("io_uring_queue_init_params", -result);
    if (number(argc, argv, "registered") != 0) {
        result = io_uring_register_ring_fd(ring);
        if (result < 0)
            fail("io_uring_register_ring_fd", -result);
    }
}

static inline void measure_ring(int argc, char **argv, run_turns run, void *bench,
                                struct io_uring *ring)
{
    measure(argc, argv, run, bench, ring->flags, ring->sq.ring_entries, ring->cq.ring_entries);
}

/* The next entry. As in Java, a full queue is submitted first. */
static inline struct io_uring_sqe *next_sqe(struct io_uring *ring)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
    if (sqe == NULL) {
        int result = io_uring_submit(ring);
        if (result < 0)
            fail("io_uring_submit", -result);
        sqe = io_uring_get_sqe(ring);
    }
    if (sqe == NULL)
        fail("io_uring_get_sqe", EAGAIN);
    return sqe;
}

#endif
