"""The machine: which CPUs the server and the load get, and what it is."""

import os
import platform
import re
import resource
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class CpuSets:
    """CPUs as taskset(1) names them."""

    server: str
    load: str

    @property
    def shared(self):
        return self.server == self.load

    @property
    def load_threads(self):
        return len(cpus_of(self.load))

    @property
    def note(self):
        """What the reader of the figures must know, or nothing."""
        if not self.shared:
            return ""
        return (
            f"Server and load share CPU {self.server}, because there is no other: requests per"
            " second are of both together, and latencies have the load generator's turns in"
            " them. Only CPU time per request compares servers here."
        )


def cpus_of(text):
    """The numbers in a list such as 0,2-4."""
    cpus = []
    for part in text.split(","):
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if not found:
            raise ValueError(f"not a list of CPUs such as 0,2-4: {text}")
        first, last = int(found[1]), int(found[2] or found[1])
        cpus += range(first, last + 1)
    return cpus


def cpu_sets(server=None, load=None, allowed=None):
    """One CPU for the server, two where there are four; the next ones for the load, as many."""
    allowed = sorted(os.sched_getaffinity(0)) if allowed is None else allowed
    for text in filter(None, (server, load)):
        for cpu in cpus_of(text):
            if cpu not in allowed:
                raise ValueError(f"this process may not use CPU {cpu}, only {allowed}")
    count = 2 if len(allowed) >= 4 else 1
    default_load = allowed[count : 2 * count] or allowed[:count]
    return CpuSets(
        server or ",".join(map(str, allowed[:count])), load or ",".join(map(str, default_load))
    )


def allow_files():
    """Raises the limit of open files, for what is started as well; returns it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def said(*command):
    """The first line that a program prints about itself, or nothing if it is not there."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0].strip() if lines else ""


def commit(root):
    """Of the checkout, and whether it has changes."""
    revision = said("git", "-C", str(root), "rev-parse", "HEAD")
    return revision + (
        " with changes" if said("git", "-C", str(root), "status", "-s", "-uno") else ""
    )


def describe(root, java, cpus):
    """What the figures depend on beside the servers."""
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.*)", info)
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return {
        "host": platform.node(),
        "processor": model[1] if model else platform.machine(),
        "cpus": len(os.sched_getaffinity(0)),
        "cpu sets": asdict(cpus),
        "memory MiB": int(memory[1]) // 1024,
        "kernel": platform.release(),
        "commit": commit(root),
        "java": said(java, "--version"),
        "wrk": said("wrk", "-v").partition(" Copyright")[0],
        "h2load": said("h2load", "--version"),
        "nginx": said("nginx", "-v"),
        "cc": said("cc", "--version"),
        "perf": said("perf", "--version"),
    }
