/*
 * A message bounces between the ends of each of several socket pairs: the thread answers it at both
 * ends, so an operation is one receive and one send. EchoBench is the same in Java.
 */
#include "ring.h"

enum { MESSAGE_BYTES = 64, GROUP = 1, SEND = 1 };

struct echo {
    struct io_uring ring;
    int *sockets;
    struct io_uring_buf_ring *buffers;
    int count; /* of buffers */
    char *memory;
    char *messages;
};

static void receive(struct echo *echo, uint64_t socket)
{
    struct io_uring_sqe *sqe = next_sqe(&echo->ring);
    io_uring_prep_recv_multishot(sqe, echo->sockets[socket], NULL, 0, 0);
    io_uring_sqe_set_flags(sqe, IOSQE_BUFFER_SELECT);
    sqe->buf_group = GROUP;
    io_uring_sqe_set_data64(sqe, socket << 1);
}

static void send_message(struct echo *echo, uint64_t socket)
{
    struct io_uring_sqe *sqe = next_sqe(&echo->ring);
    char *message = echo->messages + socket * MESSAGE_BYTES;
    io_uring_prep_send(sqe, echo->sockets[socket], message, MESSAGE_BYTES, 0);
    io_uring_sqe_set_data64(sqe, socket << 1 | SEND);
}

/* Gives a buffer back, to be used again after io_uring_buf_ring_advance. */
static void recycle(struct echo *echo, int buffer, int offset)
{
    io_uring_buf_ring_add(echo->buffers, echo->memory + buffer * MESSAGE_BYTES, MESSAGE_BYTES,
                          buffer, io_uring_buf_ring_mask(echo->count), offset);
}

static long run(void *bench, int turns)
{
    struct echo *echo = bench;
    long received = 0;
    for (int turn = 0; turn < turns; turn++) {
        int result = io_uring_submit_and_wait(&echo->ring, 1);
        if (result < 0)
            fail("io_uring_enter", -result);
        struct io_uring_cqe *cqe;
        unsigned head;
        unsigned seen = 0;
        int recycled = 0;
        io_uring_for_each_cqe(&echo->ring, head, cqe) {
            seen++;
            if (cqe->res < 0)
                fail("echo", -cqe->res);
            if (cqe->res != MESSAGE_BYTES)
                fail("torn message", EIO);
            if (cqe->user_data & SEND)
                continue;
            uint64_t socket = cqe->user_data >> 1;
            int buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
            memcpy(echo->messages + socket * MESSAGE_BYTES, echo->memory + buffer * MESSAGE_BYTES,
                   MESSAGE_BYTES);
            recycle(echo, buffer, recycled++);
            if (!(cqe->flags & IORING_CQE_F_MORE))
                receive(echo, socket);
            send_message(echo, socket);
        }
        io_uring_cq_advance(&echo->ring, seen);
        io_uring_buf_ring_advance(echo->buffers, recycled);
        received += recycled;
    }
    return received;
}

int main(int argc, char **argv)
{
    static struct echo echo;
    open_ring(argc, argv, &echo.ring);
    int count = numbers(argc, argv, "sockets", &echo.sockets);
    echo.count = 2;
    while (echo.count < count)
        echo.count *= 2;
    echo.memory = calloc(echo.count, MESSAGE_BYTES);
    echo.messages = calloc(count, MESSAGE_BYTES);
    if (echo.memory == NULL || echo.messages == NULL)
        fail("calloc", ENOMEM);
    int error = 0;
    echo.buffers = io_uring_setup_buf_ring(&echo.ring, echo.count, GROUP, 0, &error);
    if (echo.buffers == NULL)
        fail("io_uring_setup_buf_ring", -error);
    for (int buffer = 0; buffer < echo.count; buffer++)
        recycle(&echo, buffer, buffer);
    io_uring_buf_ring_advance(echo.buffers, echo.count);
    for (int socket = 0; socket < count; socket++)
        receive(&echo, socket);
    for (int socket = 0; socket < count; socket += 2)
        send_message(&echo, socket);
    measure_ring(argc, argv, run, &echo, &echo.ring);
    io_uring_queue_exit(&echo.ring);
    return 0;
}
