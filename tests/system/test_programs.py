# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Several programs on one state, and a state that grows."""

import os
import subprocess
import threading
import time

from postern_site import children, policy
from postern_site.case import ALICE, PolicydTest, PostfixTest
from postern_site.policy import Policy

NO_LIMIT = {"messages": []}


class TwoPrograms(PolicydTest):
    def test_a_killed_posternctl_does_not_stop_the_daemon(self):
        self.start(NO_LIMIT)
        client = self.policy()
        argv = [self.program("posternctl"), "-c", self.conf]
        for number in range(15):
            child = subprocess.Popen(
                [*argv, "set", f"u{number}@example.test", "messages=1/1h"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(number * 0.001)
            child.kill()
            child.wait()
            self.assertEqual(client.send_message(), "DUNNO")

    def test_changes_of_one_account_at_once_are_all_made(self):
        self.start()
        argv = [self.program("posternctl"), "-c", self.conf, "sender", "add"]
        wanted = {f"list{number}@example.test" for number in range(20)}
        changes = [
            subprocess.Popen([*argv, ALICE, x], stdout=subprocess.DEVNULL)
            for x in wanted
        ]
        for change in changes:
            self.assertEqual(change.wait(30), 0)
        shown = str(self.ctl_json("sender", "list", ALICE))
        missing = {address for address in wanted if address not in shown}
        self.assertEqual(missing, set())
        self.assertEqual(len(self.ctl_json("history", ALICE)), 20)

    def test_two_daemons_on_one_state_keep_one_limit_together(self):
        first = self.start({"messages": ["10/1h"]})
        self.socket = self.dir / "run" / "second.sock"
        self.conf = self.dir / "second.conf"
        self.log = self.dir / "second.log"
        # Sessions are counted by one of them only.
        self.write_conf({"messages": ["10/1h"]}, session_listen=[])
        self.start_daemon()
        self.addCleanup(first.kill)
        clients = [self.policy(), Policy(self.dir / "run" / "policy.sock")]
        self.addCleanup(clients[1].close)
        actions = [client.ask() for client in clients * 8]
        self.assertEqual(actions.count("DUNNO"), 10, actions)


class Readers(PolicydTest):
    COUNT = 520  # the table has 510 places

    def start_readers(self):
        """Dumps into a pipe that nobody reads: each stays at its reading."""
        end, pipe = os.pipe()
        self.addCleanup(os.close, end)
        argv = [self.program("posternctl"), "-c", self.conf, "dump"]
        with open(self.dir / "readers.log", "wb") as errors:
            for _ in range(self.COUNT):
                reader = subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=pipe,
                    stderr=errors,
                )
                self.addCleanup(reader.wait)
                self.addCleanup(reader.kill)
                self.readers.append(reader)
        os.close(pipe)

    def test_a_full_table_of_readers_defers_at_most_and_heals(self):
        self.readers = []
        self.start({"messages": ["1000/1h"]})
        for number in range(20):
            many = [f"{'x' * 50}{n}@example.test" for n in range(50)]
            self.ctl("sender", "add", f"user{number}@example.test", *many)
        self.start_readers()
        children.wait_for(
            lambda: any(r.poll() is not None for r in self.readers),
            "posternctl that found no place",
        )
        codes = {reader.poll() for reader in self.readers}
        self.assertEqual(codes, {None, 75})
        errors = (self.dir / "readers.log").read_text()
        self.assertIn("too many processes have it open", errors)
        client = self.policy()
        action = client.ask()
        if action != "DUNNO":
            self.assertEqual(action[:9], "451 4.3.0")
            error = self.daemon.wait_lines("state-failed")[0]["error"]
            self.assertIn("too many processes", error)
        for reader in self.readers:
            reader.kill()
            reader.wait()
        self.accept(client, 50)
        self.assertIn(self.used(), ([50], [51]))


class Growth(PolicydTest):
    def test_a_state_grows_beyond_its_first_map_while_others_look(self):
        self.start({"messages": ["9/1h"]})
        file = self.state / "activity" / "data.mdb"
        size = file.stat().st_size
        ended = threading.Event()
        codes = []

        def look():
            while not ended.is_set():
                codes.append(self.posternctl().run("quota", ALICE).code)

        thread = threading.Thread(target=look)
        thread.start()
        client = self.policy()
        try:
            for first in range(0, 200000, 200):
                logins = [f"u{first + n}@example.test" for n in range(200)]
                client.write(b"".join(policy.request(x) for x in logins))
                for login in logins:
                    self.assertEqual(client.answer(), "DUNNO", login)
        finally:
            ended.set()
            thread.join()
        self.assertEqual(set(codes), {0})
        self.assertGreater(file.stat().st_size, size)
        self.assertEqual(self.used("u0@example.test"), [1])
        self.assertEqual(self.used("u199999@example.test"), [1])


class Crashes(PostfixTest):
    def test_a_daemon_that_crashes_lets_no_more_than_the_limit_through(self):
        self.start({"messages": ["30/1h"]})
        codes = []

        def session():
            client = self.smtp()
            for _ in range(15):
                codes.append(client.send(ALICE, "x@remote.test").code)

        threads = [threading.Thread(target=session) for _ in range(4)]
        for thread in threads:
            thread.start()
        for crash in range(5):
            children.wait_for(lambda: len(codes) >= 5 * crash, "more mail")
            self.daemon.kill()
            self.start_daemon()
        for thread in threads:
            thread.join()
        self.assertEqual(set(codes) - {250, 450, 451}, set())
        # A charge whose answer the crash took is the sender's loss.
        self.assertLessEqual(codes.count(250), 30)
        self.assertGreaterEqual(codes.count(250), 30 - 4 * 5)
        self.assertEqual(self.used(), [30])
