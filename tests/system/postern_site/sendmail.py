# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A private Sendmail with one filter; the mail it takes goes to a Sink.

Its program is unpacked (unpacked.py). It runs in a private view of the
file system (mounts.py) with a host name, a hosts file and a log socket of its
own: Sendmail would otherwise sleep a minute over a name that is not qualified,
and its log would be lost where no syslogd runs.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
from string import Template

from . import children, mounts, unpacked, workdir

HOST = "mx.example.test"
REALM = "example.test"

# Mail for relay.test is taken without a login.
_MC = """\
divert(0)dnl
OSTYPE(`linux')dnl
define(`confDOMAIN_NAME', `$host')dnl
define(`confPID_FILE', `$home/pid')dnl
define(`QUEUE_DIR', `$home/queue')dnl
define(`STATUS_FILE', `$home/statistics')dnl
define(`HELP_FILE', `')dnl
define(`ALIAS_FILE', `')dnl
define(`confSERVICE_SWITCH_FILE', `$home/switch')dnl
define(`confHOSTS_FILE', `$home/hosts')dnl
define(`confTRUSTED_USER', `root')dnl
define(`confTO_IDENT', `0')dnl
define(`confLOG_LEVEL', `14')dnl
define(`confDELIVERY_MODE', `background')dnl
define(`confREFUSE_LA', `10000')dnl
define(`confQUEUE_LA', `10000')dnl
define(`confDONT_BLAME_SENDMAIL', `TrustStickyBit')dnl
define(`confMAX_MESSAGE_SIZE', `52428800')dnl
define(`confAUTH_MECHANISMS', `PLAIN LOGIN')dnl
define(`confAUTH_REALM', `$realm')dnl
TRUST_AUTH_MECH(`PLAIN LOGIN')dnl
define(`confSERVER_CERT', `$home/cert.pem')dnl
define(`confSERVER_KEY', `$home/key.pem')dnl
define(`confCACERT', `$home/cert.pem')dnl
define(`confCACERT_PATH', `$home/ca')dnl
define(`SMART_HOST', `relay:[127.0.0.1]')dnl
define(`RELAY_MAILER_ARGS', `TCP $$h $sink')dnl
RELAY_DOMAIN(`relay.test')dnl
FEATURE(`no_default_msa')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
DAEMON_OPTIONS(`Family=inet, Name=MTA, Port=$port, Addr=127.0.0.1')dnl
INPUT_MAIL_FILTER(`postern', `S=$milter, F=T, T=S:10s;R:10s')dnl
LOCAL_CONFIG
ESASL_CONF_PATH=$home/sasl
MAILER(`local')dnl
MAILER(`smtp')dnl
"""

_SASL = """\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: $home/sasl/sasldb2
mech_list: PLAIN LOGIN
"""

# Sendmail, once its host has a name.
_START = 'hostname "$1"; shift; exec "$@"'


def root():
    """Where Sendmail is unpacked.  Raises Missing."""
    directory = unpacked.root("sendmail")
    mounts.check()
    return directory


class _Log:
    """What Sendmail tells syslog, line by line in a file."""

    def __init__(self, place, file):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(place))
        self.file = file
        file.touch()
        threading.Thread(target=self._copy, daemon=True).start()

    def _copy(self):
        with open(self.file, "ab", buffering=0) as file:
            while True:
                file.write(self.socket.recv(65536).rstrip(b"\n\0") + b"\n")


class Sendmail:
    """USERS maps login to password; MILTER is as in milter_listen.

    CHAIN is a file with a certificate and its key.
    """

    def __init__(self, directory, users, milter, sink, chain):
        self.home = directory
        self.port = workdir.free_ports(1)[0]
        self.log = directory / "sendmail.log"
        self.child = None
        for path in (directory, directory / "sasl", directory / "ca"):
            path.mkdir(mode=0o755)
        (directory / "queue").mkdir(mode=0o700)
        for name in ("cert.pem", "key.pem"):
            shutil.copy(chain, directory / name)
            (directory / name).chmod(0o600)
        (directory / "statistics").touch(mode=0o600)
        self._write("switch", "hosts files\naliases files\n")
        self._write("nsswitch.conf", "hosts: files\npasswd: files\n")
        self._write("hosts", f"127.0.0.1 {HOST} localhost\n")
        self._write("sasl/Sendmail.conf", Template(_SASL).substitute(
            home=directory))
        self._write("sendmail.mc", Template(_MC).substitute(
            home=directory, host=HOST, realm=REALM, port=self.port,
            sink=sink.port, milter=milter))
        self._make_cf()
        for login, password in users.items():
            self._add_user(login, password)
        self.mounts = mounts.Mounts(directory / "mounts")
        self.mounts.add("/etc", {
            name: directory / name for name in ("hosts", "nsswitch.conf")
        })
        _Log(directory / "log.sock", self.log)
        self.mounts.add("/dev", {"log": directory / "log.sock"})

    def _write(self, name, text):
        (self.home / name).write_text(text)

    def _make_cf(self):
        files = root() / "usr/share/sendmail/cf"
        done = subprocess.run(
            ["m4", f"-D_CF_DIR_={files}/", files / "m4/cf.m4"]
            + [self.home / "sendmail.mc"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        self._write("sendmail.cf", done.stdout)

    def _add_user(self, login, password):
        name, _, realm = login.partition("@")
        subprocess.run(
            [root() / "usr/sbin/saslpasswd2", "-p", "-c", "-u", realm]
            + ["-f", self.home / "sasl" / "sasldb2", name],
            input=password,
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=True,
        )

    def start(self):
        program = root() / "usr/libexec/sendmail/sendmail"
        argv = ["unshare", "--uts", "/bin/sh", "-euc", _START, "sh", HOST]
        argv += [program, f"-C{self.home}/sendmail.cf", "-bD", "-q1h"]
        workdir.at_end(self.stop)
        self.child = children.Child(
            self.mounts.command(argv), self.home / "start.log"
        )
        children.wait_for(
            lambda: self.is_up() or not self.child.is_running(),
            "greeting of Sendmail",
        )
        if not self.child.is_running():
            raise RuntimeError(
                "cannot start the private Sendmail:\n"
                + (self.home / "start.log").read_text() + self.text()
            )
        return self

    def is_up(self):
        try:
            with socket.create_connection(
                ("127.0.0.1", self.port), timeout=5
            ) as link:
                return link.recv(4) == b"220 "
        except OSError:
            return False

    def text(self):
        return self.log.read_text(errors="replace")

    def stop(self):
        """With the processes that serve a client or deliver a message."""
        if self.child is None:
            return
        self.child.stop()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)

    def queue(self):
        """The ids of the messages that wait."""
        return [path.name[2:] for path in (self.home / "queue").glob("qf*")]
