# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""SIGKILL at each step of a change: it is whole, or it was never begun."""

import json
import shutil
import subprocess
from dataclasses import dataclass

from postern_site import children, notices, workdir
from postern_site.case import ALICE
from postern_site import case
from postern_site.faults import Faults
from postern_site.keeper_case import KeeperTest, NoticeTest

# In place of sendmail(1): a message is there as a whole or not at all.
MAILER = """\
#!/bin/sh
set -eu
new=$(mktemp "$1/new.XXXXXX")
cat >"$new"
mv "$new" "$1/mail.${new##*.}"
"""
FREE = {"activation_delay": "unlimited"}
STEPS_MAX = 400
QUOTA = 1  # enum pt_block_reason


@dataclass(frozen=True)
class Facts:
    block: str  # its reason, or ""
    blocks: int  # entries of the history
    enables: int
    waiting: tuple  # kinds of the notices in the outbox
    sent: tuple  # subjects of those that were sent, each only once
    living: int  # app passwords
    admitted: tuple  # is each known one?


class KilledTest(NoticeTest):
    def setUp(self):
        super().setUp()
        try:
            self.faults = Faults(case.BUILD, self.dir / "steps")
        except workdir.Missing as missing:
            self.skipTest(str(missing))
        self.mails = self.dir / "mails"
        self.mails.mkdir()
        self.mails.chmod(0o777)
        self.saved = self.dir / "saved"
        self.secrets = []
        mailer = self.dir / "mailer"
        mailer.write_text(MAILER)
        mailer.chmod(0o755)
        command = f"{mailer} {self.mails}"
        self.write_conf(FREE, notice={"command": command})
        self.init()

    def save(self):
        """What each round begins with; all earlier notices are sent."""
        self.ctl("sweep")
        self.assertEqual(self.outbox(), [])
        subprocess.run(["cp", "-a", self.state, self.saved], check=True)

    def restore(self):
        shutil.rmtree(self.state)
        subprocess.run(["cp", "-a", self.saved, self.state], check=True)
        for file in self.mails.iterdir():
            file.unlink()

    def enable(self, *words):
        (row,) = self.ctl_json("enable", ALICE, *words)
        self.secrets.append(row["password"])

    def admits(self, secret):
        program = self.program("../tests/system/session_tool")
        argv = [program, self.state, "admit", ALICE, "imap", self.conf]
        done = subprocess.run(argv, input=secret + "\n", text=True,
                              capture_output=True, check=True)
        return done.stdout == "none\n"

    def sent(self):
        """A notice that was sent twice is one: it has the same number."""
        found = {}
        for file in self.mails.glob("mail.*"):
            notice = notices.parse(file.read_bytes(), ALICE)
            found[notice.message_id] = notice.subject
        return tuple(found.values())

    def record(self):
        """ALICE's own, apart from what is only decided."""
        for line in self.ctl("dump").out.splitlines():
            row = json.loads(line)
            if row["postern"] == "account":
                return row
        return {"block_reason": "", "external": {"passwords": []}}

    def facts(self):
        record = self.record()
        passwords = record["external"]["passwords"]
        did = [row["what"] for row in self.ctl_json("history", ALICE)]
        return Facts(
            record["block_reason"],
            did.count("block"),
            did.count("enable"),
            tuple(row["notice"] for row in self.outbox()),
            self.sent(),
            len([x for x in passwords if x["ended_at"] == 0]),
            tuple(map(self.admits, self.secrets)),
        )

    def assert_whole(self, facts, reason):
        """The block with everything that belongs to it, each once."""
        self.assertEqual((facts.block, facts.blocks), (reason, 1))
        self.assertEqual(facts.living, 0)
        self.assertNotIn(True, facts.admitted)
        self.assertLessEqual(len(facts.sent), 1)
        # It may have been sent and not yet been taken out of the outbox.
        self.assertIn(facts.waiting, [(), (f"blocked-{reason}",)])
        self.assertTrue(facts.waiting or facts.sent, facts)

    def assert_told_once(self, facts, reason):
        self.assert_whole(facts, reason)
        self.assertEqual((facts.waiting, len(facts.sent)), ((), 1))

    def each_step(self, run, check):
        """RUN(step) kills there, and says whether it did; then CHECK(died).

        It ends with the round in which nothing was left to kill.
        """
        for step in range(1, STEPS_MAX):
            self.restore()
            died = run(step)
            try:
                check(died)
            except AssertionError as error:
                where = f"at step {step} ({self.faults.steps()[-1]})"
                raise AssertionError(f"killed {where}: {error}") from error
            if not died:
                self.assertGreater(step, 8, self.faults.steps())
                for name in ("before-commit", "fdatasync", "pwrite"):
                    self.assertIn(name, self.faults.steps())
                return
        self.fail(f"more than {STEPS_MAX} steps")

    def killed(self, step, *words):
        """Runs posternctl; its result."""
        env = self.faults.environment(step)
        result = self.posternctl().run(*words, env=env)
        self.assertIn(result.code, (0, -9), result)
        return result


class BlockTest(KilledTest):
    def setUp(self):
        super().setUp()
        self.enable()
        (row,) = self.ctl_json("password", "create", ALICE)
        self.secrets.append(row["password"])

    def assert_untouched(self, facts):
        self.assertEqual(
            facts, Facts("", 0, 1, (), (), 2, (True, True)))

    def check_decided(self, died):
        """Nothing but the mark, which is honoured; or the whole."""
        facts = self.facts()
        if facts.blocks > 0:
            self.assert_whole(facts, "quota")
            return
        self.assertTrue(died)
        self.assertEqual(
            facts, Facts("", 0, 1, (), (), 2, (False, False)))

    def mark(self):
        """As Dovecot's auth process and policyd decide a block."""
        tool = self.program("../tests/system/session_tool")
        subprocess.run([tool, self.state, "pending", ALICE, str(QUOTA)],
                       check=True)

    def save_again(self):
        """With what was marked."""
        shutil.rmtree(self.saved)
        subprocess.run(["cp", "-a", self.state, self.saved], check=True)


class Blocks(BlockTest):
    def test_by_posternctl_it_is_whole_or_never_begun(self):
        self.save()
        words = ("block", ALICE, "--reason", "abuse")
        wholes = []

        def check(died):
            facts = self.facts()
            if facts.blocks == 0:
                self.assertTrue(died)
                self.assert_untouched(facts)
                return
            wholes.append(died)
            self.assert_whole(facts, "abuse")
            self.ctl("sweep")
            self.assert_told_once(self.facts(), "abuse")

        self.each_step(
            lambda step: self.killed(step, *words).code != 0, check)
        self.assertGreater(len(wholes), 1)

    def test_of_a_decided_one_a_sweep_makes_the_whole_once(self):
        self.save()
        self.mark()
        self.save_again()

        def check(died):
            self.check_decided(died)
            self.ctl("sweep")
            self.assert_told_once(self.facts(), "quota")

        self.each_step(
            lambda step: self.killed(step, "sweep").code != 0, check)


class BlocksByDaemons(BlockTest, KeeperTest):
    def dies(self, daemon, step, is_done):
        """Runs DAEMON until IS_DONE, or until STEP kills it: did it?"""
        daemon.env = self.faults.environment(step)
        child = daemon.launch()
        self.run_until(daemon, is_done)
        if child.is_running():
            daemon.stop()
        code = child.wait()
        self.assertIn(code, (0, -9), daemon.text())
        # Its end was expected.
        daemon.was_killed = True
        daemon.env = {}
        return code != 0

    @staticmethod
    def run_until(daemon, is_done):
        children.wait_for(
            lambda: not daemon.child.is_running() or is_done(), "block")

    def is_told(self):
        return self.sent() and not self.outbox()

    def is_blocked(self):
        return self.history(what="block")

    def test_of_a_decided_one_the_keeper_makes_the_whole_once(self):
        self.save()
        self.mark()
        self.save_again()
        keeper = self.make_keeper()

        def check(died):
            self.check_decided(died)
            if died:
                keeper.start()
                self.run_until(keeper, self.is_told)
                keeper.stop()
            self.assert_told_once(self.facts(), "quota")

        self.each_step(
            lambda step: self.dies(keeper, step, self.is_told), check)

    def test_of_a_decided_one_policyd_makes_the_whole_once(self):
        self.save()
        self.mark()
        self.save_again()
        policyd = self.make_daemon()

        def check(died):
            self.check_decided(died)
            if died:
                policyd.start()
                self.run_until(policyd, self.is_blocked)
                policyd.stop()
            self.ctl("sweep")
            self.assert_told_once(self.facts(), "quota")

        self.each_step(
            lambda step: self.dies(policyd, step, self.is_blocked), check)


class Enables(KilledTest):
    def check(self):
        """What was printed works; what was begun is whole."""
        before = self.facts()
        outs = []

        def run(step):
            result = self.killed(step, "enable", ALICE)
            outs.append(result.out)
            return result.code != 0

        def check(died):
            facts = self.facts()
            on = facts.enables - before.enables
            self.assertIn(on, (0, 1))
            self.assertEqual(facts.living, on)
            self.assertEqual(facts.waiting, ("enabled",) * on)
            self.assertNotIn(True, facts.admitted)
            shown = [line.split()[-1] for line in outs[-1].splitlines()
                     if line.startswith("app password")]
            self.assertTrue(shown or died, outs[-1])
            if shown:
                self.assertEqual(on, 1)
                self.assertTrue(self.admits(shown[0]))

        self.each_step(run, check)

    def test_of_a_new_account(self):
        self.save()
        self.check()

    def test_after_a_block_that_ends_with_it(self):
        self.enable()
        self.ctl("block", ALICE, "--reason", "unused")
        self.save()
        self.check()
        self.assertEqual(self.facts().block, "")
