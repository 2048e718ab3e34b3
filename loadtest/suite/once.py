"""What is measured of servers that have just been started: time to the first answer, and memory."""

import resource
import socket
import statistics
import time
from contextlib import ExitStack

from suite.failure import Failed
from suite.running import Running
from usage import rss_bytes

STARTS = 5
IDLE_CONNECTIONS = 10_000
SPARE_FILES = 500
WARM_UP_CONNECTIONS = 1000  # that come and go before
CONNECTIONS_OF_ONE_ADDRESS = 20_000
WARM_UP_REQUESTS = 3000
SETTLE_SECONDS = 0.5
IP_BIND_ADDRESS_NO_PORT = 24  # ip(7): the port is chosen when it connects
REQUEST = b"GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def startup(title, command, cpus, starts=STARTS):
    """Milliseconds from exec to the first byte of the first answer, of several starts."""
    taken = []
    for _ in range(starts):
        with Running(title, command, cpus) as server:
            taken.append(server.first_answer() * 1e3)
    return {"milliseconds": statistics.median(taken), "all": taken}


def ask(client):
    client.sendall(REQUEST)
    head = client.recv(4096)
    if not head.startswith(b"HTTP/1.1 200"):
        raise Failed(f"an idle connection was answered {head[:40]!r}")


def connect(port, number):
    client = socket.socket()
    client.settimeout(10)
    client.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    client.bind((f"127.0.0.{2 + number // CONNECTIONS_OF_ONE_ADDRESS}", 0))
    client.connect(("127.0.0.1", port))
    return client


def connect_and_ask(port, count, open_clients):
    clients = []
    for number in range(count):
        clients.append(open_clients.enter_context(connect(port, number)))
        ask(clients[-1])
    return clients


def idle(title, command, cpus):
    """Bytes of resident memory for each connection that has been answered once and stays open. What
    the kernel keeps for its sockets is not in it."""
    count = min(IDLE_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES)
    with Running(title, command, cpus) as server, ExitStack() as open_clients:
        server.first_answer()
        try:
            with connect(server.port, 0) as client:
                for _ in range(WARM_UP_REQUESTS):
                    ask(client)
            with ExitStack() as short_lived:
                connect_and_ask(server.port, WARM_UP_CONNECTIONS, short_lived)
            time.sleep(SETTLE_SECONDS)
            before = rss_bytes(server.pid)
            clients = connect_and_ask(server.port, count, open_clients)
            time.sleep(SETTLE_SECONDS)
            after = rss_bytes(server.pid)
            for client in clients[:: max(1, count // 100)]:
                ask(client)  # none has been closed meanwhile
        except OSError as broken:
            server.alive("while connections were idle")
            raise Failed(f"an idle connection broke: {broken!r}") from None
    return {
        "connections": count,
        "bytes_each": (after - before) / count,
        "rss_before_bytes": before,
        "rss_bytes": after,
    }
