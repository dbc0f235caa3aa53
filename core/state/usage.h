/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The usage record: what mail programs did to read mail lately.  It lives in
 * the activity environment, apart from the activity record, which every
 * message rewrites and which therefore stays small.  Written at logins (by
 * Dovecot's auth process), mail checks, sessions and traffic (by policyd).
 * Times are wall-clock seconds.
 */
#ifndef PT_STATE_USAGE_H
#define PT_STATE_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/config/plan.h"
#include "core/state/account.h"
#include "core/state/activity.h"

enum pt_traffic {
	PT_TRAFFIC_DOWN, /* from the server to the mail program */
	PT_TRAFFIC_UP,
	PT_TRAFFICS,
};

/* When, by which protocol and from where an app password was last used. */
struct pt_last_use {
	uint32_t password; /* its id */
	int64_t at;
	enum pt_protocol protocol;
	unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d; zero: unknown */
};

/* INBOX as all IMAP sessions of the account see it until a check is due. */
struct pt_view {
	int64_t checked_at;   /* the last IMAP mail check; 0: never */
	uint32_t uidvalidity; /* 0: no mailbox has been looked at yet */
	uint32_t uidnext;     /* messages below it are visible */
};

/*
 * Sessions that are open.  Only policyd counts them, and it gives each of
 * its lives a number: a count of another life is no count.
 */
struct pt_open_sessions {
	uint32_t life;
	uint32_t count;
};

/* Short hashes of the last wrong passwords, so that each counts once. */
#define PT_GUESSES_MAX 16

struct pt_usage {
	struct pt_login login;
	bool exists;
	struct pt_window_log logins;               /* each counts 1 */
	struct pt_window_log refused_logins;       /* beyond that limit */
	struct pt_window_log traffic[PT_TRAFFICS]; /* bytes */
	uint64_t logins_total;
	uint64_t traffic_total[PT_TRAFFICS];
	int64_t last_login_at;
	int64_t pop3_checked_at; /* 0: never */
	struct pt_view view;
	struct pt_open_sessions sessions;
	struct pt_window_log guesses; /* distinct wrong passwords */
	unsigned guess_count;
	uint32_t guess[PT_GUESSES_MAX]; /* oldest first */
	unsigned last_use_count;
	struct pt_last_use last_uses[PT_PASSWORDS_MAX]; /* ids ascend */
};

/* Empty, without touching the arrays that the counts make unreachable. */
void
pt_usage_init(struct pt_usage *usage, const struct pt_login *login);

/* As pt_activity_settle(): no stamp lies after now.  Was any changed? */
bool
pt_usage_settle(struct pt_usage *usage, int64_t now);

/* NULL if that app password was never used. */
const struct pt_last_use *
pt_usage_last(const struct pt_usage *usage, uint32_t password);

/* Notes a use; when there is no room the one that is longest ago goes. */
void
pt_usage_note(struct pt_usage *usage, const struct pt_last_use *use);

#endif
