# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The whole corpus of header blocks through a real Postfix with the milter."""

import email.utils
import itertools

from postern_site import corpus
from postern_site.milter_case import NO_LIMIT, PostfixMilterTest

# What the reply says -> the reason.
TEXTS = {
    "Message has no From header": "from-missing",
    "header cannot be read without doubt": "from-unreadable",
    "header has more than one address": "from-several",
    "You may not send with": "from-not-owned",
    "shows the address": "from-name",
    "Message has more than one": "from-duplicate",
}
BODY = b"\r\nhello\r\n"


def verdict_of(reply):
    """permit, the reason, or the whole reply if it is none of ours."""
    if reply.code == 250:
        return "permit"
    if (reply.code, reply.enhanced) == (550, "5.7.1"):
        for text, reason in TEXTS.items():
            if text in reply.text:
                return reason
    return str(reply)


def recipient_of(entry):
    return f"{entry.id}@remote.test"


class Spoof(PostfixMilterTest):
    SERVICE = "alone"

    def start_with(self, options):
        """The milter with these keys in its section sender."""
        sender = {"alias_domains": corpus.ALIASES, **options}
        if self.milter is None:
            self.start_alone(NO_LIMIT, sender=sender)
            for login, entries in corpus.LISTS.items():
                for entry in entries:
                    self.ctl("sender", "add", login, entry)
            return
        self._stop_milter()
        self.write_conf(NO_LIMIT, sender=sender)
        self.start_milter()

    def judge(self, entries):
        """Sends them all in a session for each login; what is wrong."""
        wrong = []
        clients = {}
        for entry in entries:
            if entry.login not in clients:
                # To Postfix, 127.0.0.1 is a client whose headers it completes.
                client = self.smtp(entry.login, source="127.0.0.2")
                clients[entry.login] = client
            reply = clients[entry.login].send_raw(
                entry.login, recipient_of(entry), entry.block + BODY
            )
            wanted = entry.postfix or entry.expect
            verdict = verdict_of(reply)
            self.verdicts[entry.id] = verdict
            if verdict not in wanted:
                words = " or ".join(sorted(wanted))
                wrong.append(f"{entry.id}: {verdict} instead of {words}")
        for client in clients.values():
            client.close()
        return wrong

    def delivered(self, entry):
        return self.sink.to(recipient_of(entry))

    def misread(self, entry):
        """Why what was delivered of a permitted block is no owned address."""
        fields = self.delivered(entry)[-1].fields("From")
        if len(fields) != 1:
            return f"{entry.id}: {len(fields)} From fields were delivered"
        read = [x for _, x in email.utils.getaddresses(fields)]
        bad = [x for x in read if "bank.test" in x or "evil.test" in x]
        return f"{entry.id}: {bad} was delivered" if bad else None

    def wait_delivered(self, entries):
        """One after the other; that all come takes seconds."""
        try:
            for entry in entries:
                self.sink.wait(recipient_of(entry), seconds=60.0)
        except TimeoutError as error:
            told = [x for x in self.site.postfix.log_text().splitlines()
                    if recipient_of(entry) in x or "warning" in x]
            self.fail("\n".join([str(error), *told[-20:]]))

    def test_every_entry_is_judged_as_the_corpus_says(self):
        entries = corpus.read()
        self.verdicts = {}
        wrong = []
        by_set = sorted(entries, key=lambda entry: entry.set)
        for _, group in itertools.groupby(by_set, lambda entry: entry.set):
            group = list(group)
            self.start_with(group[0].options)
            wrong += self.judge(group)
        self.assertEqual(wrong, [], "\n".join(wrong))
        self.assertEqual(len(self.verdicts), len(entries))
        honest = [x for x in entries if x.expect == {"permit"}]
        hostile = [x for x in entries if "permit" not in x.expect]
        self.assertGreaterEqual(len(honest), 150)
        self.assertGreaterEqual(len(hostile), 200)

        permitted = [x for x in entries if self.verdicts[x.id] == "permit"]
        self.wait_delivered(permitted)
        misread = [self.misread(x) for x in permitted]
        self.assertEqual([x for x in misread if x is not None], [])
        refused = [x for x in entries if self.verdicts[x.id] != "permit"]
        self.assertEqual([x.id for x in refused if self.delivered(x)], [])
