# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""posternctl for many accounts at once: batch as another program talks to it,
and the page of report against the counters of a daemon that ran."""

import html.parser
import re
import subprocess

from postern_site.case import ALICE, PolicydTest

# Elements without an end.
VOID = {"meta", "br", "hr", "rect", "img", "link"}


class Page(html.parser.HTMLParser):
    """Complains about elements that do not fit into each other."""

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.bad = []
        self.outside = []
        self.feed(text)
        self.close()
        self.bad += self.open

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "srcset", "action"):
                self.outside.append(f"{tag} {name}={value}")

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.bad.append(f"/{tag}")


class Batch(PolicydTest):
    def setUp(self):
        super().setUp()
        self.write_conf({"protocols": ["imap", "smtp"]})
        self.init()

    def start_batch(self, *options):
        child = subprocess.Popen(
            [self.program("posternctl"), "-c", self.conf, "-f", "tab",
             "batch", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.addCleanup(self.end, child)
        return child

    @staticmethod
    def end(child):
        if child.poll() is None:
            child.kill()
        child.communicate(timeout=20)

    def test_a_program_can_write_a_line_and_wait_for_its_answer(self):
        child = self.start_batch("--keep-going")
        for number in range(1, 4):
            child.stdin.write(f"enable u{number}\n")
            if number == 1:
                heading = child.stdout.readline().rstrip("\n").split("\t")
            row = child.stdout.readline().rstrip("\n").split("\t")
            answer = dict(zip(heading, row))
            self.assertEqual(answer["line"], str(number))
            self.assertEqual(answer["result"], "done")
            self.assertRegex(answer["password"], r"^([a-z]{4}-){5}[a-z]{4}$")
        child.stdin.write("enable u1\n")
        self.assertIn("\tno\t", child.stdout.readline())
        _, errors = child.communicate(timeout=20)
        self.assertEqual(child.returncode, 1)
        self.assertIn("4 commands: 3 done, 0 unchanged, 1 no, 0 failed", errors)

    def test_many_lines_are_done_in_their_order(self):
        lines = [
            f"set u{n % 100} messages={n + 1}/1h" for n in range(20000)
        ]
        child = self.start_batch()
        _, errors = child.communicate("\n".join(lines), timeout=60)
        self.assertEqual(child.returncode, 0, errors)
        self.assertIn("20000 commands: 20000 done", errors)
        shown = self.ctl("account", "show", "u7").out
        self.assertIn("messages=19908/1h", shown)
        rows = self.ctl_json("history", "u7")
        self.assertEqual(len(rows), 200)

    def test_a_batch_that_is_killed_leaves_whole_transactions(self):
        child = self.start_batch()
        for number in range(300):
            child.stdin.write(f"lock u{number} --note x\n")
        child.stdin.flush()
        child.kill()
        child.wait(timeout=20)
        locked = {row["login"]: row["locked"]
                  for row in self.ctl_json("account", "list")}
        self.assertTrue(all(locked.values()))
        self.assertEqual(
            len(self.ctl_json("history")), len(locked), "history of each"
        )


class Report(PolicydTest):
    def page(self, *options):
        folder = self.dir / "pages"
        folder.mkdir(mode=0o755, exist_ok=True)
        self.ctl("report", folder, *options)
        file = folder / "index.html"
        self.assertEqual(file.stat().st_mode & 0o777, 0o644)
        return file.read_text()

    def tile(self, page, what):
        found = re.search(r"<b>([^<]*)</b><span>" + what, page)
        return int(found.group(1).replace("&#8239;", ""))

    def test_its_numbers_are_those_of_stats(self):
        self.start()
        client = self.policy()
        for _ in range(9):
            client.send_message(ALICE)
        self.daemon.stop()
        rows = self.ctl_json("stats")
        stats = {name: sum(r["count"] for r in rows if r["name"] == name)
                 for name in ("permitted", "refused")}
        self.assertEqual(stats["permitted"], 5)
        self.assertGreater(stats["refused"], 0)
        page = self.page("--account", ALICE, "--days", "2")
        self.assertEqual(
            self.tile(page, "messages permitted"), stats["permitted"]
        )
        self.assertEqual(
            self.tile(page, "messages refused"), stats["refused"]
        )
        self.assertIn("<svg", page)
        top = self.ctl_json("top")[0]
        self.assertIn(f'{top["login"]}<div', page)

    def test_it_is_whole_and_needs_nothing_else(self):
        self.start()
        self.policy().send_message(ALICE)
        self.ctl("lock", ALICE, "--note", "</td></table><img src=x>")
        self.daemon.stop()
        for options in ((), ("--account", ALICE), ("--days", "400")):
            page = Page(self.page(*options))
            self.assertEqual(page.bad, [])
            self.assertEqual(page.outside, [])
