# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""An IMAP client that remembers what it was told of INBOX, and complains as
soon as something that the server says does not fit.

What it checks: the number of messages falls by expunges only; no answer names
a message that was not announced; a number stands for one UID until an expunge
moves it; UIDs ascend; a UID that was expunged does not come back; and what a
QRESYNC client stored, together with what it is told at SELECT, is the mailbox.
"""

import collections
import re

_FETCH = re.compile(r"(\d+) FETCH \((.*)\)$", re.DOTALL)


class Lie(AssertionError):
    """What the server said cannot be."""


def expand(numbers):
    """The set of "1:3,7"."""
    found = set()
    for part in numbers.split(","):
        first, _, last = part.partition(":")
        found.update(range(int(first), int(last or first) + 1))
    return found


class Witness:
    """CONNECT returns a session that is logged in. KIND is plain, condstore
    or qresync. SEEN, if given, is called with each UID that is shown."""

    def __init__(self, connect, kind="plain", seen=None):
        self.connect = connect
        self.kind = kind
        self.seen = seen or (lambda _uid: None)
        self.talk = collections.deque(maxlen=80)
        self.gone = set()
        self.known = None  # UIDs of a QRESYNC client's own store
        self.modseq = self.validity = None
        self.log_in()

    def lie(self, text):
        raise Lie(f"{self.kind}: {text}\n" + "\n".join(self.talk))

    def log_in(self):
        if self.known is not None and set(self.uids) - self.known:
            self.known = None  # it has not asked for all it was told of
        self.client = self.connect()
        self.client.echo = lambda who, line: self.talk.append(
            f"{who} {line[:300]}")
        self.uids = []  # in order; None: announced, UID not known yet
        self.selected = False
        if self.kind != "plain":
            self.client.ok(f"ENABLE {self.kind.upper()}")

    # ---- what the server says ----

    def hear(self, lines):
        for line in lines:
            word = re.match(r"(\d+ )?([A-Z]+)", line)
            hear = getattr(self, f"_hear_{word.group(2).lower()}", None)
            if hear is not None:
                hear(line)

    def _hear_exists(self, line):
        count = int(line.split()[0])
        if count < len(self.uids):
            self.lie(f"EXISTS fell from {len(self.uids)}: {line}")
        self.uids += [None] * (count - len(self.uids))

    def _hear_expunge(self, line):
        number = int(line.split()[0])
        if not 1 <= number <= len(self.uids):
            self.lie(f"no such message: {line}")
        self._forget({self.uids.pop(number - 1)})

    def _forget(self, uids):
        self.gone |= uids - {None}
        if self.known is not None:
            self.known -= uids

    def _hear_vanished(self, line):
        uids = expand(line.split()[-1])
        if "(EARLIER)" in line:
            if self.known is not None:
                self.known -= uids
            return
        told = uids & set(self.uids)
        unknown = len(uids) - len(told)
        self.uids = [uid for uid in self.uids if uid not in told]
        if self.uids.count(None) < unknown:
            self.lie(f"never announced: {line}")
        if unknown:  # which of them were they?
            self.uids = [None] * (len(self.uids) - unknown)
        self._forget(uids)

    def _hear_fetch(self, line):
        found = _FETCH.match(line)
        number = int(found.group(1))
        if not 1 <= number <= len(self.uids):
            self.lie(f"not announced: {line[:80]}")
        uid = re.search(r"\bUID (\d+)", found.group(2))
        if uid is None:
            return
        uid = int(uid.group(1))
        if self.uids[number - 1] not in (None, uid):
            self.lie(f"{number} was UID {self.uids[number - 1]}: {line[:80]}")
        if uid in self.gone:
            self.lie(f"UID {uid} was expunged before")
        self.uids[number - 1] = uid
        certain = [x for x in self.uids if x is not None]
        if certain != sorted(set(certain)):
            self.lie(f"UIDs do not ascend: {self.uids}")
        if self.known is not None:
            self.known.add(uid)
        self.seen(uid)

    def _hear_ok(self, line):
        found = re.match(r"OK \[(HIGHESTMODSEQ|UIDVALIDITY|UIDNEXT) (\d+)",
                         line)
        if found is None:
            return
        number = int(found.group(2))
        if found.group(1) == "HIGHESTMODSEQ":
            self.modseq = number
        elif found.group(1) == "UIDVALIDITY":
            self.validity = number
        elif number > 1:
            self.seen(number - 1)

    # ---- what it asks ----

    def command(self, line):
        answer = self.client.command(line)
        self.hear(answer.lines)
        code = re.match(r"HIGHESTMODSEQ (\d+)", answer.code)
        if code is not None:
            self.modseq = int(code.group(1))
        if answer.status == "BAD":
            self.lie(f"{line}: {answer}")
        return answer

    def select(self, word="SELECT"):
        if self.known is not None and set(self.uids) - self.known:
            self.known = None
        resync = self.kind == "qresync" and self.known is not None
        options = f" (QRESYNC ({self.validity} {self.modseq}))" if resync \
            else ""
        self.uids, self.selected = [], True
        self.command(f"{word} INBOX{options}")
        if self.kind != "qresync":
            return
        stored = set(self.known) if resync else None
        self.known = set() if stored is None else self.known
        answer = self.command("UID FETCH 1:* (FLAGS)")
        quiet = not answer.find(r"\d+ EXISTS|VANISHED")
        if stored is not None and quiet and stored != set(self.uids):
            self.lie(f"QRESYNC: stored {sorted(stored)}, there are "
                     f"{self.uids}")

    def learn(self):
        """Asks for what was announced and is not known yet."""
        while None in self.uids:
            first = self.uids.index(None) + 1
            self.command(f"FETCH {first}:* (UID FLAGS)")

    def count(self):
        """Every message that was announced can be fetched, once."""
        expected = len(self.uids)
        if expected == 0:
            return
        answer = self.command("FETCH 1:* (UID)")
        numbers = [int(m.group(1)) for m in
                   answer.find(r"(\d+) FETCH \(UID \d+\)$")]
        if answer.status == "OK" and numbers != list(range(1, expected + 1)):
            self.lie(f"{expected} messages, but FETCH gave {numbers}")

    def append(self, text, flags=""):
        answer = self.client.append(text, flags=flags)
        self.hear(answer.lines)
        return answer

    def idle(self, seconds):
        self.client.idle()
        self.hear(self.client.quiet(seconds))
        self.hear(self.client.done().lines)

    def leave(self, politely):
        """And comes back, with its store if it keeps one."""
        if politely:
            self.client.logout()
        else:
            self.client.close()
        self.log_in()
