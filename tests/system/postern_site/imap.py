# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""An IMAP client that hides nothing: each command, each line of the answer."""

import re
import socket
import time
from dataclasses import dataclass

from .patience import PATIENCE
from .tls import wrap


class Closed(Exception):
    """The server closed the connection; .lines came since the last command."""

    def __init__(self, lines=()):
        super().__init__("connection closed after " + repr(list(lines)))
        self.lines = tuple(lines)


@dataclass(frozen=True)
class Answer:
    """Of one command: status (OK, NO, BAD), code (in brackets), text, and
    lines, the untagged ones without the star."""

    status: str
    code: str
    text: str
    lines: tuple

    def find(self, pattern):
        """The matches of a regex in the untagged lines."""
        found = (re.match(pattern, line, re.DOTALL) for line in self.lines)
        return [match for match in found if match]

    def number(self, word):
        """The last number of "* N EXISTS" or the like, or None."""
        found = self.find(rf"(\d+) {word}$")
        return int(found[-1].group(1)) if found else None

    def __str__(self):
        code = f"[{self.code}] " if self.code else ""
        return f"{self.status} {code}{self.text}"


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Imap:
    """One connection; ECHO, if given, is called with each line of both sides.

    SOURCE is the address to come from, such as 127.0.0.9; TLS speaks it from
    the start. What the server says unasked stands in the lines of the next
    answer, or is waited for by wait_line().
    """

    def __init__(self, port, source=None, tls=False, echo=None,
                 timeout=PATIENCE):
        self.echo = echo or (lambda _who, _line: None)
        self.timeout = timeout
        self.link = socket.create_connection(
            ("127.0.0.1", port),
            timeout=timeout,
            source_address=(source, 0) if source else None,
        )
        if tls:
            self.link = wrap(self.link)
        self.buffer = b""
        self.lines = []
        self.count = 0
        self.idle_tag = None
        self.greeting = self.read_line()

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        self.close()

    def close(self):
        self.link.close()

    def write(self, data):
        self.link.sendall(data if isinstance(data, bytes) else data.encode())

    def _receive(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no answer in time; got {self.lines!r}")
        self.link.settimeout(left)
        try:
            data = self.link.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            data = b""
        if not data:
            raise Closed(self.lines)
        self.buffer += data

    def read_line(self, seconds=None):
        """The next line with its literals; Closed or TimeoutError if none."""
        deadline = time.monotonic() + (seconds or self.timeout)
        end = self._end_of_line()
        while end is None:
            self._receive(deadline)
            end = self._end_of_line()
        line, self.buffer = self.buffer[: end - 2], self.buffer[end:]
        text = line.decode("utf-8", "surrogateescape")
        self.echo("S", text)
        return text

    def _end_of_line(self):
        """Where the first whole line ends, literals included, or None."""
        start = 0
        while True:
            found = self.buffer.find(b"\r\n", start)
            if found < 0:
                return None
            literal = re.search(rb"\{(\d+)\}$", self.buffer[start:found])
            if literal is None:
                return found + 2
            start = found + 2 + int(literal.group(1))
            if len(self.buffer) < start:
                return None

    def _answer(self, tag, seconds=None):
        while True:
            line = self.read_line(seconds)
            if line.startswith("* "):
                self.lines.append(line[2:])
            elif line.startswith(tag + " "):
                break
            else:
                self.lines.append(line)
        lines, self.lines = tuple(self.lines), []
        found = re.match(r"(\w+) (?:\[([^\]]*)\] ?)?(.*)", line[len(tag) + 1:],
                         re.DOTALL)
        return Answer(found.group(1), found.group(2) or "", found.group(3),
                      lines)

    def send(self, line, shown=None):
        """A tagged command without waiting; its tag."""
        self.count += 1
        tag = f"a{self.count}"
        self.echo("C", f"{tag} {shown or line}")
        self.write(f"{tag} {line}\r\n")
        return tag

    def command(self, line, shown=None, seconds=None):
        return self._answer(self.send(line, shown), seconds)

    def ok(self, line):
        """The same, and insists on OK."""
        answer = self.command(line)
        if answer.status != "OK":
            raise AssertionError(f"{line}: {answer}")
        return answer

    def login(self, login, password):
        return self.command(
            f"LOGIN {quote(login)} {quote(password)}",
            shown=f"LOGIN {login} (with the password)",
        )

    def logout(self):
        answer = self.command("LOGOUT")
        self.close()
        return answer

    def capability(self):
        """The words of CAPABILITY."""
        answer = self.ok("CAPABILITY")
        return answer.find(r"CAPABILITY (.*)")[0].group(1).split()

    def select(self, mailbox="INBOX", word="SELECT"):
        return self.ok(f"{word} {quote(mailbox)}")

    def exists(self):
        """How many messages INBOX has, by SELECT."""
        return self.select().number("EXISTS")

    def search(self, what="ALL", uid=True):
        """UIDs (or message numbers) that fit."""
        answer = self.ok(("UID " if uid else "") + f"SEARCH {what}")
        found = answer.find(r"SEARCH ?(.*)")
        return [int(n) for n in found[0].group(1).split()] if found else []

    def status(self, mailbox="INBOX",
               items="MESSAGES UIDNEXT UNSEEN RECENT"):
        """{"MESSAGES": 3, ...}"""
        answer = self.ok(f"STATUS {quote(mailbox)} ({items})")
        words = answer.find(r"STATUS .* \(([^)]*)\)$")[0].group(1).split()
        return {k: int(v) for k, v in zip(words[::2], words[1::2])}

    def append(self, text="Subject: mine\r\n\r\nMine.\r\n", mailbox="INBOX",
               flags=""):
        data = text.encode()
        tag = self.send(f"APPEND {quote(mailbox)} ({flags}) {{{len(data)}}}")
        line = self.read_line()
        while not line.startswith("+"):
            if line.startswith(tag):
                raise AssertionError(line)
            self.lines.append(line.removeprefix("* "))
            line = self.read_line()
        self.write(data + b"\r\n")
        return self._answer(tag)

    def idle(self):
        """Begins IDLE; returns once the server has agreed."""
        self.idle_tag = self.send("IDLE")
        self.wait_line(r"\+")

    def done(self):
        """Ends IDLE; its answer."""
        self.echo("C", "DONE")
        self.write("DONE\r\n")
        tag, self.idle_tag = self.idle_tag, None
        return self._answer(tag)

    def wait_line(self, pattern, seconds=None):
        """The first line that matches, of those unasked; without the star.

        The others, before it, stay for the next answer.
        """
        for number, line in enumerate(self.lines):
            if re.match(pattern, line):
                return self.lines.pop(number)
        deadline = time.monotonic() + (seconds or self.timeout)
        while True:
            left = max(0.001, deadline - time.monotonic())
            line = self.read_line(left).removeprefix("* ")
            if re.match(pattern, line):
                return line
            self.lines.append(line)

    def quiet(self, seconds):
        """The lines that come unasked in that time, each without its star."""
        deadline = time.monotonic() + seconds
        lines, self.lines = self.lines, []
        while True:
            left = deadline - time.monotonic()
            try:
                lines.append(self.read_line(max(0.001, left))[2:])
            except TimeoutError:
                return lines

    def wait_closed(self, seconds=PATIENCE):
        """The lines until the server has closed; TimeoutError if it stays."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                left = max(0.001, deadline - time.monotonic())
                line = self.read_line(left)
                self.lines.append(line.removeprefix("* "))
        except Closed:
            lines, self.lines = self.lines, []
            return lines
