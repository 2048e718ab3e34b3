"""Builds what is measured. What cannot be built is left out, and says why."""

import os
import shutil
import signal
import subprocess
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from programs import find_java, say

HERE = Path(__file__).resolve().parent
BUILD_SECONDS = 900
SAID_CHARACTERS = 1000


@dataclass(frozen=True)
class Peers:
    class_path: str
    missing: str = ""  # why there are none


def attempt(command, where, log, seconds=BUILD_SECONDS):
    """Runs a build; returns why it failed, or nothing. What it says is in the log."""
    environment = dict(os.environ, JAVA_HOME=str(Path(find_java()).parent.parent))
    if shutil.which(command[0]) is None:
        return f"{command[0]} is missing"
    with open(log, "w") as out:
        process = subprocess.Popen(
            command,
            cwd=where,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return f"{command[0]} took longer than {seconds} s{last_lines(log)}"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return "" if code == 0 else f"{command[0]} ended with {code}{last_lines(log)}"


def last_lines(log):
    """The log is gone with the command: what it ended with must be told."""
    said = Path(log).read_text(errors="replace").strip()[-SAID_CHARACTERS:]
    return f"; it said: {said}" if said else ""


def newest(paths):
    return max((path.stat().st_mtime for path in paths), default=0)


def torc(root, log):
    """By ./torc itself, which builds if its sources have changed."""
    return attempt([f"{root}/torc", "--version"], root, log)


def strategies(root, log):
    """The command of loadtest's FileServer, and why it is missing, if it is."""
    modules = [root / module for module in ("server-core", "server-uring", "loadtest")]
    classes = [module / "target/classes" for module in modules]
    built = newest([path / "module-info.class" for path in classes if path.exists()])
    main = root / "loadtest/target/classes/dev/torc/loadtest/file/FileServer.class"
    why = ""
    if not main.exists() or newest(Path(root, "loadtest/src/main").rglob("*.java")) > built:
        command = ["mvn", "-q", "-Dmaven.test.skip=true", "-Dtorc.format.skip=true"]
        why = attempt([*command, "-pl", "loadtest", "-am", "compile"], root, log)
    command = [find_java(), "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xshare:auto"]
    command += ["--enable-native-access=dev.torc.core,dev.torc.uring"]
    command += ["--module-path", os.pathsep.join(map(str, classes))]
    return [*command, "--module", "dev.torc.loadtest/dev.torc.loadtest.file.FileServer"], why


def peers(log):
    """By Maven, when their sources have changed: a project of its own, with the chart library."""
    project = HERE.parent / "peers"
    jar = project / "target/peers-1.jar"
    sources = newest([project / "pom.xml", *(project / "src").rglob("*.java")])
    why = ""
    if not jar.exists() or jar.stat().st_mtime < sources:
        say("building the peers ...")
        shutil.rmtree(project / "target", ignore_errors=True)
        why = attempt(["mvn", "-q", "-Dmaven.test.skip=true", "package"], project, log)
    libraries = sorted((project / "target/lib").glob("*.jar"))
    class_path = os.pathsep.join(map(str, [jar, *libraries]))
    return Peers(class_path, why and f"the peers were not built: {why}"), libraries


def chart_library(libraries):
    """The JavaScript of ECharts, out of its jar, and its version; or nothing."""
    for library in libraries:
        if not library.name.startswith("echarts-"):
            continue
        with zipfile.ZipFile(library) as jar:
            for name in jar.namelist():
                if name.endswith("/echarts.min.js"):
                    return jar.read(name).decode(), library.stem.removeprefix("echarts-")
    return "", ""


def program(name, work, *flags):
    """Compiles suite/NAME.c; the program and why it is missing, if it is."""
    compiler = os.environ.get("CC", "cc")
    if shutil.which(compiler) is None:
        return None, f"{compiler} is missing: install it (Debian: apt-get install gcc libc6-dev)"
    target = work / name
    command = [compiler, "-O2", "-Wall", "-Wextra", "-D_GNU_SOURCE", str(HERE / f"{name}.c")]
    log = work / f"{name}.log"
    why = attempt([*command, "-o", str(target), *flags], work, log, 120)
    return (None, why) if why else (target, "")


def limit(work):
    if subprocess.run(["sh", "-c", "pkg-config --exists liburing"], check=False).returncode != 0:
        return (
            None,
            "liburing is missing: install it (Debian: apt-get install liburing-dev pkg-config)",
        )
    return program("limit", work, "-luring")
