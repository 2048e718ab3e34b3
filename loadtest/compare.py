#!/usr/bin/env python3
"""Measures HTTP servers side by side with wrk: requests per second and CPU time per request.

    loadtest/compare.py [options] NAME='command with {port}' ...

Each server is started on CPU 0 and loaded by wrk on CPU 1, in turn, for several rounds; the table
has the medians over the rounds, and the spread of the CPU time. Everything stays on loopback.

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

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
SERVER_CPU, WRK_CPU = "0", "1"


@dataclass
class Round:
    rps: float
    cpu_us: float
    p99_us: float
    rss_mib: float
    problem: str


def family(pid):
    """The process and all its descendants."""
    todo = [pid]
    while todo:
        current = todo.pop()
        yield current
        try:
            for thread in os.listdir(f"/proc/{current}/task"):
                with open(f"/proc/{current}/task/{thread}/children") as children:
                    todo += [int(child) for child in children.read().split()]
        except FileNotFoundError:
            pass


def cpu_seconds(pid):
    total = 0
    for member in family(pid):
        try:
            with open(f"/proc/{member}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except FileNotFoundError:
            pass
    return total / TICKS_PER_SECOND


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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_listening(port, process, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def pipelining_script(options):
    script = tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False)
    with script:
        script.write(
            "init = function(args)\n"
            f"  local one = wrk.format(nil, '{options.path}')\n"
            f"  batch = string.rep(one, {options.pipeline})\n"
            "end\n"
            "request = function() return batch end\n"
        )
    return script.name


def load(port, options, seconds, script):
    command = ["taskset", "-c", WRK_CPU, "wrk", "-t1", f"-c{options.connections}", f"-d{seconds}s"]
    command += ["--latency", "--timeout", "5s"]
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


def measure(command, options, script):
    port = free_port()
    arguments = ["taskset", "-c", SERVER_CPU, *shlex.split(command.replace("{port}", str(port)))]
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(arguments, stdout=said, stderr=said, start_new_session=True)
        try:
            if not wait_until_listening(port, server):
                said.seek(0)
                sys.exit(f"does not listen: {command}\n{said.read()}")
            load(port, options, options.warm_up, script)
            before = cpu_seconds(server.pid)
            out = load(port, options, options.seconds, script)
            spent = cpu_seconds(server.pid) - before
            memory = rss_mib(server.pid)
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    problem = re.search(r"Non-2xx.*|Socket errors.*", out)
    return Round(
        rps=float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
        cpu_us=spent / max(requests, 1) * 1e6,
        p99_us=microseconds(re.search(r"99%\s+(\S+)", out).group(1)),
        rss_mib=memory,
        problem=problem.group(0) if problem else "",
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="measured, in each round")
    parser.add_argument("--warm-up", type=int, default=8, help="seconds before, in each round")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--pipeline", type=int, default=1, help="requests sent at once")
    parser.add_argument("--path", default="/plaintext")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("servers", nargs="+", metavar="NAME='command with {port}'")
    options = parser.parse_args()
    script = pipelining_script(options) if options.pipeline > 1 else None

    servers = dict(spec.split("=", 1) for spec in options.servers)
    rounds = {name: [] for name in servers}
    for number in range(options.rounds):
        for name, command in servers.items():
            print(f"round {number + 1} of {options.rounds}: {name} ...", file=sys.stderr)
            rounds[name].append(measure(command, options, script))

    print(f"{'server':<16}{'req/s':>12}{'CPU us/req':>12}{'(spread)':>16}{'p99 us':>9}{'RSS MiB':>9}")
    for name, results in rounds.items():
        cpu = [result.cpu_us for result in results]

        def median(field):
            return statistics.median(getattr(result, field) for result in results)

        print(
            f"{name:<16}{median('rps'):>12,.0f}{statistics.median(cpu):>12.3f}"
            f"{f'{min(cpu):.3f}-{max(cpu):.3f}':>16}{median('p99_us'):>9,.0f}"
            f"{median('rss_mib'):>9,.0f}  {results[-1].problem}"
        )
    if script:
        os.unlink(script)


main()
