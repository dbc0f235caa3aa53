/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/message.h"

#include <string.h>

#include "core/rules/access.h"
#include "core/rules/account_plan.h"
#include "core/rules/message_private.h"
#include "core/rules/quota.h"
#include "core/rules/sender.h"
#include "core/rules/single.h"
#include "core/rules/would.h"

static struct pt_verdict
judge_sender(const struct pt_config *config, const struct pt_account *account,
    const struct pt_message *message)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};

	switch (pt_sender_owns_envelope(&config->sender, account,
	    message->sender, message->sender_len, message->sender_by_maps)) {
	case PT_OWNED_YES:
		break;
	case PT_OWNED_NO:
		verdict.code = PT_VERDICT_REFUSE;
		verdict.reason = PT_REASON_SENDER_NOT_OWNED;
		break;
	case PT_OWNED_UNKNOWN:
		verdict.code = PT_VERDICT_DEFER;
		verdict.reason = PT_REASON_SENDER_UNAVAILABLE;
		break;
	}
	return verdict;
}

/* The limits of a single message. */
static struct pt_verdict
judge_single(const struct pt_plan *plan, const struct pt_message *message)
{
	const struct pt_charge charge = {
	    .amount = {1, message->recipients, message->size},
	};
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};

	for (size_t i = 0; verdict.code == PT_VERDICT_PERMIT; i++) {
		if (!pt_single_judge(plan, i, &charge, &verdict))
			break;
	}
	return verdict;
}

/* Everything but the windows. */
static struct pt_verdict
judge_standing(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_activity *activity,
    const struct pt_message *message, int64_t now)
{
	struct pt_access_facts facts = {
	    .now = now,
	    .encrypted = message->encrypted,
	    .trusted = message->trusted,
	};
	struct pt_verdict verdict;

	verdict = pt_access_send(config, plan, account, activity, &facts);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	verdict = judge_sender(config, account, message);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	return judge_single(plan, message);
}

static void
effects_init(struct pt_message_effects *effects)
{
	effects->activity_changed = false;
	effects->signals_changed = false;
	effects->would.reason = PT_REASON_NONE;
	effects->penalty.reason = PT_REASON_NONE;
	effects->would_block.reason = PT_REASON_NONE;
}

static bool
overrides_signals(const struct pt_words *overrides)
{
	static const char clients[] = "client_addresses=";
	static const char recipients[] = "new_recipients=";
	const char *word = NULL;

	while ((word = pt_words_next(overrides, word)) != NULL) {
		if (strncmp(word, clients, sizeof(clients) - 1) == 0 ||
		    strncmp(word, recipients, sizeof(recipients) - 1) == 0)
			return true;
	}
	return false;
}

/* An override may also switch it off; then a record is read for nothing. */
bool
pt_message_wants_signals(const struct pt_config *config,
    const struct pt_account *account, int64_t now)
{
	const struct pt_plan *plan =
	    pt_config_plan(config, pt_account_plan_name(account, now));

	if (plan == NULL)
		return false;
	return plan->client_addresses.count > 0 ||
	       plan->new_recipients.count > 0 ||
	       (account->overrides.count > 0 &&
		   overrides_signals(&account->overrides));
}

/* Most mail has nothing to note, and pays for this question alone. */
static void
note_would(const struct pt_judged *judged, const struct pt_verdict *verdict)
{
	if (judged->config->mode == PT_MODE_OBSERVE ||
	    judged->activity->observed.count > 0 ||
	    judged->effects->would.reason != PT_REASON_NONE)
		pt_message_note_would(judged, verdict);
}

struct pt_verdict
pt_message_judge(const struct pt_config *config,
    const struct pt_account *account, struct pt_activity *activity,
    struct pt_signals *signals, const struct pt_message *message, int64_t now,
    struct pt_message_effects *effects)
{
	struct pt_verdict verdict;
	struct pt_judged judged = {
	    config, NULL, account, activity, signals, message, now, effects};
	struct pt_plan room;

	effects_init(effects);
	effects->activity_changed = pt_activity_settle(activity, now);
	if (signals != NULL)
		effects->signals_changed = pt_signals_settle(signals, now);
	judged.plan = pt_account_plan(config, account, now, &room);
	if (judged.plan == NULL) {
		verdict = (struct pt_verdict){
		    .code = PT_VERDICT_DEFER,
		    .reason = PT_REASON_PLAN_UNKNOWN,
		};
		note_would(&judged, &verdict);
		return verdict;
	}
	verdict = judge_standing(
	    config, judged.plan, account, activity, message, now);
	if (verdict.code == PT_VERDICT_PERMIT)
		verdict = pt_message_judge_limits(&judged);
	note_would(&judged, &verdict);
	if (verdict.code == PT_VERDICT_PERMIT)
		return verdict;
	/* A message that is refused is not also watched. */
	effects->would.reason = PT_REASON_NONE;
	pt_message_count_refusal(&judged, &verdict);
	/* Of SMTP as such access.c knows. */
	if (account->next_plan[0] != '\0' && account->next_plan_at > now &&
	    pt_would_is_limit(verdict.reason))
		verdict.plan_from = account->next_plan_at;
	return verdict;
}

bool
pt_message_refuse(struct pt_activity *activity,
    const struct pt_message *message, enum pt_reason_id reason, int64_t now)
{
	(void)pt_activity_settle(activity, now);
	(void)pt_message_note_refusal(activity, reason, message->attempt, now);
	return pt_quota_refund(activity, message->hash, now);
}
