# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The milter protocol from the MTA's side, well formed or not.

Milter speaks as an MTA does: it leaves out the steps that the filter asked it
to leave out, and waits for no reply where none was promised.  Whoever wants to
break those rules uses write() and read().
"""

import itertools
import socket
import struct
from dataclasses import dataclass

from .patience import PATIENCE

# What a filter may do (SMFIF_), and all that an MTA can offer.
ADDHDRS = 0x1
CHGHDRS = 0x10
QUARANTINE = 0x20
SETSYMLIST = 0x100
ALL_ACTIONS = 0x1FF

# What an MTA can leave out, or needs no reply to (SMFIP_).
NOCONNECT = 0x1
NOHELO = 0x2
NOMAIL = 0x4
NORCPT = 0x8
NOBODY = 0x10
NOHDRS = 0x20
NOEOH = 0x40
NR_HDR = 0x80
NOUNKNOWN = 0x100
NODATA = 0x200
SKIP = 0x400
NR_CONN = 0x1000
NR_HELO = 0x2000
NR_MAIL = 0x4000
NR_RCPT = 0x8000
NR_DATA = 0x10000
NR_UNKN = 0x20000
NR_EOH = 0x40000
NR_BODY = 0x80000
HDR_LEADSPC = 0x100000
ALL_STEPS = 0x1FFFFF
# Protocol 2 knows the first seven of them, and no NR_.
OLD_STEPS = 0x7F

BODY_CHUNK = 65535

# Command -> the step that leaves it out, the step that waives its reply.
_STEPS = {
    b"C": (NOCONNECT, NR_CONN),
    b"H": (NOHELO, NR_HELO),
    b"M": (NOMAIL, NR_MAIL),
    b"R": (NORCPT, NR_RCPT),
    b"T": (NODATA, NR_DATA),
    b"L": (NOHDRS, NR_HDR),
    b"N": (NOEOH, NR_EOH),
    b"B": (NOBODY, NR_BODY),
    b"U": (NOUNKNOWN, NR_UNKN),
    b"E": (0, 0),
}

# Command -> the stage of SETSYMLIST that its macros belong to.
_STAGES = {b"C": 0, b"H": 1, b"M": 2, b"R": 3, b"T": 4, b"E": 5, b"N": 6}

_WORDS = {
    b"c": "continue",
    b"a": "accept",
    b"r": "reject",
    b"t": "tempfail",
    b"d": "discard",
    b"s": "skip",
    b"f": "conn-fail",
    b"4": "shutdown",
    b"y": "reply",
}
_CHANGES = {
    b"h": "add",
    b"i": "insert",
    b"m": "change",
    b"q": "quarantine",
    b"+": "add-rcpt",
    b"2": "add-rcpt-par",
    b"-": "del-rcpt",
    b"b": "body",
    b"e": "from",
}

_numbers = itertools.count(1)


def queue_id():
    return f"4{next(_numbers):05X}MILTER"


def packet(command, data=b""):
    return struct.pack(">I", len(data) + 1) + command + data


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def strings(*texts):
    """Each with its NUL."""
    return b"".join(_bytes(text) + b"\0" for text in texts)


class Closed(Exception):
    """The filter closed the connection."""


@dataclass(frozen=True)
class Reply:
    """word is as above, or "none" where the step needs no reply."""

    word: str
    text: str = ""
    changes: tuple = ()  # at the end of the message, in their order
    progress: int = 0

    @property
    def passes(self):
        return self.word in ("continue", "accept", "skip", "none")

    @property
    def code(self):
        """As the client of the MTA sees it; 0 while all is well."""
        fixed = {"reject": 550, "tempfail": 451, "shutdown": 421}
        if self.word == "reply":
            return int(self.text[:3])
        return fixed.get(self.word, 0)

    @property
    def enhanced(self):
        return self.text.split(" ")[1] if self.text else ""

    def __str__(self):
        return f"{self.word} {self.text} {self.changes or ''}".strip()


NONE = Reply("none")


def changed(headers, changes):
    """The header fields of a message after CHANGES, as Postfix makes them."""
    fields = [[name, value] for name, value in headers]
    for word, *rest in changes:
        if word == "add":
            fields.append(rest)
        elif word == "insert":
            fields.insert(rest[0], rest[1:])
        elif word == "change":
            number, name, value = rest
            same = [f for f in fields if f[0].lower() == name.lower()]
            if number <= len(same):
                same[number - 1][1] = value
            elif value:
                fields.append([name, value])
    return [(name, value) for name, value in fields if value is not None]


def _text(data):
    return data.decode("utf-8", "surrogateescape")


def _change(letter, data):
    word = _CHANGES[letter]
    if letter in b"im":
        name, value = data[4:].split(b"\0")[:2]
        number = struct.unpack(">I", data[:4])[0]
        # Without a value, the field goes.
        value = _text(value) if value or letter == b"i" else None
        return (word, number, _text(name), value)
    if letter == b"b":
        return (word, data)
    return (word, *map(_text, data.rstrip(b"\0").split(b"\0")))


class Milter:
    """One connection.  WHERE is a socket's path or a (host, port).

    VERSION, ACTIONS and STEPS are what the MTA offers; what the filter chose
    is in the attributes of that name, and the macros that it asked for in
    .symbols, by stage.
    """

    def __init__(
        self,
        where,
        version=6,
        actions=ALL_ACTIONS,
        steps=ALL_STEPS,
        negotiate=True,
        timeout=PATIENCE,
        trickle=False,
    ):
        is_inet = isinstance(where, tuple)
        family = socket.AF_INET if is_inet else socket.AF_UNIX
        self.link = socket.socket(family)
        self.link.settimeout(timeout)
        try:
            self.link.connect(where if is_inet else str(where))
        except OSError:
            self.link.close()
            raise
        self.file = self.link.makefile("rb")
        self.version, self.actions, self.steps = version, actions, steps
        self.trickle = trickle
        self.symbols = {}
        self.skipped = False
        if negotiate:
            self.negotiate()

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        self.close()

    def close(self):
        self.file.close()
        self.link.close()

    def write(self, data):
        """With TRICKLE, byte by byte."""
        step = 1 if self.trickle else max(1, len(data))
        for at in range(0, len(data), step):
            self.link.sendall(data[at : at + step])

    def write_end(self):
        """No more will come, but replies are still read."""
        self.link.shutdown(socket.SHUT_WR)

    def read(self):
        """(letter, data) of the next packet.  Raises Closed, TimeoutError."""
        try:
            head = self.file.read(4)
            if len(head) < 4:
                raise Closed
            data = self.file.read(struct.unpack(">I", head)[0])
        except ConnectionResetError:
            raise Closed from None
        return data[:1], data[1:]

    def rest(self):
        """The letters of all replies until the filter hangs up."""
        letters = b""
        try:
            while True:
                letters += self.read()[0]
        except Closed:
            return letters.decode("latin-1")

    def negotiate(self):
        offer = (self.version, self.actions, self.steps)
        self.write(packet(b"O", struct.pack(">III", *offer)))
        letter, data = self.read()
        if letter != b"O":
            raise ValueError(f"negotiation answered by {letter + data!r}")
        answer = struct.unpack(">III", data[:12])
        for name, mine, chosen in zip(("version", "actions", "steps"),
                                      offer, answer):
            too_much = chosen & ~mine if name != "version" else chosen > mine
            if too_much:
                raise ValueError(f"{name}: {chosen:#x} of {mine:#x}")
            setattr(self, name, chosen)
        lists = data[12:]
        while lists:
            stage = struct.unpack(">I", lists[:4])[0]
            names, _, lists = lists[4:].partition(b"\0")
            self.symbols[stage] = _text(names).split()

    def wants(self, command):
        return not self.steps & _STEPS[command][0]

    def macros(self, command, values):
        """The macros of a stage, sent before its command."""
        wanted = self.symbols.get(_STAGES.get(command))
        if wanted is not None and values:
            values = {k: v for k, v in values.items() if k in wanted}
        if values:
            pairs = itertools.chain(*values.items())
            self.write(packet(b"D", command + strings(*pairs)))

    def reply(self):
        """The next reply, with all that comes before it."""
        changes, progress = [], 0
        while True:
            letter, data = self.read()
            if letter == b"p":
                progress += 1
            elif letter in _CHANGES:
                changes.append(_change(letter, data))
            elif letter in _WORDS:
                text = _text(data.rstrip(b"\0"))
                return Reply(_WORDS[letter], text, tuple(changes), progress)
            else:
                raise ValueError(f"unknown reply {letter + data!r}")

    def command(self, command, data=b"", **macros):
        """One step, if the filter wants it; its reply, if it gives one."""
        if not self.wants(command):
            return NONE
        self.macros(command, macros.get("macros"))
        self.write(packet(command, data))
        return NONE if self.steps & _STEPS[command][1] else self.reply()

    def connect(
        self, host="mua.example.test", address="192.0.2.7", port=50612, **more
    ):
        if address is None:
            return self.command(b"C", strings(host) + b"U", **more)
        family = b"6" if ":" in address else b"4"
        if address[0] == "/":
            family = b"L"
        data = strings(host) + family + struct.pack(">H", port)
        return self.command(b"C", data + strings(address), **more)

    def helo(self, name="mua.example.test", **more):
        return self.command(b"H", strings(name), **more)

    def mail(self, sender, *options, **more):
        return self.command(b"M", strings(f"<{sender}>", *options), **more)

    def rcpt(self, recipient, *options, **more):
        return self.command(b"R", strings(f"<{recipient}>", *options), **more)

    def data(self, **more):
        self.skipped = False
        return self.command(b"T", **more)

    def header(self, name, value):
        """The blank after the colon goes along only where that was agreed."""
        blank = b" " if self.steps & HDR_LEADSPC else b""
        return self.command(b"L", strings(name, blank + _bytes(value)))

    def eoh(self, **more):
        self.skipped = False
        return self.command(b"N", **more)

    def body(self, data):
        """In chunks, until the filter wants no more."""
        answer = NONE
        for at in range(0, len(data), BODY_CHUNK):
            if self.skipped:
                break
            answer = self.command(b"B", data[at : at + BODY_CHUNK])
            self.skipped = answer.word == "skip"
            if answer.word not in ("continue", "none", "skip"):
                break
        return answer

    def eom(self, **more):
        return self.command(b"E", **more)

    def abort(self):
        self.write(packet(b"A"))

    def quit(self):
        self.write(packet(b"Q"))

    def quit_but_stay(self):
        """The next SMTP session comes over the same connection."""
        self.write(packet(b"K"))
