/*
 * The attacker: many connections that all follow one script, and a tally of how the server ended
 * them. What an attack is is told by the options:
 *
 *   --port P --seconds S
 *   --connections N    that are open at once; each that has ended is followed by another
 *   --open-rate R      connections opened in a second; 0: as many as it can
 *   --sources N        addresses that they come from
 *   --head TEXT        what is sent as soon as a connection is open, then
 *   --repeat TEXT      again and again,
 *   --times N          so many times; -1: without end
 *   --piece BYTES      of the repeated text that are sent at once
 *   --rate R           pieces in a second, over all connections in turn; 0: as many as it can
 *   --read HOW         all, none, or so many bytes with each step of --rate
 *   --receive-buffer B bytes; 0: the kernel's default
 *   --hold MILLIS      after which a connection is reset; 0: once it is open; -1: never
 *
 * Prints its figures as JSON when its time is over.
 */
#define _GNU_SOURCE
#include "common.h"

enum { EVENTS = 256, BLOCK_BYTES = 1 << 16, READ_BYTES = 1 << 16, STATUS_MAX = 600 };
enum { HEADING_BYTES = 12 }; /* HTTP/1.1 200 */
enum { CLOSED, RESET, ENDINGS }; /* how the server ends a connection */

enum state { FREE, CONNECTING, OPEN };

struct connection {
    int fd;
    enum state state;
    int heading_bytes;
    long sent;
    long opened_nanos;
    char heading[HEADING_BYTES + 1];
};

static struct {
    int port, connections, open_rate, sources, receive_buffer;
    long times, piece, rate, read_bytes, hold_nanos;
    bool reads_all;
} how;

static struct {
    char *head, *block;
    long head_bytes, repeat_bytes, block_bytes, total_bytes; /* total: -1 without end */
} script;

static struct {
    long opened, refused, unable, steps, sent_bytes, received_bytes, open_peak;
    long ended[STATUS_MAX][ENDINGS];
} tally;

static struct connection *connections;
static int *free_slots;
static int free_count;
static int epoll;
static char scratch[READ_BYTES];

/* ---- the script */

/* The text with \r and \n as written in a program. */
static char *unescaped(const char *text)
{
    char *result = malloc(strlen(text) + 1);
    char *end = result;
    for (const char *at = text; *at != 0; at++) {
        if (*at == '\\' && at[1] != 0)
            *end++ = *++at == 'r' ? '\r' : *at == 'n' ? '\n' : *at;
        else
            *end++ = *at;
    }
    *end = 0;
    return result;
}

/* Repeated so often that a piece is one write wherever in the block it starts. */
static void write_script(const char *head, const char *repeat)
{
    script.head = unescaped(head);
    script.head_bytes = strlen(script.head);
    char *once = unescaped(repeat);
    script.repeat_bytes = strlen(once);
    bool endless = script.repeat_bytes > 0 && how.times < 0;
    script.total_bytes = endless ? -1 : script.head_bytes + script.repeat_bytes * how.times;
    if (script.repeat_bytes == 0)
        return;
    long copies = (how.piece + BLOCK_BYTES) / script.repeat_bytes + 2;
    script.block_bytes = copies * script.repeat_bytes;
    script.block = malloc(script.block_bytes);
    for (long i = 0; i < copies; i++)
        memcpy(script.block + i * script.repeat_bytes, once, script.repeat_bytes);
}

static bool has_more(struct connection *connection)
{
    return script.total_bytes < 0 || connection->sent < script.total_bytes;
}

/* Sends the next piece, or what the socket takes of it. */
static void send_piece(struct connection *connection)
{
    long at = connection->sent;
    const char *from = script.head + at;
    long bytes = script.head_bytes - at;
    if (bytes <= 0) {
        long left = script.total_bytes < 0 ? how.piece : script.total_bytes - at;
        from = script.block + (at - script.head_bytes) % script.repeat_bytes;
        bytes = left < how.piece ? left : how.piece;
    }
    ssize_t sent = send(connection->fd, from, bytes, MSG_NOSIGNAL);
    if (sent <= 0)
        return;
    connection->sent += sent;
    tally.sent_bytes += sent;
    tally.steps++;
}

/* ---- connections */

static uint32_t events_of(struct connection *connection)
{
    uint32_t reads = how.reads_all ? EPOLLIN | EPOLLRDHUP : EPOLLRDHUP;
    bool writes = connection->state == CONNECTING || (how.rate == 0 && has_more(connection));
    return writes ? reads | EPOLLOUT : reads;
}

static void release(struct connection *connection)
{
    connection->state = FREE;
    free_slots[free_count++] = connection - connections;
}

static void give_up(struct connection *connection)
{
    close_with_reset(connection->fd);
    release(connection);
}

static void ended(struct connection *connection, int ending)
{
    int status = 0;
    if (connection->heading_bytes == HEADING_BYTES)
        status = atoi(connection->heading + strlen("HTTP/1.1 "));
    tally.ended[status < STATUS_MAX ? status : 0][ending]++;
    give_up(connection);
}

/* Reads up to so many bytes; false when the server has ended the connection. */
static bool receive(struct connection *connection, long bytes)
{
    ssize_t got = recv(connection->fd, scratch, bytes < READ_BYTES ? bytes : READ_BYTES, 0);
    if (got > 0) {
        tally.received_bytes += got;
        int wanted = HEADING_BYTES - connection->heading_bytes;
        int taken = got < wanted ? (int)got : wanted;
        memcpy(connection->heading + connection->heading_bytes, scratch, taken);
        connection->heading_bytes += taken;
        return true;
    }
    if (got < 0 && errno == EAGAIN)
        return true;
    ended(connection, got == 0 ? CLOSED : RESET);
    return false;
}

static void opened(struct connection *connection)
{
    tally.opened++;
    int open = how.connections - free_count;
    if (open > tally.open_peak)
        tally.open_peak = open;
    connection->state = OPEN;
    if (how.hold_nanos == 0) {
        give_up(connection);
        return;
    }
    if (script.head_bytes > 0)
        send_piece(connection);
    watch(epoll, EPOLL_CTL_MOD, connection->fd, events_of(connection), connection - connections);
}

/* On loopback a connection is mostly there before connect(2) returns. */
static bool is_open(int fd)
{
    struct tcp_info info;
    socklen_t length = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0
        && info.tcpi_state == TCP_ESTABLISHED;
}

static bool open_one(long now)
{
    static int source;
    int fd = connect_from(source++ % how.sources, how.port, how.receive_buffer);
    if (fd < 0) {
        if (fd == -ECONNREFUSED)
            tally.refused++;
        else
            tally.unable++;
        return false;
    }
    struct connection *connection = &connections[free_slots[--free_count]];
    *connection = (struct connection){.fd = fd, .state = CONNECTING, .opened_nanos = now};
    if (how.hold_nanos == 0 && is_open(fd)) {
        opened(connection);
        return true;
    }
    watch(epoll, EPOLL_CTL_ADD, fd, events_of(connection), connection - connections);
    return true;
}

static void on_event(struct connection *connection, uint32_t events)
{
    if (connection->state == FREE)
        return;
    if (connection->state == CONNECTING) {
        if (events & (EPOLLERR | EPOLLHUP)) {
            tally.refused++;
            give_up(connection);
            return;
        }
        opened(connection);
        return;
    }
    /* What was said last tells why: all of it is read when the server has ended. */
    bool over = events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
    bool reads = over || (events & EPOLLIN && how.reads_all);
    if (reads && !receive(connection, READ_BYTES))
        return;
    if (over && !how.reads_all) {
        while (receive(connection, READ_BYTES) && errno != EAGAIN)
            ;
        return;
    }
    if (events & EPOLLOUT) {
        send_piece(connection);
        if (!has_more(connection))
            watch(epoll, EPOLL_CTL_MOD, connection->fd, events_of(connection),
                  connection - connections);
    }
}

/* ---- what is done as time goes on */

/* How many have become due since the last call, of `rate` in a second; 0 is without a limit. */
static long due(long rate, long now, long *done, long start, long unlimited)
{
    if (rate == 0)
        return unlimited;
    long count = (long)((double)(now - start) * rate / NANOS_PER_SECOND) - *done;
    *done += count;
    return count;
}

static void step(struct connection *connection)
{
    if (how.read_bytes > 0)
        if (!receive(connection, how.read_bytes))
            return;
    if (has_more(connection))
        send_piece(connection);
}

/* The next connections in turn. */
static void step_in_turn(long count)
{
    static int cursor;
    for (int looked = 0; count > 0 && looked < how.connections; looked++) {
        struct connection *connection = &connections[cursor];
        cursor = (cursor + 1) % how.connections;
        if (connection->state != OPEN)
            continue;
        step(connection);
        count--;
    }
}

static void reset_overdue(long now)
{
    for (int i = 0; how.hold_nanos > 0 && i < how.connections; i++)
        if (connections[i].state == OPEN && now - connections[i].opened_nanos > how.hold_nanos)
            give_up(&connections[i]);
}

static void run(long seconds)
{
    struct epoll_event events[EVENTS];
    long start = now_nanos();
    long now = start;
    long opens_done = 0, steps_done = 0;
    for (long turn = 0; now - start < seconds * NANOS_PER_SECOND; turn++) {
        for (long i = due(how.open_rate, now, &opens_done, start, EVENTS); i > 0; i--)
            if (free_count == 0 || !open_one(now))
                break;
        if (how.rate > 0)
            step_in_turn(due(how.rate, now, &steps_done, start, 0));
        if (turn % 16 == 0)
            reset_overdue(now);
        bool flood = how.open_rate == 0 && free_count > 0;
        int count = epoll_wait(epoll, events, EVENTS, flood ? 0 : 1);
        for (int i = 0; i < count; i++)
            on_event(&connections[events[i].data.u32], events[i].events);
        now = now_nanos();
    }
}

static void print_tally(long seconds)
{
    printf("{\"seconds\": %ld, \"opened\": %ld, \"open_at_end\": %d, \"open_peak\": %ld, "
           "\"refused\": %ld, \"unable\": %ld, \"steps\": %ld, \"sent_bytes\": %ld, "
           "\"received_bytes\": %ld, \"ended\": {",
           seconds, tally.opened, how.connections - free_count, tally.open_peak, tally.refused,
           tally.unable, tally.steps, tally.sent_bytes, tally.received_bytes);
    const char *separator = "";
    for (int status = 0; status < STATUS_MAX; status++)
        for (int ending = 0; ending < ENDINGS; ending++)
            if (tally.ended[status][ending] > 0) {
                printf("%s\"%03d %s\": %ld", separator, status,
                       ending == CLOSED ? "closed" : "reset", tally.ended[status][ending]);
                separator = ", ";
            }
    printf("}}\n");
}

int main(int argc, char **argv)
{
    how.port = number(argc, argv, "port");
    how.connections = number(argc, argv, "connections");
    how.open_rate = number(argc, argv, "open-rate");
    how.sources = number(argc, argv, "sources");
    how.times = number(argc, argv, "times");
    how.piece = number(argc, argv, "piece");
    how.rate = number(argc, argv, "rate");
    how.receive_buffer = number(argc, argv, "receive-buffer");
    how.hold_nanos = number(argc, argv, "hold") * NANOS_PER_MILLI;
    const char *read = option(argc, argv, "read");
    how.reads_all = strcmp(read, "all") == 0;
    how.read_bytes = atol(read);
    write_script(option(argc, argv, "head"), option(argc, argv, "repeat"));
    long seconds = number(argc, argv, "seconds");

    connections = calloc(how.connections, sizeof *connections);
    free_slots = malloc(how.connections * sizeof *free_slots);
    for (int i = how.connections; i > 0; i--)
        free_slots[free_count++] = i - 1;
    epoll = epoll_create1(0);
    if (epoll < 0)
        fail("epoll_create1", errno);
    run(seconds);
    print_tally(seconds);
    return 0;
}
