/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The end of a message, the last of the stages. */

#include <string.h>

#include "core/base/clock.h"
#include "milter/judge.h"
#include "milter/message_id.h"
#include "milter/rewrite.h"
#include "milter/stages.h"
#include "milter/verdict.h"

/*
 * What the maps say of the addresses that are not the login's plainly.  A map
 * that is down may cost seconds, so then the others are not asked for.
 */
static void
ask_maps(const struct pm_session *session, enum pt_owned *by_maps)
{
	const struct pm_snapshot *snapshot = session->snapshot;
	const struct pm_message *message = &session->message;
	const struct pt_login *address;
	bool is_down = false;
	struct pt_err err;
	unsigned i;

	for (i = 0; i < message->from.count; i++) {
		address = &message->from.addresses[i].login;
		by_maps[i] = is_down ? PT_OWNED_UNKNOWN : PT_OWNED_NO;
		if (is_down || pt_sender_owns_plainly(&snapshot->config->sender,
				   &message->login, address))
			continue;
		by_maps[i] = pt_maps_owns(
		    snapshot->maps, &message->login, address, &err);
		is_down = by_maps[i] == PT_OWNED_UNKNOWN;
		if (is_down)
			pm_report_error(
			    &session->filter->report, "map-unavailable", &err);
	}
}

/* A name for the message, so that a bounce can be tied to it. */
static void
name_message(struct pm_session *session, char *id, size_t cap)
{
	struct pm_message *message = &session->message;

	id[0] = '\0';
	if (message->has_message_id || !session->snapshot->wants_bounces ||
	    !session->may_add)
		return;
	if (pm_message_id_make(&message->login, id, cap) != 0) {
		id[0] = '\0';
		return;
	}
	message->message_id =
	    pt_bounce_message_hash(session->filter->door.key, id, strlen(id));
}

/*
 * If the records can be used but for the evidence, which only a bounce would
 * want, the message goes without.
 */
static int
update_records(struct pm_session *session, struct pm_end *end)
{
	struct pm_filter *filter = session->filter;
	const struct pt_login *login = &session->message.login;
	struct pt_update update = {
	    .login = login,
	    .evidence = session->snapshot->wants_bounces,
	    .wants_signals = pm_judge_end_wants_signals,
	    .fn = pm_judge_end_update,
	    .arg = end,
	};
	struct pt_err err;

	if (pm_door_update(&filter->door, &update, &err) == 0)
		return 0;
	pm_report_failed(&filter->report, login->text, &err);
	if (!update.evidence ||
	    (err.kind != PT_ERR_DAMAGED && err.kind != PT_ERR_NEWER))
		return -1;
	update.evidence = false;
	return pm_door_update(&filter->door, &update, &err);
}

/*
 * Where the state cannot be used, what policyd charged stays charged, because
 * a refund would need the state; the message comes again under another queue
 * id and is charged anew.
 */
static void
judge(struct pm_session *session, struct pm_end *end)
{
	const struct pm_snapshot *snapshot = session->snapshot;
	struct pm_message *message = &session->message;
	enum pt_owned by_maps[PT_FROM_ADDRESSES_MAX];

	end->is_plain =
	    pt_from_is_plain(&message->from, snapshot->config, &message->login);
	if (!end->is_plain && snapshot->maps != NULL) {
		ask_maps(session, by_maps);
		end->by_maps = by_maps;
	}
	if (update_records(session, end) == 0)
		return;
	end->verdict = pm_judge_unavailable();
	end->effects = (struct pt_message_effects){.activity_changed = false};
	end->by_header = false;
	end->mend = false;
	end->refunded = false;
}

static void
count(struct pm_session *session, const struct pt_verdict *verdict)
{
	struct pm_report *report = &session->filter->report;

	if (verdict->code == PT_VERDICT_PERMIT)
		pm_report_count(report, verdict->repeated
					    ? &report->counters.repeated
					    : &report->counters.permitted);
}

/* The header first, as it is against before anything else is. */
static enum pm_step
say(struct pm_session *session, const struct pm_mta *mta,
    const struct pm_end *end)
{
	struct pm_found found = {
	    .stage = "eom",
	    .now = end->now,
	    .header = &end->header,
	    .size = end->message.size,
	    .rewritten = end->mend,
	    .refunded = end->by_header && end->refunded,
	};
	enum pm_step step;

	if (end->header.verdict.code != PT_VERDICT_PERMIT) {
		step =
		    pm_verdict_say(session, mta, &end->header.verdict, &found);
		if (end->by_header)
			return step;
	}
	found.header = NULL;
	found.rewritten = false;
	found.refunded = end->refunded;
	found.effects = &end->effects;
	step = pm_verdict_say(session, mta, &end->verdict, &found);
	count(session, &end->verdict);
	return step;
}

static enum pm_step
end_of_login(struct pm_session *session, const struct pm_mta *mta)
{
	struct pm_message *message = &session->message;
	const struct pt_config *config = session->snapshot->config;
	char id[PM_MESSAGE_ID_MAX];
	struct pm_end end = {
	    .config = config,
	    .now = pt_clock_now(),
	    .from = &message->from,
	    .header = {.verdict = {.code = PT_VERDICT_PERMIT}},
	};
	enum pm_step step;

	/* In observe mode it is still here, and was logged at RCPT. */
	if (!message->has_login)
		return config->mode == PT_MODE_OBSERVE ? PM_STEP_ACCEPT
						       : PM_STEP_TEMPFAIL;
	name_message(session, id, sizeof(id));
	end.message =
	    pm_message_facts(message, PT_MESSAGE_CHARGE, session->is_trusted);
	end.message.client = session->client_hash;
	end.sent = (struct pt_bounce_sent){
	    .message = message->message_id,
	    .recipient_bits = message->recipient_bits,
	    .recipients = (unsigned)end.message.recipients,
	};
	judge(session, &end);
	step = say(session, mta, &end);
	if (step != PM_STEP_CONTINUE)
		return step;
	if (config->mode == PT_MODE_ENFORCE) {
		if (end.mend)
			pm_rewrite_from(session, mta);
		else
			pm_rewrite_remove(
			    session, mta, end.header.remove_fields);
	}
	if (id[0] != '\0')
		pm_rewrite_add(session, mta, "Message-ID", id);
	return PM_STEP_CONTINUE;
}

enum pm_step
pm_stages_end(struct pm_session *session, const struct pm_mta *mta)
{
	const char *queue_id = mta->macro(mta->arg, "i");
	enum pm_step step = PM_STEP_CONTINUE;

	if (queue_id != NULL)
		pm_message_set_queue_id(&session->message, queue_id);
	switch (session->message.kind) {
	case PM_KIND_LOGIN:
		step = end_of_login(session, mta);
		break;
	case PM_KIND_BOUNCE:
		pm_bounce_watch_end(session->bounce, session->filter,
		    session->snapshot, pt_clock_now());
		break;
	case PM_KIND_NONE:
		if (session->is_late)
			step = PM_STEP_TEMPFAIL;
		break;
	}
	pm_session_end_message(session);
	return step;
}
