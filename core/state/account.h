/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The account record: what the postmaster and the owner decided.  It lives
 * in the accounts environment, every change of it is durable, and a login
 * without a record has the defaults.  Rules read this struct; only the store
 * moves it to and from the disk (account_codec.h).
 */
#ifndef PT_STATE_ACCOUNT_H
#define PT_STATE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/config/plan.h"
#include "core/state/words.h"

#define PT_NOTE_MAX     127
#define PT_LANGUAGE_MAX 15

enum pt_status {
	PT_STATUS_ACTIVE,
	PT_STATUS_INACTIVE, /* the provider closed the mailbox */
};

/* Stable numbers: they are stored.  The names are in account.c. */
enum pt_block_reason {
	PT_BLOCK_NONE = 0,
	PT_BLOCK_QUOTA = 1,
	PT_BLOCK_CRACKED = 2,
	PT_BLOCK_CONNECTIONS = 3,
	PT_BLOCK_INACTIVE = 4,
	PT_BLOCK_UNUSED = 5,
	PT_BLOCK_ABUSE = 6,
	PT_BLOCK_ADMIN = 7,
};

/* A decision with its time and the postmaster's words. */
struct pt_mark {
	int64_t at; /* 0: not decided */
	char note[PT_NOTE_MAX + 1];
};

/* Messages beyond the windows, once: "amount" in all until "until". */
struct pt_grant {
	int64_t until; /* 0: none */
	uint64_t amount;
	uint32_t id; /* changes with each grant, so that use is counted anew */
};

struct pt_account {
	struct pt_login login;
	bool exists; /* there is a record */
	int64_t created_at;
	char plan[PT_PLAN_NAME_MAX + 1]; /* "": default_plan */
	enum pt_status status;
	char language[PT_LANGUAGE_MAX + 1];
	struct pt_mark lock; /* sending lock */
	enum pt_block_reason block_reason;
	struct pt_mark block;
	struct pt_grant grant;
	struct pt_words overrides; /* "messages=50/1h" */
	struct pt_words senders;   /* addresses, "@domain" */
};

/* A login that has no record (yet). */
void
pt_account_init(struct pt_account *account, const struct pt_login *login);

/* "quota", "cracked" ...; NULL for a number that has no name. */
const char *
pt_block_reason_name(enum pt_block_reason reason);

#endif
