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

from postern_site import children, conf, dovecot, life_site, mail, mounts
from postern_site import notices, site, workdir
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
MAIL_CHECK = 8
SETTINGS = {
    "mode": "enforce",
    "default_domain": "example.test",
    "trusted_networks": [f"{WEBMAIL}/32"],
}
PLAN = {
    "messages": ["5/1m", "15/1h"],
    "mail_check": f"{MAIL_CHECK}s",
    "block_after_refusals": "3/1h",
}
NOTICE = {
    "from": notices.FROM,
    "name": "Example Mail",
    "languages": ["en", "lv", "lt", "et", "ru"],
    "timezone": "Europe/Riga",
}
TEMPLATES = Path(__file__).resolve().parents[3] / "packaging" / "templates"
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
            sender_owners={ALICE: [ALICE], BOB: [BOB]},
            milter_default_action="tempfail",
            internal_mail_filter_classes="bounce",
            non_smtpd_milters=MILTER,
            transport_maps=life_site.TRANSPORT,
            relay_domains=life_site.DOMAIN,
        )
        root, queue = self.site.root, self.site.postfix.queue
        etc, run = root / "etc", root / "run"
        for place in (etc, run):
            place.mkdir(mode=0o755)
            workdir.give(place, site.OWNER)
        self.conf = etc / "postern.conf"
        self.conf.write_text(
            conf.render(
                {"free": PLAN},
                notice=NOTICE,
                state_dir=root / "state",
                **SETTINGS,
            )
        )
        (etc / "templates").symlink_to(TEMPLATES)
        delivery = life_site.delivery(queue / life_site.DELIVERY)
        self.dovecot = mail.MailServer(
            root / "mailserver",
            build,
            etc,
            run,
            site.USERS,
            chain=root / "chain.pem",
            socket=queue / "private" / "auth",
            extra=_ENCRYPTED[dovecot.version()] + delivery,
        )
        self.views = mounts.Mounts(root / "views")
        places = {
            "postern": etc,
            "postfix": self.site.postfix.etc,
            "dovecot": self.dovecot.directory,
        }
        self.views.add("/etc", places)
        self.views.add("/run", {"postern": run})
        self.views.add(mail.module_directory(), mail.modules(build))
        self.views.add("/var/spool", {"postfix": queue})
        self.mailboxes = notices.Mailboxes(self.dovecot.home)
        self.policyd, self.milter, self.keeper = (
            Policyd(
                programs / f"postern-{name}",
                "/etc/postern/postern.conf",
                root / f"{name}.log",
                views=self.views,
            )
            for name in ("policyd", "milter", "keeper")
        )
        servers = (self.policyd, self.milter, self.keeper, self.dovecot)
        self.shown = {server: 0 for server in servers}
        # The app password of each account that was printed last.
        self.passwords = {}

    def start(self):
        done = self.run("init", "--owner", site.OWNER)
        must(done.returncode == 0, f"posternctl init: {done.stderr}")
        self.policyd.start()
        self.milter.start()
        # Its SASL is that of our Dovecot, so the site's own is not started.
        self.site.postfix.start()
        self.dovecot.start()
        self.site.postfix.wait()
        self.keeper.start()

    def run(self, *words):
        argv = self.views.command([self.program, *words])
        return subprocess.run(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
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
        )

    def enable(self, *words, login=ALICE):
        """The same for enable; remembers the app password."""
        text = self.posternctl("enable", login, *words)
        found = re.search(r"\b[a-z]{4}(-[a-z]{4}){5}\b", text)
        must(found, "enable printed no app password")
        self.passwords[login] = found.group()

    def logged(self, server, pattern, count=1):
        """Shows what SERVER has logged that fits, since the last look."""

        def new():
            lines = server.text().splitlines()[self.shown[server]:]
            found = [line for line in lines if re.search(pattern, line)]
            return found if len(found) >= count else None

        lines = children.wait_for(new, f"{pattern!r} in the log")
        self.shown[server] = len(server.text().splitlines())
        show("\n".join(lines))

    def notice(self, kind, head, login=ALICE):
        """Shows the subject and the first HEAD lines of text of a notice, as
        soon as it is in the owner's mailbox; returns its text."""
        found = self.mailboxes.wait(login, kind)
        lines = found.message.get_payload(decode=True).decode().splitlines()
        show(f"From: {found.message['From']}\nSubject: {found.subject}\n")
        text = "\n".join(line.rstrip() for line in lines[:head])
        show(f"{text}\n[...]")
        return found.text

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

    def keeper_logged(self, pattern, count=1):
        say("The keeper wrote into its log:")
        self.logged(self.keeper, pattern, count)

    def imap(
        self, password=None, secret=APP, name="IMAP", source=None, login=ALICE
    ):
        """A session by TLS and the answer to its login."""
        client = Imap(
            self.dovecot.ports["imaps"],
            tls=True,
            source=source,
            echo=dialogue(name, secret),
        )
        return client, client.login(login, password or self.passwords[login])

    def webmail(self):
        client, answer = self.imap(site.PASSWORD, MAIN, "WEB", WEBMAIL)
        must(answer.status == "OK", f"webmail was refused: {answer}")
        return client

    def pop3(self, password=None, secret=APP):
        echo = dialogue("POP3", secret)
        client = Pop3(self.dovecot.ports["pop3s"], tls=True, echo=echo)
        return client, client.login(ALICE, password or self.passwords[ALICE])

    def smtp(self, password=None, secret=APP, login=ALICE):
        client = Smtp(self.site.port(), echo=dialogue("SMTP", secret))
        reply = client.starttls()
        must(reply.code == 220, f"no STARTTLS: {reply}")
        return client, client.auth(login, password or self.passwords[login])
