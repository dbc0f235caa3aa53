/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The whole rule for a message, in this order: access, envelope sender,
 * recipients, size, windows.  One entry for every program and stage.
 */
#ifndef PT_RULES_MESSAGE_H
#define PT_RULES_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config/config.h"
#include "core/rules/sender.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"
#include "core/state/activity.h"

enum pt_message_stage {
	PT_MESSAGE_LOOK,   /* RCPT, DATA: nothing is charged */
	PT_MESSAGE_CHARGE, /* end of message */
};

struct pt_message {
	enum pt_message_stage stage;
	uint32_t hash;      /* of its queue id: it is charged once */
	uint32_t attempt;   /* of its instance: a refusal counts once */
	const char *sender; /* envelope sender; "" is the null sender */
	size_t sender_len;
	enum pt_owned sender_by_maps; /* what the maps say of the sender */
	uint64_t recipients;          /* known so far, at least 1 */
	uint64_t size;                /* bytes; 0 when not known yet */
	bool encrypted;
	bool trusted;
};

/*
 * Judges, and changes the activity: the charge when it is permitted at
 * PT_MESSAGE_CHARGE, the count of refusals (once a message) when it is not.
 * changed_out: must the activity be written back?
 */
struct pt_verdict
pt_message_judge(const struct pt_config *config,
    const struct pt_account *account, struct pt_activity *activity,
    const struct pt_message *message, int64_t now, bool *changed_out);

/*
 * The message is refused for a reason that was found elsewhere (its header):
 * it is counted among the refusals, and if it was charged before, by whichever
 * program, the charge is taken back.  True if there was one.  The activity
 * must be written back in any case.
 */
bool
pt_message_refuse(struct pt_activity *activity,
    const struct pt_message *message, enum pt_reason_id reason, int64_t now);

#endif
