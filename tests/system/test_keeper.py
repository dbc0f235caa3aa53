# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""postern-keeper as a daemon: alone and beside policyd, through reloads,
crashes and stops."""

import os
import re
import signal
import socket
import subprocess
import time

from postern_site import children
from postern_site.case import ALICE, BOB
from postern_site.keeper_case import KeeperTest
from postern_site.patience import PATIENCE, Watch

FREE = {
    "messages": ["1/1h"],
    "block_after_refusals": "1/1h",
    "activation_delay": "unlimited",
}
LIFE_SECONDS = 15
MANY = 3000

# In place of sendmail(1): what it gets, or nothing as long as "$1/slow" is.
MAILER = """\
#!/bin/sh
cat >"$1/new.$$"
echo $$ >"$1/pid"
while test -e "$1/slow"; do sleep 0.05; done
mv "$1/new.$$" "$1/mail.$$"
"""


class DaemonTest(KeeperTest):
    def setUp(self):
        super().setUp()
        self.mails = self.dir / "mails"
        self.mails.mkdir()
        self.mails.chmod(0o777)
        self.mailer = self.dir / "mailer"
        self.mailer.write_text(MAILER)
        self.mailer.chmod(0o755)

    def write_conf(self, free=None, plans=None, notice=None, **settings):
        if notice is not False:
            command = {"command": f"{self.mailer} {self.mails}"}
            notice = {**command, **(notice or {})}
        super().write_conf(
            {**FREE, **(free or {})}, plans, notice, **settings
        )

    def begin(self, **settings):
        self.write_conf(**settings)
        self.init()
        return self.start_keeper()

    def mail_is_slow(self, yes):
        file = self.mails / "slow"
        file.touch() if yes else file.unlink()

    def mails_sent(self):
        return len(list(self.mails.glob("mail.*")))

    def wait_mails(self, count):
        children.wait_for(
            lambda: self.mails_sent() >= count, f"{count} notices"
        )
        self.assertEqual(self.mails_sent(), count)

    def exceed(self, login=ALICE):
        """More refusals than the plan bears: policyd decides a block."""
        client = self.policy()
        self.accept(client, 1, login)
        for _ in range(2):
            self.assertEqual(client.send_message(login)[:3], "450")
        return client

    def is_blocked(self, login=ALICE):
        """In its account: that it holds is shown before."""
        return self.history(login, "block") != []

    def counts(self):
        return {
            row["name"]: row["count"]
            for row in self.ctl_json("stats")
            if row["program"] == "keeper"
        }

    def wait_counts(self, **wanted):
        def same():
            counts = self.counts()
            return all(counts.get(k) == v for k, v in wanted.items())

        children.wait_for(same, f"counts {wanted}")


class Life(DaemonTest):
    def test_it_tells_systemd_what_it_does(self):
        path = self.dir / "run" / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(path))
            path.chmod(0o777)
            notify.settimeout(PATIENCE)

            def wait(word):
                while word not in notify.recv(4096).split(b"\n"):
                    pass

            self.write_conf()
            self.init()
            self.make_keeper().notify = path
            self.keeper.env = {"WATCHDOG_USEC": "400000"}
            self.keeper.start()
            wait(b"READY=1")
            wait(b"WATCHDOG=1")
            wait(b"WATCHDOG=1")
            self.keeper.reload()
            wait(b"RELOADING=1")
            wait(b"READY=1")
            self.assertEqual(self.keeper.stop(), 0)
            wait(b"STOPPING=1")

    def test_there_is_one_for_a_state(self):
        self.begin()
        log = self.dir / "second.log"
        second = children.Child(self.keeper.argv, log)
        self.assertEqual(second.wait(), 75)
        self.assertIn("another postern-keeper", log.read_text())
        self.keeper.kill()
        self.start_keeper()

    def test_it_never_runs_as_root(self):
        if self.owner is None:
            self.skipTest("needs root")
        self.begin()
        status = (
            open(f"/proc/{self.keeper.child.pid}/status").read().split("\n")
        )
        uids = next(x for x in status if x.startswith("Uid:")).split()[1:]
        self.assertEqual(set(uids), {str(os.stat(self.state).st_uid)})
        self.assertNotIn("0", uids)

    def test_what_is_wrong_is_said_at_the_start(self):
        program = self.program("postern-keeper")
        self.write_conf()
        for words, code, text in (
            (("-c", self.conf), 78, "posternctl init"),
            (("-c", self.dir / "none"), 78, "none"),
            (("-x",), 64, "usage"),
            (("-c", self.conf, "more"), 64, "usage"),
            (("-V",), 0, "postern-keeper "),
            (("--help",), 0, "usage: postern-keeper"),
        ):
            with self.subTest(words=words):
                done = subprocess.run(
                    [str(x) for x in (program, *words)],
                    capture_output=True,
                    text=True,
                    timeout=PATIENCE,
                )
                self.assertEqual(done.returncode, code)
                self.assertIn(text, done.stdout + done.stderr)

    def test_counters_go_on_after_a_restart(self):
        self.begin()
        self.ctl("enable", ALICE)
        self.wait_counts(notices_sent=1)
        self.assertEqual(self.keeper.stop(), 0)
        self.start_keeper()
        self.ctl("enable", BOB)
        self.wait_counts(notices_sent=2)


class Blocks(DaemonTest):
    def start_both(self):
        self.begin()
        self.start_daemon()
        self.ctl("enable", ALICE)
        self.wait_mails(1)

    def test_what_policyd_decided_the_keeper_completes(self):
        self.start_both()
        client = self.exceed()
        self.assertEqual(client.send_message()[:3], "550")
        (line,) = self.keeper.wait_lines("blocked")
        self.assertEqual(
            (line["login"], line["block"], line["counted"], line["used"]),
            (ALICE, "quota", "refusals", "2"),
        )
        self.assertTrue(self.is_blocked())
        self.wait_mails(2)
        self.wait_counts(blocks=1, notices_sent=2)
        self.assertEqual(self.daemon.lines("blocked"), [])

    def test_it_works_alone(self):
        self.start_both()
        self.keeper.child.signal(signal.SIGSTOP)
        try:
            self.exceed()
            # Others leave it to the keeper, which lives.
            time.sleep(1)
            self.assertFalse(self.is_blocked())
            self.daemon.kill()
        finally:
            self.keeper.child.signal(signal.SIGCONT)
        self.keeper.wait_lines("blocked")
        self.assertTrue(self.is_blocked())

    def test_policyd_does_it_once_the_keeper_has_stopped(self):
        self.start_both()
        self.assertEqual(self.keeper.stop(), 0)
        self.exceed()
        self.daemon.wait_lines("blocked")
        self.assertTrue(self.is_blocked())
        # It only sends nothing.
        self.assertEqual(self.mails_sent(), 1)
        self.start_keeper()
        self.wait_mails(2)
        self.assertEqual(self.keeper.lines("blocked"), [])

    def test_policyd_does_it_soon_after_the_keeper_was_killed(self):
        self.use_clock(ticks=True)
        self.start_both()
        self.keeper.kill()
        self.exceed()
        # Others leave it to the keeper, of whom they have not heard yet.
        time.sleep(0.5)
        self.assertFalse(self.is_blocked())
        self.clock.advance(LIFE_SECONDS)
        self.daemon.wait_lines("blocked")
        self.assertTrue(self.is_blocked())

    def test_killed_again_and_again_it_tells_each_owner_once(self):
        self.begin(free={"messages": ["100/1h"]}, notice=False)
        self.start_daemon()
        logins = [f"user{n}@example.test" for n in range(12)]
        for login in logins:
            self.ctl("enable", login)
        self.keeper.kill()
        self.write_conf()
        self.daemon.reload()
        self.daemon.wait_lines("reloaded")
        for number, login in enumerate(logins):
            self.start_keeper()
            self.exceed(login)
            # At any moment of its work on it.
            time.sleep(0.04 * number)
            self.keeper.kill()
        self.start_keeper()
        children.wait_for(
            lambda: all(map(self.is_blocked, logins)), "all blocks"
        )
        children.wait_for(lambda: self.outbox() == [], "end of the outbox")
        for login in logins:
            (entry,) = self.history(login, "block")
            self.assertIn("reason=quota", entry["detail"])
        # A mail may come twice, but a notice is put into the outbox once.
        texts = [x.read_text() for x in self.mails.glob("mail.*")]
        ids = {re.search(r"(?m)^Message-ID: (.*)$", x)[1] for x in texts}
        self.assertEqual(len(ids), len(logins))


class Notices(DaemonTest):
    def test_one_that_is_on_its_way_survives_a_crash(self):
        self.begin()
        self.mail_is_slow(True)
        self.ctl("enable", ALICE)
        children.wait_for((self.mails / "pid").exists, "the command")
        self.keeper.kill()
        self.assertEqual(len(self.outbox()), 1)
        self.mail_is_slow(False)
        self.start_keeper()
        self.keeper.wait_lines("notice-sent")
        self.assertEqual(self.outbox(), [])
        self.assertGreaterEqual(self.mails_sent(), 1)

    def test_a_stop_ends_commands_that_hang_and_keeps_their_notices(self):
        self.begin()
        self.mail_is_slow(True)
        self.ctl("enable", ALICE)
        pid = self.mails / "pid"
        children.wait_for(pid.exists, "the command")
        watch = Watch()
        self.assertEqual(self.keeper.stop(), 0)
        self.assertLess(watch.took(), 9)
        self.assertFalse(children.is_alive(int(pid.read_text())))
        self.assertEqual(len(self.outbox()), 1)
        self.assertEqual(self.keeper.lines("stopping")[0]["sending"], "1")
        self.mail_is_slow(False)
        self.start_keeper()
        self.wait_mails(1)

    def test_a_reload_takes_new_texts_or_none(self):
        self.begin(notice=False)
        self.assertEqual(self.keeper.lines("ready")[0]["notices"], "off")
        self.write_conf(notice={"templates": [self.dir / "none"]})
        self.keeper.reload()
        (line,) = self.keeper.wait_lines("reload-failed")
        self.assertIn("notice", line["error"])
        self.write_conf(free={"mesages": ["1/1h"]})
        self.keeper.reload()
        line = self.keeper.wait_lines("reload-failed", 2)[-1]
        self.assertRegex(line["error"], rf"^{re.escape(str(self.conf))}:\d+: ")
        self.write_conf()
        self.keeper.reload()
        (line,) = self.keeper.wait_lines("reloaded")
        self.assertEqual(line["notices"], "on")
        self.ctl("enable", ALICE)
        self.wait_mails(1)

    def test_another_state_directory_needs_a_restart_and_says_so(self):
        self.begin()
        self.write_conf(state_dir=self.dir / "other")
        self.keeper.reload()
        (line,) = self.keeper.wait_lines("reload-failed")
        self.assertIn("restart", line["error"])
        self.ctl("-c", self.conf, "check-config")


class Walk(DaemonTest):
    """With many accounts."""

    def load(self, count):
        lines = [
            f"set user{n}@example.test language=en\n" for n in range(count)
        ]
        self.ctl("batch", "-", given="".join(lines))

    def test_it_ends_with_its_figures(self):
        self.write_conf()
        self.init()
        self.load(MANY)
        self.start_keeper()
        self.keeper.child.signal(signal.SIGUSR1)
        (line,) = self.keeper.wait_lines("swept")
        self.assertEqual(line["accounts"], str(MANY))
        self.assertEqual(line["damaged"], "0")
        self.wait_counts(swept=MANY)

    def test_it_can_be_stopped_at_any_moment(self):
        self.write_conf()
        self.init()
        self.load(MANY)
        for number in range(6):
            self.start_keeper()
            self.keeper.child.signal(signal.SIGUSR1)
            time.sleep(0.03 * number)
            watch = Watch()
            self.assertEqual(self.keeper.stop(), 0)
            self.assertLess(watch.took(), 3)

    def test_sweep_does_the_same_by_hand(self):
        self.write_conf()
        self.init()
        self.load(MANY)
        self.ctl("enable", ALICE)
        rows = {
            (row["work"], row["what"]): row["count"]
            for row in self.ctl_json("sweep")
        }
        self.assertEqual(rows["accounts", "looked at"], MANY + 1)
        self.assertEqual(rows["notices", "sent"], 1)
        self.assertEqual(rows["notices", "left"], 0)
        self.wait_mails(1)

    def test_sweep_leaves_notices_to_a_keeper_that_runs(self):
        self.begin()
        result = self.ctl("sweep")
        self.assertIn("left to postern-keeper", result.err)
        self.assertNotIn("sent", result.out)
