#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""run_load.py BUILD_DIR: measures how long posternctl load takes.

The time depends on the machine, its disk, and who else works there. Exits 1 if
it misses the target, which is for a million accounts.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

from bench_report import Report  # noqa: E402
from bench_run import run  # noqa: E402
from postern_site import conf, workdir  # noqa: E402
from postern_site.ctl import Ctl  # noqa: E402

OWNER = "nobody"
ACCOUNTS = 1000000
TARGET_SECONDS = 30
LIMIT_SECONDS = 600
MIB = 1024 * 1024
SINCE = 1790000000
HEADER = {"postern": "dump", "version": 3, "at": SINCE, "by": "bench"}
PLAIN = {
    "postern": "account",
    "login": "",
    "created_at": SINCE,
    "plan": "",
    "status": "active",
    "language": "",
    "lock": {"at": 0, "note": ""},
    "block_reason": "",
    "block": {"at": 0, "note": ""},
    "grant": {"until": 0, "amount": 0, "id": 0},
    "overrides": [],
    "senders": [],
}
PASSWORD = {
    "id": 1,
    "label": "Phone",
    "protocols": "imap,smtp",
    "created_at": SINCE,
    "expires_at": 0,
    "ended_at": 0,
    "ending": "none",
    "block_reason": "",
    "networks": [],
    "hash": "",
}
EXTERNAL = {
    "access": "on",
    "at": SINCE,
    "protocols": "imap,smtp",
    "main_password_at": SINCE,
    "salt": "",
    "last_id": 1,
    "passwords": [PASSWORD],
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path, help="for example build/release")
    parser.add_argument(
        "--accounts",
        type=int,
        default=ACCOUNTS,
        help=f"in the dump ({ACCOUNTS})",
    )
    return parser.parse_args()


def account(source, number, is_full):
    """An account that nobody set up, or one with all that is usual."""
    record = dict(PLAIN, login=f"user{number:07}@example.com")
    if is_full:
        password = dict(PASSWORD, hash=source.randbytes(32).hex())
        record["overrides"] = ["messages=50/1h"]
        record["senders"] = [f"sales{number}@example.org"]
        record["external"] = dict(
            EXTERNAL, salt=source.randbytes(16).hex(), passwords=[password]
        )
    return record


class Bench:
    def __init__(self, options):
        self.build = options.build.resolve()
        self.accounts = options.accounts
        self.root = workdir.make_root(options.build)
        self.report = Report("load", "")

    def write_dump(self, path, is_full):
        source = random.Random(1)
        with path.open("w") as dump:
            dump.write(json.dumps(HEADER) + "\n")
            for number in range(self.accounts):
                line = json.dumps(account(source, number, is_full))
                dump.write(line + "\n")

    def make_state(self, name):
        directory = self.root / name
        directory.mkdir()
        if os.geteuid() == 0:
            workdir.give(directory, OWNER)
        settings = directory / "postern.conf"
        settings.write_text(
            conf.render(
                {}, state_dir=directory / "state", default_domain="example.com"
            )
        )
        owner = ("--owner", OWNER) if os.geteuid() == 0 else ()
        Ctl(self.build / "bin" / "posternctl", settings)("init", *owner)
        return settings

    def load(self, settings, dump):
        """Seconds, those of the processor alone, and records changed."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.monotonic()
        done = subprocess.run(
            [
                str(self.build / "bin" / "posternctl"),
                "-c",
                str(settings),
                "-f",
                "json",
                "load",
                str(dump),
            ],
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
        seconds = time.monotonic() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = after.ru_utime + after.ru_stime
        busy -= before.ru_utime + before.ru_stime
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        rows = {row["kind"]: row for row in json.loads(done.stdout)}
        if rows["account"]["read"] != self.accounts:
            raise RuntimeError(f"not all were loaded: {done.stdout}")
        return seconds, busy, rows["account"]["changed"]

    def measure(self, name, what, is_full):
        settings = self.make_state(name)
        dump = self.root / name / "dump"
        self.write_dump(dump, is_full)
        seconds, busy, changed = self.load(settings, dump)
        if changed != self.accounts:
            raise RuntimeError("the state was not empty")
        self.report.below(what, "seconds", seconds, TARGET_SECONDS, 1)
        self.report.note(
            f"{self.accounts:,} accounts, "
            f"{dump.stat().st_size / MIB:.0f} MiB; {busy:.1f} s of processor"
        )
        again, busy, changed = self.load(settings, dump)
        if changed != 0:
            raise RuntimeError("a second load has changed something")
        self.report.note(
            f"a second time, changing nothing: {again:.1f} s, "
            f"{busy:.1f} s of processor"
        )
        dump.unlink()


def measure(options):
    bench = Bench(options)
    bench.measure("plain", "load, accounts alone", False)
    bench.measure("full", "load, with app passwords", True)
    return bench.report.missed


def main():
    options = arguments()
    return run(lambda: measure(options))


if __name__ == "__main__":
    sys.exit(main())
