# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""An account by another name, or without a place in the site's userdb."""

import contextlib
import re

from postern_site import children, imap, mail, pop3, site
from postern_site.case import ALICE

import test_login

OLD = mail.version() < (2, 4)
AS_TYPED = "auth_username_format = %s\n" % ("%u" if OLD else "%{user}")
LOCAL_PART = "auth_username_format = " + ("%Ln\n" if OLD else (
    "%{user | username | lower}\n"))
# With these, Dovecot finds a home for every name.
HOME_FOR_ALL = "mail_uid = 5000\nmail_gid = 5000\nmail_home = HOME/%s\n" % (
    "%u" if OLD else "%{user}")


class NameTest(test_login.LoginTest):
    def start_mail(self, extra="", change_users=None):
        """CHANGE_USERS: text of the site's passwd-file -> its new text."""
        super().start_mail(dovecot={"socket": self.dir / "auth"})
        self.password = self.enable()
        self.dovecot.deliver(ALICE)
        if change_users:
            file = self.dovecot.passwd
            file.write_text(change_users(file.read_text()))
        home = str(self.dovecot.home)
        self.dovecot.restart(extra=extra.replace("HOME", home))

    def name_of(self, login, service="imap"):
        """What Dovecot's auth process calls who logs in as LOGIN."""
        reply = self.sasl().login(login, self.password, service=service)
        self.assertTrue(reply.ok, reply)
        return reply.fields["user"]

    def expect_refusal(self, login, password, **options):
        """Dovecot may also close the connection."""
        with contextlib.suppress(imap.Closed):
            answer = self.imap(**options).login(login, password)
            self.assertEqual(answer.status, "NO", answer)
        with contextlib.suppress(pop3.Closed):
            reply = self.pop3(**options).login(login, password)
            self.assertFalse(reply.ok, reply)


class Spelling(NameTest):
    def test_capitals_do_not_open_a_mailbox_of_their_own(self):
        self.start_mail(AS_TYPED + HOME_FOR_ALL)
        session = self.imap("ALICE@Example.Test", self.password)
        self.assertEqual(session.exists(), 1)

    def test_dovecot_and_postfix_get_the_name_that_is_counted_by(self):
        self.start_mail(AS_TYPED)
        for service in ("imap", "pop3", "smtp", "submission"):
            with self.subTest(service=service):
                self.assertEqual(
                    self.name_of("ALICE@Example.Test", service), ALICE)
                self.assertEqual(self.name_of(ALICE, service), ALICE)

    def test_bare_name_stays_bare_for_the_site(self):
        self.start_mail(AS_TYPED)
        self.assertEqual(self.name_of("ALICE"), "alice")
        self.assertEqual(self.name_of("alice", "smtp"), "alice")

    def test_wrong_password_leaves_the_name_as_it_is(self):
        self.start_mail(AS_TYPED)
        reply = self.sasl().login("ALICE@Example.Test", "wrong")
        self.assertEqual(reply.fields.get("user", "ALICE@Example.Test"),
                         "ALICE@Example.Test")


class Sessions(NameTest):
    def expect_end(self, session):
        """policyd knows it as one of ALICE's."""
        session.select()
        children.wait_for(
            lambda: re.search(
                r"(?m)^open sessions +1\b",
                self.posternctl().run("explain", ALICE).out,
            ),
            "open session",
        )
        self.ctl("disable", ALICE)
        session.wait_line("BYE")

    def test_session_of_a_site_that_knows_local_parts_only(self):
        self.start_mail(
            LOCAL_PART, lambda text: re.sub(f"(?m)^{ALICE}:", "alice:", text))
        session = self.imap("Alice@Example.Test", self.password)
        self.assertEqual(session.exists(), 1)
        self.expect_end(session)

    def test_session_whose_user_has_another_name_in_userdb(self):
        self.start_mail(
            change_users=lambda text: re.sub(
                rf"(?m)^({ALICE}:.*)$", r"\1userdb_user=store7", text))
        self.expect_end(self.imap(ALICE, self.password))


class Removed(NameTest):
    """Postern's record has survived the account of the site."""

    def setUp(self):
        super().setUp()
        self.expected_errors += [
            "user not found from any userdbs",
            "Authenticated user not found from userdb",
            "Internal auth failure",
            r"passwd-file.*(No such file|not exist)",
        ]

    def start_mail(self, extra="", change_users=None):
        super().start_mail(extra, lambda text: re.sub(
            rf"(?m)^{ALICE}:.*\n", "", text))

    def test_who_is_not_in_userdb_gets_no_session(self):
        self.start_mail(HOME_FOR_ALL)
        self.expect_refusal(ALICE, self.password)

    def test_bare_name_that_userdb_does_not_know_gets_no_session(self):
        self.start_mail(HOME_FOR_ALL)
        self.expect_refusal("alice", self.password)

    def test_userdb_that_fails_gives_no_session_without_its_fields(self):
        self.start_mail(HOME_FOR_ALL)
        self.dovecot.passwd.unlink()
        self.expect_refusal(ALICE, self.password)
        self.expect_refusal(ALICE, site.PASSWORD, source=test_login.TRUSTED)
