/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * To how many recipients a login sends that it has never written to before
 * (plan key new_recipients): who sends spam knows nobody.
 *
 * Whom an account has written to is kept in a sketch of fixed size, a Bloom
 * filter in two generations.  It errs in two ways:
 *
 * - A stranger is taken for an acquaintance, and neither counts nor is entered,
 *   in at most 2 % of the cases (1 % while there is one generation).
 * - An acquaintance is forgotten, and counts as a stranger again, when at
 *   least PT_STRANGERS_GENERATION others were written to since; at the latest
 *   after twice as many.
 *
 * The sketch cannot forget a single recipient.  So the charge of a message
 * that is refunded leaves its strangers counted, and they are acquaintances
 * from then on: the message that takes its place costs none of them again.
 *
 * All functions are pure and expect settled signals.
 */
#ifndef PT_RULES_STRANGERS_H
#define PT_RULES_STRANGERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/rules/verdict.h"
#include "core/state/signals.h"

#define PT_STRANGERS_KEY_BYTES 16 /* pt_store_token_key() */

/* Entries of a generation; 7 bits each keep its error below 1 %. */
#define PT_STRANGERS_GENERATION 420

/* Recipients of a message that are known one by one. */
#define PT_STRANGERS_NAMED_MAX 128

/*
 * Of an address of the envelope, without angle brackets; upper and lower case
 * make no difference.
 */
uint64_t
pt_strangers_hash(const unsigned char key[PT_STRANGERS_KEY_BYTES],
    const char *recipient, size_t len);

/* The recipients of a message. */
struct pt_strangers_list {
	const uint64_t *named; /* pt_strangers_hash() of each that is known */
	size_t named_count;
	uint64_t nameless; /* of whom only the number is: all strangers */
	/* So many at most count: some of the named may have come to nothing
	 * after they were named. */
	uint64_t most;
};

/* How many of them are strangers; who stands there twice is one. */
uint64_t
pt_strangers_count(
    const struct pt_signals *signals, const struct pt_strangers_list *list);

/*
 * May a message go to them?  The plan must have the window.  More strangers at
 * once than the window allows: at the end of a message ("is_whole") it is
 * refused for good, before that the last recipient can wait.
 */
struct pt_verdict
pt_strangers_look(const struct pt_plan *plan, const struct pt_signals *signals,
    const struct pt_strangers_list *list, bool is_whole, int64_t now);

/* The message was charged: counts its strangers and gets to know them. */
void
pt_strangers_note(const struct pt_plan *plan, struct pt_signals *signals,
    const struct pt_strangers_list *list, int64_t now);

#endif
