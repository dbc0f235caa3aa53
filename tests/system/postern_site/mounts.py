# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A private view of the file system for one program and its children.

Dovecot loads plugins only from the directory that was compiled in, and the
shipped settings name the paths of a real machine. In a mount namespace of its
own, a program sees those directories with our files added; nothing of the
machine itself is changed, and nothing has to be undone.
"""

import shlex
import subprocess
import tempfile
from pathlib import Path

from .workdir import Missing

_UNSHARE = ("unshare", "--mount", "--propagation", "private")


def check():
    """Raises Missing if this machine does not let us mount."""
    with tempfile.TemporaryDirectory(prefix="postern-") as directory:
        done = subprocess.run(
            [*_UNSHARE, "mount", "--bind", directory, directory],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
        )
    if done.returncode != 0:
        raise Missing(
            "a private mount namespace is not allowed here: "
            + (done.stderr.strip() or f"exit code {done.returncode}")
        )


def _merge(view, source, real, additions):
    """VIEW gets a link to each entry of SOURCE, seen at REAL, and ours."""
    view.mkdir()
    if source.is_dir():
        for entry in source.iterdir():
            (view / entry.name).symlink_to(real / entry.name)
    folders = {}
    for name, target in additions.items():
        head, _, rest = str(name).partition("/")
        (view / head).unlink(missing_ok=True)
        if rest:
            folders.setdefault(head, {})[rest] = target
        else:
            (view / head).symlink_to(target)
    for head, inner in folders.items():
        _merge(view / head, source / head, real / head, inner)


class Mounts:
    """The views, prepared in DIRECTORY, and how to start a program in them."""

    def __init__(self, directory):
        self.directory = directory
        self.views = []
        directory.mkdir()

    def add(self, place, additions):
        """In PLACE there will be ADDITIONS: relative path -> target."""
        place = Path(place)
        name = place.name
        view, real = self.directory / name, self.directory / f"real-{name}"
        real.mkdir()
        _merge(view, place, real, additions)
        self.views.append((place, view, real))

    def command(self, argv):
        """The command that runs ARGV in the views."""
        steps = []
        for place, view, real in self.views:
            steps.append(["mount", "--rbind", place, real])
            steps.append(["mount", "--bind", view, place])
        steps.append(["exec", *argv])
        script = "\n".join(shlex.join(map(str, step)) for step in steps)
        return [*_UNSHARE, "/bin/sh", "-euc", script]


def enter(pid, argv):
    """The command that runs ARGV where process PID is."""
    return ["nsenter", f"--target={pid}", "--mount", "--root", "--wd", *argv]
