/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* explain: one login in plain words. */

#include <stdbool.h>

#include "core/base/clock.h"
#include "core/base/span.h"
#include "core/rules/message.h"
#include "core/rules/penalty.h"
#include "ctl/access.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/explain.h"
#include "ctl/handlers.h"

static void
start(struct pc_explain *ex)
{
	pt_text_init(&ex->text, ex->buf, sizeof(ex->buf));
}

void
pc_explain_end(struct pc_explain *ex, const char *topic)
{
	pc_output_text(ex->call->out, topic);
	pc_output_text(ex->call->out, ex->buf);
	start(ex);
}

void
pc_explain_say(struct pc_explain *ex, const char *topic, const char *text)
{
	pt_text_add(&ex->text, text);
	pc_explain_end(ex, topic);
}

void
pc_explain_add_time(struct pc_explain *ex, int64_t at)
{
	char time[PT_CLOCK_TEXT_MAX];

	pt_clock_format(at, ex->call->now, time, sizeof(time));
	pt_text_add(&ex->text, time);
}

/* Two figures are enough: nobody waits 3725 seconds. */
void
pc_explain_add_span(struct pc_explain *ex, int64_t seconds)
{
	char words[PT_SPAN_TEXT_MAX];
	int64_t unit = 1;

	if (seconds >= 2 * 86400)
		unit = 86400;
	else if (seconds >= 2 * 3600)
		unit = 3600;
	else if (seconds >= 2 * 60)
		unit = 60;
	pt_span_words((seconds + unit - 1) / unit * unit, words, sizeof(words));
	pt_text_add(&ex->text, words);
}

/*
 * The rule itself, asked about a message with one recipient that came now,
 * encrypted; on a copy, so that nothing is noted.
 */
static struct pt_verdict
judge(const struct pc_explain *ex, bool trusted)
{
	const struct pt_login *login = &ex->account->login;
	const struct pt_message message = {
	    .stage = PT_MESSAGE_LOOK,
	    .sender = login->text,
	    .sender_len = login->len,
	    .sender_by_maps = PT_OWNED_NO,
	    .recipients = 1,
	    .encrypted = true,
	    .trusted = trusted,
	};
	struct pt_activity activity = *ex->activity;
	struct pt_message_effects effects;
	struct pt_verdict verdict;
	struct pt_verdict recorded;

	/* The message is a new one, whatever its hash. */
	activity.recent_count = 0;
	verdict = pt_message_judge(ex->call->config, ex->account, &activity,
	    NULL, &message, ex->call->now, &effects);
	if (verdict.reason != PT_REASON_PENALTY)
		return verdict;
	/* Nobody has tried, so no term was extended. */
	recorded = pt_penalty_look(ex->plan, ex->activity, ex->call->now);
	verdict.until = recorded.until;
	verdict.term_until = recorded.term_until;
	return verdict;
}

/* Is it only that mail programs are kept out? */
static bool
may_webmail_send(const struct pc_explain *ex)
{
	return judge(ex, true).code == PT_VERDICT_PERMIT;
}

static void
say_verdict(struct pc_explain *ex)
{
	const struct pt_verdict *verdict = &ex->verdict;
	struct pt_reply_facts facts = {
	    .login = ex->account->login.text,
	    .sender = "",
	    .now = ex->call->now,
	};
	char reason[PT_REPLY_MAX];
	bool observe = ex->call->config->mode == PT_MODE_OBSERVE;
	const char *with;

	if (verdict->code == PT_VERDICT_PERMIT) {
		pt_text_addf(&ex->text, "%s may send now%s",
		    ex->account->login.text,
		    verdict->granted ? ", on a grant: the windows are full"
				     : "");
		pc_explain_end(ex, "answer");
		return;
	}
	with = may_webmail_send(ex) ? " with a mail program" : "";
	pt_reason_text(verdict, &facts, reason, sizeof(reason));
	if (observe)
		pt_text_addf(&ex->text,
		    "%s may send now, because mode is observe and no mail is "
		    "refused; in enforce mode it could not%s: %s",
		    ex->account->login.text, with, reason);
	else
		pt_text_addf(&ex->text, "%s cannot send now%s: %s",
		    ex->account->login.text, with, reason);
	pc_explain_end(ex, "answer");
	if (verdict->until == 0)
		return;
	pt_text_add(&ex->text, "the next message is accepted from ");
	pc_explain_add_time(ex, verdict->until);
	pt_text_add(&ex->text, " on, in ");
	pc_explain_add_span(ex, verdict->until - ex->call->now);
	pc_explain_end(ex, "next");
}

/*
 * Counts of sessions hold only while the policyd that made them lives; use is
 * known since the state began.
 */
static int
read_lives(struct pc_explain *ex, struct pt_err *err)
{
	struct pt_life life;

	if (pt_store_get_life(ex->call->store, PT_LIFE_SESSIONS, &life, err) !=
	    0)
		return -1;
	ex->life = pt_store_life_at(&life, ex->call->now);
	return pt_store_begun(ex->call->store, &ex->begun, err);
}

enum pc_answer
pc_cmd_explain(struct pc_call *call, struct pt_err *err)
{
	struct pt_activity activity;
	struct pt_account account;
	struct pt_usage usage;
	struct pc_explain ex = {
	    .call = call,
	    .account = &account,
	    .activity = &activity,
	    .usage = &usage,
	};
	struct pt_err unknown_plan;
	struct pt_login login;
	struct pt_plan room;

	if (pc_call_login(call, 0, &login, err) != 0 ||
	    pc_call_read(call, &login, &account, &activity, &usage, err) != 0 ||
	    read_lives(&ex, err) != 0)
		return PC_FAILED;
	ex.is_block_pending = pc_access_foresee(call, &account, &activity);
	ex.plan = pc_call_plan(call, &account, &room, &unknown_plan);
	ex.verdict = judge(&ex, false);
	start(&ex);
	pc_output_begin(call->out, pc_columns_explain, false);
	say_verdict(&ex);
	pc_explain_remedy(&ex, &ex.verdict);
	pc_explain_logins(&ex);
	pc_explain_account(&ex);
	pc_explain_access(&ex);
	pc_explain_life(&ex);
	pc_explain_activity(&ex);
	pc_explain_limits(&ex);
	pc_explain_would(&ex);
	pc_explain_bounces(&ex);
	pc_explain_usage(&ex);
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}
