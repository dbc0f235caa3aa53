# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What accounts have in the queue of a real Postfix: listed, held, released,
and held by itself when an account is closed."""

import json
import re
import subprocess
from pathlib import Path

from postern_site import case, children, mounts, site, workdir
from postern_site.case import ALICE, BOB, PolicydTest
from postern_site.patience import Watch
from postern_site.postfix_conf import Service
from postern_site.smtp import Smtp

HOLDING = {"protocols": ["smtp"], "on_block": "hold-queue"}
SENT = 3
MANY = 300

_shared = None


class QueueSite(site.Site):
    """Nothing leaves it: who should take the mail refuses connections."""

    def __init__(self, build):
        site.check_machine()
        closed = f"smtp:[127.0.0.1]:{workdir.free_ports(1)[0]}"
        super().__init__(
            build,
            [
                Service("submission", stages=()),
                Service("mx", stages=(), sasl=False),
            ],
            default_transport=closed,
            relay_transport=closed,
            minimal_backoff_time="600s",
        )


def shared():
    global _shared
    if _shared is None:
        try:
            _shared = QueueSite(case.BUILD).start()
        except Exception as error:
            _shared = error
    if isinstance(_shared, Exception):
        raise _shared
    return _shared


class QueueTest(PolicydTest):
    def setUp(self):
        try:
            self.site = shared()
            mounts.check()
        except workdir.Missing as missing:
            self.skipTest(str(missing))
        super().setUp()
        self.run_dir = self.dir / "run-postern"
        self.run_dir.mkdir(mode=0o755)
        workdir.give(self.run_dir, site.OWNER)
        self.orders = self.run_dir / "queue-order"
        # Its own /run/postern, and nothing of this machine's.
        self.mounts = mounts.Mounts(self.dir / "mounts")
        self.mounts.add("/run", {"postern": self.run_dir})
        self.addCleanup(self.empty_queue)
        self.write_conf({"protocols": ["smtp"]}, plans={"holding": HOLDING})
        self.init()

    def run_ctl(self, *words, code=0):
        argv = [self.program("posternctl"), "-c", self.conf, "-f", "json"]
        done = subprocess.run(
            self.mounts.command([str(x) for x in (*argv, *words)]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        self.errors = done.stderr
        return json.loads(done.stdout) if done.stdout else done.stderr

    def queue(self, *words):
        return self.run_ctl(
            "queue", *words, "--postfix-config", self.site.postfix.etc
        )

    def results(self, *words):
        """Of each message of the answer: id -> result."""
        return {row["queue_id"]: row["result"] for row in self.queue(*words)}

    def postfix(self, *argv):
        return subprocess.run(
            [argv[0], "-c", self.site.postfix.etc, *argv[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout

    def in_queue(self):
        """Queue id -> the queue that it is in."""
        lines = map(json.loads, self.postfix("postqueue", "-j").splitlines())
        return {line["queue_id"]: line["queue_name"] for line in lines}

    def empty_queue(self):
        self.postfix("postsuper", "-d", "ALL")

    def send(self, login, sender, service="submission", source=None):
        """A message that is deferred; its queue id."""
        client = Smtp(self.site.port(service), source=source)
        self.addCleanup(client.close)
        if login is not None:
            client.auth(login, site.PASSWORD)
        reply = client.send(sender, "x@relay.test")
        self.assertEqual(reply.code, 250, str(reply))
        number = re.search(r"queued as (\w+)", reply.text).group(1)
        children.wait_for(
            lambda: self.in_queue().get(number) == "deferred",
            f"{number} to be deferred",
        )
        return number

    def close(self, login=ALICE):
        self.run_ctl("set", login, "plan=holding")
        self.run_ctl("block", login, "--reason", "cracked")


class ByHand(QueueTest):
    def test_mail_with_the_null_sender_is_told_by_its_login(self):
        mine = self.send(ALICE, "")
        self.send(BOB, "")
        self.send(None, "", service="mx")
        rows = self.queue("list", ALICE)
        self.assertEqual([r["queue_id"] for r in rows], [mine])
        self.assertEqual(self.results("hold", ALICE), {mine: "held"})
        self.postfix("postsuper", "-h", "ALL")
        self.assertEqual(self.results("hold", ALICE), {mine: "already held"})
        self.assertEqual(self.results("release", ALICE), {mine: "released"})
        held = [x for x, where in self.in_queue().items() if where == "hold"]
        self.assertEqual(len(held), 2)

    def test_mail_of_a_login_is_held_and_released(self):
        mine = [self.send(ALICE, ALICE) for _ in range(SENT)]
        self.send(BOB, BOB)
        rows = self.queue("list", ALICE)
        self.assertEqual(sorted(r["queue_id"] for r in rows), sorted(mine))
        self.assertEqual({r["sent_by"] for r in rows}, {ALICE})
        self.assertEqual(
            self.results("hold", ALICE), dict.fromkeys(mine, "held")
        )
        held = {x for x, where in self.in_queue().items() if where == "hold"}
        self.assertEqual(held, set(mine))
        self.assertEqual(
            self.results("hold", ALICE), dict.fromkeys(mine, "already held")
        )
        self.assertEqual(
            self.results("release", ALICE), dict.fromkeys(mine, "released")
        )
        self.assertNotIn("hold", self.in_queue().values())
        self.assertEqual(
            self.results("release", ALICE), dict.fromkeys(mine, "not held")
        )

    def test_mail_that_another_login_sent_is_left_alone(self):
        mine = self.send(ALICE, ALICE)
        other = self.send(BOB, ALICE)
        unknown = self.send(None, ALICE, "mx", "127.0.0.9")
        results = {
            row["queue_id"]: (row["result"], row["detail"])
            for row in self.queue("hold", ALICE)
        }
        self.assertEqual(results[mine], ("held", None))
        self.assertEqual(
            results[other], ("left alone", "another login sent it")
        )
        self.assertEqual(results[unknown][0], "left alone")
        self.assertIn("no login is recorded", results[unknown][1])
        where = self.in_queue()
        self.assertEqual(
            (where[mine], where[other], where[unknown]),
            ("hold", "deferred", "deferred"),
        )

    def test_tagged_and_listed_senders_are_the_logins(self):
        self.run_ctl("sender", "add", ALICE, "sales@example.org")
        mine = [
            self.send(ALICE, "alice+shop@example.test"),
            self.send(ALICE, "sales@example.org"),
        ]
        self.assertEqual(
            self.results("hold", ALICE), dict.fromkeys(mine, "held")
        )

    def test_hundreds_of_messages_are_held_in_a_moment(self):
        client = Smtp(self.site.port("submission"))
        self.addCleanup(client.close)
        client.auth(ALICE, site.PASSWORD)
        for _ in range(MANY):
            reply = client.send(ALICE, "x@relay.test")
            self.assertEqual(reply.code, 250, str(reply))
        children.wait_for(
            lambda: list(self.in_queue().values()).count("deferred") == MANY,
            "mail to be deferred", 100,
        )
        watch = Watch()
        results = self.results("hold", ALICE)
        self.assertEqual(set(results.values()), {"held"})
        self.assertEqual(len(results), MANY)
        self.assertLess(watch.took(), 15)
        self.assertEqual(set(self.in_queue().values()), {"hold"})

    def test_an_empty_queue_is_no_error(self):
        self.assertEqual(self.queue("list", ALICE), [])
        self.assertEqual(self.queue("hold", ALICE), [])
        self.assertEqual(
            self.errors, f"posternctl: {ALICE} has nothing in Postfix's queue\n"
        )

    def test_a_postfix_that_is_not_there_is_told(self):
        said = self.run_ctl("queue", "list", ALICE, "--postfix-config",
                            self.dir, code=75)
        self.assertIn("postqueue failed", said)


class ByItself(QueueTest):
    def apply(self, *words):
        return self.results("apply", *words)

    def test_a_cracked_accounts_mail_is_held(self):
        mine = self.send(ALICE, ALICE)
        other = self.send(BOB, BOB)
        self.close()
        self.assertEqual(self.orders.read_text(), f"{ALICE}\n")
        self.assertEqual(self.orders.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.apply(), {mine: "held"})
        self.assertEqual(self.in_queue(), {mine: "hold", other: "deferred"})
        self.assertEqual(list(self.run_dir.iterdir()), [])
        self.assertEqual(self.apply(), {})

    def test_a_locked_accounts_mail_is_held_if_its_plan_says_so(self):
        self.run_ctl("lock", BOB)
        self.assertFalse(self.orders.exists())
        self.run_ctl("set", ALICE, "on_block=hold-queue")
        mine = self.send(ALICE, ALICE)
        self.run_ctl("lock", ALICE)
        self.assertEqual(self.apply(), {mine: "held"})

    def test_an_account_that_is_open_again_keeps_its_mail(self):
        mine = self.send(ALICE, ALICE)
        self.close()
        self.run_ctl("password-changed", ALICE)
        self.run_ctl("unblock", ALICE)
        self.assertEqual(self.apply(), {})
        self.assertEqual(self.in_queue(), {mine: "deferred"})

    def test_what_was_released_stays_released(self):
        mine = self.send(ALICE, ALICE)
        self.close()
        self.apply()
        self.assertEqual(self.results("release", ALICE), {mine: "released"})
        self.run_ctl("set", ALICE, "language=lv")
        self.assertFalse(self.orders.exists())
        self.assertEqual(self.apply(), {})
        self.assertNotIn("hold", self.in_queue().values())

    def test_orders_that_a_killed_run_took_over_are_done_by_the_next(self):
        mine = self.send(ALICE, ALICE)
        self.close()
        self.orders.rename(self.run_dir / "queue-order.taken")
        self.close(BOB)
        self.assertEqual(self.apply(), {mine: "held"})
        self.assertEqual(list(self.run_dir.iterdir()), [])

    def test_a_lost_order_is_found_by_the_walk(self):
        mine = self.send(ALICE, ALICE)
        self.close()
        self.orders.unlink()
        self.assertEqual(self.apply(), {})
        self.assertEqual(self.apply("--all"), {mine: "held"})

    def test_hostile_orders_do_nothing(self):
        mine = self.send(ALICE, ALICE)
        self.orders.write_text("ALL\n-r\n../x\n" + "y" * 5000 + f"\n{ALICE}")
        workdir.give(self.orders, site.OWNER)
        self.assertEqual(self.apply(), {})
        self.assertEqual(self.in_queue(), {mine: "deferred"})
        secret = Path(self.dir / "secret")
        secret.write_text(f"{ALICE}\n")
        secret.chmod(0o600)
        self.orders.symlink_to(secret)
        self.run_ctl("queue", "apply", "--postfix-config",
                     self.site.postfix.etc, code=75)
        self.assertTrue(secret.exists())
