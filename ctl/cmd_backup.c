/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* backup: a copy of the state. */

#include "core/base/attr.h"
#include "ctl/call.h"
#include "ctl/handlers.h"

enum pc_answer
pc_cmd_backup(struct pc_call *call, struct pt_err *err)
{
	static const struct pc_column columns[] = {
	    {"what", NULL, 0},
	    {"directory", NULL, 0},
	};

	/*
	 * Not as the owner of the state: only the caller may be able to write
	 * to the directory of the backup.
	 */
	if (pt_store_open(call->config->state_dir, PT_STORE_READ, &call->store,
		err) != 0 ||
	    pt_store_backup(call->store, call->args[0], err) != 0)
		return PC_FAILED;
	pc_output_begin(call->out, columns, PT_ARRAY_LEN(columns), false);
	pc_output_text(call->out, "backup");
	pc_output_text(call->out, call->args[0]);
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}
