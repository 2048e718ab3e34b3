"""A load generator, run to its end."""

import subprocess

from suite.failure import Failed

GRACE_SECONDS = 30  # to end after its time


def run(name, command, seconds):
    """What the command says, which has so much time and some more."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=seconds + GRACE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"{name} did not end within {seconds + GRACE_SECONDS} s") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-300:]
        raise Failed(f"{name} ended with {done.returncode}: {said}")
    return done.stdout
