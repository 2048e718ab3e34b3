#!/usr/bin/env python3
"""What slow readers of a large file cost a server in memory, or those who ask it something else in time.

    loadtest/readers.py [--readers 100] [--size 1G] NAME='command with {port} and {root}' ...
    loadtest/readers.py --beside /plaintext --path /static/1G NAME='...' ...

Each reader takes 64 KiB every 50 ms through a small receive buffer. One comes and goes, so that the server has
loaded its classes; then all of them, twice: the first time some of what they add is compiled code and
the compiler's memory. RSS is read from /proc/PID/smaps_rollup before and while they read. The sockets' buffers
are the kernel's, and not in it.

With --beside, wrk asks for that path from 64 connections, by turns alone and beside the readers, which share its
CPU; the figures are p99s. The functions here are used by files.py, too. Needs Linux, taskset and two CPUs, and
wrk for --beside.
"""
import argparse
import os
import re
import selectors
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

from programs import bytes_of, end_on_signals, family, make_file, need, say
from servers import WRK_CPU, Server, load, spread

SLOW_BYTES, SLOW_SECONDS = 1 << 16, 0.05
COLD_REQUESTS, COLD_BYTES_MAX = 20, 1 << 30
READ_SECONDS_MAX = 60
SETTLE_SECONDS = 2
WARM_UP_SECONDS = 5


def request(path):
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def read_slowly(port, path, connections, seconds, look=lambda: None):
    """Connections that take 64 KiB every 50 ms each. Returns the bytes of all, and what was seen
    when they had been reading for a while."""
    os.sched_setaffinity(0, {int(WRK_CPU)})
    selector = selectors.DefaultSelector()
    taken = 0
    for _ in range(connections):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SLOW_BYTES)
        client.connect(("127.0.0.1", port))
        client.send(request(path))
        client.setblocking(False)
        selector.register(client, selectors.EVENT_READ)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        due = time.monotonic() + SLOW_SECONDS
        for key, _ in selector.select(0):
            data = key.fileobj.recv(SLOW_BYTES)
            if not data:
                sys.exit(f"the server has closed the connection of a slow reader of {path}")
            taken += len(data)
        time.sleep(max(due - time.monotonic(), 0))
    seen = look()
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return taken, seen


def read_cold(port, path, file, size):
    """One request after another for a file that is not in the page cache; returns how many."""
    os.sched_setaffinity(0, {int(WRK_CPU)})
    requests = max(1, min(COLD_REQUESTS, COLD_BYTES_MAX // max(size, 1)))
    with socket.create_connection(("127.0.0.1", port), READ_SECONDS_MAX) as client:
        buffer = memoryview(bytearray(1 << 20))
        for _ in range(requests):
            with open(file, "rb") as evicted:
                os.posix_fadvise(evicted.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            client.sendall(request(path))
            head = b""
            while b"\r\n\r\n" not in head:
                byte = client.recv(1)
                if not byte:
                    sys.exit(f"the server ended the connection within a head, for {path}")
                head += byte
            left = size
            while left:
                received = client.recv_into(buffer[: min(left, len(buffer))])
                if not received:
                    sys.exit(f"the server ended the connection with {left} bytes of {path} to send")
                left -= received
    return requests


def rss_kib(pid):
    rollups = (Path(f"/proc/{member}/smaps_rollup").read_text() for member in family(pid))
    return sum(int(re.search(r"^Rss:\s+(\d+)", rollup, re.M).group(1)) for rollup in rollups)


def measure(command, options, root):
    server = Server(command.replace("{root}", str(root)))
    try:
        pid = server.process.pid
        seen = []
        for readers in (1, options.readers, options.readers):
            seen.append(rss_kib(pid))
            _, reading = read_slowly(
                server.port, options.path, readers, options.seconds, lambda: rss_kib(pid)
            )
            seen.append(reading)
            time.sleep(SETTLE_SECONDS)
        return seen[2:]
    finally:
        server.kill()


def measure_beside(command, options, root):
    """p99s in microseconds of who asks for something else: alone, and beside the readers."""
    server = Server(command.replace("{root}", str(root)))
    asking = SimpleNamespace(
        path=options.beside, connections=64, header=[], seconds=int(options.seconds)
    )
    alone, beside = [], []
    try:
        load(server.port, asking, WARM_UP_SECONDS, None)
        for _ in range(options.turns):
            alone.append(server.turn(asking, None).p99_us)
            seconds = options.seconds + 2 * SETTLE_SECONDS
            reading = (server.port, options.path, options.readers, seconds)
            readers = threading.Thread(target=read_slowly, args=reading)
            readers.start()
            time.sleep(SETTLE_SECONDS)
            beside.append(server.turn(asking, None).p99_us)
            readers.join()
        return alone, beside
    finally:
        server.kill()


def tell_beside(options, root):
    for spec in options.servers:
        name, command = spec.split("=", 1)
        say(f"{name}: {options.beside} alone and beside {options.readers} readers ...")
        alone, beside = measure_beside(command, options, root)
        ratios = [with_them / without for with_them, without in zip(beside, alone)]
        print(
            f"{name:<12} p99 us alone {spread(alone)}, beside them {spread(beside)},"
            f" ratio {spread(ratios)}",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--size", default="1G")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--path", help="of the file, if it is not /SIZE")
    parser.add_argument("--beside", metavar="PATH", help="what else is asked for: p99s, not memory")
    parser.add_argument("--turns", type=int, default=5, help="with --beside")
    parser.add_argument("--files", default=None, metavar="DIR", help="where to make the file")
    parser.add_argument("servers", nargs="+", metavar="NAME='command with {port} and {root}'")
    options = parser.parse_args()
    end_on_signals()
    options.path = options.path or f"/{options.size}"
    if options.beside:
        need("wrk", "wrk")
    with tempfile.TemporaryDirectory(dir=options.files) as directory:
        root = Path(directory)
        root.chmod(0o755)
        say("making the file ...")
        make_file(root / options.size, bytes_of(options.size))
        if options.beside:
            tell_beside(options, root)
            return
        print(
            f"{'RSS KiB':<12}{'before':>10}{'reading':>10}{'difference':>12}"
            f"{'again':>10}{'reading':>10}{'difference':>12}"
        )
        for spec in options.servers:
            name, command = spec.split("=", 1)
            say(f"{name}: 1 reader, then {options.readers} twice, {options.seconds:.0f} s each ...")
            before, reading, again, reading_again = measure(command, options, root)
            print(
                f"{name:<12}{before:>10,}{reading:>10,}{reading - before:>12,}"
                f"{again:>10,}{reading_again:>10,}{reading_again - again:>12,}",
                flush=True,
            )


if __name__ == "__main__":
    main()
