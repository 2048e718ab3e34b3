"""A checkout to try the commands in: Git, a ./torc that starts small servers, and programs of ours
before those of the system."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LOADTEST = Path(__file__).resolve().parent.parent
SERVER = LOADTEST / "tests" / "server.py"
SECONDS = 120  # that a command may take at the most


class Sandbox:
    """In a `with`: afterwards it is gone."""

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="torc-sandbox-")
        self.top = Path(self.directory.name)
        self.root = self.top / "checkout"
        # Where the command makes its own: all of it must be gone when it ends.
        self.scratch = self.top / "scratch"
        self.scratch.mkdir()
        ignored = shutil.ignore_patterns("target", "__pycache__", "src")
        shutil.copytree(LOADTEST, self.root / "loadtest", ignore=ignored)
        (self.root / "loadtest/peers/src").mkdir()
        self.script("good")
        self.environment = dict(os.environ, TMPDIR=str(self.scratch))
        self.environment["PATH"] = f"{self.root}/loadtest/tests/bin:{os.environ['PATH']}"
        for name in ("AUTHOR", "COMMITTER"):
            self.environment |= {f"GIT_{name}_NAME": "a", f"GIT_{name}_EMAIL": "a@example.org"}
        return self

    def __exit__(self, *_):
        self.directory.cleanup()

    def script(self, mode):
        """./torc of this checkout starts servers of a mode."""
        text = (LOADTEST / "tests/bin/torc").read_text().replace("${TORC_TEST_MODE:-good}", mode)
        (self.root / "torc").write_text(text)
        (self.root / "torc").chmod(0o755)

    def git(self, *arguments):
        command = ["git", "-C", str(self.root), *arguments]
        done = subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS,
        )
        return done.stdout

    def commit(self, mode):
        if not (self.root / ".git").exists():
            self.git("init", "-q")
        self.script(mode)
        self.git("add", "torc", "loadtest/tests/server.py")
        self.git("commit", "-q", "--allow-empty", "-m", mode)
        return self.git("rev-parse", "HEAD").strip()

    def start(self, command, *arguments, cpu=None, **environment):
        pinned = ["taskset", "-c", str(cpu)] if cpu is not None else []
        return subprocess.Popen(
            [*pinned, sys.executable, str(self.root / "loadtest" / command), *arguments],
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.top,
        )

    def run(self, command, *arguments, cpu=None, **environment):
        process = self.start(command, *arguments, cpu=cpu, **environment)
        try:
            process.out, process.error = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
            process.wait()
        return process

    def servers(self):
        """Processes of this sandbox's that still run."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace")
            except (OSError, ValueError):
                continue
            if entry.name.isdigit() and re.search(re.escape(str(self.top)) + ".*server.py", words):
                found.append(entry.name)
        return found


def waited_for(condition):
    """Whether it became true in time."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False
