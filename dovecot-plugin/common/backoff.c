/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/common/backoff.h"

static const unsigned seconds[] = {1, 2, 5, 10, 20, 40, 60};

#define STEPS (sizeof(seconds) / sizeof(seconds[0]))

unsigned
dp_backoff_next(struct dp_backoff *backoff)
{
	unsigned step = backoff->failures;
	unsigned wait;

	if (step >= STEPS)
		step = STEPS - 1;
	else
		backoff->failures++;
	wait = seconds[step] * 1000;
	backoff->seed = backoff->seed * 1664525u + 1013904223u;
	return wait + (backoff->seed >> 16) % (wait / 4);
}

void
dp_backoff_reset(struct dp_backoff *backoff)
{
	backoff->failures = 0;
}
