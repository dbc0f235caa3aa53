/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* explain, the part about what was only observed. */

#include <inttypes.h>

#include "core/rules/reason.h"
#include "ctl/explain.h"

/* Messages of that reason; of blocks, how many. */
static uint64_t
sum_up(const struct pt_observed *observed, unsigned char reason)
{
	uint64_t messages = 0;

	for (unsigned i = 0; i < observed->count; i++) {
		if (observed->entry[i].reason == reason)
			messages += observed->entry[i].messages;
	}
	return messages;
}

static bool
was_before(const struct pt_observed *observed, unsigned i)
{
	for (unsigned j = 0; j < i; j++) {
		if (observed->entry[j].reason == observed->entry[i].reason)
			return true;
	}
	return false;
}

static void
add_reasons(struct pc_explain *ex, const struct pt_observed *observed)
{
	bool is_first = true;

	for (unsigned i = 0; i < observed->count; i++) {
		unsigned char reason = observed->entry[i].reason;
		uint64_t messages = sum_up(observed, reason);

		if (messages == 0 || was_before(observed, i))
			continue;
		pt_text_addf(&ex->text, "%s%s %" PRIu64, is_first ? " " : ", ",
		    pt_reason_get((enum pt_reason_id)reason)->name, messages);
		is_first = false;
	}
}

void
pc_explain_would(struct pc_explain *ex)
{
	const struct pt_observed *observed = &ex->activity->observed;
	int64_t since = 0;

	for (unsigned i = 0; i < observed->count; i++) {
		int64_t first_at = observed->entry[i].first_at;

		if (since == 0 || first_at < since)
			since = first_at;
	}
	if (observed->count == 0)
		return;
	pt_text_add(&ex->text, "messages that would have been refused, since ");
	pc_explain_add_time(ex, since);
	pt_text_add(&ex->text, ":");
	add_reasons(ex, observed);
	pt_text_addf(&ex->text,
	    "; posternctl would %s tells which limits "
	    "would do",
	    ex->account->login.text);
	pc_explain_end(ex, "observed");
}
