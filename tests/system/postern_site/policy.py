# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Postfix's policy protocol from the client's side, well formed or not."""

import itertools
import socket

from .patience import PATIENCE

_numbers = itertools.count(1)

# The 29 attributes that Postfix 3.7 sends, in its order.
_ATTRIBUTES = {
    "request": "smtpd_access_policy",
    "protocol_state": "END-OF-MESSAGE",
    "protocol_name": "ESMTP",
    "client_address": "192.0.2.25",
    "client_name": "unknown",
    "client_port": "50612",
    "reverse_client_name": "unknown",
    "server_address": "192.0.2.1",
    "server_port": "587",
    "helo_name": "mua.example.test",
    "sender": "alice@example.test",
    "recipient": "bob@remote.test",
    "recipient_count": "1",
    "queue_id": "",
    "instance": "",
    "size": "1024",
    "etrn_domain": "",
    "stress": "",
    "sasl_method": "PLAIN",
    "sasl_username": "alice@example.test",
    "sasl_sender": "",
    "ccert_subject": "",
    "ccert_issuer": "",
    "ccert_fingerprint": "",
    "ccert_pubkey_fingerprint": "",
    "encryption_protocol": "TLSv1.3",
    "encryption_cipher": "TLS_AES_256_GCM_SHA384",
    "encryption_keysize": "256",
    "policy_context": "submission",
}


def queue_id():
    """A new one with each call, in the form of Postfix's short ids."""
    return f"{0xA0000 + next(_numbers):X}C0FFEE"


def attributes(login="alice@example.test", state="END-OF-MESSAGE", **changes):
    """A request as a dict; a change to None drops the attribute."""
    fields = dict(_ATTRIBUTES, protocol_state=state, sasl_username=login)
    if "sender" not in changes and isinstance(login, str) and "@" in login:
        fields["sender"] = login
    number = changes.get("queue_id")
    if number is None:
        number = queue_id()
    fields["queue_id"] = number
    fields["instance"] = f"{number or queue_id()}.5f3a.0"
    if state == "RCPT":
        fields.update(recipient_count="0", size="0")
    fields.update({k: v for k, v in changes.items() if k != "queue_id"})
    return {name: value for name, value in fields.items() if value is not None}


def encode(fields):
    lines = []
    for name, value in fields.items():
        if isinstance(value, str):
            value = value.encode()
        lines.append(name.encode() + b"=" + value + b"\n")
    return b"".join(lines) + b"\n"


def request(*args, **changes):
    return encode(attributes(*args, **changes))


class Closed(Exception):
    """The server closed the connection; .rest is what came before."""

    def __init__(self, rest=b""):
        super().__init__(f"connection closed after {rest!r}")
        self.rest = rest


class Policy:
    """One connection.  WHERE is a socket's path or a (host, port)."""

    def __init__(self, where, timeout=PATIENCE):
        if isinstance(where, tuple):
            self.link = socket.create_connection(where, timeout=timeout)
        else:
            self.link = socket.socket(socket.AF_UNIX)
            self.link.settimeout(timeout)
            try:
                self.link.connect(str(where))
            except OSError:
                self.link.close()
                raise
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        self.close()

    def close(self):
        self.link.close()

    def write(self, data):
        self.link.sendall(data)

    def answer(self):
        """The next action, such as "DUNNO".  Raises Closed, TimeoutError."""
        while b"\n\n" not in self.buffer:
            try:
                data = self.link.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                raise Closed(self.buffer)
            self.buffer += data
        head, self.buffer = self.buffer.split(b"\n\n", 1)
        if not head.startswith(b"action="):
            raise ValueError(f"no action in {head!r}")
        return head[len(b"action=") :].decode()

    def ask(self, *args, **changes):
        self.write(request(*args, **changes))
        return self.answer()

    def send_message(self, login="alice@example.test", **changes):
        """RCPT, DATA, END-OF-MESSAGE of one message: the first refusal."""
        number = changes.pop("queue_id", None) or queue_id()
        for state in ("RCPT", "DATA", "END-OF-MESSAGE"):
            action = self.ask(login, state, queue_id=number, **changes)
            if action != "DUNNO":
                return action
        return action
