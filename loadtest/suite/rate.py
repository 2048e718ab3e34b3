"""Load at a fixed rate, which does not fall when the server is slow (open loop)."""

import re
from collections import Counter

from suite.failure import Failed
from suite.generator import run
from suite.histogram import Histogram, least

ATTEMPTS = 3  # of a turn that the client has spoilt
LATE_SHARE_MAX = 0.05  # of the requests that the client itself may send 1 ms after they are due
SATURATED_SHARE = 0.95  # of the requests that must be answered to go on to a higher rate


class ClientLate(Failed):
    """The load generator's failure, not the server's: it may be tried again."""


def parse(said):
    """What openloop has measured."""
    head, *lines = said.splitlines()
    found = re.fullmatch(
        r"due (\d+) answered (\d+) refused (\d+) broken (\d+) late (\d+)", head.strip()
    )
    if not found:
        raise Failed(f"openloop said something else than expected: {head!r}")
    due, answered, refused, broken, late = map(int, found.groups())
    if refused:
        raise Failed(f"{refused} answers had a status other than 200")
    if broken:
        raise Failed(f"the server ended {broken} connections")
    if not answered:
        raise Failed("no request was answered")
    if late > due * LATE_SHARE_MAX:
        raise ClientLate(
            f"the client itself sent {late} of {due} requests 1 ms late or later:"
            " it does not get enough of its CPU for this rate"
        )
    pairs = (map(int, line.split()) for line in lines)
    histogram = Histogram(Counter({least(value): count for value, count in pairs}))
    return {"due": due, "requests": answered}, histogram


class OpenLoop:
    """suite/openloop.c on the CPUs of the load."""

    def __init__(self, cpus, program):
        self.cpus = cpus
        self.program = program

    def load(self, port, profile, seconds):
        spin = "0" if self.cpus.shared else "1"
        command = ["taskset", "-c", self.cpus.load, str(self.program), str(port), profile.path]
        command += [str(profile.connections), str(profile.rate), str(seconds), spin]
        for attempt in range(ATTEMPTS):
            try:
                turn, histogram = parse(run(str(self.program), command, seconds))
                break
            except ClientLate:
                if attempt == ATTEMPTS - 1:
                    raise
        turn["requests_per_second"] = turn["requests"] / seconds
        turn["saturated"] = turn["requests"] < turn["due"] * SATURATED_SHARE
        turn["latency_us"] = {f"{p:g}": us for p, us in histogram.spectrum()}
        turn["histogram"] = sorted(histogram.counts.items())
        return turn


def h2load(cpus, port, profile, seconds, directory):
    """The same by h2load, to compare. It counts from when a request was sent, not from when it was
    due, and sends those of a millisecond together."""
    log = directory / "h2load.log"
    log.unlink(missing_ok=True)
    each = max(profile.rate // profile.connections, 1)
    command = ["taskset", "-c", cpus.load, "h2load", "--h1", "-t1", f"-c{profile.connections}"]
    command += [f"--rps={each}", f"-D{seconds}", f"--log-file={log}"]
    run("h2load", [*command, f"http://127.0.0.1:{port}{profile.path}"], seconds)
    return parse_log(log.read_text())


def parse_log(text):
    """Lines of start, status and microseconds."""
    rows = [line.split("\t") for line in text.splitlines()]
    bad = sum(1 for row in rows if row[1] != "200")
    if bad or not rows:
        raise Failed(f"{bad} of {len(rows)} answers had a status other than 200")
    return Histogram.of(int(row[2]) for row in rows)
