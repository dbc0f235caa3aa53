# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What a site may set for the passdb in dovecot.conf."""

from postern_site import mail, site
from postern_site.case import ALICE
from postern_site.mail import EXAMPLES

import test_login


class Options(test_login.LoginTest):
    def start_with(self, two_three="", two_four=""):
        """Dovecot with lines added to the passdb block as it is shipped."""
        is_new = mail.version() >= (2, 4)
        name = "dovecot-2.4.conf" if is_new else "dovecot-2.3.conf"
        text = (EXAMPLES / name).read_text()
        lines = two_four if is_new else two_three
        head = "  result_failure = return-fail\n"
        self.assertEqual(text.count(head), 1)
        examples = self.dir / "examples"
        examples.mkdir(mode=0o755)
        for file in EXAMPLES.glob("dovecot-*.conf"):
            (examples / file.name).write_text(file.read_text())
        (examples / name).write_text(text.replace(head, head + lines))
        self.start(test_login.FREE)
        server = self.make_dovecot(socket=self.dir / "auth")
        server.conf.write_text(
            server.conf.read_text().replace(str(EXAMPLES), str(examples))
        )
        return server.start()

    def needs_24(self):
        if mail.version() < (2, 4):
            self.skipTest("Dovecot 2.3 does not have this")

    def test_configuration_in_another_place(self):
        other = self.dir / "other.conf"
        self.start_with(
            f"  args = config={other}\n", f"  postern_config = {other}\n"
        )
        self.conf.rename(other)
        self.conf = other
        password = self.enable()
        self.assertTrue(self.sasl().login(ALICE, password).ok)

    def test_fields_of_the_site_are_added(self):
        self.start_with(
            "  override_fields = userdb_quota=7 colour=red\n",
            "  fields {\n    colour = red\n  }\n",
        )
        reply = self.sasl().login(ALICE, self.enable())
        self.assertEqual(reply.fields.get("colour"), "red", reply)

    def test_workers_of_auth_say_the_same(self):
        self.needs_24()
        self.start_with(two_four="  use_worker = yes\n")
        password = self.enable()
        sasl = self.sasl()
        self.assertTrue(sasl.login(ALICE, password).ok)
        self.assertEqual(sasl.login(ALICE, "wrong").reason, "")
        imap = self.imap(ALICE, password)
        self.assertTrue(sasl.login("alice", password.upper()).ok)
        imap.ok("NOOP")
        reply = sasl.login(ALICE, site.PASSWORD, address=test_login.TRUSTED)
        self.assertTrue(reply.ok)
        self.ctl("disable", ALICE)
        reply = sasl.login(ALICE, password, service="imap")
        self.assertRegex(reply.reason, r"\[AUTHORIZATIONFAILED\] .* off at")
        self.assertIn("nodelay", reply.fields)
        self.assertGreater(len(self.dovecot.processes("auth")), 1)

    def test_passdb_before_it_that_takes_any_password_proves_nothing(self):
        any_password = (
            "passdb {\n  driver = static\n  args = nopassword=y\n"
            "  result_success = continue\n}\n"
        )
        if mail.version() >= (2, 4):
            any_password = (
                "passdb static {\n  fields {\n    nopassword = yes\n  }\n"
                "  result_success = continue\n}\n"
            )
        self.start_mail(
            dovecot={"socket": self.dir / "auth", "first": any_password})
        password = self.enable()
        sasl = self.sasl()
        for wrong in ("wrong", site.PASSWORD):
            self.assertEqual(sasl.login(ALICE, wrong).word, "FAIL")
        self.assertTrue(sasl.login(ALICE, password).ok)

    def test_sessions_of_one_app_password_can_be_kicked(self):
        self.needs_24()
        self.start_mail()
        first = self.enable()
        words = ("password", "create", ALICE)
        second = self.ctl_json(*words)[0]["password"]
        one, two = self.imap(ALICE, first), self.imap(ALICE, second)
        for session in (one, two):
            session.ok("NOOP")
        self.dovecot.doveadm("kick", "-f", "user_postern_password", f"{ALICE}:2")
        self.assertRegex(two.wait_line("BYE"), "BYE")
        one.ok("NOOP")

    def test_wrong_password_is_logged_with_auth_verbose_only(self):
        self.start_mail(dovecot={"socket": self.dir / "auth"})
        self.enable()
        self.assertFalse(self.sasl().login(ALICE, "wrong-secret").ok)
        self.assertEqual(self.dovecot.lines("no app password"), [])
        extra = "auth_verbose = yes\n"
        self.dovecot.restart(extra=extra, socket=self.dir / "auth")
        self.assertFalse(self.sasl().login(ALICE, "wrong-secret").ok)
        line = self.dovecot.wait_line("no app password")
        self.assertIn(ALICE, line)
        self.assertNotIn("wrong-secret", self.dovecot.text())

    def test_auth_cache_lets_nobody_in(self):
        extra = "auth_cache_size = 1M\n"
        self.start_mail(dovecot={"extra": extra, "socket": self.dir / "auth"})
        password = self.enable()
        sasl = self.sasl()
        for _ in range(3):
            self.assertTrue(sasl.login(ALICE, password).ok)
        self.ctl("disable", ALICE)
        self.assertRegex(sasl.login(ALICE, password).reason, "off at")
