# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Base classes of the tests with a postern-keeper: housekeeping, notices."""

from pathlib import Path

from . import case, life_site, mail, notices, site, workdir
from .policyd import Policyd

TEMPLATES = Path(__file__).resolve().parents[3] / "packaging" / "templates"
LANGUAGES = ["en", "lv", "lt", "et", "ru"]
HELP = "https://help.example.test/mail-programs"
NOTICE = {
    "from": notices.FROM,
    "name": "Example Mail",
    "templates": [TEMPLATES],
    "languages": LANGUAGES,
    # Never the machine's own mail system.
    "command": "/bin/false",
}
SENDMAIL = "/usr/sbin/sendmail -i -f <> --"  # the default


class NoticeTest(case.PolicydTest):
    """Notices are switched on."""

    def write_conf(self, free=None, plans=None, notice=None, **settings):
        """NOTICE changes the section notice; one of False leaves it out."""
        if notice is not False:
            settings["notice"] = {**NOTICE, **(notice or {})}
        settings.setdefault("help_url", HELP)
        super().write_conf(free, plans, **settings)

    def outbox(self):
        """The notices that wait, or were given up."""
        return self.ctl_json("notice", "list")

    def history(self, login=case.ALICE, what=None):
        rows = self.ctl_json("history", login)
        return [x for x in rows if what is None or x["what"] == what]

    def account(self, login=case.ALICE):
        """What is recorded about it, as a dict."""
        rows = self.ctl_json("account", "show", login)
        return {row["setting"]: row["value"] for row in rows}


class KeeperTest(NoticeTest):
    """A keeper beside what the test has; it is started by hand."""

    def setUp(self):
        super().setUp()
        self.views = None
        if not self.program("postern-keeper").is_file():
            self.skipTest("this build has no postern-keeper")
        self.keeper = None
        self.addCleanup(self._stop_keeper)

    def _stop_keeper(self):
        """Whatever a test is about, it must not crash meanwhile."""
        if self.keeper is None or self.keeper.child is None:
            return
        code = self.keeper.end() or 0
        self.assertGreaterEqual(code, 0, self.keeper.text())
        self.assertNotIn("Sanitizer:", self.keeper.text())

    def make_keeper(self):
        self.keeper = Policyd(
            self.program("postern-keeper"),
            self.conf,
            self.dir / "keeper.log",
            self.clock,
            self.views,
        )
        return self.keeper

    def start_keeper(self):
        return self.make_keeper().start()


class LifeTest(KeeperTest, case.DovecotTest):
    """All parts together; notices arrive in the mailboxes of Dovecot."""

    def setUp(self):
        super().setUp()
        try:
            mail.check_machine(case.BUILD)
            self.site = life_site.shared(case.BUILD)
        except workdir.Missing as missing:
            self.skipTest(str(missing))
        self.socket = self.site.policy_socket
        self.sink = self.site.sink
        self.sink.clear()
        self.milter = None
        self.addCleanup(self._stop_milter)
        self.views = self.site.view(self.dir / "views")

    def _stop_milter(self):
        if self.milter is not None:
            self.assertGreaterEqual(self.milter.end() or 0, 0)

    def write_conf(self, free=None, plans=None, notice=None, **settings):
        where = f"unix:{self.site.milter_socket}"
        settings.setdefault("milter_listen", where)
        notice = {"command": SENDMAIL, **(notice or {})}
        super().write_conf(free, plans, notice, **settings)

    def start_life(self, free=None, milter=False, first="", **settings):
        """All of it; FIRST is for dovecot.conf."""
        options = {"first": first, "extra": self.site.delivery()}
        self.start_mail(free, dovecot=options, **settings)
        if milter:
            self.milter = Policyd(
                self.program("postern-milter"),
                self.conf,
                self.dir / "milter.log",
                self.clock,
            ).start()
        self.mailboxes = notices.Mailboxes(self.dovecot.home)
        self.start_keeper()

    def smtp(self, login=case.ALICE, password=None, service="submission",
             **options):
        return super().smtp(login, password, service, **options)

    def webmail_smtp(self, login=case.ALICE):
        """From a trusted network, where the main password is good."""
        return self.smtp(login, site.PASSWORD, source="127.0.0.9")
