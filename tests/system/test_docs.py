# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""docs/: every block of code does what the text around it says."""

import os
import re
import shlex
import subprocess
import unittest
from pathlib import Path

from postern_site import workdir
from postern_site.case import ALICE
from postern_site.keeper_case import TEMPLATES, NoticeTest

TREE = Path(__file__).resolve().parents[2]
DOCS = sorted((TREE / "docs").glob("*.md"))
ALERTS = TREE / "packaging/examples/monitor/alerts.yml"
PROGRAMS = ("core", "policyd", "milter", "keeper", "ctl", "dovecot-plugin")
# Where the text means a folder of the host, a test means one of its own.
HOST = re.compile(r"/var/(?=backups|www|lib)")
# What stands for something in a command that the text mentions.
STANDS_FOR = {
    "LOGIN": ALICE,
    "ADDRESS": "shop@example.test",
    "NAME": "premium",
    "DIR": "a-report",
}
PLANS = {"premium": {"messages": ["60/1m"]}, "bulk": {}}
# What a database of iRedAPD answers: one account, and what is none.
THROTTLE = """\
anna@example.com\t360\t100\t4096000000\t10240000\t12
bob@example.com\t3600\t0\t-1\t-1\t-1
carl@example.com\t60\t-1\t-1\t-1\t-1
@.\t60\t10\t-1\t-1\t-1
@example.net\t60\t10\t0\t0\t0
"""


def blocks(path):
    """(language, text) of each fenced block."""
    return re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", path.read_text())


def of_language(path, language):
    return [text for name, text in blocks(path) if name == language]


def mentioned(text):
    """The posternctl commands between backquotes."""
    spans = re.findall(r"`(posternctl [^`]+)`", text)
    return [span for span in spans if "..." not in span and "…" not in span]


class DocsTest(NoticeTest):
    def setUp(self):
        super().setUp()
        self.calls = self.dir / "calls"
        self.bin = self.dir / "bin"
        self.bin.mkdir()
        self.cwd = self.dir / "cwd"
        for name in ("cwd", "var/backups", "var/www/postmaster", "var/lib"):
            (self.dir / name).mkdir(parents=True)

    def make_state(self):
        self.write_conf(plans=PLANS, default_domain="example.com")
        (client,) = of_language(TREE / "docs/integrate.md", "postern")
        self.conf.write_text(self.conf.read_text() + client)
        self.init()
        # It notes how each call ended; -c in the text goes before ours.
        program = shlex.quote(str(self.program("posternctl")))
        self.put("posternctl", f"""\
case ${{1-}} in
-c) {program} "$@" ;;
*) {program} -c {shlex.quote(str(self.conf))} "$@" ;;
esac
code=$?
echo "$code $*" >> {shlex.quote(str(self.calls))}
exit $code
""")

    def put(self, name, script):
        path = self.bin / name
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)

    def shell(self, text):
        """Runs it with our posternctl; (code, words) of each call of that."""
        self.calls.write_text("")
        done = subprocess.run(
            ["/bin/sh", "-u", "-c", HOST.sub(f"{self.dir}/var/", text)],
            cwd=self.cwd,
            env={**os.environ, "PATH": f"{self.bin}:/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        calls = [line.split(" ", 1) for line in
                 self.calls.read_text().splitlines()]
        return [(int(code), words) for code, words in calls], done

    def check_block(self, text):
        """Doctor has something to say about a machine of tests."""
        calls, done = self.shell(text)
        self.assertTrue(calls, text)
        for code, words in calls:
            wanted = (0, 1) if words == "doctor" else (0,)
            self.assertIn(code, wanted, f"{words}: {done.stderr}")

    def keep_old_state(self):
        """As what was set aside before a backup took its place."""
        old = self.dir / "var/lib/postern.old"
        self.ctl("backup", old)
        for path in (old, *old.rglob("*")):
            workdir.give(path, self.owner) if self.owner else None


class Blocks(DocsTest):
    def at_home(self, text):
        """With a sender map and texts of notices that are there."""
        (self.dir / "senders").write_text("info@example.com anna@example.com\n")
        text = re.sub(r"file:/[\w/]+", f"file:{self.dir}/senders", text)
        return text.replace(
            "notice {", f'notice {{ templates = {{ "{TEMPLATES}" }}'
        )

    def test_every_configuration_is_accepted(self):
        found = [(path, text) for path in (TREE / "README.md", *DOCS)
                 for text in of_language(path, "postern")]
        self.assertGreater(len(found), 5)
        for path, text in found:
            with self.subTest(path=path.name, text=text):
                self.conf.write_text(self.at_home(text))
                self.ctl("check-config")

    def test_every_batch_is_done_to_its_last_line(self):
        found = [(path, text) for path in DOCS
                 for text in of_language(path, "batch")]
        self.assertGreater(len(found), 2)
        for number, (path, text) in enumerate(found):
            with self.subTest(path=path.name, text=text):
                self.state = self.dir / f"state-{number}"
                self.make_state()
                result = self.ctl("batch", "--keep-going", given=text)
                self.assertIn(" 0 failed", result.err)

    def test_every_command_in_a_block_works_in_their_order(self):
        self.put("mysql", f"printf %s {shlex.quote(THROTTLE)}\n")
        for number, path in enumerate(DOCS):
            self.state = self.dir / f"state-{number}"
            self.make_state()
            if path.name != "integrate.md":
                self.ctl("enable", "anna@example.com")
            if path.name == "operate.md":
                self.keep_old_state()
            for language, text in blocks(path):
                if language == "batch":
                    (self.cwd / "changes.txt").write_text(text)
                with self.subTest(path=path.name, text=text):
                    if language == "sh":
                        self.check_block(text)

    def test_no_block_is_of_another_kind(self):
        for path in DOCS:
            kinds = {language for language, _ in blocks(path)}
            self.assertLessEqual(kinds, {"sh", "batch", "postern"}, path)


class Mentioned(DocsTest):
    def spans(self):
        texts = [(path.name, path.read_text()) for path in DOCS]
        remedies = re.findall(r'remedy: "(.*)"', ALERTS.read_text())
        calls = [f"`{part.strip()}`" for remedy in remedies
                 for part in remedy.split(";") if "posternctl" in part]
        texts.append((ALERTS.name, "\n".join(calls)))
        return [(name, span) for name, text in texts
                for span in mentioned(text)]

    def test_every_command_is_one_that_posternctl_takes(self):
        self.make_state()
        found = self.spans()
        self.assertGreater(len(found), 40)
        for name, span in sorted(set(found)):
            words = [STANDS_FOR.get(x, x) for x in shlex.split(span)[1:]]
            words = [re.sub("NAME$", "premium", x) for x in words]
            # Named alone, or what never ends: its help is there.
            if words[0] == "watch" or not re.search(r"[A-Z@+-]", span):
                words.append("--help")
            with self.subTest(file=name, span=span):
                result = self.posternctl().run(*words)
                self.assertNotIn(result.code, (64, 70), result.err)


def literals():
    """All texts that our programs can say, as one."""
    found = []
    for folder in PROGRAMS:
        for path in sorted((TREE / folder).rglob("*.c")):
            text = re.sub(r'"\s*\n\s*"', "", path.read_text())
            found += re.findall(r'"((?:\\.|[^"\\\n])*)"', text)
    return "\n".join(found)


class Symptoms(unittest.TestCase):
    @staticmethod
    def rows(path, heading):
        """The rows of the tables below a heading."""
        text = path.read_text().split(f"\n## {heading}\n")[1]
        text = text.split("\n## ")[0]
        rows = [re.split(r"(?<!\\) \| ", line.strip("| "))
                for line in text.splitlines() if line.startswith("| ")]
        return [row for row in rows if not row[0].startswith("---")][1:]

    def test_what_is_said_to_be_read_is_what_programs_say(self):
        said = literals()
        rows = self.rows(TREE / "docs/operate.md", "When something is odd")
        self.assertGreaterEqual(len(rows), 20)
        for row in rows:
            self.assertEqual(len(row), 3, row)
            for span in re.findall(r"`([^`]+)`", row[0]):
                if re.fullmatch(r"[\d. ]+|\[[A-Z-]+\]", span):
                    continue
                span = span.removeprefix("event=")
                for part in filter(None, re.split(r" ?… ?", span)):
                    with self.subTest(text=part):
                        self.assertTrue(part.rstrip(":;") in said)

    def test_every_event_is_one_that_daemons_log(self):
        said = set(literals().split("\n"))
        rows = self.rows(TREE / "docs/monitor.md", "The log")
        self.assertGreater(len(rows), 8)
        for row in rows:
            for event in re.findall(r"`([^`]+)`", row[0]):
                self.assertTrue(event in said, event)


class Api(unittest.TestCase):
    TEXT = (TREE / "docs/integrate.md").read_text()

    def test_every_method_is_one_of_doveadm(self):
        commands = re.findall(r"(?m)^postern [a-z ]+$", literals())
        methods = {re.sub(r" (\w)", lambda x: x[1].upper(), name)
                   for name in commands}
        named = set(re.findall(r"\bpostern[A-Z]\w+", self.TEXT))
        self.assertEqual(named, methods)

    def test_every_field_is_one_that_is_answered(self):
        said = set(literals().split("\n"))
        fields = re.findall(r"`([a-z]+_[a-z_]+)`", self.TEXT)
        self.assertGreater(len(fields), 4)
        # This is a key of the configuration.
        for field in set(fields) - {"plan_delay"}:
            self.assertTrue(field in said, field)


class Steps(DocsTest):
    """What a text does in several blocks."""

    def block(self, name, part):
        (text,) = [text for text in of_language(TREE / "docs" / name, "sh")
                   if part in text]
        return text

    def test_limits_of_iredapd_become_settings(self):
        self.make_state()
        self.put("mysql", f"printf %s {shlex.quote(THROTTLE)}\n")
        self.check_block(self.block("migrate.md", "throttle.batch"))
        self.assertEqual(
            (self.cwd / "throttle.batch").read_text().splitlines(),
            ["set anna@example.com recipients=100/360s"
             " bytes=4096000000/360s message_size=10240000"
             " recipients_per_message=12",
             "set bob@example.com recipients=unlimited"],
        )
        rows = self.ctl_json("quota", "anna@example.com")
        self.assertIn(("recipients", 360, 100),
                      [(r["kind"], r["window"], r["limit"]) for r in rows])

    def test_what_was_closed_since_a_backup_is_closed_again(self):
        self.make_state()
        for login in ("ann", "bob", "cyd", "dan", "eve"):
            self.ctl("enable", login)
        self.ctl("password", "create", "ann")
        self.ctl("backup", self.dir / "copy")
        since = self.ctl_json("history")[0]["time"]
        self.ctl("password", "revoke", "ann", "1", "--note", "lost")
        self.ctl("disable", "bob")
        self.ctl("block", "cyd", "--reason", "abuse", "--note", "spam")
        self.ctl("lock", "dan")
        self.keep_old_state()
        self.state = self.dir / "copy"
        for path in (self.state, *self.state.rglob("*")):
            workdir.give(path, self.owner) if self.owner else None
        self.write_conf(plans=PLANS, default_domain="example.com")
        living = {x["login"]: x["app_passwords"]
                  for x in self.ctl_json("account", "list")}
        self.assertEqual(sum(living.values()), 6, "they live again")
        text = self.block("operate.md", "old.conf")
        text = re.sub(r"since=\S+", f"since={since}", text)
        self.check_block(text)
        rows = {x["login"].partition("@")[0]: x
                for x in self.ctl_json("account", "list")}
        self.assertEqual({name: x["app_passwords"] for name, x in
                          rows.items()},
                         {"ann": 1, "bob": 0, "cyd": 0, "dan": 1, "eve": 1})
        self.assertEqual(rows["cyd"]["block"], "abuse")
        self.assertTrue(rows["dan"]["locked"])
