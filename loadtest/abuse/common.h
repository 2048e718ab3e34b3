/*
 * What the attacker and the probe share, beside the options and clocks of bench.h.
 */
#ifndef TORC_ABUSE_COMMON_H
#define TORC_ABUSE_COMMON_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../ring/bench.h"

#define NANOS_PER_SECOND 1000000000L
#define NANOS_PER_MILLI 1000000L

/* ---- the clock */

static inline long now_nanos(void)
{
    return clock_nanos(CLOCK_MONOTONIC);
}

/* ---- connections */

static inline void watch(int epoll, int operation, int fd, uint32_t events, uint32_t index)
{
    struct epoll_event event = {.events = events, .data.u32 = index};
    if (epoll_ctl(epoll, operation, fd, &event) < 0)
        fail("epoll_ctl", errno);
}

/* At once, by a reset: leaves nothing in TIME_WAIT. */
static inline void close_with_reset(int fd)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(fd);
}

static inline int failed(int fd)
{
    int error = errno;
    close(fd);
    return -error;
}

/*
 * A socket that connects, or -errno. It comes from 127.0.0.(1 + source): one address has 28,000
 * ports. A receive buffer of 0 bytes is the kernel's default.
 */
static inline int connect_from(int source, int port, int receive_buffer)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (receive_buffer > 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)source);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return failed(fd);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    int result = connect(fd, (struct sockaddr *)&address, sizeof address);
    return result == 0 || errno == EINPROGRESS ? fd : failed(fd);
}

#endif
