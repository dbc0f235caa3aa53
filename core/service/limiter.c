/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/limiter.h"

#include <string.h>

#define SECOND_MS 1000

void
pt_limiter_init(struct pt_limiter *limiter)
{
	memset(limiter, 0, sizeof(*limiter));
}

/* The key's place, or the one that it may take. */
static struct pt_limiter_entry *
find(struct pt_limiter *limiter, uint64_t key)
{
	struct pt_limiter_entry *set =
	    limiter->entries[(key ^ key >> 32) % PT_LIMITER_SETS];
	struct pt_limiter_entry *oldest = &set[0];
	unsigned i;

	for (i = 0; i < PT_LIMITER_WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (oldest->key != 0 &&
		    (set[i].key == 0 || set[i].at_ms < oldest->at_ms))
			oldest = &set[i];
	}
	return oldest;
}

static bool
is_within_second(struct pt_limiter *limiter, int64_t now_ms)
{
	if (now_ms - limiter->second_ms >= SECOND_MS ||
	    now_ms < limiter->second_ms) {
		limiter->second_ms = now_ms;
		limiter->lines = 0;
	}
	if (limiter->lines == PT_LIMITER_A_SECOND)
		return false;
	limiter->lines++;
	return true;
}

bool
pt_limiter_allow(struct pt_limiter *limiter, uint64_t key, int64_t now_ms,
    uint64_t *suppressed_out)
{
	struct pt_limiter_entry *entry;

	if (key == 0)
		key = 1;
	entry = find(limiter, key);
	if (entry->key == key &&
	    now_ms - entry->at_ms < PT_LIMITER_INTERVAL_MS) {
		entry->suppressed++;
		return false;
	}
	if (!is_within_second(limiter, now_ms)) {
		limiter->dropped++;
		return false;
	}
	*suppressed_out = entry->key == key ? entry->suppressed : 0;
	*entry = (struct pt_limiter_entry){.key = key, .at_ms = now_ms};
	return true;
}

uint64_t
pt_limiter_take_dropped(struct pt_limiter *limiter)
{
	uint64_t dropped = limiter->dropped;

	limiter->dropped = 0;
	return dropped;
}
