/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The judgement of a message: from what was collected to the rules and their
 * verdict.  Pure: the clock, the records and what the maps say come in.
 */
#ifndef PM_JUDGE_H
#define PM_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config/config.h"
#include "core/rules/bounce.h"
#include "core/rules/from.h"
#include "core/rules/message.h"
#include "core/state/store.h"

/* A look at the windows and at all else that is known before the content. */
struct pm_look {
	const struct pt_config *config;
	struct pt_message message;
	int64_t now;
	struct pt_verdict verdict;         /* result */
	struct pt_message_effects effects; /* result */
};

/* For a login whose signals are not wanted. */
void
pm_judge_look(struct pm_look *look, const struct pt_account *account,
    struct pt_activity *activity);

/* The same as a function for pt_store_update(); arg is the look. */
void
pm_judge_look_update(struct pt_records *records, void *arg);

/* A pt_wants_fn for the signals record; arg is the look. */
bool
pm_judge_look_wants_signals(const struct pt_account *account, void *arg);

/* The end of a message: its header, its charge, or its refund. */
struct pm_end {
	const struct pt_config *config;
	struct pt_message message;
	int64_t now;
	const struct pt_from *from;
	const enum pt_owned *by_maps; /* of from->addresses; NULL: no maps */
	bool is_plain; /* the header is in order, whatever the records hold */
	struct pt_bounce_sent sent; /* noted, if the evidence is at hand */
	/* Results. */
	struct pt_from_verdict header;
	struct pt_verdict verdict; /* of the message as a whole */
	struct pt_message_effects effects;
	bool by_header; /* the verdict is that of the header */
	bool mend;      /* the header is against, and is rewritten instead */
	bool refunded;  /* a charge was taken back */
};

/* As a function for pt_store_update(); arg is the end. */
void
pm_judge_end_update(struct pt_records *records, void *arg);

/* A pt_wants_fn for the signals record; arg is the end. */
bool
pm_judge_end_wants_signals(const struct pt_account *account, void *arg);

/* "Try again later", for when the state cannot be used. */
struct pt_verdict
pm_judge_unavailable(void);

#endif
