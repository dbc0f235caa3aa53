# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A private Dovecot that does nothing but SASL for the private Postfix."""

import subprocess

from . import children, workdir

_COMMON = """\
base_dir = {run}
state_dir = {state}
log_path = {log}
ssl = no
auth_mechanisms = plain login
first_valid_uid = 1
service auth {{
  unix_listener {socket} {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""

_TWO_THREE = """\
protocols =
disable_plaintext_auth = no
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {passwd}
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}}
"""

_TWO_FOUR = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {{
}}
auth_allow_cleartext = yes
passdb passwd-file {{
  passwd_file_path = {passwd}
  default_password_scheme = plain
}}
userdb static {{
  fields {{
    uid = 65534
    gid = 65534
    home = /nonexistent
  }}
}}
"""


def version():
    """(2, 3) or (2, 4)"""
    done = subprocess.run(
        ["dovecot", "--version"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    major, minor = done.stdout.split(".")[:2]
    return int(major), int(minor)


class Dovecot:
    """USERS maps login to password; SOCKET is where Postfix's smtpd asks."""

    def __init__(self, directory, users, socket):
        self.directory = directory
        self.socket = socket
        self.log = directory / "dovecot.log"
        self.run = directory / "run"
        self.pid_file = self.run / "master.pid"
        self.conf = directory / "dovecot.conf"
        for path in (directory, self.run, directory / "state"):
            path.mkdir(mode=0o755)
        passwd = directory / "passwd"
        passwd.write_text(
            "".join(
                f"{login}:{{PLAIN}}{password}::::::\n"
                for login, password in users.items()
            )
        )
        head = _TWO_THREE if version() < (2, 4) else _TWO_FOUR
        self.conf.write_text(
            (head + _COMMON).format(
                run=self.run,
                state=directory / "state",
                log=self.log,
                passwd=passwd,
                socket=socket,
            )
        )

    def start(self):
        workdir.at_end(self.stop)
        start_log = self.directory / "start.log"
        command = ["dovecot", "-c", self.conf]
        if not children.start_daemon(command, start_log):
            raise RuntimeError(
                "cannot start the private Dovecot:\n" + start_log.read_text()
            )

    def wait(self):
        children.wait_for(self.socket.is_socket, "SASL socket", 20)

    def stop(self):
        children.stop_daemon(self.pid_file)
