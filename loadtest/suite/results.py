"""All that is measured, and what is said of it, never of what failed."""

import json
import os
import statistics
from collections import Counter
from dataclasses import dataclass, field

from suite.histogram import Histogram

FIGURES = ("cpu_us", "busy_us", "requests_per_second", "voluntary", "involuntary", "rss_bytes")
FIGURES += ("compiler_share",)
# To these, what else the machine does adds where the load follows the server: the least of all turns
# comes nearest to what the server costs, and is what two runs agree on. At a fixed rate a disturbed
# turn may be cheaper, as it bunches requests. Of all else the medians are told.
COSTS = ("cpu_us", "busy_us")
PERCENTILES = ("50", "75", "90", "99", "99.9")


def quartiles(values):
    """Lower quartile, median, upper quartile."""
    if len(values) == 1:
        return [values[0]] * 3
    return statistics.quantiles(values, n=4, method="inclusive")


@dataclass
class Results:
    machine: dict
    options: dict
    servers: list  # name, title, command, version
    profiles: list
    left_out: list = field(default_factory=list)  # server or profile, and why
    turns: list = field(default_factory=list)
    once: list = field(default_factory=list)
    details: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    processes: dict = field(default_factory=dict)  # command lines of what has run, by server
    complete: bool = False
    seconds: float = 0  # that it took

    def fail(self, profile, server, number, reason):
        self.failures.append(
            {"profile": profile, "server": server, "round": number + 1, "reason": reason}
        )

    def failure(self, profile, server):
        """Why there is no figure, or nothing. One failed turn is enough."""
        for failure in self.failures:
            if failure["profile"] == profile and failure["server"] == server:
                return failure["reason"]
        return ""

    def turns_of(self, profile, server):
        return [t for t in self.turns if t["profile"] == profile and t["server"] == server]

    def first_of(self, rows, profile, server):
        for row in rows:
            if row["profile"] == profile and row["server"] == server:
                return row
        return {}

    def cells(self):
        """One for each profile and server that met, with figures or with a failure."""
        met = [(row["profile"], row["server"]) for row in self.turns + self.once + self.failures]
        return [self.cell(*pair) for pair in dict.fromkeys(met)]

    def cell(self, profile, server):
        cell = {"profile": profile, "server": server}
        failure = self.failure(profile, server)
        if failure:
            return cell | {"failure": failure}
        once = self.first_of(self.once, profile, server)
        if once:
            return cell | {name: once[name] for name in once if name not in cell}
        turns = self.turns_of(profile, server)
        least = () if self.has_fixed_rate(profile) else COSTS
        for figure in FIGURES:
            values = [turn[figure] for turn in turns if figure in turn]
            if values:
                low, middle, high = quartiles(values)
                cell[figure] = min(values) if figure in least else middle
                cell[f"{figure}_quartiles"] = [low, high]
        cell["turns"] = len(turns)
        cell["ratio"], cell["ratio_quartiles"] = self.ratio(profile, turns)
        cell |= self.latency(turns)
        detail = self.first_of(self.details, profile, server)
        cell |= {name: detail[name] for name in detail if name not in cell}
        return cell

    def has_fixed_rate(self, name):
        return any(profile.get("rate") for profile in self.profiles if profile["name"] == name)

    def ratio(self, profile, turns):
        """CPU time per request, of that of the first server in the same turn."""
        first = self.servers[0]["name"]
        if self.failure(profile, first):
            return None, None
        base = {(t["round"], t["turn"]): t["cpu_us"] for t in self.turns_of(profile, first)}
        pairs = [(t["cpu_us"], base.get((t["round"], t["turn"]))) for t in turns]
        ratios = [own / other for own, other in pairs if other]
        if not ratios:
            return None, None
        low, middle, high = quartiles(ratios)
        return middle, [low, high]

    def latency(self, turns):
        """Of wrk the medians of the turns' percentiles; of fixed rates those of all turns."""
        histograms = [Histogram(Counter(dict(t["histogram"]))) for t in turns if "histogram" in t]
        if histograms:
            whole = histograms[0]
            for histogram in histograms[1:]:
                whole = whole.plus(histogram)
            return {
                "latency_us": {percent: whole.at(float(percent)) for percent in PERCENTILES},
                "spectrum": whole.spectrum(),
                "saturated": any(turn["saturated"] for turn in turns),
            }
        names = dict.fromkeys(name for turn in turns for name in turn["latency_us"])
        medians = {
            name: statistics.median(t["latency_us"][name] for t in turns if name in t["latency_us"])
            for name in names
        }
        return {"latency_us": medians}

    def as_json(self):
        whole = dict(vars(self))
        whole["cells"] = self.cells()
        return whole

    def write(self, path):
        """A reader finds the last whole one, whenever this ends."""
        part = path.with_suffix(".part")
        part.write_text(json.dumps(self.as_json(), indent=1) + "\n")
        os.replace(part, path)


def table(results):
    """The cells in text, a block for each profile."""
    lines = []
    for profile in results.profiles:
        cells = [cell for cell in results.cells() if cell["profile"] == profile["name"]]
        if not cells:
            continue
        lines += ["", profile["title"]]
        lines += [line_of(results, cell) for cell in cells]
    return "\n".join(lines)


def line_of(results, cell):
    title = next(
        (s["title"] for s in results.servers if s["name"] == cell["server"]), cell["server"]
    )
    if "failure" in cell:
        return f"  {title:<24} failed: {cell['failure'].splitlines()[0][:100]}"
    if "milliseconds" in cell:
        return f"  {title:<24}{cell['milliseconds']:>10,.0f} ms"
    if "bytes_each" in cell:
        return f"  {title:<24}{cell['bytes_each']:>10,.0f} bytes for each connection"
    low, high = cell["cpu_us_quartiles"]
    ratio = f"{cell['ratio']:.2f}" if cell["ratio"] else ""
    return (
        f"  {title:<24}{cell['cpu_us']:>10,.2f} us CPU/request [{low:,.2f}-{high:,.2f}]"
        f"{ratio:>7}{cell['requests_per_second']:>12,.0f}/s"
        f"   p99 {cell['latency_us'].get('99', 0):>9,.0f} us"
    )
