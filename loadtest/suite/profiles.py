"""What servers are asked to do: each profile is one request, from so many connections."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from programs import bytes_of

HELLO = b"Hello, World!"
UPLOAD_BYTES = 20_000_000
SIZES = ("1K", "16K", "64K", "1M", "16M")
COUNTS = (16, 64, 256, 1024, 4096, 8192)
RATES = (10_000, 30_000, 60_000, 90_000, 120_000)
SPARE_FILES = 500  # descriptors that a process needs besides its connections
LARGE_BYTES = 1 << 20  # bodies from here on are taken from 16 connections


@dataclass(frozen=True)
class Profile:
    """One column of the report. `kind` says how it is measured, `group` how it is chosen."""

    name: str
    group: str
    title: str
    path: str = "/plaintext"
    answer: bytes | Path | None = HELLO  # a file's bytes; None: any body, with status 200
    kind: str = "wrk"  # or once (start-up and idle memory), or rate
    connections: int = 64
    pipeline: int = 1
    requests_each: int = 0  # of a connection, which then ends; 0: as many as there is time for
    body: bytes = b""
    headers: tuple = ()
    turns: int = 2  # in a round
    seconds: int = 1  # at the least
    rate: int = 0  # requests per second
    detail: bool = False  # system calls and allocations are looked at as well
    file: Path | None = None
    x: float = 0  # where it is on an axis
    options: dict = field(default_factory=dict, hash=False)


def upload_answer(body):
    sent = {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps(sent, separators=(",", ":")).encode()


def core():
    upload = b"x" * UPLOAD_BYTES
    sum_path = "/baseline?a=17&b=25"
    return [
        Profile("plaintext", "plaintext", "Plain text", detail=True),
        Profile("pipelined", "pipelined", "Plain text, 16 pipelined", pipeline=16, detail=True),
        Profile("json", "json", "JSON", "/json", b'{"message":"Hello, World!"}', detail=True),
        Profile("baseline-get", "baseline", "Sum of a query, GET", sum_path, b"42", detail=True),
        Profile(
            "baseline-post", "baseline", "Sum of query and body, POST", sum_path, b"62", body=b"20"
        ),
        Profile("short", "short", "Connections of 10 requests", requests_each=10, detail=True),
        Profile(
            "upload",
            "upload",
            "Upload of 20 MB, hashed",
            "/upload",
            upload_answer(upload),
            connections=8,
            body=upload,
            seconds=2,
        ),
    ]


def static(files):
    """Files that are there when it is measured."""
    return [
        Profile(
            f"static-{size}",
            "static",
            f"File of {size}iB",
            f"/static/{size}",
            files / size,
            connections=16 if bytes_of(size) >= LARGE_BYTES else 64,
            turns=1,
            file=files / size,
            x=bytes_of(size),
        )
        for size in SIZES
    ]


def connections(most):
    """As many at once as the limit of open files allows."""
    return [
        Profile(
            f"connections-{count}",
            "connections",
            f"{count} connections",
            connections=count,
            turns=1,
            seconds=1 if count < 1024 else 2,
            x=count,
        )
        for count in COUNTS
        if count + SPARE_FILES <= most
    ]


def rates():
    return [
        Profile(
            f"rate-{rate}",
            "latency",
            f"{rate:,} requests per second",
            kind="rate",
            rate=rate,
            turns=1,
            seconds=2,
            x=rate,
        )
        for rate in RATES
    ]


def every(files, most):
    """All profiles, in the order in which they are measured."""
    balance = Profile("balance", "balance", "Balance over shards", connections=512, turns=1)
    once = [
        Profile("startup", "startup", "Start to first answer", kind="once"),
        Profile("idle", "idle", "Memory of idle connections", kind="once"),
    ]
    return [*once, *core(), *static(files), *connections(most), balance, *rates()]


GROUPS = tuple(dict.fromkeys(p.group for p in every(Path("."), 1 << 20)))
QUICK = ("plaintext", "pipelined", "json", "baseline", "short", "startup")
