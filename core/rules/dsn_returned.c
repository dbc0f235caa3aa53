/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/dsn_private.h"

/* Without its line ends, so that a fold does not matter. */
static void
keep_id(struct pt_dsn *dsn, struct pt_dsn_text value)
{
	size_t i;

	value = pt_dsn_text_trim(value);
	dsn->message_id_len = 0;
	if (value.len > PT_DSN_ID_MAX)
		return;
	for (i = 0; i < value.len; i++) {
		if (value.at[i] != '\r' && value.at[i] != '\n')
			dsn->message_id[dsn->message_id_len++] = value.at[i];
	}
	dsn->message_id[dsn->message_id_len] = '\0';
}

static bool
is_list_precedence(struct pt_dsn_text value)
{
	struct pt_dsn_text word;

	pt_dsn_text_skip_comments(&value);
	word = pt_dsn_text_take(&value, "(;,");
	return pt_dsn_text_is(&word, "list");
}

void
pt_dsn_returned_add(struct pt_dsn *dsn, const struct pt_dsn_text *name,
    struct pt_dsn_text value, bool is_cut)
{
	if (pt_dsn_text_is(name, "message-id")) {
		dsn->message_ids++;
		if (!is_cut)
			keep_id(dsn, value);
	} else if (pt_dsn_text_is(name, "list-id") ||
		   pt_dsn_text_is(name, "list-post") ||
		   pt_dsn_text_is(name, "mailing-list") ||
		   (pt_dsn_text_is(name, "precedence") &&
		       is_list_precedence(value))) {
		dsn->from_a_list = true;
	}
}
