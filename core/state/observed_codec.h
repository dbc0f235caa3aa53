/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What was observed, inside the activity record, without its logs:
 * observed_codec.c describes the bytes.  Only codecs use it.
 */
#ifndef PT_STATE_OBSERVED_CODEC_H
#define PT_STATE_OBSERVED_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/activity.h"
#include "core/state/bytes.h"
#include "core/state/figures_codec.h"

#define PT_OBSERVED_BYTES_MAX                                          \
	(2 +                                                           \
	    PT_WOULD_MAX *                                             \
		(1 + PT_VARINT_BYTES_MAX + 2 * PT_BYTES_DISTANCE_MAX + \
		    PT_FIGURES_BYTES_MAX) +                            \
	    PT_WOULD_HASHES_MAX * 4)

/* The latest time of all of it, the logs included. */
int64_t
pt_observed_codec_latest(const struct pt_observed *observed);

/* There is an entry at least; "base" as for pt_window_log_put(). */
void
pt_observed_codec_put(struct pt_bytes_writer *out, int64_t base,
    const struct pt_observed *observed);

/* Of no entry it is bad.  *newer_out is true if there are figures of a unit
 * that is not known here, and untouched otherwise. */
void
pt_observed_codec_take(struct pt_bytes_reader *in, int64_t base,
    struct pt_observed *out, bool *newer_out);

#endif
