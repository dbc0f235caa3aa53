# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""posternctl doctor: green where all is well, and it finds mistakes."""


import re

from postern_site import postfix_conf, site
from postern_site.case import ALICE, PolicydTest
from postern_site.postfix_conf import Service


class Doctor(PolicydTest):
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

    def doctor(self, *services, **settings):
        etc = postfix_conf.write(
            self.dir,
            services,
            sender_owners={ALICE: [ALICE]},
            **settings,
        )
        return self.posternctl().run(
            "doctor", "--postfix-config", etc, form="json"
        )

    def good(self, **changes):
        return Service(
            "submission",
            port=10587,
            sender_check=True,
            **changes,
        )

    @staticmethod
    def levels(result):
        """The Dovecot of this machine is none of our business here."""
        rows = result.json()
        return {row["level"] for row in rows if row["where"] != "dovecot"}

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
        result = self.doctor(self.good(default_action="DUNNO"))
        self.assert_found(result, "default_action", "DUNNO")

    def test_a_missing_sender_login_check_is_reported(self):
        self.start()
        service = self.good()
        service.sender_check = False
        result = self.doctor(service)
        self.assert_found(
            result, "reject_authenticated_sender_login_mismatch"
        )

    def test_bare_newlines_are_reported(self):
        self.start()
        result = self.doctor(self.good(), smtpd_forbid_bare_newline="no")
        self.assert_found(result, "smtpd_forbid_bare_newline")

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
            if row["level"] == "ok" or row["where"] == "dovecot":
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
        no_check = self.good()
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
            ("fails open", self.good(default_action="DUNNO"), {}),
            ("sender", no_check, {}),
            ("newline", self.good(), {"smtpd_forbid_bare_newline": "no"}),
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


