# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What is shipped for monitoring: textfile, munin plugin, alert rules."""

import contextlib
import os
import re
import shlex
import shutil
import stat
import subprocess
from pathlib import Path

from postern_site import case, children, mounts, unpacked, workdir
from postern_site.case import ALICE, BOB
from postern_site.keeper_case import KeeperTest

MONITOR = Path(__file__).resolve().parents[2] / "packaging/examples/monitor"
ALERTS = MONITOR / "alerts.yml"
MANUAL = MONITOR.parents[2] / "docs/monitor.md"
# Of the node exporter itself.
FOREIGN = {"node_textfile_mtime_seconds"}


class MonitorTest(KeeperTest):
    """The scripts find our posternctl, and only that, in PATH."""

    def setUp(self):
        super().setUp()
        self.bin = self.dir / "bin"
        self.bin.mkdir()
        self.put("posternctl", [self.program("posternctl"), "-c", self.conf])

    def put(self, name, argv):
        """A command NAME that is ARGV and what it is given."""
        path = self.bin / name
        words = shlex.join(map(str, argv))
        path.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        path.chmod(0o755)

    def script(self, name, *words):
        return subprocess.run(
            [str(MONITOR / name), *map(str, words)],
            env={**os.environ, "PATH": f"{self.bin}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def metrics(self):
        return self.ctl("stats", "--openmetrics").out


class Textfile(MonitorTest):
    def setUp(self):
        super().setUp()
        self.folder = self.dir / "node-exporter"
        self.folder.mkdir()
        self.file = self.folder / "postern.prom"

    def write(self):
        return self.script("postern-textfile.sh", self.file)

    def test_it_holds_the_counts_and_can_be_read_by_all(self):
        self.start()
        self.accept(self.policy(), 2)
        self.start_keeper()
        done = self.write()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        text = self.file.read_text()
        self.assertTrue(text.endswith("# EOF\n"))
        for daemon in ("policyd", "keeper"):
            self.assertIn(f'postern_up{{program="{daemon}"}} 1\n', text)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o644)
        self.daemon.stop()
        self.assertEqual(self.write().returncode, 0)
        text = self.file.read_text()
        self.assertIn('postern_up{program="policyd"} 0\n', text)
        self.assertRegex(text, r'permitted_total\{program="policyd"\} 2\n')
        self.assertEqual(os.listdir(self.folder), [self.file.name])

    def test_what_cannot_be_read_leaves_the_old_file(self):
        self.start()
        self.assertEqual(self.write().returncode, 0)
        before = self.file.read_text()
        self.conf.write_text("mode = asleep\n")
        done = self.write()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("mode", done.stderr)
        self.assertEqual(self.file.read_text(), before)
        self.assertEqual(os.listdir(self.folder), [self.file.name])


def graphs(text):
    """Graph -> field -> value of its lines, as munin reads them."""
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition(" ")
        if name == "multigraph":
            graph = found.setdefault(value, {})
        else:
            graph[name] = value
    return found


class Munin(MonitorTest):
    def ask(self, *words):
        done = self.script("munin-postern.sh", *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return graphs(done.stdout) if words != ("autoconf",) else done.stdout

    def test_each_field_that_is_announced_has_a_value(self):
        self.start()
        self.accept(self.policy(), 1)
        announced, told = self.ask("config"), self.ask()
        self.assertEqual(announced.keys(), told.keys())
        for name, graph in announced.items():
            fields = {key.removesuffix(".label") + ".value"
                      for key in graph if key.endswith(".label")}
            with self.subTest(graph=name):
                self.assertEqual(fields, told[name].keys())
                self.assertIn("graph_title", graph)
                for value in told[name].values():
                    self.assertRegex(value, r"\A\d+\Z")

    def test_the_values_are_those_of_stats(self):
        self.start({"messages": ["2/1h"]})
        client = self.policy()
        self.accept(client, 2)
        client.ask()
        self.accept(client, 1, BOB)
        self.ctl("block", ALICE, "--reason", "admin")
        self.daemon.stop()
        told = self.ask()
        messages = told["postern_messages"]
        self.assertEqual(
            (messages["sent.value"], messages["refused.value"]), ("3", "1")
        )
        waiting = len([x for x in self.outbox() if x["state"] != "given-up"])
        self.assertEqual(
            told["postern_notices"]["waiting.value"], str(waiting)
        )
        self.assertGreater(int(told["postern_state"]["accounts.value"]), 0)

    def test_it_says_whether_it_can_work_here(self):
        self.assertEqual(self.ask("autoconf")[:3], "no ")
        self.start()
        self.assertEqual(self.ask("autoconf"), "yes\n")

    def test_without_the_state_it_fails_and_tells_nothing(self):
        self.write_conf()
        done = self.script("munin-postern.sh")
        self.assertEqual((done.returncode, done.stdout), (1, ""))


class MuninLogins(MonitorTest, case.DovecotTest):
    def test_logins_are_shown_where_dovecot_counts_them(self):
        self.start_mail(dovecot={"parts": ["metrics"]})
        # By its path, because this command is the first of that name.
        argv = [shutil.which("doveadm"), "-c", self.dovecot.conf]
        self.put("doveadm", mounts.enter(self.dovecot.pid(), argv))
        password = self.enable(ALICE, "--protocols", "imap")
        self.imap(ALICE, password)
        self.assertFalse(self.pop3().login(ALICE, password).ok)
        self.imap().login(BOB, "wrong")
        self.pop3().login(BOB, "wrong too")
        wanted = {"ok.value": "1", "refused.value": "1", "mismatch.value": "2"}
        # Dovecot counts them a moment later.
        with contextlib.suppress(TimeoutError):
            children.wait_for(lambda: self.logins() == wanted, "logins")
        self.assertEqual(self.logins(), wanted)
        done = self.script("munin-postern.sh", "config")
        self.assertIn("postern_logins", graphs(done.stdout))

    def logins(self):
        done = self.script("munin-postern.sh")
        return graphs(done.stdout).get("postern_logins")


class Alerts(MonitorTest):
    """Without a reader of YAML: one form of it, line by line."""

    def expressions(self):
        """Alert -> its expression."""
        parts = re.split(r"(?m)^ +- alert: (\w+)$", ALERTS.read_text())
        return {
            name: re.search(r"(?s) expr: (.*?)\n +(?:for|labels):", rest)[1]
            for name, rest in zip(parts[1::2], parts[2::2])
        }

    def there(self):
        """What stats shows when everybody has counted something."""
        self.start()
        self.accept(self.policy(), 1)
        self.start_keeper()
        self.ctl("enable", ALICE)
        self.keeper.wait_lines("notice-failed")
        self.keeper.stop()
        return self.metrics()

    def test_every_metric_and_label_of_an_alert_is_in_stats(self):
        text = self.there()
        alerts = self.expressions()
        self.assertGreater(len(alerts), 8)
        for alert, expression in alerts.items():
            names = re.findall(r"\b(?:postern|node)_\w+", expression)
            self.assertTrue(names, alert)
            with self.subTest(alert=alert):
                for name in set(names) - FOREIGN:
                    self.assertRegex(text, rf"(?m)^{name}[ {{]")
                for label, values in re.findall(
                    r'(program|reason)=~?"([^"]+)"', expression
                ):
                    for value in values.split("|"):
                        self.assertIn(f'{label}="{value}"', text)

    def test_every_alert_and_metric_of_the_manual_is_there(self):
        text, manual = self.there(), MANUAL.read_text()
        named = set(re.findall(r"`(Postern\w+)`", manual))
        self.assertEqual(named, set(self.expressions()))
        # postern_login is Dovecot's; "_ended_total" ends the name before it.
        rows = re.findall(r"(?m)^\| (`postern_.*?) \| ", manual)
        self.assertGreater(len(rows), 10)
        for names in (re.findall(r"`([\w]+)", row) for row in rows):
            for name in names:
                if name.startswith("_"):
                    name = names[0].rsplit("_", 2)[0] + name
                with self.subTest(metric=name):
                    # The milter has counted nothing here.
                    if not name.startswith("postern_milter"):
                        self.assertRegex(text, rf"(?m)^{name}[ {{]")

    def test_promtool_finds_no_mistake(self):
        try:
            promtool = unpacked.root("promtool") / "usr/bin/promtool"
        except workdir.Missing as missing:
            self.skipTest(str(missing))
        done = subprocess.run(
            [str(promtool), "check", "rules", str(ALERTS)],
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_dead_daemon_and_a_late_notice_are_seen(self):
        """The values that the alerts look at, as they change."""
        self.use_clock()
        self.start()
        self.start_keeper()
        self.assertIn('postern_up{program="policyd"} 1\n', self.metrics())
        self.daemon.kill()
        self.keeper.stop()
        self.assertIn('postern_up{program="keeper"} 0\n', self.metrics())
        self.assertIn("postern_outbox_age_seconds 0\n", self.metrics())
        self.ctl("enable", ALICE)
        self.assertIn("postern_outbox 1\n", self.metrics())
        self.clock.advance(7200)
        self.assertRegex(self.metrics(),
                         r"(?m)^postern_outbox_age_seconds 72\d\d$")
