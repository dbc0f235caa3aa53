/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The figures behind a decision: "52 messages in 1 hour, limit 50".  They are
 * stored with a block and told in notices.
 */
#ifndef PT_STATE_FIGURES_H
#define PT_STATE_FIGURES_H

#include <stdint.h>

/* What they count.  Stable numbers: they are stored. */
enum pt_figures_unit {
	PT_FIGURES_NONE = 0,
	PT_FIGURES_MESSAGES = 1,
	PT_FIGURES_RECIPIENTS = 2,
	PT_FIGURES_BYTES = 3,
	PT_FIGURES_REFUSALS = 4,  /* messages refused for a sending limit */
	PT_FIGURES_BOUNCES = 5,   /* recipients that bounced */
	PT_FIGURES_GUESSES = 6,   /* distinct wrong passwords */
	PT_FIGURES_LOGINS = 7,    /* attempts, the refused ones included */
	PT_FIGURES_ADDRESSES = 8, /* of clients */
	PT_FIGURES_STRANGERS = 9, /* recipients never written to before */
	PT_FIGURES_UNITS,
};

struct pt_figures {
	enum pt_figures_unit unit; /* PT_FIGURES_NONE: there are none */
	uint64_t used;
	uint64_t limit;
	int64_t seconds; /* the period; for "unused" how long */
};

#endif
