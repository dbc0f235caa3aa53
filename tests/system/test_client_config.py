# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Settings for mail programs: what is written is what readers of such
documents understand, and what is in it opens the door."""

import json
import plistlib
import re
import shutil
import subprocess
import uuid
import xml.etree.ElementTree as ElementTree

from postern_site import case, notices
from postern_site.case import ALICE
from postern_site.keeper_case import HELP, LANGUAGES, NoticeTest
from test_access import SECRET

ALL = {
    "protocols": ["imap", "pop3", "smtp"],
    "messages": ["5/1m", "15/1h"],
    "activation_delay": "unlimited",
    "message_size": "30M",
}
CLIENT = """\
client {
    name = "%s"
    imap = "imap.example.test"
    pop3 = "pop.example.test:110"
    smtp = "smtp.example.test:465"
    url = "https://mail.example.test/profile?a=1&b=2"
}
"""
NAME = "Bāku <pasts> & 'Co'"
# Nothing that a login may hold is harmless everywhere.
HOSTILE = (
    '"<b>&amp;</b>"@example.test',
    "o'neil&co]]>@example.test",
    "<!--x--><!doctypea[<!entityb\"c\">]>&b;@example.test",
    "jānis.bērziņš@example.test",
    "%emailaddress%\\u0041{login}@example.test",
    "ann@xn--prbaude-s3a.lv",
)
BLOCKS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
SGR = re.compile("\033\\[[0-9;]*m")
MODULE = 4  # pixels


def picture(text):
    """The blocks of a terminal as a grey picture (PGM)."""
    rows = []
    for line in SGR.sub("", text).splitlines():
        halves = [BLOCKS[block] for block in line]
        rows += [[half[i] for half in halves] for i in (0, 1)]
    width = len(rows[0])
    pixels = b"".join(
        bytes(255 * bit for bit in row for _ in range(MODULE)) * MODULE
        for row in rows
    )
    head = f"P5\n{width * MODULE} {len(rows) * MODULE}\n255\n"
    return head.encode() + pixels


class ClientConfigTest(NoticeTest):
    def setUp(self):
        super().setUp()
        self.write_conf(ALL)
        self.write_client()
        self.init()

    def write_client(self, name=NAME):
        directory = self.conf.parent / "conf.d"
        directory.mkdir(exist_ok=True)
        text = CLIENT % name.replace("\\", "\\\\").replace('"', '\\"')
        (directory / "client.conf").write_text(text)

    def write(self, *words, login=ALICE):
        result = self.ctl("client-config", login, *words)
        self.assertEqual(result.err, "")
        return result.out

    def living(self, login=ALICE):
        rows = self.ctl_json("password", "list", login)
        return [(row["id"], row["label"]) for row in rows]


class Profiles(ClientConfigTest):
    def read(self, *words, login=ALICE):
        text = self.write("--mobileconfig", *words, login=login)
        profile = plistlib.loads(text.encode(), fmt=plistlib.FMT_XML)
        (account,) = profile["PayloadContent"]
        return profile, account

    def test_a_profile_has_what_apple_asks_for(self):
        self.ctl("enable", ALICE)
        profile, account = self.read()
        ids = set()
        for payload, kind in ((profile, "Configuration"),
                              (account, "com.apple.mail.managed")):
            self.assertEqual(payload["PayloadType"], kind)
            self.assertEqual(payload["PayloadVersion"], 1)
            self.assertEqual(payload["PayloadDisplayName"],
                             f"{NAME} ({ALICE})")
            number = uuid.UUID(payload["PayloadUUID"])
            self.assertEqual((number.variant, number.version),
                             (uuid.RFC_4122, 8))
            self.assertIn(str(number).upper(), payload["PayloadIdentifier"])
            ids |= {payload["PayloadUUID"], payload["PayloadIdentifier"]}
        self.assertEqual(len(ids), 4)
        self.assertEqual(profile["PayloadOrganization"], NAME)
        wanted = {
            "EmailAccountDescription": NAME,
            "EmailAccountType": "EmailTypeIMAP",
            "EmailAddress": ALICE,
            "IncomingMailServerHostName": "imap.example.test",
            "IncomingMailServerPortNumber": 993,
            "OutgoingMailServerHostName": "smtp.example.test",
            "OutgoingMailServerPortNumber": 465,
            "OutgoingPasswordSameAsIncomingPassword": True,
        }
        for way in ("Incoming", "Outgoing"):
            wanted |= {
                f"{way}MailServerAuthentication": "EmailAuthPassword",
                f"{way}MailServerUseSSL": True,
                f"{way}MailServerUsername": ALICE,
            }
        found = {key: value for key, value in account.items()
                 if not key.startswith("Payload")}
        self.assertEqual(found, wanted)
        self.assertEqual(self.living(), [(1, None)])

    def test_a_later_profile_replaces_the_one_before(self):
        self.ctl("enable", ALICE)
        self.ctl("enable", case.BOB)
        first = self.read()[0]
        later = self.read("--new-password")[0]
        other = self.read(login=case.BOB)[0]
        for key in ("PayloadUUID", "PayloadIdentifier"):
            self.assertEqual(first[key], later[key])
            self.assertNotEqual(first[key], other[key])

    def test_with_pop3_alone_it_is_an_account_of_pop3(self):
        self.ctl("enable", ALICE, "--protocols", "pop3,smtp")
        account = self.read()[1]
        self.assertEqual(account["EmailAccountType"], "EmailTypePOP")
        self.assertEqual(account["IncomingMailServerPortNumber"], 110)

    def test_whatever_a_login_is_called_the_profile_says_so(self):
        for login in HOSTILE:
            with self.subTest(login=login):
                self.ctl("enable", login)
                profile, account = self.read("--new-password", login=login)
                self.assertEqual(account["EmailAddress"], login)
                self.assertEqual(account["IncomingMailServerUsername"], login)
                self.assertEqual(profile["PayloadDisplayName"],
                                 f"{NAME} ({login})")
                self.assertRegex(account["IncomingPassword"], SECRET)

    def test_whatever_the_provider_is_called_the_profile_says_so(self):
        self.ctl("enable", ALICE)
        for name in ("</string>", "&lt;", "]]>", "a\"b'c\\d", "<!-- -- -->"):
            self.write_client(name)
            with self.subTest(name=name):
                self.assertEqual(
                    self.read()[1]["EmailAccountDescription"], name)


class Autoconfig(ClientConfigTest):
    def read(self, *words, login=ALICE):
        text = self.write("--autoconfig", *words, login=login)
        root = ElementTree.fromstring(text.encode())
        self.assertEqual((root.tag, root.attrib),
                         ("clientConfig", {"version": "1.1"}))
        (provider,) = root
        self.assertEqual(provider.tag, "emailProvider")
        return provider

    @staticmethod
    def servers(provider):
        """Type -> what is told of it, but for POP3's own element."""
        return {
            server.get("type"): {
                part.tag: part.text for part in server if part.tag != "pop3"
            }
            for server in provider
            if server.tag in ("incomingServer", "outgoingServer")
        }

    def test_every_protocol_that_may_be_used_has_its_server(self):
        self.ctl("enable", ALICE)
        provider = self.read()
        self.assertEqual(provider.get("id"), "example.test")
        self.assertEqual(provider.findtext("domain"), "example.test")
        self.assertEqual(provider.findtext("displayName"), NAME)
        self.assertEqual(provider.find("documentation").get("url"), HELP)
        common = {"username": ALICE, "authentication": "password-cleartext"}
        self.assertEqual(self.servers(provider), {
            "imap": {"hostname": "imap.example.test", "port": "993",
                     "socketType": "SSL", **common},
            "pop3": {"hostname": "pop.example.test", "port": "110",
                     "socketType": "STARTTLS", **common},
            "smtp": {"hostname": "smtp.example.test", "port": "465",
                     "socketType": "SSL", **common},
        })
        self.assertEqual(
            provider.find("incomingServer/pop3/checkInterval").attrib,
            {"minutes": "5"})
        self.assertEqual([x.tag for x in provider][3:],
                         ["incomingServer"] * 2 + ["outgoingServer",
                                                   "documentation"])

    def test_only_what_the_owner_switched_on_is_told(self):
        self.ctl("enable", ALICE, "--protocols", "imap,smtp")
        self.assertEqual(set(self.servers(self.read())), {"imap", "smtp"})

    def test_an_app_password_stands_at_each_server(self):
        self.ctl("enable", ALICE)
        servers = self.servers(self.read("--new-password", "--label", "TB"))
        (secret,) = {server["password"] for server in servers.values()}
        self.assertRegex(secret, SECRET)
        self.assertEqual(self.living(), [(1, None), (2, "TB")])

    def test_whatever_a_login_is_called_the_document_says_so(self):
        for login in HOSTILE:
            with self.subTest(login=login):
                self.ctl("enable", login)
                for server in self.servers(self.read(login=login)).values():
                    self.assertEqual(server["username"], login)


class Pages(ClientConfigTest):
    def test_the_page_tells_all_of_it_in_each_language(self):
        self.ctl("enable", ALICE)
        for language in LANGUAGES:
            with self.subTest(language=language):
                text = self.write("--text", "--language", language)
                for word in (ALICE, HELP, notices.FROM, "imap.example.test",
                             "pop.example.test", "smtp.example.test", "993",
                             "110", "465", "SSL/TLS", "STARTTLS", "30 MB"):
                    self.assertIn(word, text)
                for number in ("5", "15"):
                    self.assertRegex(text, rf"(?m)^- .*\b{number}$")
                self.assertNotIn("{", text)
                self.assertTrue(all(len(x) <= 72 for x in text.splitlines()))
        self.ctl("set", ALICE, "language=lv")
        self.assertIn("Lietotājvārds: " + ALICE, self.write("--text"))

    def test_who_gets_an_app_password_is_told_as_always(self):
        self.ctl("enable", ALICE)
        text = self.write("--text", "--new-password", "--label",
                          "Ноутбук <b>&\"ąčę\"", "--note", "by phone")
        self.assertEqual(len(SECRET.findall(text)), 1)
        self.assertIn("Ноутбук <b>&\"ąčę\"", text)
        made = self.history(what="password-create")
        self.assertEqual(len(made), 1)
        self.assertIn("by phone", str(made[0]))
        kinds = [row["notice"] for row in self.outbox()]
        self.assertEqual(kinds, ["enabled", "password-created"])

    def test_the_app_password_is_nowhere_else(self):
        self.ctl("enable", ALICE)
        secrets = [SECRET.search(self.write(form, "--new-password")).group()
                   for form in ("--text", "--mobileconfig", "--autoconfig")]
        kept = b"".join(file.read_bytes() for file in self.dir.rglob("*")
                        if file.is_file())
        kept += self.ctl("dump").out.encode()
        for secret in secrets:
            for form in (secret, secret.replace("-", "")):
                self.assertNotIn(form.encode(), kept)


class Codes(ClientConfigTest):
    def setUp(self):
        if shutil.which("zbarimg") is None:
            self.skipTest("zbarimg is not installed")
        super().setUp()
        self.ctl("enable", ALICE)

    def decode(self, drawn):
        """What a reader of QR codes sees in the blocks."""
        file = self.dir / "code.pgm"
        file.write_bytes(picture(drawn))
        done = subprocess.run(
            ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable",
             "-Sqrcode.enable", str(file)],
            capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode().removesuffix("\n")

    def settings(self, drawn, login=ALICE):
        """Checked as Thunderbird for Android does."""
        version, misc, incoming, groups = json.loads(self.decode(drawn))
        self.assertEqual((version, misc), (1, [1, 1]))
        ((outgoing, identity),) = groups
        self.assertEqual(identity, [login, ""])
        self.assertEqual(outgoing[:6],
                         [0, "smtp.example.test", 465, 3, 1, login])
        return incoming, outgoing[6:]

    def test_a_reader_finds_the_settings_in_the_code(self):
        incoming, password = self.settings(self.write("--autoconfig", "--qr"))
        self.assertEqual(incoming,
                         [0, "imap.example.test", 993, 3, 1, ALICE])
        self.assertEqual(password, [])
        self.assertEqual(self.living(), [(1, None)])

    def test_the_code_below_the_page_has_the_same_app_password(self):
        text = self.write("--text", "--qr", "--new-password")
        (secret,) = SECRET.findall(text)
        page, code = text.split("\n\n\033", 1)
        self.assertIn("Thunderbird", page)
        incoming, password = self.settings("\033" + code)
        self.assertEqual(incoming[6:], ["", secret])
        self.assertEqual(password, [secret])
        self.assertNotIn("Thunderbird", self.write("--text"))

    def test_pop3_with_starttls_is_told_as_that(self):
        self.ctl("enable", ALICE, "--protocols", "pop3,smtp")
        incoming, _ = self.settings(self.write("--autoconfig", "--qr"))
        self.assertEqual(incoming, [1, "pop.example.test", 110, 2, 1, ALICE])

    def test_an_iphone_is_shown_where_its_profile_is(self):
        self.assertEqual(
            self.decode(self.write("--mobileconfig", "--qr")),
            "https://mail.example.test/profile?a=1&b=2")

    def test_quotation_marks_in_a_login_do_no_harm(self):
        for login in HOSTILE:
            if not login.isascii():
                continue
            with self.subTest(login=login):
                self.ctl("enable", login)
                drawn = self.write("--autoconfig", "--qr", "--new-password",
                                   login=login)
                incoming, _ = self.settings(drawn, login)
                self.assertEqual(incoming[5], login)

    def test_colours_make_it_the_same_on_every_terminal(self):
        lines = self.write("--autoconfig", "--qr").splitlines()
        for line in lines:
            self.assertRegex(line, "\\A\033\\[1;37;40m[ ▀▄█]+\033\\[0m\\Z")
        self.assertEqual(len({len(line) for line in lines}), 1)
        # It fits where a terminal is as wide as it always was.
        self.assertLessEqual(len(SGR.sub("", lines[0])), 80)


class OpenDoor(case.DovecotTest):
    """The settings, word by word, in a mail program."""

    write_client = ClientConfigTest.write_client

    def test_what_the_profile_says_logs_in(self):
        self.start_mail(ALL)
        self.write_client()
        self.ctl("enable", ALICE)
        text = self.ctl("client-config", ALICE, "--mobileconfig",
                        "--new-password", "--label", "Phone").out
        (account,) = plistlib.loads(text.encode())["PayloadContent"]
        self.imap(account["IncomingMailServerUsername"],
                  account["IncomingPassword"])
        rows = self.ctl_json("password", "list", ALICE)
        self.assertEqual([row["by"] for row in rows], [None, "imap"])
