/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/common/cap.h"

static uint32_t
larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

bool
dp_cap_hold(
    struct dp_cap *cap, uint32_t uidvalidity, uint32_t uidnext, int64_t due_ms)
{
	uint32_t before = dp_cap_limit(cap, uidvalidity);

	if (uidvalidity == cap->uidvalidity && cap->state == DP_CAP_HELD)
		uidnext = larger(uidnext, cap->uidnext);
	cap->state = DP_CAP_HELD;
	cap->uidvalidity = uidvalidity;
	cap->uidnext = uidnext;
	cap->due_ms = due_ms;
	return before != UINT32_MAX && dp_cap_limit(cap, uidvalidity) > before;
}

void
dp_cap_free(struct dp_cap *cap, int64_t now_ms)
{
	cap->state = DP_CAP_FREE;
	cap->due_ms = now_ms + DP_CAP_FREE_MS;
}

void
dp_cap_forget(struct dp_cap *cap)
{
	cap->state = DP_CAP_UNKNOWN;
}

void
dp_cap_stored(struct dp_cap *cap, uint32_t uidvalidity, uint32_t uidnext)
{
	if (cap->state == DP_CAP_HELD && cap->uidvalidity == uidvalidity)
		cap->uidnext = larger(cap->uidnext, uidnext);
	dp_cap_shown(cap, uidvalidity, uidnext);
}

void
dp_cap_shown(struct dp_cap *cap, uint32_t uidvalidity, uint32_t uidnext)
{
	if (cap->shown_uidvalidity == uidvalidity)
		uidnext = larger(cap->shown, uidnext);
	cap->shown_uidvalidity = uidvalidity;
	cap->shown = uidnext;
}

bool
dp_cap_is_due(const struct dp_cap *cap, uint32_t uidvalidity, int64_t now_ms)
{
	switch (cap->state) {
	case DP_CAP_UNKNOWN:
		break;
	case DP_CAP_HELD:
		return cap->uidvalidity != uidvalidity || now_ms >= cap->due_ms;
	case DP_CAP_FREE:
		return now_ms >= cap->due_ms;
	}
	return true;
}

uint32_t
dp_cap_limit(const struct dp_cap *cap, uint32_t uidvalidity)
{
	if (cap->state != DP_CAP_HELD || cap->uidvalidity != uidvalidity)
		return UINT32_MAX;
	if (cap->shown_uidvalidity == uidvalidity)
		return larger(cap->uidnext, cap->shown);
	return cap->uidnext;
}
