# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""posternctl: what it prints and how it ends."""

import json
import re

from postern_site.case import ALICE, BOB, PolicydTest
from postern_site.times import iso_time

TWO_PLANS = {"gold": {"messages": ["50/1m", "500/1h"]}}


class Settings(PolicydTest):
    def limits(self, login=ALICE):
        rows = self.ctl_json("quota", login)
        limits = [r["limit"] for r in rows if r["kind"] == "messages"]
        return [limit for limit in limits if limit is not None]

    def test_an_override_holds_at_once_and_can_be_taken_back(self):
        self.start()
        client = self.policy()
        self.ctl("set", ALICE, "messages=7/1h")
        self.assertEqual(self.limits(), [7])
        self.accept(client, 7)
        self.assertIn("7 messages in 1 hour", client.ask())
        self.ctl("set", ALICE, "messages=")
        self.assertEqual(self.limits(), [5, 15])
        self.assertIn("5 messages in 1 minute", client.ask())

    def test_unlimited_lets_an_account_send_without_end(self):
        self.start()
        self.ctl("set", ALICE, "messages=unlimited")
        self.accept(self.policy(), 100)
        self.assertEqual(self.limits(), [])

    def test_every_plan_key_can_be_overridden(self):
        self.start()
        client = self.policy()
        self.ctl("set", ALICE, "recipients_per_message=2", "message_size=1K")
        action = client.ask(recipient_count="3")
        self.assertEqual(action[:9], "452 4.5.3")
        self.assertEqual(client.ask(size="2000")[:9], "552 5.3.4")
        self.assertEqual(client.ask(BOB, size="2000"), "DUNNO")

    def test_a_plan_can_be_given_and_taken_back(self):
        self.start(plans=TWO_PLANS)
        self.ctl("set", ALICE, "plan=gold")
        self.accept(self.policy(), 20)
        self.assertEqual(self.limits(), [50, 500])
        self.ctl("set", ALICE, "plan=")
        self.assertEqual(self.limits(), [5, 15])

    def test_what_cannot_be_set_is_refused_and_nothing_is_changed(self):
        self.start()
        for words in (
            ["plan=silver"],
            ["messages=5/1x"],
            ["mesages=5/1m"],
            ["status=asleep"],
            ["recipients=9/1h", "messages=many"],
        ):
            with self.subTest(words=words):
                result = self.posternctl().run("set", ALICE, *words)
                self.assertEqual(result.code, 64, result)
                self.assertEqual(result.out, "")
                self.assertRegex(result.err, r"\Aposternctl: .+\n\Z")
        result = self.posternctl().run("set", ALICE, "mesages=5/1m")
        self.assertIn("did you mean messages", result.err)
        shown = self.posternctl().run("account", "show", ALICE)
        self.assertEqual(shown.code, 1, "there is still no record")


class Windows(PolicydTest):
    def test_quota_shows_each_window_with_its_time(self):
        self.start()
        self.accept(self.policy(), 5)
        minute, hour = self.ctl_json("quota", ALICE)
        self.assertEqual((minute["used"], minute["limit"]), (5, 5))
        self.assertEqual((hour["used"], hour["limit"]), (5, 15))
        table = self.ctl("quota", ALICE).out
        self.assertRegex(table, r"messages +1m +5 +5 +0  \d\d:\d\d:\d\d UTC")
        self.assertRegex(table, r"messages +1h +5 +15 +10  -")

    def test_reset_empties_the_windows_at_once(self):
        self.start()
        client = self.policy()
        self.accept(client, 5)
        self.assertEqual(client.ask()[:3], "450")
        self.ctl("reset", ALICE, "--note", "a newsletter")
        self.assertEqual(self.used(), [0, 0])
        self.accept(client, 5)

    def test_a_grant_passes_beyond_the_windows_until_it_is_used_up(self):
        self.start()
        client = self.policy()
        self.accept(client, 5)
        self.ctl("grant", ALICE, "+3", "--until", "+1h")
        self.accept(client, 3)
        self.assertEqual(client.ask()[:10], "450 4.7.28")
        self.assertEqual(self.used(), [5, 5])

    def test_a_grant_can_be_ended(self):
        self.start()
        client = self.policy()
        self.accept(client, 5)
        self.ctl("grant", ALICE, "+3")
        self.accept(client, 1)
        self.ctl("grant", ALICE, "+0")
        self.assertEqual(client.ask()[:10], "450 4.7.28")

    def test_explain_says_in_plain_words_when_the_next_one_passes(self):
        self.start()
        client = self.policy()
        before = self.ctl("explain", ALICE)
        self.assertRegex(before.out, r"may send")
        self.accept(client, 5)
        told = re.search(r"after (\S+ UTC)", client.ask()).group(1)
        after = " ".join(self.ctl("explain", ALICE).out.split())
        for words in (
            "cannot send now: Sending limit reached: 5 messages in 1 minute",
            f"the next message is accepted from {told} on",
            "5 of 5 in 1 minute, full until",
            "5 of 15 in 1 hour, 10 left",
        ):
            self.assertIn(words, after)

    def test_explain_names_a_lock_and_its_remedy(self):
        self.start()
        self.ctl("lock", ALICE, "--note", "phished")
        text = self.ctl("explain", ALICE).out
        for words in ("lock", "phished", f"posternctl unlock {ALICE}"):
            self.assertIn(words, text)

    def test_top_lists_who_sent_most_and_who_was_refused(self):
        self.start({"messages": ["3/1h"]})
        client = self.policy()
        self.accept(client, 3)
        self.accept(client, 1, BOB)
        client.ask()
        rows = self.ctl_json("top")
        self.assertEqual([row["login"] for row in rows], [ALICE, BOB])
        self.assertEqual([row["sent"] for row in rows], [3, 1])
        self.assertEqual([row["refused"] for row in rows], [1, 0])
        rows = self.ctl_json("top", "-n", "1")
        self.assertEqual([row["login"] for row in rows], [ALICE])


class Accounts(PolicydTest):
    def test_accounts_with_a_record_are_listed_shown_and_deleted(self):
        self.start()
        self.assertEqual(self.ctl_json("account", "list"), [])
        self.assertEqual(self.posternctl().run("account", "show", BOB).code, 1)
        self.ctl("set", BOB, "language=lv")
        self.ctl("set", ALICE, "messages=9/1h")
        rows = self.ctl_json("account", "list")
        self.assertEqual([row["login"] for row in rows], [ALICE, BOB])
        self.assertIn("lv", str(self.ctl_json("account", "show", BOB)))
        self.ctl("account", "delete", BOB)
        self.assertEqual(self.posternctl().run("account", "show", BOB).code, 1)
        again = self.posternctl().run("account", "delete", BOB)
        self.assertEqual(again.code, 1, again)

    def test_history_tells_who_changed_what_and_why(self):
        self.start()
        self.ctl("set", ALICE, "messages=9/1h")
        self.ctl("lock", ALICE, "--note", "phished again")
        self.ctl("unlock", ALICE)
        self.ctl("lock", BOB)
        rows = self.ctl_json("history", ALICE)
        self.assertEqual([r["what"] for r in rows], ["set", "lock", "unlock"])
        self.assertIn("messages", rows[0]["detail"])
        self.assertIn("9/1h", rows[0]["detail"])
        self.assertIn("phished again", rows[1]["detail"])
        self.assertTrue(all(row["who"] for row in rows))
        self.assertEqual(len(self.ctl_json("history")), 4)
        self.assertEqual(len(self.ctl_json("history", "-n", "2")), 2)

    def test_history_of_a_deleted_account_stays(self):
        self.start()
        self.ctl("lock", ALICE)
        self.ctl("account", "delete", ALICE)
        what = [row["what"] for row in self.ctl_json("history", ALICE)]
        self.assertEqual(what[0], "lock")
        self.assertEqual(len(what), 2)

    def test_a_bare_local_part_gets_the_default_domain(self):
        self.start()
        self.ctl("lock", "Alice")
        self.assertEqual(self.policy().ask()[:10], "550 5.7.13")


class Numbers(PolicydTest):
    def test_stats_count_what_the_daemon_did(self):
        self.start({"messages": ["2/1h"]})
        client = self.policy()
        self.accept(client, 2)
        client.ask()
        client.ask()
        self.daemon.stop()
        text = self.ctl("stats", "--openmetrics").out
        self.assertTrue(text.endswith("# EOF\n"), text[-200:])
        self.assertRegex(
            text, r'(?m)^postern_\w*permitted\w*\{program="policyd"\} 2$')
        self.assertRegex(text, r'(?m)^postern_\w*\{.*reason="quota".*\} 2$')
        self.assertTrue(self.ctl_json("stats"))

    def test_a_state_without_a_milter_shows_none(self):
        self.start()
        self.accept(self.policy(), 1)
        self.daemon.stop()
        rows = self.ctl_json("stats")
        self.assertEqual({row["program"] for row in rows}, {"policyd", None})
        self.assertNotIn("milter", self.ctl("stats", "--openmetrics").out)
        text = self.ctl("explain", ALICE).out
        self.assertRegex(text, r"(?m)^bounces +(not counted|0 of 0)")

    def test_a_dump_says_what_each_charge_added(self):
        self.start()
        self.policy().ask(recipient_count="3", size="5000")
        self.daemon.stop()
        line, = (line for line in self.ctl("dump").out.splitlines()
                 if '"postern": "activity"' in line)
        charged, = json.loads(line)["charged"]
        self.assertEqual(charged[2:], [3, 5000, False])
        self.ctl("load", given=self.ctl("dump").out)
        self.assertIn(line, self.ctl("dump").out)

    def test_openmetrics_is_well_formed(self):
        self.start()
        self.accept(self.policy(), 1)
        text = self.ctl("stats", "--openmetrics").out
        types = {}
        for line in text.splitlines()[:-1]:
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split()
                self.assertNotIn(name, types)
                types[name] = kind
            elif not line.startswith("# "):
                self.assertRegex(line, r'^[a-z_]+(\{[^{}]*\})? -?[0-9.e+]+$')
                name = re.match(r"[a-z_]+", line).group()
                self.assertIn(name.removesuffix("_total"), types, line)

    def test_all_formats_say_the_same(self):
        self.start()
        self.accept(self.policy(), 2)
        rows = self.ctl_json("quota", ALICE)
        tab = self.ctl("quota", ALICE, form="tab").out.splitlines()
        names = tab[0].split("\t")
        self.assertEqual(set(names), set(rows[0]))
        first = dict(zip(names, tab[1].split("\t")))
        self.assertEqual(first["used"], str(rows[0]["used"]))
        flow = self.ctl("quota", ALICE, form="flow").out.splitlines()
        self.assertEqual(len(flow), len(rows))
        self.assertIn(f"used={rows[0]['used']}", flow[0])


class Ends(PolicydTest):
    def test_bad_usage_ends_with_64_and_says_what_is_wrong(self):
        self.start()
        for words in (
            [],
            ["quot"],
            ["account"],
            ["account", "shw", ALICE],
            ["quota", ALICE, BOB],
            ["lock"],
            ["lock", ALICE, "--nota", "x"],
            ["top", "-n", "many"],
        ):
            with self.subTest(words=words):
                result = self.posternctl().run(*words)
                self.assertEqual(result.code, 64, result)
                self.assertEqual(result.out, "")
                self.assertTrue(result.err)

    def test_help_and_version_need_no_configuration(self):
        self.conf = self.dir / "missing.conf"
        for words in (["--help"], ["--version"], ["quota", "--help"]):
            result = self.ctl(*words)
            self.assertTrue(result.out)
            self.assertEqual(result.err, "")

    def test_without_a_state_the_remedy_is_named(self):
        self.write_conf()
        result = self.posternctl().run("quota", ALICE)
        self.assertIn(result.code, (69, 75, 78), result)
        self.assertIn("posternctl init", result.err)

    def test_a_login_that_is_none_is_refused(self):
        self.start()
        for login in ("a b@example.test", "a@b@", "x" * 300, "\x1b[2J"):
            result = self.posternctl().run("lock", login)
            self.assertEqual(result.code, 65, result)
            self.assertNotIn("\x1b", result.err)

    def test_init_leaves_what_is_there(self):
        self.start()
        self.ctl("lock", ALICE)
        self.init()
        self.assertEqual(self.policy().ask()[:10], "550 5.7.13")

    def test_times_are_what_they_say(self):
        self.start()
        self.ctl("grant", ALICE, "+3", "--until", "2030-01-02 03:04")
        shown = self.ctl_json("account", "show", ALICE)
        self.assertIn("2030-01-02T03:04:00Z", str(shown))
        self.assertEqual(iso_time("2030-01-02T03:04:00Z"), 1893553440)
