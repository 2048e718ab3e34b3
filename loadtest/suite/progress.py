"""Where a run is: profile, server, round and the time that is left, on the standard error."""

import shutil
import sys
import time

from suite.plan import told

QUIET_SECONDS = 10  # between two lines where they are not overwritten


class Progress:
    """Time left is what was planned for the rest, corrected by how the plan has held so far."""

    def __init__(self, total_seconds, stream=None):
        self.stream = stream or sys.stderr
        self.total = total_seconds
        self.planned = 0.0
        self.begun = time.monotonic()
        self.last = 0.0
        self.part = None

    def left(self):
        spent = time.monotonic() - self.begun
        pace = spent / self.planned if self.planned > 30 else 1
        return max((self.total - self.planned) * min(max(pace, 0.5), 3), 0)

    def behind_seconds(self):
        """How much later it is than planned."""
        return time.monotonic() - self.begun - self.planned

    def at(self, part, text):
        """Without a terminal there is a line for each part, and for what takes long."""
        now = time.monotonic()
        if not self.stream.isatty():
            if part == self.part and now - self.last < QUIET_SECONDS:
                return
            self.part = part
            print(f"[{told(self.left())} left] {text}", file=self.stream, flush=True)
        else:
            line = f"[{told(self.left())} left] {text}"
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\033[K{line[:width]}", end="", file=self.stream, flush=True)
        self.last = now

    def done(self, planned_seconds):
        self.planned += planned_seconds

    def say(self, text):
        """A line that stays."""
        clear = "\r\033[K" if self.stream.isatty() else ""
        print(f"{clear}{text}", file=self.stream, flush=True)
