# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A POP3 client that hides nothing: each command, each reply."""

import re
import socket
from dataclasses import dataclass

from .patience import PATIENCE
from .tls import wrap


class Closed(Exception):
    """The server closed the connection instead of an answer."""


@dataclass(frozen=True)
class Reply:
    """ok; code (what stands in brackets), text; lines of a long answer."""

    ok: bool
    code: str
    text: str
    lines: tuple = ()

    def __str__(self):
        code = f"[{self.code}] " if self.code else ""
        return ("+OK " if self.ok else "-ERR ") + code + self.text


class Pop3:
    """One connection; ECHO, if given, is called with each line of both sides.

    SOURCE is the address to come from; TLS speaks it from the start.
    """

    def __init__(self, port, source=None, tls=False, echo=None,
                 timeout=PATIENCE):
        self.echo = echo or (lambda _who, _line: None)
        self.link = socket.create_connection(
            ("127.0.0.1", port),
            timeout=timeout,
            source_address=(source, 0) if source else None,
        )
        if tls:
            self.link = wrap(self.link)
        self.file = self.link.makefile("rb")
        self.greeting = self.read()

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        self.close()

    def close(self):
        self.file.close()
        self.link.close()

    def read_line(self):
        try:
            data = self.file.readline()
        except (ConnectionResetError, BrokenPipeError):
            data = b""
        if not data:
            raise Closed("connection closed")
        line = data.decode("utf-8", "surrogateescape").rstrip("\r\n")
        self.echo("S", line)
        return line

    def read(self, long=False):
        line = self.read_line()
        found = re.match(r"(\+OK|-ERR) ?(?:\[([^\]]*)\] ?)?(.*)", line)
        if found is None:
            raise ValueError(f"no POP3 reply: {line!r}")
        ok, lines = found.group(1) == "+OK", []
        while long and ok:
            line = self.read_line()
            if line == ".":
                break
            lines.append(line.removeprefix("."))
        return Reply(ok, found.group(2) or "", found.group(3), tuple(lines))

    def command(self, line, long=False, shown=None):
        """LONG for a command whose good answer ends with a dot."""
        self.echo("C", shown or line)
        self.link.sendall(line.encode() + b"\r\n")
        return self.read(long)

    def login(self, login, password):
        """The reply that refuses, or else that to PASS."""
        reply = self.command(f"USER {login}")
        if not reply.ok:
            return reply
        return self.command(f"PASS {password}", shown="PASS (the password)")

    def capabilities(self):
        return self.command("CAPA", long=True).lines

    def count(self):
        """How many messages there are, by STAT."""
        return int(self.command("STAT").text.split()[0])

    def uidl(self):
        """The unique ids, in order."""
        reply = self.command("UIDL", long=True)
        return [line.split()[1] for line in reply.lines]

    def retrieve(self, number):
        """The lines of a message."""
        return self.command(f"RETR {number}", long=True).lines

    def quit(self):
        reply = self.command("QUIT")
        self.close()
        return reply

    def wait_closed(self, seconds=PATIENCE):
        """The lines until the server has closed; TimeoutError if it stays."""
        self.link.settimeout(seconds)
        lines = []
        try:
            while True:
                lines.append(self.read_line())
        except Closed:
            return lines
