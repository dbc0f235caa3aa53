/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* backup: a copy of the state. */

#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"

enum pc_answer
pc_cmd_backup(struct pc_call *call, struct pt_err *err)
{

	/*
	 * Not as the owner of the state: only the caller may be able to write
	 * to the directory of the backup.
	 */
	if (pt_store_open(call->config->state_dir, PT_STORE_READ, &call->store,
		err) != 0 ||
	    pt_store_backup(call->store, call->args[0], err) != 0)
		return PC_FAILED;
	pc_output_begin(call->out, pc_columns_backup, false);
	pc_output_text(call->out, "backup");
	pc_output_text(call->out, call->args[0]);
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}
