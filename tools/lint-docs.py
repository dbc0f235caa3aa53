#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""lint-docs.py MKTABLES: do the pages say what the code does?

The lists of keys, reasons and commands in the man pages are printed by the
code (MKTABLES), so they cannot be wrong as long as they are in the page. What
people write by hand is held against those lists here: the keys of every
example, every posternctl command that a page calls, cross references and links,
the events of log lines, the maps of the tree, targets of make, the files of the
walks through a new limit, and the texts of notices against one another. Whether
the blocks of code do what they say is for tests/system/test_docs.py.
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
DOCS = sorted(glob.glob("docs/*.md"))
TEXTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", *DOCS)
# What one reads at once.
MAX_DOC_LINES = 250

MAP = "CONTRIBUTING.md"
# What it names, but for names that stand for others; targets of make, where
# they are called and in the table of checks.
NAMES = re.compile(r"`((?!build/)[a-z][^\sA-Z`]*/(?:[^\sA-Z`]*\.\w+)?)`")
TARGETS = re.compile(r"(?:^    (?:sudo )?|`)make ((?:[a-z][a-z-]*[ `\n])+)",
                     re.M)
CHECKS = re.compile(r"(?m)^\| ((?:`[a-z-]+`(?:, )?)+) \|")

# The walks in CONTRIBUTING.md that name every file, before the colon of an item;
# a limit that is in all of them, and how it is spelt; where programs may know
# it.
WALKS = {
    "A new limit, from the rule to the man page":
        ("recipients_per_message",
         re.compile("recipients[ _-]per[ _-]message", re.I)),
    "A limit that remembers what was sent":
        ("new_recipients",
         re.compile("new[ _-]recipients|first-time[ \n]recipients|"
                    "PT_FIGURES_STRANGERS", re.I)),
}
WALK_ITEM = re.compile(r"(?m)^\d+\. ([^:]*):")
WALK_PLACES = ("core/*/*.[ch]", "policyd/*.[ch]", "milter/*.[ch]",
               "keeper/*.[ch]", "ctl/*.[ch]", "dovecot-plugin/*/*.[ch]",
               "tools/*.[ch]", "packaging/examples/*.conf")

# Log lines in the pages and, where it is written out, in the code.
EVENT = re.compile(r"\bevent=([a-z][a-z-]*)")
LOGGED = re.compile(r'pt_log_begin\([^;"]*"([a-z-]+)"')
EVENT_PLACES = ("core/*/*.c", "policyd/*.c", "milter/*.c", "keeper/*.c",
                "dovecot-plugin/*/*.c")

# A command as it is typed: at the start of a literal, of a display's line, or
# after .Nm in its own page.
CALL = re.compile(r"(?:^\s*(?:[$#] )?(?:sudo )?|`(?:sudo )?|\.Ic )posternctl "
                  r"(?:-[a-z] \S+ )*([a-z][a-z-]*)")
KEY = re.compile(r"^\s*([a-z][a-z_0-9]*)\s*=")
CROSS = re.compile(r"\.Xr (postern[\w.-]*) (\d)")
# The same in Markdown, and links to other files of the tree.
NAMED = re.compile(r"\b(postern[\w.-]*)\((\d)\)")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")

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
            pattern = NAMED if path.endswith(".md") else CROSS
            for name, section in pattern.findall(line):
                if f"{name}.{section}" not in known:
                    complain(path, number, f"there is no {name}({section})")


def check_links():
    for path in TEXTS:
        for number, line in enumerate(read(path), 1):
            for link in LINK.findall(line):
                if not os.path.exists(os.path.join(os.path.dirname(path), link)):
                    complain(path, number, f"there is no {link}")
    for path in DOCS:
        if len(read(path)) > MAX_DOC_LINES:
            complain(path, 1, f"more than {MAX_DOC_LINES} lines: too long to "
                     "be read")


def check_maps():
    """README names each folder at the top, CONTRIBUTING each with sources."""
    top = {path.split("/")[0] + "/" for path in glob.glob("*/*")}
    sources = {os.path.dirname(path) + "/"
               for pattern in ("core/*/*.c", "policyd/*.c", "milter/*.c",
                               "keeper/*.c", "ctl/*.c", "dovecot-plugin/*/*.c",
                               "tests/*/*.[cp]*", "tests/*/*/*", "docs/*.md",
                               "packaging/*/*")
               for path in glob.glob(pattern) if "__pycache__" not in path}
    for path, folders in (("README.md", top - {"build/"}),
                          (MAP, sources)):
        text = "\n".join(read(path))
        for folder in sorted(folders):
            if folder not in text:
                complain(path, 1, f"the map does not name {folder}")
    for number, line in enumerate(read(MAP), 1):
        for name in NAMES.findall(line):
            if not glob.glob(name + "*" if name.endswith("/") else name):
                complain(MAP, number, f"there is no {name}")


def check_targets():
    """What one is told to make can be made."""
    makefile, text = "\n".join(read("Makefile")), "\n".join(read(MAP))
    told = {name for names in TARGETS.findall(text) + CHECKS.findall(text)
            for name in re.findall(r"[a-z][a-z-]*", names)}
    for name in sorted(told):
        if not re.search(rf"(?m)^{name}:", makefile):
            complain(MAP, 1, f"there is no make {name}")


def check_events():
    """Events that programs log are described, and no others."""
    code = "".join("\n".join(read(path)) for pattern in EVENT_PLACES
                   for path in sorted(glob.glob(pattern)))
    told = set()
    for path in sorted(glob.glob("man/*.in")):
        for number, line in enumerate(read(path), 1):
            for name in EVENT.findall(line):
                told.add(name)
                if f'"{name}"' not in code:
                    complain(path, number, f"nobody logs event={name}")
    for name in sorted(set(LOGGED.findall(code)) - told):
        complain("man", 1, f"no page describes event={name}")


def check_walk(title, name, spelt):
    """Each file of its list knows the limit, and no other one does."""
    walk = re.search(rf"(?ms)^## {title}\n(.*?)^## ", "\n".join(read(MAP)))
    if walk is None:
        complain(MAP, 1, f"there is no section {title}")
        return
    for item in WALK_ITEM.findall(walk.group(1)):
        for path in re.findall(r"`([^`]+)`", item):
            if not spelt.search("\n".join(read(path))):
                complain(path, 1, f"{MAP} names it, but it has no {name}")
    for path in sorted(sum(map(glob.glob, WALK_PLACES), [])):
        if (f"`{path}`" not in walk.group(1)
                and spelt.search("\n".join(read(path)))):
            complain(path, 1, f"it has {name}, so {MAP} should name it under "
                     f"{title}")


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
    check_links()
    check_maps()
    check_targets()
    check_events()
    for title, limit in WALKS.items():
        check_walk(title, *limit)
    check_templates()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
