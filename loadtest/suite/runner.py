"""Measures: all servers in every round, one short turn after the other, so that what else the
machine does meets all of them. A server that fails is out of that profile; the others go on."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from suite import detail, once, plan
from suite.failure import Failed
from suite.profiles import Profile
from suite.rate import OpenLoop, h2load
from suite.running import Running
from suite.wrk import Wrk
from usage import compiler_share, read, rss_bytes, usage

DYING_SECONDS = 0.5  # from when its connections break
COMPILER_SHARE_MAX = 0.03  # of a second's CPU time: then a server is warm
BEHIND_SECONDS_MAX = 60  # of the plan, to go on warming up
RESTARTS_MAX = 3  # of a server that dies, in all rounds together
WARM = Profile("warm-up", "warm-up", "Warm-up")
CHECKED_RATE = 1  # which of the rates h2load measures as well


@dataclass(frozen=True)
class Tools:
    """What loads and looks."""

    java: str
    cpus: object
    wrk: Wrk
    open_loop: OpenLoop | None
    h2load: bool
    counts_syscalls: bool
    work: Path


class Runner:
    def __init__(self, entries, profiles, the_plan, tools, results, progress, save):
        self.entries = entries
        self.profiles = profiles
        self.plan = the_plan
        self.tools = tools
        self.results = results
        self.progress = progress
        self.save = save  # called when there is more to keep
        self.number = 0  # of the round, from 0
        self.fleet = {}  # servers that run, by name
        self.restarts = {}  # by name
        self.out = {}  # why a server is not started again
        self.saturated = {}  # the least rate that is too much, by name

    def run(self):
        for profile in self.profiles:
            if profile.kind == "once":
                self.once(profile)
        for self.number in range(self.plan.rounds):
            self.round()

    # ---- what is measured of servers that have just been started

    def once(self, profile):
        measure = once.startup if profile.name == "startup" else once.idle
        for entry in self.offering(profile):
            self.progress.at(profile.name, f"{profile.name} · {entry.name}")
            with self.guarded(profile, entry):
                found = measure(entry.title, entry.command, self.tools.cpus.server)
                self.results.once.append({"profile": profile.name, "server": entry.name} | found)
            self.progress.done(plan.once_seconds(profile, entry))
        self.save()

    # ---- rounds

    def round(self):
        loaded = [p for p in self.profiles if p.kind != "once"]
        wanted = [e for e in self.entries if not e.of_one_file and any(map(e.offers, loaded))]
        try:
            for entry in wanted:
                if entry.name not in self.out:
                    with self.guarded(None, entry):
                        self.start(entry)
                self.progress.done(plan.START_SECONDS + self.plan.warm_up + plan.BETWEEN_SECONDS)
            for profile in loaded:
                self.profile(profile)
                self.save()
        finally:
            for server in self.fleet.values():
                server.kill()
            self.fleet.clear()

    def start(self, entry, profile=None):
        """Starts and warms up a server; afterwards it is in the fleet."""
        self.at(profile, entry, "starts")
        command = entry.command
        if profile and profile.file:
            command = [word.replace("{file}", str(profile.file)) for word in command]
        server = Running(entry.title, command, self.tools.cpus.server)
        try:
            server.first_answer()
            if not entry.of_one_file:
                self.at(profile, entry, "warms up")
                self.load(WARM, server, self.plan.warm_up)
        except BaseException as failed:
            server.kill()
            if isinstance(failed, Failed) and not entry.of_one_file:
                self.out[entry.name] = str(failed)
            raise
        self.fleet[entry.name] = server
        # What a script has become in the end: the JVM with all of its options.
        words = read(f"/proc/{server.pid}/cmdline").split("\0")
        self.results.processes[entry.name] = " ".join(words).strip()

    def running(self, entry, profile):
        """The server of an entry; if it has died, another one."""
        server = self.fleet.get(entry.name)
        if server is None:
            if not entry.of_one_file:
                self.restarts[entry.name] = self.restarts.get(entry.name, 0) + 1
                if self.restarts[entry.name] > RESTARTS_MAX:
                    self.out[entry.name] = f"it has died {RESTARTS_MAX + 1} times before"
                    raise Failed(self.out[entry.name])
            self.start(entry, profile)
        return self.fleet[entry.name]

    def profile(self, profile):
        ready = []
        for entry in self.offering(profile):
            if entry.name in self.out:
                self.results.fail(profile.name, entry.name, self.number, self.out[entry.name])
                continue
            with self.guarded(profile, entry):
                server = self.running(entry, profile)
                self.check(profile, entry, server)
                if plan.warms_up(profile):
                    self.warm_up(profile, entry, server)
                ready.append(entry)
        for turn in range(profile.turns):
            # Every other turn the other way round, in case one server's end slows the next.
            order = ready if (self.number + turn) % 2 == 0 else list(reversed(ready))
            for entry in [e for e in order if e.name in self.fleet]:
                with self.guarded(profile, entry):
                    self.turn(profile, entry, turn)
        if profile.detail and self.number == 0:
            for entry in [e for e in ready if e.name in self.fleet]:
                with self.guarded(profile, entry):
                    self.detail(profile, entry)
                self.progress.done(plan.once_seconds(profile, entry))
        for entry in self.offering(profile):
            if entry.of_one_file and entry.name in self.fleet:
                self.fleet.pop(entry.name).kill()
            self.progress.done(plan.cell_seconds(profile, entry, self.plan.seconds))

    def warm_up(self, profile, entry, server):
        """Until the JIT has compiled what this profile needs, if there is time."""
        for _ in range(plan.WARM_UP_TURNS_MAX):
            self.at(profile, entry, "warms up")
            before = usage(server.pid)
            self.load(profile, server, plan.WARM_UP_SECONDS)
            share = compiler_share(usage(server.pid).spent_since(before))
            if share < COMPILER_SHARE_MAX or self.progress.behind_seconds() > BEHIND_SECONDS_MAX:
                break

    def check(self, profile, entry, server):
        """Whether it answers rightly. The report tells what is in its heads."""
        headers = server.check(profile)
        if self.number == 0:
            self.results.answers.append(
                {"profile": profile.name, "server": entry.name, "headers": headers}
            )

    def load(self, profile, server, seconds):
        tool = self.tools.open_loop if profile.kind == "rate" else self.tools.wrk
        try:
            found = tool.load(server.port, profile, seconds)
        except Failed:
            server.alive("while it was loaded", DYING_SECONDS)
            raise
        server.alive("while it was loaded")
        return found

    def turn(self, profile, entry, turn):
        if profile.rate > self.saturated.get(entry.name, profile.rate):
            return
        self.at(profile, entry, f"turn {turn + 1} of {profile.turns}")
        server = self.fleet[entry.name]
        before = usage(server.pid)
        found = self.load(profile, server, max(profile.seconds, self.plan.seconds))
        after = usage(server.pid)
        requests = found["requests"]
        threads = after.spent_since(before)
        spent = sum(threads.values())
        if spent <= 0:
            raise Failed("it used no CPU time at all, which cannot be")
        found |= {
            "profile": profile.name,
            "server": entry.name,
            "round": self.number + 1,
            "turn": turn + 1,
            "cpu_us": spent / requests * 1e6,
            "busy_us": (after.busy_seconds - before.busy_seconds) / requests * 1e6,
            "voluntary": max(after.voluntary - before.voluntary, 0) / requests,
            "involuntary": max(after.involuntary - before.involuntary, 0) / requests,
            "rss_bytes": rss_bytes(server.pid),
            "compiler_share": compiler_share(threads),
            "threads": {t: s for t, s in threads.items() if s > spent / 100},
        }
        self.results.turns.append(found)
        if profile.kind == "rate":
            self.after_rate(profile, entry, server, found)

    def after_rate(self, profile, entry, server, found):
        """Higher rates say nothing of a server that this one is too much for. And once, h2load."""
        if found["saturated"]:
            self.saturated.setdefault(entry.name, profile.rate)
        rates = [p for p in self.profiles if p.kind == "rate"]
        checked = rates[min(CHECKED_RATE, len(rates) - 1)]
        if profile is not checked or self.number > 0 or not self.tools.h2load:
            return
        try:
            histogram = h2load(
                self.tools.cpus, server.port, profile, profile.seconds, self.tools.work
            )
        except Failed as failed:
            self.results.notes.append(f"h2load, {entry.name} at {profile.rate}/s: {failed}")
            return
        percentiles = {percent: histogram.at(float(percent)) for percent in ("50", "90", "99")}
        row = {"profile": profile.name, "server": entry.name, "h2load_us": percentiles}
        self.results.details.append(row)

    def detail(self, profile, entry):
        """System calls and allocations for each request, in a turn that is for nothing else."""
        self.at(profile, entry, "system calls and allocations")
        server, tools = self.fleet[entry.name], self.tools
        row = {"profile": profile.name, "server": entry.name}
        is_java = detail.is_java(server.pid)
        before = detail.allocated_bytes(tools.java, server.pid, tools.cpus) if is_java else None
        if tools.counts_syscalls:
            with detail.SystemCalls(server.pid) as calls:
                found = self.load(profile, server, profile.seconds)
            if calls.count is not None:
                row["syscalls"] = calls.count / found["requests"]
        elif is_java:
            found = self.load(profile, server, profile.seconds)
        after = detail.allocated_bytes(tools.java, server.pid, tools.cpus) if is_java else None
        if before is not None and after is not None:
            row["allocated_bytes"] = max(after - before, 0) / found["requests"]
        self.results.details.append(row)

    # ----

    def offering(self, profile):
        return [entry for entry in self.entries if entry.offers(profile)]

    def at(self, profile, entry, what):
        round_now = f"round {self.number + 1} of {self.plan.rounds}"
        name = profile.name if profile else ""
        where = [round_now, name, entry.name, what]
        self.progress.at((round_now, name), " · ".join(filter(None, where)))

    def guarded(self, profile, entry):
        stack = ExitStack()
        stack.push(lambda kind, problem, _: self.noted(profile, entry, problem))
        return stack

    def noted(self, profile, entry, problem):
        """Keeps a failure as one, and swallows it; all else goes on its way."""
        if not isinstance(problem, Failed):
            return False
        if profile:
            self.results.fail(profile.name, entry.name, self.number, str(problem))
        where = f", {profile.name}" if profile else ""
        self.progress.say(f"{entry.name}{where}: {problem}")
        server = self.fleet.get(entry.name)
        if server and server.process.poll() is not None:
            self.fleet.pop(entry.name).kill()
        return True
