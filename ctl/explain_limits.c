/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* explain, the part about sending limits beside the windows. */

#include <inttypes.h>
#include <string.h>

#include "core/base/span.h"
#include "ctl/explain.h"
#include "ctl/limits.h"

static void
add_observed(struct pc_explain *ex, const struct pc_limit *limit)
{
	if (limit->is_observed)
		pt_text_add(&ex->text, " (only watched)");
}

static void
say_limit(struct pc_explain *ex, const struct pc_limit *limit)
{
	char words[PT_SPAN_TEXT_MAX];

	pt_span_words(limit->fill.window.seconds, words, sizeof(words));
	pt_text_addf(&ex->text, "%" PRIu64 " of %" PRIu64 " in %s",
	    limit->fill.used, limit->fill.window.limit, words);
	if (limit->until > 0) {
		pt_text_add(&ex->text, ", until ");
		pc_explain_add_time(ex, limit->until);
	}
	if (limit->fill.free_at < 0) {
		pt_text_add(&ex->text, ": nothing may pass");
	} else if (limit->fill.free_at > 0) {
		pt_text_add(&ex->text, ", full until ");
		pc_explain_add_time(ex, limit->fill.free_at);
	}
	if (strcmp(limit->name, "refusals") == 0)
		pt_text_add(&ex->text, "; more of them block the account");
	add_observed(ex, limit);
	pc_explain_end(ex, limit->topic);
}

void
pc_explain_limits(struct pc_explain *ex)
{
	const struct pt_login *login = &ex->account->login;
	struct pc_limit limits[PC_LIMITS_MAX];
	struct pt_signals signals;
	struct pt_err err;
	size_t n;
	size_t i;

	if (ex->plan == NULL)
		return;
	pt_signals_init(&signals, login);
	if (pc_limits_want_signals(ex->plan) &&
	    pt_store_read_signals(ex->call->store, login, &signals, &err) !=
		0) {
		pc_explain_say(ex, "signals", err.text);
		return;
	}
	(void)pt_signals_settle(&signals, ex->call->now);
	if (ex->plan->penalty.on &&
	    ex->activity->penalty.until <= ex->call->now)
		pc_explain_say(ex, "penalty", "none at the moment");
	n = pc_limits_all(
	    ex->plan, ex->activity, &signals, ex->call->now, limits);
	for (i = 0; i < n; i++)
		say_limit(ex, &limits[i]);
}
