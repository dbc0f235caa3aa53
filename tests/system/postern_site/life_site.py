# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Postfix as a provider has it: mail programs, port 25, local senders.

It asks policyd, the filter and the Dovecot of the test that runs; mail for
example.test goes into that Dovecot's mailboxes, all other mail to a Sink.
"""

from pathlib import Path

from . import mounts, sink, site
from .milter_site import MILTER
from .postfix_conf import Service

# Where Postfix hands mail to the Dovecot of a test, relative to its queue.
DELIVERY = "private/mail-delivery"
DOMAIN = "example.test"
TRANSPORT = "inline:{ {%s = lmtp:unix:%s} }" % (DOMAIN, DELIVERY)

_LMTP = """\
service lmtp {{
  unix_listener {socket} {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
"""

_shared = None


def delivery(socket):
    """For dovecot.conf: where this Postfix's lmtp brings mail."""
    return _LMTP.format(socket=socket)


class LifeSite(site.Site):
    """submission: policyd and the filter; mx: port 25; sendmail(1)."""

    def __init__(self, build):
        site.check_machine()
        self.sink = sink.Sink()
        following = f"smtp:[127.0.0.1]:{self.sink.port}"
        filtered = {"smtpd_milters": MILTER}
        services = [
            Service("submission", options={
                **filtered,
                "smtpd_sasl_path": site.MAIL_AUTH,
                # Not one of the clients whose header Postfix completes.
                "local_header_rewrite_clients": "",
            }),
            Service("mx", stages=(), sasl=False, options=filtered),
        ]
        super().__init__(
            build,
            services,
            default_transport=following,
            relay_transport=following,
            transport_maps=TRANSPORT,
            relay_domains=f"relay.test {DOMAIN}",
            non_smtpd_milters=MILTER,
            internal_mail_filter_classes="bounce",
            milter_default_action="accept",
            lmtp_connection_cache_on_demand="no",
            fast_flush_domains="",
            # What could not be delivered is tried again soon.
            minimal_backoff_time="1s",
            maximal_backoff_time="1s",
            queue_run_delay="1s",
        )
        self.milter_socket = self.policy_dir / "milter.sock"
        self.delivery_socket = self.postfix.queue / DELIVERY

    def delivery(self):
        """What the Dovecot of a test needs in dovecot.conf."""
        return delivery(self.delivery_socket)

    def view(self, directory):
        """The Mounts in which sendmail(1) is this Postfix's."""
        views = mounts.Mounts(directory)
        views.add("/etc", {"postfix": self.postfix.etc})
        return views


def shared(build):
    """The tests' site, started on first use."""
    global _shared
    if _shared is None:
        try:
            mounts.check()
            _shared = LifeSite(Path(build)).start()
        except Exception as error:
            _shared = error
    if isinstance(_shared, Exception):
        raise _shared
    return _shared
