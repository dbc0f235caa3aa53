# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""main.cf and master.cf of the private Postfix."""

import os
import subprocess
import time
from dataclasses import dataclass, field

POLICY_SOCKET = "unix:postern/policy.sock"
ALL_STAGES = ("recipient", "data", "end_of_data")

# Where Postfix keeps its parts depends on the distribution.
_PLACES = (
    "command_directory",
    "daemon_directory",
    "shlib_directory",
    "meta_directory",
)

_SERVICES = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Service:
    """One smtpd with its own idea of how to ask Postern."""

    name: str
    port: int = 0
    stages: tuple = ALL_STAGES
    policy: str = POLICY_SOCKET
    default_action: str = ""  # "" is Postfix's own: 451 4.3.5
    timeout: str = "5s"
    chroot: str = "n"
    sasl: bool = True
    sender_check: bool = False
    options: dict = field(default_factory=dict)

    def _ask(self, stage):
        if stage not in self.stages:
            return ""
        words = [self.policy, f"timeout={self.timeout}"]
        if self.default_action:
            words.append("try_limit=1")
            words.append(f"default_action={self.default_action}")
        return "check_policy_service { " + ", ".join(words) + " }"

    def settings(self):
        """The -o settings of this smtpd."""
        sender = self._ask("sender")
        if self.sender_check:
            sender = "reject_authenticated_sender_login_mismatch"
        end = "permit_sasl_authenticated, reject" if self.sasl else "permit"
        rcpt = ", ".join(filter(None, (self._ask("recipient"), end)))
        return {
            "syslog_name": f"postfix/{self.name}",
            "smtpd_sasl_auth_enable": "yes" if self.sasl else "no",
            "smtpd_delay_reject": "yes",
            "smtpd_client_restrictions": self._ask("client"),
            "smtpd_sender_restrictions": sender,
            "smtpd_recipient_restrictions": rcpt,
            "smtpd_data_restrictions": self._ask("data"),
            "smtpd_end_of_data_restrictions": self._ask("end_of_data"),
            "smtpd_policy_service_policy_context": self.name,
            **self.options,
        }

    def master_lines(self):
        lines = [f"127.0.0.1:{self.port} inet n - {self.chroot} - - smtpd"]
        for name, value in self.settings().items():
            lines.append(f"  -o {{ {name} = {value} }}")
        return "\n".join(lines) + "\n"


def postconf(directory, name):
    done = subprocess.run(
        ["postconf", "-c", directory, "-dh", name],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.strip()


def _write(file, text):
    """Postfix waits for seconds before it trusts a file that is so new."""
    file.write_text(text)
    past = time.time() - 60
    os.utime(file, (past, past))


def _owners(owners):
    """inline: { {address=login login} ... }"""
    if not owners:
        return ""
    pairs = " ".join(
        "{%s=%s}" % (address, " ".join(logins))
        for address, logins in owners.items()
    )
    return "inline:{ " + pairs + " }"


def write(directory, services, sender_owners=None, **changes):
    """Writes DIRECTORY/etc; CHANGES are main.cf settings, None drops one."""
    etc = directory / "etc"
    etc.mkdir(parents=True, exist_ok=True)
    _write(etc / "master.cf", "")
    # The machine's own main.cf may not exist, so the tools ask this one.
    _write(etc / "main.cf", "compatibility_level = 3.6\n")
    settings = {
        "compatibility_level": "3.6",
        "config_directory": etc,
        "queue_directory": directory / "queue",
        "data_directory": directory / "data",
        **{name: postconf(etc, name) for name in _PLACES},
        "mail_owner": "postfix",
        "setgid_group": "postdrop",
        "maillog_file": directory / "log" / "postfix.log",
        "maillog_file_prefixes": f"{directory}, /var, /dev/stdout",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "myhostname": "mx.example.test",
        "mynetworks": "127.0.0.9/32",
        "mydestination": "",
        "local_recipient_maps": "",
        "alias_maps": "",
        "alias_database": "",
        "relay_domains": "relay.test",
        "default_transport": "discard:",
        "relay_transport": "discard:",
        "smtp_dns_support_level": "disabled",
        "smtpd_peername_lookup": "no",
        "smtpd_sasl_type": "dovecot",
        "smtpd_sasl_path": "private/auth",
        "smtpd_relay_restrictions": "permit_sasl_authenticated, "
        "reject_unauth_destination",
        "smtpd_sender_login_maps": _owners(sender_owners),
        "smtpd_forbid_bare_newline": "normalize",
        "smtpd_forbid_bare_newline_exclusions": "",
        "smtpd_tls_security_level": "none",
        "smtpd_client_connection_count_limit": "0",
        "smtpd_error_sleep_time": "0",
        "smtpd_soft_error_limit": "1000",
        "smtpd_hard_error_limit": "1000",
        "message_size_limit": "52428800",
        "notify_classes": "",
        **changes,
    }
    lines = (f"{k} = {v}\n" for k, v in settings.items() if v is not None)
    _write(etc / "main.cf", "".join(lines))
    smtpds = "".join(service.master_lines() for service in services)
    _write(etc / "master.cf", smtpds + _SERVICES)
    return etc
