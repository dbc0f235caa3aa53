/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Refusals of messages: counted once, and what comes of too many. */

#include <string.h>

#include "core/rules/external.h"
#include "core/rules/message_private.h"
#include "core/rules/penalty.h"
#include "core/rules/window.h"
#include "core/rules/would.h"

bool
pt_message_note_refusal(struct pt_activity *activity, enum pt_reason_id reason,
    uint32_t attempt, int64_t now)
{
	struct pt_refusals *refusals = &activity->refusals;
	unsigned i;

	for (i = 0; i < refusals->attempt_count; i++) {
		if (refusals->attempt[i] == attempt)
			return false;
	}
	if (refusals->attempt_count == PT_ATTEMPTS_MAX) {
		refusals->attempt_count--;
		memmove(refusals->attempt, refusals->attempt + 1,
		    refusals->attempt_count * sizeof(refusals->attempt[0]));
	}
	refusals->attempt[refusals->attempt_count++] = attempt;
	refusals->total++;
	refusals->last_at = now;
	refusals->last_reason = (unsigned char)reason;
	return true;
}

/*
 * The count begins anew, so that who has come back is not blocked again for
 * what was before.
 */
static void
block(const struct pt_judged *judged, uint64_t used)
{
	const struct pt_window *window =
	    &judged->plan->block_after_refusals.at[0];
	const struct pt_figures figures = {
	    .unit = PT_FIGURES_REFUSALS,
	    .used = used,
	    .limit = window->limit,
	    .seconds = window->seconds,
	};

	judged->activity->refused.count = 0;
	if (judged->config->mode == PT_MODE_OBSERVE ||
	    (judged->plan->observe & PT_OBSERVE_BLOCK_AFTER_REFUSALS) != 0) {
		pt_would_note_block(judged->activity, &figures, judged->now);
		judged->effects->would_block = (struct pt_verdict){
		    .code = PT_VERDICT_REFUSE,
		    .reason = PT_REASON_BLOCKED,
		    .block = PT_BLOCK_QUOTA,
		    .used = used,
		    .limit = window->limit,
		};
	} else {
		(void)pt_external_mark_block(judged->account, judged->activity,
		    PT_BLOCK_QUOTA, &figures, judged->now);
	}
}

/* Towards block_after_refusals. */
static void
count_towards_block(const struct pt_judged *judged)
{
	const struct pt_windows *windows = &judged->plan->block_after_refusals;
	struct pt_window_log *log = &judged->activity->refused;
	uint64_t used;

	if (windows->count == 0 || judged->message->trusted ||
	    !judged->account->exists || judged->account->access != PT_ACCESS_ON)
		return;
	pt_window_add(log, windows, 1, judged->now);
	used = pt_window_used(log, windows->at[0].seconds, judged->now);
	if (used > windows->at[0].limit)
		block(judged, used);
}

/*
 * What is only observed goes on to its end, where policyd and milter know it by
 * the same queue id, and is one message there.
 */
static bool
is_first(const struct pt_judged *judged, enum pt_reason_id reason)
{
	const struct pt_message *message = judged->message;
	bool observe = judged->config->mode == PT_MODE_OBSERVE;

	if (observe && message->stage != PT_MESSAGE_CHARGE)
		return false;
	return pt_message_note_refusal(judged->activity, reason,
	    observe ? message->hash : message->attempt, judged->now);
}

void
pt_message_count_refusal(
    const struct pt_judged *judged, struct pt_verdict *verdict)
{
	if (!is_first(judged, verdict->reason))
		return;
	judged->effects->activity_changed = true;
	if (pt_reason_get(verdict->reason)->limit == PT_LIMIT_SENDING)
		count_towards_block(judged);
	if (verdict->reason == PT_REASON_PENALTY &&
	    pt_penalty_extend(judged->plan, judged->activity, judged->now))
		*verdict = pt_penalty_look(
		    judged->plan, judged->activity, judged->now);
}
