/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_log.h"

#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

int64_t
random_time(uint64_t *random, unsigned bits, int64_t latest)
{
	uint64_t back = random_number(random, bits);

	return latest - (int64_t)(back % ((uint64_t)latest + 1));
}

void
random_log(uint64_t *random, int64_t latest, struct pt_window_log *log)
{
	unsigned bits = (unsigned)test_random_below(random, 39);
	int64_t at = latest;

	log->count = (unsigned)test_random_below(random, PT_WINDOW_LOG_MAX + 1);
	for (unsigned i = log->count; i-- > 0;) {
		struct pt_window_entry *entry = &log->entry[i];

		entry->at = at;
		entry->since = at;
		entry->amount = 1;
		if (random_chance(random, 50))
			entry->amount += random_number(random, 63);
		if (random_chance(random, 50))
			entry->since = random_time(random, bits, at);
		at -= 1 + (int64_t)random_number(random, bits);
		/* No time is left below 0: the log begins here. */
		if (at < 0) {
			memmove(log->entry, entry,
			    (log->count - i) * sizeof(*entry));
			log->count -= i;
			return;
		}
	}
}

int64_t
random_wild_time(uint64_t *random)
{
	int64_t at = (int64_t)random_number(random, 63);

	switch (test_random_below(random, 4)) {
	case 0:
		return -at;
	case 1:
		return INT64_MAX - (at & 0xff);
	case 2:
		return ((int64_t)1 << 40) + (at & 0xff) - 128;
	default:
		return at & 0xff;
	}
}

void
random_wild_log(uint64_t *random, struct pt_window_log *log)
{
	for (unsigned i = 0; i < log->count; i++) {
		struct pt_window_entry *entry = &log->entry[i];

		if (random_chance(random, 50))
			entry->at = random_wild_time(random);
		if (random_chance(random, 50))
			entry->since = random_wild_time(random);
		if (random_chance(random, 30))
			entry->amount = 0;
	}
}

bool
is_same_log(const struct pt_window_log *a, const struct pt_window_log *b)
{
	/* Entries have no padding. */
	return a->count == b->count &&
	       memcmp(a->entry, b->entry, a->count * sizeof(a->entry[0])) == 0;
}
