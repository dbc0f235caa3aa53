# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Notices as they lie in the owner's mailbox, and whether they are mail."""

import email
import email.policy
import re
from dataclasses import dataclass

from . import children
from .patience import PATIENCE

FROM = "postmaster@example.test"
# A strict reader: what it must guess at is an exception.
_POLICY = email.policy.SMTP.clone(raise_on_defect=True)
_HEADER_LINE = re.compile(rb"[\x21-\x39\x3b-\x7e]+:[ \t].*|[ \t]+\S.*")
_ONCE = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version",
         "Content-Type", "Content-Transfer-Encoding", "Content-Language",
         "Auto-Submitted", "X-Postern-Notice")


@dataclass(frozen=True)
class Notice:
    """A notice that was found to be correct mail."""

    login: str
    kind: str  # "blocked-quota"
    subject: str
    text: str  # each paragraph a line
    language: str
    message_id: str
    message: email.message.EmailMessage


def _sole(message, name):
    values = message.get_all(name, [])
    if len(values) != 1:
        raise AssertionError(f"{len(values)} fields {name}: {values}")
    return values[0]


def _check_bytes(raw):
    """What a parser of Python's would forgive."""
    head, found, body = raw.partition(b"\n\n")
    if not found:
        raise AssertionError("no empty line after the header")
    for line in head.split(b"\n"):
        if not _HEADER_LINE.fullmatch(line):
            raise AssertionError(f"not a line of a header: {line!r}")
    for line in raw.split(b"\n"):
        if len(line) > 998:
            raise AssertionError(f"a line of {len(line)} bytes")
        if b"\r" in line or b"\0" in line:
            raise AssertionError(f"a control character in {line!r}")
    if any(byte > 126 for byte in head):
        raise AssertionError("a byte beyond ASCII in the header")


def _check_part(part):
    if part.defects:
        raise AssertionError(f"defects: {part.defects}")
    for name, value in part.items():
        if value.defects:
            raise AssertionError(f"{name}: {value.defects}")


def _check_header(message, to):
    """The address that it is for."""
    for name in _ONCE:
        _sole(message, name)
    for name, wanted in (
        ("Auto-Submitted", "auto-generated"),
        ("Return-Path", "<>"),  # once it was delivered
    ):
        if message.get(name, wanted) != wanted:
            raise AssertionError(f"{name}: {message[name]}")
    for name in ("Cc", "Bcc", "Reply-To", "Sender"):
        if name in message:
            raise AssertionError(f"{name}: {message[name]}")
    (recipient,) = message["To"].addresses
    (sender,) = message["From"].addresses
    if to is not None and recipient.addr_spec != to:
        raise AssertionError(f"it is for {recipient.addr_spec}, not {to}")
    if sender.addr_spec != FROM:
        raise AssertionError(f"it is from {sender.addr_spec}")
    if message["Date"].datetime is None:
        raise AssertionError(f"Date: {message['Date']}")
    if not re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", message["Message-ID"]):
        raise AssertionError(f"Message-ID: {message['Message-ID']}")
    return recipient.addr_spec


def _text(message):
    """What is read, with the lines joined that were broken for the mail."""
    if message.is_multipart() or message.get_content_type() != "text/plain":
        raise AssertionError(f"it is {message.get_content_type()}")
    if message.get_content_charset() != "utf-8":
        raise AssertionError(f"charset {message.get_content_charset()}")
    text = message.get_payload(decode=True).decode("utf-8")  # strictly
    for line in text.splitlines():
        if len(line) > 78 and " " in line.strip():
            raise AssertionError(f"a long line: {line}")
    return text.replace(" \n", " ")


def parse(raw, to=None):
    """RAW as a Notice to TO, or whoever it is for; AssertionError if it is
    no correct mail."""
    raw = raw.replace(b"\r\n", b"\n")
    _check_bytes(raw)
    message = email.message_from_bytes(raw, policy=_POLICY)
    for part in message.walk():
        _check_part(part)
    recipient = _check_header(message, to)
    text = _text(message)
    subject = str(message["Subject"])
    for name, value in (("subject", subject), ("text", text)):
        if "{" in value or "}" in value or "\ufffd" in value:
            raise AssertionError(f"the {name} is not filled in: {value}")
        if not value.strip():
            raise AssertionError(f"the {name} is empty")
    return Notice(
        recipient,
        str(message["X-Postern-Notice"]),
        subject,
        text,
        str(message["Content-Language"]),
        str(message["Message-ID"]),
        message,
    )


class Mailboxes:
    """The notices in the Maildirs below HOME of a private Dovecot."""

    def __init__(self, home):
        self.home = home

    def raw(self, login):
        """All mail of LOGIN, the oldest first."""
        files = [
            file
            for part in ("new", "cur")
            for file in (self.home / login / "mail" / part).glob("*")
        ]
        return [x.read_bytes() for x in sorted(files, key=lambda x: x.name)]

    def all(self, login, to=None):
        """The notices that LOGIN got, as they are for TO; no other mail."""
        return [
            parse(raw, to or login)
            for raw in self.raw(login)
            if b"\nX-Postern-Notice: " in raw.partition(b"\n\n")[0]
        ]

    def wait(self, login, kind, count=1, seconds=PATIENCE, to=None):
        """The last of LOGIN's notices of KIND, once there are COUNT."""

        def found():
            return [x for x in self.all(login, to) if x.kind == kind]

        children.wait_for(
            lambda: len(found()) >= count, f"{kind} for {login}", seconds)
        if len(found()) != count:
            raise AssertionError(f"{len(found())} notices {kind}")
        return found()[-1]
