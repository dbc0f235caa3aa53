#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""lint-tree.py: rules of CONTRIBUTING.md that no compiler and no formatter
knows: sizes, licence lines, banned functions, where a path points to.

Prints FILE:LINE: what is wrong, and exits 1 when there was anything.
"""

import os
import re
import subprocess
import sys

MAX_LINES = 400
MAX_COLUMNS = 80
SOURCE = (".c", ".h", ".py", ".sh", ".mk")
LICENSED = SOURCE + (".in", ".conf", "Makefile", ".ci/run",
                     ".clang-format", ".clang-tidy")
# Inputs of fuzz targets are bytes as they came.
DATA = ("tests/fuzz/corpus/",)

# What to use instead stands in CONTRIBUTING.md.
BANNED = ("strcpy", "strcat", "sprintf", "vsprintf", "strncpy", "strncat",
          "strtok", "atoi", "atol", "gets", "signal", "localtime", "gmtime",
          "asctime", "ctime", "system", "popen", "alloca")
BANNED_CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
TYPEDEF = re.compile(r"^\s*typedef\s+(struct|enum|union)\b"
                     r"(\s*\w*\s*\{|\s+\w+\s+\**\w+\s*;)")
GOTO = re.compile(r"\bgoto\s+(\w+)\s*;")
INCLUDE = re.compile(r'^#include "([^"]+)"')
# Written in parts, so that this file does not find itself.
PATHS = re.compile("/(" + "home|root|work" + ")/")
UNFINISHED = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME|X" + "XX)\\b")

found = 0


def complain(path, line, text):
    global found
    found += 1
    print(f"{path}:{line}: {text}")


def tree():
    """The files that a commit would hold; without git, all but build/."""
    try:
        output = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached",
             "--others", "--exclude-standard"],
            check=True, capture_output=True, text=True).stdout
        names = [name for name in output.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [os.path.relpath(os.path.join(folder, name))
                 for folder, _, files in os.walk(".") for name in files]
        names = [name for name in names
                 if not name.startswith(("build/", ".git/"))
                 and "__pycache__" not in name]
    return sorted(name for name in names
                  if os.path.isfile(name) and not name.startswith(DATA))


def without_comments_and_strings(text):
    """C code with both blanked out and every newline kept."""
    token = re.compile(
        r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
        re.DOTALL)
    return token.sub(
        lambda m: '""' if m.group().startswith('"')
        else "\n" * m.group().count("\n"), text)


def check_any(path, text):
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if PATHS.search(line):
            complain(path, number, "the path of one machine")
        if line.rstrip() != line:
            complain(path, number, "blanks at the end of the line")
    if text and not text.endswith("\n"):
        complain(path, len(lines), "no newline at the end of the file")
    if path.endswith(LICENSED):
        head = "\n".join(lines[:4])
        if ("SPDX-License-Identifier: MIT" not in head
                or "Copyright (c) 2026 The Postern authors" not in head):
            complain(path, 1, "the two licence lines are missing")


def check_source(path, text):
    lines = text.split("\n")
    if len(lines) - 1 > MAX_LINES:
        complain(path, len(lines),
                 f"{len(lines) - 1} lines; split it by concern, "
                 f"{MAX_LINES} at most")
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            complain(path, number, "unfinished by its own word")


def check_includes(path, text):
    own = os.path.splitext(path)[0] + ".h"
    first = True
    for number, line in enumerate(text.split("\n"), 1):
        match = INCLUDE.match(line)
        if match is None:
            continue
        name = match.group(1)
        if not os.path.isfile(name):
            complain(path, number, "local includes are written from the root "
                     f"of the tree; there is no {name}")
        if first and path.endswith(".c") and os.path.isfile(own) \
                and name != own:
            complain(path, number, f"its own header comes first: {own}")
        first = False


def check_c(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        # A string may be longer, because it can be searched for in one piece.
        if len(line.expandtabs(8)) > MAX_COLUMNS and '"' not in line:
            complain(path, number, f"more than {MAX_COLUMNS} columns")
    code = without_comments_and_strings(text)
    for number, line in enumerate(code.split("\n"), 1):
        for match in BANNED_CALL.finditer(line):
            complain(path, number, f"{match.group(1)}() is banned")
        if TYPEDEF.match(line):
            complain(path, number, "no typedef for structs and enums")
        match = GOTO.search(line)
        if match and match.group(1) not in ("out", "fail"):
            complain(path, number, "goto only leads to out or fail")
    check_includes(path, text)


def main():
    for path in tree():
        with open(path, "rb") as file:
            data = file.read()
        if b"\0" in data:
            complain(path, 1, "not a text file")
            continue
        text = data.decode("utf-8", "replace")
        check_any(path, text)
        if path.endswith(SOURCE):
            check_source(path, text)
        if path.endswith((".c", ".h")):
            check_c(path, text)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
