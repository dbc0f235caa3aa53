/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A plan: the named set of limits of a plan block, as a flat struct so that a
 * copy of it can be overridden for one account.
 *
 * Every plan key can be set in a plan block of postern.conf and for one
 * account (pt_plan_override()).  The table of keys is core/config/keys.h.
 */
#ifndef PT_CONFIG_PLAN_H
#define PT_CONFIG_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/config/limit.h"

#define PT_PLAN_NAME_MAX 32

enum pt_protocol {
	PT_PROTOCOL_IMAP = 1 << 0,
	PT_PROTOCOL_POP3 = 1 << 1,
	PT_PROTOCOL_SMTP = 1 << 2,
};

enum pt_imap_check {
	PT_IMAP_CHECK_HOLD,
	PT_IMAP_CHECK_REFUSE,
	PT_IMAP_CHECK_OFF,
};

/* A number that may be "no limit". */
struct pt_limit {
	bool on;
	uint64_t value; /* a count, bytes or seconds: its key says which */
};

/* "4/1h for 2d after 90/1d". */
struct pt_penalty {
	bool on;
	struct pt_window window; /* of messages, while it lasts */
	int64_t seconds;         /* how long it lasts */
	struct pt_window after;  /* so many messages bring it about */
};

/* What a plan only watches (key "observe"): it is worked out and logged, and
 * nothing is done. */
enum pt_observe {
	PT_OBSERVE_PENALTY = 1 << 0,
	PT_OBSERVE_CLIENT_ADDRESSES = 1 << 1,
	PT_OBSERVE_NEW_RECIPIENTS = 1 << 2,
	PT_OBSERVE_BLOCK_AFTER_REFUSALS = 1 << 3,
	PT_OBSERVE_GUESSES = 1 << 4,
	PT_OBSERVE_BOUNCE_MIN = 1 << 5,
	PT_OBSERVE_LOGINS_FACTOR = 1 << 6,
	PT_OBSERVE_UNUSED_AFTER = 1 << 7,
};

enum pt_on_block {
	PT_ON_BLOCK_NONE,
	PT_ON_BLOCK_HOLD_QUEUE,
};

struct pt_plan {
	char name[PT_PLAN_NAME_MAX + 1];
	unsigned protocols; /* enum pt_protocol, or-ed */
	struct pt_windows messages;
	struct pt_windows recipients;
	struct pt_windows bytes;
	struct pt_limit recipients_per_message;
	struct pt_limit message_size; /* bytes */
	struct pt_limit mail_check;   /* seconds */
	enum pt_imap_check imap_check;
	struct pt_penalty penalty;
	bool penalty_extend;
	struct pt_windows client_addresses; /* at most one; none: off */
	struct pt_windows new_recipients;   /* at most one; none: off */
	struct pt_limit warn_at;            /* percent */
	struct pt_windows logins;
	struct pt_limit logins_factor;
	struct pt_limit sessions;
	struct pt_windows download;             /* bytes */
	struct pt_windows upload;               /* bytes */
	struct pt_windows block_after_refusals; /* at most one */
	struct pt_windows guesses;              /* at most one */
	struct pt_windows bounce_min;           /* at most one; none: off */
	struct pt_limit bounce_share;           /* percent */
	struct pt_limit unused_after;           /* seconds */
	struct pt_limit activation_delay;       /* seconds */
	struct pt_limit plan_delay;             /* seconds */
	struct pt_limit check_burst;            /* seconds */
	bool password_change_ends; /* the main one; what ends: app passwords */
	enum pt_on_block on_block;
	unsigned observe; /* enum pt_observe, or-ed */
};

/* All defaults of the table, under that name. */
void
pt_plan_defaults(struct pt_plan *plan, const char *name);

/*
 * Sets one key from text as it stands after "KEY=" on posternctl's command
 * line: list items separated by commas ("5/1m,15/1h"), "unlimited" for no
 * limit.  PT_ERR_INPUT names the key, what is wrong and what is expected; an
 * unknown key comes with the nearest known one.
 */
int
pt_plan_override(struct pt_plan *plan, const char *key, const char *value,
    struct pt_err *err);

/* The value in that same form; pt_plan_override() reads it back. */
int
pt_plan_format(
    const struct pt_plan *plan, const char *key, char *buf, size_t cap);

/*
 * What no key shows alone: do the limits contradict each other?  PT_ERR_CONFIG;
 * the text names the key and says what to do.
 */
int
pt_plan_check(const struct pt_plan *plan, struct pt_err *err);

#endif
