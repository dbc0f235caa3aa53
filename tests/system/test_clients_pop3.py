# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""POP3 programs that nobody here wrote: do they take a LOGIN-DELAY well?"""

import mailbox

from postern_site import site
from postern_site.case import ALICE
from postern_site.programs import ClientTest


class Pop3Programs(ClientTest):
    def fetch_twice_too_soon(self, run, delayed, subjects):
        """RUN returns an exit code; DELAYED is that of a refusal; SUBJECTS
        are of the mail that it has brought."""
        self.deliver(1, 2)
        self.assertEqual(run(), 0, self.said)
        self.assertEqual(subjects(), ["message 1", "message 2"])
        self.deliver(3)
        self.assertEqual(run(), delayed, self.said)
        self.assertIn("LOGIN-DELAY", self.said)
        self.assertEqual(subjects(), ["message 1", "message 2"])
        self.end_hold()
        self.assertEqual(run(), 0, self.said)
        self.assertEqual(
            subjects(), ["message 1", "message 2", "message 3"]
        )
        self.assertEqual(self.webmail().exists(), 0)

    def subjects(self):
        box = mailbox.mbox(self.home / "inbox", create=False)
        try:
            return sorted(message["Subject"] for message in box)
        finally:
            box.close()


class Mpop(Pop3Programs):
    PROGRAM = "mpop"

    def setUp(self):
        super().setUp()
        self.start_hold()
        self.password = self.enable(ALICE)

    def fetch(self, password=None):
        rc = self.write(
            "mpoprc",
            f"""\
account default
host 127.0.0.1
port {self.dovecot.ports["pop3"]}
tls off
auth user
user {ALICE}
password {password or self.password}
delivery mbox {self.home}/inbox
uidls_file {self.home}/uidls
keep off
""",
        )
        return self.run_client("mpop", f"--file={rc}")

    def test_mpop_waits_out_a_login_delay_and_loses_nothing(self):
        # sysexits: EX_NOPERM
        self.fetch_twice_too_soon(self.fetch, 77, self.subjects)

    def test_mpop_is_refused_with_the_main_password(self):
        self.assertNotEqual(self.fetch(site.PASSWORD), 0)
        self.assertIn("Authentication failed", self.said)


class Fetchmail(Pop3Programs):
    PROGRAM = "fetchmail"

    def setUp(self):
        super().setUp()
        self.start_hold()
        self.password = self.enable(ALICE)

    def fetch(self, password=None):
        rc = self.write(
            "fetchmailrc",
            f"""\
poll 127.0.0.1 service {self.dovecot.ports["pop3"]} protocol pop3
  auth password username "{ALICE}" password "{password or self.password}"
  sslproto ""
  mda "{self.write_mda()} >> {self.home}/inbox"
  no rewrite
""",
        )
        return self.run_client(
            "fetchmail", "--fetchmailrc", rc, "--nodetach", "--verbose"
        )

    def write_mda(self):
        """What puts a message into an mbox, as formail would."""
        path = self.write(
            "to-mbox",
            "#!/bin/sh\necho 'From friend Thu Jan  1 00:00:00 2026'\ncat\n"
            "echo\n",
        )
        path.chmod(0o700)
        return str(path)

    def test_fetchmail_waits_out_a_login_delay_and_loses_nothing(self):
        # PS_LOCKBUSY: fetchmail knows the code, and comes again by itself.
        self.fetch_twice_too_soon(self.fetch, 9, self.subjects)

    def test_fetchmail_is_refused_with_the_main_password(self):
        # PS_AUTHFAIL
        self.assertEqual(self.fetch(site.PASSWORD), 3, self.said)
