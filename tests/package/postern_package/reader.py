# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Somebody who follows README.md on a mail host, block by block."""

import os
import subprocess
from pathlib import Path

from . import apt, host, readme, site

README = Path("README.md")
SYSTEMCTL = Path("/usr/local/sbin/systemctl")
# The stand-in needs the tree that it lies in.
STAND_IN = f"""\
#!/bin/sh
exec /usr/bin/python3 {Path.cwd()}/tests/package/systemctl.py "$@"
"""
DAEMONS = ("postern-policyd", "postern-keeper", "postern-milter")


def log(name):
    path = Path(f"/var/log/{name}.service.log")
    return path.read_text() if path.exists() else ""


def reloads():
    return [log(name).count("event=reloaded") for name in DAEMONS]


class Reader:
    def __init__(self, here):
        self.here = here
        self.blocks = readme.blocks(README)
        self.at = 0
        self.said = ""
        self.skipped = set()

    def is_for_us(self, block):
        return block.dovecot in (None, self.here.dovecot)

    def upto(self, words):
        """Carries out what comes, with the block that has WORDS as the last."""
        while self.at < len(self.blocks):
            block = self.blocks[self.at]
            self.at += 1
            if self.is_for_us(block):
                self.carry_out(block)
            if words in block.text:
                return
        raise AssertionError(f"README.md has no more block with {words}")

    def skip(self, heading):
        """Leaves out what comes under HEADING; there must be something."""
        first = self.at
        while (self.at < len(self.blocks)
               and self.blocks[self.at].heading == heading):
            self.at += 1
        assert self.at > first, f"no block of {heading} comes next"
        self.skipped.add(heading)

    def shown(self):
        """The next block, which is a text."""
        block = self.blocks[self.at]
        assert block.language == "text", block
        self.at += 1
        return block.text

    def again(self, words):
        """Carries out the first block with WORDS once more."""
        self.carry_out(next(block for block in self.blocks
                            if words in block.text))

    def carry_out(self, block):
        assert block.language != "text", f"{block}: nobody looked at it"
        if block.language != "sh":
            readme.put(block)
            return
        try:
            self.shell(block.text)
        except subprocess.CalledProcessError as error:
            raise AssertionError(f"{block}: exit code {error.returncode}\n"
                                 f"{error.output}") from error

    def shell(self, text):
        """All commands of a block; waits for what they have only begun."""
        words = readme.commands(text)
        before = reloads(), host.smtpds()
        if ["doveadm", "reload"] in words:
            site.reload_dovecot(lambda: self.run(text))
        else:
            self.run(text)
        if any(line[:2] == ["systemctl", "reload"] for line in words):
            site.wait(lambda: all(now > then for now, then in
                                  zip(reloads(), before[0])),
                      "word of the daemons about their new configuration")
        if ["postfix", "reload"] in words:
            # An idle process of before would serve the next client as before.
            site.wait(lambda: not before[1] & host.smtpds(),
                      "end of Postfix's old processes")

    def run(self, text):
        # What they print goes to a file: daemons would keep a pipe open.
        with open("/var/log/reader.log", "w+") as output:
            done = subprocess.run(
                ["/bin/sh", "-e", "-c", text], cwd=apt.FOLDER, text=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                timeout=apt.LIMIT_SECONDS)
            output.seek(0)
            self.said = output.read()
        if done.returncode != 0:
            raise subprocess.CalledProcessError(done.returncode, "sh",
                                                self.said)


def put_systemctl():
    SYSTEMCTL.write_text(STAND_IN)
    SYSTEMCTL.chmod(0o755)


def systemctl(*words):
    subprocess.run([str(SYSTEMCTL), *words], check=True, timeout=300,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
