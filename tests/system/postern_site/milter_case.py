# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Base classes of the tests of postern-milter."""

import itertools

from . import case, milter_site, site
from .milter_client import Milter
from .milter_mta import HEADERS, Session
from .policyd import Policyd
from .smtp import Smtp
from .workdir import Missing

NO_LIMIT = {"messages": ["1000/1h"]}
_numbers = itertools.count(1)


def message(sender=case.ALICE, subject="test", body="hello\n", **fields):
    """The text of an honest message; a field of None is left out.

    FIELDS are named as in Python: message_id for Message-ID.
    """
    wanted = {
        "From": sender,
        "To": "x@remote.test",
        "Subject": subject,
        "Message-ID": f"<{next(_numbers)}.test@mua.example.test>",
    }
    for name, value in fields.items():
        known = {key.lower(): key for key in wanted}
        name = name.replace("_", "-")
        wanted[known.get(name.lower(), name)] = value
    head = "".join(f"{k}: {v}\n" for k, v in wanted.items() if v is not None)
    return f"{head}\n{body}"


class MilterTest(case.PolicydTest):
    """Each test has a state and a postern-milter of its own."""

    def setUp(self):
        super().setUp()
        if not self.program("postern-milter").is_file():
            self.skipTest("this build has no postern-milter")
        self.milter_socket = self.dir / "run" / "milter.sock"
        self.milter = None
        self.addCleanup(self._stop_milter)

    def _stop_milter(self):
        """Whatever a test is about, its milter must not crash meanwhile."""
        if self.milter is None or self.milter.child is None:
            return
        code = self.milter.end() or 0
        self.assertGreaterEqual(code, 0, self.milter.text())
        self.assertNotIn("Sanitizer:", self.milter.text())

    def write_conf(self, free=None, plans=None, **settings):
        settings.setdefault("milter_listen", f"unix:{self.milter_socket}")
        super().write_conf(free, plans, **settings)

    def make_milter(self):
        self.milter = Policyd(
            self.program("postern-milter"),
            self.conf,
            self.dir / "milter.log",
            self.clock,
        )
        return self.milter

    def start_milter(self):
        return self.make_milter().start()

    def start_alone(self, free=None, **settings):
        """Configuration, state and the milter, but no policyd."""
        self.write_conf(free, **settings)
        self.init()
        return self.start_milter()

    def start_both(self, free=None, **settings):
        self.start(free, **settings)
        return self.start_milter()

    def session(self, *args, **options):
        """An SMTP session of an MTA that this test plays itself."""
        session = Session(self.milter_socket, *args, **options)
        self.addCleanup(session.close)
        return session


class SessionTest(MilterTest):
    """The test itself plays the MTA."""

    def passes(self, session, **options):
        reply = session.send(**options)
        self.assertTrue(reply.passes, str(reply))
        return reply

    def refuses(self, session, **options):
        reply = session.send(**options)
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.1"),
                         str(reply))
        return reply

    def lives(self):
        """The milter still does its work."""
        self.assertTrue(self.milter.child.is_running(), self.milter.text())
        session = self.session(case.BOB)
        headers = (("From", case.BOB), *HEADERS[1:])
        reply = session.send(case.BOB, headers=headers)
        self.assertTrue(reply.passes, str(reply))
        session.close()

    def raw(self, *packets, negotiate=True, **options):
        """PACKETS and no more; the letters of what was replied."""
        with Milter(self.milter_socket, negotiate=negotiate,
                    **options) as link:
            try:
                link.write(b"".join(packets))
                link.write_end()
            except OSError:
                pass
            return link.rest()


class _SiteTest(MilterTest):
    KIND = None
    SERVICE = "submission"

    def setUp(self):
        try:
            self.site = milter_site.shared(case.BUILD, self.KIND)
        except Missing as missing:
            self.skipTest(str(missing))
        super().setUp()
        self.milter_socket = self.site.milter_socket
        self.sink = self.site.sink
        self.sink.clear()

    def smtp(self, login=case.ALICE, service=None, tls=False, **options):
        """A session, logged in unless LOGIN is None."""
        client = Smtp(self.site.port(service or self.SERVICE), **options)
        self.addCleanup(client.close)
        if tls:
            self.assertEqual(client.starttls().code, 220)
        if login is not None:
            reply = client.auth(login, site.PASSWORD)
            self.assertEqual(reply.code, 235, str(reply))
        return client

    def send(self, client, sender=case.ALICE, *recipients, **options):
        """A message with an honest header, unless it comes as TEXT."""
        text = options.pop("text", None) or message(sender, **options)
        return client.send(sender, *(recipients or ["x@remote.test"]),
                           text=text)

    def pass_mail(self, client, count, sender=case.ALICE, *recipients):
        for number in range(count):
            reply = self.send(client, sender, *recipients)
            self.assertEqual(reply.code, 250, f"{number + 1}: {reply}")


class PostfixMilterTest(_SiteTest):
    KIND = milter_site.MilterSite

    def setUp(self):
        super().setUp()
        self.socket = self.site.policy_socket


class SendmailTest(_SiteTest):
    KIND = milter_site.SendmailSite
