/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The parts of the rule for a message.  Internal to message*.c. */
#ifndef PT_RULES_MESSAGE_PRIVATE_H
#define PT_RULES_MESSAGE_PRIVATE_H

#include "core/rules/message.h"

/* What all parts of a judgement need. */
struct pt_judged {
	const struct pt_config *config;
	const struct pt_plan *plan;
	const struct pt_account *account;
	struct pt_activity *activity;
	struct pt_signals *signals; /* NULL: not wanted */
	const struct pt_message *message;
	int64_t now;
	struct pt_message_effects *effects;
};

/* Signals, windows and penalty: the look or the charge, with what it brings
 * about. */
struct pt_verdict
pt_message_judge_limits(const struct pt_judged *judged);

/* Counts a refusal, once a message, with what that brings about; may move the
 * end of the verdict's penalty. */
void
pt_message_count_refusal(
    const struct pt_judged *judged, struct pt_verdict *verdict);

/* The same for the record alone; was it the first of the message? */
bool
pt_message_note_refusal(struct pt_activity *activity, enum pt_reason_id reason,
    uint32_t attempt, int64_t now);

/* Notes what is only observed, before the refusal is counted. */
void
pt_message_note_would(
    const struct pt_judged *judged, const struct pt_verdict *verdict);

#endif
