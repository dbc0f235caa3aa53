# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Logins of mail programs: who gets in, and what the others are told."""

import concurrent.futures
import re
import time

from postern_site import case, children, mail, site
from postern_site.case import ALICE, BOB
from postern_site.sasl import Sasl

FREE = {
    "protocols": ["imap", "pop3", "smtp"],
    "messages": ["100/1h"],
    "activation_delay": "unlimited",
    "logins": [],
    "mail_check": "unlimited",
}
TRUSTED = "127.0.0.9"
# Not the server's own address, which Dovecot takes for a secured connection.
AWAY = "127.0.0.2"


class LoginTest(case.DovecotTest):
    def start_mail(self, free=None, **options):
        return super().start_mail({**FREE, **(free or {})}, **options)

    def sasl(self):
        """A connection to the auth socket, where Dovecot was given one."""
        client = Sasl(self.dovecot.socket)
        self.addCleanup(client.close)
        return client


class Refusals(LoginTest):
    """Each reason reaches the mail program by IMAP, POP3 and SMTP AUTH."""

    POSTFIX = True

    def answers(self, password, protocols=("imap", "pop3", "smtp"), **options):
        """Protocol -> (code, text) of a login that must be refused."""
        found = {}
        if "imap" in protocols:
            answer = self.imap(**options).login(ALICE, password)
            self.assertEqual(answer.status, "NO", str(answer))
            found["imap"] = answer.code, answer.text
        if "pop3" in protocols:
            reply = self.pop3(**options).login(ALICE, password)
            self.assertFalse(reply.ok, str(reply))
            found["pop3"] = reply.code, reply.text
        if "smtp" in protocols:
            reply = self.smtp(**options).auth(ALICE, password)
            self.assertEqual(reply.code, 535, str(reply))
            found["smtp"] = "", reply.text
        return found

    def check(self, password, imap, pop3, text, **options):
        """The codes, and a text in which the regex TEXT is found."""
        wanted = {"imap": imap, "pop3": pop3, "smtp": ""}
        for name, (code, said) in self.answers(password, **options).items():
            with self.subTest(protocol=name):
                self.assertEqual(code, wanted[name], said)
                self.assertRegex(said, text)

    def check_logged(self, reason):
        line = self.dovecot.wait_line(rf"login refused: .* reason={reason}\b")
        self.assertIn(f"login={ALICE}", line)

    def test_main_password_opens_nothing(self):
        self.start_mail()
        self.enable()
        self.check(
            site.PASSWORD,
            "AUTHENTICATIONFAILED",
            "AUTH",
            "(?i)authentication failed",
        )

    def test_all_is_denied_until_it_is_switched_on(self):
        self.start_mail()
        self.check(
            "abcd-efgh-ijkl-mnop-qrst-uvwx",
            "AUTHENTICATIONFAILED",
            "AUTH",
            "(?i)authentication failed",
        )

    def test_switched_off(self):
        self.start_mail(help_url="https://help.example.test/")
        password = self.enable()
        self.ctl("disable", ALICE)
        text = "was switched off at .*; see https://help.example.test/"
        self.check(password, "AUTHORIZATIONFAILED", "SYS/PERM", text)
        self.check_logged("access-off")

    def test_blocked_by_the_provider(self):
        self.start_mail()
        password = self.enable()
        self.ctl("block", ALICE, "--reason", "abuse")
        self.check(password, "CONTACTADMIN", "SYS/PERM", "was blocked at")
        self.check_logged("blocked")

    def test_blocked_for_what_the_owner_can_mend(self):
        self.start_mail()
        password = self.enable()
        self.ctl("block", ALICE, "--reason", "cracked")
        text = "was blocked at .*change your main password"
        self.check(password, "AUTHORIZATIONFAILED", "SYS/PERM", text)

    def test_inactive(self):
        self.start_mail()
        password = self.enable()
        self.ctl("set", ALICE, "status=inactive")
        self.check(password, "CONTACTADMIN", "SYS/PERM", "is not active")
        self.check_logged("inactive")

    def test_not_yet_active(self):
        self.start_mail({"activation_delay": "15m"})
        password = self.enable()
        text = r"begins at \d\d:\d\d:\d\d UTC|begins at 20"
        self.check(password, "UNAVAILABLE", "SYS/TEMP", text)
        self.check_logged("not-yet-active")

    def test_protocol_that_the_plan_does_not_have(self):
        self.start_mail()
        password = self.enable()
        self.ctl("set", ALICE, "protocols=pop3")
        self.check(
            password,
            "AUTHORIZATIONFAILED",
            "SYS/PERM",
            "(IMAP|SMTP) is not part of",
            protocols=("imap", "smtp"),
        )
        self.check_logged("protocol-plan")
        self.pop3(ALICE, password)

    def test_protocol_that_the_owner_did_not_switch_on(self):
        self.start_mail()
        password = self.enable(ALICE, "--protocols", "imap")
        self.check(
            password,
            "",
            "SYS/PERM",
            "(POP3|SMTP) is not switched on",
            protocols=("pop3", "smtp"),
        )
        self.check_logged("protocol-off")
        self.imap(ALICE, password)

    def test_protocol_that_the_app_password_is_not_for(self):
        self.start_mail()
        self.enable()
        words = ("password", "create", ALICE, "--protocols", "smtp")
        password = self.ctl_json(*words)[0]["password"]
        self.check(
            password,
            "AUTHORIZATIONFAILED",
            "AUTH",
            "is not for (IMAP|POP3)",
            protocols=("imap", "pop3"),
        )
        self.check_logged("protocol-password")
        self.smtp(ALICE, password)

    def test_network_that_the_app_password_is_not_for(self):
        self.start_mail()
        password = self.enable(ALICE, "--networks", "192.0.2.0/24")
        text = "may not be used from this network"
        self.check(password, "AUTHORIZATIONFAILED", "AUTH", text)
        self.check_logged("network")

    def test_connection_without_encryption(self):
        self.start_mail(require_tls=True)
        password = self.enable()
        self.check(
            password,
            "PRIVACYREQUIRED",
            "SYS/PERM",
            "Encryption is required",
            source=AWAY,
        )
        self.check_logged("tls-required")

    def test_app_password_that_has_expired(self):
        self.start_mail()
        password = self.enable(ALICE, "--expires", "1s")
        time.sleep(1.5)
        self.check(password, "EXPIRED", "AUTH", "expired at")
        self.check_logged("password-expired")

    def test_app_password_that_was_revoked(self):
        self.start_mail()
        password = self.enable()
        self.ctl("password", "revoke", ALICE, "1")
        self.check(password, "EXPIRED", "AUTH", "app password ended at")
        self.check_logged("password-revoked")

    def test_main_password_that_was_changed_since(self):
        self.start_mail({"password_change_ends": True})
        password = self.enable()
        self.ctl("password-changed", ALICE)
        text = "main password was changed at"
        self.check(password, "EXPIRED", "AUTH", text)
        self.check_logged("password-changed")

    def test_too_many_logins(self):
        self.start_mail()
        password = self.enable()
        self.ctl("set", ALICE, "logins=2/1h")
        self.imap(ALICE, password)
        self.pop3(ALICE, password)
        text = "at most 2 in 1 hour; try again after"
        self.check(password, "LIMIT", "LOGIN-DELAY", text)
        self.check_logged("logins")

    def test_too_many_open_sessions(self):
        self.start_mail()
        password = self.enable()
        self.ctl("set", ALICE, "sessions=1")
        self.imap(ALICE, password).ok("NOOP")
        # policyd counts it within a moment.
        children.wait_for(
            lambda: re.search(
                r"(?m)^open sessions +1\b",
                self.posternctl().run("explain", ALICE).out,
            ),
            "count of open sessions",
        )
        self.check(
            password,
            "LIMIT",
            "IN-USE",
            "at most 1",
            protocols=("imap", "pop3"),
        )
        self.check_logged("sessions")

    def test_mail_check_too_early(self):
        self.start_mail({"mail_check": "5m", "imap_check": "refuse",
                         "check_burst": "unlimited"})
        password = self.enable()
        self.pop3(ALICE, password)
        self.check(
            password,
            "",
            "LOGIN-DELAY",
            r"Next mail check in (300|29\d) seconds \(at ",
            protocols=("pop3",),
        )
        self.check_logged("mail-check")
        # The two have stamps of their own.
        self.imap(ALICE, password)
        self.smtp(ALICE, password)


class Admission(LoginTest):
    def test_blanks_hyphens_and_capitals_do_not_count(self):
        self.start_mail()
        secret = self.enable()
        plain = secret.replace("-", "")
        for typed in (secret, plain, secret.upper(), secret.replace("-", " "),
                      " " + plain[:7] + " - " + plain[7:].title() + " "):
            self.imap(ALICE, typed).logout()
            self.pop3(ALICE, typed).quit()
        self.assertEqual(self.imap().login(ALICE, plain[:-1]).status, "NO")
        self.assertEqual(self.imap().login(ALICE, plain + "a").status, "NO")

    def test_login_is_recorded(self):
        self.start_mail()
        password = self.enable()
        self.imap(ALICE, password, source=AWAY)
        (row,) = self.ctl_json("password", "list", ALICE)
        self.assertIn("imap", str(row))
        self.assertIn(AWAY, str(row))

    def test_bare_name_gets_the_default_domain(self):
        self.start_mail(dovecot={"socket": self.dir / "auth"})
        password = self.enable()
        with self.sasl() as sasl:
            for name in ("alice", "ALICE", "Alice@Example.Test"):
                self.assertTrue(sasl.login(name, password).ok, name)

    def test_one_of_32_app_passwords_with_expired_ones_among_them(self):
        self.start_mail(dovecot={"socket": self.dir / "auth"})
        self.enable(ALICE, "--expires", "1s")
        secrets = []
        for number in range(2, 33):
            words = ("password", "create", ALICE, "--label", f"no {number}")
            if number % 4 == 0:
                words += ("--expires", "1s")
            secrets.append(self.ctl_json(*words)[0]["password"])
        time.sleep(1.5)
        with self.sasl() as sasl:
            for number, secret in enumerate(secrets, 2):
                reply = sasl.login(ALICE, secret)
                if number % 4 == 0:
                    self.assertRegex(reply.reason, "expired", number)
                else:
                    self.assertTrue(reply.ok, number)

    def test_of_two_pop3_logins_at_once_one_passes(self):
        self.start_mail({"mail_check": "5m"},
                        dovecot={"socket": self.dir / "auth"})
        password = self.enable()
        for login in (ALICE, BOB):
            with self.subTest(login=login):
                if login == BOB:
                    password = self.enable(BOB)
                replies = self.race(login, password, 8)
                self.assertEqual(sum(x.ok for x in replies), 1, replies)
                late = {x.reason.split()[0] for x in replies if not x.ok}
                self.assertEqual(late, {"[LOGIN-DELAY]"})

    def race(self, login, password, count):
        clients = [self.sasl() for _ in range(count)]

        def enter(client):
            return client.login(login, password, service="pop3")

        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            replies = list(pool.map(enter, clients))
        return replies

    def test_master_user_goes_on(self):
        self.start_mail(dovecot={"first": self.master_passdb()})
        self.enable()
        imap = self.imap()
        answer = imap.login(f"{ALICE}*admin", "master")
        self.assertEqual(answer.status, "OK", str(answer))
        answer = self.imap().login(f"{ALICE}*admin", "wrong")
        self.assertEqual(answer.status, "NO")

    def master_passdb(self):
        (self.dir / "masters").write_text("admin:{PLAIN}master::::::\n")
        if mail.version() < (2, 4):
            return (
                "auth_master_user_separator = *\n"
                "passdb {\n  driver = passwd-file\n  master = yes\n"
                f"  args = {self.dir}/masters\n"
                "  result_success = continue\n}\n"
            )
        return (
            "auth_master_user_separator = *\n"
            "passdb masters {\n  driver = passwd-file\n  master = yes\n"
            f"  passwd_file_path = {self.dir}/masters\n"
            "  result_success = continue\n}\n"
        )

    def test_service_that_is_none_of_mail_programs_is_denied(self):
        self.start_mail(dovecot={"socket": self.dir / "auth"})
        password = self.enable()
        with self.sasl() as sasl:
            for service in ("imap", "pop3", "smtp", "submission"):
                reply = sasl.login(ALICE, password, service=service)
                self.assertTrue(reply.ok, service)
            for service in ("sieve", "doveadm", "lmtp", "IMAP", "x" * 300):
                reply = sasl.login(ALICE, password, service=service)
                self.assertEqual(reply.word, "FAIL", service)
                self.assertEqual(reply.reason, "", service)
            reply = sasl.login(
                ALICE, site.PASSWORD, service="sieve", address=TRUSTED
            )
            self.assertTrue(reply.ok)

    def test_lookups_without_a_login_reach_the_site(self):
        self.start_mail()
        done = self.dovecot.doveadm("auth", "lookup", ALICE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, re.escape(ALICE))

    def test_no_secret_is_logged(self):
        debug = "auth_verbose = yes\nauth_debug = yes\n"
        if mail.version() >= (2, 4):
            debug = "auth_verbose = yes\nlog_debug = category=auth\n"
        self.start_mail(dovecot={"extra": debug})
        password = self.enable()
        self.imap(ALICE, password)
        self.imap().login(ALICE, "wrong" + password)
        self.ctl("disable", ALICE)
        self.imap().login(ALICE, password)
        for secret in (password, password.replace("-", "")):
            self.assertNotIn(secret, self.dovecot.text())
            self.assertNotIn(secret, self.daemon.text())
