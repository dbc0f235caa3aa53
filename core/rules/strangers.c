/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/strangers.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"
#include "core/rules/window.h"

_Static_assert(PT_STRANGERS_KEY_BYTES == crypto_shorthash_KEYBYTES &&
		   crypto_shorthash_BYTES == 8,
    "the keyed hash is SipHash-2-4");

#define OF_STRANGER    's' /* so that no other hash stands for it */
#define RECIPIENT_MAX  320 /* what is longer is no address */
#define SKETCH_BITS    (PT_SKETCH_BYTES * 8U)
#define BITS_PER_ENTRY 7U

uint64_t
pt_strangers_hash(const unsigned char key[PT_STRANGERS_KEY_BYTES],
    const char *recipient, size_t len)
{
	char text[1 + RECIPIENT_MAX];
	unsigned char sum[crypto_shorthash_BYTES];
	uint64_t value = 0;
	size_t i;

	if (len > RECIPIENT_MAX)
		len = RECIPIENT_MAX;
	text[0] = OF_STRANGER;
	memcpy(text + 1, recipient, len);
	pt_text_lower_ascii(text + 1, len);
	(void)crypto_shorthash(sum, (const unsigned char *)text, 1 + len, key);
	for (i = sizeof(sum); i > 0; i--)
		value = value << 8 | sum[i - 1];
	return value;
}

/*
 * The bits of an entry, by two halves of its hash.  The step grows from bit to
 * bit, because with a constant one the sketch errs noticeably more often.
 */
static unsigned
next_bit(uint32_t *at, uint32_t *step, unsigned i)
{
	unsigned bit = *at % SKETCH_BITS;

	*at += *step;
	*step += i;
	return bit;
}

static bool
has(const struct pt_sketch *sketch, uint64_t hash)
{
	uint32_t at = (uint32_t)hash;
	uint32_t step = (uint32_t)(hash >> 32);
	unsigned bit;
	unsigned i;

	for (i = 0; i < BITS_PER_ENTRY; i++) {
		bit = next_bit(&at, &step, i);
		if ((sketch->bits[bit / 8] & 1U << bit % 8) == 0)
			return false;
	}
	return true;
}

static void
put(struct pt_sketch *sketch, uint64_t hash)
{
	uint32_t at = (uint32_t)hash;
	uint32_t step = (uint32_t)(hash >> 32);
	unsigned bit;
	unsigned i;

	for (i = 0; i < BITS_PER_ENTRY; i++) {
		bit = next_bit(&at, &step, i);
		sketch->bits[bit / 8] |= (unsigned char)(1U << bit % 8);
	}
	sketch->count++;
}

/* Both generations. */
struct sketches {
	struct pt_sketch now;
	struct pt_sketch before;
};

/* Gets to know them; how many it did not know. */
static uint64_t
enter(struct sketches *sketches, const struct pt_strangers_list *list)
{
	uint64_t strangers = list->nameless;
	size_t i;

	for (i = 0; i < list->named_count; i++) {
		/* Also who is only in the old generation is entered anew. */
		if (has(&sketches->now, list->named[i]))
			continue;
		if (!has(&sketches->before, list->named[i]))
			strangers++;
		if (sketches->now.count >= PT_STRANGERS_GENERATION) {
			sketches->before = sketches->now;
			memset(&sketches->now, 0, sizeof(sketches->now));
		}
		put(&sketches->now, list->named[i]);
	}
	return strangers < list->most ? strangers : list->most;
}

uint64_t
pt_strangers_count(
    const struct pt_signals *signals, const struct pt_strangers_list *list)
{
	struct sketches sketches = {signals->now, signals->before};

	return enter(&sketches, list);
}

struct pt_verdict
pt_strangers_look(const struct pt_plan *plan, const struct pt_signals *signals,
    const struct pt_strangers_list *list, bool is_whole, int64_t now)
{
	const struct pt_window *window = &plan->new_recipients.at[0];
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};
	uint64_t amount = pt_strangers_count(signals, list);
	int64_t free_at;

	if (amount == 0)
		return verdict;
	free_at = pt_window_free_at(&signals->strangers, window, amount, now);
	if (free_at == now)
		return verdict;
	verdict.code = PT_VERDICT_DEFER;
	verdict.reason = PT_REASON_NEW_RECIPIENTS;
	verdict.counted = PT_COUNT_RECIPIENTS;
	verdict.used =
	    pt_window_used(&signals->strangers, window->seconds, now);
	verdict.limit = window->limit;
	verdict.amount = amount;
	verdict.seconds = window->seconds;
	verdict.until = free_at;
	if (free_at >= 0)
		return verdict;
	/* The recipients before this one may go, and this one after them. */
	verdict.until = window->limit > 0 ? now + window->seconds + 1 : 0;
	if (is_whole) {
		verdict.code = PT_VERDICT_REFUSE;
		verdict.reason = PT_REASON_QUOTA_NEVER;
		verdict.until = 0;
	}
	return verdict;
}

void
pt_strangers_note(const struct pt_plan *plan, struct pt_signals *signals,
    const struct pt_strangers_list *list, int64_t now)
{
	struct sketches sketches = {signals->now, signals->before};
	uint64_t strangers = enter(&sketches, list);

	pt_window_add(
	    &signals->strangers, &plan->new_recipients, strangers, now);
	signals->now = sketches.now;
	signals->before = sketches.before;
}
