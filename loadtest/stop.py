#!/usr/bin/env python3
"""How long an idle `torc` takes from SIGTERM until its process has ended.

Starts a server with a cold JVM for each round and waits for its banner; each of the transports in
turn, so that a slow spell of the machine meets them all. A round that does not exit with 0 ends it.

    loadtest/stop.py [--rounds 20] [--transports uring,nio]
"""

import argparse
import pathlib
import signal
import statistics
import subprocess
import sys
import time

TORC = pathlib.Path(__file__).resolve().parent.parent / "torc"
SETTLE_SECONDS = 0.3
PATIENCE_SECONDS = 30


def stop_millis(transport):
    """One server's time from SIGTERM to its end."""
    command = [TORC, "demo", "--port", "0", "--transport", transport]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        for line in server.stdout:
            if "started in" in line:
                break
        else:
            sys.exit(f"stop.py: {transport} does not start")
        time.sleep(SETTLE_SECONDS)
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        status = server.wait(PATIENCE_SECONDS)
        ended = time.monotonic()
        if status != 0:
            sys.exit(f"stop.py: {transport} exits with {status}")
        return (ended - began) * 1e3
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--transports", default="uring,nio")
    options = parser.parse_args()
    times = {name: [] for name in options.transports.split(",")}
    for number in range(1, options.rounds + 1):
        for name, all_times in times.items():
            print(f"\rround {number} of {options.rounds}: {name} ", end="", file=sys.stderr)
            all_times.append(stop_millis(name))
    print(file=sys.stderr)
    for name, all_times in times.items():
        all_times.sort()
        print(
            f"{name}: median {statistics.median(all_times):.0f} ms"
            f" ({all_times[0]:.0f} to {all_times[-1]:.0f}, {len(all_times)} stops)"
        )


if __name__ == "__main__":
    main()
