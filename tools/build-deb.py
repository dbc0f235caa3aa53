#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""build-deb.py: Debian packages, for the release that it runs on, in build/deb.

The source package is this tree as it stands, with packaging/deb as debian/;
the changelog gets an entry for the release, so that the packages of a newer
one are newer, too. Nothing in them depends on when, where, and by whom they
are built. Exit codes: 0 built, 1 not.
"""

import datetime
import os
import re
import shutil
import subprocess
import sys
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import source_tree

OUTPUT = source_tree.TOP / "build" / "deb"
DEBIAN = source_tree.TOP / "packaging/deb"


class Failed(Exception):
    pass


def ask_changelog(field):
    return subprocess.run(
        ["dpkg-parsechangelog", "-l", DEBIAN / "changelog", "-S", field],
        check=True, capture_output=True, text=True).stdout.strip()


def version():
    """The version of the tree, which the changelog's must be."""
    makefile = (source_tree.TOP / "Makefile").read_text()
    here = re.search(r"(?m)^VERSION := (\S+)$", makefile).group(1)
    if ask_changelog("Version").rpartition("-")[0] != here:
        raise Failed(f"packaging/deb/changelog is not about {here}, which is "
                     "the version in the Makefile")
    return here


def release():
    """("~deb12u1", "bookworm") on Debian 12; on what has no number, none."""
    text = Path("/etc/os-release").read_text()
    fields = dict(re.findall(r'(?m)^(\w+)="?([^"\n]*)"?$', text))
    if fields.get("ID") != "debian" or "VERSION_ID" not in fields:
        return "", ""
    return f"~deb{fields['VERSION_ID']}u1", fields["VERSION_CODENAME"]


def new_entry(changelog, number, suite, text):
    """One more entry on top, a second after the one below it."""
    below = changelog.read_text()
    author, date = re.search(r"(?m)^ -- (.*)  (.*)$", below).groups()
    date = parsedate_to_datetime(date) + datetime.timedelta(seconds=1)
    changelog.write_text(
        f"postern ({number}) {suite}; urgency=medium\n\n  * {text}\n\n"
        f" -- {author}  {format_datetime(date)}\n\n{below}")


def unpack(archive, folder):
    subprocess.run(["tar", "-xf", archive, "-C", folder.parent], check=True)
    source_tree.copy(folder / "debian", "packaging/deb/")
    suffix, suite = release()
    if suffix:
        new_entry(folder / "debian" / "changelog",
                  ask_changelog("Version") + suffix, suite,
                  f"Build for {suite}.")


def options():
    """DEB_BUILD_OPTIONS; whoever calls us may know better how many jobs."""
    given = os.environ.get("DEB_BUILD_OPTIONS", "")
    if "parallel=" in given:
        return given
    return f"{given} parallel={max(1, min(4, os.cpu_count() or 1))}".strip()


def build_package(folder):
    """Runs dpkg-buildpackage in FOLDER, quietly."""
    kept = {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    log = OUTPUT / "build.log"
    print(f"building; the log is {log.relative_to(source_tree.TOP)}",
          flush=True)
    with open(log, "w") as output:
        done = subprocess.run(
            ["dpkg-buildpackage", "--no-sign", "-sa"], cwd=folder,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env={**kept, "DEB_BUILD_OPTIONS": options()})
    if done.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
        raise Failed(f"{tail}\ncannot build the packages: see {log}; what "
                     "they need: sudo tools/install-deps.sh deb")


def build():
    here = version()
    # The modes of folders are in the source package.
    os.umask(0o022)
    folder = OUTPUT / f"postern-{here}"
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    archive = OUTPUT / f"postern_{here}.orig.tar.gz"
    source_tree.write_archive(archive, folder.name,
                              int(ask_changelog("Timestamp")))
    unpack(archive, folder)
    build_package(folder)
    for path in sorted(OUTPUT.glob("*.deb")):
        if "-dbgsym_" not in path.name:
            print(path.relative_to(source_tree.TOP))


if __name__ == "__main__":
    try:
        build()
    except (Failed, OSError, subprocess.SubprocessError) as error:
        sys.exit(str(error))
