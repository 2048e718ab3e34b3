/*
 * The probe: a client that asks at a low rate, whatever the server does, and measures how long the
 * answers take.
 *
 *   --port P --seconds S --path PATH
 *   --connections N    that are kept open; another is opened when none of them is idle
 *   --requests R       in a second, on connections that are kept open
 *   --connects R       in a second, each on a new connection
 *
 * It is an open loop: when a request is due is settled beforehand, and an answer that is late delays
 * no other request. An answer's time ends when the kernel has received its last byte (SO_TIMESTAMPNS),
 * so that it does not matter when this process gets to run; it starts when the request was due, which
 * must not be much earlier than when it was sent: that is reported as well.
 *
 * Prints all times, in nanoseconds, as JSON. What was not answered in full has failed.
 */
#define _GNU_SOURCE
#include "common.h"
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { CONNECTIONS_MAX = 4096, SAMPLES_MAX = 1 << 20, ANSWER_BYTES_MAX = 4096 };
#define GRACE_NANOS (2 * NANOS_PER_SECOND)

enum kind { REQUEST, CONNECT, KINDS };
enum state { FREE, CONNECTING, IDLE, ASKED };

struct connection {
    int fd;
    enum state state;
    enum kind kind;
    long due_nanos;
    int answer_bytes;
    char answer[ANSWER_BYTES_MAX + 1];
};

static struct {
    long *nanos;
    long count, failed;
} times[KINDS];

static long *late_nanos;
static long late_count;
static struct connection connections[CONNECTIONS_MAX];
static char request[1024];
static int port, epoll;

/* ---- a request and its answer */

static void failed_now(struct connection *connection)
{
    if (connection->state != IDLE)
        times[connection->kind].failed++;
    close(connection->fd);
    connection->state = FREE;
}

static void ask(struct connection *connection)
{
    long length = strlen(request);
    if (send(connection->fd, request, length, MSG_NOSIGNAL) != length) {
        failed_now(connection);
        return;
    }
    connection->state = ASKED;
    connection->answer_bytes = 0;
}

/* Whether all of the answer is there; it has a Content-Length. */
static bool is_complete(struct connection *connection)
{
    connection->answer[connection->answer_bytes] = 0;
    char *end = strstr(connection->answer, "\r\n\r\n");
    char *length = strcasestr(connection->answer, "\r\nContent-Length:");
    if (end == NULL || length == NULL || length > end)
        return false;
    long head = end + 4 - connection->answer;
    return connection->answer_bytes >= head + atol(strchr(length, ':') + 1);
}

/* How long ago the kernel received what recvmsg(2) has just returned. */
static long age_nanos(struct msghdr *message)
{
    struct cmsghdr *control = CMSG_FIRSTHDR(message);
    if (control == NULL || control->cmsg_type != SCM_TIMESTAMPNS)
        return 0;
    struct timespec at;
    memcpy(&at, CMSG_DATA(control), sizeof at);
    return clock_nanos(CLOCK_REALTIME) - (at.tv_sec * NANOS_PER_SECOND + at.tv_nsec);
}

static void answered(struct connection *connection, long nanos)
{
    enum kind kind = connection->kind;
    if (strncmp(connection->answer, "HTTP/1.1 200", 12) != 0)
        times[kind].failed++;
    else if (times[kind].count < SAMPLES_MAX)
        times[kind].nanos[times[kind].count++] = nanos;
    if (kind == CONNECT) {
        close(connection->fd);
        connection->state = FREE;
    } else {
        connection->state = IDLE;
    }
}

static void receive(struct connection *connection)
{
    char control[CMSG_SPACE(sizeof(struct timespec))];
    struct iovec room = {
        .iov_base = connection->answer + connection->answer_bytes,
        .iov_len = ANSWER_BYTES_MAX - connection->answer_bytes,
    };
    struct msghdr message = {
        .msg_iov = &room,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof control,
    };
    ssize_t got = recvmsg(connection->fd, &message, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        failed_now(connection);
        return;
    }
    long received_nanos = now_nanos() - age_nanos(&message);
    connection->answer_bytes += got;
    if (is_complete(connection))
        answered(connection, received_nanos - connection->due_nanos);
}

/* ---- connections */

static struct connection *connect_new(enum kind kind, long due)
{
    struct connection *connection = connections;
    while (connection < connections + CONNECTIONS_MAX && connection->state != FREE)
        connection++;
    int fd = connection == connections + CONNECTIONS_MAX ? -EMFILE : connect_from(0, port, 0);
    if (fd < 0) {
        times[kind].failed++;
        return NULL;
    }
    int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
    connection->fd = fd;
    connection->state = CONNECTING;
    connection->kind = kind;
    connection->due_nanos = due;
    watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLOUT, connection - connections);
    return connection;
}

/* The idle connection that comes next in turn, so that all of them are used. */
static struct connection *idle(void)
{
    static int cursor;
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
        cursor = (cursor + 1) % CONNECTIONS_MAX;
        if (connections[cursor].state == IDLE)
            return &connections[cursor];
    }
    return NULL;
}

static void start(enum kind kind, long due)
{
    struct connection *connection = kind == REQUEST ? idle() : NULL;
    if (connection == NULL) {
        connect_new(kind, due);
        return;
    }
    connection->due_nanos = due;
    if (late_count < SAMPLES_MAX)
        late_nanos[late_count++] = now_nanos() - due;
    ask(connection);
}

static void on_event(struct connection *connection, uint32_t events)
{
    if (connection->state == FREE)
        return;
    if (connection->state == CONNECTING && events & EPOLLOUT && !(events & EPOLLERR)) {
        watch(epoll, EPOLL_CTL_MOD, connection->fd, EPOLLIN, connection - connections);
        if (connection->due_nanos > 0)
            ask(connection);
        else
            connection->state = IDLE;
        return;
    }
    receive(connection);
}

/* ---- the schedule */

/* Marsaglia's xorshift64; 0.5 to 1.5 times what the rate says. */
static long interval(long rate)
{
    static uint64_t state = 88172645463325252ULL;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (long)(NANOS_PER_SECOND / rate * (0.5 + (double)(state >> 11) / (1ULL << 53)));
}

/* What happens until then. */
static void wait_until(long nanos)
{
    struct epoll_event events[64];
    long wait = nanos - now_nanos();
    struct timespec timeout = {wait / NANOS_PER_SECOND, wait % NANOS_PER_SECOND};
    if (wait < 0)
        timeout = (struct timespec){0, 0};
    int count = epoll_pwait2(epoll, events, 64, &timeout, NULL);
    for (int i = 0; i < count; i++)
        on_event(&connections[events[i].data.u32], events[i].events);
}

static int waiting_count(void)
{
    int count = 0;
    for (int i = 0; i < CONNECTIONS_MAX; i++)
        count += connections[i].state == CONNECTING || connections[i].state == ASKED;
    return count;
}

/* Waits for every answer that is due, but not without end. */
static void wait_for_answers(void)
{
    long end = now_nanos() + GRACE_NANOS;
    while (now_nanos() < end && waiting_count() > 0)
        wait_until(now_nanos() + NANOS_PER_MILLI);
}

static void run(long seconds, const long rates[KINDS])
{
    long now = now_nanos();
    long end = now + seconds * NANOS_PER_SECOND;
    long due[KINDS];
    for (int kind = 0; kind < KINDS; kind++)
        due[kind] = now + interval(rates[kind]);
    while (now < end) {
        for (int kind = 0; kind < KINDS; kind++)
            while (due[kind] <= now) {
                start(kind, due[kind]);
                due[kind] += interval(rates[kind]);
            }
        wait_until(due[REQUEST] < due[CONNECT] ? due[REQUEST] : due[CONNECT]);
        now = now_nanos();
    }
    wait_for_answers();
    for (int i = 0; i < CONNECTIONS_MAX; i++)
        if (connections[i].state == CONNECTING || connections[i].state == ASKED)
            failed_now(&connections[i]);
}

/* Ahead of the attacker, with which it shares a CPU. */
static const char *take_priority(void)
{
    struct sched_param priority = {.sched_priority = 50};
    prctl(PR_SET_TIMERSLACK, 1);
    if (sched_setscheduler(0, SCHED_FIFO, &priority) == 0)
        return "SCHED_FIFO";
    return setpriority(PRIO_PROCESS, 0, -20) == 0 ? "nice -20" : "none";
}

static void print_list(const char *name, const long *nanos, long count)
{
    printf("\"%s\": [", name);
    for (long i = 0; i < count; i++)
        printf("%s%ld", i == 0 ? "" : ", ", nanos[i]);
    printf("]");
}

int main(int argc, char **argv)
{
    port = number(argc, argv, "port");
    long rates[KINDS] = {number(argc, argv, "requests"), number(argc, argv, "connects")};
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: probe\r\n\r\n",
             option(argc, argv, "path"));
    for (int kind = 0; kind < KINDS; kind++)
        times[kind].nanos = malloc(SAMPLES_MAX * sizeof(long));
    late_nanos = malloc(SAMPLES_MAX * sizeof(long));
    const char *priority = take_priority();
    epoll = epoll_create1(0);
    if (epoll < 0)
        fail("epoll_create1", errno);
    for (long i = number(argc, argv, "connections"); i > 0; i--)
        connect_new(REQUEST, 0);
    wait_for_answers();
    run(number(argc, argv, "seconds"), rates);
    printf("{\"priority\": \"%s\", ", priority);
    print_list("requests", times[REQUEST].nanos, times[REQUEST].count);
    printf(", ");
    print_list("connects", times[CONNECT].nanos, times[CONNECT].count);
    printf(", ");
    print_list("late", late_nanos, late_count);
    printf(", \"failed_requests\": %ld, \"failed_connects\": %ld}\n", times[REQUEST].failed,
           times[CONNECT].failed);
    return 0;
}
