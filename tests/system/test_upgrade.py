# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""States that older versions left (states/, make-old-state.py), opened now."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from postern_site import milter_mta, reports, workdir
from postern_site.case import BUILD
from postern_site.upgrade_case import (
    SCHEMA, STATES, UpgradeTest, login, of_each)

HERE = Path(__file__).resolve().parent

# What came with them is in them and in all that follow.
ACCESS, SENDERS, LIFE, WOULD = "2-access", "3-senders", "4-life", "5-would"


def records(text):
    """A dump's records without its first line; of history there are many."""
    rows = [json.loads(line) for line in text.splitlines()]
    found = {}
    for row in rows[1:]:
        key = (row["postern"], row["login"])
        if row["postern"] == "history":
            found.setdefault(key, []).append(row)
        else:
            found[key] = row
    return found


class Opened(UpgradeTest):
    def assert_kept(self, old, new):
        """All that the old dump told, field by field; more may be told."""
        self.assertEqual(old.keys() - new.keys(), set())
        for key, row in old.items():
            now = new[key]
            if key[0] == "history":
                self.assertEqual([x for x in now if x in row], row)
                continue
            for name, value in row.items():
                if name == "charged":
                    # Before 3 it was not noted what a charge added.
                    now[name] = [x[:len(y)] for x, y in zip(now[name], value)]
                self.assertEqual(now[name], value, (key, name))

    @of_each()
    def test_nothing_is_lost_whether_it_is_only_read_or_written(self, folder):
        old = records((folder / "dump.jsonl").read_text())
        before = self.content("accounts"), self.content("activity")
        self.assert_kept(old, records(self.ctl("dump").out))
        after = self.content("accounts"), self.content("activity")
        self.assertEqual(after, before)
        self.ctl("set", login("new"), "language=en")
        self.assertEqual(self.schemas(), [SCHEMA, SCHEMA])
        self.assert_kept(old, records(self.ctl("dump").out))

    @of_each()
    def test_windows_are_as_full_as_they_were(self, folder):
        old = self.about["quota"]
        rows = self.ctl_json("quota")
        kept = [{name: row[name] for name in old[0]} for row in rows]
        self.assertCountEqual(kept, old)

    @of_each()
    def test_dump_is_loaded_again_and_so_is_the_old_one(self, folder):
        now = self.ctl("dump").out
        for text in (now, (folder / "dump.jsonl").read_text()):
            shutil.rmtree(self.state)
            self.init()
            self.ctl("load", given=text)
            back = records(self.ctl("dump").out)
            wanted = {k: v for k, v in records(text).items()
                      if k[0] != "signals"}
            self.assert_kept(wanted, back)

    @of_each()
    def test_a_backup_of_it_is_opened_too(self, folder):
        before = self.ctl("dump").out.splitlines()[1:]
        self.ctl("backup", self.dir / folder.name)
        for part in ("accounts", "activity"):
            shutil.rmtree(self.state / part)
            shutil.copytree(self.dir / folder.name / part,
                            self.state / part)
        self.give_state()
        self.assertEqual(self.ctl("dump").out.splitlines()[1:], before)


class Used(UpgradeTest):
    @of_each()
    def test_what_was_refused_is_refused_and_the_rest_is_charged(self, folder):
        self.start_daemon()
        client = self.policy()
        answer = client.send_message(login("dave"))
        self.assertIn("15 messages in 1 hour", answer)
        answer = client.send_message(login("bob"))
        self.assertRegex(answer, "^550 .*locked")
        before = self.used(login("ann"))
        self.accept(client, 2, login("ann"))
        self.assertEqual(self.used(login("ann")),
                         [count + 2 for count in before])
        self.accept(client, 3, login("unheard-of"))
        client.close()

    @of_each()
    def test_a_grant_lets_what_is_left_of_it_pass(self, folder):
        used = next(row["grant"]["used"] for row in
                    records((folder / "dump.jsonl").read_text()).values()
                    if isinstance(row, dict)
                    and row["postern"] == "activity"
                    and row["login"] == login("carl"))
        self.ctl("set", login("carl"), "messages=5/1d")
        self.start_daemon()
        client = self.policy()
        self.accept(client, 9 - used, login("carl"))
        self.assertRegex(client.send_message(login("carl")), "^450 ")
        client.close()

    @of_each(ACCESS)
    def test_app_passwords_work_or_have_ended_as_before(self, folder):
        ended = {login("erin"): "access-off", login("hans"): "blocked",
                 login("ida"): "blocked", login("on-strict"): "blocked",
                 login("pia"): "blocked"}
        passwords = self.about["passwords"]
        said = [(name, self.admits(name, text)) for name, text in passwords]
        wanted = [(name, ended.get(name, "none")) for name, _ in passwords]
        # Ann's are for anywhere, for networks, and revoked.
        wanted[1:3] = [(login("ann"), "network"),
                       (login("ann"), "password-revoked")]
        self.assertEqual(said, wanted)

    @of_each(ACCESS)
    def test_a_pending_block_is_completed(self, folder):
        self.start_daemon()
        client = self.policy()
        self.assertRegex(client.send_message(login("pia")), "^550 .*blocked")
        client.close()
        self.ctl("sweep")
        rows = self.ctl_json("history", login("pia"))
        self.assertIn("block", [row["what"] for row in rows])

    @of_each()
    def test_access_opens_and_closes(self, folder):
        row = self.ctl_json("enable", login("dave"))[0]
        self.assertEqual(
            self.admits(login("dave"), row["password"]), "none")
        told = [(row["login"], row["notice"])
                for row in self.ctl_json("notice", "list")]
        self.assertIn((login("dave"), "enabled"), told)
        if folder.name >= ACCESS:
            self.ctl("block", login("ann"), "--reason", "abuse")
            told = [(row["login"], row["notice"])
                    for row in self.ctl_json("notice", "list")]
            self.assertIn((login("ann"), "blocked-abuse"), told)
            self.ctl("password-changed", login("hans"))
            self.ctl("enable", login("hans"))

    @of_each()
    def test_a_sweep_and_doctor_find_nothing_odd(self, folder):
        self.ctl("sweep")
        counts = {row["name"]: row["count"] for row in self.ctl_json("stats")
                  if row["program"] == "policyd"}
        self.assertGreaterEqual(counts["requests"], 250)
        said = self.posternctl().run("doctor").out
        self.assertNotIn("later", said)

    @of_each(SENDERS)
    def test_bounces_of_what_was_sent_before_are_evidence(self, folder):
        self.start_milter()
        said = self.ctl("explain", login("nora")).out
        self.assertIn("4 of 24 recipients", " ".join(said.split()))
        session = self.session(None, address="192.0.2.77")
        text = reports.report(login("nora"), ["r7@remote.test"],
                              "<7.old@mua.test>")
        headers, body = milter_mta.parts(text)
        reply = session.send("", login("nora"), headers=headers,
                             body=body)
        self.assertTrue(reply.passes, str(reply))
        session.close()
        said = self.ctl("explain", login("nora")).out
        self.assertIn("5 of 24 recipients", " ".join(said.split()))

    @of_each(LIFE)
    def test_notices_wait_and_a_penalty_and_signs_go_on(self, folder):
        waiting = {row["login"] for row in self.ctl_json("notice", "list")}
        self.assertLessEqual({login("ann"), login("on-strict")}, waiting)
        said = " ".join(self.ctl("explain", login("on-tight")).out.split())
        self.assertIn("2 messages in 1 hour", said)
        said = " ".join(
            self.ctl("explain", login("on-watched")).out.split())
        self.assertRegex(said, r"\b6 of 9\b")
        self.assertRegex(said, r"\b24 of 50\b")

    @of_each(LIFE)
    def test_notices_that_waited_are_sent(self, folder):
        out = self.dir / "out"
        out.mkdir(exist_ok=True)
        script = self.dir / "send"
        script.write_text(f'#!/bin/sh\ncat >{out}/"$1"\n')
        script.chmod(0o755)
        if self.owner is not None:
            workdir.give(out, self.owner)
        self.open_old(folder, command=script)
        # They were tried once.
        self.clock.advance(3600)
        self.ctl("sweep")
        self.assertEqual(self.ctl_json("notice", "list"), [])
        text = (out / login("on-strict")).read_text()
        self.assertIn("To: on-strict@example.test", text)

    @of_each(WOULD)
    def test_what_was_observed_is_told(self, folder):
        rows = self.ctl_json("would")
        self.assertEqual(
            {(row["login"], row["reason"]) for row in rows},
            {(login("tom"), "quota"),
             (login("tom"), "recipients-per-message")})


class Made(UpgradeTest):
    def test_todays_state_can_be_made_in_the_same_way(self):
        self.use_clock()
        script = HERE / "make-old-state.py"
        steps = STATES[-1].name.partition("-")[0]
        output = self.dir / "made"
        done = subprocess.run(
            ["/usr/bin/python3", script, HERE.parents[1], steps, output],
            env={**os.environ, "POSTERN_BUILD": str(BUILD.resolve())},
            capture_output=True, text=True, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for path in STATES[-1].iterdir():
            self.assertGreater((output / path.name).stat().st_size, 1000)
        self.open_old(output)
        self.assertGreater(len(self.ctl_json("account", "list")), 15)
