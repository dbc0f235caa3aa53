# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Paths, Postfix and Dovecot together; one site is shared by all tests."""

import os
import shutil
import subprocess
from pathlib import Path

from . import children, workdir
from .dovecot import Dovecot
from .postfix import Postfix
from .postfix_conf import ALL_STAGES, Service
from .workdir import Missing

PASSWORD = "secret"
NAMES = ("alice", "bob", "carol", "dave", "erin")
USERS = {f"{name}@example.test": PASSWORD for name in NAMES}
# The user that owns the state where we are root, and policyd runs as.
OWNER = "nobody"
# Where Postfix asks the Dovecot of a test, relative to its queue.
MAIL_AUTH = "private/mailauth"

_shared = None
_why_not = None


def check_machine():
    """Raises Missing if a private Postfix cannot run here."""
    if os.geteuid() != 0:
        raise Missing("a private Postfix needs root")
    # After a plain "su" the administrator's programs are not in the path.
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    for program in ("postfix", "postconf", "dovecot", "openssl"):
        if shutil.which(program) is None:
            raise Missing(f"{program} is not installed")


class Site:
    """A directory, a Postfix with SERVICES and its Dovecot."""

    def __init__(self, build, services, **settings):
        check_machine()
        self.root = workdir.make_root(build)
        chain = make_certificate(self.root / "chain.pem")
        ports = workdir.free_ports(len(services))
        for service, port in zip(services, ports):
            service.port = port
        settings["smtpd_tls_chain_files"] = chain
        self.postfix = Postfix(self.root / "postfix", services, **settings)
        queue = self.postfix.queue
        self.policy_dir = queue / "postern"
        self.policy_dir.mkdir(mode=0o755)
        workdir.give(self.policy_dir, OWNER)
        self.policy_socket = self.policy_dir / "policy.sock"
        self.mail_auth_socket = queue / MAIL_AUTH
        self.dovecot = Dovecot(
            self.root / "dovecot", USERS, queue / "private" / "auth"
        )

    def start(self):
        self.postfix.start()
        self.dovecot.start()
        workdir.at_end(self._ask_to_stop)
        self.dovecot.wait()
        self.postfix.wait()
        return self

    def _ask_to_stop(self):
        """Both at once: each of them takes seconds."""
        children.ask_daemon(self.dovecot.pid_file)
        children.ask_daemon(self.postfix.pid_file)

    def port(self, name="submission"):
        return self.postfix.port(name)


def make_certificate(file):
    """A self-signed one with its key, for STARTTLS; FILE is returned."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes"]
        + ["-subj", "/CN=mx.example.test", "-days", "2"]
        + ["-keyout", file, "-out", file.with_suffix(".crt")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=True,
    )
    with open(file, "a") as chain:
        chain.write(file.with_suffix(".crt").read_text())
    return file


def test_services():
    """What the tests need, side by side in one Postfix."""
    tls = {"smtpd_tls_security_level": "may"}
    return [
        Service("submission"),
        Service("failopen", default_action="DUNNO"),
        Service("rcptonly", stages=("recipient",)),
        Service("eomonly", stages=("end_of_data",)),
        Service("everywhere", stages=("client", "sender", *ALL_STAGES)),
        Service("mx", sasl=False),
        Service("starttls", options=tls),
        Service("mailauth", options={**tls, "smtpd_sasl_path": MAIL_AUTH}),
    ]


def shared(build):
    """The tests' site, started on first use."""
    global _shared, _why_not
    if _why_not is not None:
        raise _why_not
    if _shared is None:
        try:
            _shared = Site(Path(build), test_services()).start()
        except Exception as error:
            _why_not = error
            raise
    return _shared
