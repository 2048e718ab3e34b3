/*
 * PORT PATH CONNECTIONS RATE SECONDS SPIN: asks RATE times a second, whatever the server does.
 * Request k is due at k / RATE seconds on connection k mod CONNECTIONS, and its time runs from when
 * it was due to when its answer has been read, also if it had to wait until its connection was
 * free: so an answer that is slow counts for all who would have asked meanwhile (no coordinated
 * omission).
 *
 * Says one line of what happened, then a histogram: "MICROSECONDS COUNT", where the first is the
 * least of its range, whose width is at most 1/64 of it. SPIN 1 burns its CPU instead of sleeping,
 * which is what wakes it in time; with 0 it sleeps until something is due.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../ring/bench.h"

enum { IN_BYTES = 16384, EVENTS = 1024, SUB_BITS = 6, SUBS = 1 << SUB_BITS, BUCKETS = 64 * SUBS };
#define NANOS 1000000000L
#define DRAIN_NANOS (2 * NANOS) /* how long answers are waited for after the last request was due */

struct connection {
    int fd;
    long next; /* request that it sends next: its number */
    bool waiting;
    int have;
    char in[IN_BYTES];
};

struct totals {
    long answered;
    long refused; /* answers other than 200 */
    long broken;  /* connections that ended */
    long late;    /* requests that were sent 1 ms late or later, on a free connection */
};

static struct connection *connections;
static struct totals totals;
static long histogram[BUCKETS];
static char request[1024];
static int request_bytes;
static long start, rate, due_count, connection_count;

static long now(void)
{
    return clock_nanos(CLOCK_MONOTONIC);
}

static long due(long number)
{
    return start + (long)((double)number * NANOS / rate);
}

static int bucket(long micros)
{
    if (micros < 2 * SUBS)
        return (int)micros;
    int shift = 63 - __builtin_clzl(micros) - SUB_BITS;
    return shift * SUBS + (int)(micros >> shift);
}

static long least(int index)
{
    if (index < 2 * SUBS)
        return index;
    int shift = index / SUBS - 1;
    return (long)(index - shift * SUBS) << shift;
}

static void broken(struct connection *connection)
{
    close(connection->fd);
    connection->fd = -1;
    totals.broken++;
}

/* Sends the connection's next request if that is due and its last one has been answered. */
static void send_due(struct connection *connection, long at, bool was_free)
{
    if (connection->fd < 0 || connection->waiting || connection->next >= due_count)
        return;
    if (due(connection->next) > at)
        return;
    if (was_free && at - due(connection->next) >= 1000000)
        totals.late++;
    if (send(connection->fd, request, request_bytes, MSG_NOSIGNAL) != request_bytes) {
        broken(connection);
        return;
    }
    connection->waiting = true;
}

/* The length of the answer that the bytes begin with, or 0 if it is not yet all there. */
static int answer_bytes(struct connection *connection)
{
    connection->in[connection->have] = 0;
    char *end = strstr(connection->in, "\r\n\r\n");
    if (end == NULL)
        return 0;
    char *length = strcasestr(connection->in, "\r\ncontent-length:");
    long body = length != NULL && length < end ? atol(length + 17) : -1;
    long total = end + 4 - connection->in + body;
    if (body < 0 || total >= IN_BYTES) {
        fprintf(stderr, "an answer with no Content-Length, or a long one: %.300s\n",
                connection->in);
        exit(1);
    }
    return connection->have >= total ? (int)total : 0;
}

static void receive(struct connection *connection)
{
    ssize_t count = recv(connection->fd, connection->in + connection->have,
                         IN_BYTES - 1 - connection->have, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        broken(connection);
        return;
    }
    connection->have += (int)count;
    int length = answer_bytes(connection);
    if (length == 0)
        return;
    long at = now();
    long micros = (at - due(connection->next)) / 1000;
    histogram[bucket(micros < 0 ? 0 : micros)]++;
    totals.answered++;
    if (strncmp(connection->in, "HTTP/1.1 200 ", 13) != 0)
        totals.refused++;
    connection->have -= length;
    memmove(connection->in, connection->in + length, connection->have);
    connection->waiting = false;
    connection->next += connection_count;
    send_due(connection, at, false);
}

static void connect_all(int port, int epoll)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1;
    connections = calloc(connection_count, sizeof *connections);
    if (connections == NULL)
        fail("calloc", ENOMEM);
    for (long i = 0; i < connection_count; i++) {
        struct connection *connection = &connections[i];
        connection->next = i;
        connection->fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) < 0)
            fail("connect", errno);
        setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event) < 0)
            fail("epoll_ctl", errno);
    }
}

static void run(int epoll, bool spin)
{
    static struct epoll_event events[EVENTS];
    long next = 0; /* the first request that has not been looked at */
    start = now() + 10000000;
    long end = due(due_count) + DRAIN_NANOS;
    while (totals.answered < due_count) {
        long at = now();
        if (at > end || totals.broken == connection_count)
            break;
        for (; next < due_count && due(next) <= at; next++) {
            struct connection *connection = &connections[next % connection_count];
            if (connection->next == next)
                send_due(connection, at, true);
        }
        long wait = next < due_count ? due(next) - at : NANOS / 100;
        struct timespec timeout = {.tv_nsec = spin || wait < 0 ? 0 : wait % NANOS};
        int count = epoll_pwait2(epoll, events, EVENTS, &timeout, NULL);
        if (count < 0 && errno != EINTR)
            fail("epoll_pwait2", errno);
        for (int i = 0; i < count; i++)
            receive(events[i].data.ptr);
    }
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: openloop PORT PATH CONNECTIONS RATE SECONDS SPIN\n");
        return 2;
    }
    connection_count = atol(argv[3]);
    rate = atol(argv[4]);
    due_count = (long)(rate * atof(argv[5]));
    if (connection_count < 1 || rate < 1 || due_count < 1) {
        fprintf(stderr, "CONNECTIONS, RATE and SECONDS must be positive\n");
        return 2;
    }
    request_bytes = snprintf(request, sizeof request,
                             "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n", argv[2], argv[1]);
    if (request_bytes >= (int)sizeof request) {
        fprintf(stderr, "PATH is too long\n");
        return 2;
    }
    int epoll = epoll_create1(0);
    connect_all(atoi(argv[1]), epoll);
    run(epoll, atoi(argv[6]) != 0);
    printf("due %ld answered %ld refused %ld broken %ld late %ld\n", due_count, totals.answered,
           totals.refused, totals.broken, totals.late);
    for (int index = 0; index < BUCKETS; index++)
        if (histogram[index] > 0)
            printf("%ld %ld\n", least(index), histogram[index]);
    return 0;
}
