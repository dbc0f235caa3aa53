# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""App passwords by posternctl: printed once, kept nowhere, never lost, also
when it is killed, when nothing can be written, and in a crowd."""

import fcntl
import os
import resource
import signal
import subprocess
import threading
import time

from postern_site.case import ALICE, BOB
from test_access import FREE, ON_ALREADY, SECRET, AccessTest

# Nearly as a full disk, for one process: no file may grow, or be written
# beyond its first page.
NO_FILES = (resource.RLIMIT_FSIZE, (4096, 4096))


def ignore_limits():
    """In the child: a limit is an error then, and no signal."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


class Secrets(AccessTest):
    def everything(self):
        """Every byte that Postern wrote or would tell."""
        parts = [file.read_bytes() for file in self.dir.rglob("*")
                 if file.is_file()]
        for words in (
            ["dump"],
            ["history"],
            ["account", "show", ALICE],
            ["password", "list", ALICE, "--all"],
            ["explain", ALICE],
        ):
            result = self.ctl(*words)
            parts.append((result.out + result.err).encode())
        return b"\n".join(parts)

    def assert_unknown(self, secret, where):
        for text in (secret, secret.replace("-", "")):
            for form in (text, text.upper()):
                self.assertNotIn(form.encode(), where)

    def test_the_secret_is_in_no_file_and_no_report(self):
        secrets = [self.secret("enable", ALICE)]
        secrets.append(self.secret("password", "create", ALICE, form="json"))
        self.ctl("password", "revoke", ALICE, "1")
        where = self.everything()
        self.assertIn(ALICE.encode(), where)
        for secret in secrets:
            self.assert_unknown(secret, where)

    def held(self, *words):
        """posternctl just before it prints, and its pipe, which is full."""
        reader, writer = os.pipe()
        size = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        os.write(writer, b"." * size)
        child = self.spawn(*words, stdout=writer, preexec_fn=ignore_limits)
        os.close(writer)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        deadline = time.monotonic() + 20
        while not self.posternctl().run("account", "show", ALICE).out:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        self.assertEqual(self.living(), [1])
        return child, reader

    def use_own_state(self):
        """One that belongs to us: then its user of it is in our hands."""
        self.state = self.dir / "own"
        self.owner = "root" if self.owner else None
        self.write_conf(FREE)
        self.init()

    def test_what_can_neither_be_printed_nor_revoked_is_named(self):
        self.use_own_state()
        child, reader = self.held("enable", ALICE)
        resource.prlimit(child.pid, *NO_FILES)
        os.close(reader)
        err = child.stderr.read().decode()
        self.assertEqual(child.wait(20), 75, err)
        self.assertIn("it could not be revoked either", err)
        self.assertIn(f"posternctl password revoke {ALICE} 1\n", err)
        self.assertNotRegex(err, SECRET)
        self.assertEqual(self.living(), [1])

    def test_it_is_on_the_disk_before_it_is_printed(self):
        child, reader = self.held("enable", ALICE)
        self.addCleanup(os.close, reader)
        where = self.everything()
        for name in ("cmdline", "environ"):
            with open(f"/proc/{child.pid}/{name}", "rb") as file:
                where += file.read()
        self.assertIsNone(child.poll(), "it waits for its reader")
        text = b""
        while chunk := os.read(reader, 4096):
            text += chunk
        self.assertEqual(child.wait(20), 0, child.stderr.read())
        (secret,) = SECRET.findall(text.decode())
        self.assert_unknown(secret, where)

    def test_what_cannot_be_printed_is_revoked_again(self):
        self.secret("enable", ALICE)
        for name, out in self.bad_outputs():
            with self.subTest(name=name):
                child = self.spawn("password", "create", ALICE, **out)
                err = child.stderr.read().decode()
                self.assertEqual(child.wait(20), 75, err)
                self.assertIn("cannot print the app password", err)
                self.assertIn("it was revoked again", err)
                self.assertNotRegex(err, SECRET)
                self.assertEqual(self.living(), [1])
        ended = self.ctl_json("password", "list", ALICE, "--all")[1:]
        self.assertEqual({row["ending"] for row in ended}, {"revoked"})
        self.assertEqual(len(ended), 3)
        self.ctl("doctor", "--help")
        self.assertEqual(len(self.ctl_json("account", "list")), 1)

    def test_what_cannot_be_stored_is_never_printed(self):
        self.secret("enable", ALICE)

        def no_files():
            ignore_limits()
            resource.setrlimit(*NO_FILES)

        for words in (
            ["password", "create", ALICE],
            ["enable", BOB],
        ):
            child = self.spawn(
                *words, stdout=subprocess.PIPE, preexec_fn=no_files
            )
            with child.stdout:
                self.assertEqual(child.stdout.read(), b"")
            err = child.stderr.read().decode()
            self.assertEqual(child.wait(20), 75, err)
            self.assertNotRegex(err, SECRET)
        self.assertEqual(self.living(), [1])
        self.refused(1, "account", "show", BOB)

    def bad_outputs(self):
        full = os.open("/dev/full", os.O_WRONLY)
        self.addCleanup(os.close, full)
        reader, writer = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, writer)
        yield "full", {"stdout": full}
        yield "pipe", {"stdout": writer}
        yield "closed", {"preexec_fn": lambda: os.close(1)}

    def test_what_was_printed_before_a_kill_is_in_the_list(self):
        start = time.monotonic()
        self.secret("enable", ALICE)
        step = (time.monotonic() - start) / 25
        printed = unprinted = 0
        delay = 0.0
        for number in range(100):
            login = f"user{number}@example.test"
            child = self.spawn("enable", login, stdout=subprocess.PIPE)
            time.sleep(delay)
            child.kill()
            text = child.stdout.read().decode()
            child.stdout.close()
            child.wait()
            if SECRET.search(text):
                printed += 1
                delay = 0.0
                self.assertEqual(self.living(login), [1], login)
            else:
                unprinted += 1
                delay += step
                result = self.posternctl().run("password", "list", login)
                self.assertIn(result.code, (0, 1), result)
        self.assertGreater(printed, 0, "all were killed too early")
        self.assertGreater(unprinted, 0, "all were killed too late")


class Crowds(AccessTest):
    def all_at_once(self, count, *words):
        """The results of COUNT equal calls."""
        results = []
        gate = threading.Barrier(count)

        def call():
            gate.wait()
            results.append(self.posternctl().run(*words))

        threads = [threading.Thread(target=call) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def test_of_many_that_enable_at_once_one_does(self):
        results = self.all_at_once(12, "enable", ALICE)
        done = [result for result in results if result.code == 0]
        self.assertEqual(len(done), 1, results)
        self.assertEqual(len(SECRET.findall(done[0].out)), 1)
        for result in results:
            if result is not done[0]:
                self.assertEqual((result.code, result.out), (1, ""))
                self.assertIn(ON_ALREADY, result.err)
        self.assertEqual(self.living(), [1])

    def test_at_most_32_app_passwords_live(self):
        secrets = [self.secret("enable", ALICE)]
        for _ in range(5):
            for result in self.all_at_once(8, "password", "create", ALICE):
                secrets += SECRET.findall(result.out)
                if result.code != 0:
                    self.assertEqual((result.code, result.out), (65, ""))
                    self.assertIn("password revoke", result.err)
        self.assertEqual(len(secrets), 32)
        self.assertEqual(len(set(secrets)), 32)
        self.assertEqual(self.living(), list(range(1, 33)))
        self.ctl("password", "revoke", ALICE, "5")
        self.secret("password", "create", ALICE)
        self.assertEqual(self.living()[-1], 33)
        self.secret("enable", BOB)
