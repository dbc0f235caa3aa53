/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The whole rule for a message, in this order: access, envelope sender, the
 * limits of a single message (single.h), client addresses, first-time
 * recipients, windows and penalty.  One entry for every program and stage.
 *
 * Refusals for a sending limit (the last three, and only outside trusted
 * networks) are counted, once a message; more of them than the plan's
 * block_after_refusals mark the account as blocked (external.h), if it has a
 * record and external access is on.
 *
 * What mode = observe and the plan's key observe only watch is worked out all
 * the same, down to the terms of a penalty, but nothing is marked: no block,
 * no notice.  A term that began while it was only watched holds once it is no
 * longer.  At the end of the message it is noted with the activity (would.h).
 * A refusal in observe mode is counted there, too: it does not end the message.
 */
#ifndef PT_RULES_MESSAGE_H
#define PT_RULES_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config/config.h"
#include "core/rules/sender.h"
#include "core/rules/strangers.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/signals.h"

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
	/* Wanted only for accounts that pt_message_wants_signals() names. */
	uint32_t client;       /* pt_clients_hash(); 0: not known */
	const uint64_t *named; /* pt_strangers_hash() of so many recipients */
	size_t named_count;
	uint64_t nameless; /* further ones; they count as strangers */
};

/* What a judgement did, and what it would have done. */
struct pt_message_effects {
	bool activity_changed; /* must the record be written back? */
	bool signals_changed;
	/* The verdict of what the plan only watches, on a message that was
	 * permitted; reason PT_REASON_NONE: there is none. */
	struct pt_verdict would;
	/* A term that this charge began: messages, their limit and window, and
	 * "until"; reason PT_REASON_NONE: none began. */
	struct pt_verdict penalty;
	bool penalty_is_watched; /* only */
	/* A block that is only observed, with its figures; likewise. */
	struct pt_verdict would_block;
};

/*
 * Does the account's plan limit client addresses or first-time recipients?
 * Then judge it with its signals record.
 */
bool
pt_message_wants_signals(const struct pt_config *config,
    const struct pt_account *account, int64_t now);

/*
 * Judges, and changes the activity: the charge and what follows from it when
 * it is permitted at PT_MESSAGE_CHARGE, the count of refusals (once a message)
 * when it is not.  signals NULL: those limits are not held against it.
 */
struct pt_verdict
pt_message_judge(const struct pt_config *config,
    const struct pt_account *account, struct pt_activity *activity,
    struct pt_signals *signals, const struct pt_message *message, int64_t now,
    struct pt_message_effects *effects);

/*
 * The message is refused for a reason that was found elsewhere (its header):
 * it is counted among the refusals, and if it was charged before, by whichever
 * program, the charge is taken back.  True if there was one.  The activity
 * must be written back in any case.  What the charge noted in the signals
 * stays (strangers.h says why), and so does a term that it began.
 */
bool
pt_message_refuse(struct pt_activity *activity,
    const struct pt_message *message, enum pt_reason_id reason, int64_t now);

#endif
