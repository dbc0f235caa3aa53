# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The policy protocol: good requests in any chunking, bad ones in any form."""

import contextlib
import os
import time

from postern_site import policy
from postern_site.case import ALICE, PolicydTest
from postern_site.patience import PATIENCE
from postern_site.policy import Closed, Policy, encode, request

NO_LIMIT = {"messages": []}


class GoodRequests(PolicydTest):
    def test_the_answer_is_the_same_however_a_request_is_cut(self):
        self.start(NO_LIMIT)
        client = self.policy()
        whole = request()
        for cut in range(1, len(whole), 7):
            client.write(whole[:cut])
            time.sleep(0.0005)
            client.write(whole[cut:])
            self.assertEqual(client.answer(), "DUNNO", f"cut at {cut}")

    def test_a_request_may_come_byte_by_byte(self):
        self.start(NO_LIMIT)
        client = self.policy()
        for byte in request():
            client.write(bytes((byte,)))
        self.assertEqual(client.answer(), "DUNNO")

    def test_requests_in_one_write_are_answered_in_their_order(self):
        self.start({"messages": ["3/1h"]})
        client = self.policy()
        client.write(b"".join(request() for _ in range(6)))
        actions = [client.answer()[:3] for _ in range(6)]
        self.assertEqual(actions, ["DUN"] * 3 + ["450"] * 3)

    def test_attributes_of_newer_postfix_versions_are_taken(self):
        self.start(NO_LIMIT)
        action = self.policy().ask(
            compatibility_level="3.6", mail_version="3.10.13", mystery="42"
        )
        self.assertEqual(action, "DUNNO")

    def test_nothing_is_said_about_mail_without_a_login(self):
        self.start({"messages": ["0/1h"]})
        client = self.policy()
        for login in ("", None):
            for state in ("RCPT", "DATA", "END-OF-MESSAGE"):
                self.assertEqual(client.ask(login, state), "DUNNO")

    def test_other_stages_are_none_of_our_business(self):
        self.start({"messages": ["0/1h"]})
        client = self.policy()
        for state in ("CONNECT", "EHLO", "HELO", "MAIL", "VRFY", "ETRN"):
            self.assertEqual(client.ask(state=state), "DUNNO", state)

    def test_the_inet_listener_answers_like_the_unix_one(self):
        port = self.free_port()
        self.start(
            {"messages": ["4/1h"]},
            policy_listen=[f"unix:{self.socket}", f"inet:127.0.0.1:{port}"],
        )
        with Policy(("127.0.0.1", port)) as inet:
            self.accept(inet, 2)
            self.accept(self.policy(), 2)
            self.assertEqual(inet.ask()[:10], "450 4.7.28")


class OneMessageOnce(PolicydTest):
    def test_a_repeated_request_does_not_charge_twice(self):
        self.start()
        client = self.policy()
        for number in range(5):
            name = policy.queue_id()
            for _ in range(3):
                self.assertEqual(client.ask(queue_id=name), "DUNNO")
            self.assertEqual(self.used(), [number + 1] * 2)
        self.assertEqual(client.ask(queue_id=name), "DUNNO", "when full")
        self.assertEqual(client.ask()[:3], "450")

    def test_a_repeated_request_on_a_new_connection_does_not_charge(self):
        self.start()
        name = policy.queue_id()
        for _ in range(3):
            with Policy(self.socket) as client:
                self.assertEqual(client.ask(queue_id=name), "DUNNO")
        self.assertEqual(self.used(), [1, 1])

    def test_a_repeated_request_after_a_crash_does_not_charge(self):
        self.start()
        name = policy.queue_id()
        self.assertEqual(self.policy().ask(queue_id=name), "DUNNO")
        self.daemon.kill()
        self.start_daemon()
        self.assertEqual(self.policy().ask(queue_id=name), "DUNNO")
        self.assertEqual(self.used(), [1, 1])

    def test_without_a_queue_id_the_instance_tells_messages_apart(self):
        self.start()
        client = self.policy()
        for instance in ("1a2b.65.0", "1a2b.65.1", "1a2b.65.0"):
            action = client.ask(queue_id="", instance=instance)
            self.assertEqual(action, "DUNNO")
        self.assertEqual(self.used(), [2, 2])

    def test_a_queue_id_that_two_logins_use_is_charged_to_both(self):
        self.start()
        client = self.policy()
        for login in (ALICE, "bob@example.test"):
            self.assertEqual(client.ask(login, queue_id="SAME"), "DUNNO")
            self.assertEqual(self.used(login), [1, 1])

    def test_looks_at_recipients_and_data_charge_nothing(self):
        self.start()
        client = self.policy()
        for state in ("RCPT", "DATA") * 20:
            self.assertEqual(client.ask(state=state), "DUNNO")
        self.assertEqual(self.used(), [0, 0])

    def test_a_full_window_is_seen_at_every_stage(self):
        self.start()
        client = self.policy()
        self.accept(client, 5)
        for state in ("RCPT", "DATA", "END-OF-MESSAGE"):
            self.assertEqual(client.ask(state=state)[:10], "450 4.7.28")


class BadRequests(PolicydTest):
    BAD = {
        "an empty one": b"\n",
        "a line without =": b"request=smtpd_access_policy\nhello\n\n",
        "only an =": b"=\n\n",
        "an attribute that comes twice": request()[:-1] + b"size=1\n\n",
        "no request attribute": request(request=None),
        "another request": request(request="junk_mail_policy"),
        "NUL bytes": request(sender=b"a\0b@example.test"),
        "no stage": request(protocol_state=None),
        "an SMTP dialogue": b"EHLO x\r\nMAIL FROM:<a@b>\r\n\r\n",
        "an HTTP request": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n\n\n",
        "a size that is no number": request(size="large"),
        "a negative size": request(size="-1"),
        "a size beyond 64 bits": request(size="9" * 30),
        "no number of recipients": request(recipient_count="many"),
        "binary noise": bytes(range(256)) * 8 + b"\n\n",
        "a huge line": b"helo_name=" + b"x" * (1 << 20),
        "a huge name": b"x" * (1 << 20),
        "very many attributes": encode({f"a{n}": "x" for n in range(50000)}),
        "an endless request": b"a=b\n" * 500000,
    }

    def fate(self, data):
        """What the daemon did with DATA: "closed" or its answer."""
        with Policy(self.socket) as client:
            try:
                client.write(data)
                return client.answer()
            except Closed as closed:
                self.assertEqual(closed.rest, b"", "half an answer")
                return "closed"
            except (BrokenPipeError, ConnectionResetError):
                return "closed"

    def test_each_is_closed_without_an_answer_and_others_go_on(self):
        self.start(NO_LIMIT)
        other = self.policy()
        for name, data in self.BAD.items():
            with self.subTest(name=name):
                self.assertEqual(self.fate(data), "closed")
                self.assertEqual(other.send_message(), "DUNNO")
        self.assertTrue(self.daemon.child.is_running())
        self.assertLess(self.daemon.memory(), 32 << 20)

    def test_what_was_asked_before_the_garbage_is_answered(self):
        self.start(NO_LIMIT)
        client = self.policy()
        client.write(request() + b"garbage\n\n")
        self.assertEqual(client.answer(), "DUNNO")
        with self.assertRaises(Closed):
            client.answer()

    def test_random_bytes_never_stop_the_daemon(self):
        self.start(NO_LIMIT)
        good = request()
        for number in range(60):
            data = bytearray(good)
            for byte in os.urandom(1 + number % 8):
                data[byte * 7 % len(data)] ^= 1 + byte % 255
            with Policy(self.socket, timeout=0.2) as client:
                try:
                    client.write(bytes(data))
                    client.answer()
                except (Closed, TimeoutError):
                    pass
        self.assertEqual(self.policy().send_message(), "DUNNO")

    def test_half_a_request_charges_nothing_and_leaves_nothing(self):
        self.start()
        whole = request()
        for cut in range(0, len(whole), 40):
            with Policy(self.socket) as client:
                client.write(whole[:cut])
        self.assertEqual(self.policy().send_message(), "DUNNO")
        self.assertEqual(self.used(), [1, 1])

    def test_a_client_that_leaves_before_its_answer_harms_nobody(self):
        self.start(NO_LIMIT)
        for _ in range(200):
            with Policy(self.socket) as client:
                client.write(request() * 5)
        self.assertEqual(self.policy().send_message(), "DUNNO")

    def test_a_client_that_never_reads_harms_nobody(self):
        self.start(NO_LIMIT)
        deaf = self.policy(timeout=1)
        with self.assertRaises((TimeoutError, OSError)):
            for _ in range(40):
                deaf.write(request() * 1000)
        self.assertEqual(self.policy().send_message(), "DUNNO")
        self.assertLess(self.daemon.memory(), 64 << 20)


class SlowClients(PolicydTest):
    def test_half_and_dripping_requests_are_ended_and_idle_ones_not(self):
        self.use_clock(ticks=True)
        self.start(NO_LIMIT)
        idle, half, drip = self.policy(), self.policy(), self.policy()
        self.assertEqual(idle.ask(), "DUNNO")
        whole = request()
        half.write(whole[:100])
        self.let_drip(drip, whole[:20])
        for client in (half, drip):
            client.link.settimeout(0.3)
            with self.assertRaises(TimeoutError):
                client.answer()
            client.link.settimeout(PATIENCE)
        self.let_drip(drip, whole[20:33])
        for client in (half, drip):
            with self.assertRaises(Closed) as caught:
                client.answer()
            self.assertEqual(caught.exception.rest, b"")
        self.assertEqual(idle.ask(), "DUNNO")

    def let_drip(self, client, data):
        """A byte a second, for as long as that is taken."""
        for byte in data:
            with contextlib.suppress(OSError):
                client.write(bytes((byte,)))
            self.clock.advance(1)
            time.sleep(0.02)


class Logins(PolicydTest):
    BAD = {
        "300 bytes": b"a" * 287 + b"@example.test",
        "a long local part": b"a" * 65 + b"@example.test",
        "a blank": b"al ice@example.test",
        "invalid UTF-8": b"al\xffice@example.test",
        "no local part": b"@example.test",
        "no domain": b"alice@",
        "a broken domain": b"alice@exa..mple",
    }

    def test_a_login_that_cannot_be_counted_is_deferred_and_logged(self):
        self.start(NO_LIMIT)
        client = self.policy()
        for name, login in self.BAD.items():
            with self.subTest(name=name):
                self.assertEqual(client.ask(login)[:9], "451 4.3.0")
        reasons = {x.get("reason") for x in self.daemon.wait_lines("refused")}
        self.assertEqual(reasons, {"login-invalid"})

    def test_control_characters_in_a_login_close_the_connection(self):
        self.start(NO_LIMIT)
        for login in (b"al\x01ice@example.test", b"\x1b[2J@example.test"):
            with Policy(self.socket) as client:
                client.write(request(login))
                with self.assertRaises(Closed):
                    client.answer()
        self.assertFalse({"\x1b", "\x01"} & set(self.daemon.text()))

    def test_spellings_of_one_login_share_its_quota(self):
        self.start(default_domain="example.test")
        client = self.policy()
        same = ("alice@example.test", "ALICE@Example.Test", "alice", "Alice")
        for login in (*same, ALICE):
            action = client.ask(login, sender=ALICE)
            self.assertEqual(action, "DUNNO", login)
        for login in same:
            self.assertEqual(client.ask(login, sender=ALICE)[:3], "450", login)

    def test_a_unicode_domain_and_its_a_label_are_one_login(self):
        self.start()
        client = self.policy()
        for login in ("u@münster.test", "u@xn--mnster-3ya.test") * 2:
            self.assertEqual(client.ask(login, sender=""), "DUNNO", login)
        self.assertEqual(client.ask("U@MÜNSTER.test", sender=""), "DUNNO")
        self.assertEqual(client.ask("u@münster.test", sender="")[:3], "450")
        self.assertEqual(self.used("u@xn--mnster-3ya.test"), [5, 5])

    def test_a_utf8_local_part_is_a_login_like_any_other(self):
        self.start({"messages": ["1/1h"]})
        client = self.policy()
        self.assertEqual(client.ask("jürgen@example.test"), "DUNNO")
        self.assertEqual(client.ask("jürgen@example.test")[:3], "450")
        self.assertEqual(client.ask("jurgen@example.test"), "DUNNO")
