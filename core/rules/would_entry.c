/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The entries of what was only observed, and the messages that they tell of. */

#include <string.h>

#include "core/rules/would_private.h"

bool
pt_would_remember(struct pt_observed *observed, uint32_t hash)
{
	for (unsigned i = 0; i < observed->hash_count; i++) {
		if (observed->hash[i] == hash)
			return true;
	}
	if (observed->hash_count == PT_WOULD_HASHES_MAX) {
		observed->hash_count--;
		memmove(observed->hash, observed->hash + 1,
		    observed->hash_count * sizeof(observed->hash[0]));
	}
	observed->hash[observed->hash_count++] = hash;
	return false;
}

static struct pt_would *
find(struct pt_observed *observed, enum pt_reason_id reason,
    const struct pt_figures *figures)
{
	for (unsigned i = 0; i < observed->count; i++) {
		struct pt_would *would = &observed->entry[i];

		if (would->reason == (unsigned char)reason &&
		    would->peak.unit == figures->unit &&
		    would->peak.seconds == figures->seconds)
			return would;
	}
	return NULL;
}

/* Of the one that was last met longest ago nothing is kept. */
static void
make_room(struct pt_observed *observed)
{
	unsigned oldest = 0;

	for (unsigned i = 1; i < observed->count; i++) {
		if (observed->entry[i].last_at <
		    observed->entry[oldest].last_at)
			oldest = i;
	}
	observed->count--;
	memmove(&observed->entry[oldest], &observed->entry[oldest + 1],
	    (observed->count - oldest) * sizeof(observed->entry[0]));
}

static struct pt_would *
add(struct pt_observed *observed, enum pt_reason_id reason,
    const struct pt_figures *figures, int64_t now)
{
	struct pt_would *would;

	if (observed->count == PT_WOULD_MAX)
		make_room(observed);
	would = &observed->entry[observed->count++];
	*would = (struct pt_would){
	    .reason = (unsigned char)reason,
	    .first_at = now,
	    .last_at = now,
	    .peak = *figures,
	};
	return would;
}

/* The limit is that of now, the peak the highest ever. */
static void
meet(struct pt_would *would, const struct pt_figures *figures, int64_t now)
{
	would->last_at = now;
	would->peak.limit = figures->limit;
	if (figures->used > would->peak.used)
		would->peak.used = figures->used;
}

void
pt_would_count(struct pt_observed *observed, enum pt_reason_id reason,
    const struct pt_figures *figures, int64_t now)
{
	struct pt_would *would = find(observed, reason, figures);

	if (would == NULL)
		would = add(observed, reason, figures, now);
	meet(would, figures, now);
	would->messages++;
}

void
pt_would_count_apart(struct pt_observed *observed, enum pt_reason_id reason,
    const struct pt_figures *figures, int64_t now)
{
	struct pt_would *would = find(observed, reason, figures);

	if (would != NULL && now - would->last_at <= figures->seconds)
		meet(would, figures, now);
	else
		pt_would_count(observed, reason, figures, now);
}

void
pt_would_raise(struct pt_observed *observed, enum pt_reason_id reason,
    const struct pt_figures *figures, int64_t now)
{
	struct pt_would *would;

	if (figures->used <= figures->limit)
		return;
	would = find(observed, reason, figures);
	if (would == NULL && reason == PT_REASON_QUOTA)
		would = find(observed, PT_REASON_QUOTA_NEVER, figures);
	if (would == NULL && observed->count < PT_WOULD_MAX)
		would = add(observed, reason, figures, now);
	if (would != NULL)
		meet(would, figures, now);
}
