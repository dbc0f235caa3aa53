# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Mail programs that nobody here wrote: do they take Postern as it is?"""

import imaplib
import mailbox
import poplib
import smtplib
import time

from postern_site import site
from postern_site.case import ALICE, BOB
from postern_site.patience import PATIENCE, Watch
from postern_site.programs import ClientTest, subject


class Mbsync(ClientTest):
    PROGRAM = "mbsync"

    def setUp(self):
        super().setUp()
        self.start_hold()
        self.password = self.enable(ALICE)
        (self.home / "mail").mkdir()
        self.configure(self.password)

    def configure(self, password):
        self.rc = self.write(
            "mbsyncrc",
            f"""\
IMAPAccount postern
Host 127.0.0.1
Port {self.dovecot.ports["imap"]}
User {ALICE}
Pass "{password}"
SSLType None
AuthMechs LOGIN

IMAPStore far
Account postern

MaildirStore near
Path {self.home}/mail/
Inbox {self.home}/mail/INBOX

Channel inbox
Far :far:
Near :near:
Create Near
Expunge Both
SyncState *
""",
        )

    def sync(self):
        code = self.run_client("mbsync", "-c", self.rc, "inbox")
        self.assertEqual(code, 0, self.said)

    def near(self):
        return mailbox.Maildir(self.home / "mail" / "INBOX", create=False)

    def subjects(self):
        return sorted(message["Subject"] for message in self.near())

    def test_mbsync_in_a_hold_misses_only_what_is_new_and_loses_nothing(self):
        self.deliver(1, 2)
        self.sync()
        self.assertEqual(self.subjects(), ["message 1", "message 2"])
        self.deliver(3)
        self.sync()
        self.assertEqual(self.subjects(), ["message 1", "message 2"])
        self.end_hold()
        self.sync()
        self.assertEqual(
            self.subjects(), ["message 1", "message 2", "message 3"]
        )

    def test_mbsync_brings_changes_both_ways_during_a_hold(self):
        self.deliver(1, 2)
        self.sync()
        self.deliver(3)
        near = self.near()
        names = {near[key]["Subject"]: key for key in near.keys()}
        near.remove(names["message 1"])
        seen = near[names["message 2"]]
        seen.add_flag("S")
        near[names["message 2"]] = seen
        near.add("Subject: own\n\nWritten here.\n")
        self.sync()
        far = self.webmail()
        far.select()
        self.assertEqual(far.search("SUBJECT own"), [4])
        self.assertEqual(far.search("ALL"), [2, 3, 4])
        self.assertEqual(far.search("SEEN SUBJECT message"), [2])
        self.end_hold()
        self.sync()
        self.assertEqual(self.subjects(), ["message 2", "message 3", "own"])
        far.ok("NOOP")
        self.assertEqual(far.search("ALL"), [2, 3, 4])

    def test_mbsync_is_refused_with_the_main_password(self):
        self.configure(site.PASSWORD)
        code = self.run_client("mbsync", "-c", self.rc, "inbox")
        self.assertNotEqual(code, 0)
        self.assertIn("AUTHENTICATIONFAILED", self.said)


class Msmtp(ClientTest):
    PROGRAM = "msmtp"
    POSTFIX = True

    def setUp(self):
        super().setUp()
        self.start_mail({"messages": ["2/1m"]})
        self.password = self.enable(ALICE)

    def send(self, password=None):
        rc = self.write(
            "msmtprc",
            f"""\
account default
host 127.0.0.1
port {self.site.port("mailauth")}
tls on
tls_starttls on
tls_certcheck off
auth plain
user {ALICE}
password {password or self.password}
from {ALICE}
""",
        )
        return self.run_client(
            "msmtp", f"--file={rc}", "x@remote.test",
            given=f"From: {ALICE}\n" + subject(1),
        )

    def test_msmtp_sends_until_the_quota_is_used_up(self):
        self.assertEqual(self.send(), 0, self.said)
        self.assertEqual(self.send(), 0, self.said)
        # For a recipient that is refused, msmtp has one exit code, whether
        # for now or for good: EX_UNAVAILABLE.
        self.assertEqual(self.send(), 69, self.said)
        self.assertIn("450 4.7.28", self.said)
        self.assertIn("Sending limit reached: 2 messages in 1 minute",
                      self.said)

    def test_msmtp_is_refused_with_the_main_password(self):
        self.assertEqual(self.send(site.PASSWORD), 77, self.said)
        self.assertIn("535", self.said)


class Curl(ClientTest):
    PROGRAM = "curl"
    POSTFIX = True

    def setUp(self):
        super().setUp()
        self.start_mail()
        self.password = self.enable(ALICE)
        self.deliver(1)

    def curl(self, url, *words, login=ALICE, password=None, given=None):
        return self.run_client(
            "curl", "--silent", "--show-error", "--max-time", "30",
            "--user", f"{login}:{password or self.password}", *words, url,
            given=given,
        )

    def urls(self):
        ports = self.dovecot.ports
        return {
            "imap": f"imap://127.0.0.1:{ports['imap']}/INBOX;MAILINDEX=1",
            "pop3": f"pop3://127.0.0.1:{ports['pop3']}/1",
        }

    def test_curl_reads_by_imap_and_pop3(self):
        for name, url in self.urls().items():
            with self.subTest(protocol=name):
                self.assertEqual(self.curl(url), 0, self.said)
                self.assertIn("This is number 1.", self.said)

    def test_curl_sends_by_smtp(self):
        message = self.write("message", f"From: {ALICE}\n" + subject(1))
        code = self.curl(
            f"smtp://127.0.0.1:{self.site.port('mailauth')}",
            "--ssl-reqd", "--insecure", "--mail-from", ALICE,
            "--mail-rcpt", "x@remote.test", "--upload-file", message,
        )
        self.assertEqual(code, 0, self.said)
        self.assertEqual(self.used(), [1, 1])

    def test_curl_finds_every_door_closed_without_access(self):
        urls = self.urls()
        urls["smtp"] = f"smtp://127.0.0.1:{self.site.port('mailauth')}"
        for name, url in urls.items():
            for login, password in (
                (ALICE, site.PASSWORD),
                (BOB, site.PASSWORD),
                (BOB, self.password),
            ):
                with self.subTest(protocol=name, login=login):
                    code = self.curl(url, login=login, password=password)
                    # CURLE_LOGIN_DENIED
                    self.assertEqual(code, 67, self.said)

    def test_curl_from_elsewhere_must_encrypt(self):
        self.write_conf(require_tls=True)
        self.dovecot.restart(chain=self.site.root / "chain.pem")
        ports = self.dovecot.ports
        # Loopback to the same address counts as encrypted.
        words = ("--interface", "127.0.0.2", "--insecure", "--verbose")
        mail = ";MAILINDEX=1"
        code = self.curl(f"imap://127.0.0.1:{ports['imap']}/INBOX{mail}",
                         *words)
        self.assertEqual(code, 67, self.said)
        self.assertIn("NO [PRIVACYREQUIRED]", self.said)
        code = self.curl(f"imaps://127.0.0.1:{ports['imaps']}/INBOX{mail}",
                         *words)
        self.assertEqual(code, 0, self.said)
        self.assertIn("This is number 1.", self.said)


class PythonClients(ClientTest):
    POSTFIX = True

    def setUp(self):
        super().setUp()
        self.start_mail()
        self.password = self.enable(ALICE)
        self.deliver(1, 2)

    def test_imaplib_reads_and_stores(self):
        with imaplib.IMAP4("127.0.0.1", self.dovecot.ports["imap"]) as link:
            link.login(ALICE, self.password)
            self.assertIn("IDLE", link.capabilities)
            self.assertEqual(link.select(), ("OK", [b"2"]))
            link.append("INBOX", None, None, subject(3).encode())
            self.assertEqual(link.search(None, "ALL")[1], [b"1 2 3"])
            kind, data = link.fetch("3", "(BODY[TEXT])")
            self.assertEqual((kind, data[0][1]),
                             ("OK", b"This is number 3.\r\n"))
            link.store("1", "+FLAGS", r"\Deleted")
            self.assertEqual(link.expunge(), ("OK", [b"1"]))
            self.assertEqual(link.search(None, "ALL")[1], [b"1 2"])

    def test_imaplib_in_idle_hears_of_mail_when_the_check_is_due(self):
        self.write_conf({"mail_check": "3s", "imap_check": "hold"})
        self.daemon.reload()
        self.daemon.wait_lines("reloaded")
        # "* OK Still here" may come at any moment of an IDLE; here it does.
        self.dovecot.restart(extra="imap_idle_notify_interval = 1s\n")
        with imaplib.IMAP4("127.0.0.1", self.dovecot.ports["imap"],
                           timeout=PATIENCE) as link:
            link.login(ALICE, self.password)
            before = time.monotonic()
            link.select()
            watch = Watch()
            link.send(b"x1 IDLE\r\n")
            self.assertTrue(link.readline().startswith(b"+ "))
            self.deliver(3)
            line = link.readline()
            while line.startswith(b"* OK "):
                line = link.readline()
            self.assertEqual(line, b"* 3 EXISTS\r\n")
            # Stamps are whole seconds.
            self.assertGreater(time.monotonic() - before, 2.0)
            self.assertLess(watch.took(), 8.0)
            link.send(b"DONE\r\n")
            while not link.readline().startswith(b"x1 OK"):
                pass

    def test_imaplib_is_told_why_it_is_refused(self):
        self.ctl("disable", ALICE)
        with imaplib.IMAP4("127.0.0.1", self.dovecot.ports["imap"]) as link:
            with self.assertRaisesRegex(imaplib.IMAP4.error,
                                        r"\[AUTHORIZATIONFAILED\]"):
                link.login(ALICE, self.password)

    def test_poplib_reads_and_deletes(self):
        link = poplib.POP3("127.0.0.1", self.dovecot.ports["pop3"])
        self.addCleanup(link.close)
        self.assertIn("RESP-CODES", link.capa())
        link.user(ALICE)
        link.pass_(self.password)
        self.assertEqual(link.stat()[0], 2)
        self.assertIn(b"This is number 1.", link.retr(1)[1])
        link.dele(1)
        link.quit()
        webmail = self.webmail()
        webmail.select()
        self.assertEqual(webmail.search("ALL"), [2])

    def test_smtplib_sends(self):
        port = self.site.port("mailauth")
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as link:
            with self.assertRaises(smtplib.SMTPAuthenticationError):
                link.login(ALICE, site.PASSWORD)
            link.login(ALICE, self.password)
            refused = link.sendmail(ALICE, ["x@remote.test"], subject(1))
        self.assertEqual(refused, {})
        self.assertEqual(self.used(), [1, 1])
