# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""SIGKILL at any step of a program's writing (preload/kill_at.c)."""

from . import workdir


class Faults:
    """For programs of BUILD; the steps of the last one are in FILE."""

    def __init__(self, build, file):
        self.library = (
            build.resolve() / "tests" / "system" / "preload" / "kill_at.so"
        )
        self.file = file
        if not self.library.is_file():
            raise workdir.Missing("kill_at.so was not built: system-tools")

    def environment(self, at=0, clock=None):
        """Kills at step AT; with 0 never."""
        env = clock.environment() if clock else {}
        others = env.get("LD_PRELOAD", "")
        return {
            **env,
            "LD_PRELOAD": f"{self.library}:{others}".rstrip(":"),
            "POSTERN_KILL_AT": str(at),
            "POSTERN_KILL_LOG": str(self.file),
            "ASAN_OPTIONS": "verify_asan_link_order=0",
        }

    def steps(self):
        """The names of the steps that were done or begun."""
        lines = self.file.read_text().splitlines()
        return [line.split()[1] for line in lines]
