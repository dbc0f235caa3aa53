#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""make-old-state.py TREE STEPS OUTPUT: a state as an older version left it.

TREE is that version, built with `make all system-tools`; its own programs and
its own postern_site do the work, so that nothing of today's gets into it.  The
first STEPS of steps() are taken: what that version can do.  OUTPUT, a folder
of states/, gets accounts.txt and activity.txt (`mdb_dump -a`), the version's
own dump.jsonl, and about.json: the plans, the time, its quota rows, and all
app passwords that were made.  test_upgrade.py opens them all.

A version that changes the form of the state, or what stands in it, adds a step
here and, at its end, a folder: make-old-state.py . 6 tests/system/states/6-name
"""

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True
if len(sys.argv) != 4:
    sys.exit(__doc__.split(":")[0])
TREE, STEPS, OUTPUT = Path(sys.argv[1]).resolve(), int(sys.argv[2]), sys.argv[3]
BUILD = Path(os.environ.get("POSTERN_BUILD", TREE / "build" / "release"))
os.environ["POSTERN_BUILD"] = str(BUILD)
sys.path.insert(0, str(TREE / "tests" / "system"))

from postern_site import case, workdir

START = int(datetime(2026, 9, 1, 12, tzinfo=timezone.utc).timestamp())
DAY = 86400

# By the step that first knows them.
PLANS = (
    {
        "free": {"messages": ["5/1m", "15/1h"], "recipients": ["40/1h"],
                 "bytes": ["1M/1d"]},
        "premium": {"messages": ["20/1m", "60/1d"]},
    },
    {"mobile": {"messages": ["9/1h"], "mail_check": "5m", "imap_check": "hold",
                "download": ["1G/1d"], "logins": ["100/1h"]}},
    {"bounced": {"messages": ["1000/1h"], "bounce_min": "25/1d"}},
    {
        "tight": {"messages": ["9/1h"], "penalty": "2/1h for 2d after 8/1d",
                  "warn_at": 80, "block_after_refusals": "20/1h"},
        "strict": {"messages": ["1/1h"], "block_after_refusals": "2/1h"},
        "watched": {"messages": ["1000/1h"], "client_addresses": "9/1d",
                    "new_recipients": "50/1d"},
        "slow": {"messages": ["3/1h"], "plan_delay": "2d"},
    },
    {"tried": {"messages": ["4/1h", "9/1d"], "recipients_per_message": 2}},
)


def login(name):
    return f"{name}@example.test"


def spread(maker, name, count, seconds, **changes):
    """COUNT messages that pass, so many seconds apart."""
    for number in range(count):
        size = str(1000 + 37 * number)
        action = maker.link.send_message(login(name), size=size, **changes)
        if action != "DUNNO":
            raise AssertionError(f"{name}, message {number + 1}: {action}")
        maker.clock.advance(seconds)


def refuse(maker, name, count=1, **changes):
    for _ in range(count):
        action = maker.link.send_message(login(name), **changes)
        if action == "DUNNO":
            raise AssertionError(f"{name}: not refused")


def sending(maker):
    """Plans, limits, locks, grants, senders, and windows that are full."""
    ctl = maker.ctl
    ctl("set", login("ann"), "plan=premium", "language=lv",
        "messages=20/1m,200/1d", "recipients_per_message=30")
    ctl("sender", "add", login("ann"), "boss@example.test", "@lists.example")
    ctl("grant", login("carl"), "+9", "--until", "+30d", "--note", "fair")
    ctl("lock", login("bob"), "--note", "spam, says AS64496 — jā")
    ctl("set", login("frank"), "status=inactive")
    ctl("set", "jānis@bücher.example", "plan=premium", "language=et")
    ctl("set", "o'hara+x=y@example.test", "messages=unlimited")
    ctl("set", login("gone"), "plan=premium")
    ctl("account", "delete", login("gone"))
    ctl("set", login("long"), "plan=premium")
    # More than a log holds one by one.
    spread(maker, "long", 45, 97)
    spread(maker, "ann", 12, 3)
    spread(maker, "jānis", 2, 1)
    spread(maker, "dave", 5, 70)
    spread(maker, "dave", 5, 70, recipient_count="3")
    spread(maker, "carl", 5, 1)
    spread(maker, "carl", 3, 1)  # of the grant
    spread(maker, "dave", 5, 1)
    refuse(maker, "dave", 3)
    refuse(maker, "dave", 1, size="9000000")


def access(maker):
    """App passwords live and ended, blocks, sessions, a pending block."""
    ctl = maker.ctl
    ctl("set", login("ann"), "mail_check=4m")
    maker.enable("ann", "--label", "Tālrunis", "--note", "by phone")
    maker.create("ann", "--label", "laptop", "--protocols", "imap,smtp",
                 "--expires", "+30d", "--networks", "192.0.2.0/24,2001:db8::/32")
    maker.create("ann", "--label", "old")
    ctl("password", "revoke", login("ann"), "3")
    maker.enable("erin")
    ctl("disable", login("erin"))
    maker.enable("hans", "--protocols", "imap,pop3")
    ctl("block", login("hans"), "--reason", "cracked", "--note", "tālrunis")
    maker.enable("ida")
    ctl("block", login("ida"), "--reason", "abuse")
    ctl("password-changed", login("ann"))
    ctl("set", login("mia"), "plan=mobile")
    maker.enable("mia")
    maker.daemon.wait_lines("ready")
    session = maker.connect()
    session.open(maker.token(login("mia")), login("mia"), session="abc+123")
    session.check(17)
    session.traffic(4096, 512)
    session.close()
    maker.add_usage("mia")


def senders(maker):
    """Mail through the filter: recent charges with amounts, and evidence."""
    from postern_site import milter_mta, reports
    from postern_site.milter_case import message

    maker.ctl("set", login("nora"), "plan=bounced")
    maker.enable("nora")
    maker.start_milter()
    session = maker.session(login("nora"))
    sent = []
    for number in range(12):
        to = [f"r{number}@remote.test", f"s{number}@remote.test"]
        sent.append((f"<{number}.old@mua.test>", to))
        text = message(login("nora"), message_id=sent[-1][0])
        headers, body = milter_mta.parts(text)
        reply = session.send(login("nora"), *to, headers=headers, body=body)
        assert reply.passes, str(reply)
        maker.clock.advance(5)
    session.close()
    outside = maker.session(None, address="192.0.2.77")
    for number, to in sent[:4]:
        text = reports.report(login("nora"), to[:1], number)
        headers, body = milter_mta.parts(text)
        reply = outside.send("", login("nora"), headers=headers, body=body)
        assert reply.passes, str(reply)
    outside.close()


def life(maker):
    """What the keeper and the later rules leave; notices wait."""
    ctl = maker.ctl
    ctl("set", login("ann"), "timezone=Europe/Riga")
    for name in ("tight", "strict", "watched"):
        ctl("set", login(f"on-{name}"), f"plan={name}")
        maker.enable(f"on-{name}", "--label", name)
    ctl("set", login("waits"), "plan=slow")
    spread(maker, "on-tight", 8, 2)
    refuse(maker, "on-tight", 4)
    spread(maker, "on-strict", 1, 2)
    refuse(maker, "on-strict", 5)
    for number in range(6):
        for to in range(4):
            spread(maker, "on-watched", 1, 1,
                   recipient=f"to{number}-{to}@remote.test",
                   client_address=f"198.51.100.{number}")
    ctl("sweep")


def would(maker):
    """What observe mode would have refused."""
    maker.ctl("set", login("tom"), "plan=tried")
    maker.restart(mode="observe")
    spread(maker, "tom", 11, 60)
    spread(maker, "tom", 1, 60, recipient_count="3")


def steps():
    return (sending, access, senders, life, would)[:STEPS]


def base():
    if STEPS < 2:
        return case.PolicydTest
    from postern_site.session_case import SessionTest
    if STEPS < 3:
        return SessionTest
    from postern_site.milter_case import MilterTest

    class Both(MilterTest, SessionTest):
        pass

    return Both


class Maker(base()):
    """A test that tests nothing."""

    def runTest(self):
        self.use_clock()
        self.clock.set(START - int(time.time()))
        self.passwords = []
        self.plans = {k: v for step in PLANS[:STEPS] for k, v in step.items()}
        self.settings = {} if STEPS < 4 else {
            "notice": {"from": "postmaster@example.test",
                       "templates": [TREE / "packaging" / "templates"],
                       "command": "/bin/false", "max": "100/1d"}}
        self.write_conf(self.plans["free"], self.plans, **self.settings)
        self.init()
        self.start_daemon()
        self.link = self.policy()
        for step in steps():
            step(self)
        self.link.close()
        if STEPS >= 3:
            self._stop_milter()
        self.daemon.stop()
        if STEPS >= 2:
            # Now nobody completes it.
            self.enable("pia")
            self.tool("pending", login("pia"), 2)
        self.write(Path(OUTPUT))

    def restart(self, **changes):
        self.link.close()
        self.daemon.stop()
        self.write_conf(self.plans["free"], self.plans,
                        **{**self.settings, **changes})
        self.start_daemon()
        self.link = self.policy()

    def enable(self, name, *words):
        rows = self.ctl_json("enable", login(name), *words)
        self.passwords.append([login(name), rows[0]["password"]])

    def create(self, name, *words):
        rows = self.ctl_json("password", "create", login(name), *words)
        self.passwords.append([login(name), rows[0]["password"]])

    def token(self, name):
        return self.tool("token", name, "imap", 1, 1)[0]

    def add_usage(self, name):
        """What only Dovecot's auth process writes."""
        lines = self.ctl("dump").out.splitlines()
        at = self.clock.now()
        for line in lines:
            row = json.loads(line)
            if row["postern"] == "usage" and row["login"] == login(name):
                row["logins"] = {"at": at, "total": 7, "window": [
                    [at - 900, at - 900, 3], [at, at, 4]]}
                row["guesses"] = {"window": [[at - 50, at - 90, 2]],
                                  "hashes": [123456789, 4294967295]}
                row["pop3_checked_at"] = at - 600
                row["last_uses"] = [{
                    "password": 1, "at": at, "protocol": "imap",
                    "address": "192.0.2.9"}]
                line = json.dumps(row)
                self.ctl("load", given=f"{lines[0]}\n{line}\n")
                return
        raise AssertionError(f"{name} has no usage")

    def write(self, output):
        output.mkdir(parents=True, exist_ok=True)
        (output / "dump.jsonl").write_text(self.ctl("dump").out)
        about = {
            "at": self.clock.now(),
            "plans": self.plans,
            "quota": self.ctl_json("quota"),
            "passwords": self.passwords,
        }
        text = json.dumps(about, indent=1, ensure_ascii=False)
        (output / "about.json").write_text(text + "\n")
        for part in ("accounts", "activity"):
            done = subprocess.run(["mdb_dump", "-a", self.state / part],
                                  check=True, capture_output=True, text=True)
            # What is empty would be a blank at the end of a line.
            lines = [x.rstrip() for x in done.stdout.splitlines()]
            (output / f"{part}.txt").write_text("\n".join(lines) + "\n")


def main():
    maker = Maker()
    result = maker.run()
    workdir.clean_up()
    for _, text in result.failures + result.errors + result.skipped:
        print(text, file=sys.stderr)
    return 0 if result.wasSuccessful() and not result.skipped else 1


if __name__ == "__main__":
    sys.exit(main())
