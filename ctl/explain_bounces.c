/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* explain, the part about bounces as evidence of a cracked account. */

#include <inttypes.h>

#include "core/base/span.h"
#include "core/rules/window.h"
#include "ctl/explain.h"

/* Of the plan's bounce_min and bounce_share. */
struct bounces {
	const struct pt_window *window;
	uint64_t share; /* percent */
	uint64_t sent;  /* recipients, in the period */
	uint64_t bounced;
};

/* How many of them reach the share that the plan sets. */
static uint64_t
enough_for_share(const struct bounces *b)
{
	uint64_t rest = b->sent % 100;

	/* Not sent * share / 100, which might be too large. */
	return b->sent / 100 * b->share + (rest * b->share + 99) / 100;
}

/* One more at least: nothing is decided without a bounce. */
static uint64_t
missing(const struct bounces *b)
{
	uint64_t enough = enough_for_share(b);

	if (enough < b->window->limit)
		enough = b->window->limit;
	return enough > b->bounced ? enough - b->bounced : 1;
}

static void
say_counts(struct pc_explain *ex, const struct bounces *b)
{
	char period[PT_SPAN_TEXT_MAX];

	pt_span_words(b->window->seconds, period, sizeof(period));
	pt_text_addf(&ex->text,
	    "%" PRIu64 " of %" PRIu64 " %s that mail was sent to in %s",
	    b->bounced, b->sent, b->sent == 1 ? "recipient" : "recipients",
	    period);
	if (b->sent > 0 && b->bounced <= UINT64_MAX / 100)
		pt_text_addf(
		    &ex->text, " (%" PRIu64 " %%)", b->bounced * 100 / b->sent);
	if (b->sent == 0)
		pt_text_add(&ex->text, ": nothing can block the account");
	else
		pt_text_addf(&ex->text,
		    "; %" PRIu64 " more would block the account (from %" PRIu64
		    " and %" PRIu64 " %% on)",
		    missing(b), b->window->limit, b->share);
	pc_explain_end(ex, "bounces");
}

static void
say_last(struct pc_explain *ex, const struct pt_evidence *evidence)
{
	uint64_t total = evidence->bounces_total;

	if (evidence->last_bounce_at == 0)
		return;
	pc_explain_add_time(ex, evidence->last_bounce_at);
	pt_text_addf(&ex->text, "; %" PRIu64 " in all", total);
	pc_explain_end(ex, "last bounce");
}

void
pc_explain_bounces(struct pc_explain *ex)
{
	const struct pt_plan *plan = ex->plan;
	struct pt_evidence evidence;
	struct bounces b;
	struct pt_err err;

	if (plan == NULL)
		return;
	if (plan->bounce_min.count == 0) {
		pc_explain_say(ex, "bounces", "not counted in this plan");
		return;
	}
	/* It decides nothing now, and hides nothing else. */
	if (pt_store_read_evidence(
		ex->call->store, &ex->account->login, &evidence, &err) != 0) {
		pc_explain_say(ex, "bounces", err.text);
		return;
	}
	(void)pt_evidence_settle(&evidence, ex->call->now);
	b.window = &plan->bounce_min.at[0];
	b.share = plan->bounce_share.on ? plan->bounce_share.value : 100;
	b.sent = pt_window_used(
	    &evidence.sent_log, b.window->seconds, ex->call->now);
	b.bounced = pt_window_used(
	    &evidence.bounce_log, b.window->seconds, ex->call->now);
	say_counts(ex, &b);
	say_last(ex, &evidence);
}
