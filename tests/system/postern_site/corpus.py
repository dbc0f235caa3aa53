# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The corpus of header blocks; tests/corpus/from.txt tells of its format."""

import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "corpus" / "from.txt"

ALIASES = ["example.test = alias.test bücher.test"]
LISTS = {
    "alice@example.test": ["sales@example.test", "@alice.test"],
    "bob@example.test": ["@xn--e1afmkfd.test"],
}

_NAMED = {"NUL": b"\0", "TAB": b"\t", "LF": b"\n", "CR": b"\r", "ESC": b"\x1b"}
_ESCAPE = re.compile(r"\{([^{}]*)\}")
_REPEAT = re.compile(r"\{\*(\d+) ((?:[^{}]|\{[^{}]*\})*)\}")
_FIELD = re.compile(
    rb"([!-9;-~]+[ \t]*):((?:[^\n]*)(?:\n[ \t][^\n]*)*)(?:\n|\Z)"
)


@dataclass
class Entry:
    id: str
    expect: frozenset
    about: str
    login: str = "alice@example.test"
    set: str = ""
    postfix: frozenset = frozenset()
    block: bytes = b""
    line: int = 0

    @property
    def options(self):
        """The keys of the section sender that are not the default."""
        return dict(word.split("=", 1) for word in self.set.split())

    def value(self):
        """Of the first From field, or None."""
        for name, value in fields(self.block):
            if name.strip().lower() == b"from":
                return value
        return None


def _octets(text):
    out = b""
    last = 0
    for match in _ESCAPE.finditer(text):
        out += text[last : match.start()].encode()
        inner = match.group(1)
        out += _NAMED[inner] if inner in _NAMED else bytes.fromhex(inner)
        last = match.end()
    return out + text[last:].encode()


def decode(line):
    """What stands behind the "|" of a line of the file."""
    out = b""
    last = 0
    for match in _REPEAT.finditer(line):
        out += _octets(line[last : match.start()])
        out += _octets(match.group(2)) * int(match.group(1))
        last = match.end()
    return out + _octets(line[last:])


def _words(text):
    return frozenset(text.split(" | ")) if text else frozenset()


def _entry(number, lines):
    values = {}
    key = None
    block = b""
    for line in lines:
        if line.startswith("|"):
            block += decode(line[1:]) + b"\r\n"
        elif line.startswith(" "):
            values[key] += " " + line.strip()
        else:
            key, value = line.split(": ", 1)
            values[key] = value
    values["expect"] = _words(values["expect"])
    values["postfix"] = _words(values.get("postfix"))
    return Entry(block=block, line=number, **values)


def read(file=FILE):
    entries = []
    lines = []
    for number, line in enumerate(file.read_text("utf-8").split("\n"), 1):
        if line and not line.startswith("#"):
            lines.append(line)
        elif not line and lines:
            entries.append(_entry(number - len(lines), lines))
            lines = []
    return entries


def fields(block):
    """(name, value) of each field, as an MTA tells a milter of them."""
    at = 0
    while True:
        match = _FIELD.match(block, at)
        if match is None:
            return
        yield match.group(1), match.group(2).removesuffix(b"\r")
        at = match.end()
