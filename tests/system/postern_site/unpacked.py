# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Programs whose packages cannot be installed beside what is there."""

import functools
import subprocess
import sys
from pathlib import Path

from . import workdir

TOOL = Path(__file__).resolve().parents[3] / "tools" / "unpack-debian.py"
# A download, beside others who use apt.
SECONDS = 200


@functools.cache
def root(name):
    """The directory in which NAME is unpacked.  Raises Missing."""
    done = subprocess.run(
        [sys.executable, TOOL, name],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    said = done.stdout.strip()
    if said.startswith("skipped: "):
        raise workdir.Missing(said.removeprefix("skipped: "))
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return Path(said)
