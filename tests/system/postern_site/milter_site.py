# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Postfix with a filter, and Sendmail with one; what they take goes to a Sink.

Both are shared by all tests; each test runs a postern-milter of its own behind
their sockets.
"""

from pathlib import Path

from . import sendmail, sink, site, workdir
from .postfix_conf import Service

MILTER = "unix:postern/milter.sock"

_shared = {}


class MilterSite(site.Site):
    """submission: policyd and the filter; alone: the filter; mx: port 25."""

    def __init__(self, build):
        site.check_machine()
        self.sink = sink.Sink()
        filtered = {"smtpd_milters": MILTER}
        tls = {**filtered, "smtpd_tls_security_level": "may"}
        following = f"smtp:[127.0.0.1]:{self.sink.port}"
        services = [
            # Not one of the clients whose header Postfix completes.
            Service("submission",
                    options={**tls, "local_header_rewrite_clients": ""}),
            Service("alone", stages=(), options=tls),
            Service("mx", stages=(), sasl=False, options=filtered),
        ]
        super().__init__(
            build,
            services,
            default_transport=following,
            relay_transport=following,
            relay_domains="relay.test example.test",
            non_smtpd_milters=MILTER,
            internal_mail_filter_classes="bounce",
            # Postfix 3.10's own default would refuse to greet.
            milter_default_action="tempfail",
            # A bounce that the filter deferred is tried again soon.
            minimal_backoff_time="1s",
            maximal_backoff_time="1s",
            queue_run_delay="1s",
        )
        self.milter_socket = self.policy_dir / "milter.sock"


class SendmailSite:
    """A directory, a Sendmail and where its filter listens."""

    def __init__(self, build):
        sendmail.root()
        self.sink = sink.Sink()
        self.root = workdir.make_root(build)
        chain = site.make_certificate(self.root / "chain.pem")
        run = self.root / "run"
        run.mkdir(mode=0o755)
        workdir.give(run, site.OWNER)
        self.milter_socket = run / "milter.sock"
        self.sendmail = sendmail.Sendmail(
            self.root / "sendmail",
            site.USERS,
            f"unix:{self.milter_socket}",
            self.sink,
            chain,
        )

    def start(self):
        self.sendmail.start()
        return self

    def port(self, _service=None):
        return self.sendmail.port


def shared(build, kind):
    """The site of that class, started on first use."""
    if kind not in _shared:
        try:
            _shared[kind] = kind(Path(build)).start()
        except Exception as error:
            _shared[kind] = error
    if isinstance(_shared[kind], Exception):
        raise _shared[kind]
    return _shared[kind]
