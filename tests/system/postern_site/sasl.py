# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Dovecot's auth socket, as Postfix and the login processes speak to it."""

import base64
import itertools
import socket
from dataclasses import dataclass

from .patience import PATIENCE

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Reply:
    """word is OK, FAIL or CONT; fields: name -> value, "" for a bare one."""

    word: str
    fields: dict

    @property
    def ok(self):
        return self.word == "OK"

    @property
    def reason(self):
        return self.fields.get("reason", "")

    @property
    def code(self):
        return self.fields.get("code", "")


class Sasl:
    """One connection.  Names and passwords are bytes or text, unchecked."""

    def __init__(self, where, timeout=PATIENCE):
        self.link = socket.socket(socket.AF_UNIX)
        self.link.settimeout(timeout)
        self.link.connect(str(where))
        self.file = self.link.makefile("rb")
        self.count = 0
        number = 1_000_000 + next(_numbers)
        self.link.sendall(b"VERSION\t1\t1\nCPID\t%d\n" % number)
        while self._line() != b"DONE":
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        self.close()

    def close(self):
        self.file.close()
        self.link.close()

    def _line(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("the auth process closed the connection")
        return line.rstrip(b"\n")

    def send(self, login, password, service="smtp", address="192.0.2.7"):
        """A PLAIN login without waiting for its answer."""
        login, password = (
            x if isinstance(x, bytes) else x.encode("utf-8", "surrogateescape")
            for x in (login, password)
        )
        token = base64.b64encode(b"\0" + login + b"\0" + password).decode()
        self.count += 1
        words = ["AUTH", str(self.count), "PLAIN", f"service={service}"]
        words += ["secured", "no-penalty", f"rip={address}", "lip=127.0.0.1"]
        line = "\t".join([*words, f"resp={token}"])
        self.link.sendall(line.encode() + b"\n")

    def read(self):
        line = self._line().decode("utf-8", "surrogateescape")
        word, _number, *rest = line.split("\t")
        pairs = (field.partition("=") for field in rest)
        return Reply(word, {name: value for name, _, value in pairs})

    def login(self, login, password, **options):
        self.send(login, password, **options)
        return self.read()
