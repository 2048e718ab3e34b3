"""What needs no server: numbers, words and plans."""

import io
import random
import re
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import usage
from suite import build, machine, plan, profiles, progress, rate, report, results, roster, wrk
from suite.failure import Failed
from suite.histogram import Histogram, least

WELL = """Running 1s test @ http://127.0.0.1:1/
  Latency Distribution
     50%  382.00us
     75%    1.20ms
     90%    1.31ms
     99%    2.00s
  134234 requests in 1.10s, 16.26MB read
Requests/sec: 122012.39
Transfer/sec:     14.78MB
"""


def turn(profile, server, number, cpu, **more):
    return {
        "profile": profile,
        "server": server,
        "round": 1,
        "turn": number,
        "cpu_us": cpu,
        "requests_per_second": 1000.0,
        "latency_us": {"50": 10.0, "99": 20.0},
        "threads": {},
    } | more


def results_of(*servers):
    listed = [{"name": name, "title": name, "command": ["x"]} for name in servers]
    profile = {"name": "plaintext", "group": "plaintext", "title": "Plain text", "connections": 1}
    about = {"host": "h", "processor": "p", "cpus": 2, "kernel": "k", "commit": "c"}
    return results.Results(
        about | {"cpu sets": {"server": "0", "load": "1"}}, {}, listed, [profile]
    )


class WrkTest(unittest.TestCase):
    def test_reads_what_wrk_has_measured(self):
        found = wrk.parse(WELL)
        self.assertEqual((found["requests"], found["requests_per_second"]), (134234, 122012.39))
        self.assertEqual(found["latency_us"], {"50": 382, "75": 1200, "90": 1310, "99": 2e6})

    def test_wrong_statuses_broken_connections_and_nothing_are_failures(self):
        for spoilt, why in (
            (WELL + "  Non-2xx or 3xx responses: 7\n", "7 answers had a status"),
            (
                WELL + "  Socket errors: connect 0, read 3, write 0, timeout 2\n",
                "broke: 3 in read, 2 in timeout",
            ),
            (WELL.replace("134234", "0"), "no request was answered"),
            ("usage: wrk", "something else"),
        ):
            with self.subTest(why), self.assertRaisesRegex(Failed, why):
                wrk.parse(spoilt)

    def test_scripts_quote_whatever_they_are_given(self):
        profile = profiles.Profile("p", "p", "p", headers=(("A", "'\\\n"),), body=b"ab")
        self.assertIn("wrk.headers['\\065'] = '\\039\\092\\010'", wrk.script(profile))
        self.assertIn("string.rep('\\097\\098', 1)", wrk.script(profile))
        self.assertEqual(wrk.script(profiles.Profile("p", "p", "p")), "")


class HistogramTest(unittest.TestCase):
    def test_percentiles_are_those_of_the_sorted_values_within_a_64th(self):
        seed = random.randrange(1 << 32)
        numbers = random.Random(seed)
        values = sorted(int(numbers.paretovariate(0.8)) for _ in range(5000))
        histogram = Histogram.of(values)
        for percent in (1, 50, 90, 99, 99.9, 100):
            exact = values[max(int(len(values) * percent / 100 + 0.999999), 1) - 1]
            self.assertLessEqual(abs(histogram.at(percent) - exact), exact / 64, f"seed {seed}")

    def test_ranges_begin_at_their_least_value(self):
        for value in [*range(3000), 1 << 40]:
            self.assertLessEqual(least(value), value)
            self.assertEqual(least(least(value)), least(value))

    def test_the_spectrum_rises_and_ends_with_the_greatest(self):
        spectrum = Histogram.of(range(1000)).spectrum()
        self.assertEqual(spectrum, sorted(spectrum))
        self.assertEqual(spectrum[-1], [100, least(999)])
        self.assertLess(spectrum[-2][0], 99.95)  # a thousand values say nothing of more


class RateTest(unittest.TestCase):
    def test_reads_what_openloop_has_measured(self):
        turn, histogram = rate.parse("due 10 answered 9 refused 0 broken 0 late 0\n5 8\n1000 1\n")
        self.assertEqual(
            (turn, histogram.at(50), histogram.at(100)), ({"due": 10, "requests": 9}, 5, 1000)
        )

    def test_a_client_that_is_late_itself_measures_nothing(self):
        with self.assertRaisesRegex(Failed, "the client itself sent 6 of 100"):
            rate.parse("due 100 answered 100 refused 0 broken 0 late 6\n1 100\n")

    def test_refused_and_broken_are_failures(self):
        for line in ("refused 1 broken 0", "refused 0 broken 1"):
            with self.subTest(line), self.assertRaises(Failed):
                rate.parse(f"due 100 answered 99 {line} late 0\n1 99\n")

    def test_reads_h2loads_log(self):
        self.assertEqual(rate.parse_log("1\t200\t30\n2\t200\t50\n").at(100), 50)
        with self.assertRaisesRegex(Failed, "1 of 2"):
            rate.parse_log("1\t200\t30\n2\t-1\t50\n")


class MachineTest(unittest.TestCase):
    def test_one_cpu_is_shared_and_says_what_that_means(self):
        sets = machine.cpu_sets(allowed=[3])
        self.assertTrue(sets.shared)
        self.assertIn("Server and load share CPU 3", sets.note)

    def test_more_cpus_are_divided(self):
        two, eight = machine.cpu_sets(allowed=[0, 1]), machine.cpu_sets(allowed=list(range(8)))
        self.assertEqual((two.server, two.load, two.note), ("0", "1", ""))
        self.assertEqual((eight.server, eight.load, eight.load_threads), ("0,1", "2,3", 2))

    def test_refuses_cpus_that_there_are_not(self):
        for text in ("9", "0-x", ""):
            with self.subTest(text):
                self.assertRaises(
                    ValueError, lambda: machine.cpus_of(text) and machine.cpu_sets(text)
                )


class PlanTest(unittest.TestCase):
    def entries(self, directory):
        files = directory / "files"
        peers = build.Peers("peers.jar")
        listed = roster.torc(directory, files, True) + roster.peers("java", peers, files)
        listed += [roster.nginx(directory, files, 20000), roster.limit("limit", "")]
        return listed + roster.strategies(["java"])

    def options(self, **more):
        return SimpleNamespace(**{"rounds": None, "secs": 1, "warm_up": 4, "minutes": 37} | more)

    def test_everything_takes_less_than_forty_minutes_in_two_rounds_or_more(self):
        with tempfile.TemporaryDirectory() as directory:
            every = profiles.every(Path(directory, "files"), 20000)
            made = plan.make(self.entries(Path(directory)), every, self.options())
        self.assertGreaterEqual(made.rounds, 2)
        self.assertLess(made.total_seconds, 40 * 60)

    def test_asked_rounds_are_what_is_done(self):
        with tempfile.TemporaryDirectory() as directory:
            every = profiles.every(Path(directory, "files"), 20000)
            made = plan.make(self.entries(Path(directory)), every, self.options(rounds=9))
        self.assertEqual(made.rounds, 9)

    def test_tells_times(self):
        self.assertEqual(
            (plan.told(5), plan.told(125.4), plan.told(3723)), ("0:05", "2:05", "1:02:03")
        )

    def test_counts_of_connections_end_where_files_do(self):
        self.assertEqual([p.connections for p in profiles.connections(1024)], [16, 64, 256])

    def test_a_server_of_ones_own_needs_a_name_and_a_port(self):
        self.assertEqual(roster.own("a=b {port}").name, "a")
        for spec in ("b {port}", "a=b", "=b {port}"):
            self.assertRaises(ValueError, roster.own, spec)


class Terminal(io.StringIO):
    def isatty(self):
        return True


class ProgressTest(unittest.TestCase):
    def test_a_terminal_has_one_line_which_is_overwritten(self):
        stream = Terminal()
        shown = progress.Progress(100, stream)
        shown.at("a", "round 1 · a")
        shown.done(20)
        shown.at("a", "round 1 · b")
        self.assertEqual(stream.getvalue().count("\n"), 0)
        first, second = re.findall(r"\r\x1b\[K\[(\d:\d\d) left\] round 1", stream.getvalue())
        self.assertEqual((first, second), ("1:40", "1:20"))

    def test_elsewhere_there_is_a_line_for_each_part(self):
        stream = io.StringIO()
        shown = progress.Progress(100, stream)
        for part in ("a", "a", "b"):
            shown.at(part, part)
        self.assertEqual(stream.getvalue().count("\n"), 2)


class JitTest(unittest.TestCase):
    def test_the_compilers_share_is_that_of_their_threads(self):
        spent = {"1/C2 CompilerThre": 1.0, "2/C1 CompilerThre": 1.0, "3/torc-shard-0": 6.0}
        self.assertEqual(usage.compiler_share(spent), 0.25)
        self.assertEqual(usage.compiler_share({}), 0)


class ResultsTest(unittest.TestCase):
    def test_a_failure_takes_the_place_of_all_numbers(self):
        found = results_of("a", "b")
        found.turns = [turn("plaintext", "a", 1, 5.0), turn("plaintext", "b", 1, 6.0)]
        found.fail("plaintext", "b", 0, "it ended")
        cells = {cell["server"]: cell for cell in found.cells()}
        self.assertEqual(cells["b"], {"profile": "plaintext", "server": "b", "failure": "it ended"})
        self.assertEqual(cells["a"]["cpu_us"], 5.0)
        self.assertIn("failed: it ended", results.table(found))

    def test_nothing_is_compared_with_what_failed(self):
        found = results_of("a", "b")
        found.turns = [turn("plaintext", "a", 1, 5.0), turn("plaintext", "b", 1, 6.0)]
        found.fail("plaintext", "a", 0, "it ended")
        self.assertIsNone(found.cell("plaintext", "b")["ratio"])

    def test_ratios_are_of_the_same_turn(self):
        found = results_of("a", "b")
        for number, base in enumerate((1.0, 10.0, 100.0)):
            found.turns += [
                turn("plaintext", "a", number, base),
                turn("plaintext", "b", number, base * 2),
            ]
        self.assertEqual(found.cell("plaintext", "b")["ratio_quartiles"], [2, 2])

    def test_costs_are_the_least_of_the_turns_and_rates_the_median(self):
        found = results_of("a")
        for number, cost in enumerate((9.0, 5.0, 7.0)):
            found.turns.append(turn("plaintext", "a", number, cost))
            found.turns[-1]["requests_per_second"] = cost
        cell = found.cell("plaintext", "a")
        self.assertEqual(cell["cpu_us"], 5.0)
        self.assertEqual(cell["cpu_us_quartiles"], [6.0, 8.0])
        self.assertEqual(cell["requests_per_second"], 7.0)
        found.profiles[0]["rate"] = 10_000
        self.assertEqual(found.cell("plaintext", "a")["cpu_us"], 7.0)

    def test_histograms_of_turns_are_added(self):
        found = results_of("a")
        for number, count in ((1, [[5, 99]]), (2, [[900, 1]])):
            found.turns.append(
                turn("plaintext", "a", number, 1.0, histogram=count, saturated=False, latency_us={})
            )
        self.assertEqual(found.cell("plaintext", "a")["latency_us"]["99"], 5)
        self.assertEqual(found.cell("plaintext", "a")["spectrum"][-1], [100, 900])

    def test_a_reader_never_finds_half_a_file(self):
        with tempfile.TemporaryDirectory() as directory:
            results_of("a").write(Path(directory, "results.json"))
            self.assertEqual([p.name for p in Path(directory).iterdir()], ["results.json"])


class ReportTest(unittest.TestCase):
    def page(self, library="/* lib </script> */"):
        found = results_of("a")
        found.fail("plaintext", "a", 0, "</script><b>bad")
        return report.page(found.as_json(), library, "1.0")

    def test_it_is_one_file_that_loads_nothing(self):
        self.assertNotRegex(self.page(), r"<(script|img|link)[^>]*(src|href)=\"(?!data:)")
        self.assertNotRegex(self.page(), r"@import|url\(")

    def test_nothing_in_it_ends_a_script(self):
        scripts = re.findall(r"<script[^>]*>(.*?)</script>", self.page(), re.S)
        self.assertEqual(len(scripts), 3)
        self.assertIn("\\u003c/script>\\u003cb>bad", scripts[0])
        self.assertIn("profileTable", scripts[2])

    def test_without_the_library_there_are_tables_and_a_note(self):
        self.assertIn("there are only tables", self.page(""))


if __name__ == "__main__":
    unittest.main()
