# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Base classes of the tests of packaging/examples/plans."""

import shutil
from pathlib import Path

from . import case, session_case, sessions

EXAMPLES = Path(__file__).resolve().parents[3] / "packaging" / "examples"
PLANS = EXAMPLES / "plans"
DAY = 86400
HOUR = 3600
MEGABYTE = 1024 * 1024


def put(conf, *names):
    """Those files beside postern.conf, as a postmaster would put them."""
    directory = conf.parent / "conf.d"
    directory.mkdir()
    for name in names:
        shutil.copy(PLANS / f"{name}.conf", directory)


class PlanTest(case.PolicydTest):
    """FILE is used as it is; PLAN of it is the default plan."""

    FILE = None
    PLAN = None

    def write_conf(self, free=None, plans=None, **settings):
        put(self.conf, self.FILE)
        settings.setdefault("default_plan", self.PLAN or self.FILE)
        super().write_conf(free, plans, **settings)

    def pass_and_refuse(self, policy, count, text, login=case.ALICE,
                        **changes):
        """COUNT messages, and one more with TEXT in the reply."""
        for number in range(count):
            action = policy.send_message(login, **changes)
            self.assertEqual(action, "DUNNO", f"message {number + 1}")
        action = policy.send_message(login, **changes)
        self.assertIn(text, action)
        return action

    def refuse_recipient(self, client, limit, sender=case.ALICE):
        """LIMIT recipients and one more, which must wait."""
        lines = [f"RCPT TO:<r{n}@remote.test>" for n in range(limit + 1)]
        replies = client.pipeline(f"MAIL FROM:<{sender}>", *lines)
        codes = [reply.code for reply in replies]
        self.assertEqual(codes, [250] * (limit + 1) + [452])
        self.assertIn(f"at most {limit}", replies[-1].text)
        client.command("RSET")

    def refuse_size(self, limit):
        """A message of LIMIT bytes passes, a larger one never does."""
        with self.policy() as policy:
            size = {"size": str(limit)}
            self.assertEqual(policy.send_message(**size), "DUNNO")
            size = {"size": str(limit + 1)}
            action = policy.send_message(**size)
        self.assertRegex(action, r"^552 5\.3\.4 ")
        self.assertIn(f"at most {limit // MEGABYTE}M", action)

    def explained(self, login=case.ALICE):
        """What a postmaster reads."""
        return self.posternctl().run("explain", login).out

    # Tokens as Dovecot's auth process makes them.
    tool = session_case.SessionTest.tool

    def mail_session(self, login=case.ALICE, service="imap", password=1):
        """A mail session that policyd knows of, without a Dovecot."""
        (token,) = self.tool("token", login, service, password, 1)
        session = sessions.Session(self.dir / "run" / "session.sock")
        self.addCleanup(session.close)
        reply = session.open(token, login, service, session="abc+123")
        self.assertEqual(reply["action"], "ok", reply)
        return session
