/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/evidence.h"

#include "core/state/settle.h"

void
pt_evidence_init(struct pt_evidence *evidence, const struct pt_login *login)
{
	evidence->login = *login;
	evidence->exists = false;
	evidence->sent_count = 0;
	evidence->sent_log.count = 0;
	evidence->bounce_log.count = 0;
	evidence->bounces_total = 0;
	evidence->last_bounce_at = 0;
}

bool
pt_evidence_settle(struct pt_evidence *evidence, int64_t now)
{
	bool changed = pt_settle_log(&evidence->sent_log, now);

	changed |= pt_settle_log(&evidence->bounce_log, now);
	changed |= pt_settle_stamp(&evidence->last_bounce_at, now);
	return changed;
}
