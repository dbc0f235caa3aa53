/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A message in Postfix's queue, as postqueue(1) -j and postcat(1) -e tell of
 * it.  Pure functions over text: senders and recipients are strangers' words.
 */
#ifndef PC_QUEUE_ENTRY_H
#define PC_QUEUE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/login.h"

#define PC_QUEUE_ID_MAX   40
#define PC_QUEUE_NAME_MAX 15

struct pc_queue_entry {
	char id[PC_QUEUE_ID_MAX + 1];
	char queue[PC_QUEUE_NAME_MAX + 1]; /* "active", "hold" */
	int64_t arrived_at;                /* 0: unknown */
	uint64_t size;
	char sender[PT_LOGIN_MAX + 1]; /* of the envelope */
};

/* Can it be one?  Also what no program of Postfix takes for an option, nor for
 * the word that means every message. */
bool
pc_queue_is_id(const char *text, size_t len);

/* A line of postqueue -j; false if it cannot be read, or has no sender. */
bool
pc_queue_entry_parse(const char *line, size_t len, struct pc_queue_entry *out);

bool
pc_queue_entry_is_held(const struct pc_queue_entry *entry);

/* Is it a bounce, or whatever else has no envelope sender? */
bool
pc_queue_entry_has_null_sender(const struct pc_queue_entry *entry);

/* Who sent it, by the envelope. */
enum pc_queue_proof {
	PC_QUEUE_NOBODY,  /* no login is recorded */
	PC_QUEUE_LOGIN,   /* *login_out */
	PC_QUEUE_UNCLEAR, /* several, or one that cannot be read */
};

struct pc_queue_evidence {
	enum pc_queue_proof proof;
	struct pt_login login; /* for PC_QUEUE_LOGIN */
};

/* Does a line of postcat -e begin the records of a message?  Of which? */
bool
pc_queue_evidence_begins(
    const char *line, size_t len, char id_out[PC_QUEUE_ID_MAX + 1]);

/*
 * Takes a line of these records, with its end; *evidence begins as zeroes.  A
 * bare local part gets the default domain; a line without its end was cut.
 */
void
pc_queue_evidence_take(struct pc_queue_evidence *evidence, const char *line,
    size_t len, const char *default_domain);

#endif
