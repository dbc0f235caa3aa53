/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* A login in observe mode, and what was noted of its mail. */
#ifndef PT_TESTS_RULES_WOULD_FIXTURE_H
#define PT_TESTS_RULES_WOULD_FIXTURE_H

#include "core/rules/window.h"
#include "core/rules/would.h"
#include "tests/unit/rules_message_fixture.h"

static struct pt_observed *const observed = &activity.observed;

static inline int
start_observing(void **state)
{
	(void)start_anew(state);
	config.mode = PT_MODE_OBSERVE;
	return 0;
}

/* NULL: there is none. */
static inline const struct pt_would *
entry_of(enum pt_reason_id reason, enum pt_figures_unit unit, int64_t seconds)
{
	for (unsigned i = 0; i < observed->count; i++) {
		const struct pt_would *would = &observed->entry[i];

		if (would->reason == (unsigned char)reason &&
		    would->peak.unit == unit && would->peak.seconds == seconds)
			return would;
	}
	return NULL;
}

static inline const struct pt_would *
need(enum pt_reason_id reason, enum pt_figures_unit unit, int64_t seconds)
{
	const struct pt_would *would = entry_of(reason, unit, seconds);

	if (would == NULL)
		fail_msg("no entry for reason %d", (int)reason);
	return would;
}

static inline void
check_peak(enum pt_reason_id reason, enum pt_figures_unit unit, int64_t seconds,
    uint64_t messages, uint64_t limit, uint64_t peak)
{
	const struct pt_would *would = need(reason, unit, seconds);

	assert_int_equal(would->messages, messages);
	assert_int_equal(would->peak.limit, limit);
	assert_int_equal(would->peak.used, peak);
}

static inline void
send_many(unsigned n, int64_t from, int64_t step)
{
	for (unsigned i = 0; i < n; i++)
		(void)send_next(from + i * step);
}

#define OBSERVE(fn) cmocka_unit_test_setup(fn, start_observing)

#endif
