# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Filters that are measured: postern-milter, and null filters."""

from bench_machine import pinned, processors
from bench_servers import ENDLESS, PolicydServer, Server
from postern_site import children
from postern_site.policyd import Policyd


class Filter:
    """What the generator for filters needs to know; for a Server."""

    def load_argv(self, expect_dunno=False, **options):
        """The generator for milters instead of the one for policy servers."""
        argv = [self.program("milter-load"), "--connect", self.address]
        argv += ["--pid", self.child.pid]
        if expect_dunno:
            argv.append("--expect-accept")
        for name, value in options.items():
            argv += ["--" + name.replace("_", "-"), value]
        return [str(word) for word in argv]

    def steps(self):
        """What the filter negotiates, as null-milter takes it."""
        process = self.start_load(connections=1, messages=1)
        figures = self.finish_load(process, 30)
        return [figures["steps"], *figures["symbols"]]


class NullMilter(Filter, Server):
    """Accepts everything; STEPS as null-milter takes them."""

    def __init__(self, build, directory, steps):
        self.socket = directory / "null.sock"
        super().__init__(build, f"unix:{self.socket}")
        self.log = directory / "null.log"
        self.argv = [self.program("null-milter"), self.address, *steps]
        directory.mkdir()

    def start(self):
        with pinned(processors()[0]):
            self.child = children.Child(self.argv, self.log)
        children.wait_for(self.socket.exists, "socket of the null milter")
        return self

    def settle(self):
        """It writes nothing."""

    def stop(self):
        self.child.stop()


class Milter(Filter, PolicydServer):
    """postern-milter with a state directory of its own."""

    def __init__(self, build, directory, messages=ENDLESS, **settings):
        self.listen = f"unix:{directory}/milter.sock"
        super().__init__(
            build, directory, messages, milter_listen=self.listen, **settings
        )
        self.policyd = Policyd(
            build / "bin" / "postern-milter",
            self.conf,
            directory / "milter.log",
        )

    def start(self):
        super().start()
        self.address = self.listen
        return self

    def fill(self, messages):
        """So many messages, as fast as they go: their figures."""
        return self.load(limit=3600, expect_dunno=True, messages=messages)
