/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/doubt.h"

/* A clock is put right by so much without much ado. */
#define STEP_BACK_SECONDS ((int64_t)86400)

static bool
is_ahead(int64_t at, int64_t now)
{
	return now < at - STEP_BACK_SECONDS;
}

bool
pt_doubt_is_odd(int64_t last, int64_t now)
{
	return last != 0 &&
	       (is_ahead(last, now) || now - last > PT_DOUBT_GAP_SECONDS);
}

bool
pt_doubt_goes_on(const struct pt_swept *swept, int64_t now)
{
	return swept->doubted_at != 0 &&
	       now - swept->doubted_at < PT_DOUBT_SECONDS;
}

/* The latest of all that were left by who knew the time. */
static int
last_stamp(struct pt_store *store, const struct pt_swept *swept,
    int64_t *last_out, struct pt_err *err)
{
	static const enum pt_life_of lives[] = {
	    PT_LIFE_SESSIONS, PT_LIFE_POLICYD, PT_LIFE_KEEPER};
	int64_t last = swept->at;
	struct pt_life life;
	size_t i;

	for (i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		if (pt_store_get_life(store, lives[i], &life, err) != 0)
			return -1;
		if (life.seen_at > last)
			last = life.seen_at;
	}
	*last_out = last;
	return 0;
}

/* 2: a new one. */
static int
look(struct pt_store *store, int64_t now, struct pt_swept *swept,
    struct pt_err *err)
{
	int64_t last;

	if (pt_store_get_swept(store, swept, err) != 0 ||
	    last_stamp(store, swept, &last, err) != 0)
		return -1;
	/* Put down by a clock that was ahead, it would last too long. */
	if (pt_doubt_goes_on(swept, now) && !is_ahead(swept->doubted_at, now))
		return 1;
	/* Who lives on stamps a jump at once; the next walk will see it. */
	return pt_doubt_is_odd(last, now) || pt_doubt_is_odd(swept->at, now) ||
		       is_ahead(swept->doubted_at, now)
		   ? 2
		   : 0;
}

int
pt_doubt_look(
    struct pt_store *store, int64_t now, int64_t *since_out, struct pt_err *err)
{
	struct pt_swept swept;
	int doubt = look(store, now, &swept, err);

	if (doubt > 0)
		*since_out = doubt == 1 ? swept.doubted_at : now;
	return doubt > 0 ? 1 : doubt;
}

/* The walk's own stamp stays: if the clock is put right before it begins, that
 * is no reason for a second doubt. */
int
pt_doubt_begin(
    struct pt_store *store, int64_t now, int64_t *since_out, struct pt_err *err)
{
	struct pt_swept swept;
	int doubt = look(store, now, &swept, err);

	if (doubt <= 0)
		return doubt;
	if (doubt == 2) {
		swept.doubted_at = now;
		if (pt_store_put_swept(store, &swept, err) != 0)
			return -1;
	}
	*since_out = swept.doubted_at;
	return 1;
}
