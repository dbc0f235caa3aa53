#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""run_dovecot.py BUILD_DIR: measures the mail side against itself.

Dovecot with Postern and without, and policyd with open mail sessions and
without. Only ratios of one run mean anything: both are measured in turns, the
servers on one processor and the generator on another. Exits 1 if a target is
missed.
"""

import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

import bench_auth  # noqa: E402
import bench_imap  # noqa: E402
import bench_sessions  # noqa: E402
from bench_compare import compare  # noqa: E402
from bench_report import Report  # noqa: E402
from bench_run import arguments_of, run  # noqa: E402
from postern_site import mail, workdir  # noqa: E402

PARTS = ("logins", "commands", "sessions")
# Logins a second against Dovecot's own passwd-file: (must, want).
LOGINS_TARGET = (0.80, None)


def logins(options, root, report):
    build, accounts = options.build.resolve(), options.accounts
    postern = bench_auth.Postern(build, root, accounts)
    own, passwd = bench_auth.own(build, root, accounts)
    begun = time.monotonic()
    bench_auth.fill(build, postern.state, passwd, accounts)
    report.note(f"{accounts:,} accounts in {time.monotonic() - begun:.0f} s")
    own.start()
    postern.start()
    seed = time.time_ns() % 1000000 * 1000
    figures = compare(
        own, postern.logins, options.rounds, options.seconds, seed
    )
    what = f"logins, {accounts:,}"
    report.rates(what, figures, LOGINS_TARGET)
    report.latencies(what, figures, None)
    report.processor_time(figures)
    report.disturbed(figures)
    own.stop()
    postern.stop()


def dovecot_parts(options, root):
    """What misses its target of logins and commands."""
    try:
        mail.check_machine(options.build)
    except workdir.Missing as missing:
        print(f"not measured: {missing}")
        return []
    report = Report("postern", "dovecot")
    if options.only != "commands":
        logins(options, root, report)
    if options.only != "logins":
        bench_imap.run(options.build.resolve(), root, report)
    return report.missed


def session_part(options, root):
    report = Report("sessions", "none")
    bench_sessions.run(
        options.build.resolve(), root, report, options.rounds, options.seconds
    )
    return report.missed


def measure(options):
    missed = []
    root = workdir.make_root(options.build)
    if options.only != "sessions":
        missed += dovecot_parts(options, root)
    if options.only in (None, "sessions"):
        missed += session_part(options, root)
    return missed


def main():
    options = arguments_of(__doc__, "that can log in", PARTS).parse_args()
    return run(lambda: measure(options))


if __name__ == "__main__":
    sys.exit(main())
