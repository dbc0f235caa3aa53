# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The times that replies and log lines name."""

import calendar
import re
import time

_TOLD = re.compile(
    r"try again after (\d{4}-\d\d-\d\d )?(\d\d:\d\d:\d\d) UTC"
)


def told_time(text, now=None):
    """The time after "try again after", in seconds since 1970.

    A time without a day is one of the day of NOW.
    """
    found = _TOLD.search(text)
    if found is None:
        raise AssertionError(f"no time in {text!r}")
    today = time.gmtime(time.time() if now is None else now)
    day = found.group(1) or time.strftime("%Y-%m-%d ", today)
    return calendar.timegm(
        time.strptime(day + found.group(2), "%Y-%m-%d %H:%M:%S")
    )


def iso_time(text):
    """2026-11-22T14:05:10Z in seconds since 1970."""
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
