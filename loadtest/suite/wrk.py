"""wrk: closed-loop load, as much as it can. Each connection asks again when it has its answer."""

import re

from suite.failure import Failed
from suite.generator import run

TIMEOUT_SECONDS = 10  # of one request
INSTALL = (
    "wrk is missing: install it (Debian, Ubuntu: apt-get install wrk; Fedora: dnf install wrk)"
)


def quoted(text):
    """A string in Lua."""
    return "'" + "".join(f"\\{byte:03d}" for byte in text.encode("latin-1")) + "'"


def script(profile):
    """The Lua that makes wrk ask what the profile says, or nothing if its options are enough."""
    lines = [f"wrk.headers[{quoted(n)}] = {quoted(v)}" for n, v in profile.headers]
    if profile.body:
        same = len(set(profile.body)) == 1
        first = quoted(profile.body[:1].decode("latin-1"))
        text = quoted(profile.body.decode("latin-1")) if not same else first
        times = len(profile.body) if same else 1
        lines += ["wrk.method = 'POST'", f"wrk.body = string.rep({text}, {times})"]
    if profile.pipeline > 1:
        lines += [
            "init = function(args)",
            f"  batch = string.rep(wrk.format(nil, {quoted(profile.path)}), {profile.pipeline})",
            "end",
            "request = function() return batch end",
        ]
    if profile.requests_each:
        # wrk does not say on which connection a request goes: each tenth of all is a last one.
        lines += [
            "local asked = 0",
            "init = function(args)",
            "  stays = wrk.format()",
            "  wrk.headers['Connection'] = 'close'",
            "  goes = wrk.format()",
            "end",
            "request = function()",
            "  asked = asked + 1",
            f"  return asked % {profile.requests_each} == 0 and goes or stays",
            "end",
        ]
    return "\n".join(lines) + "\n" if lines else ""


def microseconds(text):
    amount, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m|h)", text).groups()
    return float(amount) * {"us": 1, "ms": 1e3, "s": 1e6, "m": 6e7, "h": 3.6e9}[unit]


def parse(said):
    """What wrk has measured; fails if not every request was answered, and answered well."""
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if bad:
        raise Failed(f"{bad[1]} answers had a status other than 2xx or 3xx")
    errors = re.search(r"Socket errors: (.*)", said)
    if errors:
        kinds = re.findall(r"(\w+) (\d+)", errors[1])
        raise Failed(
            "connections broke: " + ", ".join(f"{n} in {kind}" for kind, n in kinds if n != "0")
        )
    requests = re.search(r"(\d+) requests in ", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not requests or not rate:
        raise Failed(f"wrk said something else than expected: {said.strip()[-300:]!r}")
    if int(requests[1]) == 0:
        raise Failed("no request was answered")
    latency = re.findall(r"^\s+(50|75|90|99)%\s+(\S+)", said, re.M)
    return {
        "requests": int(requests[1]),
        "requests_per_second": float(rate[1]),
        "latency_us": {percent: microseconds(text) for percent, text in latency},
    }


class Wrk:
    """wrk on the CPUs of the load. Its scripts are written into a directory."""

    def __init__(self, cpus, directory, program="wrk"):
        self.cpus = cpus
        self.directory = directory
        self.program = program

    def command(self, port, profile, seconds):
        threads = min(self.cpus.load_threads, profile.connections)
        command = ["taskset", "-c", self.cpus.load, self.program, f"-t{threads}"]
        command += [f"-c{profile.connections}", f"-d{seconds}s", "--latency"]
        command += ["--timeout", f"{TIMEOUT_SECONDS}s"]
        lua = script(profile)
        if lua:
            path = self.directory / f"{profile.name}.lua"
            path.write_text(lua)
            command += ["-s", str(path)]
        return [*command, f"http://127.0.0.1:{port}{profile.path}"]

    def load(self, port, profile, seconds):
        turn = parse(run("wrk", self.command(port, profile, seconds), seconds))
        if profile.pipeline > 1:
            turn["latency_us"] = {}  # wrk takes the time of one answer out of each batch
        return turn
