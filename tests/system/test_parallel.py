# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Many clients at once: exact limits, crashes meanwhile, idle crowds."""

import os
import socket
import threading
import time

from postern_site import children, policy
from postern_site.case import PolicydTest
from postern_site.patience import PATIENCE, Watch, stood_still
from postern_site.policy import Closed, Policy

CLIENTS = 64
LIMIT = 1000


class Crowd:
    """CLIENTS threads that send messages as one login until told to stop.

    A request that got no answer is sent again, with its queue id, on a new
    connection, until it is answered: as Postfix does.
    """

    def __init__(self, where, messages, allowed=None):
        """With ALLOWED, no more are begun until allow() is called."""
        self.where = where
        self.lock = threading.Lock()
        self.may_begin = threading.Condition(self.lock)
        self.allowed = messages if allowed is None else allowed
        self.messages = messages
        self.begun = 0
        self.accepted = 0
        self.deferred = 0
        self.unanswered = 0
        self.strange = []
        self.deadline = time.monotonic() + 100
        self.threads = [
            threading.Thread(target=self.client) for _ in range(CLIENTS)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_unused):
        for thread in self.threads:
            thread.join()

    def allow(self, messages):
        with self.lock:
            self.allowed = messages
            self.may_begin.notify_all()

    def take(self):
        with self.lock:
            while self.allowed <= self.begun < self.messages:
                self.may_begin.wait()
            self.begun += 1
            return self.begun <= self.messages

    def client(self):
        link = None
        while self.take():
            number = policy.queue_id()
            action = None
            while action is None and time.monotonic() < self.deadline:
                link, action = self.attempt(link, number)
            self.note(action)
        if link is not None:
            link.close()

    def attempt(self, link, number):
        """One try: the connection to go on with, and the answer or None."""
        try:
            link = link or Policy(self.where)
        except OSError:
            time.sleep(0.01)
            return None, None
        try:
            return link, link.ask(queue_id=number)
        except (Closed, OSError):
            link.close()
            with self.lock:
                self.unanswered += 1
            return None, None

    def note(self, action):
        with self.lock:
            if action == "DUNNO":
                self.accepted += 1
            elif action is not None and action.startswith("450 4.7.28 "):
                self.deferred += 1
            else:
                self.strange.append(action)


class ExactLimits(PolicydTest):
    def test_64_clients_of_one_login_get_exactly_the_limit(self):
        self.start({"messages": [f"{LIMIT}/1h"]})
        with Crowd(self.socket, LIMIT * 2) as crowd:
            pass
        self.assertEqual(crowd.strange, [])
        self.assertEqual(crowd.accepted, LIMIT)
        self.assertEqual(crowd.deferred, LIMIT)
        self.assertEqual(self.used(), [LIMIT])

    def test_a_daemon_killed_20_times_never_admits_more(self):
        self.start({"messages": [f"{LIMIT}/1h"]})
        share = LIMIT // 22
        with Crowd(self.socket, LIMIT + 400, allowed=2 * share) as crowd:
            for kill in range(1, 21):
                # In the midst of those that were begun.
                children.wait_for(
                    lambda: crowd.accepted + crowd.deferred >= kill * share,
                    "answers", 60)
                self.daemon.kill()
                self.start_daemon()
                crowd.allow((kill + 2) * share)
            crowd.allow(LIMIT + 400)
        self.assertGreater(crowd.unanswered, 0, "it was killed at rest")
        self.assertEqual(crowd.strange, [])
        self.assertLessEqual(crowd.accepted, LIMIT)
        self.assertGreaterEqual(crowd.accepted, LIMIT - crowd.unanswered)
        self.assertEqual(self.used(), [LIMIT])

    def test_many_logins_at_once_each_get_their_own_limit(self):
        self.start({"messages": ["7/1h"]})
        logins = [f"user{number}@example.test" for number in range(200)]
        accepted = dict.fromkeys(logins, 0)
        lock = threading.Lock()

        def client(offset):
            with Policy(self.socket) as link:
                for login in logins[offset:] + logins[:offset]:
                    if link.ask(login) == "DUNNO":
                        with lock:
                            accepted[login] += 1

        threads = [
            threading.Thread(target=client, args=(number * 12,))
            for number in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(accepted.values()), {7})


class Crowds(PolicydTest):
    def crowd(self, count):
        links = []
        try:
            for _ in range(count):
                link = socket.socket(socket.AF_UNIX)
                links.append(link)
                link.settimeout(PATIENCE)
                link.connect(str(self.socket))
        except BaseException:
            for link in links:
                link.close()
            raise
        self.addCleanup(lambda: [link.close() for link in links])
        return links

    def ask_on(self, link):
        client = Policy.__new__(Policy)
        client.link, client.buffer = link, b""
        return client.ask(f"user{os.urandom(4).hex()}@example.test")

    def times(self, client, rounds=200):
        """When each of so many answers was asked for, and when it came."""
        Watch()
        times = []
        for _ in range(rounds):
            begin = time.monotonic()
            self.assertEqual(client.ask(), "DUNNO")
            times.append((begin, time.monotonic()))
        return times

    def assert_quick(self, times, seconds):
        """Every one, without what the machine stood still meanwhile."""
        for begin, end in times:
            if end - begin >= seconds:
                took = end - begin - stood_still(begin, end)
                self.assertLess(took, seconds)

    def test_1000_idle_connections_do_not_slow_an_active_one(self):
        self.start({"messages": []})
        self.crowd(1000)
        self.assert_quick(self.times(self.policy()), 0.25)
        self.assertLess(self.daemon.memory(), 16 << 20)

    def test_slow_clients_do_not_slow_an_active_one(self):
        self.start({"messages": []})
        links = self.crowd(500)
        whole = policy.request()
        client = self.policy()
        times = []
        for cut in range(0, 300, 30):
            for link in links:
                link.sendall(whole[cut : cut + 30])
            times += self.times(client, 20)
        self.assert_quick(times, 0.25)

    def test_a_client_that_floods_does_not_starve_the_others(self):
        self.start({"messages": []})
        flood = b"".join(policy.request() for _ in range(100))
        ended = threading.Event()

        def flooder():
            with Policy(self.socket) as link:
                reader = threading.Thread(target=drain, args=(link.link,))
                reader.start()
                while not ended.is_set():
                    link.write(flood)
                link.link.shutdown(socket.SHUT_WR)
                reader.join()

        def drain(link):
            while link.recv(1 << 16):
                pass

        thread = threading.Thread(target=flooder)
        thread.start()
        try:
            times = self.times(self.policy(), 50)
        finally:
            ended.set()
            thread.join()
        self.assert_quick(times, 0.5)

    def test_5000_connections_are_all_answered(self):
        self.start({"messages": []})
        links = self.crowd(5000)
        for link in (links[0], links[1023], links[1024], links[-1]):
            self.assertEqual(self.ask_on(link), "DUNNO")
        for link in links:
            link.sendall(policy.request("", state="RCPT"))
        for link in links:
            self.assertEqual(link.recv(100), b"action=DUNNO\n\n")
        self.assertEqual(self.ask_on(links[0]), "DUNNO")

    def test_beyond_max_connections_the_idle_make_room(self):
        self.start({"messages": []}, max_connections=20)
        active = self.policy()
        links = []
        for _ in range(60):
            links += self.crowd(1)
            self.assertEqual(self.ask_on(links[-1]), "DUNNO", "a new one")
            self.assertEqual(active.ask(), "DUNNO", "the active one")
        closed = [link for link in links if self.is_closed(link)]
        self.assertEqual(len(closed), 60 - 19)
        self.assertEqual(closed, links[:41], "those that were idle longest")
        self.daemon.wait_lines("connection-limit")

    @staticmethod
    def is_closed(link):
        link.settimeout(0.01)
        try:
            return link.recv(1) == b""
        except TimeoutError:
            return False
