"""Servers that the benchmarks here load in turns: how they are started, loaded with wrk, and what that
costs them."""
import os
import re
import shlex
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from programs import free_port
from usage import busy_seconds, cpu_seconds, rss_bytes

SERVER_CPU, WRK_CPU = "0", "1"


@dataclass
class Turn:
    rps: float
    cpu_us: float
    busy_us: float  # of the whole machine, for each request
    p99_us: float
    rss_mib: float
    problem: str


def wait_until_listening(port, process, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def load(port, options, seconds, script):
    command = ["taskset", "-c", WRK_CPU, "wrk", "-t1", f"-c{options.connections}", f"-d{seconds}s"]
    command += ["--latency", "--timeout", "20s"]
    for header in options.header:
        command += ["-H", header]
    if script:
        command += ["-s", script]
    command.append(f"http://127.0.0.1:{port}{options.path}")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"wrk failed: {done.stderr.strip()}")
    return done.stdout


def microseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 1, "ms": 1e3, "s": 1e6, "m": 6e7}[unit]


class Server:
    """One server, from its start to its end."""

    def __init__(self, command):
        """A line or a list of words, which say where the port goes."""
        self.port = free_port()
        self.said = tempfile.TemporaryFile("w+")
        words = shlex.split(command) if isinstance(command, str) else command
        arguments = [word.replace("{port}", str(self.port)) for word in words]
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CPU, *arguments],
            stdout=self.said,
            stderr=self.said,
            start_new_session=True,
        )
        if not wait_until_listening(self.port, self.process):
            self.kill()
            self.said.seek(0)
            sys.exit(f"does not listen: {command}\n{self.said.read()}")

    def turn(self, options, script):
        before = cpu_seconds(self.process.pid)
        busy = busy_seconds()
        out = load(self.port, options, options.seconds, script)
        busy = busy_seconds() - busy
        spent = cpu_seconds(self.process.pid) - before
        requests = max(int(re.search(r"(\d+) requests in", out).group(1)), 1)
        problem = re.search(r"Non-2xx.*|Socket errors.*", out)
        return Turn(
            rps=float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
            cpu_us=spent / requests * 1e6,
            busy_us=busy / requests * 1e6,
            p99_us=microseconds(re.search(r"^\s+99%\s+(\S+)", out, re.M).group(1)),
            rss_mib=rss_bytes(self.process.pid) / (1 << 20),
            problem=problem.group(0) if problem else "",
        )

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it has ended by itself
        self.process.wait()


def measure(commands, turns, options, script):
    """One round: adds the turns of each server to `turns`."""
    servers = {}
    try:
        for name, command in commands.items():
            servers[name] = Server(command)
            load(servers[name].port, options, options.warm_up, script)
        for number in range(options.turns):
            # Every other turn the other way round, in case one server's end slows the next.
            order = list(servers) if number % 2 == 0 else list(reversed(servers))
            for name in order:
                turns[name].append(servers[name].turn(options, script))
    finally:
        for server in servers.values():
            server.kill()


def spread(values):
    """Median and quartiles."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{middle:.3f} [{low:.3f}-{high:.3f}]"
