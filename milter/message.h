/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One message on its way: what its commands and its header have said.  Only
 * what is judged is kept, all of it bounded; the memory is that of the
 * connection's session and used again for the next message.
 */
#ifndef PM_MESSAGE_H
#define PM_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/rules/from.h"
#include "core/rules/message.h"

#define PM_SENDER_MAX   320 /* longer ones are nobody's */
#define PM_QUEUE_ID_MAX 64
#define PM_ORIGINAL_MAX 900 /* of a From field that is replaced */

enum pm_kind {
	PM_KIND_NONE,   /* no message, or one that is none of our business */
	PM_KIND_LOGIN,  /* sent by a login */
	PM_KIND_BOUNCE, /* comes from the null sender, without a login */
};

struct pm_message {
	enum pm_kind kind;
	uint64_t serial;
	bool has_login; /* it is one that is valid */
	struct pt_login login;
	char login_text[PT_LOGIN_MAX + 1]; /* as the MTA said it, cut */
	char sender[PM_SENDER_MAX + 1];    /* envelope, without brackets */
	size_t sender_len;
	enum pt_owned sender_by_maps;
	bool encrypted;
	uint64_t recipients;
	uint64_t recipient_bits; /* pt_bounce_recipient_bit(), or-ed */
	unsigned named_count;    /* of recipients; further ones are not kept */
	uint64_t named[PT_STRANGERS_NAMED_MAX]; /* pt_strangers_hash() */
	uint64_t declared_size;                 /* SIZE= of MAIL; 0: none */
	uint64_t size;    /* header and body as far as they came */
	bool is_measured; /* the body comes: size is all of it */
	char queue_id[PM_QUEUE_ID_MAX + 1];
	uint64_t reasons; /* refused for these, as bits of pt_reason_id */
	bool has_message_id;
	uint64_t message_id; /* pt_bounce_message_hash() */
	struct pt_from from;
	char original[PM_ORIGINAL_MAX + 1]; /* the From fields, one a line */
	size_t original_len;
};

/* Forgets all of it. */
void
pm_message_clear(struct pm_message *message);

/*
 * Begins with MAIL: argv[0] is the sender as the client wrote it, what follows
 * are parameters.
 */
void
pm_message_begin(struct pm_message *message, enum pm_kind kind, uint64_t serial,
    const char *const *argv);

/* The login as the MTA says it. */
void
pm_message_set_login(
    struct pm_message *message, const char *login, const char *default_domain);

void
pm_message_set_queue_id(struct pm_message *message, const char *queue_id);

/* One header field, as it passes.  "keep": the From fields as they are. */
void
pm_message_add_field(
    struct pm_message *message, const char *name, const char *value, bool keep);

/* An address of the envelope without its angle brackets, of *len_out bytes. */
const char *
pm_message_bare(const char *text, size_t *len_out);

/*
 * Where the plan of the login wants to know recipients one by one: the last of
 * them, whose pt_strangers_hash() that is, joins those before it, if all of
 * these are known, too.
 */
void
pm_message_name_recipient(struct pm_message *message, uint64_t hash);

/* The last one was refused. */
void
pm_message_drop_recipient(struct pm_message *message);

/* The question for the rules; it points into the message. */
struct pt_message
pm_message_facts(const struct pm_message *message, enum pt_message_stage stage,
    bool trusted);

/* Is it refused for that reason for the first time? */
bool
pm_message_refuse(struct pm_message *message, enum pt_reason_id reason);

#endif
