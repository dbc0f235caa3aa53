# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""External access by posternctl: who is let in, and what is told of it."""

import re
import subprocess

from postern_site.case import ALICE, PolicydTest

SECRET = re.compile(r"\b[a-z]{4}(?:-[a-z]{4}){5}\b")
FREE = {
    "protocols": ["imap", "smtp"],
    "messages": ["100/1h"],
    "activation_delay": "unlimited",
}
ON_ALREADY = "is on already"


class AccessTest(PolicydTest):
    """A state without any daemon: posternctl needs none."""

    def setUp(self):
        super().setUp()
        self.write_conf(FREE)
        self.init()

    def secret(self, *words, form=None):
        """Runs what prints one app password, and returns that."""
        result = self.ctl(*words, form=form)
        found = SECRET.findall(result.out)
        self.assertEqual(len(found), 1, result.out)
        self.assertEqual(result.err, "")
        return found[0]

    def living(self, login=ALICE):
        result = self.posternctl().run("password", "list", login, form="json")
        return [row["id"] for row in result.json()]

    def refused(self, code, *words):
        """It must not be done; what is said about that."""
        result = self.posternctl().run(*words)
        self.assertEqual(result.code, code, result)
        self.assertEqual(result.out, "")
        self.assertRegex(result.err, r"\Aposternctl: .+\n")
        return result.err

    def spawn(self, *words, **options):
        """posternctl as a child; options as for Popen."""
        argv = [self.program("posternctl"), "-c", self.conf, *words]
        child = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **options
        )
        self.addCleanup(child.stderr.close)
        return child


class Commands(AccessTest):
    def test_an_app_password_is_printed_once_in_every_format(self):
        secrets = {self.secret("enable", ALICE)}
        for form in ("table", "flow", "json", "tab"):
            secrets.add(self.secret("password", "create", ALICE, form=form))
        self.assertEqual(len(secrets), 5)
        self.assertEqual(self.living(), [1, 2, 3, 4, 5])

    def test_json_tells_all_about_a_new_app_password(self):
        (row,) = self.ctl_json(
            *("enable", ALICE, "--label", "Föhn \"1\"", "--expires", "90d"),
            *("--networks", "192.0.2.0/24,2001:db8::/32"),
            *("--protocols", "smtp"),
        )
        self.assertRegex(row.pop("password"), SECRET)
        self.assertRegex(row.pop("expires"), r"^20..-..-..T..:..:..Z$")
        self.assertIsNone(row.pop("sending_locked"))
        row.pop("active_from")
        row.pop("detail")
        self.assertEqual(
            row,
            {
                "login": ALICE,
                "what": "enable",
                "changed": True,
                "new_record": True,
                "id": 1,
                "label": "Föhn \"1\"",
                "protocols": "smtp",
                "networks": "192.0.2.0/24,2001:db8::/32",
            },
        )
        (row,) = self.ctl_json("password", "list", ALICE)
        self.assertEqual((row["id"], row["protocols"]), (1, "smtp"))
        self.assertNotIn("password", row)

    def test_what_ended_is_remembered_with_its_reason(self):
        self.secret("enable", ALICE)
        self.secret("password", "create", ALICE)
        self.ctl("password", "revoke", ALICE, "1")
        self.ctl("disable", ALICE)
        self.secret("enable", ALICE)
        self.ctl("block", ALICE, "--reason", "abuse", "--note", "ticket 12")
        self.assertEqual(self.living(), [])
        rows = self.ctl_json("password", "list", ALICE, "--all")
        self.assertEqual(
            [(row["id"], row["ending"], row["block"]) for row in rows],
            [
                (1, "revoked", None),
                (2, "disabled", None),
                (3, "blocked", "abuse"),
            ],
        )
        self.assertTrue(all(row["ended"] for row in rows))
        whats = [row["what"] for row in self.ctl_json("history", ALICE)]
        self.assertEqual(whats[0], "enable")
        self.assertEqual(whats[-1], "block")
        self.assertEqual(len(whats), 6)
        self.assertTrue(all(row["who"] for row in self.ctl_json("history")))
        self.assertIn("ticket 12", self.ctl("history", ALICE).out)

    def test_each_refusal_says_what_to_do(self):
        self.assertIn(
            f"posternctl enable {ALICE}",
            self.refused(65, "password", "create", ALICE),
        )
        self.assertIn("pop3", self.refused(65, *f"enable {ALICE} "
                                           "--protocols imap,pop3".split()))
        self.secret("enable", ALICE)
        err = self.refused(1, "enable", ALICE)
        self.assertIn(ON_ALREADY, err)
        self.assertIn(f"posternctl password create {ALICE}", err)
        self.refused(1, "password", "revoke", ALICE, "2")
        self.ctl("block", ALICE, "--reason", "cracked")
        err = self.refused(65, "enable", ALICE)
        self.assertIn(f"posternctl password-changed {ALICE}", err)
        self.ctl("password-changed", ALICE)
        self.secret("enable", ALICE)
        self.ctl("block", ALICE, "--reason", "admin")
        err = self.refused(65, "enable", ALICE)
        self.assertIn(f"posternctl unblock {ALICE}", err)
        self.ctl("unblock", ALICE)
        self.secret("enable", ALICE)
        self.ctl("set", ALICE, "status=inactive")
        err = self.refused(65, "enable", ALICE)
        self.assertIn(f"posternctl set {ALICE} status=active", err)

    def test_what_is_so_already_is_said_to_be_unchanged(self):
        self.secret("enable", ALICE)
        self.ctl("disable", ALICE)
        before = self.ctl("history").out
        for words in (["disable", ALICE], ["unblock", ALICE]):
            (row,) = self.ctl_json(*words)
            self.assertIs(row["changed"], False)
        self.assertEqual(self.ctl("history").out, before)

    def test_protocols_change_without_a_new_app_password(self):
        self.secret("enable", ALICE)
        (row,) = self.ctl_json("enable", ALICE, "--protocols", "imap")
        self.assertIs(row["changed"], True)
        self.assertIsNone(row["password"])
        text = self.ctl("enable", ALICE, "--protocols", "imap,smtp").out
        self.assertIn("no app password was made", text)
        self.assertNotRegex(text, SECRET)
        self.assertEqual(self.living(), [1])

    def test_a_block_reaches_a_daemon_that_runs(self):
        self.start_daemon()
        client = self.policy()
        self.secret("enable", ALICE)
        self.assertEqual(client.ask(), "DUNNO")
        self.ctl("block", ALICE, "--reason", "abuse")
        self.assertEqual(client.ask()[:10], "550 5.7.13")
        self.ctl("unblock", ALICE)
        self.secret("enable", ALICE)
        self.assertEqual(client.ask(), "DUNNO")
        self.ctl("disable", ALICE)
        self.assertEqual(client.ask()[:3], "550")

    def test_explain_says_who_may_log_in_and_why_not(self):
        def told():
            rows = self.ctl_json("explain", ALICE)
            return {row["topic"]: row["text"] for row in rows}

        self.assertIn("switched off", told()["imap,pop3,smtp"])
        self.assertEqual(told()["external access"], "never switched on")
        self.secret("enable", ALICE, "--protocols", "imap")
        text = told()
        self.assertEqual(text["imap"], "a mail program may log in now")
        self.assertIn("POP3 is not part of", text["pop3"])
        self.assertIn("SMTP is not switched on", text["smtp"])
        self.assertEqual(text["app passwords"], "1 of 32")
        self.ctl("block", ALICE, "--reason", "connections")
        self.assertIn("too many logins", told()["imap,pop3,smtp"])
        self.assertEqual(self.ctl_json("password", "list", ALICE), [])

    def test_deleting_an_account_ends_all(self):
        self.secret("enable", ALICE)
        self.ctl("account", "delete", ALICE)
        self.refused(1, "password", "list", ALICE)
        (row,) = self.ctl_json("enable", ALICE)
        self.assertEqual((row["id"], row["new_record"]), (1, True))
