"""One server, from its start to its end."""

import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from programs import free_port
from suite.failure import Failed

START_SECONDS = 30
ANSWER_SECONDS = 20
STOP_SECONDS = 20
SAID_CHARACTERS = 600


class Running:
    """A process group of its own, pinned to CPUs. Use it in a `with`: then it is killed."""

    def __init__(self, title, command, cpus, start_seconds=START_SECONDS):
        """A command that has {port} where it goes, and {port2} if it takes another one."""
        self.title = title
        self.port = free_port()
        words = [word.replace("{port}", str(self.port)) for word in command]
        if any("{port2}" in word for word in words):
            second = str(free_port())
            words = [word.replace("{port2}", second) for word in words]
        self.output = tempfile.TemporaryFile("w+")
        self.start_seconds = start_seconds
        self.answer_seconds = ANSWER_SECONDS
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            ["taskset", "-c", cpus, *words],
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            start_new_session=True,
        )

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def first_answer(self, path="/plaintext"):
        """Waits for the first byte of an answer with status 200; seconds since the start."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
        while time.monotonic() < self.began + self.start_seconds:
            self.alive("before its first answer")
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as client:
                client.settimeout(self.answer_seconds)
                client.sendall(request)
                head = client.recv(64)
                if head.startswith(b"HTTP/1.1 200"):
                    return time.monotonic() - self.began
                if head:
                    raise Failed(f"its first answer was {head[:40]!r}")
            time.sleep(0.001)
        raise Failed(f"it did not answer within {self.start_seconds} s{self.last_words()}")

    def alive(self, when, wait_seconds=0):
        """Fails if it has ended, or does within a time."""
        try:
            code = self.process.wait(wait_seconds)
        except subprocess.TimeoutExpired:
            return
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        raise Failed(f"it ended {when} ({how}){self.last_words()}")

    def last_words(self):
        self.output.seek(0)
        said = self.output.read().strip()[-SAID_CHARACTERS:]
        return f"; it said: {said}" if said else ""

    def check(self, profile):
        """Asks once what is about to be measured; returns the header lines of a right answer."""
        expected = profile.answer
        if isinstance(expected, Path):
            expected = expected.read_bytes()
        method = "POST" if profile.body else "GET"
        headers = dict(profile.headers) | ({"Connection": "close"} if profile.requests_each else {})
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.answer_seconds)
        try:
            client.request(method, profile.path, profile.body or None, headers)
            answer = client.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as broken:
            self.alive(f"when it was asked for {method} {profile.path}")
            raise Failed(f"{method} {profile.path} was not answered: {broken!r}") from None
        finally:
            client.close()
        if answer.status != 200:
            raise Failed(f"{method} {profile.path} was answered with status {answer.status}")
        if expected is not None and body != expected:
            raise Failed(
                f"{method} {profile.path} was answered with {len(body)} bytes, {body[:60]!r}"
                f" instead of {len(expected)}, {expected[:60]!r}"
            )
        if profile.requests_each and answer.getheader("Connection", "").lower() != "close":
            raise Failed("it was asked to close the connection, and did not answer that it does")
        return {name.lower(): value for name, value in answer.getheaders()}

    def kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_SECONDS)
        self.output.close()
