/*
 * Random reads of a file, with a number of them in flight: each that completes is followed by the
 * next. ReadBench is the same in Java.
 */
#include <sys/uio.h>

#include "ring.h"

enum { BLOCK_BYTES = 4096 };

struct reads {
    struct io_uring ring;
    int fd;
    int fixed; /* the file and the memory are registered */
    char *memory;
    struct positions positions;
};

static void start(struct reads *reads, uint64_t slot)
{
    char *to = reads->memory + slot * BLOCK_BYTES;
    uint64_t position = next_block(&reads->positions) * BLOCK_BYTES;
    struct io_uring_sqe *sqe = next_sqe(&reads->ring);
    if (reads->fixed) {
        io_uring_prep_read_fixed(sqe, 0, to, BLOCK_BYTES, position, 0);
        io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
    } else {
        io_uring_prep_read(sqe, reads->fd, to, BLOCK_BYTES, position);
    }
    io_uring_sqe_set_data64(sqe, slot);
}

static long run(void *bench, int turns)
{
    struct reads *reads = bench;
    long completed = 0;
    for (int turn = 0; turn < turns; turn++) {
        int result = io_uring_submit_and_wait(&reads->ring, 1);
        if (result < 0)
            fail("io_uring_enter", -result);
        struct io_uring_cqe *cqe;
        unsigned head;
        unsigned seen = 0;
        io_uring_for_each_cqe(&reads->ring, head, cqe) {
            if (cqe->res < 0)
                fail("IORING_OP_READ", -cqe->res);
            if (cqe->res != BLOCK_BYTES)
                fail("short read", EIO);
            start(reads, cqe->user_data);
            seen++;
        }
        io_uring_cq_advance(&reads->ring, seen);
        completed += seen;
    }
    return completed;
}

static void register_both(struct reads *reads, size_t bytes)
{
    int result = io_uring_register_files(&reads->ring, &reads->fd, 1);
    if (result < 0)
        fail("io_uring_register_files", -result);
    struct iovec all = {reads->memory, bytes};
    result = io_uring_register_buffers(&reads->ring, &all, 1);
    if (result < 0)
        fail("io_uring_register_buffers", -result);
}

int main(int argc, char **argv)
{
    static struct reads reads;
    open_ring(argc, argv, &reads.ring);
    reads.fd = number(argc, argv, "fd");
    reads.fixed = number(argc, argv, "fixed");
    reads.positions = positions_of(number(argc, argv, "file-bytes"), BLOCK_BYTES);
    long depth = number(argc, argv, "depth");
    reads.memory = aligned_alloc(BLOCK_BYTES, depth * BLOCK_BYTES);
    if (reads.memory == NULL)
        fail("aligned_alloc", ENOMEM);
    memset(reads.memory, 0, depth * BLOCK_BYTES);
    if (reads.fixed)
        register_both(&reads, depth * BLOCK_BYTES);
    for (long slot = 0; slot < depth; slot++)
        start(&reads, slot);
    measure_ring(argc, argv, run, &reads, &reads.ring);
    io_uring_queue_exit(&reads.ring);
    return 0;
}
