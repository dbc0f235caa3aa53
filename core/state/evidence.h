/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The evidence record: what the milter noted of the mail that an account
 * really sent, so that a bounce can be tied to it.  It lives in the activity
 * environment, apart from the activity record, because only the milter needs
 * it.  Times are wall-clock seconds.
 *
 * Hashes are keyed with a secret of the state: nobody outside can make one.
 */
#ifndef PT_STATE_EVIDENCE_H
#define PT_STATE_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/state/activity.h"

#define PT_SENT_MAX 64

/* A message that was sent. */
struct pt_sent {
	uint64_t message;    /* hash of its Message-ID */
	uint64_t recipients; /* a bit for the hash of each recipient */
	unsigned left;       /* bounces that it may still prove, <= 65535 */
};

struct pt_evidence {
	struct pt_login login;
	bool exists;
	unsigned sent_count;
	struct pt_sent sent[PT_SENT_MAX]; /* oldest first */
	struct pt_window_log sent_log;    /* recipients sent to */
	struct pt_window_log bounce_log;  /* recipients that bounced */
	uint64_t bounces_total;           /* that counted, ever */
	int64_t last_bounce_at;           /* 0: never */
};

/* Empty, without touching the arrays that the counts make unreachable. */
void
pt_evidence_init(struct pt_evidence *evidence, const struct pt_login *login);

/* As pt_activity_settle(): no stamp lies after now.  Was any changed? */
bool
pt_evidence_settle(struct pt_evidence *evidence, int64_t now);

#endif
