#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Runs the system tests: run.py BUILD_DIR [PATTERN]

One line a test; PATTERN selects tests by a part of their printed name.
Exit code 0 if all passed, 1 if one failed, 64 for bad usage.
"""

import resource
import signal
import sys
import time
import unittest
from pathlib import Path

# Run by root: the tree of whoever owns it stays free of root's files.
sys.dont_write_bytecode = True

from postern_site import case, workdir

HERE = Path(__file__).resolve().parent
# No test may hang the whole run.
TEST_SECONDS = 240
# So many of the slowest are named at the end.
SLOWEST = 10
PROGRAMS = ("postern-policyd", "postern-milter", "postern-keeper", "posternctl")


def name_of(test):
    """quota: sixth message in a minute is deferred"""
    topic = type(test).__module__.removeprefix("test_")
    method = getattr(test, "_testMethodName", str(test))
    words = method.removeprefix("test_").replace("_", " ")
    return f"{topic}: {words}"


def in_short(traceback):
    """Its line that names the exception."""
    lines = [line for line in traceback.splitlines()
             if line and not line.startswith((" ", "Traceback", "with "))]
    return lines[0][:300] if lines else "no reason given"


class Report(unittest.TestResult):
    """Prints a line a test and, at the end, what went wrong."""

    def __init__(self):
        super().__init__()
        self.passed = 0
        self.bad = {}
        self.started = 0.0
        self.times = []

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, TEST_SECONDS)

    def stopTest(self, test):
        signal.setitimer(signal.ITIMER_REAL, 0)
        super().stopTest(test)

    def line(self, word, test, note=""):
        seconds = time.monotonic() - self.started
        self.times.append((seconds, name_of(test)))
        print(f"{word:<5}{name_of(test)}{note} [{seconds:.1f} s]", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1
        self.line("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("skip", test, f" ({reason})")

    def note_bad(self, test, error):
        if test not in self.bad:
            self.line("FAIL", test)
        text = self._exc_info_to_string(error, test)
        self.bad.setdefault(test, []).append(text)

    def addFailure(self, test, error):
        self.note_bad(test, error)

    def addError(self, test, error):
        self.note_bad(test, error)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            params = ", ".join(f"{k}={v!r}" for k, v in subtest.params.items())
            text = self._exc_info_to_string(error, test)
            if test not in self.bad:
                self.line("FAIL", test)
            self.bad.setdefault(test, []).append(f"with {params}:\n{text}")

    def finish(self):
        if len(self.times) > 2 * SLOWEST:
            for seconds, name in sorted(self.times, reverse=True)[:SLOWEST]:
                print(f"slow {name} [{seconds:.1f} s]")
        for test, texts in self.bad.items():
            print(f"\n==== {name_of(test)}")
            print("\n".join(texts).rstrip())
        print()
        for test, texts in self.bad.items():
            print(f"failed: {name_of(test)}: {in_short(texts[0])}")
        line = f"{self.passed} passed, {len(self.bad)} failed"
        if self.skipped:
            line += f", {len(self.skipped)} skipped"
        print(line)
        return 1 if self.bad else 0


def all_tests(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from all_tests(item)
        else:
            yield item


def collect(pattern):
    loader = unittest.TestLoader()
    found = all_tests(loader.discover(HERE, "test_*.py", HERE))
    if loader.errors:
        raise SystemExit("\n".join(loader.errors))
    return [test for test in found if pattern in name_of(test)]


def usage(text):
    print(f"run.py: {text}", file=sys.stderr)
    return 64


def main(argv):
    if len(argv) not in (2, 3):
        return usage("usage: run.py BUILD_DIR [PATTERN]")
    case.BUILD = Path(argv[1]).resolve()
    for name in PROGRAMS:
        if not (case.BUILD / "bin" / name).is_file():
            return usage(f"cannot find bin/{name} in {argv[1]}: build it")
    tests = collect(argv[2] if len(argv) == 3 else "")
    if not tests:
        return usage(f"no test's name contains {argv[2]!r}")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    def too_long(_number, _frame):
        raise TimeoutError(f"the test took more than {TEST_SECONDS} s")

    signal.signal(signal.SIGALRM, too_long)
    workdir.exit_on_signals()
    report = Report()
    try:
        unittest.TestSuite(tests).run(report)
        return report.finish()
    except workdir.Ended as ended:
        print(f"ended by {ended}", file=sys.stderr)
        return ended.exit_code
    finally:
        workdir.clean_up()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
