/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/mail/hold.h"

/* The lowest of a hidden message. */
static uint64_t
lowest(struct dp_hold *hold)
{
	uint64_t modseq = UINT64_MAX;
	uint32_t seq;

	hold->truthful = TRUE;
	for (seq = hold->visible + 1; seq <= hold->visible + hold->hidden;
	     seq++) {
		uint64_t one = mail_index_modseq_lookup(hold->view, seq);

		if (one < modseq)
			modseq = one;
	}
	hold->truthful = FALSE;
	return modseq;
}

void
dp_hold_modseq_lower(struct dp_hold *hold, struct mailbox_status *status)
{
	if (!dp_hold_is_capped(hold) || hold->hidden == 0)
		return;
	if (hold->modseq == 0)
		hold->modseq = lowest(hold);
	if (status->highest_modseq >= hold->modseq)
		status->highest_modseq =
		    hold->modseq > 1 ? hold->modseq - 1 : 1;
}
