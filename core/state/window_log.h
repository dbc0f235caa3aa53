/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Window logs inside records: window_log.c describes the bytes.  Only codecs
 * use it.
 */
#ifndef PT_STATE_WINDOW_LOG_H
#define PT_STATE_WINDOW_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/activity.h"
#include "core/state/bytes.h"

#define PT_WINDOW_LOG_BYTES_MAX  \
	(1 + PT_WINDOW_LOG_MAX * \
		 (2 * PT_BYTES_DISTANCE_MAX + PT_VARINT_BYTES_MAX))

/*
 * "base" is a time not before the newest entry, at most PT_BYTES_TIME_MAX.
 * Puts nothing that taking would refuse: entries without an amount are left
 * out, and times that are not in order are moved.  false: there was nothing
 * to put.
 */
bool
pt_window_log_put(
    struct pt_bytes_writer *out, int64_t base, const struct pt_window_log *log);

/* The latest time of all that would be put; 0 if that is nothing. */
static inline int64_t
pt_window_log_latest(const struct pt_window_log *log)
{
	unsigned n = log->count;

	while (n > 0 && log->entry[n - 1].amount == 0)
		n--;
	return n > 0 ? log->entry[n - 1].at : 0;
}

/* An empty log is bad. */
void
pt_window_log_take(
    struct pt_bytes_reader *in, int64_t base, struct pt_window_log *log);

#endif
