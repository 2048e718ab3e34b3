/* What echo.c does, on epoll: readiness, then a read(2) and a write(2) for each message. */
#include <sys/epoll.h>
#include <unistd.h>

#include "bench.h"

enum { MESSAGE_BYTES = 64, EVENTS = 256 };

struct echo {
    int epoll;
    struct epoll_event events[EVENTS];
};

static long run(void *bench, int turns)
{
    struct echo *echo = bench;
    char message[MESSAGE_BYTES];
    long received = 0;
    for (int turn = 0; turn < turns; turn++) {
        int ready = epoll_wait(echo->epoll, echo->events, EVENTS, -1);
        if (ready < 0)
            fail("epoll_wait", errno);
        for (int i = 0; i < ready; i++) {
            int fd = echo->events[i].data.fd;
            if (read(fd, message, MESSAGE_BYTES) != MESSAGE_BYTES)
                fail("torn message", EIO);
            if (write(fd, message, MESSAGE_BYTES) != MESSAGE_BYTES)
                fail("write", EIO);
        }
        received += ready;
    }
    return received;
}

int main(int argc, char **argv)
{
    static struct echo echo;
    int *sockets;
    int count = numbers(argc, argv, "sockets", &sockets);
    echo.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (echo.epoll < 0)
        fail("epoll_create1", errno);
    for (int socket = 0; socket < count; socket++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = sockets[socket]};
        if (epoll_ctl(echo.epoll, EPOLL_CTL_ADD, sockets[socket], &event) < 0)
            fail("epoll_ctl", errno);
    }
    static const char message[MESSAGE_BYTES];
    for (int socket = 0; socket < count; socket += 2)
        if (write(sockets[socket], message, MESSAGE_BYTES) != MESSAGE_BYTES)
            fail("write", EIO);
    measure(argc, argv, run, &echo, 0, 0, 0);
    return 0;
}
