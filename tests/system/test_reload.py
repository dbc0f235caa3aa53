# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""SIGHUP, SIGTERM and start, as an init system does them."""

import os
import re
import signal
import socket
import stat
import threading
import time

from postern_site.case import ALICE, PolicydTest, PostfixTest
from postern_site.patience import PATIENCE
from postern_site.policy import Closed, Policy, request


class Reload(PolicydTest):
    def wait_reload(self, event):
        return self.daemon.wait_lines(event)[-1]

    def test_a_reload_takes_new_limits_for_connections_that_are_open(self):
        self.start({"messages": ["2/1h"]})
        client = self.policy()
        self.accept(client, 2)
        self.assertEqual(client.ask()[:3], "450")
        self.write_conf({"messages": ["3/1h"]})
        self.daemon.reload()
        self.wait_reload("reloaded")
        self.accept(client, 1)
        self.assertIn("3 messages in 1 hour", client.ask())

    def test_a_bad_file_changes_nothing_and_is_named_with_its_line(self):
        self.start({"messages": ["2/1h"]})
        client = self.policy()
        self.accept(client, 1)
        self.write_conf({"messages": ["9/1h"], "mesages": ["9/1h"]})
        self.daemon.reload()
        line = self.wait_reload("reload-failed")
        self.assertRegex(line["error"], rf"^{re.escape(str(self.conf))}:\d+: ")
        self.assertIn("mesages", line["error"])
        self.accept(client, 1)
        self.assertIn("2 messages in 1 hour", client.ask())

    def test_a_missing_file_changes_nothing(self):
        self.start({"messages": ["1/1h"]})
        self.conf.rename(self.conf.with_suffix(".away"))
        self.daemon.reload()
        self.wait_reload("reload-failed")
        client = self.policy()
        self.accept(client, 1)
        self.assertEqual(client.ask()[:3], "450")

    def test_a_reload_opens_and_closes_listeners(self):
        self.start({"messages": []})
        old = self.policy()
        first, second = self.socket, self.dir / "run" / "second.sock"
        self.write_conf({"messages": []}, policy_listen=[f"unix:{second}"])
        self.daemon.reload()
        self.wait_reload("reloaded")
        self.assertEqual(old.ask(), "DUNNO", "a connection stays")
        self.assertFalse(first.exists())
        self.socket = second
        self.assertEqual(self.policy().ask(), "DUNNO")

    def test_another_state_directory_needs_a_restart_and_says_so(self):
        self.start({"messages": ["1/1h"]})
        self.write_conf({"messages": ["9/1h"]}, state_dir=self.dir / "other")
        self.daemon.reload()
        line = self.wait_reload("reload-failed")
        self.assertIn("restart", line["error"])
        client = self.policy()
        self.accept(client, 1)
        self.assertEqual(client.ask()[:3], "450")

    def test_a_reload_under_load_loses_no_request(self):
        self.start({"messages": []})
        ended = threading.Event()
        actions = []

        def ask():
            with Policy(self.socket) as client:
                while not ended.is_set():
                    actions.append(client.ask())

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, 21):
                self.daemon.reload()
                self.daemon.wait_lines("reloaded", number)
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        self.assertGreater(len(actions), 20)
        self.assertEqual(set(actions), {"DUNNO"})

    def test_a_reload_switches_from_observe_to_enforce(self):
        self.start({"messages": ["1/1h"]}, mode="observe")
        client = self.policy()
        self.accept(client, 3)
        self.write_conf({"messages": ["1/1h"]}, mode="enforce")
        self.daemon.reload()
        self.wait_reload("reloaded")
        self.assertEqual(client.ask()[:3], "450")


class ReloadBehindPostfix(PostfixTest):
    def test_the_new_limit_holds_in_a_session_that_is_open(self):
        self.start({"messages": ["1/1h"]})
        client = self.smtp()
        self.pass_mail(client, 1)
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 450)
        self.write_conf({"messages": ["2/1h"]})
        self.daemon.reload()
        self.daemon.wait_lines("reloaded")
        self.pass_mail(client, 1)
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 450)


class Stop(PolicydTest):
    def test_sigterm_answers_what_was_asked_and_exits_with_0(self):
        self.start({"messages": ["1000/1h"]})
        clients = [self.policy() for _ in range(50)]
        for client in clients:
            self.assertEqual(client.ask(), "DUNNO")
        for client in clients:
            client.write(request() + request())
        self.daemon.child.signal(signal.SIGTERM)
        answers = 0
        for client in clients:
            try:
                while True:
                    self.assertEqual(client.answer(), "DUNNO")
                    answers += 1
            except Closed as closed:
                self.assertEqual(closed.rest, b"", "half an answer")
        self.assertEqual(self.daemon.child.wait(), 0)
        self.assertEqual(answers, 100)
        self.assertEqual(self.used(), [150])

    def test_sigterm_does_not_wait_for_idle_or_half_requests(self):
        self.start()
        idle, half = self.policy(), self.policy()
        self.assertEqual(idle.ask(), "DUNNO")
        half.write(request()[:200])
        self.assertEqual(self.daemon.stop(), 0)
        for client in (idle, half):
            with self.assertRaises(Closed):
                client.answer()

    def test_a_second_sigterm_does_not_break_off_the_first(self):
        for number in range(1, 6):
            self.start({"messages": []})
            for client in [self.policy() for _ in range(50)]:
                client.write(request())
            while self.daemon.child.is_running():
                self.daemon.child.signal(signal.SIGTERM)
                time.sleep(0.0002)
            self.assertEqual(self.daemon.child.wait(), 0)
            self.assertEqual(len(self.daemon.lines("stopped")), number)

    def test_sigint_ends_it_like_sigterm(self):
        self.start()
        self.daemon.child.signal(signal.SIGINT)
        self.assertEqual(self.daemon.child.wait(), 0)

    def test_a_clean_stop_leaves_no_socket(self):
        self.start()
        self.assertTrue(self.socket.is_socket())
        self.daemon.stop()
        self.assertFalse(self.socket.exists())


class Start(PolicydTest):
    def ended(self, text, codes=None):
        """It ends by itself, saying TEXT."""
        child = self.make_daemon().launch()
        code = child.wait()
        self.assertRegex(self.daemon.text(), text)
        self.assertGreater(code, 0)
        if codes is not None:
            self.assertIn(code, codes)

    def test_a_socket_left_over_from_a_crash_is_taken_over(self):
        self.start()
        self.daemon.kill()
        self.assertTrue(self.socket.is_socket())
        self.start_daemon()
        self.assertEqual(self.policy().send_message(), "DUNNO")

    def test_a_second_daemon_on_one_socket_says_so_and_ends(self):
        first = self.start()
        self.log = self.dir / "second.log"
        self.ended("policy.sock")
        self.daemon = first
        self.assertEqual(self.policy().send_message(), "DUNNO")

    def test_a_file_in_the_sockets_place_is_not_removed(self):
        self.write_conf()
        self.init()
        self.socket.write_text("precious")
        self.ended("policy.sock")
        self.assertEqual(self.socket.read_text(), "precious")

    def test_a_bad_configuration_ends_it_with_78_and_the_line(self):
        self.write_conf({"messages": ["5/1x"]})
        self.state.mkdir()
        self.ended(rf"{re.escape(str(self.conf))}:\d+: ", [78])

    def test_a_missing_configuration_ends_it_with_78(self):
        self.ended(r"postern\.conf", [78])

    def test_a_missing_state_directory_is_named_with_the_remedy(self):
        self.write_conf()
        self.ended(rf"{re.escape(str(self.state))}.*posternctl init")

    def test_a_socket_directory_that_is_missing_is_named(self):
        self.write_conf(policy_listen=[f"unix:{self.dir}/none/policy.sock"])
        self.init()
        self.ended("none/policy.sock")

    def test_too_long_a_socket_path_is_named(self):
        long = f"unix:{self.dir}/{'x' * 120}.sock"
        self.write_conf(policy_listen=[long])
        self.ended("x" * 20, [78])

    def test_a_port_that_is_taken_is_named(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            self.write_conf(policy_listen=[f"inet:127.0.0.1:{port}"])
            self.init()
            self.ended(str(port))

    def test_it_tells_the_service_manager_when_it_is_ready(self):
        self.write_conf()
        self.init()
        path = self.dir / "run" / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(path))
            path.chmod(0o777)
            notify.settimeout(PATIENCE)
            self.make_daemon().notify = path
            self.daemon.start()
            self.assertIn(b"READY=1", notify.recv(4096).split(b"\n"))
            self.daemon.child.signal(signal.SIGTERM)
            self.assertIn(b"STOPPING=1", notify.recv(4096).split(b"\n"))
            self.assertEqual(self.daemon.child.wait(), 0)

    def test_it_runs_as_the_owner_of_the_state_and_not_as_root(self):
        if os.geteuid() != 0:
            self.skipTest("only root can drop root")
        self.start()
        status = os.stat(f"/proc/{self.daemon.child.pid}")
        self.assertEqual(status.st_uid, self.state.stat().st_uid)
        self.assertNotEqual(status.st_uid, 0)
        self.daemon.stop()
        os.chown(self.state, 0, 0)
        self.ended("root")

    def test_the_socket_is_open_to_all_who_may_enter_its_directory(self):
        self.start()
        mode = stat.S_IMODE(self.socket.stat().st_mode)
        self.assertEqual(mode, 0o666)
