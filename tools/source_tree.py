# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""The files of this tree, as they stand: what a commit would hold.

Called as source_tree.py ARCHIVE PREFIX, writes them into a .tar.gz below
PREFIX, with the time of the Makefile.
"""

import gzip
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent


def known_to_git():
    # Of a tree without .git, a repository around it knows nothing.
    if not (TOP / ".git").exists():
        return None
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached",
         "--others", "--exclude-standard"], cwd=TOP, capture_output=True,
        text=True)
    return done.stdout.split("\0") if done.returncode == 0 else None


def names():
    """What git knows or would add; without git, all but build/."""
    listed = known_to_git() if shutil.which("git") else None
    if listed is None:
        listed = [str(path.relative_to(TOP)) for path in TOP.rglob("*")]
        listed = [name for name in listed
                  if not name.startswith(("build/", ".git/"))
                  and "__pycache__" not in name]
    return sorted(name for name in listed
                  if name and os.path.isfile(TOP / name))


def copy(target, below=""):
    """The same files in TARGET, and nothing else; only those BELOW a folder.

    Who may read and write them does not depend on who has cloned this tree.
    """
    shutil.rmtree(target, ignore_errors=True)
    for name in names():
        if not name.startswith(below):
            continue
        file = target / name.removeprefix(below)
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(TOP / name, file)
        file.chmod(mode(name))


def mode(name):
    return 0o755 if os.access(TOP / name, os.X_OK) else 0o644


def member(name, prefix, stamp):
    """NAME in an archive: as everybody would have it."""
    info = tarfile.TarInfo(f"{prefix}/{name}")
    info.size = (TOP / name).stat().st_size
    info.mode = mode(name)
    info.mtime = stamp
    return info


def write_archive(path, prefix, stamp):
    """A .tar.gz of the same files below PREFIX, all of them of time STAMP."""
    with open(path, "wb") as file, \
            gzip.GzipFile("", "wb", 9, file, mtime=0) as packed, \
            tarfile.open(fileobj=packed, mode="w",
                         format=tarfile.GNU_FORMAT) as archive:
        for name in names():
            with open(TOP / name, "rb") as content:
                archive.addfile(member(name, prefix, stamp), content)


if __name__ == "__main__":
    write_archive(sys.argv[1], sys.argv[2],
                  int((TOP / "Makefile").stat().st_mtime))
