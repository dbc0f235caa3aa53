/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/common/traffic.h"

static uint64_t
grown(uint64_t *last, uint64_t now)
{
	uint64_t since = now >= *last ? now - *last : now;

	*last = now;
	return since;
}

bool
dp_traffic_take(struct dp_traffic *traffic, uint64_t down, uint64_t up,
    uint64_t *down_out, uint64_t *up_out)
{
	*down_out = grown(&traffic->down, down);
	*up_out = grown(&traffic->up, up);
	return *down_out != 0 || *up_out != 0;
}
