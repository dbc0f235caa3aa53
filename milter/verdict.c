/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/verdict.h"

static const char *
login_of(const struct pm_message *message)
{
	return message->has_login ? message->login.text : message->login_text;
}

/* Of what was only watched, as if it had been so in mode observe. */
static void
report_watched(struct pm_session *session, const struct pm_case *from,
    const struct pt_verdict *verdict)
{
	struct pm_case c = *from;

	c.verdict = verdict;
	c.observe = true;
	c.rewritten = false;
	c.refunded = false;
	c.is_first = pm_message_refuse(&session->message, verdict->reason);
	pm_report_case(&session->filter->report, &c);
}

static void
report_effects(struct pm_session *session, const struct pm_case *c,
    const struct pt_message_effects *effects)
{
	if (effects->would.reason != PT_REASON_NONE)
		report_watched(session, c, &effects->would);
	if (effects->would_block.reason != PT_REASON_NONE)
		report_watched(session, c, &effects->would_block);
	if (effects->penalty.reason != PT_REASON_NONE)
		pm_report_penalty(
		    c, &effects->penalty, effects->penalty_is_watched);
}

static void
report(struct pm_session *session, const struct pt_verdict *verdict,
    const struct pm_found *found, bool observe)
{
	struct pm_message *message = &session->message;
	const struct pt_from_verdict *header = found->header;
	struct pm_case c = {
	    .login = login_of(message),
	    .queue_id = message->queue_id,
	    .stage = found->stage,
	    .sender = message->sender,
	    .client = session->client,
	    .verdict = verdict,
	    .recipients = message->recipients,
	    .size = found->size,
	    .observe = observe,
	    .rewritten = found->rewritten,
	    .refunded = found->refunded,
	};

	if (header != NULL) {
		c.field = pt_from_field_name(header->field);
		c.detail = header->detail;
		if (header->address != NULL)
			c.address = header->address->text;
	}
	if (verdict->code != PT_VERDICT_PERMIT)
		c.is_first = pm_message_refuse(message, verdict->reason);
	pm_report_case(&session->filter->report, &c);
	if (found->effects != NULL)
		report_effects(session, &c, found->effects);
}

static void
reply(const struct pm_session *session, const struct pm_mta *mta,
    const struct pt_verdict *verdict, const struct pm_found *found)
{
	const struct pt_from_verdict *header = found->header;
	struct pt_reply_facts facts = {
	    .login = login_of(&session->message),
	    .sender = session->message.sender,
	    .help_url = session->snapshot->config->help_url,
	    .now = found->now,
	};
	struct pm_reply text;

	if (header != NULL) {
		facts.field = pt_from_field_name(header->field);
		facts.detail = header->detail;
		if (header->address != NULL)
			facts.address = header->address->text;
	}
	pm_reply_make(verdict, &facts, &text);
	mta->reply(mta->arg, &text);
}

enum pm_step
pm_verdict_say(struct pm_session *session, const struct pm_mta *mta,
    const struct pt_verdict *verdict, const struct pm_found *found)
{
	bool observe = session->snapshot->config->mode == PT_MODE_OBSERVE;

	report(session, verdict, found, observe);
	if (verdict->code == PT_VERDICT_PERMIT || observe || found->rewritten)
		return PM_STEP_CONTINUE;
	reply(session, mta, verdict, found);
	return verdict->code == PT_VERDICT_DEFER ? PM_STEP_TEMPFAIL
						 : PM_STEP_REJECT;
}
