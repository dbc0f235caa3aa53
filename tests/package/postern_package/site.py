# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Debian's own Postfix and Dovecot, attached to Postern as README.md says."""

import contextlib
import imaplib
import json
import os
import re
import shutil
import smtplib
import socket
import ssl
import subprocess
import time
from pathlib import Path

from . import apt, places, unit
from .network import OUTSIDE

LOGIN = "anna@example.com"
MAIN_PASSWORD = "the main one"
DAEMONS = ("postern-policyd.service", "postern-keeper.service",
           "postern-milter.service")
EXAMPLES = Path("/usr/share/postern/examples")
CONF_D = Path("/etc/dovecot/conf.d")
MASTER = Path("/etc/postfix/master.cf")
AUTH = Path("/var/spool/postfix/private/auth")

MAIN_CF = (
    "postern_policy = check_policy_service { unix:postern/policy.sock, "
    "timeout=5s, try_limit=1, default_action=DUNNO }",
    "postern_milter = { unix:postern/milter.sock, default_action=tempfail }",
    "smtpd_sasl_type = dovecot",
    "smtpd_sasl_path = private/auth",
    "smtpd_tls_security_level = may",
    "smtpd_tls_cert_file = /etc/ssl/certs/ssl-cert-snakeoil.pem",
    "smtpd_tls_key_file = /etc/ssl/private/ssl-cert-snakeoil.key",
    "home_mailbox = Maildir/",
    "mydestination = localhost",
    "inet_protocols = ipv4",
    "maillog_file = /var/log/postfix.log",
    # What posternctl doctor asks for, on Debian 12.
    "smtpd_forbid_bare_newline = normalize",
)
SUBMISSION = """
submission inet n       -       y       -       -       smtpd
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_recipient_restrictions = $postern_policy, \
permit_sasl_authenticated, reject }
  -o smtpd_end_of_data_restrictions=$postern_policy
  -o { smtpd_milters = $postern_milter }
"""
DOVECOT = """\
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
log_path = /var/log/dovecot.log
"""
DOVECOT_23 = DOVECOT + """\
mail_location = maildir:~/Maildir
auth_username_format = %Ln
"""
DOVECOT_24 = DOVECOT + """\
mail_driver = maildir
mail_path = ~/Maildir
mail_inbox_path = ~/Maildir
auth_username_format = %{user | username | lower}
"""


def wait(question, what, seconds=60):
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, f"no {what} after {seconds} s"
        time.sleep(0.05)


def is_open(port):
    with contextlib.suppress(OSError):
        socket.create_connection((OUTSIDE, port), 1).close()
        return True
    return False


def unverified():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def auth_process():
    """Which process answers Postfix's questions about logins; "" for none."""
    said = b""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(AUTH))
            client.sendall(b"VERSION\t1\t2\nCPID\t%d\n" % os.getpid())
            while b"\nDONE\n" not in said:
                part = client.recv(4096)
                if not part:
                    return ""
                said += part
        except OSError:
            return ""
    return re.search(rb"(?m)^SPID\t(.+)$", said).group(1).decode()


def reload_dovecot(reload=lambda: apt.run("doveadm", "reload")):
    """Returns when Dovecot has reloaded, and not just when it was told to.

    Until then the old process may still answer; and Dovecot makes its sockets
    anew, so that who waits at the old one is thrown out. Postfix's smtpd ends
    then ("fatal: no SASL authentication mechanisms"), and with it the session
    of a mail program.
    """
    before = auth_process()
    reload()
    wait(lambda: auth_process() not in ("", before),
         "answer of Dovecot's next auth process")


def set_conf(key, value):
    """Sets a key that the shipped postern.conf has, commented out or not."""
    text, times = re.subn(rf"(?m)^#?{key} = .*$", f"{key} = {value}",
                          places.CONF.read_text(), count=1)
    assert times == 1, f"postern.conf has no {key}"
    places.CONF.write_text(text)


class Site:
    def __init__(self):
        self.units = [unit.run(name) for name in DAEMONS]
        self.is_24 = apt.run("dovecot", "--version").startswith("2.4")
        self.password = ""
        self.kept = None
        self.undo = contextlib.ExitStack()

    def ctl(self, *words):
        return json.loads(apt.run("posternctl", "-f", "json", *words))

    def start_daemons(self):
        set_conf("default_domain", '"example.com"')
        for daemon in self.units:
            daemon.start()

    def restart_daemons(self):
        for daemon in reversed(self.units):
            daemon.stop()
        for daemon in self.units:
            daemon.start()

    def reload(self):
        """As README.md says: everybody who reads the configuration."""
        for daemon in self.units:
            before = daemon.text().count("event=reloaded")
            daemon.reload()
            wait(lambda d=daemon, n=before:
                 d.text().count("event=reloaded") > n,
                 f"word of {daemon.name} about its new configuration")
        reload_dovecot()

    def start_servers(self):
        apt.run("useradd", "--create-home", "anna")
        subprocess.run(["chpasswd"], input=f"anna:{MAIN_PASSWORD}", text=True,
                       check=True)
        self.attach_dovecot()
        self.attach_postfix()
        apt.run("newaliases")
        self.start_mta_and_imap()
        for port in (587, 993, 995):
            wait(lambda p=port: is_open(p), f"answer at port {port}")

    def start_mta_and_imap(self):
        if unit.HAS_SYSTEMD:
            apt.run("systemctl", "restart", "dovecot", "postfix")
            return
        subprocess.run(["dovecot"], check=True, timeout=60)
        self.undo.callback(subprocess.run, ["dovecot", "stop"], check=True)
        subprocess.run(["postfix", "start"], check=True, timeout=60,
                       capture_output=True)
        self.undo.callback(subprocess.run, ["postfix", "stop"], check=True,
                           capture_output=True)

    def attach_dovecot(self):
        kind = "2.4" if self.is_24 else "2.3"
        shutil.copy(EXAMPLES / f"dovecot-{kind}.conf",
                    CONF_D / "05-postern.conf")
        if not self.is_24:
            shutil.copy(EXAMPLES / "dovecot-2.3-mail.conf",
                        CONF_D / "95-postern.conf")
        (CONF_D / "99-site.conf").write_text(
            DOVECOT_24 if self.is_24 else DOVECOT_23)
        apt.run("doveconf", "-n")

    def attach_postfix(self):
        for line in MAIN_CF:
            apt.run("postconf", "-e", line)
        MASTER.write_text(MASTER.read_text() + SUBMISSION)
        # Makes the folder of Dovecot's socket where Postfix never ran.
        apt.run("postfix", "check")

    def detach(self):
        for path in CONF_D.glob("??-postern.conf"):
            path.unlink()
        MASTER.write_text(MASTER.read_text().removesuffix(SUBMISSION))
        apt.run("postconf", "-X", "postern_policy", "postern_milter")

    def stop(self):
        self.undo.close()
        for daemon in reversed(self.units):
            daemon.stop()
            daemon.forget()

    def imap(self, password, host=OUTSIDE):
        """A session that has logged in."""
        client = imaplib.IMAP4_SSL(host, ssl_context=unverified(), timeout=60)
        client.login("anna", password)
        return client

    def submission(self):
        """A session that has logged in."""
        client = smtplib.SMTP(OUTSIDE, 587, timeout=60)
        client.starttls(context=unverified())
        client.login(LOGIN, self.password)
        return client

    def send(self, subject, sender=LOGIN):
        """The reply to the message, or to whatever was refused before it."""
        with self.submission() as client:
            for command, address in ((client.mail, LOGIN),
                                     (client.rcpt, "anna@localhost")):
                code, text = command(address)
                if code != 250:
                    return code, text.decode()
            code, text = client.data(
                f"From: <{sender}>\r\nTo: <anna@localhost>\r\n"
                f"Subject: {subject}\r\n\r\nHello\r\n")
            return code, text.decode()
