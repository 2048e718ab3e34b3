"""What processes have used so far, read from /proc: it does not disturb them."""

import os
import re
from dataclasses import dataclass

from programs import family, threads

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Of a process and its descendants, up to one moment."""

    cpu_by_thread: dict  # seconds, by "thread id/name"
    voluntary: int  # context switches: it has waited
    involuntary: int  # and it was made to wait
    busy_seconds: float  # of the whole machine

    def spent_since(self, before):
        """CPU seconds by thread."""
        return {
            thread: seconds - before.cpu_by_thread.get(thread, 0)
            for thread, seconds in self.cpu_by_thread.items()
        }


def compiler_share(spent):
    """Of CPU seconds by thread: what a JVM's JIT has used."""
    compilers = (s for thread, s in spent.items() if re.search(r"/C[12] CompilerThre", thread))
    return sum(compilers) / max(sum(spent.values()), 1e-9)


def read(path):
    """A file of /proc; empty if what it is about has ended."""
    try:
        with open(path) as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def number(pattern, text):
    found = re.search(pattern, text)
    return int(found.group(1)) if found else 0


def usage(pid):
    """A thread that has ended is not in it any more: compare moments that are near."""
    cpu, voluntary, involuntary = {}, 0, 0
    for member in family(pid):
        for thread in threads(member):
            task = f"/proc/{member}/task/{thread}"
            executed = read(f"{task}/schedstat").split()
            if not executed:
                continue
            name = read(f"{task}/comm").strip()
            cpu[f"{thread}/{name}"] = int(executed[0]) / 1e9
            status = read(f"{task}/status")
            voluntary += number(r"\nvoluntary_ctxt_switches:\s+(\d+)", status)
            involuntary += number(r"nonvoluntary_ctxt_switches:\s+(\d+)", status)
    return Usage(cpu, voluntary, involuntary, busy_seconds())


def cpu_seconds(pid):
    """What the process and its descendants have executed: the kernel counts it in nanoseconds."""
    total = 0
    for member in family(pid):
        for thread in threads(member):
            executed = read(f"/proc/{member}/task/{thread}/schedstat").split()
            total += int(executed[0]) if executed else 0
    return total / 1e9


def busy_seconds():
    """What the machine has worked since it was started, interrupts included."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq = map(int, stat.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / TICKS_PER_SECOND


def rss_bytes(pid):
    statuses = (read(f"/proc/{member}/status") for member in family(pid))
    return sum(number(r"VmRSS:\s+(\d+)", status) for status in statuses) * 1024
