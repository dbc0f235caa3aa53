# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A mail host before Postern: Debian's Postfix and Dovecot, and a mail user.

What Debian has ready in master.cf for submission is switched on, logins are
Dovecot's, mailboxes are Maildirs; that is what README.md takes for granted.
"""

import contextlib
import imaplib
import os
import poplib
import re
import smtplib
import subprocess
from pathlib import Path

from . import apt, network, site

MAIN_CF = (
    "smtpd_sasl_type = dovecot",
    "smtpd_sasl_path = private/auth",
    "home_mailbox = Maildir/",
    "mydestination = example.com, localhost",
    "inet_protocols = ipv4",
    "maillog_file = /var/log/postfix.log",
    "smtpd_tls_security_level = may",
    "smtpd_tls_cert_file = /etc/ssl/certs/ssl-cert-snakeoil.pem",
    "smtpd_tls_key_file = /etc/ssl/private/ssl-cert-snakeoil.key",
)
MAILBOXES = {
    "2.3": "mail_location = maildir:~/Maildir\n",
    "2.4": "mail_driver = maildir\nmail_path = ~/Maildir\n"
           "mail_inbox_path = ~/Maildir\n",
}
MAILLOG = Path("/var/log/postfix.log")
# The reader answers questions of apt; no others are asked. What is only
# recommended is not there, because there is no network.
APT = 'APT::Get::Assume-Yes "true";\nAPT::Install-Recommends "false";\n'


def uncomment(text, service):
    """Switches on a SERVICE that is there with its options, commented out."""
    lines = text.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines)
              if re.match(rf"#{service} +inet ", line))
    lines[at] = lines[at][1:]
    for number in range(at + 1, len(lines)):
        if not lines[number].startswith("# "):
            break
        if lines[number].startswith("#  -o") and "$mua_" not in lines[number]:
            lines[number] = lines[number][1:]
    return "".join(lines)


def smtpds():
    """The numbers of Postfix's processes that speak SMTP with clients."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if path.read_text() == "smtpd\n":
                found.add(path.parent.name)
    return found


@contextlib.contextmanager
def closed_on_failure(close):
    """No server waits for a client that has given up."""
    try:
        yield
    except BaseException:
        close()
        raise


class Host:
    def __init__(self):
        self.dovecot = ""
        # Of the system, so without a domain.
        self.login = "anna"
        self.password = site.MAIN_PASSWORD
        self.before = None

    def make(self):
        network.up()
        Path("/etc/apt/apt.conf.d/91reader").write_text(APT)
        apt.install("postfix", "dovecot-imapd", "dovecot-pop3d", "ssl-cert")
        self.dovecot = apt.run("dovecot", "--version")[:3]
        apt.run("useradd", "--create-home", "anna")
        subprocess.run(["chpasswd"], input=f"anna:{site.MAIN_PASSWORD}",
                       text=True, check=True)
        (site.CONF_D / "99-site.conf").write_text(
            site.DOVECOT + MAILBOXES[self.dovecot])
        for line in MAIN_CF:
            apt.run("postconf", "-e", line)
        text = site.MASTER.read_text()
        for service in ("submission", "submissions"):
            text = uncomment(text, service)
        site.MASTER.write_text(text)

    def start(self):
        apt.run("newaliases")
        # Daemons would keep a pipe of ours open.
        for words in (("postfix", "start"), ("dovecot",)):
            subprocess.run(words, check=True, timeout=60,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        for port in (25, 465, 587, 993, 995):
            site.wait(lambda p=port: site.is_open(p), f"answer at port {port}")
        site.wait(site.auth_process, "answer of Dovecot's auth process")
        self.before = self.facts()

    def facts(self):
        """What Postfix and Dovecot go by."""
        services = apt.run("postconf", "-M").splitlines()
        return {
            "main.cf": set(apt.run("postconf", "-n").splitlines()),
            # Without options, whose order may change; they follow.
            "master.cf": {line.split(" -o ")[0] for line in services} |
            set(apt.run("postconf", "-P").splitlines()),
            "dovecot": set(apt.run("doveconf", "-n").splitlines()),
        }

    def stop(self):
        for words in (("dovecot", "stop"), ("postfix", "stop")):
            subprocess.run(words, check=True, capture_output=True)

    # Mail programs and webmail.

    def imap(self, password, address=network.OUTSIDE):
        client = imaplib.IMAP4_SSL(address, ssl_context=site.unverified(),
                                   timeout=60)
        with closed_on_failure(client.shutdown):
            client.login(self.login, password)
        return client

    def pop3(self, password):
        client = poplib.POP3_SSL(network.OUTSIDE, timeout=60,
                                 context=site.unverified())
        with closed_on_failure(client.close):
            client.user(self.login)
            client.pass_(password)
        return client

    def smtp(self, password, port=587):
        if port == 465:
            client = smtplib.SMTP_SSL(network.OUTSIDE, port, timeout=60,
                                      context=site.unverified())
        else:
            client = smtplib.SMTP(network.OUTSIDE, port, timeout=60)
            client.starttls(context=site.unverified())
        with closed_on_failure(client.close):
            client.login(self.login, password)
        return client

    def send(self, sender=site.LOGIN, port=587):
        """The reply to a message, or to what was refused of it before."""
        with self.smtp(self.password, port) as client:
            return submit(client, site.LOGIN, sender)

    def deliver(self):
        """Mail of a stranger, at port 25."""
        with smtplib.SMTP(network.OUTSIDE, 25, timeout=60) as client:
            return submit(client, "carl@example.org", "carl@example.org")

    def arrived(self):
        """How many messages webmail shows."""
        client = self.imap(site.MAIN_PASSWORD, "127.0.0.1")
        number = int(client.select("INBOX")[1][0])
        client.logout()
        return number


def submit(client, envelope, sender):
    for command, address in ((client.mail, envelope),
                             (client.rcpt, site.LOGIN)):
        code, text = command(address)
        if code != 250:
            return code, text.decode()
    code, text = client.data(
        f"From: <{sender}>\r\nTo: <{site.LOGIN}>\r\nSubject: Hello\r\n"
        f"Message-ID: <{os.urandom(8).hex()}@example.com>\r\n"
        "Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n\r\nHello\r\n")
    return code, text.decode()
