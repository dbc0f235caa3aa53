# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""An SMTP client that hides nothing: each command, each reply."""

import base64
import re
import socket
import ssl
from dataclasses import dataclass

# Enough for two tries of a policy server that does not answer.
TIMEOUT = 60.0


@dataclass(frozen=True)
class Reply:
    """code is 0 if the connection was closed instead."""

    code: int
    lines: tuple

    @property
    def text(self):
        return " ".join(line[4:] for line in self.lines)

    @property
    def enhanced(self):
        found = re.match(r"\d+\.\d+\.\d+", self.text)
        return found.group() if found else ""

    def __str__(self):
        return "\n".join(self.lines) or "<connection closed>"


class Smtp:
    """One session; ECHO, if given, is called with each line of both sides."""

    def __init__(self, port, source=None, echo=None, helo="mua.example.test"):
        self.echo = echo or (lambda _who, _line: None)
        self.link = socket.create_connection(
            ("127.0.0.1", port),
            timeout=TIMEOUT,
            source_address=(source, 0) if source else None,
        )
        self.file = self.link.makefile("rb")
        self.greeting = self.read()
        self.ehlo = self.command(f"EHLO {helo}")

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        self.close()

    def close(self):
        self.file.close()
        self.link.close()

    def read(self):
        lines = []
        while True:
            line = self.file.readline().decode("utf-8", "replace")
            line = line.rstrip("\r\n")
            if not line:
                return Reply(0, tuple(lines))
            self.echo("S", line)
            lines.append(line)
            if line[3:4] != "-":
                return Reply(int(line[:3]), tuple(lines))

    def write(self, line, shown=None):
        self.echo("C", shown or line)
        self.link.sendall(line.encode() + b"\r\n")

    def command(self, line, shown=None):
        self.write(line, shown)
        return self.read()

    def pipeline(self, *lines):
        """All commands in one write, then all replies."""
        for line in lines:
            self.echo("C", line)
        self.link.sendall("".join(f"{x}\r\n" for x in lines).encode())
        return [self.read() for _ in lines]

    def starttls(self):
        reply = self.command("STARTTLS")
        if reply.code == 220:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.file.close()
            self.link = context.wrap_socket(self.link)
            self.file = self.link.makefile("rb")
            self.command("EHLO mua.example.test")
        return reply

    def auth(self, login, password):
        token = f"\0{login}\0{password}".encode()
        return self.command(
            "AUTH PLAIN " + base64.b64encode(token).decode("ascii"),
            shown=f"AUTH PLAIN (as {login}, with the password)",
        )

    def mail(self, sender, *recipients, options=""):
        """MAIL and RCPT; the first reply that refuses, or else the last."""
        reply = self.command(f"MAIL FROM:<{sender}>{options}")
        for recipient in recipients:
            if reply.code >= 400 or reply.code == 0:
                break
            reply = self.command(f"RCPT TO:<{recipient}>")
        return reply

    def body(self, text):
        """What follows DATA's 354."""
        for line in text.splitlines():
            self.echo("C", line)
        self.echo("C", ".")
        lines = ("." + x if x[:1] == "." else x for x in text.splitlines())
        data = "".join(f"{line}\r\n" for line in lines)
        self.link.sendall(data.encode() + b".\r\n")
        return self.read()

    def send_raw(self, sender, recipient, data):
        """A whole message of these bytes, whatever they are."""
        reply = self.mail(sender, recipient)
        if reply.code == 250:
            reply = self.command("DATA")
        if reply.code == 354:
            self.link.sendall(data + b"\r\n.\r\n")
            reply = self.read()
        if reply.code >= 400:
            self.command("RSET")
        return reply

    def bdat(self, *chunks):
        """CHUNKINGs; the last one is LAST.  The reply to each."""
        replies = []
        for number, chunk in enumerate(chunks, 1):
            last = " LAST" if number == len(chunks) else ""
            self.echo("C", f"BDAT {len(chunk)}{last}")
            self.link.sendall(f"BDAT {len(chunk)}{last}\r\n".encode() + chunk)
            replies.append(self.read())
        return replies

    def send(self, sender, *recipients, text="Subject: test\n\nhello\n"):
        """A whole message; the reply that decided its fate."""
        reply = self.mail(sender, *recipients)
        if 200 <= reply.code < 300:
            reply = self.command("DATA")
        if reply.code == 354:
            reply = self.body(text)
        if reply.code >= 400:
            # Postfix keeps a transaction that it has refused.
            self.command("RSET")
        return reply
