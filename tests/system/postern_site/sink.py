# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The mail server at the other end: an SMTP server that keeps what it gets."""

import email
import email.policy
import socketserver
import threading
from dataclasses import dataclass

from . import children, workdir
from .patience import PATIENCE

# As long as the sink waits for who has called hold() to call release().
HOLD_SECONDS = 60

@dataclass(frozen=True)
class Mail:
    sender: str
    recipients: tuple
    data: bytes

    def fields(self, name):
        """The values of all header fields of that name, unfolded."""
        message = email.message_from_bytes(
            self.data, policy=email.policy.compat32
        )
        return [" ".join(str(value).split())
                for value in message.get_all(name, [])]


class _Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def body(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line[:1] == b"." else line)
        return b"".join(lines)

    def handle(self):
        sink = self.server.sink
        sender, recipients = "", []
        self.say("220 sink.remote.test ESMTP")
        for raw in self.rfile:
            line = raw.decode("utf-8", "replace").strip()
            word = line[:4].upper()
            if word == "QUIT":
                self.say("221 2.0.0 bye")
                return
            if word in ("EHLO", "HELO"):
                self.say("250-sink.remote.test")
                self.say("250 8BITMIME")
                continue
            if word in ("MAIL", "RSET"):
                sender = line.partition("<")[2].partition(">")[0]
                recipients = []
            elif word == "RCPT":
                sink.is_open.wait(HOLD_SECONDS)
                recipient = line.partition("<")[2].partition(">")[0]
                refusal = sink.refuses(recipient)
                if refusal is not None:
                    self.say(refusal)
                    continue
                recipients.append(recipient)
            elif word == "DATA":
                if not recipients:
                    self.say("554 5.5.1 no recipients")
                    continue
                self.say("354 go on")
                sink.keep(Mail(sender, tuple(recipients), self.body()))
            self.say("250 2.0.0 ok")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    # More than Postfix opens at a time: what does not fit is lost, and would
    # be tried again seconds or minutes later.
    request_queue_size = 128
    # Postfix comes with twenty at once, and defers for minutes what it cannot
    # connect for.
    request_queue_size = 128


class Sink:
    """Refuses recipients whose local part begins with "nobody"."""

    def __init__(self):
        self.port = workdir.free_ports(1)[0]
        self.lock = threading.Lock()
        self.mails = []
        self.is_open = threading.Event()
        self.is_open.set()
        self.server = _Server(("127.0.0.1", self.port), _Session)
        self.server.sink = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        workdir.at_end(self.stop)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    @staticmethod
    def refuses(recipient):
        if recipient.startswith("nobody"):
            return "550 5.1.1 no such user here"
        return None

    def keep(self, mail):
        with self.lock:
            self.mails.append(mail)

    def hold(self):
        """No recipient is accepted or refused before release()."""
        self.is_open.clear()

    def release(self):
        self.is_open.set()

    def clear(self):
        self.release()
        with self.lock:
            self.mails.clear()

    def to(self, recipient):
        """What has come for RECIPIENT."""
        with self.lock:
            return [x for x in self.mails if recipient in x.recipients]

    def wait(self, recipient, count=1, seconds=PATIENCE):
        """The last message for RECIPIENT, once there are COUNT."""
        children.wait_for(
            lambda: len(self.to(recipient)) >= count,
            f"mail for {recipient}",
            seconds,
        )
        return self.to(recipient)[-1]
