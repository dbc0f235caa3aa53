#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""run-checks.py [--flavour NAME] all|both|SUITE...

Builds and runs the suites in order, goes on after one that fails, and ends
with one line "N passed, N failed" over all of them. Every command runs in a
process group of its own with a time limit, so that nothing is left behind.
Exit codes: 0 all passed, 1 something failed or nothing ran, 64 wrong call.
"""

import argparse
import concurrent.futures
import contextlib
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

MAKE = os.environ.get("MAKE", "make")
JOBS = max(1, min(4, os.cpu_count() or 1))
# All suites together stay below this, whatever their own limits say.
BUDGET_SECONDS = 80 * 60

# What makes roots of its own, and takes its time for it.
ONLY_BOTH = ("package", "other")

FAILED = re.compile(r"^(?:  \| )*failed: (.*)$")
COUNTS = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
PROGRESS = re.compile(r"^  (CC|AR|LINK|MAN|TIDY) +\S+$")
TAP = re.compile(r"^(not )?ok \d+( # SKIP)?")

started_at = time.monotonic()
running = set()
failures = []   # what to say once more at the very end


class Tally:
    """What one suite, or one command of it, came to."""

    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def end_group(process):
    """First ask, so that a suite can stop its own servers; then kill."""
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def end_all():
    for process in list(running):
        end_group(process)


def run(command, limit, env=None, show=False):
    """Return (exit status or None after the limit, output)."""
    left = BUDGET_SECONDS - (time.monotonic() - started_at)
    limit = min(limit, left)
    if limit <= 0:
        return None, "no time is left of the whole run\n"
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace",
        env={**os.environ, **(env or {})}, start_new_session=True)
    running.add(process)
    lines = []

    def read():
        for line in process.stdout:
            lines.append(line)
            if show:
                print("  | " + line.rstrip("\n"), flush=True)

    # A thread of its own, because a server that left the group may hold the
    # pipe open long after the command itself has ended.
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    status = None
    try:
        status = process.wait(limit)
    except subprocess.TimeoutExpired:
        pass
    finally:
        end_group(process)
        running.discard(process)
        reader.join(5)
    if status is None:
        lines.append(f"ended after {limit:.0f} seconds\n")
    return status, "".join(lines)


def ending(status):
    if status is None:
        return "took too long"
    if status < 0:
        return f"died of {signal.Signals(-status).name}"
    return f"exit status {status}"


def report(name, tally, detail=""):
    mark = "FAILED" if tally.failed else "ok"
    print(f"  {mark:6} {name:28} {tally}", flush=True)
    if tally.failed:
        failures.append(name)
        lines = [line for line in detail.splitlines()
                 if not PROGRESS.match(line)]
        for line in lines[-80:]:
            print("      " + line, flush=True)


def step(name, command, limit):
    """A command that counts as one; it may say "skipped: WHY"."""
    status, output = run(command, limit)
    if status == 0 and output.startswith("skipped: "):
        return skipped(f"{name}: " + output.strip()[len("skipped: "):])
    tally = Tally(passed=1) if status == 0 else Tally(failed=1)
    report(name, tally, output + ending(status))
    return tally


def make(flavour, *targets):
    return [MAKE, "--no-print-directory", f"-j{JOBS}", f"FLAVOUR={flavour}",
            "--keep-going", "WERROR=1", *targets]


def read_tap(output, status):
    """Count cmocka's lines. Dying, or testing nothing, is one failure."""
    tally = Tally()
    for line in output.splitlines():
        match = TAP.match(line)
        if match is None:
            continue
        if match.group(2):
            tally.skipped += 1
        elif match.group(1):
            tally.failed += 1
        else:
            tally.passed += 1
    ran = tally.passed + tally.failed + tally.skipped
    if tally.failed == 0 and (status != 0 or ran == 0):
        tally.failed = 1
    return tally


def unit_program(path, wrapper, limit):
    scratch = tempfile.mkdtemp(prefix="postern-")
    env = {"CMOCKA_MESSAGE_OUTPUT": "TAP", "TMPDIR": scratch,
           "UBSAN_OPTIONS": "print_stacktrace=1",
           "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1"}
    try:
        status, output = run(wrapper + [path], limit, env)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    tally = read_tap(output, status)
    lines = [line for line in output.splitlines()
             if not line.startswith("ok ")]
    return tally, "\n".join(lines + [ending(status)])


def unit(flavour, wrapper=(), limit=300):
    total = step(f"build ({flavour})", make(flavour, "tests"), 900)
    if total.failed:
        return total
    names = sorted(os.path.basename(source)[:-len("_test.c")]
                   for source in glob.glob("tests/unit/*_test.c"))
    paths = [f"build/{flavour}/tests/unit/{name}" for name in names]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        results = pool.map(
            lambda path: unit_program(path, list(wrapper), limit), paths)
        for name, (tally, detail) in zip(names, results):
            report(name, tally, detail)
            total.add(tally)
    return total


def skipped(why):
    print(f"  skipped: {why}", flush=True)
    return Tally(skipped=1)


def tsan():
    # Randomised addresses can lie where ThreadSanitizer keeps its shadow.
    fixed = ["setarch", "-R"]
    if shutil.which("setarch") is None or run(fixed + ["true"], 10)[0] != 0:
        fixed = []
    return unit("tsan", fixed, 600)


def valgrind():
    if shutil.which("valgrind") is None:
        return skipped("valgrind is not installed")
    return unit("release", [
        "valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
        "--errors-for-leak-kinds=definite", "--show-leak-kinds=definite"], 900)


def fuzz():
    total = step("build (asan)", make("asan", "tests"), 900)
    if total.failed:
        return total
    for source in sorted(glob.glob("tests/fuzz/fuzz_*.c")):
        name = os.path.basename(source)[len("fuzz_"):-len(".c")]
        inputs = sorted(glob.glob(f"tests/fuzz/corpus/{name}/*"))
        if not inputs:
            total.add(Tally(failed=1))
            report(name, Tally(failed=1), "it has no corpus to replay")
            continue
        total.add(step(f"{name}, {len(inputs)} inputs",
                       [f"build/asan/tests/fuzz/fuzz_{name}", *inputs], 120))
    return total


def lint():
    total = Tally()
    for name in os.environ.get("LINT_STEPS", "").split():
        total.add(step(name, make("release", name), 1500))
    return total


def system(flavour):
    if os.geteuid() != 0:
        return skipped("a private Postfix must be started as root")
    total = step(f"build ({flavour})", make(flavour, "system-tools"), 900)
    if total.failed == 0:
        total.add(counting("tests/system/run.py", f"build/{flavour}"))
    return total


def counting(program, *arguments):
    """A program that is shown at work and ends with a line of counts."""
    status, output = run([sys.executable, program, *arguments], 2400,
                         show=True)
    lines = output.splitlines()
    if status == 0 and lines and lines[-1].startswith("skipped: "):
        return skipped(lines[-1][len("skipped: "):])
    told = list(dict.fromkeys(
        match.group(1) for match in map(FAILED.match, lines) if match))
    failures.extend(told)
    total = Tally()
    counts = [match for match in map(COUNTS.match, lines) if match]
    if counts:
        total.add(Tally(*(int(n or 0) for n in counts[-1].groups())))
    if total.failed == 0 and (status != 0 or not counts):
        total.failed += 1
        failures.append(f"{program}: {ending(status)}")
        print(f"  FAILED {program}: {ending(status)}")
    return total


def packages():
    """Both releases at once; each line says of which it is."""
    total = Tally()
    if os.geteuid() == 0:
        # Here, because two at a time would be in each other's way.
        run(["tools/install-deps.sh", "root"], 600)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        try:
            for tally in pool.map(
                    lambda suite: counting("tests/package/run.py", "--suite",
                                           suite), ("bookworm", "trixie")):
                total.add(tally)
        except BaseException:
            end_all()
            raise
    return total


def suites(flavour):
    """What is quick and tells most comes first; ONLY_BOTH are not in `all`."""
    return {
        "unit": ("unit tests", lambda: unit(flavour)),
        "clang": ("unit tests, built with clang", lambda: unit("clang")),
        "asan": ("unit tests with AddressSanitizer and UBSan",
                 lambda: unit("asan", limit=600)),
        "fuzz": ("replay of the fuzz corpus", fuzz),
        "lint": ("lint", lint),
        "system": ("system tests", lambda: system(flavour)),
        "tsan": ("unit tests with ThreadSanitizer", tsan),
        "valgrind": ("unit tests under valgrind", valgrind),
        "rpm": ("RPM packages, built twice and looked at",
                lambda: counting("tests/package/test_rpm.py")),
        "package": ("Debian packages, built, installed, used, removed",
                    packages),
        "other": ("the other Debian release",
                  lambda: counting("tools/other-release.py")),
    }


def main():
    parser = argparse.ArgumentParser(usage=__doc__.splitlines()[0])
    parser.add_argument("--flavour", default="release")
    parser.add_argument("suites", nargs="+")
    args = parser.parse_args()
    known = suites(args.flavour)
    here = [name for name in known if name not in ONLY_BOTH]
    names = {"all": here, "both": list(known)}.get(
        args.suites[0], args.suites)
    for name in names:
        if name not in known:
            print(f"unknown suite {name}; there are: {' '.join(known)}",
                  file=sys.stderr)
            return 64

    # Flags of the calling make would reach every make below and mix up its
    # output; flavour and warnings are given anew.
    os.environ.pop("MAKEFLAGS", None)
    os.environ.pop("MFLAGS", None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    total, rows = Tally(), []
    try:
        for name in names:
            title, function = known[name]
            print(f"\n== {name}: {title}", flush=True)
            began = time.monotonic()
            before = len(failures)
            tally = function()
            failures[before:] = [f"{name}: {what}"
                                 for what in failures[before:]]
            rows.append((name, tally, time.monotonic() - began))
            total.add(tally)
    finally:
        end_all()
    print("\n== summary")
    for name, tally, seconds in rows:
        print(f"  {name:10} {seconds:5.0f} s  {tally}")
    for what in failures:
        print(f"failed: {what}")
    print(total, flush=True)
    return 0 if total.failed == 0 and total.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
