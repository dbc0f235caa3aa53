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
#include "core/base/network.h"
#include "core/config/plan.h"
#include "core/state/figures.h"
#include "core/state/words.h"

#define PT_NOTE_MAX     127
#define PT_LANGUAGE_MAX 15
#define PT_TIMEZONE_MAX 47

#define PT_PASSWORDS_MAX         32 /* that live, an account */
#define PT_TOMBSTONES_MAX        32 /* ended ones that are remembered */
#define PT_PASSWORD_SALT_BYTES   16
#define PT_PASSWORD_HASH_BYTES   32
#define PT_PASSWORD_LABEL_MAX    63
#define PT_PASSWORD_NETWORKS_MAX 4

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

/* External access: IMAP, POP3 and SMTP from mail programs.  Stored. */
enum pt_access {
	PT_ACCESS_NEVER = 0, /* never switched on: denied until wanted */
	PT_ACCESS_ON = 1,
	PT_ACCESS_OFF = 2,
};

/* Why an app password ended.  Stable numbers: they are stored. */
enum pt_ending {
	PT_ENDING_NONE = 0,     /* it lives */
	PT_ENDING_REVOKED = 1,  /* this one alone */
	PT_ENDING_DISABLED = 2, /* external access was switched off */
	PT_ENDING_BLOCKED = 3,  /* ending_block says for which reason */
	PT_ENDING_CHANGED = 4,  /* the main password was changed */
	PT_ENDING_EXPIRED = 5,  /* its time was over */
};

/*
 * An app password.  The secret itself is nowhere: only its salted hash
 * (core/rules/password.h).  One that has ended stays for a while as a
 * tombstone, so that who still uses it can be told why it ended.
 */
struct pt_password {
	uint32_t id;        /* from 1 on; never given twice in an account */
	unsigned protocols; /* enum pt_protocol, or-ed; never 0 */
	int64_t created_at;
	int64_t expires_at; /* 0: never */
	int64_t ended_at;   /* 0: it lives */
	enum pt_ending ending;
	enum pt_block_reason ending_block; /* for PT_ENDING_BLOCKED */
	unsigned network_count;            /* 0: usable from anywhere */
	struct pt_network networks[PT_PASSWORD_NETWORKS_MAX];
	unsigned char hash[PT_PASSWORD_HASH_BYTES];
	char label[PT_PASSWORD_LABEL_MAX + 1]; /* "Phone"; may be "" */
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

/* Notices of the last day, so that they are not too many. */
struct pt_notice_count {
	int64_t since; /* 0: none */
	uint32_t count;
};

/*
 * What was carried over from the activity record last (core/rules/external.h),
 * known by its kind and the stamp of its mark: who dies between the two
 * updates of that finds the mark again, and neither blocks nor tells twice.
 */
struct pt_carried {
	unsigned char block; /* enum pt_block_reason; 0: none yet */
	int64_t block_at;
	unsigned char notice; /* enum pt_notice_kind; 0: none yet */
	int64_t notice_at;
};

struct pt_account {
	struct pt_login login;
	bool exists; /* there is a record */
	int64_t created_at;
	char plan[PT_PLAN_NAME_MAX + 1]; /* "": default_plan */
	/* A plan that is on its way (plan_delay); "": none. */
	char next_plan[PT_PLAN_NAME_MAX + 1];
	int64_t next_plan_at; /* it holds from then on */
	enum pt_status status;
	char language[PT_LANGUAGE_MAX + 1]; /* "": the provider's first */
	char timezone[PT_TIMEZONE_MAX + 1]; /* "": the provider's */
	struct pt_mark lock;                /* sending lock */
	enum pt_block_reason block_reason;
	struct pt_mark block;
	struct pt_figures block_figures;
	struct pt_notice_count notices;
	struct pt_carried carried;
	int64_t unused_told_at; /* that access is about to end; 0: not */
	struct pt_grant grant;
	enum pt_access access;
	int64_t access_at;         /* switched on or off; 0: never */
	unsigned protocols;        /* that the owner switched on, or-ed */
	int64_t main_password_at;  /* when it was changed; 0: unknown */
	uint32_t last_password_id; /* that was ever given */
	unsigned char salt[PT_PASSWORD_SALT_BYTES]; /* zero: none needed yet */
	unsigned password_count;                    /* tombstones included */
	struct pt_password passwords[PT_PASSWORDS_MAX + PT_TOMBSTONES_MAX];
	struct pt_words overrides; /* "messages=50/1h" */
	struct pt_words senders;   /* addresses, "@domain" */
};

/* A login that has no record (yet). */
void
pt_account_init(struct pt_account *account, const struct pt_login *login);

/* "quota", "cracked" ...; NULL for a number that has no name. */
const char *
pt_block_reason_name(enum pt_block_reason reason);

/* "none", "revoked" ...; NULL for a number that has no name. */
const char *
pt_ending_name(enum pt_ending ending);

#endif
