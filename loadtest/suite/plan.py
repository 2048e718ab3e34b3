"""How long it takes: what is measured, times what each costs."""

from dataclasses import dataclass

from suite import once

START_SECONDS = 1.2  # of a server, until it answers
TURN_SPARE_SECONDS = 0.35  # around a turn: wrk's own start and end, and looking at /proc
CHECK_SECONDS = 0.1
DETAIL_SPARE_SECONDS = 1.6  # perf's start and end, jcmd twice
BETWEEN_SECONDS = 0.5  # starting one server after another
IDLE_SECONDS = 6
WARM_UP_SECONDS = 1  # with what is measured next
WARM_UP_TURNS_MAX = 4  # of that, until a JIT is done
WARM_UP_TURNS_JAVA = 1.4  # how many that is, on average
ROUNDS_MAX = 5


@dataclass(frozen=True)
class Plan:
    """Rounds, and what they take."""

    rounds: int
    seconds: int  # of a turn
    warm_up: int  # of a server that has been started
    once_seconds: float
    round_seconds: float

    @property
    def total_seconds(self):
        return self.once_seconds + self.rounds * self.round_seconds


def turn_seconds(profile, seconds):
    return max(profile.seconds, seconds) + TURN_SPARE_SECONDS


def cell_seconds(profile, entry, seconds):
    """One server in one profile, in one round."""
    start = START_SECONDS if entry.of_one_file else 0
    if profile.kind == "rate":
        return turn_seconds(profile, seconds)
    turns = WARM_UP_TURNS_JAVA if entry.java else 1
    warm_up = turns * (WARM_UP_SECONDS + TURN_SPARE_SECONDS) if warms_up(profile) else 0
    return start + CHECK_SECONDS + warm_up + profile.turns * turn_seconds(profile, seconds)


def warms_up(profile):
    """More connections to what has just been measured need no other code."""
    return profile.kind == "wrk" and profile.group not in ("connections", "balance")


def once_seconds(profile, entry):
    if profile.name == "startup":
        return once.STARTS * (START_SECONDS / 2 if entry.java else 0.1)
    if profile.name == "idle":
        return IDLE_SECONDS + (START_SECONDS if entry.java else 0)
    return (profile.seconds + DETAIL_SPARE_SECONDS) if profile.detail else 0


def make(entries, profiles, options):
    """As many rounds as there is time for, if the options do not say."""
    pairs = [(p, e) for p in profiles for e in entries if e.offers(p)]
    repeated = [(p, e) for p, e in pairs if p.kind != "once"]
    per_round = sum(cell_seconds(p, e, options.secs) for p, e in repeated)
    started = {e.name for _, e in repeated if not e.of_one_file}
    per_round += len(started) * (START_SECONDS + options.warm_up + BETWEEN_SECONDS)
    first = sum(once_seconds(p, e) for p, e in pairs)
    rounds = options.rounds
    if rounds is None:
        fitting = int((options.minutes * 60 - first) / max(per_round, 0.001))
        rounds = max(1, min(fitting, ROUNDS_MAX))
    return Plan(rounds, options.secs, options.warm_up, first, per_round)


def told(seconds):
    """1:02:03 or 2:03."""
    minutes, rest = divmod(int(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
