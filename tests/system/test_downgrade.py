# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What a later version wrote is refused, and the remedy is told."""

import json
import shutil

from postern_site.case import ALICE, BOB, DovecotTest
from postern_site.upgrade_case import SCHEMA, STATES, UpgradeTest, login


class Newer(UpgradeTest):
    """Nothing is done to a state, and nothing is read of a dump."""

    def make_newer(self, part="accounts"):
        folder = STATES[-1]
        self.open_old(folder)
        text = (folder / f"{part}.txt").read_text()
        old, new = " 736368656d61\n %02x000000\n", SCHEMA
        number = next(n for n in range(1, SCHEMA + 1) if old % n in text)
        text = text.replace(old % number, old % (new + 1))
        shutil.rmtree(self.state / part)
        self.make_part(part, text)
        self.give_state()

    def test_nobody_works_on_it_and_the_remedy_is_named(self):
        owner = ("--owner", self.owner) if self.owner else ()
        for part in ("accounts", "activity"):
            with self.subTest(part=part):
                self.make_newer(part)
                before = self.content(part)
                for words in (["dump"], ["account", "list"], ["sweep"],
                              ["set", login("ann"), "language=en"],
                              ["init", *owner], ["backup", self.dir / "copy"]):
                    done = self.posternctl().run(*words)
                    self.assertEqual(done.code, 69, words)
                    self.assertIn("a later version of Postern", done.err)
                    self.assertIn("posternctl load", done.err)
                with self.assertRaisesRegex(RuntimeError, "later version"):
                    self.start_daemon()
                with self.assertRaisesRegex(RuntimeError, "later version"):
                    self.start_milter()
                self.assertEqual(self.content(part), before)
                # Nothing was taken for damage and set aside.
                self.assertEqual(
                    sorted(x.name for x in self.state.iterdir()
                           if x.is_dir()), ["accounts", "activity"])

    def test_a_later_dump_is_refused(self):
        self.open_old(STATES[-1])
        lines = self.ctl("dump").out.splitlines()
        head = json.loads(lines[0])
        head["version"] += 1
        given = "\n".join([json.dumps(head), *lines[1:]]) + "\n"
        done = self.posternctl().run("load", given=given)
        self.assertEqual(done.code, 69, done.err)
        self.assertIn("later version of Postern", done.err)
        self.assertIn("load it with that one", done.err)


class Meanwhile(DovecotTest):
    """Programs that run while a later version writes into the state."""

    def write_later(self, name):
        """In place: the account's record is of the version after ours."""
        with open(self.state / "accounts" / "data.mdb", "r+b") as file:
            data = file.read()
            at = -1
            while (at := data.find(name.encode(), at + 1)) >= 0:
                end = at + len(name)
                if data[end] == 1:
                    file.seek(end)
                    file.write(b"\2")

    def test_they_refuse_that_account_alone_and_say_what_to_do(self):
        self.start_mail()
        alice, bob = self.enable(ALICE), self.enable(BOB)
        self.imap(ALICE, alice)
        self.write_later(ALICE)
        self.expected_errors.append(
            f"{ALICE}: .*by a later Postern: .*; run: doveadm reload$")
        answer = self.imap().login(ALICE, alice)
        self.assertEqual((answer.status, answer.code), ("NO", "UNAVAILABLE"))
        self.dovecot.wait_line(": Error: ")
        self.imap(BOB, bob)
        client = self.policy()
        self.assertRegex(client.send_message(ALICE), "^451 4.3.0 ")
        self.accept(client, 1, BOB)
        line = self.daemon.wait_lines("record-failed")[0]
        self.assertIn("written by a later Postern", line["error"])
        self.assertIn("run the version of Postern", line["remedy"])
        done = self.posternctl().run("set", ALICE, "language=lv")
        self.assertEqual(done.code, 69)
        self.assertIn("by a later Postern", done.err)
        self.assertEqual(len(self.dovecot.errors()), 1)
