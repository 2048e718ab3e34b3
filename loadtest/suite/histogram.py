"""Latencies by their frequency, as HdrHistogram keeps them: 64 ranges for each doubling, so that a
percentile is off by 1/64 of itself at most, whatever its size."""

from collections import Counter
from dataclasses import dataclass, field

SUB_BITS = 6
SUBS = 1 << SUB_BITS
# Where the spectrum is looked at: each step has a tenth of what is above the last.
NINES = [0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 99.999]


def least(micros):
    """Of the range that a value is in."""
    if micros < 2 * SUBS:
        return micros
    shift = micros.bit_length() - 1 - SUB_BITS
    return micros >> shift << shift


@dataclass
class Histogram:
    counts: Counter = field(default_factory=Counter)

    @staticmethod
    def of(values):
        """Of microseconds."""
        return Histogram(Counter(map(least, values)))

    def plus(self, other):
        return Histogram(self.counts + other.counts)

    @property
    def total(self):
        return sum(self.counts.values())

    def at(self, percent):
        """The least value that this part of all do not exceed."""
        wanted = max(self.total * percent / 100, 1)
        seen = 0
        for value in sorted(self.counts):
            seen += self.counts[value]
            if seen >= wanted - 1e-6:
                return value
        raise ValueError("a histogram of nothing has no percentiles")

    def spectrum(self):
        """Pairs of percent and microseconds, as far as there are enough values to say."""
        top = 100 * (1 - 1 / self.total)
        return [[percent, self.at(percent)] for percent in NINES if percent <= top] + [
            [100, max(self.counts)]
        ]
