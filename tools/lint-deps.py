#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""lint-deps.py ARCHIVE=PREFIX...: who may include whom, and what a library
shows to the outside.

core/base <- core/config <- core/state, core/rules <- core/maps <- the programs;
core/notice writes mail to owners; core/service is what the daemons share. The
rules are pure: of the state they see the record structs and nothing else. Each
outside library has one home, so that it can be replaced there.

Every external symbol of an ARCHIVE starts with its PREFIX, because core also
runs inside processes that export thousands of short names.
"""

import glob
import re
import subprocess
import sys

# Folder -> what its files may include, by the start of the name.
LAYERS = {
    "core/base/": ("core/base/",),
    "core/config/": ("core/base/", "core/config/"),
    "core/state/": ("core/base/", "core/config/", "core/state/"),
    "core/rules/": ("core/base/", "core/config/", "core/rules/",
                    "core/state/account.h", "core/state/activity.h",
                    "core/state/usage.h", "core/state/words.h",
                    "core/state/evidence.h", "core/state/figures.h",
                    "core/state/notice.h", "core/state/signals.h",
                    "core/state/trail.h"),
    "core/maps/": ("core/base/", "core/config/", "core/maps/",
                   "core/rules/sender.h"),
    "core/notice/": ("core/base/", "core/config/", "core/notice/",
                     "core/state/account.h", "core/state/figures.h",
                     "core/state/notice.h"),
    "core/service/": ("core/base/", "core/config/", "core/rules/",
                      "core/state/", "core/notice/", "core/service/"),
    "policyd/": ("core/", "policyd/"),
    "milter/": ("core/", "milter/"),
    "keeper/": ("core/", "keeper/"),
    "ctl/": ("core/", "ctl/"),
    # Processes of mail users (mail, imap, pop3) never open the state.
    "dovecot-plugin/common/": ("core/base/", "dovecot-plugin/common/"),
    "dovecot-plugin/mail/": ("core/base/", "dovecot-plugin/common/",
                             "dovecot-plugin/compat.h",
                             "dovecot-plugin/mail/"),
    "dovecot-plugin/imap/": ("core/base/", "dovecot-plugin/common/",
                             "dovecot-plugin/compat.h",
                             "dovecot-plugin/mail/", "dovecot-plugin/imap/"),
    "dovecot-plugin/pop3/": ("core/base/", "dovecot-plugin/common/",
                             "dovecot-plugin/compat.h",
                             "dovecot-plugin/mail/", "dovecot-plugin/pop3/"),
    "dovecot-plugin/auth/": ("core/", "dovecot-plugin/compat.h",
                             "dovecot-plugin/auth/"),
    "dovecot-plugin/doveadm/": ("core/", "dovecot-plugin/compat.h",
                                "dovecot-plugin/doveadm/"),
    "dovecot-plugin/settings/": ("dovecot-plugin/compat.h",
                                 "dovecot-plugin/settings/"),
    "tools/": ("core/", "ctl/", "tools/"),
    "tests/unit/": ("core/", "policyd/", "milter/", "keeper/", "ctl/",
                    "dovecot-plugin/common/", "tests/unit/"),
    "tests/fuzz/": ("core/", "policyd/", "ctl/", "tests/fuzz/"),
    "tests/system/": ("core/", "tests/system/"),
    "tests/bench/": ("core/", "tests/bench/"),
}

# Header of an outside library -> the files that may know it.
HOMES = {
    "lmdb.h": re.compile(r"core/state/store[a-z_]*\.[ch]|tests/.*"),
    "libmilter/mfapi.h": re.compile(r"milter/.*|tests/(bench|unit/milter_).*"),
    "confuse.h": re.compile(r"core/config/[a-z_]+\.c"),
    "idn2.h": re.compile(r"core/base/[a-z_]+\.c"),
    "uv.h": re.compile(r"policyd/.*|tests/unit/policyd_.*"),
    "jansson.h": re.compile(r"ctl/.*|tests/unit/ctl_.*|"
                            r"tests/fuzz/fuzz_record\.c"),
    "qrencode.h": re.compile(r"ctl/client_qr\.c"),
    "cmocka.h": re.compile(r"tests/unit/.*"),
}

INCLUDE = re.compile(r'^#\s*include\s*[<"]([^>"]+)[>"]')

found = 0


def complain(text):
    global found
    found += 1
    print(text)


def check_file(path, allowed):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if match is None:
                continue
            name = match.group(1)
            local = name.startswith(tuple(LAYERS) + ("core/", "tests/"))
            if local and not name.startswith(allowed):
                complain(f"{path}:{number}: {name} lies in a layer that this "
                         "one must not know")
            home = HOMES.get(name)
            if home is not None and not home.fullmatch(path):
                complain(f"{path}:{number}: <{name}> belongs to "
                         f"{home.pattern}")


def check_symbols(archive, prefix):
    output = subprocess.run(
        ["nm", "--extern-only", "--defined-only", "--format=posix", archive],
        check=True, capture_output=True, text=True).stdout
    for line in output.splitlines():
        fields = line.split()
        if len(fields) >= 2 and not fields[0].startswith(prefix):
            complain(f"{archive}: {fields[0]} is external and does not start "
                     f"with {prefix}")


def main():
    for folder, allowed in LAYERS.items():
        for path in sorted(glob.glob(folder + "**/*.[ch]", recursive=True)):
            check_file(path, allowed)
    for argument in sys.argv[1:]:
        archive, prefix = argument.split("=")
        check_symbols(archive, prefix)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
