"""What looking at costs too much to be done in every turn: system calls and allocations. They are
counted in a turn of their own, whose other figures are not used."""

import re
import shutil
import signal
import subprocess
from pathlib import Path

from programs import family

JCMD_SECONDS = 20
PERF_SECONDS = 20
EVENT = "raw_syscalls:sys_enter"
UNITS = {"": 1, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def perf_missing():
    """Why system calls cannot be counted here, or nothing."""
    if shutil.which("perf") is None:
        return "perf is missing: install it (Debian: apt-get install linux-perf)"
    command = ["perf", "stat", "-x,", "-e", EVENT, "true"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=PERF_SECONDS
    )
    if done.returncode == 0 and re.match(r"\d", done.stderr.strip()):
        return ""
    return (
        f"perf may not count {EVENT} here: run as root, or set kernel.perf_event_paranoid to -1 and"
        " make /sys/kernel/tracing readable"
    )


class SystemCalls:
    """Counts them in a `with`; then `count` has them, or is None."""

    def __init__(self, pid):
        self.pid = pid
        self.count = None

    def __enter__(self):
        pids = ",".join(map(str, family(self.pid)))
        self.perf = subprocess.Popen(
            ["perf", "stat", "-x,", "-e", EVENT, "-p", pids],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_):
        self.perf.send_signal(signal.SIGINT)
        try:
            said = self.perf.communicate(timeout=PERF_SECONDS)[1]
        except subprocess.TimeoutExpired:
            self.perf.kill()
            self.perf.communicate()
            return
        found = re.search(r"^(\d+),", said, re.M)
        self.count = int(found[1]) if found else None


def is_java(pid):
    """Whether jcmd has somebody to talk to."""
    try:
        return Path(f"/proc/{pid}/exe").readlink().name == "java"
    except OSError:
        return False


def allocated_bytes(java, pid, cpus):
    """What all threads of a JVM have allocated since they began: `allocated=` of Thread.print -e.
    The JVM is not slowed by that between two looks."""
    jcmd = str(Path(java).with_name("jcmd"))
    command = ["taskset", "-c", cpus.load, jcmd, str(pid), "Thread.print", "-e"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=JCMD_SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    found = re.findall(r"\ballocated=([\d.]+)([BKMG]?)", done.stdout)
    return sum(float(amount) * UNITS[unit] for amount, unit in found) if found else None
