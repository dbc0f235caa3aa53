# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""posternctl doctor: green where all is well, and it finds mistakes."""


import re

from postern_site import postfix_conf, site
from postern_site.case import ALICE
from postern_site.keeper_case import TEMPLATES, NoticeTest
from postern_site.milter_case import MilterTest
from postern_site.postfix_conf import Service

MILTER = "unix:postern/milter.sock"
BOUNCES = {
    "internal_mail_filter_classes": "bounce",
    "non_smtpd_milters": MILTER,
}
# What is not about Postfix, or is not there in these tests.
OTHERS = ("dovecot", "keeper", "notices")


class Doctor(MilterTest):
    """Configurations of Postfix that no Postfix runs: it reads postconf."""

    def setUp(self):
        try:
            site.check_machine()
        except site.Missing as missing:
            self.skipTest(str(missing))
        super().setUp()
        queue = self.dir / "queue"
        queue.mkdir(mode=0o755)
        run = self.dir / "run"
        run.rename(queue / "postern")
        run.symlink_to(queue / "postern")
        self.socket = queue / "postern" / "policy.sock"
        self.milter_socket = queue / "postern" / "milter.sock"

    def start(self, *args, **settings):
        super().start(*args, **settings)
        return self.start_milter()

    def doctor(self, *services, **settings):
        etc = postfix_conf.write(
            self.dir,
            services,
            sender_owners={ALICE: [ALICE]},
            # Postfix 3.10's own default is another.
            **{"milter_default_action": "tempfail", **BOUNCES, **settings},
        )
        return self.posternctl().run(
            "doctor", "--postfix-config", etc, form="json"
        )

    def good(self, milters=MILTER, **changes):
        return Service(
            "submission",
            port=10587,
            sender_check=True,
            options={"smtpd_milters": milters},
            **changes,
        )

    @staticmethod
    def levels(result):
        """The Dovecot of this machine is none of our business here."""
        rows = result.json()
        return {row["level"] for row in rows if row["where"] not in OTHERS}

    def assert_found(self, result, *words):
        """One finding more than "ok", that says all of WORDS."""
        found = [row for row in result.json() if row["level"] != "ok"]
        self.assertTrue(found, result)
        for word in words:
            self.assertIn(word, str(found))

    def test_all_is_green_where_all_is_well(self):
        self.start()
        result = self.doctor(self.good())
        self.assertEqual(result.code, 0, result)
        self.assertEqual(self.levels(result), {"ok"}, result.out)

    def test_a_policy_at_rcpt_only_is_a_problem(self):
        self.start()
        result = self.doctor(self.good(stages=("recipient",)))
        self.assertEqual(result.code, 1, result)
        self.assert_found(
            result,
            "smtpd_end_of_data_restrictions",
            "check_policy_service",
        )

    def test_a_policy_nowhere_is_a_problem(self):
        self.start()
        result = self.doctor(self.good(stages=()))
        self.assertEqual(result.code, 1, result)
        self.assert_found(result, "smtpd_end_of_data_restrictions")

    def test_an_absolute_path_in_a_chroot_is_a_problem(self):
        self.start()
        bad = self.good(chroot="y", policy=f"unix:{self.socket}")
        result = self.doctor(bad)
        self.assertEqual(result.code, 1, result)
        self.assert_found(result, "chroot", "unix:postern/policy.sock")

    def test_a_relative_path_in_a_chroot_is_no_problem(self):
        self.start()
        result = self.doctor(self.good(chroot="y"))
        self.assertEqual(result.code, 0, result)

    def test_a_socket_where_nobody_listens_is_a_problem(self):
        self.start()
        bad = self.good(policy="unix:postern/other.sock")
        result = self.doctor(bad)
        self.assertEqual(result.code, 1, result)
        self.assert_found(result, "postern/other.sock")

    def test_failing_open_is_reported(self):
        self.start()
        result = self.doctor(self.good(milters="", default_action="DUNNO"))
        self.assert_found(result, "default_action", "DUNNO")

    def test_with_the_milter_nothing_fails_open(self):
        self.start()
        service = self.good(default_action="DUNNO")
        service.sender_check = False
        result = self.doctor(service)
        self.assertEqual(self.levels(result), {"ok"}, result.out)
        self.assertIn("the milter alone judges and counts", result.out)

    def test_a_missing_sender_login_check_is_reported(self):
        self.start()
        service = self.good(milters="")
        service.sender_check = False
        result = self.doctor(service)
        self.assert_found(
            result, "reject_authenticated_sender_login_mismatch"
        )

    def test_bare_newlines_are_reported(self):
        self.start()
        result = self.doctor(self.good(), smtpd_forbid_bare_newline="no")
        self.assert_found(result, "smtpd_forbid_bare_newline")

    def test_a_service_without_the_milter_is_noted(self):
        self.start()
        result = self.doctor(self.good(milters=""))
        self.assertEqual(result.code, 0, result)
        self.assert_found(result, "into From", f"smtpd_milters = {MILTER}")

    def test_a_milter_by_its_absolute_path_in_a_chroot_is_a_problem(self):
        self.start()
        bad = self.good(milters=f"unix:{self.milter_socket}", chroot="y")
        result = self.doctor(bad)
        self.assertEqual(result.code, 1, result)
        self.assert_found(result, "chroot", f"smtpd_milters = {MILTER}")

    def test_a_milter_that_fails_open_is_noted(self):
        self.start()
        open_ = f"{{ {MILTER}, default_action=accept }}"
        result = self.doctor(self.good(milters=open_))
        self.assertEqual(result.code, 0, result)
        self.assert_found(result, "any From", "default_action=tempfail")

    def test_postfix_says_what_its_own_default_action_means(self):
        self.start()
        result = self.doctor(self.good(), milter_default_action=None)
        self.assertEqual(self.levels(result), {"ok"}, result.out)
        self.assertIn("while the milter is down", result.out)

    def test_a_milter_by_a_name_of_main_cf_is_found(self):
        self.start()
        result = self.doctor(
            self.good(milters="$postern_milter, inet:localhost:8891"),
            postern_milter=f"{{ {MILTER}, default_action=tempfail }}",
            non_smtpd_milters="$postern_milter",
        )
        self.assertEqual(self.levels(result), {"ok"}, result.out)

    def test_a_signer_before_the_milter_is_noted(self):
        self.start()
        signer = "inet:localhost:8891"
        result = self.doctor(self.good(milters=f"{signer}, {MILTER}"))
        self.assert_found(result, "come first", f"{MILTER}, {signer}")

    def test_bounces_that_the_milter_does_not_see_are_noted(self):
        self.start()
        world = Service("smtp", port=10025, sasl=False)
        result = self.doctor(
            self.good(),
            world,
            internal_mail_filter_classes="",
            non_smtpd_milters="",
        )
        self.assertEqual(result.code, 0, result)
        self.assert_found(result, "internal_mail_filter_classes = bounce")

    def test_an_absent_milter_is_a_problem(self):
        self.start()
        self.milter.stop()
        result = self.doctor(self.good())
        self.assertEqual(result.code, 1, result)
        self.assert_found(result, "systemctl start postern-milter")

    def test_sendmail_is_looked_at_where_it_is_named(self):
        self.start()
        file = self.dir / "sendmail.cf"
        line = f"Xpostern, S=unix:{self.milter_socket}, F=T\n"
        for text, code in (
            (f"O InputMailFilters=postern\n{line}", 0),
            (line, 1),
        ):
            file.write_text(text)
            etc = postfix_conf.write(
                self.dir,
                [self.good()],
                sender_owners={ALICE: [ALICE]},
                milter_default_action="tempfail",
                **BOUNCES,
            )
            result = self.posternctl().run(
                *("doctor", "--postfix-config", etc),
                *("--sendmail-config", file),
                form="json",
            )
            self.assertEqual(result.code, code, result)

    def test_a_dovecot_that_is_named_but_cannot_be_read_is_a_problem(self):
        self.start()
        etc = postfix_conf.write(
            self.dir, [self.good()], sender_owners={ALICE: [ALICE]}
        )
        result = self.posternctl().run(
            *("doctor", "--postfix-config", etc),
            *("--dovecot-config", self.dir / "none.conf"),
            form="json",
        )
        self.assertEqual(result.code, 1, result)
        self.assert_found(result, "cannot read the configuration of Dovecot")

    def remedies(self, result):
        """The settings in the lines to add: of master.cf, of main.cf."""
        of_service, of_main = {}, {}
        for row in result.json():
            if row["level"] == "ok" or row["where"] in OTHERS:
                continue
            options = re.findall(
                r"-o (?:\{ (.*?) \}|(\S*))(?= -o |$)", row["line"]
            )
            where = of_service if options else of_main
            for text in ["".join(o) for o in options] or [row["line"]]:
                name, value = text.split("=", 1)
                where[name.strip()] = value.strip()
        return of_service, of_main

    def test_the_lines_that_it_names_make_all_green(self):
        self.start()
        no_check = self.good(milters="")
        no_check.sender_check = False
        for name, bad, settings in (
            ("at RCPT only", self.good(stages=("recipient",)), {}),
            ("at the end only", self.good(stages=("end_of_data",)), {}),
            ("nowhere", self.good(stages=()), {}),
            ("wrong", self.good(policy="unix:postern/other.sock"), {}),
            (
                "chroot",
                self.good(chroot="y", policy=f"unix:{self.socket}"),
                {},
            ),
            (
                "fails open",
                self.good(milters="", default_action="DUNNO"),
                {},
            ),
            ("sender", no_check, {}),
            ("newline", self.good(), {"smtpd_forbid_bare_newline": "no"}),
            ("no milter", self.good(milters=""), {}),
            ("milter elsewhere", self.good(milters="unix:postern/x"), {}),
            (
                "without braces",
                self.good(milters=f"{MILTER} default_action=tempfail"),
                {},
            ),
            ("signer", self.good(milters=f"inet:[::1]:8891, {MILTER}"), {}),
            ("bounces", self.good(), {"non_smtpd_milters": ""}),
            ("classes", self.good(), {"internal_mail_filter_classes": ""}),
            ("accepts", self.good(), {"milter_default_action": "accept"}),
        ):
            with self.subTest(name=name):
                result = self.doctor(bad, **settings)
                of_service, of_main = self.remedies(result)
                self.assertTrue(of_service or of_main, result)
                bad.options.update(of_service)
                settings.update(of_main)
                again = self.doctor(bad, **settings)
                self.assertEqual(self.levels(again), {"ok"}, again.out)

    def test_an_absent_daemon_is_a_problem(self):
        self.start()
        self.daemon.stop()
        result = self.doctor(self.good())
        self.assertEqual(result.code, 1, result)
        self.assert_found(result, "postern-policyd")

    def test_a_missing_state_is_a_problem_with_its_remedy(self):
        self.write_conf()
        result = self.doctor(self.good())
        self.assertEqual(result.code, 1, result)
        self.assert_found(result, "posternctl init")


class Texts(NoticeTest):
    """Of notices, in places of the test's own."""

    def test_texts_that_only_root_can_read_are_found(self):
        if self.owner is None:
            self.skipTest("root can read what the keeper cannot")
        texts = self.dir / "texts"
        texts.mkdir()
        (texts / "en.txt").write_text("[abuse-is-no-section]\n")
        self.write_conf(notice={"templates": (texts, TEMPLATES)})
        self.ctl("init", "--owner", self.owner)
        self.assertIn("en.txt:1: ", self.told_by_doctor())
        (texts / "en.txt").write_text("[footer]\nBye\n")
        self.assertNotIn("en.txt", self.told_by_doctor())
        (texts / "en.txt").chmod(0o600)
        self.assertIn(f"postern-keeper, which works as {self.owner}, cannot",
                      self.told_by_doctor())

    def told_by_doctor(self):
        rows = self.posternctl().run("doctor", form="json").json()
        rows = [x["what"] for x in rows
                if x["where"] == "notices" and x["level"] == "problem"]
        self.assertLess(len(rows), 2, rows)
        return " ".join(rows)
