/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* history: who changed what, when and why. */

#include <stdbool.h>

#include "core/base/text.h"
#include "ctl/call.h"
#include "ctl/handlers.h"
#include "ctl/history_order.h"
#include "ctl/history_row.h"

#define COUNT_MAX 100000

static bool
print_entry(const struct pt_history *entry, void *arg)
{
	pc_history_row(arg, entry);
	return true;
}

enum pc_answer
pc_cmd_history(struct pc_call *call, struct pt_err *err)
{
	const char *count_text = pc_call_option(call, "n");
	const struct pt_login *one = NULL;
	struct pt_login login;
	uint64_t count = 0;
	int rc;

	if (count_text != NULL &&
	    (!pt_text_to_u64(count_text, COUNT_MAX, &count) || count == 0)) {
		(void)pt_err_set(err, PT_ERR_USAGE,
		    "cannot read -n: it is a number from 1 to %d", COUNT_MAX);
		return PC_FAILED;
	}
	if (call->arg_count > 0) {
		if (pc_call_login(call, 0, &login, err) != 0)
			return PC_FAILED;
		one = &login;
	}
	pc_history_begin(call);
	if (count > 0)
		rc = pc_history_order_last(
		    call->store, one, (size_t)count, print_entry, call, err);
	else
		rc = pc_history_order_each(call->store, one,
		    PC_HISTORY_ORDER_PART, print_entry, call, err);
	if (rc != 0 || pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return PC_YES;
}
