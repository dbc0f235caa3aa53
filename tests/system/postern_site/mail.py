# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A private Dovecot that serves mail, with Postern's plugin.

It reads the shipped packaging/examples/dovecot-*.conf as they are. In its
private view of the file system (mounts.py) our modules lie beside Dovecot's
own, /etc/postern is the ETC and /run/postern the RUN of its caller.
"""

import contextlib
import functools
import os
import re
import shutil
import signal
import smtplib
import subprocess
from pathlib import Path

from . import children, dovecot_conf, mounts, workdir
from .dovecot import Daemon, version
from .imap import Imap
from .pop3 import Pop3

EXAMPLES = Path(__file__).resolve().parents[3] / "packaging" / "examples"
LISTENERS = ("imap", "imaps", "pop3", "pop3s", "lmtp", "http", "metrics")
_LIBEXEC = (Path("/usr/lib/dovecot"), Path("/usr/libexec/dovecot"))
# What the other processes need until they have ended.
_SERVANTS = ("auth", "anvil", "log", "stats", "config")
# A process that has only just begun cannot yet take a SIGTERM well.
_STOPPED = re.compile(
    r"child \d+ killed with signal 15|command startup failed, throttling"
)
API_KEY = "key-of-the-front-end"

# After the shipped file of that name: what only this site can know.
_OPTIONAL = {
    "http": """\
doveadm_api_key = {key}
service doveadm {{
  inet_listener http {{
    port = {port}
  }}
}}
""",
    "metrics": """\
service stats {{
  inet_listener http {{
    port = {port}
  }}
}}
""",
}


@functools.cache
def module_directory():
    """Where Dovecot looks for modules of the auth process and the like."""
    for place in ("/usr/lib/dovecot", "/usr/lib64/dovecot"):
        for name in ("modules", "."):
            if (Path(place) / name / "auth").is_dir():
                return (Path(place) / name).resolve()
    raise workdir.Missing("Dovecot's module directory was not found")


def modules(build):
    """Our modules: path below the module directory -> where it was built."""
    home = Path(build).resolve() / "dovecot"
    return {
        str(path.relative_to(home)): path for path in home.rglob("*.so")
    }


@functools.cache
def check_machine(build):
    """Raises Missing if no Dovecot with our plugin can run here."""
    if os.geteuid() != 0:
        raise workdir.Missing("a private Dovecot needs root")
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    for name in ("dovecot", "unshare", "nsenter"):
        if shutil.which(name) is None:
            raise workdir.Missing(f"{name} is not installed")
    for name in ("imap", "pop3", "lmtp"):
        if not any((place / name).exists() for place in _LIBEXEC):
            raise workdir.Missing(f"Dovecot's {name} is not installed")
    if not modules(build):
        raise workdir.Missing("this build has no Dovecot plugin")
    module_directory()
    mounts.check()


class MailServer(Daemon):
    """USERS maps login to the main password, which is for webmail only.

    FORMAT is maildir, sdbox or mdbox; CHAIN a file with a certificate and its
    key, for TLS; SOCKET where a Postfix's smtpd asks; PARTS are the optional
    parts, http (doveadm's HTTP API with API_KEY) and metrics; DELAYS leaves
    Dovecot its delays after a wrong password, 2 to 17 seconds; its processes
    live by CLOCK. In dovecot.conf, the text FIRST comes before Postern's and
    EXTRA last.
    """

    def __init__(self, directory, build, etc, run, users, **options):
        super().__init__(directory)
        numbers = workdir.free_ports(len(LISTENERS))
        self.ports = dict(zip(LISTENERS, numbers))
        self.home = directory / "mail"
        self.home.mkdir(mode=0o755)
        os.chown(self.home, dovecot_conf.MAIL_UID, dovecot_conf.MAIL_UID)
        temp = directory / "tmp"
        temp.mkdir()
        temp.chmod(0o1777)
        self.passwd = directory / "passwd"
        self.passwd.write_text(dovecot_conf.passwd(users, self.home))
        self.mounts = mounts.Mounts(directory / "mounts")
        self.mounts.add("/etc", {"postern": etc})
        self.mounts.add("/run", {"postern": run})
        self.mounts.add(module_directory(), modules(build))
        self.options = {}
        self.configure(**options)

    def configure(self, **changes):
        """Writes dovecot.conf anew; a running Dovecot needs a restart."""
        self.options.update(changes)
        self._write_conf(**self.options)

    def _write_conf(
        self,
        format="maildir",
        chain=None,
        socket=None,
        parts=(),
        delays=False,
        clock=None,
        first="",
        extra="",
    ):
        self.socket = socket
        texts = [] if delays else [dovecot_conf.NO_DELAYS]
        if clock is not None:
            env = clock.environment()
            texts.append(dovecot_conf.environment(version(), env))
        for part in parts:
            name = "dovecot-%d.%d" % version() + f"-{part}.conf"
            texts.append(f"!include {EXAMPLES / name}")
            texts.append(
                _OPTIONAL[part].format(key=API_KEY, port=self.ports[part])
            )
        self.conf.write_text(
            dovecot_conf.mail(
                version(),
                self.places(),
                self.ports,
                chain,
                socket,
                first,
                [*texts, extra],
                format=format,
                temp=self.directory / "tmp",
                passwd=self.passwd,
                examples=EXAMPLES,
            )
        )

    def command(self):
        return self.mounts.command(super().command())

    def start(self):
        super().start()
        if self.socket is not None:
            children.wait_for(self.socket.is_socket, "SASL socket")
        return self

    def stop(self):
        """Ends sessions and logins in good order, then the rest at once.

        Dovecot's own way of waiting for its processes takes up to 8 seconds.
        """
        master = self.pid()
        if master is None:
            return
        try:
            self._end_children(master, lambda name: name not in _SERVANTS)
            self._end_children(master, lambda name: name == "auth")
        finally:
            family = (master, *children.children_of(master))
            for pid in family:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            children.wait_for(
                lambda: not any(map(children.is_alive, family)),
                "end of Dovecot",
            )
            self.pid_file.unlink(missing_ok=True)
            if self.socket is not None:
                self.socket.unlink(missing_ok=True)

    def errors(self):
        """Without those that stop() brings about."""
        return [x for x in super().errors() if not _STOPPED.search(x)]

    def _end_children(self, master, fits):
        """A plugin that keeps its process from ending would be a bug."""
        told = set()

        def are_gone():
            family = children.children_of(master)
            chosen = [pid for pid, name in family.items() if fits(name)]
            for pid in chosen:
                # Before its exec, a child is still called like the master.
                if pid not in told and family[pid] != "dovecot":
                    told.add(pid)
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGTERM)
                        os.kill(pid, signal.SIGCONT)
            return not chosen

        children.wait_for(are_gone, "end of Dovecot's processes")

    def restart(self, **options):
        """Stops it if it runs; OPTIONS that are not named stay as they are."""
        self.stop()
        self.configure(**options)
        return self.start()

    def imap(self, **options):
        """A connection that is not logged in."""
        return Imap(self.ports["imaps" if options.get("tls") else "imap"],
                    **options)

    def pop3(self, **options):
        return Pop3(self.ports["pop3s" if options.get("tls") else "pop3"],
                    **options)

    def deliver(self, login, text="Subject: hello\n\nHello.\n", count=1):
        """COUNT new messages by LMTP; they are there on return."""
        with smtplib.LMTP("127.0.0.1", self.ports["lmtp"]) as link:
            for _ in range(count):
                link.sendmail("friend@remote.test", [login], text)

    def doveadm(self, *words, given=None):
        """Runs doveadm with this configuration; never raises for its code."""
        argv = ["doveadm", "-c", self.conf, *words]
        return subprocess.run(
            [str(word) for word in mounts.enter(self.pid(), argv)],
            input=given or "",
            capture_output=True,
            text=True,
            timeout=60,
        )

    def processes(self, name):
        """The ids of this Dovecot's processes of that name, as in imap."""
        return [
            pid
            for pid, command in children.children_of(self.pid()).items()
            if command == name
        ]
