"""Programs that the benchmarks here start: how they are found, run and looked at."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path


UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def say(text):
    print(text, file=sys.stderr, flush=True)


def end_on_signals():
    """Has SIGTERM and SIGHUP end this process as an error does, with all that it has started."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(f"ended by {signal.Signals(number).name}"))


def run(command, seconds, fds=()):
    """Runs a command and returns its output; ends it, and all that it has started, after a time."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=fds,
        start_new_session=True,
    )
    try:
        out, error = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        sys.exit(f"took longer than {seconds:.0f} s: {' '.join(command)}")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode != 0:
        said = (error.strip() or out.strip())[-4000:]
        sys.exit(f"failed with {process.returncode}: {' '.join(command)}\n{said}")
    return out


def output(*command):
    return run(list(command), 60).strip()


def need(command, package):
    if shutil.which(command) is None:
        sys.exit(f"{command} is missing: install it (Debian: apt-get install {package})")
    return command


def find_java():
    """The newest JDK of version 25 or later, in the places where the build looks."""
    homes = [os.environ.get("JAVA_HOME", ""), *map(str, Path("/usr/lib/jvm").glob("*"))]
    homes += map(str, (Path.home() / ".sdkman/candidates/java").glob("*"))
    for home in homes:
        release = Path(home, "release")
        if not home or not Path(home, "bin/java").exists() or not release.exists():
            continue
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
        if version and int(version.group(1)) >= 25:
            return os.path.join(home, "bin", "java")
    sys.exit("no JDK 25 or newer in JAVA_HOME, under /usr/lib/jvm or from SDKMAN: install one")


def module_path(root, modules):
    """The classes of modules of this checkout, which must be there."""
    classes = [Path(root, module, "target", "classes") for module in modules]
    for path in classes:
        if not (path / "module-info.class").exists():
            sys.exit(f"{path} has not been compiled: mvn -q -DskipTests -pl loadtest -am package")
    return os.pathsep.join(map(str, classes))


def threads(pid):
    try:
        return os.listdir(f"/proc/{pid}/task")
    except FileNotFoundError:
        return []


def family(pid):
    """The process and all its descendants."""
    todo = [pid]
    while todo:
        current = todo.pop()
        yield current
        for thread in threads(current):
            try:
                with open(f"/proc/{current}/task/{thread}/children") as children:
                    todo += [int(child) for child in children.read().split()]
            except FileNotFoundError:
                pass


def bytes_of(size):
    """Of 16K, 1M, 300."""
    return int(size[:-1]) * UNITS[size[-1]] if size[-1] in UNITS else int(size)


def make_file(path, size):
    """Of bytes that cannot be compressed, and on the disk."""
    block = os.urandom(1 << 20)
    with open(path, "wb") as file:
        while file.tell() < size:
            file.write(block[: size - file.tell()])
        os.fsync(file.fileno())


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
