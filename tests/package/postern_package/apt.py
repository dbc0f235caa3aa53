# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Packages: our own, which lie in FOLDER, and those of the release."""

import os
import subprocess
from pathlib import Path

FOLDER = Path("/srv/packages/1")
# The same, with a higher version.
LATER = Path("/srv/packages/2")
# What that one's postern.conf ends with.
LATER_CONF = "\n# A later version has more to say here.\n"
NAMES = ("postern", "postern-milter", "dovecot-postern")
# For a command that hangs; a slow machine needs a tenth of it.
LIMIT_SECONDS = 900


def run(*words, stderr=subprocess.PIPE, **keywords):
    return subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
        text=True, check=True, timeout=LIMIT_SECONDS, **keywords).stdout


def get(*words):
    """All that is said; who is asked about a changed conffile keeps his."""
    return run("apt-get", "-q", "-y", "--no-install-recommends",
               "-o", "Dpkg::Options::=--force-confold", *words,
               stderr=subprocess.STDOUT,
               env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def ours(name, folder=FOLDER):
    """The file of our package NAME."""
    (found,) = folder.glob(f"{name}_*.deb")
    return str(found)


def install(*names, folder=FOLDER):
    """Ours by name, others by name too; apt finds what they need."""
    return get("install", *(ours(name, folder) if name in NAMES else name
                            for name in names))


def status(name):
    """Such as "installed" or "config-files"; "" if dpkg knows nothing."""
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", name],
        capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


def field(name, what):
    return run("dpkg-query", "-W", "-f", "${%s}" % what, name)
