#!/usr/bin/env python3
"""Measures Torc's parser of request heads beside picohttpparser, which is written in C.

    mvn test-compile -pl server-http -am
    git clone https://github.com/h2o/picohttpparser ~/src/picohttpparser
    loadtest/parser.py --picohttpparser ~/src/picohttpparser

What is parsed (docs/http-speed.md says more), each head whole and in one buffer:

    chrome      a request of Chrome for a part of a page
    browsers    32 requests of browsers, each of about 500 bytes, in random order
    minimal     GET /plaintext with nothing but Host

Each parser runs in a process of its own, on one CPU, for a warm-up and then for the time that is
measured; in every round all of them run in turn. The table has medians over the rounds and the
spread, and is Markdown. "of C" is C's time by Torc's, the median of the rounds' ratios: 1.00 is as
fast as C, below is slower.

Needs a JDK 25 or newer, cc, taskset, and a checkout of picohttpparser, of which it compiles
picohttpparser.c with -O3 -march=native.
"""
import argparse
import json
import os
import platform
import random
import re
import statistics
import sys
import tempfile
from pathlib import Path

from programs import find_java, need, output, run, say

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "loadtest" / "parser"
BUILD = "mvn test-compile -pl server-http -am"
CLASSES = [
    ROOT / "server-core/target/classes",
    ROOT / "server-http/target/classes",
    ROOT / "server-http/target/test-classes",
]
BENCH = "dev.torc.http.h1.ParserBench"
GRACE_SECONDS = 30  # beyond the time asked for, to start and to end
ORDER = 4096  # heads until the order repeats
BROWSERS = 32
BROWSER_BYTES = range(480, 521)
CONTESTANTS = ("c", "torc")

# ---- heads

MINIMAL = [("GET /plaintext HTTP/1.1", None), ("Host", "localhost")]
CHROME = [
    ("GET /assets/js/cart.js?v=8f14e45f HTTP/1.1", None),
    ("Host", "www.example.com"),
    ("Connection", "keep-alive"),
    ("sec-ch-ua-platform", '"Linux"'),
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/138.0.0.0 Safari/537.36",
    ),
    ("sec-ch-ua", '"Chromium";v="138", "Not)A;Brand";v="8"'),
    ("sec-ch-ua-mobile", "?0"),
    ("Accept", "*/*"),
    ("Sec-Fetch-Site", "same-origin"),
    ("Sec-Fetch-Mode", "no-cors"),
    ("Sec-Fetch-Dest", "script"),
    ("Referer", "https://www.example.com/"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "en-US,en;q=0.9"),
]

HOSTS = ["www.example.com", "example.net", "api.example.com:8443", "cdn-3.assets.example.com"]
WORDS = "articles images assets users products search cart account news css js archive".split()
AGENTS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/138.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/138.0.0.0 Mobile Safari/537.36",
]
ACCEPTS = [
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "*/*",
    "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    "application/json, text/plain, */*",
    "text/css,*/*;q=0.1",
]
LANGUAGES = ["en-US,en;q=0.5", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "fr-FR,fr;q=0.9"]
ENCODINGS = ["gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd"]


def head(lines):
    text = [name if value is None else f"{name}: {value}" for name, value in lines]
    return "\r\n".join([*text, "", ""])


def path(seeded):
    steps = "/".join(seeded.choice(WORDS) for _ in range(seeded.randint(1, 4)))
    query = "?page=2&q=blue%20shirt" if seeded.random() < 0.3 else ""
    return f"/{steps}{seeded.choice(['', '.html', '.css', '.webp'])}{query}"


def browser(seeded):
    host = seeded.choice(HOSTS)
    always = [
        ("User-Agent", seeded.choice(AGENTS)),
        ("Accept", seeded.choice(ACCEPTS)),
        ("Accept-Language", seeded.choice(LANGUAGES)),
        ("Accept-Encoding", seeded.choice(ENCODINGS)),
    ]
    if seeded.random() < 0.5:
        seeded.shuffle(always)
    others = [
        ("Connection", "keep-alive"),
        ("Referer", f"https://{host}{path(seeded)}"),
        ("Upgrade-Insecure-Requests", "1"),
        ("Cache-Control", seeded.choice(["no-cache", "max-age=0"])),
        ("Pragma", "no-cache"),
        ("DNT", "1"),
        ("Sec-Fetch-Dest", seeded.choice(["document", "image", "script", "empty"])),
        ("Sec-Fetch-Mode", seeded.choice(["navigate", "no-cors", "cors"])),
        ("Sec-Fetch-Site", seeded.choice(["same-origin", "none", "cross-site"])),
        ("Cookie", f"theme=dark; session={seeded.getrandbits(128):032x}"),
        ("If-None-Match", f'"{seeded.getrandbits(64):016x}"'),
        ("If-Modified-Since", "Tue, 15 Jul 2025 08:12:31 GMT"),
        ("Priority", "u=0, i"),
    ]
    some = sorted(seeded.sample(range(len(others)), seeded.randint(3, 9)))
    start = [(f"GET {path(seeded)} HTTP/1.1", None), ("Host", host)]
    return head([*start, *always, *(others[i] for i in some)])


def browsers():
    seeded = random.Random(1)
    heads = []
    while len(heads) < BROWSERS:
        candidate = browser(seeded)
        if len(candidate) in BROWSER_BYTES:
            heads.append(candidate)
    return heads


class Case:
    def __init__(self, name, heads, scratch):
        self.name = name
        self.bytes_each = statistics.mean(map(len, heads))
        self.files = [os.path.join(scratch, f"{name}.{what}") for what in ("heads", "order")]
        order = list(range(len(heads))) * (ORDER // len(heads))
        random.Random(2).shuffle(order)
        for file, content in zip(self.files, ("".join(heads).encode("ascii"), bytes(order))):
            Path(file).write_bytes(content)
        self.rounds = {contestant: [] for contestant in CONTESTANTS}


# ---- programs


def java_command():
    for classes in CLASSES:
        if not classes.is_dir():
            sys.exit(f"{classes} has not been compiled: {BUILD}")
    return [
        find_java(),
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "-Xms64m",
        "-Xmx64m",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        os.pathsep.join(map(str, CLASSES)),
        BENCH,
    ]


def compile_c(checkout, scratch):
    """The program, and its compiler."""
    compiler = need(os.environ.get("CC", "cc"), "gcc libc6-dev")
    if not Path(checkout, "picohttpparser.c").exists():
        sys.exit(f"--picohttpparser: {checkout} has no picohttpparser.c")
    program = os.path.join(scratch, "parser")
    sources = [str(SOURCES / "parser.c"), os.path.join(checkout, "picohttpparser.c")]
    flags = ["-O3", "-march=native", "-Wall", "-I", checkout, "-o", program]
    run([compiler, *flags, *sources], 120)
    return program, compiler


def measure(options, commands, case, contestant):
    heads, order = case.files
    values = {"heads": heads, "order": order, "warm-up": options.warm_up, "seconds": options.secs}
    command = ["taskset", "-c", str(options.cpu), *commands[contestant]]
    for name, value in values.items():
        command += [f"--{name}", str(value)]
    result = json.loads(run(command, options.warm_up + options.secs + GRACE_SECONDS))
    nanos = result["cpu_nanos"] / result["operations"]
    case.rounds[contestant].append((nanos, result["allocated_bytes"] / result["operations"]))


# ---- results


def row(case, contestant):
    nanos = [each for each, _ in case.rounds[contestant]]
    ratios = [c[0] / torc[0] for c, torc in zip(case.rounds["c"], case.rounds["torc"])]
    middle = statistics.median(nanos)
    torc = contestant == "torc"
    return [
        case.name,
        contestant,
        f"{case.bytes_each:.0f}",
        f"{middle:.1f} [{min(nanos):.1f}–{max(nanos):.1f}]",
        f"{case.bytes_each / middle:.2f}",
        f"{statistics.median(ratios):.2f} [{min(ratios):.2f}–{max(ratios):.2f}]" if torc else "",
        f"{max(bytes_each for _, bytes_each in case.rounds[contestant]):.3f}" if torc else "",
    ]


HEADINGS = ["heads", "by", "bytes", "CPU ns per head", "GB/s", "of C", "allocated per head"]


def print_table(rows):
    widths = [max(len(line[i]) for line in [HEADINGS, *rows]) for i in range(len(HEADINGS))]
    rule = ["-" * width if i < 2 else "-" * (width - 1) + ":" for i, width in enumerate(widths)]
    for line in [HEADINGS, rule, *rows]:
        cells = [c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths))]
        print(f"| {' | '.join(cells)} |")


def machine(java, compiler):
    with open("/proc/cpuinfo") as info:
        model = re.search(r"model name\s*:\s*(.*)", info.read())
    return {
        "processor": model.group(1) if model else platform.machine(),
        "cpus": os.cpu_count(),
        "kernel": platform.release(),
        "jdk": re.search(r"\((build [^)]*)\)", output(java, "--version")).group(1),
        "compiler": output(compiler, "--version").splitlines()[0],
    }


def parse_options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each runs (5)")
    parser.add_argument("--secs", type=float, default=1, help="measured in each round (1)")
    parser.add_argument(
        "--warm-up", type=float, default=3, metavar="SECS", help="before, in each round (3)"
    )
    parser.add_argument(
        "--picohttpparser",
        metavar="DIR",
        default=os.environ.get("PICOHTTPPARSER"),
        help="a checkout of github.com/h2o/picohttpparser ($PICOHTTPPARSER)",
    )
    parser.add_argument(
        "--cpu",
        type=int,
        default=max(os.sched_getaffinity(0)),
        help="the CPU that everything runs on (%(default)s)",
    )
    options = parser.parse_args()
    if options.picohttpparser is None:
        parser.error(
            "--picohttpparser: where is it? git clone https://github.com/h2o/picohttpparser"
        )
    if options.rounds < 1 or options.secs <= 0 or options.warm_up <= 0:
        parser.error("--rounds, --secs and --warm-up must be positive")
    if options.cpu not in os.sched_getaffinity(0):
        parser.error(f"--cpu: this process may not use CPU {options.cpu}")
    return options


def main():
    options = parse_options()
    need("taskset", "util-linux")
    java = java_command()
    with tempfile.TemporaryDirectory(prefix="torc-parser-") as scratch:
        program, compiler = compile_c(options.picohttpparser, scratch)
        commands = {"c": [program], "torc": java}
        cases = [
            Case("chrome", [head(CHROME)], scratch),
            Case("browsers", browsers(), scratch),
            Case("minimal", [head(MINIMAL)], scratch),
        ]
        for number in range(options.rounds):
            for case in cases:
                say(f"round {number + 1} of {options.rounds}: {case.name}")
                # The other way round in every other round, so that nobody is always first.
                for contestant in CONTESTANTS[:: 1 if number % 2 == 0 else -1]:
                    measure(options, commands, case, contestant)
    print(", ".join(f"{name}: {value}" for name, value in machine(java[0], compiler).items()))
    print()
    print_table([row(case, contestant) for case in cases for contestant in CONTESTANTS])


if __name__ == "__main__":
    main()
