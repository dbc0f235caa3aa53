# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""An MTA's side of SMTP sessions, told to a filter (milter_client.py).

The macros are those that Postfix 3.7 and Sendmail 8.17 send by default.
"""

from .milter_client import Milter, queue_id, strings

HEADERS = (
    ("From", "Alice <alice@example.test>"),
    ("To", "x@remote.test"),
    ("Subject", "test"),
    ("Message-ID", "<1@mua.example.test>"),
)
SPOOF = (("From", "Boss <ceo@example.test>"), *HEADERS[1:])
BODY = b"hello\r\n"


class Session:
    """One SMTP session.  LOGIN of None: nobody has logged in."""

    def __init__(
        self,
        where,
        login="alice@example.test",
        address="127.0.0.1",
        sendmail=False,
        tls=True,
        **offer,
    ):
        self.link = Milter(where, **offer)
        self.login = login
        self.sendmail = sendmail
        self.tls = tls
        self.address = address
        self.greeted = False

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        self.close()

    def close(self):
        self.link.close()

    def _everywhere(self):
        macros = {
            "j": "mx.example.test",
            "_": f"mua.example.test [{self.address}]",
            "{daemon_name}": "ORIGINATING",
        }
        if not self.sendmail:
            macros["v"] = "Postfix 3.7.11"
            macros["{daemon_addr}"] = "127.0.0.1"
        return macros

    def greet(self):
        """The session's begin; the first reply that refuses, or the last."""
        self.greeted = True
        tls = {"{tls_version}": "TLSv1.3", "{cipher_bits}": "256"}
        reply = self.link.connect(
            address=self.address, macros=self._everywhere()
        )
        if not reply.passes:
            return reply
        return self.link.helo(macros=tls if self.tls else {})

    def mail(self, sender, number):
        macros = {"{mail_addr}": sender}
        if self.sendmail:
            macros["i"] = number
        if self.login is not None:
            macros["{auth_type}"] = "PLAIN"
            macros["{auth_authen}"] = self.login
        return self.link.mail(sender, macros=macros)

    def rcpt(self, recipient, number, first=False):
        """Postfix has no queue id before the first recipient is accepted."""
        macros = {"{rcpt_addr}": recipient}
        if self.sendmail or not first:
            macros["i"] = number
        return self.link.rcpt(recipient, macros=macros)

    def content(self, headers, body, number):
        """DATA to the end of the message; the reply that decides."""
        macros = {"i": number}
        reply = self.link.data(macros=macros)
        for name, value in headers:
            if reply.word not in ("continue", "none"):
                return reply
            reply = self.link.header(name, value)
        for step in (
            lambda: self.link.eoh(macros=macros),
            lambda: self.link.body(body),
            lambda: self.link.eom(macros=macros),
        ):
            if reply.word not in ("continue", "none", "skip"):
                return reply
            reply = step()
        return reply

    def send(
        self,
        sender="alice@example.test",
        *recipients,
        headers=HEADERS,
        body=BODY,
        number=None,
    ):
        """A whole message; the reply that decided its fate."""
        number = number or queue_id()
        if not self.greeted:
            reply = self.greet()
            if reply.word not in ("continue", "none"):
                return reply
        reply = self.mail(sender, number)
        recipients = recipients or ("x@remote.test",)
        taken = 0
        for at, recipient in enumerate(recipients):
            if reply.word in ("accept", "discard") or not reply.passes:
                break
            answer = self.rcpt(recipient, number, first=at == 0)
            taken += answer.passes
            if answer.word == "accept" or not answer.passes and not taken:
                reply = answer
        if reply.word in ("continue", "none"):
            reply = self.content(headers, body, number)
        if not reply.passes:
            self.link.abort()
        return reply


class Cleanup(Session):
    """Postfix's cleanup(8) with mail that came over no connection.

    It has a queue id from the beginning, and no brackets around addresses.
    """

    def __init__(self, where, **offer):
        super().__init__(where, None, tls=False, **offer)

    def greet(self):
        self.greeted = True
        return self.link.connect(
            "localhost", "127.0.0.1", 0, macros=self._everywhere()
        )

    def mail(self, sender, number):
        macros = {"i": number, "{mail_addr}": sender}
        return self.link.command(b"M", strings(sender), macros=macros)

    def rcpt(self, recipient, number, first=False):
        macros = {"i": number, "{rcpt_addr}": recipient}
        return self.link.command(b"R", strings(recipient), macros=macros)


def parts(text):
    """The header fields and the body of a message's TEXT, as they are sent."""
    head, _, body = text.partition("\n\n")
    fields = [
        tuple(field.split(": ", 1))
        for field in head.replace("\n ", "\0 ").split("\n")
    ]
    headers = [(name, value.replace("\0", "\n")) for name, value in fields]
    return headers, body.replace("\n", "\r\n").encode()
