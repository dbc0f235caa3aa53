# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""posternctl."""

import json
import os
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)


class Ctl:
    def __init__(self, program, conf, clock=None):
        self.program = program
        self.conf = conf
        self.clock = clock

    def run(self, *words, form=None, given=None, env=None):
        """Runs it, with ENV added; never raises for an exit code."""
        argv = [self.program, "-c", self.conf]
        if form is not None:
            argv += ["-f", form]
        environment = dict(os.environ)
        if self.clock is not None:
            environment.update(self.clock.environment())
        environment.update(env or {})
        done = subprocess.run(
            [str(word) for word in (*argv, *words)],
            input=given or "",
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def __call__(self, *words, **options):
        """Runs it and insists on exit code 0."""
        result = self.run(*words, **options)
        if result.code != 0:
            raise AssertionError(
                f"posternctl {' '.join(map(str, words))} ended with "
                f"{result.code}: {result.err}{result.out}"
            )
        return result

    def json(self, *words):
        return self(*words, form="json").json()
