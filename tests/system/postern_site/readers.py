# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What a From field says, asked of our gate and of programs that nobody here
wrote.  Each is a process that is asked by a line and answers with one.
"""

import encodings.idna
import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

from .patience import PATIENCE

_FOLDER = Path(__file__).resolve().parents[1] / "readers"
_PYTHON = "/usr/bin/python3"

# What is asked -> the program that asks it.
READERS = {
    "Email::Address::XS": ["perl", _FOLDER / "reader.pl", "Email::Address::XS"],
    "Mail::Address": ["perl", _FOLDER / "reader.pl", "Mail::Address"],
    "GMime": [_PYTHON, _FOLDER / "reader_gmime.py"],
    "ruby-mail": ["ruby", _FOLDER / "reader.rb"],
    "headerregistry": [_PYTHON, _FOLDER / "reader_python.py", "headerregistry"],
    "getaddresses": [_PYTHON, _FOLDER / "reader_python.py", "getaddresses"],
}
# What people take for an address in a name: the last label has two letters or
# more, and what stands before the at sign at least one, or a digit.
_SHOWN = re.compile(
    r"[^\s@<>()\"',;:\[\]]*[^\W_][^\s@<>()\"',;:\[\]]*"
    r"@(?:[^\W_][\w-]*\.)+(?:xn--[\w-]+|[^\W\d_]{2,})(?![\w-]|\.+\w)"
)
# A reader that does not decode words shows them; then an address could only be
# in their text.
_WORD = re.compile(r"=\?[\w.*:+-]+\?[QqBb]\?([^?<>()\",;\\]*)\?=")
# Punctuation before an address belongs to the text around it.
_OUTSIDE = re.compile(r"^[\W_]+")
_ADDRESS = re.compile(
    r'(?:"(?:\\.|[^"\\])*"|[^\s@<>()",;:\\]+)@[^\s@<>()",;:\\]*\w'
)


class Failed(Exception):
    """A reader could not be started or has ended."""


def _label(text):
    try:
        return encodings.idna.ToASCII(text).decode().lower()
    except UnicodeError:
        return text.lower()


def normal(address):
    """The address as the gate prints it."""
    text = address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    local, at, domain = text.rpartition("@")
    if re.fullmatch(r'"[^"\\ ]*"', local):
        local = local[1:-1]
    folded = "".join(c.lower() if c.isascii() else c for c in local)
    return folded + at + ".".join(_label(x) for x in domain.split("."))


def is_address(text):
    """Some readers give back what they could not read."""
    return _ADDRESS.fullmatch(text) is not None


def shown_in(name):
    """The addresses that a person sees in a name."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = _WORD.sub(r" \1 ", text)
    return [normal(_OUTSIDE.sub("", x)) for x in _SHOWN.findall(text)]


class _Process:
    def __init__(self, command):
        try:
            self.child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise Failed(f"{command[0]}: {error.strerror}") from error

    def close(self):
        self.child.stdin.close()
        self.child.wait(PATIENCE)
        self.child.stdout.close()

    def exchange(self, asked):
        """Writes the pieces of ASKED, and reads a line after each."""
        answers = []
        for piece in asked:
            self.child.stdin.write(piece)
            self.child.stdin.flush()
            answers.append(self.child.stdout.readline())
        if not all(answers):
            raise Failed(f"{self.child.args} ended")
        return answers


class Gate(_Process):
    """from_tool, for one login."""

    def __init__(self, build, conf, login, entries):
        tool = Path(build) / "tests" / "system" / "from_tool"
        super().__init__([tool, conf, login, *entries])

    def judge(self, headers):
        """(verdict, addresses or words) of each list of (name, value)."""
        asked = []
        for header in headers:
            text = b"%d\n" % len(header)
            for name, value in header:
                text += b"%d %d\n" % (len(name), len(value)) + name + value
            asked.append(text)
        answers = self.exchange(asked)
        words = [x.decode().rstrip("\n").split(" ", 1) for x in answers]
        return [(w[0], w[1] if len(w) > 1 else "") for w in words]


class Reader(_Process):
    def __init__(self, name):
        self.name = name
        super().__init__(READERS[name])

    def read(self, values):
        """[[address, name], ...] for each of them."""
        asked = [value.hex().encode() + b"\n" for value in values]
        answers = self.exchange(asked)
        return [json.loads(answer) for answer in answers]


def main():
    """Says of the values in its arguments what each reader sees."""
    for name in READERS:
        reader = Reader(name)
        for text in sys.argv[1:]:
            value = text.encode("utf-8", "surrogateescape")
            print(f"{name:<20} {reader.read([value])[0]}")
        reader.close()


if __name__ == "__main__":
    main()
