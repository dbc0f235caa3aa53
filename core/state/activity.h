/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The activity record: what an account did lately.  It lives in the activity
 * environment and is the record that every message rewrites, so it is small
 * (activity_sections.h).  Times are wall-clock seconds.
 */
#ifndef PT_STATE_ACTIVITY_H
#define PT_STATE_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/state/figures.h"

#define PT_WINDOW_LOG_MAX 32
#define PT_RECENT_MAX     32

/*
 * "amount" units that count as passed at "at".  An entry that stands for
 * several moments counts at the last of them; "since" is the first.
 */
struct pt_window_entry {
	int64_t at;
	int64_t since;
	uint64_t amount;
};

/* Oldest first, strictly ascending in "at".  See core/rules/window.h. */
struct pt_window_log {
	unsigned count;
	struct pt_window_entry entry[PT_WINDOW_LOG_MAX];
};

/* What is counted in windows. */
enum pt_counted {
	PT_COUNT_MESSAGES,
	PT_COUNT_RECIPIENTS,
	PT_COUNT_BYTES,
	PT_COUNTED,
};

/*
 * A charge of the last minutes, known by a short hash of its message, and
 * what it added, so that it can be taken back.
 */
struct pt_recent {
	int64_t at;
	uint32_t hash;
	bool granted; /* it passed on a grant and is in no window */
	/* Of messages it is always one.  0: an older Postern charged it. */
	uint64_t recipients;
	uint64_t bytes;
};

/* Short hashes of the last refused messages, so that each counts once. */
#define PT_ATTEMPTS_MAX 8

struct pt_refusals {
	uint64_t total;
	int64_t last_at;           /* 0: never */
	unsigned char last_reason; /* enum pt_reason_id */
	unsigned attempt_count;
	uint32_t attempt[PT_ATTEMPTS_MAX]; /* oldest first */
};

/*
 * A block that was decided where no disk may be waited for (Dovecot's auth
 * process): every rule honours it at once, and policyd carries it over into
 * the account record, which ends it here.
 */
struct pt_pending_block {
	unsigned char reason; /* enum pt_block_reason; 0: none */
	int64_t at;
	struct pt_figures figures;
};

/* A notice that was decided there, and is put into the outbox likewise. */
struct pt_pending_notice {
	unsigned char kind; /* enum pt_notice_kind; 0: none */
	int64_t at;
	int64_t until; /* 0: none */
	struct pt_figures figures;
};

/* A tighter window for a while (plan key "penalty"). */
struct pt_penalty_term {
	int64_t since; /* it began, or was extended last; 0: none */
	int64_t until;
};

/*
 * What of the account's mail would have been refused, had it not only been
 * observed: by reason, by what is counted, and by the length of its window.
 */
#define PT_WOULD_MAX 8

struct pt_would {
	unsigned char reason; /* enum pt_reason_id */
	uint64_t messages;    /* for it; of blocks: how many */
	int64_t first_at;     /* not after last_at */
	int64_t last_at;
	/*
	 * The limit then in force, and in "used" the highest amount that was
	 * reached; 0: unknown.  Without a unit nothing is counted.
	 */
	struct pt_figures peak;
};

/*
 * Short hashes of the last of these messages, so that each counts once: as many
 * as may be between policyd and the milter at one time.
 */
#define PT_WOULD_HASHES_MAX 32

struct pt_observed {
	unsigned count; /* 0: nothing was noted, and the rest means nothing */
	struct pt_would entry[PT_WOULD_MAX];
	unsigned hash_count;
	uint32_t hash[PT_WOULD_HASHES_MAX]; /* oldest first */
	/*
	 * All that went out, the messages included that were not charged
	 * because a limit stood against them; empty while there are none in
	 * the windows.
	 */
	struct pt_window_log passed[PT_COUNTED];
};

/* Older than that it tells nothing of today's traffic. */
#define PT_WOULD_KEEP_SECONDS ((int64_t)60 * 86400)

struct pt_activity {
	struct pt_login login;
	bool exists;
	struct pt_pending_block block;
	struct pt_pending_notice notice;
	struct pt_penalty_term penalty;
	int64_t limit_told_at; /* the notice "limit-soon"; 0: never */
	/* Messages that were refused for a sending limit. */
	struct pt_window_log refused;
	struct pt_window_log log[PT_COUNTED];
	unsigned recent_count;
	struct pt_recent recent[PT_RECENT_MAX]; /* oldest first */
	uint32_t grant_id;                      /* whose use is counted */
	uint64_t grant_used;
	uint64_t total[PT_COUNTED]; /* ever charged */
	int64_t last_sent_at;       /* 0: never */
	struct pt_refusals refusals;
	struct pt_observed observed;
};

/* Empty, without touching the arrays that the counts make unreachable. */
void
pt_activity_init(struct pt_activity *activity, const struct pt_login *login);

/* Nothing was observed. */
void
pt_activity_forget_observed(struct pt_activity *activity);

/*
 * Treats every stamp that lies after now as stamped now, so that a clock
 * that was set back locks nobody out.  What began then and lasts until a
 * time keeps its length.  What was observed is forgotten in time.  Was
 * anything changed?
 */
bool
pt_activity_settle(struct pt_activity *activity, int64_t now);

#endif
