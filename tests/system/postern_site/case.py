# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Base classes of the tests."""

import itertools
import os
import re
import unittest
from pathlib import Path

from . import clock, conf, mail, site, workdir
from .ctl import Ctl
from .policy import Policy
from .policyd import Policyd
from .smtp import Smtp

ALICE = "alice@example.test"
BOB = "bob@example.test"
FREE = {"messages": ["5/1m", "15/1h"]}

# Set by run.py; raw tests put their files below ROOT.
BUILD = Path(os.environ.get("POSTERN_BUILD", "build/release"))
_root = None
_numbers = itertools.count(1)


def _test_directory():
    global _root
    if _root is None:
        _root = workdir.make_root(BUILD)
    directory = _root / str(next(_numbers))
    directory.mkdir(mode=0o755)
    return directory


class PolicydTest(unittest.TestCase):
    """Each test has a directory, a state and a policyd of its own."""

    def setUp(self):
        self.dir = _test_directory()
        self.state = self.dir / "state"
        self.conf = self.dir / "postern.conf"
        self.log = self.dir / "policyd.log"
        self.clock = None
        self.owner = site.OWNER if os.geteuid() == 0 else None
        run = self.dir / "run"
        run.mkdir(mode=0o755)
        workdir.give(run, site.OWNER)
        self.socket = run / "policy.sock"
        self.daemon = None
        self.addCleanup(self._stop_daemon)

    def _stop_daemon(self):
        """Whatever a test is about, its daemon must not crash meanwhile."""
        if self.daemon is None or self.daemon.child is None:
            return
        code = self.daemon.end() or 0
        self.assertGreaterEqual(code, 0, self.daemon.text())
        self.assertNotIn("Sanitizer:", self.daemon.text())

    @staticmethod
    def program(name):
        return BUILD.resolve() / "bin" / name

    def write_conf(self, free=None, plans=None, **settings):
        """postern.conf; FREE is the default plan's keys."""
        defaults = {
            "mode": "enforce",
            "state_dir": self.state,
            "default_domain": "example.test",
            "default_plan": "free",
            "trusted_networks": ["127.0.0.9/32"],
            "require_tls": False,
            "policy_listen": [f"unix:{self.socket}"],
            "session_listen": f"unix:{self.dir}/run/session.sock",
            "milter_listen": f"unix:{self.dir}/run/milter.sock",
        }
        every = {"free": FREE if free is None else free, **(plans or {})}
        self.conf.write_text(conf.render(every, **{**defaults, **settings}))

    def ctl(self, *words, **options):
        return self.posternctl()(*words, **options)

    def ctl_json(self, *words):
        return self.posternctl().json(*words)

    def posternctl(self):
        return Ctl(self.program("posternctl"), self.conf, self.clock)

    def init(self):
        owner = ("--owner", self.owner) if self.owner else ()
        self.ctl("init", *owner)

    def start(self, free=None, **settings):
        """Configuration, state, daemon."""
        self.write_conf(free, **settings)
        self.init()
        return self.start_daemon()

    def make_daemon(self):
        self.daemon = Policyd(
            self.program("postern-policyd"), self.conf, self.log, self.clock
        )
        return self.daemon

    def start_daemon(self):
        return self.make_daemon().start()

    def use_clock(self, **options):
        """From now on our programs live by self.clock."""
        if clock.library() is None:
            self.skipTest("libfaketime is not installed")
        self.clock = clock.Clock(self.dir / "clock", **options)

    @staticmethod
    def free_port():
        return workdir.free_ports(1)[0]

    def policy(self, **options):
        """A connection to the daemon."""
        client = Policy(self.socket, **options)
        self.addCleanup(client.close)
        return client

    def accept(self, client, count, login=ALICE):
        """COUNT messages pass."""
        for number in range(count):
            action = client.send_message(login)
            self.assertEqual(action, "DUNNO", f"message {number + 1}")

    def used(self, login=ALICE, kind="messages"):
        """The fill of LOGIN's windows of one kind, the shortest first."""
        rows = self.ctl_json("quota", login)
        return [row["used"] for row in rows if row["kind"] == kind]


class PostfixTest(PolicydTest):
    """The same behind the shared Postfix."""

    def setUp(self):
        try:
            self.site = site.shared(BUILD)
        except site.Missing as missing:
            self.skipTest(str(missing))
        super().setUp()
        self.socket = self.site.policy_socket

    def smtp(self, login=ALICE, service="submission", **options):
        """A session, logged in unless LOGIN is None."""
        client = Smtp(self.site.port(service), **options)
        self.addCleanup(client.close)
        if login is not None:
            reply = client.auth(login, site.PASSWORD)
            self.assertEqual(reply.code, 235, str(reply))
        return client

    def pass_mail(self, client, count, sender=ALICE):
        for number in range(count):
            reply = client.send(sender, "x@remote.test")
            self.assertEqual(reply.code, 250, f"{number + 1}: {reply}")


class DovecotTest(PolicydTest):
    """The same beside a Dovecot of its own, with Postern's plugin.

    A log line of Dovecot's that tells of an error fails the test, unless a
    regex in self.expected_errors is found in it.
    """

    # With the shared Postfix, whose service "mailauth" asks this Dovecot.
    POSTFIX = False

    def setUp(self):
        try:
            mail.check_machine(BUILD)
            self.site = site.shared(BUILD) if self.POSTFIX else None
        except site.Missing as missing:
            self.skipTest(str(missing))
        super().setUp()
        self.etc = self.dir / "etc"
        self.etc.mkdir(mode=0o755)
        self.conf = self.etc / "postern.conf"
        if self.site is not None:
            self.socket = self.site.policy_socket
        self.expected_errors = []
        self.dovecot = None
        self.addCleanup(self._stop_dovecot)

    def _stop_dovecot(self):
        if self.dovecot is None:
            return
        self.dovecot.stop()
        bad = [
            line
            for line in self.dovecot.errors()
            if not any(re.search(x, line) for x in self.expected_errors)
        ]
        self.assertEqual(bad, [], "errors in Dovecot's log")

    def make_dovecot(self, **options):
        """OPTIONS are those of MailServer.configure()."""
        if self.site is not None:
            options.setdefault("socket", self.site.mail_auth_socket)
        options.setdefault("clock", self.clock)
        self.dovecot = mail.MailServer(
            self.dir / "dovecot",
            BUILD,
            self.etc,
            self.dir / "run",
            site.USERS,
            **options,
        )
        return self.dovecot

    def start_mail(self, free=None, dovecot=None, **settings):
        """Configuration, state, daemon, Dovecot; returns the last."""
        self.start(free, **settings)
        return self.make_dovecot(**(dovecot or {})).start()

    def enable(self, login=ALICE, *words):
        """Turns external access on; the app password."""
        rows = self.ctl_json("enable", login, *words)
        return rows[0]["password"]

    def imap(self, login=ALICE, password=None, **options):
        """A session; without a PASSWORD, one that is not logged in."""
        client = self.dovecot.imap(**options)
        self.addCleanup(client.close)
        if password is not None:
            answer = client.login(login, password)
            self.assertEqual(answer.status, "OK", str(answer))
        return client

    def pop3(self, login=ALICE, password=None, **options):
        client = self.dovecot.pop3(**options)
        self.addCleanup(client.close)
        if password is not None:
            reply = client.login(login, password)
            self.assertTrue(reply.ok, str(reply))
        return client

    def smtp(self, login=ALICE, password=None, service="mailauth", **options):
        """The same to Postfix, which asks this Dovecot (see POSTFIX)."""
        client = Smtp(self.site.port(service), **options)
        self.addCleanup(client.close)
        if password is not None:
            reply = client.auth(login, password)
            self.assertEqual(reply.code, 235, str(reply))
        return client
