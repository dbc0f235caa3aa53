# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Base class of the tests with states of older versions (../states)."""

import functools
import json
import shutil
import subprocess
from pathlib import Path

from . import workdir
from .keeper_case import NOTICE
from .milter_case import MilterTest
from .session_case import SessionTest

STATES = sorted((Path(__file__).resolve().parents[1] / "states").iterdir())
SCHEMA = 2  # today's


def login(name):
    return f"{name}@example.test"


def of_each(since=""):
    """The test is for each folder from SINCE on, which it is given."""

    def around(test):
        @functools.wraps(test)
        def run(self):
            for folder in STATES:
                if folder.name < since:
                    continue
                with self.subTest(state=folder.name):
                    self.open_old(folder)
                    test(self, folder)
                self._stop_daemon()
                self._stop_milter()
                self.daemon = self.milter = None

        return run

    return around


class UpgradeTest(MilterTest, SessionTest):
    def open_old(self, folder, command="/bin/false"):
        """The state of a folder, at the time when it was left."""
        if shutil.which("mdb_load") is None:
            self.skipTest("mdb_load is not installed")
        self.about = json.loads((folder / "about.json").read_text())
        self.use_clock()
        self.clock.set(self.about["at"] - self.clock.now())
        plans = self.about["plans"]
        self.write_conf(plans["free"], plans,
                        notice={**NOTICE, "command": command})
        if self.state.exists():
            shutil.rmtree(self.state)
        for part in ("accounts", "activity"):
            self.make_part(part, (folder / f"{part}.txt").read_text())
        self.give_state()

    def give_state(self):
        if self.owner is not None:
            for path in (self.state, *self.state.rglob("*")):
                workdir.give(path, self.owner)

    def make_part(self, part, text):
        where = self.state / part
        where.mkdir(mode=0o700, parents=True)
        where.parent.chmod(0o700)
        # It knows no "db_pagesize", though mdb_dump writes that; what is empty
        # is a line with one blank.
        lines = [x or " " for x in text.splitlines() if "db_pagesize" not in x]
        subprocess.run(["mdb_load", where], input="\n".join(lines) + "\n",
                       text=True, check=True, capture_output=True)

    def content(self, part):
        done = subprocess.run(["mdb_dump", "-a", self.state / part],
                              check=True, capture_output=True, text=True)
        # The map may have been made larger.
        return [x for x in done.stdout.splitlines() if "mapsize" not in x]

    def schemas(self):
        """What both parts say of themselves."""
        found = []
        for part in ("accounts", "activity"):
            done = subprocess.run(
                ["mdb_dump", "-p", "-s", "meta", self.state / part],
                check=True, capture_output=True, text=True)
            lines = [line.strip() for line in done.stdout.splitlines()]
            value = lines[lines.index("schema") + 1]
            found.append(int(value.split("\\")[1], 16))
        return found

    def admits(self, name, password):
        """Why the app password would be refused, or "none"."""
        program = self.program("../tests/system/session_tool")
        argv = [program, self.state, "admit", name, "imap", self.conf]
        done = subprocess.run(
            list(map(str, argv)), input=password + "\n", text=True,
            check=True, capture_output=True, env=self.clock.environment())
        return done.stdout.strip()
