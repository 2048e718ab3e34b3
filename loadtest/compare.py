#!/usr/bin/env python3
"""Measures HTTP servers side by side with wrk: requests per second and CPU time per request.

    loadtest/compare.py [options] NAME='command with {port}' ...

In each round all servers are started on CPU 0 and warmed up; then wrk on CPU 1 loads one after the
other, in short turns, so that what else the machine does meets all of them. The JIT compiles a
server anew in each round. The table has the medians of all turns, the quartiles of the CPU time, and
its ratio to the first server's in the same turn. Everything stays on loopback.

CPU time per request is the figure that tells servers apart: without pipelining wrk is usually the
first to run out of CPU.
"""
import argparse
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

from programs import family, free_port, threads

SERVER_CPU, WRK_CPU = "0", "1"


@dataclass
class Turn:
    rps: float
    cpu_us: float
    p99_us: float
    rss_mib: float
    problem: str


def cpu_seconds(pid):
    """What the process and its descendants have executed: the kernel counts it in nanoseconds."""
    total = 0
    for member in family(pid):
        for thread in threads(member):
            try:
                with open(f"/proc/{member}/task/{thread}/schedstat") as stat:
                    total += int(stat.read().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass
    return total / 1e9


def rss_mib(pid):
    total = 0
    for member in family(pid):
        try:
            with open(f"/proc/{member}/status") as status:
                found = re.search(r"VmRSS:\s+(\d+)", status.read())
            total += int(found.group(1)) if found else 0
        except FileNotFoundError:
            pass
    return total / 1024


def wait_until_listening(port, process, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def script_of(options):
    """The Lua script that makes wrk send what the options ask for, or None."""
    if options.body:
        lines = f"wrk.method = 'POST'\nwrk.body = string.rep('x', {options.body})\n"
    elif options.pipeline > 1:
        lines = (
            "init = function(args)\n"
            f"  local one = wrk.format(nil, '{options.path}')\n"
            f"  batch = string.rep(one, {options.pipeline})\n"
            "end\n"
            "request = function() return batch end\n"
        )
    else:
        return None
    script = tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False)
    with script:
        script.write(lines)
    return script.name


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
        self.port = free_port()
        self.said = tempfile.TemporaryFile("w+")
        arguments = shlex.split(command.replace("{port}", str(self.port)))
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
        out = load(self.port, options, options.seconds, script)
        spent = cpu_seconds(self.process.pid) - before
        requests = int(re.search(r"(\d+) requests in", out).group(1))
        problem = re.search(r"Non-2xx.*|Socket errors.*", out)
        return Turn(
            rps=float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
            cpu_us=spent / max(requests, 1) * 1e6,
            p99_us=microseconds(re.search(r"^\s+99%\s+(\S+)", out, re.M).group(1)),
            rss_mib=rss_mib(self.process.pid),
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


def print_table(turns):
    print(
        f"{'server':<16}{'req/s':>12}{'CPU us/req [quartiles]':>30}{'ratio [quartiles]':>24}"
        f"{'p99 us':>9}{'RSS MiB':>9}"
    )
    first = next(iter(turns.values()))
    for name, results in turns.items():
        ratios = [own.cpu_us / other.cpu_us for own, other in zip(results, first)]

        def median(field):
            return statistics.median(getattr(result, field) for result in results)

        problem = next((result.problem for result in results if result.problem), "")
        print(
            f"{name:<16}{median('rps'):>12,.0f}{spread([r.cpu_us for r in results]):>30}"
            f"{spread(ratios):>24}{median('p99_us'):>9,.0f}{median('rss_mib'):>9,.0f}  {problem}"
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="starts of each server")
    parser.add_argument("--turns", type=int, default=4, help="of each server, in a round")
    parser.add_argument("--seconds", type=int, default=2, help="of a turn")
    parser.add_argument("--warm-up", type=int, default=8, help="seconds before the turns")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--pipeline", type=int, default=1, help="requests sent at once")
    parser.add_argument("--body", type=int, default=0, help="POST a body of so many bytes")
    parser.add_argument("--path", default="/plaintext")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("servers", nargs="+", metavar="NAME='command with {port}'")
    options = parser.parse_args()
    if options.body and options.pipeline > 1:
        parser.error("--body and --pipeline exclude each other: a body is not pipelined")
    if options.rounds * options.turns < 2:
        parser.error("two turns are the least of which there are quartiles: raise --turns")
    script = script_of(options)

    commands = dict(spec.split("=", 1) for spec in options.servers)
    turns = {name: [] for name in commands}
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds} ...", file=sys.stderr)
        measure(commands, turns, options, script)
    print_table(turns)
    if script:
        os.unlink(script)


main()
