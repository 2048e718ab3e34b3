#!/usr/bin/env python3
"""Attacks a running server, and measures what a well-behaved client beside the attack notices.

    loadtest/abuse.py [--transport uring|nio] [--attack NAME ...] [--secs S]
    loadtest/abuse.py --control         # attacks another server: what the attacker itself disturbs
    loadtest/abuse.py --nginx           # the same attacks on nginx, for comparison
    loadtest/abuse.py --list            # what each attack does

The server, `./torc demo` of this checkout with one shard, has CPU 0. The attacker and the probe share
CPU 1, the probe ahead of the attacker. The probe asks at a low, settled rate whatever the server does
(an open loop), on connections that it keeps and on new ones; an answer's time runs from when its
request was due to when the kernel has received it.

For each attack a server is started, and the probe's times are taken on it --rounds times, quiet and then
during the attack. Exits with 1 when the median of the ratios of their p99s is more than --ratio, when a
request of the probe fails, when the server's memory exceeds its bound, or when the server dies.

Everything is on loopback, and ends with the command. docs/abuse.md says more. Needs Linux, a JDK 25,
cc, taskset and two CPUs; for --nginx, nginx.
"""
import argparse
import json
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from programs import end_on_signals, family, free_port, say

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "loadtest" / "abuse"
SERVER_CPU, CLIENT_CPU = "0", "1"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
MIB = 1 << 20
DESCRIPTORS_SPARE = 1000
SAMPLE_SECONDS = 0.05
NICE = -10
HEAP_MIB = 256
PROBE = {"connections": 16, "requests": 400, "connects": 100, "path": "/plaintext"}

# What one shard holds at most with Limits.defaults(), and what the JVM takes beside its heap: see
# docs/limits.md.
NATIVE_BYTES = {"uring": 274_288_896, "nio": 268_566_528}
JVM_MIB = 60

HEAD = r"GET /plaintext HTTP/1.1\r\nHost: a\r\n"
REQUEST = HEAD + r"\r\n"
LARGE = r"GET /bytes/10000000 HTTP/1.1\r\nHost: a\r\n\r\n"
POST = r"POST /echo HTTP/1.1\r\nHost: a\r\n"
EVERYTHING = 65536  # a piece as large as a write is worth


@dataclass
class Attack:
    about: str
    connections: int
    open_rate: int = 0
    sources: int = 16
    head: str = ""
    repeat: str = ""
    times: int = -1
    piece: int = 1
    rate: int = 0
    read: str = "all"
    receive_buffer: int = 0
    hold: int = -1

    def arguments(self):
        return [text for key, value in vars(self).items() if key != "about" for text in
                (f"--{key.replace('_', '-')}", str(value))]


ATTACKS = {
    "slowloris": Attack(
        "5,000 connections, each sends a byte of a header every 2 seconds",
        5000, 2500, head=HEAD + "X-Slow: ", repeat="a", rate=2500,
    ),
    "slow-bodies": Attack(
        "2,000 requests whose bodies come a byte every 2 seconds",
        2000, 2000, head=POST + r"Content-Length: 100000\r\n\r\n", repeat="a", rate=1000,
    ),
    "slow-readers": Attack(
        "500 answers of 10 MB, each read at 1,000 bytes a second",
        500, 500, head=LARGE, rate=500, read="1000",
    ),
    "non-readers": Attack(
        "3,000 answers of 10 MB that nobody reads",
        3000, 1500, head=LARGE, rate=1, read="none", receive_buffer=4096,
    ),
    "endless-head": Attack(
        "header lines without end, on 50 connections, 64 MiB a second in all",
        50, 500, head=HEAD, repeat=r"X-Name: value\r\n", piece=EVERYTHING, rate=1000,
    ),
    "endless-extensions": Attack(
        "chunk extensions without end, on 50 connections, 64 MiB a second in all",
        50, 500, head=POST + r"Transfer-Encoding: chunked\r\n\r\n1", repeat=";name=value",
        piece=EVERYTHING, rate=1000,
    ),
    "head-flood": Attack(
        "header lines without end, on 50 connections, as fast as it goes",
        50, head=HEAD, repeat=r"X-Name: value\r\n", piece=EVERYTHING,
    ),
    "pipelined": Attack(
        "100,000 requests at once and no answer read, on 8 connections, anew every second",
        8, repeat=REQUEST, times=100_000, piece=EVERYTHING, read="none", hold=1000,
    ),
    "pipelined-read": Attack(
        "requests without end, their answers read, on 8 connections",
        8, repeat=REQUEST, piece=EVERYTHING,
    ),
    "resets": Attack(
        "5,000 connects and resets (SO_LINGER 0) a second", 64, 5000, hold=0,
    ),
    "reset-flood": Attack("connect and reset (SO_LINGER 0), as fast as it goes", 64, hold=0),
    "silent": Attack("15,000 connections that say nothing, 3,000 a second", 15_000, 3000),
    "tiny-segments": Attack(
        "requests a byte a segment on 500 connections, as fast as it goes", 500, repeat=REQUEST,
    ),
    "idle": Attack(
        "10,000 connections that have asked once and stay", 10_000, 2500, head=REQUEST,
    ),
}

NGINX = """
daemon off; master_process off; pid {scratch}/nginx.pid; error_log {scratch}/error.log;
worker_rlimit_nofile 65536;
events {{ worker_connections 30000; }}
http {{
    access_log off; default_type text/plain; root {scratch};
    client_body_temp_path {scratch}/body; proxy_temp_path {scratch}/proxy;
    fastcgi_temp_path {scratch}/f; uwsgi_temp_path {scratch}/u; scgi_temp_path {scratch}/s;
    keepalive_requests 1000000000; sendfile on;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location /plaintext {{ return 200 "Hello, World!"; }}
        location /echo {{ proxy_pass http://127.0.0.1:{port}/plaintext; }}
    }}
}}
"""


# ---- the server


def favour(process):
    """Ahead of what else the machine does, where it may: a process of its own session has its own
    share of the CPU (see autogroup in sched(7))."""
    try:
        with open(f"/proc/{process.pid}/autogroup", "w") as autogroup:
            autogroup.write(str(NICE))
    except OSError:
        pass


def tasks(pid, starts_with):
    """The threads of a process whose names start so."""
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/comm") as comm:
                if comm.read().startswith(starts_with):
                    yield int(task)
        except FileNotFoundError:
            pass


def ticks(path):
    """What a process or thread has taken of the CPU."""
    try:
        with open(path) as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])
    except (FileNotFoundError, ProcessLookupError):
        return 0


class Server:
    """A server on a CPU, in a process group of its own."""

    def __init__(self, options, scratch, cpu=SERVER_CPU):
        self.port = free_port()
        self.log = open(scratch / f"server-{self.port}.log", "w+")
        environment = dict(os.environ)
        if options.nginx:
            (scratch / "bytes").mkdir(exist_ok=True)
            (scratch / "bytes" / "10000000").write_bytes(bytes(10_000_000))
            config = scratch / "nginx.conf"
            config.write_text(NGINX.format(scratch=scratch, port=self.port))
            command = ["nginx", "-c", str(config), "-p", str(scratch)]
        elif options.server:
            command = shlex.split(options.server.replace("{port}", str(self.port)))
        else:
            given = environment.get("TORC_JAVA_OPTS", "")
            environment["TORC_JAVA_OPTS"] = f"-Xmx{HEAP_MIB}m {given}"
            command = [str(ROOT / "torc"), "demo", "--port", str(self.port), "--shards", "1"]
            command += ["--transport", options.transport]
        self.process = subprocess.Popen(
            ["taskset", "-c", cpu, *command],
            stdout=self.log, stderr=self.log, env=environment, start_new_session=True,
        )
        favour(self.process)
        if not self.wait_until_listening(300):
            said = self.said()
            self.stop()
            sys.exit(f"the server does not listen: {' '.join(command)}\n{said}")
        self.favour_shard()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def wait_until_listening(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.lives():
            if self.listens():
                return True
            time.sleep(0.05)
        return False

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 2).close()
            return True
        except OSError:
            return False

    def lives(self):
        return self.process.poll() is None

    def rss_mib(self):
        total = 0
        for member in family(self.process.pid):
            try:
                with open(f"/proc/{member}/statm") as statm:
                    total += int(statm.read().split()[1]) * PAGE_BYTES
            except (FileNotFoundError, ProcessLookupError):
                pass
        return total / MIB

    def cpu_seconds(self):
        members = family(self.process.pid)
        return sum(ticks(f"/proc/{member}/stat") for member in members) / TICKS_PER_SECOND

    def jit_seconds(self):
        """What the JVM's compiler has taken of the CPU that it shares with the shard."""
        pid = self.process.pid
        threads = [*tasks(pid, "C1 "), *tasks(pid, "C2 ")]
        return sum(ticks(f"/proc/{pid}/task/{one}/stat") for one in threads) / TICKS_PER_SECOND

    def favour_shard(self):
        """Ahead of the JVM's compiler: an attack must not look bad because its code is compiled."""
        try:
            for task in tasks(self.process.pid, "torc-shard"):
                os.setpriority(os.PRIO_PROCESS, task, NICE)
        except PermissionError:
            say("may not give the shard priority over the JVM's compiler")

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.log.close()


def kernel_mib():
    """What the kernel's TCP buffers hold, at both ends of all connections."""
    with open("/proc/net/sockstat") as sockstat:
        return int(re.search(r"TCP:.* mem (\d+)", sockstat.read()).group(1)) * PAGE_BYTES / MIB


# ---- the clients


def compile_clients(scratch):
    compiler = shutil.which(os.environ.get("CC", "cc")) or sys.exit("cc is missing: install gcc")
    for name in ("attack", "probe"):
        source = [str(SOURCES / f"{name}.c"), "-o", str(scratch / name)]
        done = subprocess.run([compiler, "-O2", "-std=c17", *source], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{name}.c does not compile:\n{done.stderr}")


def percentile(values, share):
    """In microseconds."""
    if not values:
        return float("nan")
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] / 1000


@dataclass
class Times:
    """What the probe has measured, in microseconds."""

    p50: dict
    p99: dict
    max: dict
    late: float
    failed: int
    priority: str

    @staticmethod
    def of(told):
        kinds = ("requests", "connects")
        return Times(
            p50={kind: percentile(told[kind], 0.5) for kind in kinds},
            p99={kind: percentile(told[kind], 0.99) for kind in kinds},
            max={kind: percentile(told[kind], 1) for kind in kinds},
            late=percentile(told["late"], 0.99),
            failed=told["failed_requests"] + told["failed_connects"],
            priority=told["priority"],
        )


@dataclass
class Round:
    quiet: Times
    under: Times
    rss: tuple  # before, peak, after
    kernel: float
    cpu: float
    attacker: dict
    alive: bool

    def ratio(self, kind):
        return self.under.p99[kind] / self.quiet.p99[kind]


class Field:
    """Where clients meet the server that is probed and its target, the one that is attacked."""

    def __init__(self, options, scratch, server, target):
        self.options, self.scratch, self.server, self.target = options, scratch, server, target
        self.clients = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client in self.clients:
            client.kill()
            client.wait()

    def client(self, name, server, seconds, *arguments):
        command = ["taskset", "-c", CLIENT_CPU, str(self.scratch / name)]
        command += ["--port", str(server.port), "--seconds", str(seconds), *arguments]
        started = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        favour(started)
        self.clients.append(started)
        return started

    def probe(self, seconds):
        return self.client(
            "probe", self.server, seconds, *(text for name, value in PROBE.items()
                                for text in (f"--{name}", str(value))))

    def told(self, client, seconds):
        try:
            out, err = client.communicate(timeout=seconds + 60)
        except subprocess.TimeoutExpired:
            sys.exit(f"does not end: {' '.join(client.args)}")
        if client.returncode != 0:
            sys.exit(f"failed: {' '.join(client.args)}\n{err}")
        return json.loads(out)

    def attack(self, attack, seconds):
        return self.client("attack", self.target, seconds, *attack.arguments())

    def settle(self, seconds=15):
        """Until the server is idle again."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            before = self.server.cpu_seconds()
            time.sleep(0.5)
            if self.server.cpu_seconds() - before <= 0.03:
                return

    def warm_up(self, attack):
        for kind in (ATTACKS["pipelined-read"], attack):
            warm = self.attack(kind, self.options.warm_up)
            self.told(self.probe(self.options.warm_up), self.options.warm_up)
            self.told(warm, self.options.warm_up)

    def round(self, attack):
        seconds = self.options.secs
        self.settle()
        quiet = Times.of(self.told(self.probe(seconds), seconds))
        before = self.server.rss_mib()
        cpu, jit = self.server.cpu_seconds(), self.server.jit_seconds()
        probe = self.probe(seconds)
        attacker = self.attack(attack, seconds)
        peak = kernel = 0
        while attacker.poll() is None and self.server.lives():
            peak = max(peak, self.server.rss_mib())
            kernel = max(kernel, kernel_mib())
            time.sleep(SAMPLE_SECONDS)
        cpu = (self.server.cpu_seconds() - cpu) / seconds
        told = self.told(attacker, seconds)
        under = Times.of(self.told(probe, seconds))
        rss = (before, max(peak, before), self.server.rss_mib())
        jit = self.server.jit_seconds() - jit
        alive = self.server.lives() and self.server.listens()
        done = Round(quiet, under, rss, kernel, cpu, told, alive)
        for kind in ("requests", "connects"):
            say(f"  p99 of {kind}: {quiet.p99[kind]:,.0f} us quiet, {under.p99[kind]:,.0f} attacked, "
                f"{done.ratio(kind):.1f} times; the JIT took {jit:.2f} s")
        return done


# ---- results


def median(values):
    return statistics.median(values)


def spread(values, unit=""):
    low, high = min(values), max(values)
    if len(values) == 1:
        return f"{low:,.1f}{unit}"
    return f"{median(values):,.1f}{unit} ({low:,.1f} to {high:,.1f})"


def table(headings, rows):
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    print("| " + " | ".join(cell.ljust(w) for cell, w in zip(headings, widths)) + " |")
    print("| " + " | ".join("-" * w if i == 0 else "-" * (w - 1) + ":"
                            for i, w in enumerate(widths)) + " |")
    for row in rows:
        cells = [cell.ljust(w) if i == 0 else cell.rjust(w)
                 for i, (cell, w) in enumerate(zip(row, widths))]
        print("| " + " | ".join(cells) + " |")


def three(rounds, which, kind):
    times = [getattr(one, which) for one in rounds]
    return " / ".join(
        f"{median([getattr(one, what)[kind] for one in times]):,.0f}"
        for what in ("p50", "p99", "max"))


def endings(attacker):
    said = []
    for what, count in sorted(attacker["ended"].items(), key=lambda item: -item[1]):
        status, how = what.split()
        said.append(f"{count:,} {'' if status == '000' else status + ' and '}{how}")
    if attacker["refused"]:
        said.append(f"{attacker['refused']:,} refused")
    if attacker["unable"]:
        said.append(f"{attacker['unable']:,} had no port")
    return ", ".join(said) or "none"


def print_tables(results):
    for kind in ("requests", "connects"):
        print({"requests": "\nOn connections kept open, µs:", "connects": "\nOn new ones, µs:"}[kind])
        table(
            ["attack", "quiet p50 / p99 / max", "under attack", "p99 ratio", "failed", "late p99"],
            [[name, three(rounds, "quiet", kind), three(rounds, "under", kind),
              spread([one.ratio(kind) for one in rounds]),
              str(sum(one.under.failed for one in rounds)),
              f"{median([one.under.late for one in rounds]):,.0f}"]
             for name, rounds in results.items()])
    print("\nThe server and the attacker:")
    rows = []
    for name, rounds in results.items():
        told = rounds[-1].attacker
        seconds = told["seconds"]
        rows.append([
            name,
            " / ".join(f"{median([one.rss[i] for one in rounds]):,.0f}" for i in range(3)),
            f"{max(one.kernel for one in rounds):,.0f}",
            f"{median([one.cpu for one in rounds]):.0%}",
            f"{told['open_peak']:,}",
            f"{told['opened'] / seconds:,.0f}",
            f"{told['steps'] / seconds:,.0f}",
            f"{told['sent_bytes'] / seconds / MIB:,.1f}",
            endings(told),
        ])
    table(["attack", "RSS before / peak / after", "kernel", "CPU", "open", "opened/s", "pieces/s",
           "MiB/s", "ended by the server"], rows)


def failures(results, options):
    for name, rounds in results.items():
        for kind in ("requests", "connects"):
            ratio = median([one.ratio(kind) for one in rounds])
            if ratio > options.ratio:
                yield f"{name}: p99 of {kind} is {ratio:.1f} times the quiet one"
        failed = sum(one.under.failed for one in rounds)
        if failed:
            yield f"{name}: {failed} requests of the probe failed"
        peak = max(one.rss[1] for one in rounds)
        bound = HEAP_MIB + NATIVE_BYTES[options.transport] / MIB + JVM_MIB
        if peak > bound and not (options.nginx or options.server):
            yield f"{name}: RSS of {peak:,.0f} MiB exceeds its bound of {bound:,.0f} MiB"
        if not all(one.alive for one in rounds):
            yield f"{name}: the server has died or listens no more"


# ---- the command


def parse_options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--transport", choices=("uring", "nio"), default="uring")
    parser.add_argument("--attack", metavar="NAME", nargs="+", choices=ATTACKS, default=[*ATTACKS],
                        help="only these: see --list")
    parser.add_argument("--secs", type=int, default=5, help="of each measurement (5)")
    parser.add_argument("--warm-up", type=int, default=5, metavar="SECS",
                        help="of requests, and of the attack, before: the JIT compiles (5)")
    parser.add_argument("--rounds", type=int, default=3, help="quiet and under attack, in turn (3)")
    parser.add_argument("--ratio", type=float, default=3, help="that is allowed (3)")
    parser.add_argument("--control", action="store_true",
                        help="attack a second server, on the clients' CPU, and probe the first")
    parser.add_argument("--nginx", action="store_true", help="attack nginx instead")
    parser.add_argument("--server", metavar="COMMAND", help="attack this instead, with {port} in it")
    parser.add_argument("--json", metavar="FILE", help="write all results there as well")
    parser.add_argument("--earlier", metavar="FILE", nargs="+",
                        help="run nothing: show what --json has written, all together")
    parser.add_argument("--list", action="store_true", help="list the attacks, and run nothing")
    options = parser.parse_args()
    if min(options.secs, options.rounds, options.warm_up) < 1:
        parser.error("--secs, --rounds and --warm-up must be positive")
    return options


def allow_descriptors(names):
    """As many as are allowed, for the attacker and the server alike."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    needed = max(ATTACKS[name].connections for name in names) + DESCRIPTORS_SPARE
    if needed > hard:
        sys.exit(f"needs {needed:,} open files, may have {hard:,}: ulimit -Hn {needed}")


def measure(options, scratch):
    compile_clients(scratch)
    allow_descriptors(options.attack)
    results = {name: [] for name in options.attack}
    for name in options.attack:
        say(f"{name} ...")
        with ExitStack() as stack:
            server = target = stack.enter_context(Server(options, scratch))
            if options.control:
                target = stack.enter_context(Server(options, scratch, CLIENT_CPU))
            field = stack.enter_context(Field(options, scratch, server, target))
            field.warm_up(ATTACKS[name])
            for _ in range(options.rounds):
                results[name].append(field.round(ATTACKS[name]))
            logged = re.findall(r".*(?:WARN|ERROR|SEVERE|Exception).*", target.said())
            for line in logged[:3]:
                say(f"  the server said: {line}")
    return results


def as_json(results):
    return {name: [vars(one) | {"quiet": vars(one.quiet), "under": vars(one.under)}
                   for one in rounds] for name, rounds in results.items()}


def earlier(files):
    """The results of earlier runs, by attack."""
    results = {}
    for file in files:
        for name, rounds in json.loads(Path(file).read_text()).items():
            results.setdefault(name, []).extend(
                Round(**one | {"quiet": Times(**one["quiet"]), "under": Times(**one["under"])})
                for one in rounds)
    return {name: results[name] for name in ATTACKS if name in results}


def run(options):
    end_on_signals()
    try:
        with tempfile.TemporaryDirectory(prefix="torc-abuse-") as scratch:
            return measure(options, Path(scratch))
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")


def main():
    options = parse_options()
    if options.list:
        for name, attack in ATTACKS.items():
            print(f"{name:<20}{attack.about}")
        return
    results = earlier(options.earlier) if options.earlier else run(options)
    print_tables(results)
    if options.json:
        Path(options.json).write_text(json.dumps(as_json(results), indent=1))
    found = list(failures(results, options))
    for line in found:
        print(f"FAILED: {line}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
