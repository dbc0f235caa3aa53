/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Dovecot as the doctor sees it: what the doctor's parts for it share. */
#ifndef PC_DOCTOR_DOVECOT_H
#define PC_DOCTOR_DOVECOT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/text.h"
#include "ctl/blocks.h"
#include "ctl/doctor.h"

#define PC_DOVECOT_PLACE    "dovecot.conf"
#define PC_DOVECOT_LIST_MAX 1024

struct pc_dovecot {
	struct pc_blocks conf; /* doveconf -n: what differs from defaults */
	bool is_24;            /* 2.4 or later, which is written otherwise */
	char version[64];      /* "2.3.19.1" */
	char module_dir[256];  /* where modules of auth and doveadm must be */
};

/* A passdb or userdb. */
struct pc_dovecot_db {
	size_t block;
	const char *name; /* as a postmaster would call it */
	const char *driver;
};

/* doctor_dovecot.c */

/* The next passdb or userdb ("kind") from block *i on, as written. */
bool
pc_dovecot_db_next(const struct pc_dovecot *dovecot, const char *kind,
    size_t *i, struct pc_dovecot_db *out);

/* Its setting, or what Dovecot takes when it is not there. */
const char *
pc_dovecot_db_get(const struct pc_dovecot *dovecot,
    const struct pc_dovecot_db *db, const char *name, const char *otherwise);

/* A setting that stands in no block, or "otherwise". */
const char *
pc_dovecot_get(
    const struct pc_dovecot *dovecot, const char *name, const char *otherwise);

/* The same in any block "protocol NAME" that holds for the protocol. */
const char *
pc_dovecot_protocol_get(const struct pc_dovecot *dovecot, const char *protocol,
    const char *name, const char *otherwise);

/*
 * Postern's own setting: where it stands differs between 2.3 (plugin block)
 * and 2.4.  NULL: not set.
 */
const char *
pc_dovecot_plugin_get(const struct pc_dovecot *dovecot, const char *name);

/* Says a finding of Dovecot with the lines to write, or NULL. */
void
pc_dovecot_say(struct pc_doctor *doctor, enum pc_level level, const char *where,
    const char *lines, const char *what);

/* doctor_dovecot_list.c: lists of words; 2.3 and 2.4 have one kind each. */

/* Does a block "protocol LABEL" hold for the protocol? */
bool
pc_dovecot_holds_for(const char *label, const char *protocol);

/* Is the word in a list, whose words are separated by blanks? */
bool
pc_dovecot_list_has(const char *list, const char *word);

/* What holds for the protocol; its words with a blank between them. */
void
pc_dovecot_list(const struct pc_dovecot *dovecot, const char *protocol,
    const char *name, const char *otherwise, struct pt_text *out);

/* Is it among "protocols"? */
bool
pc_dovecot_serves(const struct pc_dovecot *dovecot, const char *protocol);

/* The checks, in the order of the report. */

/* doctor_passdb.c: who is asked about a password, in which order */
void
pc_doctor_passdb(struct pc_doctor *doctor, const struct pc_dovecot *dovecot);

/* doctor_userdb.c: does the session's token get to the session? */
void
pc_doctor_userdb(struct pc_doctor *doctor, const struct pc_dovecot *dovecot);

/* doctor_mailbox.c: does a login lead to an INBOX that can be held? */
void
pc_doctor_mailbox(struct pc_doctor *doctor, const struct pc_dovecot *dovecot);

/* doctor_plugins.c: plugins of imap and pop3, modules on the disk */
void
pc_doctor_plugins(struct pc_doctor *doctor, const struct pc_dovecot *dovecot);

/* doctor_logins.c: encryption, trusted networks, which postern.conf */
void
pc_doctor_logins(struct pc_doctor *doctor, const struct pc_dovecot *dovecot);

/* doctor_sessions.c: the session socket */
void
pc_doctor_sessions(struct pc_doctor *doctor, const struct pc_dovecot *dovecot);

/* All of the above, or a line that there is nothing to look at. */
void
pc_doctor_dovecot_examine(
    struct pc_doctor *doctor, const struct pc_dovecot *dovecot);

/* doctor_dovecot_read.c */

/* Takes "text", what doveconf -n printed. */
int
pc_dovecot_parse(char *text, struct pc_dovecot *out, struct pt_err *err);

/* false if there is no Dovecot, or it cannot be read; that was said then. */
bool
pc_doctor_dovecot_read(struct pc_doctor *doctor, struct pc_dovecot *dovecot);

void
pc_dovecot_clear(struct pc_dovecot *dovecot);

#endif
