# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""README.md, and how its reader carries it out.

Its blocks of code are fenced, and the word behind the fence says what they are:

    sh        commands, for root, in their order; each must succeed
    postern   for /etc/postern/postern.conf: a key or a section takes the place
              of what the file says of the same, commented out or not
    cf        for Postfix; conf: for Dovecot. The paragraph right before the
              block names the file last, between backquotes. In main.cf and
              Dovecot's files a setting takes the place of one of its name; in
              master.cf, an option at a service that is there.
    text      what is shown or answered; nothing to be done
    m4        for Sendmail

A paragraph that speaks of Dovecot 2.3 alone, or of 2.4 alone, last, begins what
is for that version.
"""

import re
import shlex
from pathlib import Path

POSTERN_CONF = Path("/etc/postern/postern.conf")
POSTFIX = Path("/etc/postfix")
FENCE = re.compile(r" *```(\w*)$")


class Block:
    def __init__(self, heading, before, language, line):
        self.heading = heading
        self.language = language
        self.line = line
        self.text = ""
        named = re.findall(r"`([\w./-]+\.(?:cf|conf|mc))`", before)
        self.file = named[-1] if named else None
        spoken = re.findall(r"Dovecot\s+(2\.[34])", before)
        self.dovecot = spoken[-1] if spoken and len(set(spoken)) == 1 else None

    def __str__(self):
        return f"README.md:{self.line}: {self.text.splitlines()[0].strip()}"


def blocks(path):
    """All of them, in their order."""
    found, heading, before, block = [], "", "", None
    paragraph = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if block is not None:
            if fence:
                found.append(block)
                block, paragraph = None, []
            else:
                block.text += line + "\n"
        elif fence:
            block = Block(heading, before, fence.group(1), number)
        elif line.startswith("#"):
            heading, before = line.lstrip("# "), ""
            paragraph = []
        elif line.strip():
            assert paragraph or not line.startswith("    "), \
                f"README.md:{number}: a block without a fence"
            paragraph.append(line)
            before = " ".join(paragraph)
        else:
            paragraph = []
    return found


def settings(text):
    """(name, lines) of each setting; what is indented continues it."""
    found = []
    for line in text.splitlines(keepends=True):
        if line[:1].isspace() and found:
            found[-1][1] += line
        elif line.strip():
            found.append([re.match(r"[\w.]+", line).group(), line])
    return found


def put_settings(path, text):
    """Into main.cf, or a file of Dovecot."""
    old = path.read_text()
    for name, lines in settings(text):
        old = re.sub(rf"(?m)^{name}[ \t]*=.*\n(?:[ \t]+\S.*\n)*", "", old)
        old = old.rstrip("\n") + "\n" + lines
    path.write_text(old)


def option_name(line):
    """Of "  -o name=value" or "  -o { name = value }"."""
    match = re.match(r"\s+-o\s+(?:\{\s*)?(\w+)\s*=", line)
    return match.group(1) if match else None


def put_services(path, text):
    """Into master.cf: options of services that are there already."""
    lines = path.read_text().splitlines(keepends=True)
    for service in re.split(r"(?m)^(?=\S)", text)[1:]:
        first, *options = service.splitlines(keepends=True)
        key = first.split()[:2]
        begins = [number for number, line in enumerate(lines)
                  if line.split()[:2] == key]
        assert len(begins) == 1, f"master.cf has {begins} for {key}"
        end = begins[0] + 1
        while end < len(lines) and lines[end][:1] in " \t#":
            end += 1
        names = {option_name(line) for line in options}
        assert None not in names, service
        kept = [line for line in lines[begins[0] + 1:end]
                if option_name(line) not in names]
        while kept and kept[-1].startswith("#"):
            options.append(kept.pop())
        lines[begins[0] + 1:end] = kept + options
    path.write_text("".join(lines))


def put_postern(path, text):
    """Into postern.conf: sections as a whole, keys line by line."""
    old = path.read_text()
    part = re.compile(r"(?ms)^(\w+(?: \w+)?) \{\n.*?^\}\n|^(\w+) *= *[^\n]*\n")
    rest = part.sub("", text).strip()
    assert not rest, f"not understood: {rest}"
    for match in part.finditer(text):
        section, key = match.groups()
        there = (rf"(?ms)^#?{section} \{{\n.*?^#?\}}\n" if section else
                 rf"(?m)^#?{key} *= .*\n")
        old, times = re.subn(there, lambda _, new=match.group(): new, old,
                             count=1)
        if not times:
            old += "\n" + match.group()
    path.write_text(old)


def put(block):
    """Writes what BLOCK says into the file that it is for."""
    if block.language == "postern":
        put_postern(POSTERN_CONF, block.text)
    elif block.file == "master.cf":
        put_services(POSTFIX / block.file, block.text)
    elif block.file == "main.cf":
        put_settings(POSTFIX / block.file, block.text)
    else:
        assert block.language == "conf" and block.file, \
            f"{block} is for no file"
        put_settings(Path(block.file), block.text)


def as_pattern(text):
    """A shown TEXT, with other figures, times and addresses in their place."""
    words = " ".join(text.split())
    words = re.sub(r"[\w.]+@[\w.]+", "ADDRESS", words)
    words = re.sub(r"\d\d:\d\d:\d\d", "TIME", words)
    words = re.escape(words).replace("ADDRESS", r"[\w.]+@[\w.]+")
    return re.compile(words.replace("TIME", r"\d\d:\d\d:\d\d"))


def commands(text):
    """The words of each line of a sh block, without its comment."""
    return [shlex.split(line, comments=True) for line in text.splitlines()]
