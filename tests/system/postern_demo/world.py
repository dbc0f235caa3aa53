# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The private mail site of the demo, with Postern where it would really be.

Our programs and Dovecot see /etc/postern, /run/postern and /var/spool/postfix
where this site has them, so that the commands are those that a postmaster
would type; nothing of the machine itself is changed.
"""

import re
import shlex
import subprocess
from pathlib import Path

from postern_site import children, conf, dovecot, mail, site, workdir
from postern_site.imap import Imap
from postern_site.policyd import Policyd
from postern_site.pop3 import Pop3
from postern_site.postfix_conf import Service
from postern_site.smtp import Smtp

from .show import Failed, dialogue, must, say, show

ALICE = "alice@example.test"
BOB = "bob@example.test"
MILTER = "unix:postern/milter.sock"
MAIN = "main password"
APP = "app password"
# Where the webmail of this site runs.
WEBMAIL = "127.0.0.9"
MAIL_CHECK = 6
SETTINGS = {
    "mode": "enforce",
    "default_domain": "example.test",
    "trusted_networks": [f"{WEBMAIL}/32"],
}
PLAN = {"messages": ["5/1m", "15/1h"], "mail_check": f"{MAIL_CHECK}s"}
_ENCRYPTED = {
    (2, 3): "disable_plaintext_auth = yes\n",
    (2, 4): "auth_allow_cleartext = no\n",
}


class World:
    def __init__(self, build):
        mail.check_machine(build)
        programs = Path(build).resolve() / "bin"
        self.program = programs / "posternctl"
        options = {
            "smtpd_tls_security_level": "encrypt",
            "smtpd_milters": MILTER,
        }
        service = Service("submission", sender_check=True, options=options)
        self.site = site.Site(
            build,
            [service],
            sender_owners={ALICE: [ALICE]},
            milter_default_action="tempfail",
            internal_mail_filter_classes="bounce",
            non_smtpd_milters=MILTER,
        )
        root, queue = self.site.root, self.site.postfix.queue
        etc, run = root / "etc", root / "run"
        for place in (etc, run):
            place.mkdir(mode=0o755)
            workdir.give(place, site.OWNER)
        self.conf = etc / "postern.conf"
        self.conf.write_text(
            conf.render({"free": PLAN}, state_dir=root / "state", **SETTINGS)
        )
        self.dovecot = mail.MailServer(
            root / "mailserver",
            build,
            etc,
            run,
            site.USERS,
            chain=root / "chain.pem",
            socket=queue / "private" / "auth",
            extra=_ENCRYPTED[dovecot.version()],
        )
        self.dovecot.mounts.add("/var/spool", {"postfix": queue})
        self.policyd = Policyd(
            programs / "postern-policyd",
            "/etc/postern/postern.conf",
            root / "policyd.log",
        )
        self.milter = Policyd(
            programs / "postern-milter",
            "/etc/postern/postern.conf",
            root / "milter.log",
        )
        for daemon in (self.policyd, self.milter):
            daemon.argv = self.dovecot.mounts.command(daemon.argv)
        self.shown = {self.policyd: 0, self.milter: 0, self.dovecot: 0}
        # The app password that was printed last.
        self.password = None

    def start(self):
        done = self.run("init", "--owner", site.OWNER)
        must(done.returncode == 0, f"posternctl init: {done.stderr}")
        self.policyd.start()
        self.milter.start()
        # Its SASL is that of our Dovecot, so the site's own is not started.
        self.site.postfix.start()
        self.dovecot.start()
        self.site.postfix.wait()

    def run(self, *words):
        argv = self.dovecot.mounts.command([self.program, *words])
        return subprocess.run(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
        )

    def posternctl(self, *words, head=None):
        """Shows a command and what it prints, or the first HEAD lines of it;
        returns what was shown."""
        pipe = "" if head is None else f" | head -n {head}"
        show("# posternctl " + shlex.join(map(str, words)) + pipe)
        done = self.run(*words)
        text = "".join(done.stdout.splitlines(keepends=True)[:head])
        show(text + done.stderr)
        if done.returncode != 0:
            raise Failed(f"posternctl {words[0]} ended with {done.returncode}")
        return text

    def wait_sessions(self, count):
        """policyd stores how many sessions are open a moment later."""
        line = rf"(?m)^open sessions +{count} of "
        children.wait_for(
            lambda: re.search(line, self.run("explain", ALICE).stdout),
            f"{count} open session(s) in explain",
            5,
        )

    def enable(self, *words):
        """The same for enable; remembers the app password."""
        text = self.posternctl("enable", ALICE, *words)
        found = re.search(r"\b[a-z]{4}(-[a-z]{4}){5}\b", text)
        must(found, "enable printed no app password")
        self.password = found.group()

    def logged(self, server, pattern, count=1):
        """Shows what SERVER has logged that fits, since the last look."""

        def new():
            lines = server.text().splitlines()[self.shown[server]:]
            found = [line for line in lines if re.search(pattern, line)]
            return found if len(found) >= count else None

        lines = children.wait_for(new, f"{pattern!r} in the log", 5)
        self.shown[server] = len(server.text().splitlines())
        show("\n".join(lines))

    def policyd_logged(self, pattern, count=1):
        say("policyd wrote into its log:")
        self.logged(self.policyd, pattern, count)

    def milter_logged(self, pattern, count=1):
        say("The milter wrote into its log:")
        self.logged(self.milter, pattern, count)

    def dovecot_logged(self, pattern, count=1):
        say("Dovecot wrote into its log:")
        self.logged(self.dovecot, pattern, count)

    def deliver(self, number):
        """A message from outside, as the MX of the site would bring it."""
        text = f"Subject: letter {number}\n\nHello.\n"
        self.dovecot.deliver(ALICE, text)

    def imap(self, password=None, secret=APP, name="IMAP", source=None):
        """A session by TLS and the answer to its login."""
        client = Imap(
            self.dovecot.ports["imaps"],
            tls=True,
            source=source,
            echo=dialogue(name, secret),
        )
        return client, client.login(ALICE, password or self.password)

    def webmail(self):
        client, answer = self.imap(site.PASSWORD, MAIN, "WEB", WEBMAIL)
        must(answer.status == "OK", f"webmail was refused: {answer}")
        return client

    def pop3(self, password=None, secret=APP):
        echo = dialogue("POP3", secret)
        client = Pop3(self.dovecot.ports["pop3s"], tls=True, echo=echo)
        return client, client.login(ALICE, password or self.password)

    def smtp(self, password=None, secret=APP):
        client = Smtp(self.site.port(), echo=dialogue("SMTP", secret))
        reply = client.starttls()
        must(reply.code == 220, f"no STARTTLS: {reply}")
        return client, client.auth(ALICE, password or self.password)
