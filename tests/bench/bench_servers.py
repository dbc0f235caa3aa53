# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The servers that are measured, and the generator that measures them."""

import json
import os
import subprocess

from bench_machine import Meter, pinned, processors
from postern_site import children, conf, workdir
from postern_site.ctl import Ctl
from postern_site.policyd import Policyd

OWNER = "nobody"
CONNECTIONS = 100
SPARE_SECONDS = 60
FILL_SECONDS = 180

# So high that nothing is refused, and each window says something.
ENDLESS = ["1000000/1m", "10000000/1h", "100000000/1d"]
USUAL = ["5/1m", "15/1h", "100/1d"]


class Server:
    """Anything that answers policy requests on ADDRESS."""

    def __init__(self, build, address):
        self.build = build
        self.address = address
        self.child = None

    def program(self, name):
        return self.build / "tests" / "bench" / name

    def load_argv(self, **options):
        argv = [self.program("load"), "--json", "--connect", self.address]
        for name, value in options.items():
            if value is False:
                continue
            argv.append("--" + name.replace("_", "-"))
            if value is not True:
                argv.append(value)
        return [str(word) for word in argv]

    def start_load(self, **options):
        """The generator as a process whose output is its figures."""
        options.setdefault("connections", CONNECTIONS)
        with pinned(processors()[1]):
            process = subprocess.Popen(
                self.load_argv(**options),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        workdir.at_end(end, process)
        return process

    def finish_load(self, process, seconds):
        out, err = process.communicate(timeout=seconds)
        if process.returncode != 0:
            raise RuntimeError(f"{err.strip()}: {out.strip()}")
        return json.loads(out)

    def load(self, limit=SPARE_SECONDS, **options):
        """Figures of one run; also what the server and others have used."""
        meter = Meter(self.child.pid)
        figures = self.finish_load(self.start_load(**options), limit)
        used = meter.server_seconds()
        figures["server_us"] = used * 1e6 / max(figures["answers"], 1)
        figures["others"] = meter.others()
        return figures


def end(process):
    if process.poll() is None:
        process.kill()
    process.wait()


class NullServer(Server):
    def __init__(self, build, directory):
        self.socket = directory / "null.sock"
        super().__init__(build, f"unix:{self.socket}")
        self.log = directory / "null.log"

    def start(self):
        with pinned(processors()[0]):
            self.child = children.Child(
                [self.program("null-server"), self.address], self.log
            )
        children.wait_for(self.socket.exists, "socket of the null server")
        return self


class PolicydServer(Server):
    """postern-policyd with a state directory of its own."""

    def __init__(self, build, directory, messages, **settings):
        super().__init__(build, f"unix:{directory}/policy.sock")
        directory.mkdir()
        if os.geteuid() == 0:
            workdir.give(directory, OWNER)
        self.state = directory / "state"
        self.conf = directory / "postern.conf"
        self.messages = messages
        self.settings = {"session_listen": [], **settings}
        self.policyd = Policyd(
            build / "bin" / "postern-policyd",
            self.conf,
            directory / "policyd.log",
        )

    def start(self):
        self.conf.write_text(
            conf.render(
                {"free": {"messages": self.messages}},
                mode="enforce",
                state_dir=self.state,
                default_domain="example.com",
                default_plan="free",
                trusted_networks=[],
                require_tls=False,
                policy_listen=[self.address],
                **self.settings,
            )
        )
        owner = ("--owner", OWNER) if os.geteuid() == 0 else ()
        Ctl(self.build / "bin" / "posternctl", self.conf)("init", *owner)
        with pinned(processors()[0]):
            self.policyd.start()
        self.child = self.policyd.child
        return self

    def stop(self):
        self.policyd.stop(60)

    def fill(self, accounts):
        """Each account sends one message, so that its record exists."""
        return self.load(
            limit=FILL_SECONDS,
            accounts=accounts,
            scattered=True,
            expect_dunno=True,
        )

    def settle(self):
        """What it wrote goes to the disk now, not while others measure."""
        data = os.open(self.state / "activity" / "data.mdb", os.O_RDONLY)
        try:
            os.fdatasync(data)
        finally:
            os.close(data)

    def own_memory(self):
        """Bytes that nobody shares, without the mapped state.

        None where the kernel does not let us look.
        """
        try:
            with open(f"/proc/{self.child.pid}/smaps") as smaps:
                lines = smaps.readlines()
        except PermissionError:
            return None
        total = 0
        mapped = False
        for line in lines:
            words = line.split()
            if not words[0].endswith(":"):
                mapped = str(self.state) in line
            elif words[0].startswith("Private_") and not mapped:
                total += int(words[1]) * 1024
        return total

    def state_bytes(self):
        """The disk space of the activity records."""
        data = self.state / "activity" / "data.mdb"
        return data.stat().st_blocks * 512
