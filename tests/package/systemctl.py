#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""systemctl.py VERB [--now] UNIT...

What systemctl does with the units of a host, for a root in which no systemd
runs: a service is started as its unit says (postern_package/unit.py), and its
process is looked after here. To enable and to disable takes no systemd, so the
real systemctl does it. Of a path unit nothing is watched.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from postern_package import unit

REAL = "/usr/bin/systemctl"
END_SECONDS = 60


def process_file(name):
    return Path("/run") / f"{name}.pid"


def process(name):
    """The number of its main process, None if it does not run."""
    try:
        number = int(process_file(name).read_text())
        os.kill(number, 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return number


def start(name):
    if name.endswith(".path"):
        assert unit.settings(name)["PathExists"], name
        return
    if process(name) is None:
        service = unit.Unit(name)
        service.start()
        process_file(name).write_text(str(service.process.pid))


def stop(name):
    number = process(name)
    if number is None:
        return
    os.kill(number, signal.SIGTERM)
    end = time.monotonic() + END_SECONDS
    while process(name) is not None:
        if time.monotonic() > end:
            sys.exit(f"{name} does not end")
        time.sleep(0.02)
    process_file(name).unlink()


def reload(name):
    number = process(name)
    if number is None:
        sys.exit(f"{name} does not run")
    if unit.settings(name)["ExecReload"] != ["/bin/kill -HUP $MAINPID"]:
        sys.exit(f"{name} is reloaded in a way that is not known here")
    os.kill(number, signal.SIGHUP)


def restart(name):
    stop(name)
    start(name)


VERBS = {"start": start, "stop": stop, "reload": reload, "restart": restart}
NOW = {"enable": start, "disable": stop}


def main(verb, *words):
    now = "--now" in words
    names = [word if "." in word else f"{word}.service"
             for word in words if word != "--now"]
    if verb in NOW:
        subprocess.run([REAL, "--root=/", "-q", verb, *names], check=True)
    function = VERBS.get(verb) or (NOW[verb] if now else None)
    for name in names if function else ():
        function(name)


main(*sys.argv[1:])
