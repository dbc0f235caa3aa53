# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Logins when something is broken: "unavailable", never "wrong password"."""

import os
import signal

from postern_site import children, mail, site
from postern_site.case import ALICE, BOB
from postern_site.imap import Closed

import test_login

TRUSTED = test_login.TRUSTED


class FailureTest(test_login.LoginTest):
    def options(self):
        """2.4 delays also what is nobody's fault."""
        options = {"socket": self.dir / "auth"}
        if mail.version() >= (2, 4):
            options["extra"] = "auth_internal_failure_delay = 0\n"
        return options

    def start_mail(self, free=None, **settings):
        return super().start_mail(free, dovecot=self.options(), **settings)

    def start_dovecot(self):
        """Alone, with whatever configuration and state there are."""
        return self.make_dovecot(**self.options()).start()

    def check_unavailable(self, login=ALICE, password="x"):
        answer = self.imap().login(login, password)
        self.assertEqual((answer.status, answer.code), ("NO", "UNAVAILABLE"))
        reply = self.pop3().login(login, password)
        self.assertEqual((reply.ok, reply.code), (False, "SYS/TEMP"))
        said = self.sasl().login(login, password)
        self.assertEqual((said.word, said.code), ("FAIL", "user_disabled"))
        self.assertRegex(said.reason, "Temporary problem at the server")

    def check_webmail(self):
        self.imap(BOB, site.PASSWORD, source=TRUSTED)

    def check_remedy(self, pattern):
        self.expected_errors += [pattern, "refused as unavailable"]
        line = self.dovecot.wait_line(pattern)
        self.assertIn("when that is mended, run: doveadm reload", line)

    def auth_pid(self):
        (pid,) = self.dovecot.processes("auth")
        return pid


class AtStart(FailureTest):
    def setUp(self):
        super().setUp()
        self.write_conf(test_login.FREE)

    def spoil(self, old, new, name="accounts"):
        """Changes bytes of a state, found by what stands before them."""
        file = self.state / name / "data.mdb"
        data = file.read_bytes()
        self.assertIn(old, data)
        file.write_bytes(data.replace(old, new))

    def test_state_is_missing_and_a_reload_finds_it(self):
        self.start_dovecot()
        self.check_unavailable()
        self.check_webmail()
        self.check_remedy("cannot open .*: there is no state yet")
        self.init()
        password = self.enable()
        self.check_unavailable(ALICE, password)
        done = self.dovecot.doveadm("reload")
        self.assertEqual(done.returncode, 0, done.stderr)
        # Dovecot's own, for a moment of its reload.
        self.expected_errors.append(r"connect\(login\) failed")
        children.wait_for(lambda: self.comes_in(password),
                          "login after the reload")

    def comes_in(self, password):
        try:
            return self.imap().login(ALICE, password).status == "OK"
        except (Closed, ConnectionError):
            return False

    def test_state_is_no_state(self):
        self.init()
        (self.state / "accounts" / "data.mdb").write_bytes(b"x" * 8192)
        self.start_dovecot()
        self.check_unavailable()
        self.check_webmail()
        self.check_remedy("mail programs are refused as unavailable: cannot")

    def test_state_is_of_a_later_version(self):
        self.init()
        self.spoil(b"schema\2", b"schema\3")
        self.start_dovecot()
        self.check_unavailable()
        self.check_webmail()
        self.check_remedy("mail programs are refused as unavailable: .*later")

    def test_configuration_is_wrong(self):
        self.init()
        self.conf.write_text("mode = perhaps\n")
        self.start_dovecot()
        self.check_unavailable()
        answer = self.imap(source=TRUSTED).login(BOB, site.PASSWORD)
        self.assertEqual((answer.status, answer.code), ("NO", "UNAVAILABLE"))
        self.check_remedy(r"every login is refused as unavailable: .*conf:1:")

    def test_configuration_is_missing(self):
        self.conf.unlink()
        self.start_dovecot()
        self.check_unavailable()
        self.check_remedy("every login is refused as unavailable: .*No such")


class Running(FailureTest):
    def test_damaged_record_harms_no_other_account(self):
        self.start_mail()
        alice, bob = self.enable(ALICE), self.enable(BOB)
        # In place, where a running process sees it, too.
        with open(self.state / "accounts" / "data.mdb", "r+b") as file:
            data = file.read()
            at = -1
            while (at := data.find(ALICE.encode(), at + 1)) >= 0:
                file.seek(at + len(ALICE))
                file.write(b"\0\0")
        self.expected_errors.append(f"unavailable: records of {ALICE}")
        self.check_unavailable(ALICE, alice)
        self.check_unavailable(ALICE, "wrong")
        self.imap(BOB, bob)
        self.dovecot.wait_line("was refused as unavailable")
        lines = self.dovecot.lines("was refused as unavailable")
        self.assertEqual(len(lines), 1, "rate-limited")
        self.assertIn(ALICE, lines[0])

    def test_kill_of_auth_loses_no_login_that_was_answered(self):
        self.start_mail({"logins": ["5/1h"]})
        password = self.enable()
        for number in range(5):
            self.assertTrue(self.sasl().login(ALICE, password).ok, number)
            os.kill(self.auth_pid(), signal.SIGKILL)
            self.wait_for_auth()
        reply = self.sasl().login(ALICE, password)
        self.assertRegex(reply.reason, "Too many logins")
        self.expected_errors += [r"killed with signal 9", "auth-master",
                                 "Disconnected from auth", "auth server"]

    def wait_for_auth(self):
        def can_connect():
            try:
                self.sasl()
            except (ConnectionError, TimeoutError):
                return False
            return True

        children.wait_for(can_connect, "new auth process")

    def test_logins_go_on_without_policyd(self):
        self.start_mail()
        password = self.enable()
        self.daemon.child.signal(signal.SIGSTOP)
        try:
            for _ in range(3):
                self.assertTrue(self.sasl().login(ALICE, password).ok)
        finally:
            self.daemon.child.signal(signal.SIGCONT)
        self.daemon.end()
        self.assertTrue(self.sasl().login(ALICE, password).ok)

    def test_change_of_an_account_holds_at_the_next_login(self):
        self.start_mail()
        password = self.enable()
        for _ in range(20):
            self.assertTrue(self.sasl().login(ALICE, password).ok)
            self.ctl("disable", ALICE)
            reply = self.sasl().login(ALICE, password)
            self.assertRegex(reply.reason, "switched off")
            password = self.enable()

    def test_auth_serves_without_root(self):
        self.start_mail()
        self.assertTrue(self.sasl().login(ALICE, self.enable()).ok)
        with open(f"/proc/{self.auth_pid()}/status") as status:
            fields = dict(line.split(":\t", 1) for line in status)
        self.assertNotIn("0", fields["Uid"].split())
        self.assertEqual(int(fields["CapEff"], 16), 0)

    def test_auth_ends_in_good_order_with_logins_waiting(self):
        self.expected_errors.append("disconnected with .* pending requests")
        self.start_mail({"guesses": "unlimited"})
        password = self.enable()
        gone, waiting = self.sasl(), self.sasl()
        for number in range(200):
            gone.send(ALICE, f"wrong{number}")
            waiting.send(ALICE, password if number % 2 else f"bad{number}")
        gone.close()
        old = self.auth_pid()
        os.kill(old, signal.SIGTERM)
        children.wait_for(
            lambda: old not in self.dovecot.processes("auth"), "end of auth"
        )
        self.wait_for_auth()
        self.assertTrue(self.sasl().login(ALICE, password).ok)

    def test_clients_that_leave_do_not_disturb_others(self):
        self.expected_errors.append("disconnected with .* pending requests")
        self.start_mail({"guesses": "unlimited"})
        password = self.enable()
        stays = self.sasl()
        for number in range(20):
            with self.sasl() as leaves:
                for _ in range(50):
                    leaves.send(ALICE, f"wrong{number}")
                    leaves.send(ALICE, password)
            self.assertTrue(stays.login(ALICE, password).ok)
        self.assertEqual(stays.login(ALICE, "wrong").word, "FAIL")
