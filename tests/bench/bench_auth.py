# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Logins through Dovecot: its own passwd-file against Postern's passdb."""

import json
import os
import subprocess

from bench_machine import Meter, pinned, processors
from bench_servers import SPARE_SECONDS, end
from postern_site import children, conf, dovecot, mail, site, workdir
from postern_site.ctl import Ctl
from postern_site.policyd import Policyd

CONNECTIONS = 100
FILL_SECONDS = 600


class Logins:
    """A Dovecot whose auth process is measured over SOCKET."""

    def __init__(self, build, server, accounts):
        self.build = build
        self.server = server
        self.socket = server.socket
        self.accounts = accounts
        self.pid = None

    def start(self):
        with pinned(processors()[0]):
            self.server.start()
            children.wait_for(self.socket.is_socket, "SASL socket", 60)
            # The auth process is started by the first who asks.
            self.load(0.1, 0, 1)
        family = children.children_of(self.server.pid())
        self.pid = next(pid for pid, name in family.items() if name == "auth")
        return self

    def load(self, seconds, warmup, seed, **_):
        """Figures of one run; the generator warms up by itself."""
        program = self.build / "tests" / "bench" / "auth-load"
        argv = [program, self.socket, CONNECTIONS, seconds]
        argv += [self.accounts, seed]
        meter = Meter(self.pid) if self.pid else None
        with pinned(processors()[1]):
            process = subprocess.Popen(
                [str(word) for word in argv],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        workdir.at_end(end, process)
        out, err = process.communicate(timeout=seconds + SPARE_SECONDS)
        if process.returncode != 0:
            log = "\n".join(self.server.lines()[-5:])
            raise RuntimeError(f"{err.strip()}: {out.strip()}\n{log}")
        figures = json.loads(out)
        if meter:
            used = meter.server_seconds()
            figures["server_us"] = used * 1e6 / max(figures["answers"], 1)
            figures["others"] = meter.others()
        return figures

    def settle(self):
        """Nothing is left to be written that would disturb others."""

    def stop(self):
        self.server.stop()


def fill(build, state, passwd, accounts):
    """The same accounts in a state and in a passwd-file."""
    program = build / "tests" / "bench" / "auth-state"
    subprocess.run(
        [str(program), str(state), str(passwd), str(accounts)],
        timeout=FILL_SECONDS,
        check=True,
    )


def own(build, root, accounts):
    """Dovecot's own passdb; the passwd-file is written by fill()."""
    directory = root / "own"
    server = dovecot.Dovecot(directory, {}, root / "own.sock")
    return Logins(build, server, accounts), directory / "passwd"


class Postern:
    """policyd and a Dovecot with the plugin, as on a real machine."""

    def __init__(self, build, root, accounts):
        self.etc = root / "etc"
        self.run = root / "run"
        for path in (self.etc, self.run):
            path.mkdir(mode=0o755)
        workdir.give(self.run, site.OWNER)
        self.state = root / "state"
        self.conf = self.etc / "postern.conf"
        self.conf.write_text(
            conf.render(
                {"free": {"logins": ["1000000/1h"]}},
                mode="enforce",
                state_dir=self.state,
                default_domain="example.com",
                default_plan="free",
                trusted_networks=[],
                require_tls=True,
                policy_listen=[f"unix:{self.run}/policy.sock"],
                session_listen=f"unix:{self.run}/session.sock",
            )
        )
        self.ctl = Ctl(build / "bin" / "posternctl", self.conf)
        self.ctl("init", "--owner", site.OWNER)
        self.policyd = Policyd(
            build / "bin" / "postern-policyd", self.conf, root / "policyd.log"
        )
        server = mail.MailServer(
            root / "dovecot",
            build,
            self.etc,
            self.run,
            {},
            socket=root / "postern.sock",
        )
        self.logins = Logins(build, server, accounts)

    def start(self):
        os.chmod(self.run, 0o755)
        with pinned(processors()[1]):
            self.policyd.start()
        self.logins.start()
        return self

    def stop(self):
        self.logins.stop()
        self.policyd.stop(60)
