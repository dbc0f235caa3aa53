# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""posternctl doctor and Dovecot: the shipped settings are green, and the lines
that it names mend what is not."""

import json
import subprocess

from postern_site import dovecot, site
from postern_site.case import DovecotTest

# Findings about anything else depend on the machine's own Postfix.
WHERE = ("passdb", "userdb", "imap", "pop3", "lmtp", "dovecot", "modules",
         "sessions")
ENCRYPTED = {
    (2, 3): "disable_plaintext_auth = yes",
    (2, 4): "auth_allow_cleartext = no",
}
PREFETCH = {
    (2, 3): "userdb {\n  driver = prefetch\n"
    "  result_success = continue\n}\n",
    (2, 4): "userdb prefetch {\n  result_success = continue\n}\n",
}
IMAP_PLUGIN = {(2, 3): " imap_postern", (2, 4): "    imap_postern = yes\n"}
PASSDB = {
    (2, 3): "passdb {\n  driver = postern\n"
    "  result_failure = return-fail\n"
    "  result_internalfail = return-fail\n}\n",
    (2, 4): "passdb postern {\n  result_failure = return-fail\n"
    "  result_internalfail = return-fail\n}\n",
}


class DoctorDovecot(DovecotTest):
    def setUp(self):
        super().setUp()
        self.version = dovecot.version()
        self.start()
        chain = site.make_certificate(self.dir / "chain.pem")
        self.make_dovecot(chain=chain, extra=ENCRYPTED[self.version])
        self.variant = self.dir / "variant.conf"

    def run_inside(self, *argv):
        """Where Dovecot would find our modules and /etc/postern."""
        return subprocess.run(
            self.dovecot.mounts.command(argv),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def doctor(self, conf):
        done = self.run_inside(
            *(self.program("posternctl"), "-c", "/etc/postern/postern.conf"),
            *("-f", "json", "doctor", "--dovecot-config", conf),
        )
        self.assertIn(done.returncode, (0, 1), done)
        rows = json.loads(done.stdout)
        return [row for row in rows if row["where"] in WHERE]

    def bad(self, text):
        """What doctor has to say against a dovecot.conf."""
        self.variant.write_text(text)
        rows = self.doctor(self.variant)
        return [row for row in rows if row["level"] != "ok"]

    def good_text(self):
        """The shipped settings in the form that doveconf gives them."""
        done = self.run_inside("doveconf", "-nP", "-c", self.dovecot.conf)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def test_the_shipped_settings_are_all_green(self):
        rows = self.doctor(self.dovecot.conf)
        bad = [row for row in rows if row["level"] != "ok"]
        self.assertEqual(bad, [])
        seen = {row["where"] for row in rows}
        self.assertEqual(seen, set(WHERE) - {"lmtp"})

    def test_each_mistake_is_found_and_its_lines_make_all_green(self):
        good = self.good_text()
        head, body = good.split("\n", 1)
        if self.version >= (2, 4):
            first, body = body.split("dovecot_config_version", 1)
            body = "dovecot_config_version" + body
            line, body = body.split("\n", 1)
            head = f"{head}\n{first}{line}"
        self.assertEqual(self.bad(good), [])
        passdb, prefetch = PASSDB[self.version], PREFETCH[self.version]
        for name, old, new, place in (
            ("no passdb", passdb, "", "first"),
            ("order", passdb, "", "first"),
            ("failure", "  result_failure = return-fail\n", "", passdb),
            (
                "internal failure",
                "  result_internalfail = return-fail\n",
                "",
                passdb,
            ),
            ("no prefetch", prefetch, "", "first"),
            ("prefetch", "  result_success = continue\n", "", prefetch),
            ("plugin", IMAP_PLUGIN[self.version], "", "last"),
            ("lock", "  pop3_lock_session = yes\n", "", "last"),
            (
                "mechanism",
                "auth_mechanisms = plain login",
                "auth_mechanisms = plain login cram-md5",
                "last",
            ),
        ):
            with self.subTest(name=name):
                self.assertIn(old, body)
                text = body.replace(old, new, 1)
                if name == "order":
                    text += passdb
                found = self.bad(f"{head}\n{text}")
                lines = [row["line"] for row in found
                         if row["level"] == "problem"]
                self.assertEqual(len(lines), 1, found)
                lines = lines[0]
                if place == "first":
                    text = f"{lines}\n{text}"
                elif place == "last":
                    text = f"{text}\n{lines}\n"
                else:
                    broken = place.replace(old, "")
                    self.assertIn(broken, text)
                    text = text.replace(broken, f"{lines}\n")
                self.assertEqual(self.bad(f"{head}\n{text}"), [], text)

    def test_a_policyd_that_is_away_is_a_problem(self):
        self.daemon.kill()
        [row] = self.bad(self.good_text())
        self.assertEqual((row["level"], row["where"]), ("problem", "sessions"))
        self.assertIn("postern-policyd", row["line"])

    def test_a_directory_that_mail_users_cannot_pass_is_a_problem(self):
        text = self.good_text() + "\nmail_uid = 5000\n"
        (self.dir / "run").chmod(0o750)
        [row] = self.bad(text)
        self.assertEqual((row["level"], row["where"]), ("problem", "sessions"))
        self.assertIn("chmod 0711 /run/postern", row["line"])
        (self.dir / "run").chmod(0o711)
        self.assertEqual(self.bad(text), [])
