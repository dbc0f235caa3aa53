/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/history_row.h"

#include "ctl/columns.h"

void
pc_history_begin(struct pc_call *call)
{
	pc_output_begin(call->out, pc_columns_history, true);
}

void
pc_history_row(struct pc_call *call, const struct pt_history *entry)
{
	pc_output_time(call->out, entry->note.at);
	pc_output_text(call->out, entry->login.text);
	pc_output_text(call->out, entry->note.who);
	pc_output_text(call->out, entry->note.what);
	pc_output_text(call->out, entry->note.detail);
}
