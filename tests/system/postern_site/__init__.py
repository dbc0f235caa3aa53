# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A private mail site for Postern's system tests and its demo.

workdir   temporary directories, free ports, what to undo at the end
children  the processes that were started, and how they end
postfix   a private Postfix (postfix_conf writes its two files)
dovecot   a private Dovecot, only for SASL
conf      postern.conf from Python values
policyd   postern-policyd as a child
ctl       posternctl
smtp      an SMTP client that keeps every reply
policy    the policy protocol, well formed or not
times     the times that replies and log lines name
clock     a clock that can be set, by libfaketime
site      Postfix, Dovecot and paths together; shared() by all tests
case      the base classes of the tests
"""
