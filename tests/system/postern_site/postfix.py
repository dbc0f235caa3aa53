# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A private Postfix on loopback ports."""

import shutil
import socket

from . import children, postfix_conf, workdir


class Postfix:
    """Everything lies under DIRECTORY; nothing of /etc/postfix is read."""

    def __init__(self, directory, services, **settings):
        self.directory = directory
        self.queue = directory / "queue"
        self.pid_file = self.queue / "pid" / "master.pid"
        self.log = directory / "log" / "postfix.log"
        self.services = {service.name: service for service in services}
        for name in ("etc", "queue", "data", "log"):
            (directory / name).mkdir(parents=True, mode=0o755)
        shutil.chown(directory / "data", "postfix")
        self.etc = postfix_conf.write(directory, services, **settings)

    def port(self, name="submission"):
        return self.services[name].port

    def start(self):
        workdir.at_end(self.stop)
        start_log = self.directory / "log" / "start.log"
        # "postfix start" also makes the queue's directories.
        command = ["postfix", "-c", self.etc, "start"]
        if not children.start_daemon(command, start_log):
            raise RuntimeError(
                f"cannot start the private Postfix:\n{start_log.read_text()}"
                + self.log_text()
            )

    def is_up(self, name="submission"):
        """Does that smtpd greet?  Its master listens long before that."""
        try:
            with socket.create_connection(
                ("127.0.0.1", self.port(name)), timeout=5
            ) as link:
                return link.recv(4) == b"220 "
        except OSError:
            return False

    def wait(self):
        """Until all greet, but those whose Dovecot may not be there yet."""
        for name, service in self.services.items():
            if "smtpd_sasl_path" in service.options:
                continue
            children.wait_for(
                lambda name=name: self.is_up(name), f"greeting of {name}"
            )

    def log_text(self):
        try:
            return self.log.read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def stop(self):
        children.stop_daemon(self.pid_file)
