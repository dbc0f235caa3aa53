/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/explain.h"

#include <inttypes.h>

#include "core/base/span.h"
#include "core/rules/account_plan.h"
#include "core/rules/figures.h"
#include "core/rules/quota.h"
#include "core/rules/reason.h"
#include "core/service/queue_order.h"
#include "ctl/access.h"
#include "ctl/fill.h"
#include "ctl/names.h"

static void
say_plan(struct pc_explain *ex)
{
	const struct pt_account *account = ex->account;
	int64_t now = ex->call->now;
	const char *name = pc_name_plan(ex->call->config, account, now);

	pt_text_add(&ex->text, name);
	if (pt_account_plan_name(account, now)[0] == '\0')
		pt_text_add(&ex->text, " (the default)");
	if (ex->plan == NULL)
		pt_text_add(&ex->text,
		    pt_config_plan(ex->call->config, name) == NULL
			? ": not in the configuration"
			: ": with an override that this version does not "
			  "know");
	pc_explain_end(ex, "plan");
	if (!pc_name_has_next_plan(account, now))
		return;
	pt_text_addf(&ex->text, "%s from ", account->next_plan);
	pc_explain_add_time(ex, account->next_plan_at);
	pt_text_addf(&ex->text,
	    " on; posternctl set %s plan=%s --now does not wait for that",
	    account->login.text, account->next_plan);
	pc_explain_end(ex, "next plan");
}

static void
add_mark(struct pc_explain *ex, const struct pt_mark *mark)
{
	if (mark->at != 0) {
		pt_text_add(&ex->text, "since ");
		pc_explain_add_time(ex, mark->at);
	}
	if (mark->note[0] != '\0')
		pt_text_addf(&ex->text, ": %s", mark->note);
}

/* "quota since 14:05:10 UTC, after 52 refused messages in ...: the note" */
static void
say_block(struct pc_explain *ex)
{
	const struct pt_account *account = ex->account;
	char figures[PT_FIGURES_TEXT_MAX];

	if (account->block_reason == PT_BLOCK_NONE) {
		pc_explain_say(ex, "block", "none");
		return;
	}
	pt_figures_words(&account->block_figures, figures, sizeof(figures));
	pt_text_addf(&ex->text, "%s since ",
	    pt_block_reason_name(account->block_reason));
	pc_explain_add_time(ex, account->block.at);
	if (figures[0] != '\0')
		pt_text_addf(&ex->text, ", after %s", figures);
	if (account->block.note[0] != '\0')
		pt_text_addf(&ex->text, ": %s", account->block.note);
	if (ex->is_block_pending)
		pt_text_add(&ex->text,
		    " (it holds; postern-keeper is about to write it down)");
	pc_explain_end(ex, "block");
}

static void
say_locks(struct pc_explain *ex)
{
	if (ex->account->lock.at == 0)
		pt_text_add(&ex->text, "none");
	add_mark(ex, &ex->account->lock);
	pc_explain_end(ex, "sending lock");
	say_block(ex);
	if (!pt_queue_order_is_wanted(
		ex->call->config, ex->account, ex->call->now))
		return;
	pt_text_addf(&ex->text, PC_ACCESS_MAY_HOLD, ex->account->login.text);
	pc_explain_end(ex, "queued mail");
}

static void
say_grant(struct pc_explain *ex)
{
	const struct pt_grant *grant = &ex->account->grant;
	uint64_t left =
	    pt_quota_grant_left(ex->account, ex->activity, ex->call->now);

	if (grant->until == 0) {
		pc_explain_say(ex, "grant", "none");
		return;
	}
	pt_text_addf(&ex->text, "+%" PRIu64 " until ", grant->amount);
	pc_explain_add_time(ex, grant->until);
	if (grant->until <= ex->call->now)
		pt_text_add(&ex->text, ", lapsed");
	else if (left == 0)
		pt_text_add(&ex->text, ", used up");
	else
		pt_text_addf(&ex->text, ", %" PRIu64 " left", left);
	pc_explain_end(ex, "grant");
}

static void
say_words(
    struct pc_explain *ex, const char *topic, const struct pt_words *words)
{
	const char *word = NULL;

	if (words->count == 0) {
		pc_explain_say(ex, topic, "none");
		return;
	}
	while ((word = pt_words_next(words, word)) != NULL)
		pc_explain_say(ex, topic, word);
}

void
pc_explain_account(struct pc_explain *ex)
{
	if (!ex->account->exists)
		pc_explain_say(ex, "record",
		    "none: nothing was ever decided about this account, so it "
		    "has the defaults");
	say_plan(ex);
	pc_explain_say(ex, "status", pc_name_status(ex->account->status));
	say_locks(ex);
	say_grant(ex);
	say_words(ex, "override", &ex->account->overrides);
	say_words(ex, "further sender", &ex->account->senders);
}

static void
add_amount(struct pc_explain *ex, bool is_size, uint64_t amount)
{
	char size[PT_SPAN_TEXT_MAX];

	if (is_size) {
		pt_size_format(amount, size, sizeof(size));
		pt_text_add(&ex->text, size);
	} else {
		pt_text_addf(&ex->text, "%" PRIu64, amount);
	}
}

void
pc_explain_fill(struct pc_explain *ex, const char *topic, bool is_size,
    const struct pc_fill *fill)
{
	char words[PT_SPAN_TEXT_MAX];

	pt_span_words(fill->window.seconds, words, sizeof(words));
	add_amount(ex, is_size, fill->used);
	pt_text_add(&ex->text, " of ");
	add_amount(ex, is_size, fill->window.limit);
	pt_text_addf(&ex->text, " in %s", words);
	if (fill->free_at < 0) {
		pt_text_add(&ex->text, ": nothing may pass");
	} else if (fill->free_at == 0) {
		pt_text_add(&ex->text, ", ");
		add_amount(ex, is_size, fill->left);
		pt_text_add(&ex->text, " left");
	} else {
		pt_text_add(&ex->text, ", full until ");
		pc_explain_add_time(ex, fill->free_at);
	}
	pc_explain_end(ex, topic);
}

static void
say_windows(struct pc_explain *ex)
{
	struct pc_fill fills[PC_FILLS_MAX];
	unsigned counted;
	size_t n;
	size_t i;

	if (ex->plan == NULL)
		return;
	n = pc_fill_all(ex->plan, ex->activity, ex->call->now, fills);
	for (i = 0; i < n; i++)
		pc_explain_fill(ex, pt_counted_name(fills[i].counted),
		    fills[i].counted == PT_COUNT_BYTES, &fills[i]);
	for (counted = 0; counted < PT_COUNTED; counted++) {
		if (pt_quota_windows(ex->plan, (enum pt_counted)counted)
			->count == 0)
			pc_explain_say(
			    ex, pt_counted_name(counted), "no limit");
	}
}

static void
say_last_sent(struct pc_explain *ex)
{
	const struct pt_activity *activity = ex->activity;
	uint64_t messages = activity->total[PT_COUNT_MESSAGES];

	if (activity->last_sent_at == 0) {
		pc_explain_say(ex, "last sent", "never");
		return;
	}
	pc_explain_add_time(ex, activity->last_sent_at);
	pt_text_addf(&ex->text, "; %" PRIu64 " %s in all", messages,
	    messages == 1 ? "message" : "messages");
	pc_explain_end(ex, "last sent");
}

static void
say_last_refusal(struct pc_explain *ex)
{
	const struct pt_refusals *refusals = &ex->activity->refusals;
	const struct pt_reason *reason;

	if (refusals->last_at == 0) {
		pc_explain_say(ex, "last refusal", "never");
		return;
	}
	reason = pt_reason_get((enum pt_reason_id)refusals->last_reason);
	pc_explain_add_time(ex, refusals->last_at);
	pt_text_addf(&ex->text, ", %s (%d %s); %" PRIu64 " %s refused in all",
	    reason->name, reason->smtp, reason->status, refusals->total,
	    refusals->total == 1 ? "message" : "messages");
	pc_explain_end(ex, "last refusal");
}

void
pc_explain_activity(struct pc_explain *ex)
{
	say_windows(ex);
	say_last_sent(ex);
	say_last_refusal(ex);
}
