"""The load generators, and how servers are started, on real servers that go wrong."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from suite import build, rate
from suite.failure import Failed
from suite.machine import cpu_sets
from suite.profiles import Profile
from suite.running import Running
from suite.wrk import Wrk
from tests.sandbox import SECONDS, SERVER

CC = shutil.which(os.environ.get("CC", "cc"))


@unittest.skipUnless(CC, "needs a C compiler")
class OpenLoopTest(unittest.TestCase):
    def load(self, mode, requests_per_second, connections=4):
        cpus = cpu_sets()
        profile = Profile("r", "r", "r", rate=requests_per_second, connections=connections)
        with tempfile.TemporaryDirectory() as work:
            program, missing = build.program("openloop", Path(work))
            self.assertEqual(missing, "")
            command = ["python3", str(SERVER), mode, "{port}"]
            with Running(mode, command, cpus.server) as server:
                server.first_answer()
                # This may run on a busy machine: that the client is late is not what is tested.
                found = subprocess.run(
                    [
                        program,
                        str(server.port),
                        "/",
                        str(connections),
                        str(requests_per_second),
                        "1",
                        "0",
                    ],
                    capture_output=True,
                    text=True,
                    timeout=SECONDS,
                )
        self.assertEqual(found.returncode, 0, found.stderr)
        head, _, rest = found.stdout.partition(" late ")
        return rate.parse(f"{head} late 0\n" + rest.partition("\n")[2])

    def test_a_stall_counts_for_all_who_would_have_asked_meanwhile(self):
        turn, histogram = self.load("stalls", 200)
        self.assertEqual(turn["requests"], 200)
        # Half a second at 200 a second: closed loops see it 4 times, once on each connection.
        slow = sum(count for us, count in histogram.counts.items() if us >= 100_000)
        self.assertGreater(slow, 40)

    def test_a_server_that_dies_or_refuses_is_a_failure(self):
        self.assertRaisesRegex(Failed, "ended 4 connections", self.load, "dies", 200)
        self.assertRaisesRegex(Failed, "other than 200", self.load, "errors", 200)


class RunningTest(unittest.TestCase):
    def test_a_server_that_never_answers_is_given_up(self):
        command = ["python3", str(SERVER), "deaf", "{port}"]
        with Running("deaf", command, cpu_sets().server, start_seconds=0.5) as server:
            server.answer_seconds = 0.2
            self.assertRaisesRegex(Failed, "did not answer within 0.5 s", server.first_answer)


@unittest.skipUnless(shutil.which("wrk"), "wrk is not installed")
class RealWrkTest(unittest.TestCase):
    """That the stand-in says what wrk says."""

    def test_wrk_itself_is_understood(self):
        cpus = cpu_sets()
        profile = Profile("p", "p", "p", connections=2, requests_each=10)
        for mode, why in (("good", ""), ("errors", "status")):
            command = ["python3", str(SERVER), mode, "{port}"]
            with self.subTest(mode), tempfile.TemporaryDirectory() as work:
                with Running(mode, command, cpus.server) as server:
                    server.first_answer()
                    wrk = Wrk(cpus, Path(work))
                    if why:
                        self.assertRaisesRegex(Failed, why, wrk.load, server.port, profile, 1)
                    else:
                        self.assertGreater(wrk.load(server.port, profile, 1)["requests"], 0)


if __name__ == "__main__":
    unittest.main()
