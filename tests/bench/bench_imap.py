# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""IMAP commands in a session with Postern's plugins and in one without.

Two Dovecots show the same mailbox to the same app password; one of them does
not load the mail plugins. What is measured is the work of the imap process
itself, in instructions where the machine counts them, because the share of
time that a command takes there is small.
"""

import json
import subprocess
import time

from bench_compare import Comparison, Pair
from bench_machine import pinned, processors
from bench_servers import end
from postern_site import conf, dovecot, dovecot_conf, mail, site, workdir
from postern_site.ctl import Ctl
from postern_site.policyd import Policyd

LOGIN = "alice@example.test"
MESSAGES = 2000
HIDDEN = 20
ROUNDS = 5
# Instructions tell the same each time; time wants more rounds.
ROUNDS_OF_TIME = 15
# Dovecot looks into a maildir again while it was changed so recently.
QUIET_SECONDS = 2.5
STATUS = "STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)"
# Command, how often in a round, and is INBOX selected meanwhile?
COMMANDS = (
    ("NOOP", "NOOP", 500, True),
    ("SELECT", "SELECT INBOX", 200, True),
    ("STATUS", STATUS, 500, False),
    ("STATUS selected", STATUS, 500, True),
)
MOST = 1.05

# Whether memory is given back to the kernel and fetched again in each command
# is a matter of luck, and costs more than what is measured here.
_KEEP_MEMORY = {
    (2, 3): "import_environment = $import_environment"
    " MALLOC_TRIM_THRESHOLD_=33554432\n",
    (2, 4): "import_environment {\n"
    "  MALLOC_TRIM_THRESHOLD_ = 33554432\n"
    "  MALLOC_MMAP_THRESHOLD_ = 33554432\n}\n",
}
_NO_PLUGINS = {
    (2, 3): "protocol imap {\n  mail_plugins =\n}\n",
    (2, 4): "protocol imap {\n  mail_plugins {\n    postern = no\n"
    "    imap_postern = no\n  }\n}\n",
}


class Session:
    """An IMAP session of SERVER, and what its process uses."""

    def __init__(self, build, server, password):
        before = set(server.processes("imap"))
        self.client = server.imap()
        answer = self.client.login(LOGIN, password)
        if answer.status != "OK":
            raise RuntimeError(f"cannot log in: {answer}")
        (pid,) = set(server.processes("imap")) - before
        self.meter = subprocess.Popen(
            [str(build / "tests" / "bench" / "process-cost"), str(pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        workdir.at_end(end, self.meter)

    def used(self):
        self.meter.stdin.write("\n")
        self.meter.stdin.flush()
        line = self.meter.stdout.readline()
        if not line:
            raise RuntimeError("cannot tell what the imap process uses")
        return json.loads(line)

    def measure(self, command, times):
        """What the command costs, by the mean of so many."""
        before = self.used()
        begun = time.monotonic()
        for _ in range(times):
            self.client.ok(command)
        seconds = time.monotonic() - begun
        after = self.used()
        each = {
            name: (after[name] - before[name]) / times
            for name in after
            if after[name] is not None
        }
        return {**each, "rate": times / seconds, "others": 0}

    def close(self):
        self.client.logout()
        self.meter.communicate()


class Site:
    """policyd, a Dovecot as shipped, and one without the mail plugins."""

    def __init__(self, build, root):
        self.build = build
        etc, run = root / "etc", root / "run"
        for path in (root, etc, run):
            path.mkdir(mode=0o755)
        workdir.give(run, site.OWNER)
        self.conf = etc / "postern.conf"
        self._write_conf(root / "state", run)
        self.ctl = Ctl(build / "bin" / "posternctl", self.conf)
        self.ctl("init", "--owner", site.OWNER)
        self.policyd = Policyd(
            build / "bin" / "postern-policyd", self.conf, root / "policyd.log"
        )
        users = {LOGIN: site.PASSWORD}
        keep = _KEEP_MEMORY[dovecot.version()]
        self.postern = mail.MailServer(
            root / "postern", build, etc, run, users, extra=keep
        )
        self.plain = mail.MailServer(
            root / "without",
            build,
            etc,
            run,
            users,
            extra=keep + _NO_PLUGINS[dovecot.version()],
        )
        self.plain.passwd.write_text(
            dovecot_conf.passwd(users, self.postern.home)
        )

    def _write_conf(self, state, run):
        plan = {
            "protocols": ["imap"],
            "imap_check": "hold",
            "mail_check": "1h",
            "activation_delay": "unlimited",
        }
        self.conf.write_text(
            conf.render(
                {"free": plan},
                mode="enforce",
                state_dir=state,
                default_domain="example.test",
                default_plan="free",
                trusted_networks=[],
                policy_listen=[f"unix:{run}/policy.sock"],
                session_listen=f"unix:{run}/session.sock",
            )
        )

    def start(self):
        with pinned(processors()[1]):
            self.policyd.start()
        with pinned(processors()[0]):
            self.postern.start()
            self.plain.start()
        self.password = self.ctl.json("enable", LOGIN)[0]["password"]
        return self

    def deliver(self, count):
        self.postern.deliver(LOGIN, count=count)

    def session(self, server):
        return Session(self.build, server, self.password)

    def stop(self):
        self.postern.stop()
        self.plain.stop()
        self.policyd.stop(60)


def compare(ours, theirs, command, times):
    """Theirs, ours, theirs, ours ..., theirs."""
    theirs.measure(command, times)
    ours.measure(command, times)
    before = theirs.measure(command, times)
    rounds = ROUNDS if "user" in before else ROUNDS_OF_TIME
    pairs = []
    for _ in range(rounds):
        figures = ours.measure(command, times)
        after = theirs.measure(command, times)
        pairs.append(Pair(figures, before, after))
        before = after
    return Comparison(pairs, 0)


def report_command(report, what, figures):
    if "user" in figures.pairs[0].server:
        report.costs(what, "instr. each", figures, "user", MOST)
        if "kernel" in figures.pairs[0].server:
            report.costs(what, "in kernel", figures, "kernel")
        report.costs(what, "cpu us each", figures, "ns", scale=1000)
    else:
        report.costs(what, "cpu us each", figures, "ns", MOST, 1000)


def report_commands(report, ours, theirs, suffix):
    for what, command, times, selected in COMMANDS:
        for session in (ours, theirs):
            session.client.ok("SELECT INBOX" if selected else "UNSELECT")
        figures = compare(ours, theirs, command, times)
        report_command(report, f"{what}, {suffix}", figures)


def check_shown(ours, theirs, hidden):
    """Insists that the plugin works, and hides what it should."""
    counts = [session.client.exists() for session in (ours, theirs)]
    if counts != [MESSAGES, MESSAGES + hidden]:
        raise RuntimeError(f"INBOX shows {counts} messages")


def run(build, root, report):
    here = Site(build, root / "imap").start()
    here.deliver(MESSAGES)
    ours, theirs = here.session(here.postern), here.session(here.plain)
    check_shown(ours, theirs, 0)
    time.sleep(QUIET_SECONDS)
    report_commands(report, ours, theirs, "all shown")
    here.deliver(HIDDEN)
    check_shown(ours, theirs, HIDDEN)
    time.sleep(QUIET_SECONDS)
    report_commands(report, ours, theirs, f"{HIDDEN} hidden")
    ours.close()
    theirs.close()
    here.stop()
