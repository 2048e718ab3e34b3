#!/usr/bin/env python3
"""Measures Torc's ring (dev.torc.uring, in Java) beside the same programs in C on liburing.

    mvn compile -pl loadtest -am
    loadtest/ring.py --liburing ~/src/liburing

What is measured (docs/uring-speed.md says more):

    nop/SETUP/FD/BATCH      NOPs in batches: what the ring itself costs
                            SETUP: defer, coop, none; FD: fd or registered, the ring's descriptor
    read/CACHE/WHAT/DEPTH   random reads of 4 KiB, DEPTH in flight; by FileChannel one at a time
                            CACHE: cached or direct (O_DIRECT)
                            WHAT: plain or registered, the file and the memory
    echo/PAIRS              64 bytes bouncing in each of PAIRS socket pairs; also with epoll in C

Each program runs by itself, on one CPU, for a warm-up and then for the time that is measured; in
every round all of them run in turn. The tables have medians over the rounds and the spread, and are
Markdown. "of C" is C's time by the contestant's, the median of the rounds' ratios: 1.00 is as fast
as C, below is slower.

Needs Linux 6.6 or newer that allows io_uring, a JDK 25 or newer, cc, taskset, and liburing: an
installed one, or with --liburing a checkout, of which a copy is built.
"""
import argparse
import datetime
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from programs import end_on_signals, find_java, module_path, need, output, run, say

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "loadtest" / "ring"
MODULES = ("server-core", "server-uring", "loadtest")
BUILD = "mvn compile -pl loadtest -am"
PROGRAMS = {"nop": True, "read": True, "echo": True, "epoll": False}  # whether it needs liburing
GRACE_SECONDS = 30  # beyond the time asked for, to start and to end
DIRECT_WARM_UPS = 3  # reads that wait for a device are few, and so it takes the JIT longer
FILE_BYTES = 64 << 20
READ_DEPTHS = (1, 32, 128)
PAIRS = (1, 32, 128)
ENTRIES, COMPLETION_ENTRIES = 256, 1024

CQSIZE, SUBMIT_ALL, COOP_TASKRUN = 1 << 3, 1 << 7, 1 << 8
SINGLE_ISSUER, DEFER_TASKRUN, NO_SQARRAY = 1 << 12, 1 << 13, 1 << 16
COMMON = SUBMIT_ALL | NO_SQARRAY
SETUPS = {
    "defer": COMMON | SINGLE_ISSUER | DEFER_TASKRUN,
    "coop": COMMON | COOP_TASKRUN,
    "none": COMMON,
}


@dataclass
class Contestant:
    name: str
    program: str  # of PROGRAMS, or the name of a benchmark in Java
    java: bool
    options: dict
    sockets: int = 0
    rounds: list = field(default_factory=list)

    def median(self, what):
        return statistics.median(result[what] for result in self.rounds)

    def spread(self, what):
        values = [result[what] for result in self.rounds]
        return min(values), max(values)


@dataclass
class Case:
    name: str
    contestants: list


# ---- what there is to measure


def on_ring(setup="defer", registered=True, **options):
    return {
        "entries": ENTRIES,
        "completion-entries": COMPLETION_ENTRIES,
        "flags": SETUPS[setup],
        "registered": int(registered),
        **options,
    }


def java_and_c(program, options, sockets=0):
    return [
        Contestant("java", program, True, options, sockets),
        Contestant("c", program, False, options, sockets),
    ]


def nop_cases():
    for setup in SETUPS:
        for registered in (True, False):
            for batch in (1, 8, 32):
                name = f"nop/{setup}/{'registered' if registered else 'fd'}/{batch}"
                yield Case(name, java_and_c("nop", on_ring(setup, registered, batch=batch)))


def read_cases(path, descriptors):
    for cache, fd in descriptors.items():
        for fixed in (0, 1):
            for depth in READ_DEPTHS:
                options = on_ring(fd=fd, depth=depth, fixed=fixed)
                options["file-bytes"] = FILE_BYTES
                contestants = java_and_c("read", options)
                if depth == 1 and not fixed:
                    options = {"path": path, "direct": int(cache == "direct")}
                    contestants.append(Contestant("channel", "channel", True, options))
                what = "registered" if fixed else "plain"
                yield Case(f"read/{cache}/{what}/{depth}", contestants)


def echo_cases():
    for pairs in PAIRS:
        contestants = java_and_c("echo", on_ring(), 2 * pairs)
        contestants.append(Contestant("epoll", "epoll", False, {}, 2 * pairs))
        yield Case(f"echo/{pairs}", contestants)


def write_file(directory):
    """A file to read, the cached and, where the file system has them, the direct descriptor."""
    path = os.path.join(directory, "blocks")
    with open(path, "wb") as file:
        for _ in range(FILE_BYTES >> 20):
            file.write(os.urandom(1 << 20))
        file.flush()
        os.fsync(file.fileno())
    descriptors = {"cached": os.open(path, os.O_RDONLY)}
    file_system = output("stat", "-f", "-c", "%T", directory)
    try:
        if file_system != "tmpfs":
            descriptors["direct"] = os.open(path, os.O_RDONLY | os.O_DIRECT)
    except OSError:
        pass
    if "direct" not in descriptors:
        say(f"{directory} is on {file_system}, without O_DIRECT: see --dir")
    return path, descriptors, file_system


def read_all(fd):
    """Brings the file into the page cache."""
    for offset in range(0, FILE_BYTES, 1 << 20):
        os.pread(fd, 1 << 20, offset)


# ---- programs


def check_classes():
    """The classes must be there, and newer than their sources."""
    for module in MODULES:
        classes = ROOT / module / "target" / "classes"
        if not (classes / "module-info.class").exists():
            sys.exit(f"{module} has not been compiled: {BUILD}")
        compiled = max(file.stat().st_mtime for file in classes.rglob("*.class"))
        sources = (ROOT / module / "src" / "main" / "java").rglob("*.java")
        if any(file.stat().st_mtime > compiled for file in sources):
            sys.exit(f"{module} has changed since it was compiled: {BUILD}")


def java_command():
    return [
        find_java(),
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "-Xms64m",
        "-Xmx64m",
        "--enable-native-access=dev.torc.core,dev.torc.uring",
        "--module-path",
        module_path(ROOT, MODULES),
        "--module",
        "dev.torc.loadtest/dev.torc.loadtest.ring.Main",
    ]


def find_liburing(checkout, scratch):
    """Its version, and what the compiler needs to use it."""
    if checkout is None:
        need("pkg-config", "pkg-config")
        if subprocess.run(["pkg-config", "--exists", "liburing"], check=False).returncode != 0:
            sys.exit(
                "liburing is not installed (Debian: apt-get install liburing-dev);"
                " or name a checkout with --liburing DIR"
            )
        flags = output("pkg-config", "--cflags", "--libs", "liburing").split()
        return output("pkg-config", "--modversion", "liburing"), flags
    spec = Path(checkout, "liburing.spec")
    if not spec.exists():
        sys.exit(f"--liburing: {checkout} is not a checkout of liburing: it has no liburing.spec")
    need("make", "make")
    copy = os.path.join(scratch, "liburing")
    shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns(".git", "*.o", "*.os", "*.a"))
    say("building liburing ...")
    run(["sh", "-c", f"cd '{copy}' && ./configure && make -C src"], 300)
    version = re.search(r"Version:\s*(\S+)", spec.read_text()).group(1)
    return version, [f"-I{copy}/src/include", f"{copy}/src/liburing.a"]


def compile_programs(compiler, names, flags, scratch):
    programs = {}
    for name in names:
        programs[name] = os.path.join(scratch, name)
        source = str(SOURCES / f"{name}.c")
        more = flags if PROGRAMS[name] else []
        run([compiler, "-O2", "-Wall", "-Wextra", source, "-o", programs[name], *more], 120)
    return programs


# ---- measuring


class Driver:
    def __init__(self, options, programs, java, cached):
        self.options = options
        self.programs = programs
        self.java = java
        self.cached = cached
        self.begun = time.monotonic()
        self.done = 0

    def measure(self, case, contestant):
        """Runs a contestant once, on fresh sockets."""
        if case.name.startswith("read/cached"):
            read_all(self.cached)
        sockets = [end for _ in range(contestant.sockets // 2) for end in socket.socketpair()]
        try:
            arguments = dict(contestant.options)
            warm_up = self.options.warm_up
            if case.name.startswith("read/direct"):
                warm_up *= DIRECT_WARM_UPS
            arguments["warm-up"] = warm_up
            arguments["seconds"] = self.options.secs
            fds = [end.fileno() for end in sockets]
            if fds:
                arguments["sockets"] = ",".join(map(str, fds))
            if "fd" in arguments:
                fds.append(arguments["fd"])
            command = ["taskset", "-c", str(self.options.cpu)]
            if contestant.java:
                command += [*self.java, contestant.program]
            else:
                command.append(self.programs[contestant.program])
            for name, value in arguments.items():
                command += [f"--{name}", str(value)]
            seconds = warm_up + self.options.secs + GRACE_SECONDS
            result = json.loads(run(command, seconds, fds))
        finally:
            for end in sockets:
                end.close()
        check_setup(case, contestant, result)
        for what in ("nanos", "cpu_nanos", "allocated_bytes"):
            result[f"{what}_each"] = result[what] / max(result["operations"], 1)
        contestant.rounds.append(result)

    def round(self, number, cases):
        total = self.options.rounds * sum(len(case.contestants) for case in cases)
        for case in cases:
            # The other way round in every other round, so that nobody is always first.
            for contestant in case.contestants[:: 1 if number % 2 == 0 else -1]:
                passed = time.monotonic() - self.begun
                each = self.options.warm_up + self.options.secs + 0.3
                if self.done:
                    each = passed / self.done
                left = datetime.timedelta(seconds=round(each * (total - self.done)))
                self.progress(
                    f"round {number + 1} of {self.options.rounds}, {left} left:"
                    f" {case.name} {contestant.name}"
                )
                self.measure(case, contestant)
                self.done += 1

    def progress(self, text):
        if sys.stderr.isatty():
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
        else:
            say(text)


def check_setup(case, contestant, result):
    """A ring must be what was asked for, or the comparison would mean nothing."""
    if "flags" not in contestant.options:
        return
    asked = (contestant.options["flags"] | CQSIZE, ENTRIES, COMPLETION_ENTRIES)
    got = (result["setup_flags"], result["entries"], result["completion_entries"])
    if asked != got:
        sys.exit(f"{case.name} {contestant.name}: asked for ring {asked}, got {got}")


# ---- results


def of_c(case, contestant, what):
    """C's figure by the contestant's, the median of the rounds' ratios; None when C has none."""
    for c in case.contestants:
        if c.name == "c" and c is not contestant:
            pairs = zip(c.rounds, contestant.rounds)
            return statistics.median(a[what] / max(b[what], 1e-9) for a, b in pairs)
    return None


def row(case, contestant):
    low, high = contestant.spread("nanos_each")
    ratio, cpu_ratio = (of_c(case, contestant, what) for what in ("nanos_each", "cpu_nanos_each"))
    allocated = f"{contestant.median('allocated_bytes_each'):.3f}" if contestant.java else ""
    return [
        case.name,
        contestant.name,
        f"{1e9 / contestant.median('nanos_each'):,.0f}",
        f"{contestant.median('nanos_each'):,.1f}",
        f"{low:,.1f} to {high:,.1f}",
        f"{contestant.median('cpu_nanos_each'):,.1f}",
        "" if ratio is None else f"{ratio:.2f}",
        "" if cpu_ratio is None else f"{cpu_ratio:.2f}",
        allocated,
    ]


HEADINGS = "case,by,per second,ns each,spread,CPU ns each,of C,of C in CPU,bytes each".split(",")


def print_table(rows):
    widths = [max(len(line[i]) for line in [HEADINGS, *rows]) for i in range(len(HEADINGS))]
    left = 2  # the first columns are text

    def line(cells):
        padded = [
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(cells, widths))
        ]
        return f"| {' | '.join(padded)} |"

    print(line(HEADINGS))
    rule = ["-" * w if i < left else "-" * (w - 1) + ":" for i, w in enumerate(widths)]
    print(line(rule))
    for cells in rows:
        print(line(cells))


def print_tables(machine, cases):
    print(", ".join(f"{name}: {value}" for name, value in machine.items()))
    for group in dict.fromkeys(case.name.split("/")[0] for case in cases):
        print()
        print_table(
            [
                row(case, contestant)
                for case in cases
                if case.name.split("/")[0] == group
                for contestant in case.contestants
            ]
        )


def as_json(machine, options, cases):
    return {
        "machine": machine,
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "rounds": options.rounds,
        "seconds": options.secs,
        "warm_up_seconds": options.warm_up,
        "cases": [
            {
                "name": case.name,
                "contestants": [
                    {
                        "name": contestant.name,
                        "options": contestant.options,
                        "nanos_each": contestant.median("nanos_each"),
                        "cpu_nanos_each": contestant.median("cpu_nanos_each"),
                        "allocated_bytes_each": contestant.median("allocated_bytes_each"),
                        "of_c": of_c(case, contestant, "nanos_each"),
                        "of_c_cpu": of_c(case, contestant, "cpu_nanos_each"),
                        "rounds": contestant.rounds,
                    }
                    for contestant in case.contestants
                ],
            }
            for case in cases
        ],
    }


def describe_machine(options, java, compiler, liburing, file_system):
    with open("/proc/cpuinfo") as info:
        model = re.search(r"model name\s*:\s*(.*)", info.read())
    return {
        "host": platform.node(),
        "processor": model.group(1) if model else platform.machine(),
        "cpus": os.cpu_count(),
        "cpu": options.cpu,
        "kernel": platform.release(),
        "jdk": re.search(r"\((build [^)]*)\)", output(java, "--version")).group(1),
        "compiler": output(compiler, "--version").splitlines()[0],
        "liburing": liburing,
        "file system": file_system,
    }


def positive(text):
    value = float(text)
    if not 0 < value < 3600:
        raise argparse.ArgumentTypeError(f"must be more than 0 and less than 3600: {text}")
    return value


def parse_options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each runs (5)")
    parser.add_argument("--secs", type=positive, default=1, help="measured in each round (1)")
    parser.add_argument(
        "--warm-up", type=positive, default=2, metavar="SECS", help="before, in each round (2)"
    )
    parser.add_argument(
        "--liburing", metavar="DIR", help="a checkout of liburing, instead of the installed one"
    )
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        default=[],
        help="only cases whose names begin so: nop, read/cached, echo/32; may be repeated",
    )
    parser.add_argument("--json", metavar="FILE", help="write all results there as well")
    parser.add_argument(
        "--cpu",
        type=int,
        default=max(os.sched_getaffinity(0)),
        help="the CPU that everything runs on (%(default)s)",
    )
    parser.add_argument(
        "--dir",
        default=tempfile.gettempdir(),
        help="where the file to read is made, 64 MiB (%(default)s)",
    )
    parser.add_argument("--list", action="store_true", help="list the cases, and run nothing")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error(f"--rounds must be positive: {options.rounds}")
    if options.cpu not in os.sched_getaffinity(0):
        parser.error(f"--cpu: this process may not use CPU {options.cpu}")
    if not os.path.isdir(options.dir):
        parser.error(f"--dir: not a directory: {options.dir}")
    if options.json and not os.path.isdir(os.path.dirname(options.json) or "."):
        parser.error(f"--json: no such directory: {os.path.dirname(options.json)}")
    return options


def chosen(options, cases):
    begins = [f"{name.rstrip('/')}/" for name in options.only]
    wanted = [
        case
        for case in cases
        if not options.only or any(f"{case.name}/".startswith(begin) for begin in begins)
    ]
    if not wanted:
        sys.exit(f"--only: no case begins with {' or '.join(options.only)}: see --list")
    return wanted


def measure_all(options, scratch):
    java = java_command()
    check_classes()
    need("taskset", "util-linux")
    compiler = need(os.environ.get("CC", "cc"), "gcc libc6-dev")
    path, descriptors, file_system = write_file(scratch)
    cases = chosen(options, [*nop_cases(), *read_cases(path, descriptors), *echo_cases()])
    names = {c.program for case in cases for c in case.contestants if not c.java}
    liburing, flags = find_liburing(options.liburing, scratch)
    programs = compile_programs(compiler, sorted(names), flags, scratch)
    machine = describe_machine(options, java[0], compiler, liburing, file_system)
    driver = Driver(options, programs, java, descriptors["cached"])
    for number in range(options.rounds):
        driver.round(number, cases)
    driver.progress("")
    print_tables(machine, cases)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(as_json(machine, options, cases), file, indent=2)


def main():
    options = parse_options()
    if options.list:
        fake = {"cached": -1, "direct": -1}
        for case in chosen(options, [*nop_cases(), *read_cases("", fake), *echo_cases()]):
            print(case.name, *(contestant.name for contestant in case.contestants))
        return
    end_on_signals()
    try:
        # Ends with everything: the file to read, liburing and the programs.
        with tempfile.TemporaryDirectory(prefix="torc-ring-", dir=options.dir) as scratch:
            measure_all(options, scratch)
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")


main()
