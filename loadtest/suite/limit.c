/*
 * PORT: what one thread on io_uring can do on this machine at the most. It looks for the ends of
 * heads, parses nothing else, and answers each with the same bytes. A head may come in pieces.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/mman.h>

#include <liburing.h>

#include "../ring/bench.h"

enum { ENTRIES = 2048, COMPLETIONS = 16384, BUFFERS = 1024, BUFFER_BYTES = 4096, GROUP = 0 };
enum { CONNECTIONS = 16384, BATCH = 256, BACKLOG = 8192 };
enum { ACCEPT, RECEIVE, SEND, CLOSE };

static const char ANSWER[] = "HTTP/1.1 200 OK\r\n"
                             "Server: limit\r\n"
                             "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                             "Content-Type: text/plain\r\n"
                             "Content-Length: 13\r\n"
                             "\r\n"
                             "Hello, World!";
enum { ANSWER_BYTES = sizeof ANSWER - 1 };

static struct io_uring ring;
static struct io_uring_buf_ring *buffers;
static char *memory;
static char answers[BATCH * ANSWER_BYTES];
static unsigned char matched[CONNECTIONS]; /* of "\r\n\r\n", by what came last */

static struct io_uring_sqe *next(int operation, unsigned slot)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    if (sqe == NULL) {
        io_uring_submit(&ring);
        sqe = io_uring_get_sqe(&ring);
    }
    if (sqe == NULL)
        fail("io_uring_get_sqe", EAGAIN);
    sqe->user_data = (uint64_t)operation << 32 | slot;
    return sqe;
}

/* The preparing functions of liburing clear the user data: it is put back. */
#define PREPARE(operation, slot, prepare, ...)                                                     \
    ({                                                                                             \
        struct io_uring_sqe *prepared = next(operation, slot);                                     \
        uint64_t data = prepared->user_data;                                                       \
        prepare(prepared, __VA_ARGS__);                                                            \
        prepared->user_data = data;                                                                \
        prepared;                                                                                  \
    })

static void receive(unsigned slot)
{
    struct io_uring_sqe *sqe =
        PREPARE(RECEIVE, slot, io_uring_prep_recv_multishot, (int)slot, NULL, 0, 0);
    sqe->flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
    sqe->buf_group = GROUP;
}

static void recycle(unsigned buffer)
{
    io_uring_buf_ring_add(buffers, memory + (size_t)buffer * BUFFER_BYTES, BUFFER_BYTES, buffer,
                          BUFFERS - 1, 0);
    io_uring_buf_ring_advance(buffers, 1);
}

/* How many heads end in these bytes. */
static int heads(unsigned slot, const char *data, int length)
{
    int state = matched[slot];
    int ends = 0;
    for (int at = 0; at < length; at++) {
        if (state == 0) {
            const char *cr = memchr(data + at, '\r', length - at);
            if (cr == NULL)
                break;
            at = (int)(cr - data);
        }
        if (data[at] == "\r\n\r\n"[state])
            state++;
        else
            state = data[at] == '\r';
        if (state == 4) {
            ends++;
            state = 0;
        }
    }
    matched[slot] = state;
    return ends;
}

static void answer(unsigned slot, int count)
{
    while (count > 0) {
        int now = count < BATCH ? count : BATCH;
        struct io_uring_sqe *sqe = PREPARE(SEND, slot, io_uring_prep_send, (int)slot, answers,
                                           (size_t)now * ANSWER_BYTES, MSG_WAITALL);
        sqe->flags |= IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS;
        if (now < count)
            sqe->flags |= IOSQE_IO_LINK;
        count -= now;
    }
}

static void received(struct io_uring_cqe *cqe, unsigned slot)
{
    if (cqe->flags & IORING_CQE_F_BUFFER) {
        unsigned buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
        int count =
            cqe->res > 0 ? heads(slot, memory + (size_t)buffer * BUFFER_BYTES, cqe->res) : 0;
        recycle(buffer);
        answer(slot, count);
    }
    if (cqe->res <= 0 && cqe->res != -ENOBUFS)
        PREPARE(CLOSE, slot, io_uring_prep_close_direct, slot);
    else if (!(cqe->flags & IORING_CQE_F_MORE))
        receive(slot);
}

static int listen_on(int port)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        fail("bind", errno);
    if (listen(listener, BACKLOG) < 0)
        fail("listen", errno);
    return listener;
}

static void *map(size_t bytes)
{
    void *mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_ANONYMOUS | MAP_PRIVATE | MAP_POPULATE, -1, 0);
    if (mapped == MAP_FAILED)
        fail("mmap", errno);
    return mapped;
}

static void open_ring(void)
{
    struct io_uring_params params = {0};
    params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                   IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE;
    params.cq_entries = COMPLETIONS;
    int result = io_uring_queue_init_params(ENTRIES, &ring, &params);
    if (result < 0)
        fail("io_uring_queue_init_params", -result);
    io_uring_register_ring_fd(&ring);
    result = io_uring_register_files_sparse(&ring, CONNECTIONS);
    if (result < 0)
        fail("io_uring_register_files_sparse", -result);
    buffers = map(BUFFERS * sizeof(struct io_uring_buf));
    struct io_uring_buf_reg group = {
        .ring_addr = (uint64_t)buffers, .ring_entries = BUFFERS, .bgid = GROUP};
    result = io_uring_register_buf_ring(&ring, &group, 0);
    if (result < 0)
        fail("io_uring_register_buf_ring", -result);
    io_uring_buf_ring_init(buffers);
    memory = map((size_t)BUFFERS * BUFFER_BYTES);
    for (int buffer = 0; buffer < BUFFERS; buffer++)
        recycle(buffer);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: limit PORT\n");
        return 2;
    }
    for (int i = 0; i < BATCH; i++)
        memcpy(answers + i * ANSWER_BYTES, ANSWER, ANSWER_BYTES);
    open_ring();
    int listener = listen_on(atoi(argv[1]));
    PREPARE(ACCEPT, 0, io_uring_prep_multishot_accept_direct, listener, NULL, NULL, 0);
    while (true) {
        int result = io_uring_submit_and_wait(&ring, 1);
        if (result < 0 && result != -EINTR)
            fail("io_uring_enter", -result);
        struct io_uring_cqe *cqe;
        unsigned head;
        unsigned seen = 0;
        io_uring_for_each_cqe(&ring, head, cqe) {
            seen++;
            int operation = (int)(cqe->user_data >> 32);
            if (operation == ACCEPT && cqe->res < 0)
                fail("accept", -cqe->res);
            if (operation == ACCEPT) {
                matched[cqe->res] = 0;
                receive(cqe->res);
            } else if (operation == RECEIVE) {
                received(cqe, (unsigned)cqe->user_data);
            }
        }
        io_uring_cq_advance(&ring, seen);
    }
}
