"""Who is measured: every server with its command, and why one is left out."""

import re
import shutil
from dataclasses import dataclass, field, replace

from suite.build import Peers

# What costs much time is measured of those that a reader compares first.
SWEEPS = frozenset({"connections", "latency"})
CORE = frozenset(
    {"plaintext", "pipelined", "json", "baseline", "short", "upload", "startup", "idle"}
)
METRICS = frozenset({"plaintext", "pipelined", "json"})
SHARDED = frozenset({"plaintext", "balance"})
FILES = frozenset({"static"})
STRATEGIES = ("COPY", "SENDFILE", "SPLICE", "SPLICE_LOOP")
# Libraries whose versions the report shows.
SHOWN = ("netty-codec-http", "vertx-core", "helidon-webserver", "jetty-server", "undertow-core")
SHOWN += ("microhttp", "jackson-databind")
LIMIT = frozenset({"plaintext", "pipelined", "startup", "idle"}) | SWEEPS


@dataclass(frozen=True)
class Entry:
    """A server. Commands have {port}, {port2}, and {file} where one process serves one file."""

    name: str
    title: str
    command: tuple
    groups: frozenset  # of profiles
    java: bool = False
    lacks: dict = field(default_factory=dict, hash=False)  # group: why it has none of it
    missing: str = ""  # why it is left out altogether

    def offers(self, profile):
        return profile.group in self.groups and profile.group not in self.lacks

    @property
    def of_one_file(self):
        return any("{file}" in word for word in self.command)


NGINX = """daemon off;
worker_processes 1;
pid {work}/nginx.pid;
error_log {work}/nginx.log;
worker_rlimit_nofile {files_max};
events {{ worker_connections {connections}; multi_accept on; }}
http {{
  access_log off;
  client_body_temp_path {work}/nginx-body; proxy_temp_path {work}/nginx-proxy;
  fastcgi_temp_path {work}/nginx-fastcgi; uwsgi_temp_path {work}/nginx-uwsgi;
  scgi_temp_path {work}/nginx-scgi;
  default_type application/octet-stream;
  sendfile on; tcp_nopush on; sendfile_max_chunk 512k;
  keepalive_requests 1000000000; keepalive_timeout 300;
  open_file_cache max=1000 inactive=60s; open_file_cache_valid 60s;
  server {{
    listen 127.0.0.1:@PORT@ backlog=8192;
    location = /plaintext {{ default_type text/plain; return 200 "Hello, World!"; }}
    location /static/ {{ alias {files}/; }}
  }}
}}
"""
# Its port is known only when it starts, and nginx takes it from a file alone.
NGINX_START = 'sed "s/@PORT@/$2/" "$1" > "$1.$2" && exec nginx -e "$1.log" -c "$1.$2"'


def torc(root, files, knows_metrics):
    everything = CORE | SWEEPS | FILES | {"balance"}
    command = (f"{root}/torc", "demo", "--port", "{port}", "--root", str(files))
    metrics = command + ("--transport", "uring", "--shards", "1", "--admin-port", "{port2}")
    unknown = (
        "" if knows_metrics else "torc demo of this checkout has no --admin-port, so no metrics"
    )

    def variant(transport, shards, groups):
        words = command + ("--transport", transport, "--shards", str(shards))
        name = f"torc-{transport}" + (f"-{shards}" if shards > 1 else "")
        title = f"Torc, {transport}" + (f", {shards} shards" if shards > 1 else "")
        return Entry(name, title, words, frozenset(groups), java=True)

    return [
        variant("uring", 1, everything - {"balance"}),
        variant("nio", 1, everything - {"balance"}),
        variant("uring", 2, SHARDED),
        variant("nio", 2, SHARDED),
        Entry("torc-metrics", "Torc, uring, metrics", metrics, METRICS, True, missing=unknown),
    ]


def strategies(command, missing=""):
    """How Torc sends files, one strategy each, with no HTTP around it."""
    return [
        Entry(
            f"torc-{name.lower().replace('_', '-')}",
            f"{name}, no HTTP",
            (*command, "{port}", "{file}", name),
            FILES,
            java=True,
            missing=missing,
        )
        for name in STRATEGIES
    ]


def peers(java, built: Peers, files):
    """The Java servers in loadtest/peers, on the JVM options that ./torc starts Torc with."""
    options = ["-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xshare:auto"]
    options += ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
    options += ["--add-opens=java.base/java.nio=ALL-UNNAMED"]
    options += ["--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"]
    options += ["-Dio.netty.tryReflectionSetAccessible=true"]
    # The JDK's server closes idle connections from the 201st on, and waits for an ACK, unless told.
    options += ["-Dsun.net.httpserver.maxIdleConnections=100000"]
    options += ["-Dsun.net.httpserver.nodelay=true"]
    every = CORE | FILES

    def peer(name, title, main, groups, *more, **lacks):
        words = (java, *options, "-cp", built.class_path, f"dev.torc.peers.{main}")
        words += ("{port}", str(files), *more)
        return Entry(name, title, words, frozenset(groups), True, lacks, built.missing)

    no_files = "it has no way to send a file"
    stays = "it keeps connections that it is asked to close"
    own_module = "its files are another library's"
    return [
        peer("netty-uring", "Netty, io_uring", "NettyPeer", every | SWEEPS, "io_uring"),
        peer("netty-epoll", "Netty, epoll", "NettyPeer", every | SWEEPS, "epoll"),
        peer("vertx", "Vert.x", "VertxPeer", every | SWEEPS),
        peer("helidon", "Helidon", "HelidonPeer", every | SWEEPS, static=own_module),
        peer("jetty", "Jetty", "JettyPeer", every),
        peer("undertow", "Undertow", "UndertowPeer", every),
        peer("microhttp", "microhttp", "MicrohttpPeer", every, static=no_files, short=stays),
        peer("jdk", "JDK's HttpServer", "JdkPeer", every | {"latency"}),
    ]


def nginx(work, files, files_max):
    text = NGINX.format(
        work=work, files=files, files_max=files_max, connections=max(files_max - 100, 100)
    )
    (work / "nginx.conf").write_text(text)
    lacks = dict.fromkeys(("json", "baseline", "upload"), "it computes no answers")
    missing = (
        "" if shutil.which("nginx") else "nginx is not installed (Debian: apt-get install nginx)"
    )
    command = ("sh", "-c", NGINX_START, "sh", str(work / "nginx.conf"), "{port}")
    groups = CORE | SWEEPS | FILES
    return Entry("nginx", "nginx", command, groups, lacks=lacks, missing=missing)


def limit(program, missing):
    lacks = dict.fromkeys(("json", "baseline", "upload", "short"), "it parses nothing")
    command = (str(program), "{port}")
    return Entry("limit", "Limit: C, io_uring", command, LIMIT | set(lacks), False, lacks, missing)


def own(spec):
    """NAME='command with {port}' of the command line: asked everything."""
    name, equals, command = spec.partition("=")
    if not equals or not name or "{port}" not in command:
        raise ValueError(f"not NAME='command with {{port}}': {spec}")
    words = ("sh", "-c", f"exec {command}")
    return Entry(name, name, words, CORE | SWEEPS | FILES | {"own"}, java="java" in command)


def with_group(entry, group):
    return replace(entry, groups=entry.groups | {group})


def versions(entries):
    """Of the libraries that the commands name on their class paths."""
    jars = {jar for entry in entries for word in entry.command for jar in word.split(":")}
    found = {}
    for jar in sorted(jars):
        named = re.search(r"/([a-z][\w.-]*?)-(\d[\w.]*?)(?:-linux-\w+)?\.jar$", jar)
        if named and named[1] in SHOWN:
            found[named[1]] = named[2]
    return found
