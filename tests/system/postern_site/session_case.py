# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Base class of the tests of the session socket."""

import subprocess

from . import children
from .case import ALICE, BOB, PolicydTest
from .sessions import Session

PLAN = {"messages": [], "mail_check": "5m", "imap_check": "hold"}


class SessionTest(PolicydTest):
    def setUp(self):
        super().setUp()
        self.where = self.dir / "run" / "session.sock"

    def start(self, free=None, **settings):
        plan = PLAN if free is None else {**PLAN, **free}
        super().start(plan, **settings)
        self.enable(ALICE)
        self.enable(BOB)

    def enable(self, login, *words):
        self.ctl("enable", login, *words)

    def tool(self, *words):
        """What session_tool prints, as words."""
        program = self.program("../tests/system/session_tool")
        argv = [program, self.state, *map(str, words)]
        env = None if self.clock is None else self.clock.environment()
        done = subprocess.run(
            argv, env=env, capture_output=True, text=True, check=True
        )
        return done.stdout.split()

    def tokens(self, count=1, login=ALICE, protocol="imap", password=1):
        return self.tool("token", login, protocol, password, count)

    def token(self, *args, **options):
        return self.tokens(1, *args, **options)[0]

    def connect(self, **options):
        session = Session(self.where, **options)
        self.addCleanup(session.close)
        return session

    def open(self, login=ALICE, service="imap", password=1, token=None):
        """A session that is open."""
        token = token or self.token(login, service, password)
        session = self.connect()
        reply = session.open(token, login, service, session="abc+123")
        self.assertEqual(reply["action"], "ok", reply)
        return session

    def wait_count(self, count, login=ALICE):
        """Until Dovecot's auth process sees so many."""
        children.wait_for(
            lambda: int(self.tool("usage", login)[1]) == count,
            f"{count} sessions of {login}",
        )

    def expect_end(self, session, reason):
        """It is told to end, unasked, and the connection is closed."""
        news = session.news()
        self.assertEqual(news["action"], "close")
        self.assertEqual(news["reason"], reason)
        self.assertRegex(news["reply"], r"^\[[A-Z/-]+\] \S")
        self.assertTrue(session.is_closed())
