# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Delivery status notifications, as mail servers elsewhere write them."""

import itertools

_numbers = itertools.count(1)

_TEXT = """\
From: Mail Delivery System <MAILER-DAEMON@{mta}>
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}.dsn@{mta}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="={number}="

--={number}=
Content-Type: text/plain; charset=us-ascii

This is the mail system at host {mta}. I'm sorry to have to inform you
that your message could not be delivered.

--={number}=
Content-Type: message/delivery-status

Reporting-MTA: dns; {mta}
Arrival-Date: Sun, 22 Nov 2026 12:00:00 +0000

{failures}
--={number}=
Content-Type: text/rfc822-headers

{returned}From: {to}
Subject: test
{message_id}
--={number}=--
"""

_FAILURE = """\
{original}Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user here
"""


def report(
    to,
    recipients,
    message_id,
    mta="mx.remote.test",
    action="failed",
    status="5.1.1",
    original="",
    returned="",
):
    """That RECIPIENTS of a message of TO failed, in the words of host MTA.

    MESSAGE_ID with its brackets, or None; ORIGINAL is what they were called
    before the mail was sent on; RETURNED are more header fields of the
    returned message, whole lines.
    """
    if original:
        original = f"Original-Recipient: rfc822; {original}\n"
    failures = "\n".join(
        _FAILURE.format(original=original, recipient=recipient,
                        action=action, status=status)
        for recipient in recipients
    )
    return _TEXT.format(
        to=to,
        mta=mta,
        number=next(_numbers),
        failures=failures,
        returned=returned,
        message_id=f"Message-ID: {message_id}\n" if message_id else "",
    )
