/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/beat.h"

int
pt_beat_init(struct pt_beat *beat, struct pt_store *store,
    enum pt_life_of whose, struct pt_err *err)
{
	struct pt_life last;

	if (pt_store_get_life(store, whose, &last, err) != 0)
		return -1;
	*beat = (struct pt_beat){
	    .whose = whose,
	    .life.number = last.number == UINT32_MAX ? 1 : last.number + 1,
	};
	return 0;
}

int
pt_beat_say(struct pt_beat *beat, struct pt_store *store, int64_t now,
    struct pt_err *err)
{
	beat->life.seen_at = now;
	return pt_store_put_life(store, beat->whose, &beat->life, err);
}

int
pt_beat_stop(struct pt_beat *beat, struct pt_store *store, struct pt_err *err)
{
	if (beat->life.seen_at == 0)
		return 0;
	return pt_beat_say(beat, store, 0, err);
}

bool
pt_beat_is_heard(struct pt_store *store, enum pt_life_of whose, int64_t now)
{
	struct pt_life life;
	struct pt_err err;

	return pt_store_get_life(store, whose, &life, &err) == 0 &&
	       pt_store_life_at(&life, now) != 0;
}
