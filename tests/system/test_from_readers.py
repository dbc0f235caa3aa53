# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What the From gate calls one owned address, other programs read as that one.

By hand, for as long as one likes, and with another seed each time:

    test_from_readers.py BUILD_DIR [SECONDS [SEED]]

As a test it looks at the same headers each time.
"""

import collections
import random
import re
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from postern_site import case, conf, corpus, mutants, readers

SECONDS = 30
SEED = 20261121
ROUNDS = 25
ROUND = 4000
VALUE_MAX = 4000
ALICE = case.ALICE

# It joins the pieces of "(ceo@ba(x)nk.test)": the parentheses of a comment in a
# comment are text, which no mail program leaves out.
NESTED = re.compile(rb"\([^()]*\(")


def is_known(reader, value):
    """Is this a defect of the reader, that changes the name alone?"""
    return reader == "getaddresses" and NESTED.search(value) is not None


def wrong_in(seen, address):
    """What a reader takes for something else, or None."""
    shown = [x for x, _ in seen if x]
    if len(shown) == 1 and not readers.is_address(shown[0]):
        return None
    addresses = [readers.normal(x) for x in shown]
    if any(x != address for x in addresses):
        return f"address {addresses}"
    for _, name in seen:
        foreign = [x for x in readers.shown_in(name) if not owned(x)]
        if foreign:
            return f"name {name!r}"
    return None


def owned(address):
    """Of alice, as the corpus has it."""
    local, _, domain = address.rpartition("@")
    if address == "sales@example.test" or domain == "alice.test":
        return True
    homes = ("example.test", "alias.test", "xn--bcher-kva.test")
    return local.split("+")[0] == "alice" and domain in homes


class Comparison:
    """Our gate and all the others."""

    def __init__(self, build, directory):
        file = Path(directory) / "postern.conf"
        file.write_text(
            conf.render({"free": {}}, sender={"alias_domains": corpus.ALIASES})
        )
        entries = corpus.LISTS[ALICE]
        self.gate = readers.Gate(build, file, ALICE, entries)
        self.readers = [readers.Reader(name) for name in readers.READERS]
        self.asked = 0
        self.permitted = 0
        self.seen = collections.Counter()
        self.findings = {}

    def close(self):
        self.gate.close()
        for reader in self.readers:
            reader.close()

    def compare(self, values):
        headers = [[(b"From", value)] for value in values]
        verdicts = self.gate.judge(headers)
        self.asked += len(values)
        ours = [
            (value, words)
            for value, (verdict, words) in zip(values, verdicts)
            if verdict == "permit"
        ]
        self.permitted += len(ours)
        asked = [value for value, _ in ours]
        with ThreadPoolExecutor(len(self.readers)) as pool:
            answers = pool.map(lambda reader: reader.read(asked), self.readers)
            for reader, answer in zip(self.readers, answers):
                self.note(reader.name, ours, answer)

    def note(self, reader, ours, answer):
        for (value, address), seen in zip(ours, answer):
            self.seen[reader] += any(readers.is_address(x) for x, _ in seen)
            wrong = wrong_in(seen, address)
            if wrong is None:
                continue
            if not (wrong.startswith("name") and is_known(reader, value)):
                self.findings.setdefault((reader, wrong), value)

    def run(self, seed, goes_on):
        """Rounds while goes_on() says so, or until enough has been found."""
        rng = random.Random(seed)
        values = [v for v in (e.value() for e in corpus.read()) if v]
        values = [v for v in values if len(v) <= VALUE_MAX]
        self.compare(values)
        while goes_on() and len(self.findings) < 1000:
            made = (mutants.make(rng, values) for _ in range(ROUND))
            self.compare([v for v in made if len(v) <= VALUE_MAX])

    def summary(self):
        seen = ", ".join(f"{n} read {c}" for n, c in self.seen.items())
        return (
            f"{self.asked} headers, {self.permitted} permitted; {seen}; "
            f"{len(self.findings)} findings"
        )

    def report(self):
        lines = [
            f"{reader}: {wrong} in {value!r}"
            for (reader, wrong), value in self.findings.items()
        ]
        return "\n".join([self.summary(), *lines])


class FromReaders(unittest.TestCase):
    def setUp(self):
        tool = case.BUILD / "tests" / "system" / "from_tool"
        if not tool.is_file():
            self.skipTest("from_tool is not built")

    def test_what_is_permitted_is_read_alike_by_other_programs(self):
        rounds = iter(range(ROUNDS))
        with tempfile.TemporaryDirectory(prefix="postern-") as directory:
            comparison = Comparison(case.BUILD, directory)
            try:
                comparison.run(SEED, lambda: next(rounds, None) is not None)
            finally:
                comparison.close()
        self.assertEqual(comparison.findings, {}, comparison.report())
        self.assertGreater(comparison.permitted, 1000)
        # A reader that reads nothing would find nothing either.
        for name in readers.READERS:
            share = comparison.seen[name] / comparison.permitted
            self.assertGreater(share, 0.5, name)


def main(argv):
    seconds = float(argv[2]) if len(argv) > 2 else SECONDS
    seed = argv[3] if len(argv) > 3 else str(time.time_ns())
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="postern-") as directory:
        comparison = Comparison(argv[1], directory)
        comparison.run(seed, lambda: time.monotonic() < end)
        comparison.close()
    print(f"seed {seed}: {comparison.report()}")
    return 1 if comparison.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
