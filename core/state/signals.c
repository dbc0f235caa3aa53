/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/signals.h"

#include <string.h>

#include "core/state/settle.h"

static void
sketch_init(struct pt_sketch *sketch)
{
	sketch->count = 0;
	memset(sketch->bits, 0, sizeof(sketch->bits));
}

void
pt_signals_init(struct pt_signals *signals, const struct pt_login *login)
{
	signals->login = *login;
	signals->exists = false;
	signals->client_count = 0;
	signals->strangers.count = 0;
	sketch_init(&signals->now);
	sketch_init(&signals->before);
}

bool
pt_signals_settle(struct pt_signals *signals, int64_t now)
{
	bool changed = pt_settle_log(&signals->strangers, now);

	for (unsigned i = 0; i < signals->client_count; i++)
		changed |= pt_settle_stamp(&signals->clients[i].at, now);
	return changed;
}
