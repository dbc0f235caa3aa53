/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The life of a process that others rely on (struct pt_life): a number that is
 * made up at each start, and a time that is said again and again, at least
 * each PT_LIFE_SECONDS.  A beat is used by one thread.
 */
#ifndef PT_SERVICE_BEAT_H
#define PT_SERVICE_BEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/state/store.h"

struct pt_beat {
	enum pt_life_of whose;
	struct pt_life life; /* seen_at: last said; 0: never, or stopped */
};

/* Another number than that of the last life; nothing is said yet. */
int
pt_beat_init(struct pt_beat *beat, struct pt_store *store,
    enum pt_life_of whose, struct pt_err *err);

int
pt_beat_say(struct pt_beat *beat, struct pt_store *store, int64_t now,
    struct pt_err *err);

/* Others need not wait until the life is over by itself. */
int
pt_beat_stop(struct pt_beat *beat, struct pt_store *store, struct pt_err *err);

/* Does it live?  A state that cannot be read says no. */
bool
pt_beat_is_heard(struct pt_store *store, enum pt_life_of whose, int64_t now);

#endif
