"""loadtest/run on real servers that go wrong: what happens is what it promises. A stand-in for wrk
loads them (tests/bin/wrk), so that wrk need not be there."""

import json
import os
import shutil
import signal
import tempfile
import unittest
from pathlib import Path

from tests.sandbox import SECONDS, Sandbox, waited_for

QUICK = ("--rounds", "1", "--warm-up", "1")


class RunTest(unittest.TestCase):
    def run_with(self, sandbox, modes, *more, **how):
        """loadtest/run on servers of these modes; its process and its results."""
        program = sandbox.root / "loadtest/tests/server.py"
        servers = [f"--server={mode}=python3 {program} {mode} {{port}}" for mode in modes]
        out = sandbox.top / "out"
        names = ",".join(["torc-uring", *modes])
        done = sandbox.run(
            "run", *QUICK, "--out", str(out), "--servers", names, *servers, *more, **how
        )
        written = out / "results.json"
        return done, json.loads(written.read_text()) if written.exists() else None

    def test_a_failed_run_never_yields_a_number_and_the_others_go_on(self):
        why = {
            "dies": "it ended while it was loaded (SIGKILL)",
            "errors": "answers had a status other than 2xx or 3xx",
            "refuses": "it ended before its first answer (exit code 1); it said: the port is not",
            "wrong": "was answered with 8 bytes, b'Goodbye!'",
        }
        with Sandbox() as sandbox:
            done, found = self.run_with(sandbox, why, "--profiles", "plaintext")
            page = (sandbox.top / "out/report.html").read_text()
            self.assertEqual(sandbox.servers(), [])
            self.assertEqual(list(sandbox.scratch.iterdir()), [])
        self.assertEqual(done.returncode, 1, done.error)
        cells = {cell["server"]: cell for cell in found["cells"] if cell["profile"] == "plaintext"}
        for mode, reason in why.items():
            self.assertIn(reason, cells[mode]["failure"], done.error)
            self.assertNotIn("cpu_us", cells[mode])
            self.assertIn(cells[mode]["failure"].splitlines()[0][:30], page)
        self.assertGreater(cells["torc-uring"]["cpu_us"], 0)
        self.assertTrue(found["complete"])
        self.assertIn("round 1 of 1", done.error)

    def test_all_being_well_it_exits_with_0_and_has_everything(self):
        with Sandbox() as sandbox:
            done, found = self.run_with(sandbox, ["good"], "--path", "/any?thing=1", "--secs", "1")
        self.assertEqual(done.returncode, 0, done.error)
        self.assertEqual([s["name"] for s in found["servers"]], ["torc-uring", "good"])
        self.assertEqual(len(found["turns"]), 4)
        for key in ("kernel", "commit", "java", "wrk", "cpu sets", "processor"):
            self.assertIn(key, found["machine"])
        self.assertIn("us CPU/request", done.out)

    def test_starts_are_measured_and_a_server_that_does_not_has_no_time(self):
        with Sandbox() as sandbox:
            done, found = self.run_with(sandbox, ["refuses"], "--profiles", "startup")
        self.assertEqual(done.returncode, 1, done.error)
        good, bad = found["cells"]
        self.assertGreater(good["milliseconds"], 0)
        self.assertEqual(list(bad), ["profile", "server", "failure"])

    def test_one_cpu_is_enough_and_said(self):
        with Sandbox() as sandbox:
            cpu = min(os.sched_getaffinity(0))
            done, found = self.run_with(sandbox, [], "--path", "/", cpu=cpu)
        self.assertEqual(done.returncode, 0, done.error)
        self.assertIn(f"Server and load share CPU {cpu}", done.error)
        self.assertIn("share CPU", found["notes"][0])

    def test_without_wrk_it_says_how_to_install_it(self):
        with Sandbox() as sandbox, tempfile.TemporaryDirectory() as path:
            os.symlink(shutil.which("python3"), Path(path, "python3"))
            done = sandbox.run("run", PATH=path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("apt-get install wrk", done.error)

    def test_names_that_there_are_not_are_refused_with_a_suggestion(self):
        with Sandbox() as sandbox:
            done = sandbox.run("run", "--profiles", "plaintxt")
            self.assertEqual(done.returncode, 2)
            self.assertIn("did you mean plaintext?", done.error)
            done = sandbox.run("run", "--server", "nonsense")
            self.assertEqual(done.returncode, 2)
            self.assertIn("{port}", done.error)

    def test_what_cannot_be_built_is_left_out_and_says_why(self):
        with Sandbox() as sandbox:
            done = sandbox.run("run", "--list", "--profiles", "json")
        self.assertEqual(done.returncode, 0, done.error)
        self.assertIn(
            "left out: Netty, epoll: the peers were not built: mvn ended with 1", done.error
        )
        self.assertIn("no network today", done.error)
        self.assertIn("torc-uring", done.out)

    def test_a_signal_ends_servers_and_keeps_what_there_is(self):
        with Sandbox() as sandbox:
            out = sandbox.top / "out"
            arguments = ("--rounds", "1000", "--out", str(out), "--servers", "torc-uring")
            process = sandbox.start("run", *arguments, "--path", "/")
            try:
                self.assertTrue(waited_for(lambda: sandbox.servers()))
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=SECONDS)
            finally:
                process.kill()
                process.communicate()
            self.assertEqual(process.returncode, 128 + signal.SIGTERM)
            self.assertTrue(waited_for(lambda: not sandbox.servers()))
            self.assertFalse(json.loads((out / "results.json").read_text())["complete"])
            self.assertEqual(list(sandbox.scratch.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
