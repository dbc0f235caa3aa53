/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What all programs counted in one hour, for pictures of sending over time.
 * The store adds it up whenever counters are written (store.h), so it costs
 * the programs nothing.  Kept as long as the history.
 */
#ifndef PT_STATE_HOUR_H
#define PT_STATE_HOUR_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/state/counters.h"

#define PT_HOUR_SECONDS 3600

struct pt_hour {
	int64_t start; /* of the hour, UTC */
	uint64_t permitted;
	uint64_t refused[PT_COUNTER_REASONS];
	uint64_t observed[PT_COUNTER_REASONS];
	uint64_t sessions_opened;
	uint64_t sessions_refused;
	uint64_t mail_checks;
};

/* Adds what was counted between two states of the counters of a program. */
void
pt_hour_add(struct pt_hour *hour, const struct pt_counters *before,
    const struct pt_counters *after);

#define PT_HOUR_BYTES_MAX 2048

size_t
pt_hour_encode(const struct pt_hour *hour, unsigned char *out, size_t cap);

int
pt_hour_decode(
    const void *at, size_t len, struct pt_hour *out, struct pt_err *err);

#endif
