# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Notices: in each language, in the right time zone, to nobody else, not too
many, and not lost when the mail system is down."""

import datetime
import re
import time
import zoneinfo

from postern_site import children, site
from postern_site.case import ALICE, BOB
from postern_site.keeper_case import (
    HELP, LANGUAGES, TEMPLATES, KeeperTest, LifeTest, NoticeTest,
)
from postern_site.notices import parse

DAY = 86400
HOUR = 3600
POSTMASTER = "erin@example.test"
FREE = {"activation_delay": "unlimited", "unused_after": "60d"}
REASONS = ("quota", "cracked", "connections", "inactive", "unused", "abuse",
           "admin")
# What each notice of that language has.
WORDS = {"en": "mailbox", "lv": "pastkast", "lt": "dėžut", "et": "postkast",
         "ru": "ящик"}
_TIME = r"(\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}\.?) \d\d:\d\d UTC"
_FIGURES = r"\b1?\d?\d\b.*: \d+ \(.*\d+\)"
# What each kind tells besides, where it is not a time alone.
WANTED = {
    "blocked-abuse": (ALICE, _TIME),
    "blocked-quota": (ALICE, _TIME, _FIGURES),
    "blocked-cracked": (ALICE, _TIME, _FIGURES),
    "blocked-connections": (ALICE, _TIME, _FIGURES),
    "limit-soon": (ALICE, _FIGURES),
    "penalty": (ALICE, _TIME, r"\d"),
}

# In place of sendmail(1): fails until the file is there that it is given.
MAILER = """\
#!/bin/sh
set -eu
test -e "$1/works" || { echo "mail system is down" >&2; exit 75; }
shift_to=$1
shift
new=$(mktemp "$shift_to/new.XXXXXX")
cat >"$new"
echo "$*" >"$shift_to/to.${new##*.}"
mv "$new" "$shift_to/mail.${new##*.}"
"""


class MailerTest(NoticeTest):
    """Without a mail server: a command keeps what it gets."""

    def setUp(self):
        super().setUp()
        self.mails = self.dir / "mails"
        self.mails.mkdir()
        self.mails.chmod(0o777)
        self.works(True)
        self.mailer = self.dir / "mailer"
        self.mailer.write_text(MAILER)
        self.mailer.chmod(0o755)

    def works(self, yes):
        file = self.mails / "works"
        file.touch() if yes else file.unlink()

    def write_conf(self, free=None, plans=None, notice=None, **settings):
        command = {"command": f"{self.mailer} {self.mails}"}
        super().write_conf({**FREE, **(free or {})}, plans,
                           {**command, **(notice or {})}, **settings)

    def begin(self, **settings):
        self.write_conf(**settings)
        self.init()

    def sent(self, kind=None):
        """What the command took, by the time at which it did."""
        files = sorted(self.mails.glob("mail.*"),
                       key=lambda x: x.stat().st_mtime_ns)
        found = [parse(file.read_bytes()) for file in files]
        return [x for x in found if kind is None or x.kind == kind]

    def recipients(self):
        """Of each command, its last words."""
        return [x.read_text().split() for x in self.mails.glob("to.*")]


class Languages(MailerTest):
    def test_each_kind_in_each_language_is_correct_mail(self):
        self.begin()
        self.ctl("set", ALICE, "timezone=UTC")
        kinds = re.findall(r"(?m)^\[([a-z-]+)\]$",
                           (TEMPLATES / "en.txt").read_text())
        kinds = kinds[:kinds.index("footer")]
        self.assertEqual(len(kinds), 13)
        for language in LANGUAGES:
            for kind in kinds:
                with self.subTest(language=language, kind=kind):
                    self.check(language, kind)

    def check(self, language, kind):
        raw = self.ctl("notice", "preview", ALICE, kind, "--source",
                       "--language", language).out
        notice = parse(raw.encode(), ALICE)
        self.assertEqual((notice.language, notice.kind), (language, kind))
        self.assertIn(HELP, notice.text)
        self.assertRegex(notice.text.lower(), WORDS[language])
        self.assertIn("Example Mail", notice.text)
        for word in WANTED.get(kind, WANTED["blocked-abuse"]):
            self.assertRegex(notice.text, word)
        if language != "en":
            self.assertNotIn("mailbox", notice.text)

    def test_a_label_in_another_script_is_told_as_it_is(self):
        self.begin()
        self.ctl("enable", ALICE, "--label", "Ноутбук ąčę “€”")
        self.ctl("sweep")
        self.assertIn("Ноутбук ąčę “€”", self.sent("enabled")[0].text)

    def test_the_file_that_we_ship_has_every_reason_of_a_block(self):
        self.begin(notice={"max": "unlimited"})
        for reason in REASONS:
            self.ctl("block", ALICE, "--reason", reason)
            self.ctl("unblock", ALICE)
        self.ctl("sweep")
        self.assertEqual(sorted(x.kind for x in self.sent()),
                         [f"blocked-{x}" for x in sorted(REASONS)])

    def test_the_text_is_in_the_language_of_the_time_when_it_is_sent(self):
        self.begin()
        self.ctl("enable", ALICE)
        self.ctl("set", ALICE, "language=lv")
        self.ctl("sweep")
        self.assertEqual(self.sent()[0].language, "lv")

    def test_a_language_that_there_is_not_becomes_the_first_one(self):
        self.begin(notice={"languages": ["et", "en"]})
        self.ctl("enable", ALICE)
        self.ctl("set", ALICE, "language=fi")
        self.ctl("sweep")
        self.assertEqual(self.sent()[0].language, "et")

    def test_every_notice_has_a_number_of_its_own(self):
        self.begin()
        for login in (ALICE, BOB):
            self.ctl("enable", login)
            self.ctl("block", login, "--reason", "abuse")
        self.ctl("sweep")
        numbers = [notice.message_id for notice in self.sent()]
        self.assertEqual(len(numbers), 4)
        self.assertEqual(len(set(numbers)), 4)


class Times(MailerTest):
    def setUp(self):
        super().setUp()
        if not zoneinfo.available_timezones():
            self.skipTest("this machine knows no time zones")

    def told(self, login):
        (notice,) = [x for x in self.sent("blocked-abuse")
                     if x.login == login]
        return notice.text

    def test_in_the_owners_time_zone_else_in_the_providers(self):
        self.begin(notice={"timezone": "Asia/Tokyo"})
        self.ctl("set", ALICE, "timezone=Europe/Riga")
        for login in (ALICE, BOB):
            self.ctl("block", login, "--reason", "abuse")
        self.ctl("sweep")
        for login, name in ((ALICE, "Europe/Riga"), (BOB, "Asia/Tokyo")):
            at = datetime.datetime.fromisoformat(
                self.account(login)["blocked"].replace("Z", "+00:00"))
            there = at.astimezone(zoneinfo.ZoneInfo(name))
            self.assertIn(there.strftime("%Y-%m-%d %H:%M %Z"),
                          self.told(login))

    def test_a_time_zone_that_does_not_exist_is_refused(self):
        self.begin()
        result = self.posternctl().run("set", ALICE, "timezone=Europe/Rga")
        self.assertNotEqual(result.code, 0)
        self.assertIn("timezone", result.err)


class Recipients(MailerTest):
    def test_nobody_but_the_owner(self):
        self.begin()
        self.ctl("enable", ALICE)
        self.ctl("sweep")
        self.assertEqual(self.recipients(), [[ALICE]])

    def test_the_postmaster_gets_a_copy_where_that_is_set(self):
        self.begin(notice={"copy": POSTMASTER})
        self.ctl("enable", ALICE)
        self.ctl("sweep")
        everybody = {word for words in self.recipients() for word in words}
        self.assertEqual(everybody, {ALICE, POSTMASTER})
        for notice in self.sent():
            self.assertEqual(notice.login, ALICE)

    def test_nothing_is_told_while_notices_are_off(self):
        self.begin(notice={"from": ""})
        self.ctl("enable", ALICE)
        self.ctl("block", ALICE, "--reason", "abuse")
        self.assertEqual(self.outbox(), [])
        self.ctl("sweep")
        self.assertEqual(self.sent(), [])

    def test_an_account_that_was_deleted_is_told_nothing(self):
        self.begin()
        self.works(False)
        self.ctl("enable", ALICE)
        self.ctl("account", "delete", ALICE)
        self.works(True)
        self.ctl("sweep")
        self.assertEqual((self.sent(), self.outbox()), ([], []))


class Rate(MailerTest):
    def test_not_more_than_the_limit_but_every_block(self):
        self.use_clock()
        self.begin(notice={"max": "3/1d"})
        for _ in range(5):
            self.ctl("enable", ALICE)
            self.ctl("disable", ALICE)
        self.ctl("sweep")
        self.assertEqual(len(self.sent("enabled")), 3)
        self.ctl("block", ALICE, "--reason", "abuse")
        self.ctl("sweep")
        self.assertEqual(len(self.sent("blocked-abuse")), 1)
        self.clock.advance(DAY + 1)
        self.ctl("unblock", ALICE)
        self.ctl("enable", ALICE)
        self.ctl("sweep")
        self.assertEqual(len(self.sent("enabled")), 4)


class Templates(MailerTest):
    def test_a_postmasters_text_takes_the_place_of_ours(self):
        own = self.dir / "templates"
        own.mkdir()
        (own / "en.txt").write_text(
            "[blocked-abuse]\nSubject: Žalos {login}\n\n"
            "Call us about {login}: +371 2000 0000\n"
        )
        self.begin(notice={"templates": [own, TEMPLATES]})
        self.ctl("enable", ALICE)
        self.ctl("block", ALICE, "--reason", "abuse")
        self.ctl("sweep")
        (notice,) = self.sent("blocked-abuse")
        self.assertEqual(notice.subject, f"Žalos {ALICE}")
        self.assertIn(f"Call us about {ALICE}: +371 2000 0000", notice.text)
        self.assertIn(HELP, notice.text)
        self.assertIn("switched on", self.sent("enabled")[0].text)

    def test_a_mistake_in_a_text_is_named_with_file_and_line(self):
        own = self.dir / "templates"
        own.mkdir()
        (own / "en.txt").write_text(
            "[blocked-abuse]\nSubject: x\n\nHello {logn}\n")
        self.begin(notice={"templates": [own, TEMPLATES]})
        self.ctl("enable", ALICE)
        result = self.posternctl().run("sweep")
        self.assertEqual(result.code, 78)
        self.assertIn(f"{own / 'en.txt'}:4: ", result.err)


class Failing(MailerTest, KeeperTest):
    """The command fails; times are those of a clock that is set."""

    def begin(self, **settings):
        self.use_clock()
        self.works(False)
        super().begin(**settings)
        self.ctl("enable", ALICE)
        self.start_keeper()

    def row(self):
        (row,) = self.outbox()
        return row

    def wait_tries(self, count):
        children.wait_for(lambda: self.row()["tries"] >= count,
                          f"try {count}")
        self.assertEqual(self.row()["tries"], count)

    def counted(self, name):
        rows = self.ctl_json("stats")
        return sum(row["count"] for row in rows if row["name"] == name)

    def give_up(self):
        """It is tried five times, and for "give_up_after" at least."""
        self.wait_tries(1)
        for tries, minutes in enumerate((1, 2, 5, 15), 2):
            self.assertEqual(self.row()["state"], "waits")
            self.clock.advance(minutes * 60 + 5)
            self.wait_tries(tries)
        self.assertEqual(self.row()["state"], "given-up")

    def test_it_is_tried_again_later_and_later(self):
        self.begin()
        self.wait_tries(1)
        self.assertIn("mail system is down", self.row()["error"])
        for tries, minutes in enumerate((1, 2, 5, 15, 30, 60), 1):
            self.clock.advance(minutes * 60 - 20)
            time.sleep(0.6)
            self.assertEqual(self.row()["tries"], tries)
            self.clock.advance(25)
            self.wait_tries(tries + 1)
        self.works(True)
        self.clock.advance(2 * HOUR + 5)
        children.wait_for(lambda: self.outbox() == [], "empty outbox")
        self.assertEqual([x.kind for x in self.sent()], ["enabled"])

    def test_it_is_given_up_where_everybody_can_see_it(self):
        self.begin(notice={"give_up_after": "10m"})
        self.give_up()
        self.assertTrue(self.keeper.wait_lines("notice-given-up"))
        self.assertIn("mail system is down", self.row()["error"])
        children.wait_for(lambda: self.counted("notices_given_up") == 1,
                          "count of it")
        self.works(True)
        self.clock.advance(DAY)
        time.sleep(0.6)
        self.assertEqual((self.row()["tries"], self.sent()), (5, []))
        # It is forgotten after a month; that is looked for now and then.
        self.clock.advance(31 * DAY)
        self.keeper.stop()
        self.keeper.start()
        children.wait_for(lambda: self.outbox() == [], "empty outbox")

    def test_the_postmaster_can_have_it_tried_again_or_drop_it(self):
        self.begin(notice={"give_up_after": "10m"})
        self.give_up()
        self.works(True)
        self.ctl("notice", "retry", self.row()["id"])
        children.wait_for(lambda: self.outbox() == [], "empty outbox")
        self.assertEqual(len(self.sent("enabled")), 1)
        self.works(False)
        self.ctl("enable", BOB)
        self.wait_tries(1)
        self.ctl("notice", "drop", self.row()["id"])
        self.works(True)
        self.clock.advance(HOUR)
        time.sleep(0.6)
        self.assertEqual((self.outbox(), len(self.sent())), ([], 1))

    def test_one_that_is_given_up_does_not_keep_others_back(self):
        self.begin(notice={"give_up_after": "10m"})
        self.give_up()
        self.works(True)
        self.ctl("enable", BOB)
        children.wait_for(lambda: self.sent(), "notice")
        self.assertEqual([x.login for x in self.sent()], [BOB])


class InTheMailbox(LifeTest):
    """Through a real Postfix, by the command that is the default."""

    def test_each_owner_in_their_language(self):
        self.start_life()
        logins = dict(zip(LANGUAGES, site.USERS))
        for language, login in logins.items():
            self.ctl("set", login, f"language={language}")
            self.ctl("block", login, "--reason", "abuse")
        for language, login in logins.items():
            notice = self.mailboxes.wait(login, "blocked-abuse")
            self.assertEqual(notice.language, language)
            self.assertEqual(notice.message["Return-Path"], "<>")
            self.assertIn(login, notice.text)
            (sender,) = notice.message["From"].addresses
            self.assertEqual(sender.display_name, "Example Mail")

    def test_the_postmasters_copy(self):
        self.start_life(notice={"copy": POSTMASTER})
        self.ctl("block", ALICE, "--reason", "abuse")
        self.mailboxes.wait(ALICE, "blocked-abuse")
        copy = self.mailboxes.wait(POSTMASTER, "blocked-abuse", to=ALICE)
        self.assertEqual(copy.login, ALICE)
        self.assertEqual(self.mailboxes.raw(BOB), [])
