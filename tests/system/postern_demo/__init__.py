# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What demo.py shows, one chapter after the other.

show      how it is printed, and what is insisted on
world     the private Postfix and Dovecot, our daemons, posternctl, the logs
door      the main password is refused, an app password opens
checks    mail checks: LOGIN-DELAY and what IMAP holds back
sending   whose address a message shows, and the quota
ending    access is switched off or blocked, in open sessions too
"""
