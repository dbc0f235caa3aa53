# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""docs/migrate.md: what was there before, and Postern, side by side."""

from postern_site import case, children, site
from postern_site.case import ALICE, BOB
from postern_site.dovecot import version
from postern_site.keeper_case import NoticeTest

TRUSTED = "127.0.0.9"
OLD = "old-app-password"
# As a site has app passwords without Postern: a passdb of their own, in front.
PASSDB = {
    (2, 3): """passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {path}
}}
""",
    (2, 4): """passdb old {{
  driver = passwd-file
  passwd_file_path = {path}
  default_password_scheme = plain
}}
""",
}


class AppPasswords(case.DovecotTest):
    def setUp(self):
        super().setUp()
        path = self.dir / "old-app-passwords"
        path.write_text(f"{ALICE}:{OLD}\n{BOB}:{OLD}\n")
        path.chmod(0o644)
        first = PASSDB[version()[:2]].format(path=path)
        self.start_mail({"imap_check": "off"}, dovecot={"first": first})

    def explain(self):
        return " ".join(self.ctl("explain", ALICE).out.split())

    def test_old_ones_work_beside_new_ones_until_they_are_taken_away(self):
        new = self.enable(ALICE)
        for password in (OLD, new):
            self.imap(ALICE, password).logout()
            self.pop3(BOB, OLD).quit()
        self.assertEqual(self.imap().login(ALICE, site.PASSWORD).status, "NO")
        self.imap(ALICE, site.PASSWORD, source=TRUSTED).logout()
        self.dovecot.restart(first="")
        self.imap(ALICE, new)
        self.assertEqual(self.imap().login(ALICE, OLD).status, "NO")
        self.assertEqual(self.imap().login(BOB, OLD).status, "NO")
        self.imap(ALICE, site.PASSWORD, source=TRUSTED)

    def test_what_came_in_with_an_old_one_is_not_ended(self):
        new = self.enable(ALICE)
        old_session = self.imap(ALICE, OLD)
        new_session = self.imap(ALICE, new)
        self.ctl("disable", ALICE)
        new_session.wait_closed()
        self.assertEqual(old_session.command("NOOP").status, "OK")
        self.imap(ALICE, OLD)

    def test_an_old_one_counts_no_guess_before_it_is_taken_away(self):
        self.enable(ALICE)
        self.imap(ALICE, OLD).logout()
        self.dovecot.restart(first="")
        self.assertIn("wrong passwords 0 of ", self.explain())
        for _ in range(2):
            self.assertEqual(self.imap().login(ALICE, OLD).status, "NO")
        # The auth process counts them a little later than it answers.
        children.wait_for(
            lambda: "wrong passwords 1 of " in self.explain(), "the guess"
        )


class Limits(NoticeTest):
    """Observed beside another service, then enforced."""

    def test_what_would_have_been_refused_is_known_before_it_is(self):
        self.start({"recipients": ["5/1m"]}, mode="observe")
        client = self.policy()
        self.accept(client, 8)
        rows = self.ctl_json("would", "--summary")
        self.assertEqual([row["logins"] for row in rows], [1])
        self.write_conf({"recipients": ["5/1m"]}, mode="enforce")
        self.daemon.reload()
        self.daemon.wait_lines("reloaded")
        self.accept(client, 1, BOB)
        self.assertRegex(client.ask(), r"^450 4\.7\.28 .*5 recipients in ")
