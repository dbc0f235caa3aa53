# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A wall clock that can be set while a program runs, by libfaketime."""

import glob
import os
import time

LIBRARIES = (
    "/usr/lib/*/faketime/libfaketime.so.1",
    "/usr/lib64/faketime/libfaketime.so.1",
    "/usr/lib/faketime/libfaketime.so.1",
)


def library():
    """The path of libfaketime, or None."""
    for pattern in LIBRARIES:
        for path in sorted(glob.glob(pattern)):
            return path
    return None


class Clock:
    """Programs started with environment() see the time of set().

    With TICKS, what they measure times with goes on with it.
    """

    def __init__(self, file, ticks=False):
        self.file = file
        self.ticks = ticks
        self.offset = 0
        self.set(0)

    def set(self, offset):
        """The clock's distance from the real one in whole seconds."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{offset:+d}\n")
        os.replace(fresh, self.file)
        self.offset = offset

    def advance(self, seconds):
        self.set(self.offset + seconds)

    def advance_to(self, at):
        """To the second AT, of which a part may be over."""
        self.advance(at - self.now())

    def advance_to_noon(self):
        """Of the next day, and a little: nothing turns soon."""
        self.advance(36 * 3600 + 20 - self.now() % 86400)

    def now(self):
        return int(time.time()) + self.offset

    def environment(self):
        ticks = {} if self.ticks else {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        return {
            **ticks,
            "LD_PRELOAD": library(),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DISABLE_SHM": "1",
            # A build with AddressSanitizer wants to be preloaded first.
            "ASAN_OPTIONS": "verify_asan_link_order=0",
        }
