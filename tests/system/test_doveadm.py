# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Commands of doveadm: over Dovecot's real HTTP API and on the command line."""

import base64
import http.client
import json
import shutil
import subprocess

from postern_site import children, mail, site
from postern_site.case import ALICE, BOB, DovecotTest

SECRET = r"([a-z]{4}-){5}[a-z]{4}"


class DoveadmTest(DovecotTest):
    def start_api(self, **settings):
        return self.start_mail(dovecot={"parts": ("http",)}, **settings)

    def post(self, body, key=mail.API_KEY):
        """Status and text of the answer to a request."""
        link = http.client.HTTPConnection(
            "127.0.0.1", self.dovecot.ports["http"], timeout=20
        )
        self.addCleanup(link.close)
        headers = {"Content-Type": "application/json"}
        if key is not None:
            word = base64.b64encode(key.encode()).decode()
            headers["Authorization"] = f"X-Dovecot-API {word}"
        link.request("POST", "/doveadm/v1", json.dumps(body), headers)
        answer = link.getresponse()
        return answer.status, answer.read().decode()

    def call(self, method, **parameters):
        """What kind of answer, and what it holds."""
        status, text = self.post([[method, parameters, "tag1"]])
        self.assertEqual(status, 200, text)
        [[kind, value, tag]] = json.loads(text)
        self.assertEqual(tag, "tag1")
        return kind, value

    def rows(self, method, **parameters):
        kind, value = self.call(method, **parameters)
        self.assertEqual(kind, "doveadmResponse", value)
        return value

    def row(self, method, **parameters):
        rows = self.rows(method, **parameters)
        self.assertEqual(len(rows), 1, rows)
        self.assertNotIn("error", rows[0])
        return rows[0]

    def error(self, method, **parameters):
        """The text of an error that who asked can mend."""
        rows = self.rows(method, **parameters)
        self.assertEqual([list(row) for row in rows], [["error"]], rows)
        return rows[0]["error"]

    def doveadm(self, *words):
        """The command line, as root sees it where this Dovecot runs."""
        command = ["doveadm", "-c", self.dovecot.conf, *words]
        return subprocess.run(
            self.dovecot.mounts.command(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
        )


class HttpApi(DoveadmTest):
    def test_front_end_turns_access_on_and_the_app_password_works(self):
        self.start_api()
        status = self.row("posternStatus", user=ALICE)
        self.assertEqual(status["access"], "never")
        self.assertEqual(status["plan_protocols"], "imap,pop3,smtp")
        made = self.row(
            "posternEnable",
            user=ALICE,
            label="Télefon",
            protocol=["imap", "pop3"],
            note="asked in webmail",
        )
        self.assertRegex(made["password"], f"^{SECRET}$")
        self.assertEqual(
            (made["user"], made["id"], made["label"], made["protocols"]),
            (ALICE, "1", "Télefon", "imap,pop3"),
        )
        self.imap(ALICE, made["password"])
        status = self.row("posternStatus", user=ALICE)
        self.assertEqual(
            (status["access"], status["protocols"], status["passwords"]),
            ("on", "imap,pop3", "1"),
        )
        self.assertRegex(status["last_login_at"], r"^20\d\d-\d\d-\d\dT.*Z$")
        refused = self.imap().login(ALICE, site.PASSWORD)
        self.assertEqual(refused.code, "AUTHENTICATIONFAILED")
        [entry] = self.ctl_json("history", ALICE)
        self.assertEqual(entry["who"], "doveadm")
        self.assertEqual(entry["what"], "enable")
        self.assertIn("asked in webmail", entry["detail"])

    def test_further_app_passwords_are_made_listed_and_revoked(self):
        self.start_api()
        self.row("posternEnable", user=ALICE)
        made = self.row(
            "posternPasswordCreate",
            user=ALICE,
            label="Tablet",
            protocol="imap",
            expires="+30d",
            network=["127.0.0.0/8", "2001:db8::/32"],
        )
        self.assertEqual((made["id"], made["protocols"]), ("2", "imap"))
        self.imap(ALICE, made["password"])
        first, second = self.rows("posternPasswordList", user=ALICE)
        self.assertEqual((first["id"], first["last_used_at"]), ("1", ""))
        self.assertEqual(second["label"], "Tablet")
        self.assertEqual(second["state"], "active")
        self.assertEqual(second["networks"], "127.0.0.0/8,2001:db8::/32")
        self.assertEqual(second["expires_at"], made["expires_at"])
        self.assertEqual(second["last_protocol"], "imap")
        self.assertEqual(second["last_address"], "127.0.0.1")
        gone = self.row("posternPasswordRevoke", user=ALICE, id=2)
        self.assertEqual(gone, {"user": ALICE, "changed": "yes"})
        refused = self.imap().login(ALICE, made["password"])
        self.assertEqual(refused.status, "NO")
        self.assertNotEqual(refused.code, "AUTHENTICATIONFAILED")
        states = self.rows("posternPasswordList", user=ALICE)
        self.assertEqual(
            [row["state"] for row in states], ["active", "revoked"]
        )

    def test_disable_ends_all_app_passwords(self):
        self.start_api()
        made = self.row("posternEnable", user=ALICE)
        done = self.row("posternDisable", user=ALICE)
        self.assertEqual(done, {"user": ALICE, "changed": "yes"})
        again = self.row("posternDisable", user=ALICE)
        self.assertEqual(again["changed"], "no")
        refused = self.imap().login(ALICE, made["password"])
        self.assertEqual(refused.status, "NO")
        self.assertEqual(
            self.row("posternStatus", user=ALICE)["access"], "off"
        )

    def test_a_cracked_account_comes_back_after_the_main_password_changed(
        self,
    ):
        self.start_api()
        self.row("posternEnable", user=ALICE)
        self.ctl("block", ALICE, "--reason", "cracked")
        status = self.row("posternStatus", user=ALICE)
        self.assertEqual(status["block"], "cracked")
        self.assertNotEqual(status["block_at"], "")
        self.assertIn("cracked", self.error("posternEnable", user=ALICE))
        self.row("posternPasswordChanged", user=ALICE)
        self.row("posternEnable", user=ALICE)
        self.assertEqual(self.row("posternStatus", user=ALICE)["block"], "")

    def test_a_block_that_only_dovecot_knows_yet_comes_first(self):
        self.start_api(free={"guesses": "2/1h"})
        self.row("posternEnable", user=ALICE)
        # Nobody completes what Dovecot's auth process decides.
        self.daemon.stop()
        for number in range(3):
            self.imap().login(ALICE, f"guess {number}")
        children.wait_for(
            lambda: self.row("posternStatus", user=ALICE)["block"]
            == "cracked",
            "block in the status",
        )
        self.assertIn("cracked", self.error("posternEnable", user=ALICE))
        entries = self.ctl_json("history", ALICE)
        self.assertEqual(
            [(row["who"], row["what"]) for row in entries],
            [("doveadm", "enable"), ("postern", "block")],
        )
        [row] = self.rows("posternPasswordList", user=ALICE)
        self.assertEqual(row["state"], "blocked")
        self.row("posternPasswordChanged", user=ALICE)
        self.row("posternEnable", user=ALICE)

    def test_mistakes_of_who_asks_are_told_in_words_and_change_nothing(self):
        self.start_api(plans={"pop": {"protocols": ["pop3"]}})
        self.row("posternEnable", user=ALICE)
        self.ctl("set", BOB, "plan=pop")
        before = self.ctl_json("history")
        create = "posternPasswordCreate"
        for method, parameters, word in (
            ("posternEnable", {"user": ALICE}, "on already"),
            ("posternEnable", {"user": BOB, "protocol": "imap"}, "plan"),
            ("posternEnable", {"user": BOB, "protocol": []}, "empty list"),
            ("posternEnable", {}, "user is missing"),
            ("posternStatus", {}, "user is missing"),
            (create, {"user": BOB}, "off"),
            (create, {"user": ALICE, "protocol": ["imap", "xmpp"]}, "xmpp"),
            (create, {"user": ALICE, "expires": "yesterday"}, "expires"),
            (create, {"user": ALICE, "expires": "2001-01-01"}, "expired"),
            (create, {"user": ALICE, "network": "10.0.0.1/8"}, "10.0.0.1"),
            (create, {"user": ALICE, "network": ["::1"] * 5}, "at most 4"),
            (create, {"user": ALICE, "label": "x" * 64}, "label"),
            (create, {"user": ALICE, "label": "a\nb"}, "label"),
            (create, {"user": ALICE, "note": "n" * 200}, "note"),
            (create, {"user": ALICE, "note": "a\r\nb"}, "note"),
            ("posternPasswordRevoke", {"user": ALICE}, "id is missing"),
            ("posternPasswordRevoke", {"user": ALICE, "id": 9}, "9"),
            ("posternPasswordRevoke", {"user": ALICE, "id": -1}, ""),
            ("posternPasswordRevoke", {"user": ALICE, "id": 2**32 + 1}, ""),
        ):
            with self.subTest(method=method, parameters=parameters):
                self.assertIn(word, self.error(method, **parameters))
        self.assertEqual(self.ctl_json("history"), before)
        self.assertEqual(
            len(self.rows("posternPasswordList", user=ALICE)), 1
        )

    def test_user_names_that_are_none_are_refused(self):
        self.start_api()
        # Dovecot itself logs the name before it calls us.
        self.expected_errors = ["bob@example.test'$"]
        for name in (
            "",
            "@example.test",
            "alice@",
            "a b@example.test",
            "alice@example.test\r\nbob@example.test",
            "alice\texample.test",
            "x" * 1024 + "@example.test",
            "alice@" + "d" * 300,
        ):
            for method in ("posternEnable", "posternStatus"):
                with self.subTest(method=method, name=name[:40]):
                    self.error(method, user=name)
        # A wildcard is a letter like others, and means nobody else.
        self.row("posternEnable", user="*@example.test")
        self.assertEqual(
            self.row("posternStatus", user=ALICE)["access"], "never"
        )
        [entry] = self.ctl_json("history")
        self.assertEqual(entry["login"], "*@example.test")

    def test_capitals_and_a_missing_domain_name_the_same_account(self):
        self.start_api()
        made = self.row("posternEnable", user="Alice")
        self.assertEqual(made["user"], ALICE)
        status = self.row("posternStatus", user="ALICE@Example.TEST")
        self.assertEqual((status["user"], status["access"]), (ALICE, "on"))

    def test_commands_that_are_not_listed_are_not_allowed(self):
        self.start_api()
        for method, parameters in (
            ("who", {}),
            ("fetch", {"user": ALICE, "field": ["text"], "query": ["all"]}),
            ("kick", {"mask": [ALICE]}),
        ):
            with self.subTest(method=method):
                kind, value = self.call(method, **parameters)
                self.assertEqual(
                    (kind, value["type"]), ("error", "unAuthorized")
                )

    def test_without_the_key_nothing_is_answered(self):
        self.start_api()
        self.expected_errors = ["Invalid authentication attempt"]
        body = [["posternEnable", {"user": ALICE}, "tag1"]]
        for key in (None, "", "wrong", mail.API_KEY + "x"):
            with self.subTest(key=key):
                self.assertEqual(self.post(body, key)[0], 401)
        self.assertEqual(self.ctl_json("history"), [])

    def test_curl_speaks_to_it_as_the_man_page_says(self):
        if shutil.which("curl") is None:
            self.skipTest("curl is not installed")
        self.start_api()
        script = """
            (umask 077; printf 'Authorization: X-Dovecot-API %s\\n' \\
                "$(printf %s "$KEY" | base64)" > api.header)
            curl -s -H @api.header -H 'Content-Type: application/json' \\
                -d "$1" "http://127.0.0.1:$PORT/doveadm/v1"
        """
        body = [["posternEnable", {"user": ALICE, "label": "Phone"}, "1"]]
        done = subprocess.run(
            ["sh", "-euc", script, "sh", json.dumps(body)],
            cwd=self.dir,
            env={
                "KEY": mail.API_KEY,
                "PORT": str(self.dovecot.ports["http"]),
                "PATH": "/usr/bin:/bin",
            },
            capture_output=True,
            text=True,
            timeout=30,
        )
        [[kind, [row], tag]] = json.loads(done.stdout)
        self.assertEqual((kind, tag), ("doveadmResponse", "1"))
        self.imap(ALICE, row["password"])

    def test_a_state_that_cannot_be_read_is_logged_and_an_exit_code(self):
        self.start_api()
        self.expected_errors = ["postern: "]
        self.daemon.stop()
        self.state.rename(self.dir / "elsewhere")
        kind, value = self.call("posternStatus", user=ALICE)
        self.assertEqual(
            (kind, value["type"], value["exitCode"]), ("error", "exitCode", 78)
        )
        self.dovecot.wait_line(f"postern: .*{self.state}")
        (self.dir / "elsewhere").rename(self.state)
        self.row("posternStatus", user=ALICE)

    def test_a_configuration_with_a_mistake_is_logged_and_an_exit_code(self):
        self.start_api()
        self.expected_errors = ["postern: "]
        text = self.conf.read_text()
        self.conf.write_text(text + "mesages = 5\n")
        kind, value = self.call("posternEnable", user=ALICE)
        self.assertEqual((kind, value["exitCode"]), ("error", 78))
        self.dovecot.wait_line("postern: .*postern.conf:.*mesages")
        # What the postmaster mends holds for the next command.
        self.conf.write_text(text)
        self.row("posternEnable", user=ALICE)

    def test_the_app_password_stands_in_the_answer_alone(self):
        self.start_api(log_level="debug")
        made = self.row("posternEnable", user=ALICE)
        words = (made["password"], made["password"].replace("-", ""))
        texts = [
            self.dovecot.text(),
            self.daemon.text(),
            str(self.rows("posternPasswordList", user=ALICE)),
            str(self.ctl_json("history")),
            self.ctl("dump").out,
        ]
        for path in self.state.rglob("*"):
            if path.is_file():
                texts.append(path.read_bytes().decode("latin-1"))
        for text in texts:
            for word in words:
                self.assertNotIn(word, text)


class CommandLine(DoveadmTest):
    def test_commands_print_a_table_or_what_format_is_asked_for(self):
        self.start_mail()
        done = self.doveadm(
            *("postern", "enable", ALICE, "--label", "Phone"),
            *("--protocol", "imap", "--protocol", "smtp"),
        )
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, SECRET)
        done = self.doveadm(
            *("-f", "json", "postern", "password", "list", "-u", ALICE)
        )
        [row] = json.loads(done.stdout)
        self.assertEqual(
            (row["id"], row["label"], row["protocols"]),
            ("1", "Phone", "imap,smtp"),
        )
        done = self.doveadm("postern", "password", "revoke", ALICE, "1")
        self.assertEqual(done.returncode, 0, done)

    def test_a_mistake_is_told_with_an_exit_code(self):
        self.start_mail()
        done = self.doveadm("postern", "password", "create", ALICE)
        self.assertEqual(done.returncode, 65, done)
        self.assertIn(f"posternctl enable {ALICE}", done.stderr)
        done = self.doveadm("postern", "enable")
        self.assertEqual(done.returncode, 64, done)
        self.assertIn("user is missing", done.stderr)
