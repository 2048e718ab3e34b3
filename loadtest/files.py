#!/usr/bin/env python3
"""Measures how files of each size get to clients: Torc's strategies beside other servers.

    loadtest/files.py --quick                 # hot, 64 connections, up to 16 MiB: under 5 minutes
    loadtest/files.py [--size 1K ...] [--connections N ...] [--readers fast slow] [--cache hot cold]
    loadtest/files.py --quick --plot docs/    # with figures as SVG
    loadtest/files.py --server netty='java ... {port} {root}'   # one more

`torc` is `torc serve`, as it chooses by size. COPY, SENDFILE, SPLICE and SPLICE_LOOP each send one file
by one strategy and parse nothing (loadtest's FileServer). nginx and h2o are measured where they are
installed. A command of --server has {port}, {root} and {file}.

In each round all servers are started on CPU 0 and warmed up, then loaded from CPU 1 in short turns,
one after the other. Fast readers are wrk's; a slow reader takes 64 KiB every 50 ms. With a cold cache one
client asks for one file after another, each of which is put out of the page cache before
(posix_fadvise(2)); what the kernel's worker threads do counts.

The table has medians and quartiles: CPU time of the server for each request, its ratio to nginx's in the
same turn, bytes for each second of CPU time, and what the whole machine was busy for each request,
because on loopback part of the receiver's work is done in the sender's time. All of it is in files.json.
Everything stays on loopback, and ends with the command. Needs Linux, a JDK 25, wrk, taskset, two CPUs;
matplotlib for figures.
"""
import argparse
import json
import shlex
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

from programs import bytes_of, end_on_signals, find_java, make_file, module_path, need, say
from readers import read_cold, read_slowly
from servers import Server, measure, spread
from usage import busy_seconds, cpu_seconds

ROOT = Path(__file__).resolve().parent.parent
MODULES = ("server-core", "server-uring", "loadtest")
STRATEGIES = ("COPY", "SENDFILE", "SPLICE", "SPLICE_LOOP")
SIZES = ("0", "1K", "16K", "64K", "256K", "1M", "16M", "1G")
QUICK_SIZES = ("0", "1K", "16K", "64K", "256K", "1M", "16M")
FEW_FROM_BYTES = 1 << 20  # of a larger file 16 connections are enough to be busy with
FEW_CONNECTIONS = 16
SLOW_BYTES_MIN = 256 << 20  # what a slow reader does not get to the end of

NGINX = """daemon off; worker_processes 1; pid {root}.pid; error_log /dev/null;
events {{ worker_connections 4096; multi_accept on; }}
http {{ access_log off; sendfile on; tcp_nopush on; sendfile_max_chunk 512k;
  keepalive_requests 100000000; keepalive_timeout 300;
  open_file_cache max=100000 inactive=60s; open_file_cache_valid 60s;
  server {{ listen 127.0.0.1:{port}; root {root}; }} }}
"""
H2O = """listen: {{ host: 127.0.0.1, port: {port} }}
num-threads: 1
hosts: {{ default: {{ paths: {{ "/": {{ file.dir: {root} }} }} }} }}
"""


def configured(program, text, root):
    """A command that writes its configuration, for a port that is known only then, and runs."""
    script = 'printf %s "$1" | sed "s/@PORT@/$2/" > "$3.$2" && shift 3 && exec "$@"'
    name = f"{root}.{program[0]}"
    text = text.format(port="@PORT@", root=root)
    command = ["sh", "-c", script, "sh", text, "{port}", name]
    return command + [word.replace("{config}", f"{name}.{{port}}") for word in program]


def contestants(options, root, file):
    """Commands by name; the first is what the others are compared with."""
    found = {}
    if shutil.which("nginx"):
        program = ["nginx", "-e", "/dev/null", "-c", "{config}"]
        found["nginx"] = configured(program, NGINX, root)
    if shutil.which("h2o"):
        found["h2o"] = configured(["h2o", "-c", "{config}"], H2O, root)
    torc = f"{ROOT}/torc serve {root} --port {{port}} --shards 1 --quiet"
    found["torc"] = torc.split()
    java = [find_java(), "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"]
    java += ["--enable-native-access=dev.torc.core,dev.torc.uring"]
    java += ["--module-path", module_path(ROOT, MODULES)]
    java += ["--module", "dev.torc.loadtest/dev.torc.loadtest.file.FileServer"]
    for strategy in STRATEGIES:
        found[strategy] = [*java, "{port}", str(file), strategy]
    for spec in options.server:
        name, command = spec.split("=", 1)
        words = shlex.split(command)
        found[name] = [w.replace("{root}", str(root)).replace("{file}", str(file)) for w in words]
    if options.only:
        found = {name: command for name, command in found.items() if name in options.only}
    return found


# ---- other readers than wrk


def measure_otherwise(commands, turns, options, readers):
    """A round with slow readers, or a cold cache."""
    servers = {}
    try:
        for name, command in commands.items():
            servers[name] = Server(command)
            readers(servers[name].port, 0.5)
        for _ in range(options.turns):
            for name, server in servers.items():
                before, busy = cpu_seconds(server.process.pid), busy_seconds()
                count = readers(server.port, options.seconds)
                spent = cpu_seconds(server.process.pid) - before
                cost = {"cpu_us": spent / count * 1e6}
                cost["busy_us"] = (busy_seconds() - busy) / count * 1e6
                turns[name].append(SimpleNamespace(**cost, rps=count / options.seconds, problem=""))
    finally:
        for server in servers.values():
            server.kill()


# ---- results


def summary(case, turns):
    """Rows for the table, the JSON and the figures."""
    rows = []
    first = next(iter(turns.values()))
    for name, results in turns.items():
        cpu = [result.cpu_us for result in results]
        ratios = [own.cpu_us / other.cpu_us for own, other in zip(results, first)]
        row = dict(case, server=name, cpu_us=statistics.median(cpu))
        row["cpu_us_quartiles"] = statistics.quantiles(cpu, n=4, method="inclusive")
        row["ratio"] = statistics.median(ratios)
        row["ratio_quartiles"] = statistics.quantiles(ratios, n=4, method="inclusive")
        row["busy_us"] = statistics.median(result.busy_us for result in results)
        row["requests_per_second"] = statistics.median(result.rps for result in results)
        row["bytes_per_cpu_second"] = case["bytes"] / row["cpu_us"] * 1e6 if row["cpu_us"] else 0
        row["problem"] = next((result.problem for result in results if result.problem), "")
        rows.append(row)
    return rows


def told(case):
    return f"{case['size']}, {case['connections']} {case['readers']} readers, {case['cache']}"


def print_rows(case, rows, turns):
    print(f"\n{told(case)}\n{'':<13}{'req/s':>9}{'CPU us [quartiles]':>34}", end="")
    print(f"{'ratio [quartiles]':>22}{'all us':>10}{'MiB/CPU s':>11}")
    first = next(iter(turns.values()))
    for row in rows:
        own = turns[row["server"]]
        ratios = spread([a.cpu_us / b.cpu_us for a, b in zip(own, first)])
        print(
            f"{row['server']:<13}{row['requests_per_second']:>9,.0f}"
            f"{spread([turn.cpu_us for turn in own]):>34}{ratios:>22}"
            f"{row['busy_us']:>10,.1f}{row['bytes_per_cpu_second'] / (1 << 20):>11,.0f}"
            f"  {row['problem']}",
            flush=True,
        )


def plot(rows, directory):
    """CPU time for each request by size, and bytes for each second of it, of hot files."""
    try:
        import matplotlib
    except ModuleNotFoundError:
        sys.exit("figures need matplotlib (Debian: apt-get install python3-matplotlib)")
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "torc"
    from matplotlib import pyplot

    shown = [row for row in rows if row["cache"] == "hot" and row["readers"] == "fast"]
    most = max((row["connections"] for row in shown if row["bytes"] < FEW_FROM_BYTES), default=0)
    shown = [r for r in shown if r["connections"] == most or r["bytes"] >= FEW_FROM_BYTES]
    figure, (cost, work) = pyplot.subplots(1, 2, figsize=(10, 4))
    for name in dict.fromkeys(row["server"] for row in shown):
        own = [row for row in shown if row["server"] == name and row["bytes"]]
        own.sort(key=lambda row: row["bytes"])
        sizes = [row["bytes"] for row in own]
        cost.plot(sizes, [row["ratio"] for row in own], "o-", label=name)
        work.plot(sizes, [row["bytes_per_cpu_second"] / (1 << 30) for row in own], "o-", label=name)
    labels = {row["bytes"]: row["size"] for row in shown if row["bytes"]}
    cost.set_title("CPU time for a request, ratio to the first")
    work.set_title("GiB for a second of CPU time")
    for axes in (cost, work):
        axes.set_xscale("log", base=2)
        axes.set_xticks(list(labels), list(labels.values()))
        axes.grid(alpha=0.3)
    cost.set_ylim(bottom=0)
    work.set_yscale("log")
    cost.legend()
    figure.tight_layout()
    figure.savefig(Path(directory) / "files.svg", metadata={"Date": None})


# ---- the run


def run_case(options, case, root):
    file = root / case["size"]
    commands = contestants(options, root, file)
    turns = {name: [] for name in commands}
    path = f"/{case['size']}"
    settings = SimpleNamespace(
        path=path,
        connections=case["connections"],
        seconds=options.seconds,
        turns=options.turns,
        warm_up=options.warm_up,
        header=[],
    )
    for number in range(options.rounds):
        say(f"{told(case)}: round {number + 1} of {options.rounds} ...")
        if case["cache"] == "cold":

            def cold_reads(port, _):
                return read_cold(port, path, file, case["bytes"])

            measure_otherwise(commands, turns, settings, cold_reads)
        elif case["readers"] == "slow":

            def files_read(port, seconds):
                taken, _ = read_slowly(port, path, case["connections"], seconds)
                return max(taken, 1) / case["bytes"]

            measure_otherwise(commands, turns, settings, files_read)
        else:
            measure(commands, turns, settings, None)
    rows = summary(case, turns)
    print_rows(case, rows, turns)
    return rows


def cases(options):
    for size in options.size:
        for cache in options.cache:
            for readers in options.readers:
                for connections in options.connections if cache == "hot" else [1]:
                    if cache == "cold" and (readers == "slow" or size == "0"):
                        continue
                    if readers == "slow" and bytes_of(size) < SLOW_BYTES_MIN:
                        continue
                    few = bytes_of(size) >= FEW_FROM_BYTES and readers == "fast"
                    yield {
                        "size": size,
                        "bytes": bytes_of(size),
                        "cache": cache,
                        "readers": readers,
                        "connections": min(connections, FEW_CONNECTIONS) if few else connections,
                    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="few cases, short turns")
    parser.add_argument("--size", nargs="+", default=SIZES, metavar="SIZE", help="such as 16K")
    parser.add_argument("--connections", nargs="+", type=int, default=[1, 64, 512])
    parser.add_argument("--cache", nargs="+", default=["hot", "cold"], choices=["hot", "cold"])
    parser.add_argument("--readers", nargs="+", default=["fast", "slow"], choices=["fast", "slow"])
    parser.add_argument("--rounds", type=int, default=2, help="starts of each server")
    parser.add_argument("--turns", type=int, default=4, help="of each server, in a round")
    parser.add_argument("--seconds", type=int, default=2, help="of a turn")
    parser.add_argument("--warm-up", type=int, default=5, help="seconds before the turns")
    parser.add_argument("--server", action="append", default=[], metavar="NAME='COMMAND'")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="just these servers")
    parser.add_argument("--files", default=None, metavar="DIR", help="where to make the files")
    parser.add_argument("--json", default="files.json", help="where the results go")
    parser.add_argument("--plot", default=None, metavar="DIR", help="makes DIR/files.svg")
    options = parser.parse_args()
    if options.quick:
        options.size = QUICK_SIZES if options.size == SIZES else options.size
        options.connections, options.cache, options.readers = [64], ["hot"], ["fast"]
        options.rounds, options.turns, options.seconds, options.warm_up = 1, 3, 1, 2
    end_on_signals()
    need("wrk", "wrk")
    rows = []
    with tempfile.TemporaryDirectory(dir=options.files) as directory:
        root = Path(directory) / "files"
        root.mkdir()
        root.chmod(0o755)
        Path(directory).chmod(0o755)
        say("making the files ...")
        for size in options.size:
            make_file(root / size, bytes_of(size))
        done = set()
        for case in cases(options):
            if tuple(case.values()) in done:
                continue
            done.add(tuple(case.values()))
            rows += run_case(options, case, root)
            Path(options.json).write_text(json.dumps(rows, indent=1) + "\n")
    if options.plot:
        plot(rows, options.plot)


if __name__ == "__main__":
    main()
