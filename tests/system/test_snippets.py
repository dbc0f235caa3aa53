# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The Dovecot settings that Postern ships, as they are, in a real Dovecot."""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import unittest
import urllib.request
from pathlib import Path

from postern_site import case, children, mail, mounts, site
from postern_site.case import ALICE, BOB
from postern_site.dovecot import version

TRUSTED = "127.0.0.9"


class Logins(case.DovecotTest):
    def setUp(self):
        super().setUp()
        self.start_mail()

    def test_the_main_password_is_refused_and_an_app_password_works(self):
        password = self.enable(ALICE)
        answer = self.imap().login(ALICE, site.PASSWORD)
        self.assertEqual(answer.status, "NO")
        self.assertEqual(answer.code, "AUTHENTICATIONFAILED")
        reply = self.pop3().login(ALICE, site.PASSWORD)
        self.assertEqual((reply.ok, reply.code), (False, "AUTH"))
        self.imap(ALICE, password)
        self.pop3(ALICE, password)

    def test_a_trusted_network_goes_on_with_the_main_password(self):
        self.imap(ALICE, site.PASSWORD, source=TRUSTED)
        self.pop3(BOB, site.PASSWORD, source=TRUSTED)
        answer = self.imap(source=TRUSTED).login(ALICE, "wrong")
        self.assertEqual(answer.status, "NO")

    def test_mail_is_delivered_to_accounts_without_external_access(self):
        self.dovecot.deliver(ALICE, count=2)
        webmail = self.imap(ALICE, site.PASSWORD, source=TRUSTED)
        self.assertEqual(webmail.exists(), 2)

    def test_a_mechanism_that_hides_the_password_opens_no_back_door(self):
        words = "auth_mechanisms = plain login cram-md5\n"
        self.dovecot.restart(extra=words)
        client = self.imap()
        tag = client.send("AUTHENTICATE CRAM-MD5")
        challenge = base64.b64decode(client.read_line()[2:])
        digest = hmac.new(site.PASSWORD.encode(), challenge, hashlib.md5)
        token = f"{ALICE} {digest.hexdigest()}".encode()
        client.write(base64.b64encode(token) + b"\r\n")
        self.assertTrue(client.read_line().startswith(f"{tag} NO"))


class Plugins(case.DovecotTest):
    def loaded(self, name):
        """The plugins in the memory of the processes of that name."""
        (pid,) = self.dovecot.processes(name)
        maps = Path(f"/proc/{pid}/maps").read_text()
        return set(re.findall(r"/lib\d+_(\w+)_plugin\.so", maps))

    def test_they_are_loaded_beside_those_of_the_site(self):
        self.start_mail(dovecot={"first": "mail_plugins = notify\n"})
        password = self.enable(ALICE)
        self.dovecot.deliver(ALICE)
        imap = self.imap(ALICE, password)
        self.assertEqual(imap.exists(), 1)
        self.assertEqual(
            self.loaded("imap"), {"notify", "postern", "imap_postern"}
        )
        imap.logout()
        self.pop3(ALICE, password)
        self.assertEqual(
            self.loaded("pop3"), {"notify", "postern", "pop3_postern"}
        )
        self.assertEqual(self.loaded("lmtp"), {"notify"})


    def test_nothing_of_the_machine_is_changed_for_the_tests(self):
        self.start_mail()
        text = Path("/proc/self/mountinfo").read_text()
        self.assertNotIn(str(self.dir), text)
        for place in ("/etc/postern", "/run/postern"):
            self.assertNotEqual(
                os.path.realpath(place), os.path.realpath(self.etc)
            )


DEBIAN = Path("/usr/share/dovecot")


@unittest.skipUnless((DEBIAN / "conf.d/10-auth.conf").exists(),
                     "Debian's own configuration of Dovecot is not here")
class Debian(case.DovecotTest):
    """The files are copied where their first lines say."""

    def setUp(self):
        super().setUp()
        self.start_mail()
        self.conf_dir = self.dir / "debian"
        self.conf_dir.mkdir()
        shutil.copy(DEBIAN / "dovecot.conf", self.conf_dir)
        shutil.copytree(DEBIAN / "conf.d", self.conf_dir / "conf.d")
        for path in mail.EXAMPLES.glob("dovecot-%d.%d*.conf" % version()):
            text = path.read_text()
            names = re.findall(r"/etc/dovecot/conf\.d/(\S+\.conf)", text)
            shutil.copy(path, self.conf_dir / "conf.d" / names[0])

    def doveconf(self, *words):
        """In the view that has our modules."""
        argv = ["doveconf", "-c", self.conf_dir / "dovecot.conf", *words]
        done = subprocess.run(
            list(map(str, mounts.enter(self.dovecot.pid(), argv))),
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_they_come_in_the_right_order(self):
        text = self.doveconf("-n")
        for kind in ("passdb", "userdb"):
            blocks = re.findall(rf"(?ms)^{kind} .*?^}}", text)
            with self.subTest(kind=kind):
                first = "postern" if kind == "passdb" else "prefetch"
                self.assertIn(first, blocks[0])
                self.assertNotIn(first, blocks[1])
        self.assertEqual(len(re.findall("= return-fail", text)), 2)
        plugins = {
            name: re.findall(
                r"\w*postern",
                self.doveconf("-f", f"protocol={name}", "mail_plugins"),
            )
            for name in ("imap", "pop3", "lmtp")
        }
        self.assertEqual(
            plugins,
            {
                "imap": ["postern", "imap_postern"],
                "pop3": ["postern", "pop3_postern"],
                "lmtp": [],
            },
        )


class Http(case.DovecotTest):
    def setUp(self):
        super().setUp()
        self.start_mail(dovecot={"parts": ["http"]})

    def call(self, method, key=mail.API_KEY, **parameters):
        """The first of doveadm's answers: (kind, value)."""
        token = base64.b64encode(key.encode()).decode()
        port = self.dovecot.ports["http"]
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/doveadm/v1",
            json.dumps([[method, parameters, "t"]]).encode(),
            {
                "Authorization": f"X-Dovecot-API {token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=20) as response:
            kind, value, _tag = json.load(response)[0]
        return kind, value

    def test_a_front_end_turns_access_on(self):
        kind, value = self.call("posternEnable", user=ALICE)
        self.assertEqual(kind, "doveadmResponse", value)
        self.imap(ALICE, value[0]["password"])

    def test_nothing_else_is_allowed(self):
        for method in ("mailboxList", "fetch", "index"):
            with self.subTest(method=method):
                kind, value = self.call(method, user=ALICE)
                self.assertEqual((kind, value["type"]),
                                 ("error", "unAuthorized"))

    @unittest.skipUnless(shutil.which("curl"), "curl is not installed")
    def test_a_wrong_key_opens_nothing(self):
        """By curl, as the man page shows it."""
        self.expected_errors = ["Invalid authentication attempt to HTTP API"]
        port = self.dovecot.ports["http"]
        token = base64.b64encode(b"wrong").decode()
        done = subprocess.run(
            ["curl", "--silent", "--max-time", "20", "--write-out"]
            + ["%{http_code}", "--header"]
            + [f"Authorization: X-Dovecot-API {token}", "--data"]
            + [json.dumps([["posternEnable", {"user": ALICE}, "t"]])]
            + [f"http://127.0.0.1:{port}/doveadm/v1"],
            capture_output=True,
            text=True,
            timeout=30,
        )
        self.assertEqual(done.stdout, "401")
        self.assertEqual(self.ctl_json("account", "list"), [])


class Metrics(case.DovecotTest):
    def metrics(self):
        port = self.dovecot.ports["metrics"]
        url = f"http://127.0.0.1:{port}/metrics"
        with urllib.request.urlopen(url, timeout=20) as response:
            return response.read().decode()

    def wait_for(self, *patterns):
        def all_there():
            text = self.metrics()
            return all(re.search(pattern, text) for pattern in patterns)

        try:
            children.wait_for(all_there, "metrics")
        except TimeoutError:
            self.fail(f"not all of {patterns} in:\n{self.metrics()}")

    def test_logins_holds_ends_and_traffic_are_counted(self):
        free = {"mail_check": "1h", "imap_check": "hold"}
        self.start_mail(free, dovecot={"parts": ["metrics"]})
        password = self.enable(ALICE, "--protocols", "imap")
        imap = self.imap(ALICE, password)
        self.assertFalse(self.pop3().login(ALICE, password).ok)
        imap.exists()
        self.dovecot.deliver(ALICE)
        self.assertEqual(imap.exists(), 0)
        self.ctl("disable", ALICE)
        imap.wait_closed()
        self.wait_for(
            r'postern_login_total\{protocol="imap",result="ok"\} 1',
            r'postern_login_total\{protocol="pop3",result="\w+"\} 1',
            r"postern_hold_total [1-9]",
            r'postern_session_end_total\{reason="[\w-]+"\} 1',
            r"postern_traffic_total [1-9]",
        )
