# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""postern-milter on its socket: MTAs that break off or talk nonsense, and
signals meanwhile."""

import os
import random
import signal
import struct

from postern_site import children
from postern_site.case import ALICE
from postern_site.milter_case import NO_LIMIT, SessionTest
from postern_site.milter_client import Milter, packet, strings
from postern_site.milter_mta import HEADERS, SPOOF
from postern_site.patience import Watch


class Broken(SessionTest):
    """Whatever comes, the milter lives and lets no spoof through."""

    def steps(self):
        """A session's steps, up to the end of a spoofed message."""
        login = packet(b"D", b"M" + strings("{auth_authen}", ALICE))
        connect = strings("mua") + b"4\xc5\xb4" + strings("192.0.2.7")
        header = [packet(b"L", strings(n, v)) for n, v in SPOOF]
        return [
            packet(b"C", connect),
            packet(b"H", strings("mua")),
            login + packet(b"M", strings(f"<{ALICE}>")),
            packet(b"R", strings("<x@remote.test>")),
            packet(b"T"),
            *header,
            packet(b"N"),
            packet(b"B", b"hello\r\n"),
            packet(b"E"),
        ]

    def test_an_abort_at_any_step_leaves_nothing_behind(self):
        self.start_alone()
        with self.session() as session:
            session.greet()
            link = session.link
            for stage in range(6):
                number = f"A{stage}"
                session.mail(ALICE, number)
                if stage > 0:
                    session.rcpt("x@remote.test", number)
                if stage > 1:
                    link.data()
                if stage > 2:
                    link.header("From", "ceo@example.test")
                if stage > 3:
                    link.header("Subject", "x")
                if stage > 4:
                    link.body(b"hello\r\n")
                link.abort()
            self.passes(session)
        self.assertEqual(self.used(), [1, 1])

    def test_a_connection_may_break_at_any_step(self):
        self.start_alone()
        steps = self.steps()
        self.lives()
        before = self.descriptors()
        for count in range(len(steps)):
            for rest in (b"", steps[count][:3], steps[count][:-1]):
                with Milter(self.milter_socket) as link:
                    link.write(b"".join(steps[:count]) + rest)
        self.lives()
        children.wait_for(
            lambda: self.descriptors() <= before + 2, "closed files"
        )
        self.assertEqual(self.used(), [0, 0])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.milter.child.pid}/fd"))

    def test_no_order_of_steps_lets_a_spoof_through(self):
        self.start_alone()
        steps = self.steps()
        dice = random.Random(5)
        for _ in range(150):
            some = [dice.choice(steps) for _ in range(dice.randint(1, 12))]
            self.raw(*some)
        for left_out in range(len(steps)):
            self.raw(*steps[:left_out], *steps[left_out + 1 :])
            self.raw(*steps[:left_out], steps[left_out], *steps[left_out:])
        self.lives()
        self.assertEqual(self.used(), [0, 0])

    def test_the_same_steps_in_their_order_are_refused(self):
        # Else the tests around this one would prove nothing.
        self.start_alone()
        self.assertRegex(self.raw(*self.steps()), "[yr]")

    def test_garbage_harms_nobody(self):
        self.start_alone()
        neighbour = self.session()
        self.passes(neighbour)
        cases = {
            "length 0": struct.pack(">I", 0) + b"x",
            "2 GB announced": struct.pack(">I", 0x7FFFFFFF) + b"Lx",
            "4 GB announced": struct.pack(">I", 0xFFFFFFFF) + b"Lx",
            "unknown command": packet(b"Z", b"?"),
            "connect without an address": packet(b"C", strings("mua") + b"4"),
            "connect of an unknown family": packet(
                b"C", strings("mua") + b"9\0\x19" + strings("x")
            ),
            "connect with a bad address": packet(
                b"C", strings("mua") + b"4\0\x19" + strings("300.1.1.1")
            ),
            "connect without its end": packet(b"C", b"mua"),
            "mail without its end": packet(b"M", b"<alice@example.test>"),
            "mail without anything": packet(b"M"),
            "recipient without anything": packet(b"R"),
            "header without a value": packet(b"L", strings("From")),
            "header without its end": packet(b"L", b"From\0x"),
            "header without anything": packet(b"L"),
            "macros without their step": packet(b"D"),
            "a macro without a value": packet(b"D", b"M" + strings("i")),
            "a macro without its end": packet(b"D", b"Mi"),
            "a second negotiation": packet(b"O", struct.pack(">III", 6, 0, 0)),
            "a short negotiation": packet(b"O", b"\0\0"),
            "a GET request": b"GET / HTTP/1.0\r\n\r\n",
            "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        }
        begin = self.steps()
        for name, data in cases.items():
            with self.subTest(garbage=name):
                self.raw(data, negotiate=False)
                self.raw(data)
                self.raw(*begin[:3], data, packet(b"E"))
                self.assertTrue(self.milter.child.is_running())
        self.passes(neighbour)
        self.lives()

    def test_random_bytes_harm_nobody(self):
        self.start_alone()
        dice = random.Random(20)
        for _ in range(100):
            noise = [
                packet(bytes([dice.choice(b"CHMRTLNBEADKQUO")]),
                       dice.randbytes(dice.randint(0, 60)))
                for _ in range(8)
            ]
            self.raw(*noise, negotiate=dice.random() < 0.8)
        self.lives()

    def test_bytes_that_no_mail_has_are_no_way_round(self):
        self.start_alone()
        session = self.session()
        for value in (
            b"alice@example.test\r\nFrom: ceo@example.test",
            b"alice@example.test\nFrom: ceo@example.test",
            b"\xff\xfe<ceo@example.test>",
            b"ceo@example.test\x01",
            b"",
        ):
            with self.subTest(value=value):
                self.refuses(session, headers=[("From", value), *HEADERS[1:]])
        self.lives()

    def test_an_unknown_version_is_not_agreed_to(self):
        self.start_alone()
        for version in (0, 1, 99):
            link = Milter(self.milter_socket, negotiate=False)
            self.addCleanup(link.close)
            link.write(packet(b"O", struct.pack(">III", version, 0x1FF, 0)))
            link.write_end()
            self.assertNotIn("c", link.rest())
        self.lives()


class Signals(SessionTest):
    def test_sighup_changes_no_session_that_has_begun(self):
        self.start_alone(NO_LIMIT)
        old = self.session()
        self.passes(old)
        old.mail(ALICE, "H1")
        self.write_conf({"messages": ["0/1h"]})
        self.milter.reload()
        self.milter.wait_lines("reloaded")
        old.rcpt("x@remote.test", "H1")
        reply = old.content(HEADERS, b"hello\r\n", "H1")
        self.assertTrue(reply.passes, str(reply))
        reply = self.session().send()
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.28"))

    def test_a_bad_configuration_leaves_the_old_one_in_force(self):
        self.start_alone({"messages": ["1/1h"]})
        self.passes(self.session())
        self.conf.write_text("nonsense = 1\n")
        self.milter.reload()
        self.milter.wait_lines("reload-failed")
        self.assertIn("nonsense", self.milter.text())
        self.assertEqual(self.session().send().code, 450)

    def test_sigterm_ends_it_at_once_while_sessions_are_idle(self):
        self.start_alone()
        idle = [self.session() for _ in range(3)]
        for session in idle:
            self.passes(session)
        half = self.session()
        half.greet()
        half.mail(ALICE, "T1")
        watch = Watch()
        self.milter.child.signal(signal.SIGTERM)
        self.assertEqual(self.milter.child.wait(), 0)
        self.assertLess(watch.took(), 5)
        self.assertNotIn("event=failed", self.milter.text())

    def test_it_starts_again_where_one_was_killed(self):
        self.start_alone()
        self.passes(self.session())
        self.milter.kill()
        self.milter.start()
        self.passes(self.session())
        self.assertEqual(self.used(), [2, 2])
