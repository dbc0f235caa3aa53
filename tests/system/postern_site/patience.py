# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""How long tests wait, and how they measure what is to be quick.

A machine that tests run on may be slow, and may stand still for seconds. So
what must come is waited for much longer than it takes, and a time that must
not pass is taken by a Watch, which leaves out when nothing ran at all.
"""

import threading
import time

# In seconds; nobody waits for so long where all is well.
PATIENCE = 30.0
# What is promised "within a second".
SOON = 1.0

_STEP = 0.02
_GAP = 0.05  # a step that took longer than this was a standstill
_gaps = []  # (begin, end)
_feeler = None


def _feel():
    """Notes when the machine did not run even this, which does nothing."""
    last = time.monotonic()
    while True:
        time.sleep(_STEP)
        now = time.monotonic()
        if now - last > _STEP + _GAP:
            _gaps.append((last + _STEP, now))
        last = now


def stood_still(begin, end):
    """Of the seconds between two moments of time.monotonic()."""
    time.sleep(2 * _STEP)  # the feeler may be as late as we are
    return sum(
        max(0.0, min(end, gap_end) - max(begin, gap_begin))
        for gap_begin, gap_end in list(_gaps)
    )


class Watch:
    """Begins at once."""

    def __init__(self):
        global _feeler
        if _feeler is None:
            _feeler = threading.Thread(target=_feel, daemon=True)
            _feeler.start()
        self.begun = time.monotonic()

    def took(self):
        """Seconds until now, without those in which nothing ran."""
        now = time.monotonic()
        return now - self.begun - stood_still(self.begun, now)
