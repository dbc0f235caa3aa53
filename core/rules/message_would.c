/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What is only observed, as it is noted: at the end of a message, because there
 * all is known, and each message comes there once with each program.
 */

#include "core/rules/message_private.h"
#include "core/rules/would.h"

/* In observe mode, of what was permitted. */
static void
note_charge(const struct pt_judged *judged, const struct pt_charge *charge,
    const struct pt_verdict *verdict)
{
	if (verdict->repeated || verdict->granted ||
	    judged->activity->observed.count == 0)
		return;
	if (pt_would_note_charge(
		judged->plan, judged->activity, charge, judged->now))
		judged->effects->activity_changed = true;
}

void
pt_message_note_would(
    const struct pt_judged *judged, const struct pt_verdict *verdict)
{
	const struct pt_message *message = judged->message;
	const struct pt_charge charge = {
	    .hash = message->hash,
	    .amount = {1, message->recipients, message->size},
	};
	bool observe = judged->config->mode == PT_MODE_OBSERVE;
	bool is_permitted = verdict->code == PT_VERDICT_PERMIT;

	if (message->stage != PT_MESSAGE_CHARGE)
		return;
	if (observe && is_permitted) {
		note_charge(judged, &charge, verdict);
	} else if (observe) {
		if (pt_would_note(judged->plan, judged->activity, &charge,
			verdict, judged->now))
			judged->effects->activity_changed = true;
	} else {
		pt_would_end(judged->activity);
	}
	if (is_permitted && judged->effects->would.reason != PT_REASON_NONE) {
		pt_would_note_watched(
		    judged->activity, &judged->effects->would, judged->now);
		judged->effects->activity_changed = true;
	}
}
