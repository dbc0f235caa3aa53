# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The session protocol from the Dovecot plugin's side, well formed or not."""

import collections
import socket

from .patience import PATIENCE
from .policy import Closed


def encode(fields):
    lines = [f"{name}={value}\n" for name, value in fields.items()]
    return ("".join(lines) + "\n").encode()


def request(event, **fields):
    return encode({"request": "postern_session", "event": event, **fields})


class Session:
    """One connection to the session socket at path WHERE."""

    def __init__(self, where, timeout=PATIENCE):
        self.link = socket.socket(socket.AF_UNIX)
        self.link.settimeout(timeout)
        try:
            self.link.connect(str(where))
        except OSError:
            self.link.close()
            raise
        self.buffer = b""
        self.pushed = collections.deque()

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        self.close()

    def close(self):
        self.link.close()

    def write(self, data):
        self.link.sendall(data)

    def _reply(self):
        """The next reply as a dict.  Raises Closed, TimeoutError."""
        while b"\n\n" not in self.buffer:
            try:
                data = self.link.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                raise Closed(self.buffer)
            self.buffer += data
        head, self.buffer = self.buffer.split(b"\n\n", 1)
        pairs = [line.split("=", 1) for line in head.decode().split("\n")]
        if len(pairs) != len(dict(pairs)) or pairs[0][0] != "action":
            raise ValueError(f"no reply: {head!r}")
        return dict(pairs)

    def answer(self):
        """The next reply that was asked for; others are kept."""
        while True:
            reply = self._reply()
            if reply.get("unasked") != "yes":
                return reply
            self.pushed.append(reply)

    def news(self):
        """The next reply that was not asked for."""
        if self.pushed:
            return self.pushed.popleft()
        reply = self._reply()
        if reply.get("unasked") != "yes":
            raise ValueError(f"an answer to nothing: {reply}")
        return reply

    def is_closed(self):
        """Waits for the other side to close; what comes before is kept."""
        try:
            while True:
                self.pushed.append(self._reply())
        except Closed:
            return True
        except TimeoutError:
            return False

    def ask(self, event, **fields):
        self.write(request(event, **fields))
        return self.answer()

    def open(self, token, login, service="imap", **fields):
        return self.ask(
            "open", login=login, token=token, service=service, **fields
        )

    def check(self, uidnext, uidvalidity=1, event="check"):
        return self.ask(event, uidvalidity=uidvalidity, uidnext=uidnext)

    def stored(self, uidnext, uidvalidity=1):
        return self.check(uidnext, uidvalidity, "stored")

    def traffic(self, down=0, up=0):
        return self.ask("traffic", down=down, up=up)
