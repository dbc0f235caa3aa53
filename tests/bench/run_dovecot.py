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
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))

import bench_auth  # noqa: E402
import bench_imap  # noqa: E402
import bench_sessions  # noqa: E402
from bench_compare import compare  # noqa: E402
from bench_report import Report, arguments_of  # noqa: E402
from postern_site import mail, workdir  # noqa: E402

PARTS = ("logins", "commands", "sessions")
# Logins a second against Dovecot's own passwd-file: (must, want).
LOGINS_TARGET = (0.80, None)


def arguments():
    parser = arguments_of(__doc__)
    parser.add_argument(
        "--accounts",
        type=int,
        default=1000000,
        help="that can log in (1000000)",
    )
    parser.add_argument(
        "--only", choices=PARTS, help="one part of it; else all"
    )
    return parser.parse_args()


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


def main():
    options = arguments()
    workdir.exit_on_signals()
    begun = time.monotonic()
    missed = []
    try:
        root = workdir.make_root(options.build)
        if options.only != "sessions":
            missed += dovecot_parts(options, root)
        if options.only in (None, "sessions"):
            missed += session_part(options, root)
    except (RuntimeError, AssertionError, OSError) as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2
    finally:
        workdir.clean_up()
    print(f"{time.monotonic() - begun:.0f} seconds")
    for what in missed:
        print(f"missed: {what}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
