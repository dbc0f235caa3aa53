# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Sender maps of every kind, behind a real Postfix."""

import os
import signal
import subprocess
import sys
import threading
import time

from postern_site import children, socketmap
from postern_site.case import ALICE, BOB, PolicydTest, PostfixTest
from postern_site.patience import Watch, stood_still
from postern_site.policy import request

INFO = "info@shop.test"
ROWS = (
    f"{INFO} alice, carol@example.test\n"
    "sales@shop.test bob\n"
    "@all.test alice\n"
)


class MapsTest:
    """What both classes below need."""

    def write_map(self, text=ROWS, name="senders"):
        """Put in place as a whole, as a careful postmaster does."""
        fresh = self.dir / f"{name}.new"
        fresh.write_text(text)
        fresh.chmod(0o644)
        fresh.replace(self.dir / name)
        return self.dir / name

    def start_maps(self, *maps, free=None):
        return self.start(free, sender={"maps": list(maps)})

    def start_server(self, replies):
        """A socketmap server; its REPLIES may be written anew."""
        self.replies = self.dir / "replies"
        self.replies.write_text(replies)
        self.server_log = self.dir / "server.log"
        self.server_socket = self.dir / "map.sock"
        argv = [sys.executable, socketmap.__file__]
        self.server = children.Child(
            argv + [self.server_socket, self.replies], self.server_log
        )
        self.addCleanup(self.server.kill)
        children.wait_for(
            lambda: "ready" in self.server_log.read_text(), "socketmap server"
        )
        return f"socketmap:unix:{self.server_socket}:senders"


class Kinds(MapsTest, PostfixTest):
    def assert_owned(self, client, *senders):
        for sender in senders:
            with self.subTest(sender=sender):
                reply = client.mail(sender, "x@remote.test")
                self.assertEqual(reply.code, 250, str(reply))
                client.command("RSET")

    def assert_foreign(self, client, *senders):
        for sender in senders:
            with self.subTest(sender=sender):
                reply = client.mail(sender, "x@remote.test")
                self.assertEqual((reply.code, reply.enhanced), (550, "5.7.1"))
                client.command("RSET")

    def wait_owned(self, client, sender):
        """A change is looked for once a second."""

        def is_owned():
            reply = client.mail(sender, "x@remote.test")
            client.command("RSET")
            return reply.code == 250

        children.wait_for(is_owned, f"{sender} to be owned")

    def check_rows(self):
        alice, bob = self.smtp(), self.smtp(BOB)
        self.assert_owned(alice, INFO, "Info@Shop.TEST", "any@all.test")
        self.assert_owned(alice, "info+tag@shop.test", ALICE)
        self.assert_foreign(alice, "sales@shop.test", "x@shop.test")
        self.assert_owned(bob, "sales@shop.test")
        self.assert_foreign(bob, INFO, "any@all.test")
        self.assertEqual(alice.send(INFO, "x@remote.test").code, 250)
        self.assertEqual(self.used(), [1, 1])

    def test_a_file_names_the_owners(self):
        self.start_maps(f"file:{self.write_map()}")
        self.check_rows()

    def test_a_table_of_postmap_names_the_owners(self):
        self.postmap(ROWS)
        self.start_maps(f"lmdb:{self.dir / 'table'}")
        self.check_rows()

    def postmap(self, text):
        source = self.write_map(text, "table")
        subprocess.run(
            ["postmap", "-c", self.site.postfix.etc, f"lmdb:{source}"],
            timeout=60,
            check=True,
        )

    def test_a_table_that_postmap_made_anew_is_read_again(self):
        self.postmap(ROWS)
        self.start_maps(f"lmdb:{self.dir / 'table'}.lmdb")
        client = self.smtp()
        self.assert_owned(client, INFO)
        many = "".join(f"u{i}@shop.test bob\n" for i in range(100000))
        self.postmap(f"sales@shop.test alice\n{many}")
        self.wait_owned(client, "sales@shop.test")
        self.assert_foreign(client, INFO, "u99999@shop.test")
        self.assertEqual(self.daemon.lines("map-failed"), [])

    def test_a_file_that_changes_is_read_again(self):
        file = self.write_map()
        self.start_maps(f"file:{file}")
        client = self.smtp()
        self.assert_owned(client, INFO)
        self.write_map("sales@shop.test alice\n")
        self.wait_owned(client, "sales@shop.test")
        self.assert_foreign(client, INFO)

    def test_a_file_that_becomes_bad_stays_as_it_was_and_is_logged(self):
        file = self.write_map()
        self.start_maps(f"file:{file}")
        client = self.smtp()
        self.write_map("sales@shop.test alice\nnobody@shop.test\n")
        time.sleep(1.2)
        self.assert_owned(client, INFO)
        self.assert_foreign(client, "sales@shop.test")
        line = self.daemon.wait_lines("map-failed")[0]
        self.assertIn(f"{file}:2: there is no login", line["error"])
        file.unlink()
        time.sleep(1.2)
        self.assert_owned(client, INFO)

    def test_a_server_names_the_owners(self):
        replies = f"{INFO} OK alice bob\nsales@shop.test OK bob\n"
        self.start_maps(self.start_server(replies))
        client = self.smtp()
        self.assert_owned(client, INFO, INFO)
        self.assert_foreign(client, "sales@shop.test", "x@shop.test")
        self.assertEqual(client.send(INFO, "x@remote.test").code, 250)
        asked = self.server_log.read_text().splitlines()
        self.assertEqual(asked.count(f"senders {INFO}"), 1)
        self.assertNotIn("senders @shop.test", asked)

    def assert_deferred(self, client, sender):
        reply = client.send(sender, "x@remote.test")
        self.assertEqual(reply.code, 451, str(reply))
        self.assertEqual(reply.enhanced[:1], "4")

    def test_a_server_that_is_down_defers_and_costs_nothing(self):
        where = self.start_server(f"{INFO} OK alice\n")
        self.start_maps(where)
        self.server.kill()
        client = self.smtp()
        self.assert_deferred(client, INFO)
        self.assert_deferred(client, "x@shop.test")
        line = self.daemon.wait_lines("map-unavailable")[0]
        self.assertIn(where, line["error"])
        self.pass_mail(client, 5)
        self.start_server(f"{INFO} OK alice\n")
        children.wait_for(
            lambda: client.mail(INFO, "x@remote.test").code != 451
            or client.command("RSET").code != 250,
            "an answer after the server came back",
        )

    def test_a_server_that_refuses_defers(self):
        self.start_maps(self.start_server(f"{INFO} TEMP no database\n"))
        client = self.smtp()
        self.assert_deferred(client, INFO)
        line = self.daemon.wait_lines("map-unavailable")[0]
        self.assertIn("TEMP no database", line["error"])
        self.replies.write_text(f"{INFO} OK alice\n")
        self.assert_owned(client, INFO)


class Check(MapsTest, PolicydTest):
    """posternctl sender check."""

    def check(self, login, address):
        return self.posternctl().run("sender", "check", login, address)

    def rule(self, login, address):
        return self.ctl_json("sender", "check", login, address)[0]["rule"]

    def test_it_says_by_which_rule_an_address_is_owned(self):
        file = self.write_map()
        self.write_conf(
            sender={
                "alias_domains": ["example.test = alias.test"],
                "maps": [f"file:{file}"],
            }
        )
        self.init()
        self.ctl("sender", "add", ALICE, "@list.test")
        for address, rule in (
            (ALICE, "the login"),
            ("alice+x@example.test", "the login with a tag"),
            ("alice@alias.test", "alias domain"),
            ("any@list.test", "the account's list"),
            (INFO, f"the entry {INFO} of file:{file}"),
            ("info+x@shop.test", f"the entry {INFO} of file:{file}"),
            ("any@all.test", f"the entry @all.test of file:{file}"),
        ):
            with self.subTest(address=address):
                self.assertEqual(self.rule(ALICE, address), rule)

    def test_it_says_no_and_whose_it_is(self):
        self.write_conf(sender={"maps": [f"file:{self.write_map()}"]})
        self.init()
        result = self.check(BOB, INFO)
        self.assertEqual(result.code, 1)
        self.assertIn(f"gives it to {ALICE}, carol@example.test", result.err)
        result = self.check(BOB, "x@nowhere.test")
        self.assertEqual(result.code, 1)
        self.assertIn(f"posternctl sender add {BOB} x@nowhere", result.err)
        self.assertEqual(self.check(BOB, "no address").code, 64)

    def test_it_says_when_it_cannot_know(self):
        where = f"socketmap:unix:{self.dir}/none.sock:senders"
        self.write_conf(sender={"maps": [where]})
        self.init()
        result = self.check(ALICE, INFO)
        self.assertEqual(result.code, 75)
        self.assertIn(where, result.err)


class Stalls(MapsTest, PolicydTest):
    """What a server that hangs does to everybody else."""

    def test_a_server_that_hangs_stalls_nobody_else(self):
        where = self.start_server(f"{INFO} OK alice\n")
        self.start_maps(where, free={"messages": ["100000/1h"]})
        self.server.signal(signal.SIGSTOP)
        answers = []
        clients = [self.policy() for _ in range(12)]
        watch = Watch()

        def ask(client):
            action = client.ask(ALICE, "RCPT", sender=INFO)
            answers.append((watch.took(), action))

        threads = [
            threading.Thread(target=ask, args=(client,)) for client in clients
        ]
        for thread in threads:
            thread.start()
        plain, spans = self.policy(), []
        while time.monotonic() - watch.begun < 2:
            start = time.monotonic()
            self.assertEqual(plain.send_message(BOB), "DUNNO")
            spans.append((start, time.monotonic()))
        for thread in threads:
            thread.join()
        begin, end = max(spans, key=lambda span: span[1] - span[0])
        self.assertLess(end - begin - stood_still(begin, end), 0.5)
        self.assertEqual({action[:3] for _, action in answers}, {"451"})
        # Nobody waits for it twice.
        self.assertLess(max(took for took, _ in answers), 5)
        self.assertEqual(self.used(), [0])
        self.server.signal(signal.SIGCONT)
        children.wait_for(
            lambda: clients[0].ask(sender=INFO) == "DUNNO",
            "an answer after the server came back",
        )

    def test_clients_that_leave_and_reloads_meanwhile_do_no_harm(self):
        where = self.start_server(f"{INFO} OK alice\n")
        self.start_maps(where, free={"messages": []})
        self.server.signal(signal.SIGSTOP)
        for _ in range(8):
            client = self.policy()
            client.write(request(ALICE, "RCPT", sender=INFO))
            client.close()
        stays = self.policy()
        stays.write(request(ALICE, "RCPT", sender=INFO))
        file = self.write_map(f"{INFO} alice\n")
        self.write_conf({"messages": []}, sender={"maps": [f"file:{file}"]})
        self.daemon.reload()
        self.daemon.wait_lines("reloaded")
        self.assertEqual(self.policy().ask(sender=INFO), "DUNNO")
        # It may have been asked about before the reload, or after it.
        self.assertIn(stays.answer()[:3], ("451", "DUN"))
        self.assertEqual(stays.ask(sender=INFO), "DUNNO")

    def test_it_stops_in_time_while_a_server_hangs(self):
        where = self.start_server("")
        self.start_maps(where)
        self.server.signal(signal.SIGSTOP)
        client = self.policy()
        client.write(request(ALICE, "RCPT", sender=INFO))
        time.sleep(0.2)
        watch = Watch()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertLess(watch.took(), 6)


class Start(MapsTest, PolicydTest):
    def assert_no_start(self, code, *texts):
        child = self.make_daemon().launch()
        self.assertEqual(child.wait(), code, self.daemon.text())
        for text in texts:
            self.assertIn(text, self.daemon.text())

    def test_a_bad_file_is_named_with_its_line(self):
        file = self.write_map("a@shop.test alice\nb@shop.test\n")
        self.write_conf(sender={"maps": [f"file:{file}"]})
        self.init()
        self.assert_no_start(78, f"{file}:2: there is no login")
        result = self.ctl_result("check-config")
        self.assertEqual(result.code, 78)
        self.assertIn(f"{file}:2: there is no login", result.err)

    def ctl_result(self, *words):
        return self.posternctl().run(*words)

    def test_a_file_that_its_user_may_not_read_is_named(self):
        if os.geteuid() != 0:
            self.skipTest("root may read everything, and we are not root")
        file = self.write_map()
        file.chmod(0o600)
        self.write_conf(sender={"maps": [f"file:{file}"]})
        self.init()
        self.assert_no_start(78, str(file), "Permission denied")

    def test_a_bad_file_at_a_reload_leaves_the_old_configuration(self):
        good = self.write_map(f"{INFO} alice\n", "good")
        bad = self.write_map("nobody@shop.test\n", "bad")
        self.start_maps(f"file:{good}")
        self.write_conf(sender={"maps": [f"file:{good}", f"file:{bad}"]})
        self.daemon.reload()
        line = self.daemon.wait_lines("reload-failed")[0]
        self.assertIn(f"{bad}:1:", line["error"])
        self.assertEqual(self.policy().ask(sender=INFO), "DUNNO")

    def test_a_type_that_is_not_read_is_refused_with_what_is(self):
        self.write_conf(sender={"maps": ["hash:/etc/postfix/senders"]})
        result = self.ctl_result("check-config")
        self.assertEqual(result.code, 78)
        self.assertIn("file:/PATH", result.err)
