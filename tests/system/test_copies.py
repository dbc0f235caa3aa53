# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Dumps and backups of the state, and what they bring back."""

import shutil

from postern_site import workdir
from postern_site.case import ALICE, BOB, PolicydTest


class Copies(PolicydTest):
    def fill(self):
        client = self.policy()
        for login in (ALICE, BOB):
            self.accept(client, 4, login)
        self.ctl("set", ALICE, "messages=9/1h", "language=et")
        self.ctl("lock", BOB, "--note", 'said "no" \\ twice')
        self.ctl("sender", "add", ALICE, "sales@example.test")

    @staticmethod
    def records(dump):
        """Without its head, which has a time, and in one order: activity
        comes by keys that each state has for itself."""
        return sorted(dump.splitlines()[1:])

    def test_a_dump_can_be_loaded_into_an_empty_state(self):
        self.start()
        self.fill()
        self.daemon.stop()
        dump = self.ctl("dump").out
        self.state = self.dir / "second"
        self.write_conf()
        self.init()
        self.ctl("load", given=dump)
        again = self.ctl("dump").out
        self.assertEqual(self.records(again), self.records(dump))
        self.start_daemon()
        self.assertEqual(self.used(ALICE), [4])
        self.assertEqual(self.policy().ask(BOB)[:10], "550 5.7.13")

    def test_a_bad_dump_changes_nothing(self):
        self.start()
        self.fill()
        dump = self.ctl("dump").out
        lines = dump.splitlines(keepends=True)
        self.ctl("account", "delete", ALICE)
        before = self.records(self.ctl("dump").out)
        bad = "".join([*lines[:-1], "{half\n"])
        result = self.posternctl().run("load", given=bad)
        self.assertEqual(result.code, 65, result)
        self.assertIn(f"{len(lines)}: ", result.err)
        self.assertEqual(self.records(self.ctl("dump").out), before)

    def test_a_backup_of_a_live_state_can_be_put_in_its_place(self):
        self.start()
        self.fill()
        copy = self.dir / "run" / "copy"
        self.ctl("backup", copy)
        client = self.policy()
        self.assertEqual(client.ask("carol@example.test"), "DUNNO")
        self.daemon.stop()
        for name in ("accounts", "activity"):
            shutil.rmtree(self.state / name)
            (copy / name).rename(self.state / name)
            for path in ((self.state / name), *(self.state / name).iterdir()):
                workdir.give(path, self.owner)
        self.start_daemon()
        self.assertEqual(self.used(BOB), [4, 4])
        self.assertEqual(self.used("carol@example.test"), [0, 0])
        self.assertEqual(self.policy().ask(BOB)[:10], "550 5.7.13")
