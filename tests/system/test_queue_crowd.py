# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What very many accounts have in a long queue, and what it takes to hold it.
Programs of our own stand in for Postfix's: nobody sends so much mail first."""

import json
import subprocess

from postern_site import mounts, workdir
from postern_site.case import ALICE, PolicydTest

ACCOUNTS = 10000
ENTRIES = 50000
# Every so-manieth of them is an account's.
EVERY = 5
# What posternctl may take for it, which is far more than it needs.
DATA_BYTES = 32 << 20
CPU_SECONDS = 5

# @FILE@ is what is in the queue, @FILE@.held the ids of what was held.
PROGRAMS = {
    "postqueue": """#!/bin/sh
touch @FILE@.held
exec awk 'FILENAME == ARGV[1] { held[$1]; next }
    substr($2, 2, 10) in held { sub(/deferred/, "hold") }
    { print }' @FILE@.held @FILE@
""",
    "postcat": """#!/bin/sh
shift
for id; do
    printf '*** ENVELOPE RECORDS deferred/4/%s ***\\nnamed_attribute: ' $id
    printf 'sasl_username=user%d@example.test\\n' $((0x$id % @ACCOUNTS@))
done
""",
    "postsuper": """#!/bin/sh
exec cat >> @FILE@.held
""",
}


class Crowd(PolicydTest):
    def setUp(self):
        try:
            mounts.check()
        except workdir.Missing as missing:
            self.skipTest(str(missing))
        super().setUp()
        self.file = self.dir / "queue"
        self.write_conf({"protocols": ["smtp"], "on_block": "hold-queue"})
        self.init()

    def lock_crowd(self):
        self.ctl("set", ALICE, "language=lv")
        self.ctl("sender", "add", ALICE, "@alice.test")
        dump = self.ctl("dump").out.splitlines()
        account = next(x for x in dump if '"account"' in x)
        lines = [dump[0]]
        for number in range(ACCOUNTS):
            record = json.loads(account.replace("alice", f"user{number}"))
            record["lock"]["at"] = record["created_at"]
            lines.append(json.dumps(record))
        self.ctl("load", given="\n".join(lines))

    def fill_queue(self):
        """The ids of the crowd's mail."""
        senders = ["user{}@example.test", "User{}+x@Example.Test",
                   "any@user{}.test"]
        theirs = []
        with open(self.file, "w") as file:
            for number in range(ENTRIES):
                name = f"{number + 0x4F00000000:010X}"
                sender = f"stranger{number}@x.test"
                if number % EVERY == 0:
                    sender = senders[number % len(senders)]
                    sender = sender.format(int(name, 16) % ACCOUNTS)
                    theirs.append(name)
                file.write(f'{{"queue_id": "{name}", "sender": "{sender}", '
                           '"queue_name": "deferred"}\n')
        return theirs

    def apply(self):
        """Each message of the answer: id -> result."""
        programs = {}
        for name, text in PROGRAMS.items():
            programs[name] = self.dir / name
            text = text.replace("@FILE@", str(self.file))
            text = text.replace("@ACCOUNTS@", str(ACCOUNTS))
            programs[name].write_text(text)
            programs[name].chmod(0o755)
        view = mounts.Mounts(self.dir / "mounts")
        view.add("/usr/sbin", programs)
        done = subprocess.run(
            view.command(
                ["prlimit", f"--data={DATA_BYTES}", f"--cpu={CPU_SECONDS}",
                 self.program("posternctl"), "-c", self.conf, "-f", "json",
                 "queue", "apply", "--all"]
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return {row["queue_id"]: row["result"]
                for row in json.loads(done.stdout)}

    def test_a_long_queue_of_very_many_accounts_takes_little(self):
        self.lock_crowd()
        theirs = self.fill_queue()
        results = self.apply()
        self.assertEqual(set(results.values()), {"held"})
        self.assertTrue(results.keys() == set(theirs))
