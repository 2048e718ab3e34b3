#!/usr/bin/env python3
"""A small HTTP server that goes wrong in the way it is told to: server.py MODE PORT."""

import asyncio
import os
import signal
import socket
import sys
import time

REQUESTS_BEFORE = 40  # it goes wrong
STALL_SECONDS = 0.5
served = 0


def answer(mode, last):
    global served
    served += 1
    status, body = "200 OK", b"Hello, World!"
    if mode == "wrong":
        body = b"Goodbye!"
    if mode == "errors" and served > REQUESTS_BEFORE:
        status = "503 Service Unavailable"
    if mode == "dies" and served > REQUESTS_BEFORE:
        os.kill(os.getpid(), signal.SIGKILL)
    if mode == "stalls" and served == REQUESTS_BEFORE:
        time.sleep(STALL_SECONDS)
    if mode == "slow":
        end = time.process_time() + 0.001
        while time.process_time() < end:
            pass
    close = "Connection: close\r\n" if last else ""
    head = f"HTTP/1.1 {status}\r\n{close}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Connection(asyncio.Protocol):
    def __init__(self, mode):
        self.mode = mode
        self.pending = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.pending += data
        while b"\r\n\r\n" in self.pending:
            head, _, self.pending = self.pending.partition(b"\r\n\r\n")
            last = b"connection: close" in head.lower()
            self.transport.write(answer(self.mode, last))
            if last:
                self.transport.close()


async def serve(mode, port):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(mode), "127.0.0.1", port)
    await server.serve_forever()


def main():
    mode, port = sys.argv[1], int(sys.argv[2])
    if mode == "refuses":
        sys.exit("the port is not to my liking")
    if mode == "deaf":
        listener = socket.create_server(("127.0.0.1", port))
        signal.pause()
        listener.close()
    asyncio.run(serve(mode, port))


main()
