# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A line a check, and the counts at the end."""

import contextlib
import re
import subprocess
import sys
import time
import traceback
import unittest
from pathlib import Path


class Stop(Exception):
    """What follows would have nothing to work with."""


def suite():
    """The name of the release that we are in."""
    text = Path("/etc/os-release").read_text()
    return re.search(r"(?m)^VERSION_CODENAME=(\S+)$", text).group(1)


def reason(error):
    if isinstance(error, subprocess.CalledProcessError):
        told = f"{error.stdout or ''}{error.stderr or ''}".splitlines()
        return "\n".join([str(error), *told[-25:]])
    if isinstance(error, AssertionError) and error.args:
        return str(error)
    where = "".join(traceback.format_tb(error.__traceback__)[-1:])
    return f"{type(error).__name__}: {error}\n{where.rstrip()}"


class Report:
    def __init__(self):
        self.prefix = suite()
        self.passed = 0
        self.bad = []

    @contextlib.contextmanager
    def check(self, name, last=False):
        """Counts its block as NAME; if it fails and is LAST, all ends."""
        began = time.monotonic()
        try:
            yield
        except Exception as error:
            print(f"FAIL {self.prefix}: {name} "
                  f"[{time.monotonic() - began:.1f} s]")
            print("     " + reason(error).replace("\n", "\n     "), flush=True)
            self.bad.append((name, reason(error).splitlines()[0][:300]))
            if last:
                raise Stop from error
        else:
            self.passed += 1
            print(f"ok   {self.prefix}: {name} "
                  f"[{time.monotonic() - began:.1f} s]", flush=True)

    def finish(self):
        """The exit code."""
        for name, why in self.bad:
            print(f"failed: {self.prefix}: {name}: {why}")
        print(f"{self.passed} passed, {len(self.bad)} failed", flush=True)
        return 1 if self.bad or not self.passed else 0


class Results(unittest.TestResult):
    """Prints a line a test; run-checks.py repeats the lines of failures."""

    def __init__(self, prefix):
        super().__init__()
        self.prefix = prefix
        self.passed = 0
        self.bad = []

    def name(self, test):
        words = getattr(test, "_testMethodName", str(test))
        return f"{self.prefix}: {type(test).__name__.lower()}, " + re.sub(
            "^test_", "", words).replace("_", " ")

    def stopTest(self, test):
        super().stopTest(test)
        wrong = [text for other, text in self.failures + self.errors
                 if other is test or getattr(other, "test_case", None) is test]
        self.passed += not wrong
        print(f"{'FAIL' if wrong else 'ok  '} {self.name(test)}", flush=True)
        for text in wrong:
            print(text, flush=True)
        if wrong:
            self.bad.append(self.name(test))


def main(function):
    """Runs FUNCTION with a report, and leaves with its exit code."""
    report = Report()
    with contextlib.suppress(Stop):
        function(report)
    sys.exit(report.finish())
