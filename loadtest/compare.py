#!/usr/bin/env python3
"""Measures HTTP servers side by side with wrk: requests per second and CPU time per request.

    loadtest/compare.py [options] NAME='command with {port}' ...

In each round all servers are started on CPU 0 and warmed up; then wrk on CPU 1 loads one after the
other, in short turns, so that what else the machine does meets all of them. The JIT compiles a
server anew in each round. The table has the medians of all turns, the quartiles of the CPU time, and
its ratio to the first server's in the same turn. Everything stays on loopback.

CPU time per request is the figure that tells servers apart: without pipelining wrk is usually the
first to run out of CPU.
"""
import argparse
import os
import statistics
import sys
import tempfile

from servers import measure, spread


def script_of(options):
    """The Lua script that makes wrk send what the options ask for, or None."""
    if options.body:
        lines = f"wrk.method = 'POST'\nwrk.body = string.rep('x', {options.body})\n"
    elif options.pipeline > 1:
        lines = (
            "init = function(args)\n"
            f"  local one = wrk.format(nil, '{options.path}')\n"
            f"  batch = string.rep(one, {options.pipeline})\n"
            "end\n"
            "request = function() return batch end\n"
        )
    else:
        return None
    script = tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False)
    with script:
        script.write(lines)
    return script.name


def print_table(turns):
    print(
        f"{'server':<16}{'req/s':>12}{'CPU us/req [quartiles]':>30}{'ratio [quartiles]':>24}"
        f"{'p99 us':>9}{'RSS MiB':>9}"
    )
    first = next(iter(turns.values()))
    for name, results in turns.items():
        ratios = [own.cpu_us / other.cpu_us for own, other in zip(results, first)]

        def median(field):
            return statistics.median(getattr(result, field) for result in results)

        problem = next((result.problem for result in results if result.problem), "")
        print(
            f"{name:<16}{median('rps'):>12,.0f}{spread([r.cpu_us for r in results]):>30}"
            f"{spread(ratios):>24}{median('p99_us'):>9,.0f}{median('rss_mib'):>9,.0f}  {problem}"
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="starts of each server")
    parser.add_argument("--turns", type=int, default=4, help="of each server, in a round")
    parser.add_argument("--seconds", type=int, default=2, help="of a turn")
    parser.add_argument("--warm-up", type=int, default=8, help="seconds before the turns")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--pipeline", type=int, default=1, help="requests sent at once")
    parser.add_argument("--body", type=int, default=0, help="POST a body of so many bytes")
    parser.add_argument("--path", default="/plaintext")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("servers", nargs="+", metavar="NAME='command with {port}'")
    options = parser.parse_args()
    if options.body and options.pipeline > 1:
        parser.error("--body and --pipeline exclude each other: a body is not pipelined")
    if options.rounds * options.turns < 2:
        parser.error("two turns are the least of which there are quartiles: raise --turns")
    script = script_of(options)

    commands = dict(spec.split("=", 1) for spec in options.servers)
    turns = {name: [] for name in commands}
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds} ...", file=sys.stderr)
        measure(commands, turns, options, script)
    print_table(turns)
    if script:
        os.unlink(script)


main()
