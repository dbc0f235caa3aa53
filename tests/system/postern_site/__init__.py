# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A private mail site for Postern's system tests and its demo.

workdir   temporary directories, free ports, what to undo at the end
children  the processes that were started, and how they end
postfix   a private Postfix (postfix_conf writes its two files)
dovecot   a private Dovecot, only for SASL (dovecot_conf writes its file)
mail      a private Dovecot that serves mail, with Postern's plugin
mounts    a private view of the file system for one program
conf      postern.conf from Python values
policyd   postern-policyd as a child
ctl       posternctl
sendmail  a private Sendmail
sink      a mail server that keeps what it gets
reports   delivery status notifications
smtp      an SMTP client that keeps every reply
imap      an IMAP client that keeps every line
pop3      a POP3 client that keeps every reply
sasl      Dovecot's auth socket from the client's side
sessions  the session protocol from the plugin's side
tls       TLS for these clients
policy    the policy protocol, well formed or not
milter_client  the milter protocol, well formed or not
milter_mta     an MTA's side of it, session by session
milter_site    Postfix and Sendmail with a filter
milter_case    the base classes of the milter's tests
patience  how long tests wait, and what they call quick
times     the times that replies and log lines name
clock     a clock that can be set, by libfaketime
site      Postfix, Dovecot and paths together; shared() by all tests
programs  mail programs that nobody here wrote
case      the base classes of the tests
"""
