#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""lint-docs.py MKTABLES: do the pages say what the code does?

The lists of keys, reasons and commands in the man pages are printed by the
code (MKTABLES), so they cannot be wrong as long as they are in the page. What
people write by hand is held against those lists here: the keys of every
example, every posternctl command that a page calls, cross references, the
maps of the tree, and the texts of notices against one another.
"""

import glob
import os
import re
import subprocess
import sys

# Table -> the page that must hold it.
PAGES = {"keys": "man/postern.conf.5.in", "reasons": "man/postern.7.in",
         "commands": "man/posternctl.8.in",
         "columns": "man/posternctl.8.in"}
# Words after .It that are mdoc macros and no part of a name.
MACROS = {"Cm", "Ic", "Li", "Sy", "Va", "Nm", "Fl", "Ar", "Em", "Xo", "No"}
# Every key, set or behind a '#' with its default.
EXAMPLE = "packaging/examples/postern.conf"
# The texts of notices: what the other languages are held against, and they.
TEMPLATES = ("packaging/templates/en.txt",
             sorted(glob.glob("packaging/templates/*.txt")))
TEXTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")

# A command as it is typed: at the start of a literal, of a display's line, or
# after .Nm in its own page.
CALL = re.compile(r"(?:^\s*(?:[$#] )?(?:sudo )?|`(?:sudo )?|\.Ic )posternctl "
                  r"(?:-[a-z] \S+ )*([a-z][a-z-]*)")
KEY = re.compile(r"^\s*([a-z][a-z_0-9]*)\s*=")
CROSS = re.compile(r"\.Xr (postern[\w.-]*) (\d)")

found = 0


def complain(path, line, text):
    global found
    found += 1
    print(f"{path}:{line}: {text}")


def read(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def table(mktables, name):
    """The first word of each item; for commands that is the verb."""
    output = subprocess.run([mktables, name], check=True, text=True,
                            capture_output=True).stdout
    names = set()
    for line in output.splitlines():
        words = [word for word in line.split()[1:] if word not in MACROS]
        if line.startswith(".It") and words:
            names.add(words[0])
    if not names:
        complain(mktables, 1, f"prints no {name}")
    return names


def examples(path):
    """Lines of configuration: ```postern in Markdown, displays in mdoc."""
    inside = False
    for number, line in enumerate(read(path), 1):
        if path.endswith(".md"):
            if line.startswith("```"):
                inside = line == "```postern"
                continue
        elif line.startswith((".Bd -literal", ".Ed")):
            inside = line.startswith(".Bd")
            continue
        if inside:
            yield number, line


def check_names(pages, keys, commands):
    for path in pages:
        if path.endswith(".md") or path == PAGES["keys"]:
            for number, line in examples(path):
                match = KEY.match(line)
                if match and match.group(1) not in keys:
                    complain(path, number, f"no key is named {match.group(1)}")
        for number, line in enumerate(read(path), 1):
            for verb in CALL.findall(line):
                if verb not in commands:
                    complain(path, number, f"posternctl has no {verb}")


def check_example(keys):
    shown = set()
    for number, line in enumerate(read(EXAMPLE), 1):
        match = KEY.match(line.replace("#", " ", 1))
        if match and match.group(1) in keys:
            shown.add(match.group(1))
        elif KEY.match(line):
            complain(EXAMPLE, number, f"no key is named {line.split()[0]}")
    for key in sorted(keys - shown):
        complain(EXAMPLE, 1, f"the key {key} is missing")


def check_cross_references(pages):
    known = {os.path.basename(page)[:-len(".in")]
             for page in glob.glob("man/*.in")}
    for path in pages:
        for number, line in enumerate(read(path), 1):
            for name, section in CROSS.findall(line):
                if f"{name}.{section}" not in known:
                    complain(path, number, f"there is no {name}({section})")


def check_maps():
    """README names each folder at the top, CONTRIBUTING each with sources."""
    top = {path.split("/")[0] + "/" for path in glob.glob("*/*")}
    sources = {os.path.dirname(path) + "/"
               for pattern in ("core/*/*.c", "policyd/*.c", "milter/*.c", "keeper/*.c",
                               "ctl/*.c", "dovecot-plugin/*/*.c",
                               "tests/*/*.[cp]*", "tests/system/*/*.[pr]*")
               for path in glob.glob(pattern)}
    for path, folders in (("README.md", top - {"build/"}),
                          ("CONTRIBUTING.md", sources)):
        text = "\n".join(read(path))
        for folder in sorted(folders):
            if folder not in text:
                complain(path, 1, f"the map does not name {folder}")


def template(path):
    """Section -> its placeholders, of a file of notices."""
    parts = re.split(r"(?m)^\[([a-z-]+)\]$", "\n".join(read(path)))
    return {name: set(re.findall(r"\{\w+\}", text))
            for name, text in zip(parts[1::2], parts[2::2])}


def check_templates():
    """Every language says the same, as far as its placeholders show."""
    wanted = template(TEMPLATES[0])
    for path in TEMPLATES[1]:
        found_here = template(path)
        for name in sorted(wanted.keys() | found_here.keys()):
            if wanted.get(name) != found_here.get(name):
                complain(path, 1, f"section [{name}] is not that of "
                         f"{TEMPLATES[0]}, or has other placeholders")


def main():
    if len(sys.argv) != 2:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 64
    tables = {name: table(sys.argv[1], name) for name in PAGES}
    for name, page in PAGES.items():
        if f"@{name.upper()}@" not in read(page):
            complain(page, 1, f"the line @{name.upper()}@ is missing")
    pages = list(TEXTS) + sorted(glob.glob("man/*.in"))
    check_names(pages, tables["keys"], tables["commands"])
    check_example(tables["keys"])
    check_cross_references(pages)
    check_maps()
    check_templates()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
