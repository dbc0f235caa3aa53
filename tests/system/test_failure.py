# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What is broken or missing, and what becomes of the mail meanwhile."""

import os
import signal
import subprocess

from postern_site import policy, workdir
from postern_site.case import ALICE, BOB, PolicydTest, PostfixTest
from postern_site.patience import Watch

NO_LIMIT = {"messages": []}


class DaemonAbsent(PostfixTest):
    def test_postfix_defers_by_itself_where_it_was_told_nothing_else(self):
        self.start()
        self.daemon.stop()
        client = self.smtp()
        reply = client.send(ALICE, "x@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (451, "4.3.5"))
        self.start_daemon()
        self.pass_mail(client, 5)
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 450)

    def test_postfix_lets_mail_pass_where_it_was_told_to(self):
        self.start()
        self.daemon.stop()
        self.pass_mail(self.smtp(service="failopen"), 1)
        self.start_daemon()
        self.assertEqual(self.used(), [0, 0])

    def test_a_daemon_that_hangs_costs_postfix_only_its_timeout(self):
        self.start()
        client = self.smtp(service="failopen")
        self.daemon.child.signal(signal.SIGSTOP)
        self.addCleanup(self.daemon.child.signal, signal.SIGCONT)
        watch = Watch()
        self.assertEqual(client.mail(ALICE, "x@remote.test").code, 250)
        self.assertLess(watch.took(), 10)


class FullDisk(PolicydTest):
    """The state on a small file system of its own."""

    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("only root can mount a small file system")
        self.state.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=755"]
        with workdir.hold_signals():
            done = subprocess.run(
                [*command, "postern-test", self.state],
                capture_output=True,
                text=True,
                timeout=30,
            )
            workdir.at_end(self.unmount)
        if done.returncode != 0:
            self.skipTest(f"cannot mount a tmpfs: {done.stderr.strip()}")
        self.addCleanup(self.unmount)
        workdir.give(self.state, self.owner)

    def unmount(self):
        if os.path.ismount(self.state):
            self._stop_daemon()
            subprocess.run(["umount", self.state], timeout=30, check=True)

    def fill(self):
        """Leaves no block free; the file that holds them."""
        ballast = self.state / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        return ballast

    def send_until(self, wanted, client):
        """New logins, each with a record, until the action is WANTED."""
        for first in range(0, 500000, 200):
            logins = [f"u{first + n}@example.test" for n in range(200)]
            client.write(b"".join(policy.request(x) for x in logins))
            actions = [client.answer() for _ in logins]
            for login, action in zip(logins, actions):
                if action.startswith(wanted):
                    return login
                self.assertEqual(action, "DUNNO")
        self.fail(f"no {wanted} came")

    def test_mail_is_deferred_until_there_is_space_again(self):
        self.start({"messages": ["1000/1h"]})
        client = self.policy()
        self.accept(client, 3)
        ballast = self.fill()
        refused = self.send_until("451 4.3.0", client)
        self.assertEqual(self.used(), [3])
        self.assertTrue(self.daemon.child.is_running())
        self.daemon.wait_lines("refused")
        ballast.unlink()
        self.assertEqual(client.ask(refused), "DUNNO")
        self.accept(client, 1)
        self.assertEqual(self.used(refused), [1])
        self.assertEqual(self.used(), [4])

    def test_a_change_that_does_not_fit_is_reported_and_not_half_made(self):
        self.start(NO_LIMIT)
        self.ctl("set", BOB, "messages=7/1h")
        ballast = self.fill()
        result = None
        for number in range(3000):
            result = self.posternctl().run("lock", f"u{number}@example.test")
            if result.code != 0:
                break
        self.assertIn(result.code, (69, 74, 75), result)
        self.assertRegex(result.err, "[Nn]o space left|full")
        shown = self.ctl_json("account", "show", BOB)
        self.assertIn("7/1h", str(shown))
        ballast.unlink()
        self.ctl("lock", f"u{number}@example.test")


class BrokenState(PolicydTest):
    def test_the_state_directory_may_not_be_written(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to give files away")
        self.start()
        self.daemon.stop()
        for path in (*self.state.rglob("*.mdb"), *self.state.rglob("*lock*")):
            if path.is_file():
                os.chown(path, 0, 0)
                path.chmod(0o600)
        child = self.make_daemon().launch()
        self.assertGreater(child.wait(), 0)
        self.assertIn(str(self.state), self.daemon.text())
        self.assertRegex(self.daemon.text(), "[Pp]ermission")

    def damage(self, path, data):
        with open(path, "r+b") as file:
            file.write(data)

    def test_damaged_activity_is_set_aside_and_mail_goes_on(self):
        self.start()
        self.accept(self.policy(), 5)
        self.ctl("lock", BOB)
        self.daemon.stop()
        self.damage(self.state / "activity" / "data.mdb", b"\xa5" * 8192)
        self.start_daemon()
        client = self.policy()
        self.accept(client, 5)
        self.assertEqual(client.ask(BOB)[:10], "550 5.7.13")
        self.assertTrue(list(self.state.rglob("*damaged*")), "the old file")
        self.assertIn("activity", self.daemon.text())

    def test_damaged_accounts_are_reported_and_never_replaced(self):
        self.start()
        self.ctl("lock", BOB)
        self.daemon.stop()
        data = self.state / "accounts" / "data.mdb"
        size = data.stat().st_size
        self.damage(data, b"\xa5" * 8192)
        child = self.make_daemon().launch()
        self.assertGreater(child.wait(), 0)
        self.assertIn("accounts", self.daemon.text())
        self.assertEqual(data.stat().st_size, size)
        result = self.posternctl().run("account", "list")
        self.assertGreater(result.code, 0)
        self.assertIn("accounts", result.err)

    def patch(self, environment, before, after):
        """Writes AFTER over BEFORE in the file of a stopped daemon."""
        path = self.state / environment / "data.mdb"
        data = path.read_bytes()
        self.assertIn(before, data)
        path.write_bytes(data.replace(before, after))

    def assert_only_bob_is_deferred(self, words):
        self.start_daemon()
        client = self.policy()
        self.assertEqual(client.ask(BOB)[:9], "451 4.3.0")
        self.accept(client, 5)
        line = self.daemon.wait_lines("record-failed")[0]
        self.assertEqual(line["login"], BOB)
        self.assertRegex(line["error"], words)
        self.assertTrue(line["remedy"])
        result = self.posternctl().run("explain", BOB)
        self.assertEqual(result.code, 69, result)
        self.assertRegex(result.err, words)

    def test_a_damaged_account_record_harms_nobody_else(self):
        self.start()
        self.ctl("set", BOB, "language=et")
        dump = self.ctl("dump").out
        self.daemon.stop()
        bob = BOB.encode()
        self.patch("accounts", bob + b"\1", bob + b"\0")
        self.assert_only_bob_is_deferred("damaged")
        self.ctl("load", given=dump)
        self.accept(self.policy(), 5, BOB)
        self.assertIn("et", str(self.ctl_json("account", "show", BOB)))

    def test_an_account_record_of_a_newer_version_is_left_alone(self):
        self.start()
        self.ctl("set", BOB, "language=et")
        self.daemon.stop()
        bob = BOB.encode()
        self.patch("accounts", bob + b"\1", bob + b"\2")
        self.assert_only_bob_is_deferred("newer|version")
        self.daemon.stop()
        self.patch("accounts", bob + b"\2", bob + b"\1")
        self.assertIn("et", str(self.ctl_json("account", "show", BOB)))

    def test_a_damaged_activity_record_can_be_reset(self):
        self.start()
        self.accept(self.policy(), 1, BOB)
        self.daemon.stop()
        bob = bytes([len(BOB)]) + BOB.encode()
        self.patch("activity", bob + b"\1", bob + b"\xff")
        self.assert_only_bob_is_deferred("damaged")
        self.ctl("reset", BOB)
        self.accept(self.policy(), 5, BOB)

    def test_an_unknown_plan_defers_and_says_so(self):
        self.start(plans={"gold": {"messages": ["9/1m"]}})
        self.ctl("set", ALICE, "plan=gold")
        client = self.policy()
        self.accept(client, 6)
        self.daemon.stop()
        self.write_conf()
        self.start_daemon()
        client = self.policy()
        self.assertEqual(client.ask()[:9], "451 4.3.0")
        self.assertEqual(client.ask(BOB), "DUNNO")
        line = self.daemon.wait_lines("refused")[0]
        self.assertEqual(line["reason"], "plan-unknown")


class Clock(PolicydTest):
    DAY = 86400

    def setUp(self):
        super().setUp()
        self.use_clock()

    def test_two_windows_free_one_after_the_other(self):
        self.start()
        client = self.policy()
        first = self.clock.now()
        for _ in range(3):
            self.accept(client, 5)
            self.assertEqual(client.ask()[:10], "450 4.7.28")
            self.clock.advance(62)
        action = client.ask()
        self.assertIn("15 messages in 1 hour", action)
        self.clock.advance(first + 3590 - self.clock.now())
        self.assertEqual(client.ask()[:3], "450")
        self.clock.advance(first + 3603 - self.clock.now())
        self.accept(client, 5)

    def test_a_clock_set_back_a_day_locks_nobody_out(self):
        self.start()
        client = self.policy()
        self.accept(client, 5)
        self.clock.advance(-self.DAY)
        self.assertEqual(client.ask()[:10], "450 4.7.28")
        self.clock.advance(62)
        self.accept(client, 5)

    def test_a_clock_that_was_a_year_ahead_locks_nobody_out(self):
        self.start()
        client = self.policy()
        self.clock.advance(365 * self.DAY)
        self.accept(client, 5)
        self.assertEqual(client.ask()[:10], "450 4.7.28")
        self.clock.advance(-365 * self.DAY)
        self.assertEqual(client.ask()[:10], "450 4.7.28")
        self.clock.advance(62)
        self.accept(client, 5)
        self.assertEqual(client.ask()[:10], "450 4.7.28")

    def test_a_clock_that_goes_back_and_forth_never_admits_more(self):
        self.start({"messages": ["5/1h"]})
        client = self.policy()
        accepted = 0
        for offset in (0, -30, 20, -600, 10, -self.DAY, -self.DAY + 100):
            self.clock.set(offset)
            accepted += client.ask() == "DUNNO"
        self.assertEqual(accepted, 5)
        self.assertEqual(client.ask()[:10], "450 4.7.28")

    def test_a_restart_with_a_clock_a_day_behind_locks_nobody_out(self):
        self.start()
        self.accept(self.policy(), 5)
        self.daemon.stop()
        self.clock.advance(-self.DAY)
        self.start_daemon()
        client = self.policy()
        self.assertEqual(client.ask()[:10], "450 4.7.28")
        self.clock.advance(62)
        self.accept(client, 5)

    def test_a_grant_ends_at_its_time(self):
        self.start()
        client = self.policy()
        self.accept(client, 5)
        self.ctl("grant", ALICE, "+3", "--until", "+10m")
        self.accept(client, 2)
        self.clock.advance(601)
        self.accept(client, 5)
        self.assertEqual(client.ask()[:10], "450 4.7.28")
