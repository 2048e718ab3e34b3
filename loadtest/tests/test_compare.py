"""loadtest/compare on small repositories."""

import shutil
import signal
import unittest

from tests.sandbox import SECONDS, Sandbox, waited_for


@unittest.skipUnless(shutil.which("git"), "needs Git")
class CompareTest(unittest.TestCase):
    QUICK = ("--rounds", "1", "--turns", "1", "--warm-up", "1", "--profiles", "plaintext")

    def assert_clean(self, sandbox):
        self.assertEqual(len(sandbox.git("worktree", "list").splitlines()), 1)
        self.assertEqual(list(sandbox.scratch.iterdir()), [])
        self.assertTrue(waited_for(lambda: not sandbox.servers()))

    def test_a_slower_commit_exits_with_1_and_a_faster_one_with_0(self):
        with Sandbox() as sandbox:
            fast, slow = sandbox.commit("good"), sandbox.commit("slow")
            done = sandbox.run("compare", *self.QUICK, fast, slow)
            self.assertEqual(done.returncode, 1, done.error + done.out)
            self.assertIn("more than 1.05", done.out)
            done = sandbox.run("compare", *self.QUICK, slow, fast)
            self.assertEqual(done.returncode, 0, done.error + done.out)
            self.assert_clean(sandbox)

    def test_a_commit_that_fails_is_no_ratio(self):
        with Sandbox() as sandbox:
            good, bad = sandbox.commit("good"), sandbox.commit("errors")
            done = sandbox.run("compare", *self.QUICK, good, bad)
            self.assert_clean(sandbox)
        self.assertEqual(done.returncode, 2, done.error)
        self.assertIn("failed: ", done.out)

    def test_what_is_no_commit_is_refused(self):
        with Sandbox() as sandbox:
            sandbox.commit("good")
            done = sandbox.run("compare", "HEAD", "nonsense")
            self.assert_clean(sandbox)
        self.assertEqual(done.returncode, 2)
        self.assertIn("not a commit: nonsense", done.error)

    def test_signals_end_servers_and_worktrees(self):
        with Sandbox() as sandbox:
            sandbox.commit("good")
            for ending, code in ((signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, 130)):
                process = sandbox.start("compare", *self.QUICK, "--rounds", "1000", "HEAD", "HEAD")
                try:
                    self.assertTrue(waited_for(sandbox.servers))
                    self.assertGreater(len(sandbox.git("worktree", "list").splitlines()), 1)
                    process.send_signal(ending)
                    process.communicate(timeout=SECONDS)
                finally:
                    process.kill()
                    process.communicate()
                self.assertEqual(process.returncode, code)
                self.assert_clean(sandbox)


if __name__ == "__main__":
    unittest.main()
