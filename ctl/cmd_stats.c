/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* stats: counters of the policy daemon and sizes of the state. */

#include "core/base/attr.h"
#include "core/rules/reason.h"
#include "ctl/call.h"
#include "ctl/handlers.h"
#include "ctl/openmetrics.h"

#define PROGRAM "policyd"

static void
put_number(
    struct pc_call *call, const char *name, const char *reason, uint64_t number)
{
	pc_output_text(call->out, name);
	pc_output_text(call->out, reason);
	pc_output_number(call->out, number);
}

static void
put_reasons(struct pc_call *call, const char *name, const uint64_t *counts)
{
	unsigned i;

	for (i = 1; i < PT_REASONS; i++) {
		if (counts[i] > 0)
			put_number(call, name,
			    pt_reason_get((enum pt_reason_id)i)->name,
			    counts[i]);
	}
}

static void
put_counters(struct pc_call *call, const struct pt_counters *counters)
{
	put_number(call, "requests", NULL, counters->requests);
	put_number(call, "permitted", NULL, counters->permitted);
	put_number(call, "repeated", NULL, counters->repeated);
	put_reasons(call, "refused", counters->refused);
	put_reasons(call, "observed", counters->observed);
	put_number(call, "unauthenticated", NULL, counters->unauthenticated);
	put_number(call, "malformed", NULL, counters->malformed);
	put_number(call, "connections", NULL, counters->connections);
	put_number(call, "batches", NULL, counters->batches);
	put_number(call, "sessions_opened", NULL, counters->sessions_opened);
	put_number(call, "sessions_ended", NULL, counters->sessions_ended);
	put_reasons(call, "sessions_refused", counters->sessions_refused);
	put_number(call, "mail_checks", NULL, counters->mail_checks);
	put_number(call, "blocks", NULL, counters->blocks);
}

static void
put_bytes(struct pc_call *call, const char *name, uint64_t bytes)
{
	pc_output_text(call->out, name);
	pc_output_none(call->out);
	pc_output_size(call->out, bytes);
}

static void
put_usage(struct pc_call *call, const struct pt_store_usage *usage)
{
	put_number(call, "accounts", NULL, usage->accounts);
	put_number(call, "activities", NULL, usage->activities);
	put_number(call, "usages", NULL, usage->usages);
	put_number(call, "history", NULL, usage->history);
	put_bytes(call, "accounts_bytes", usage->accounts_bytes);
	put_bytes(call, "accounts_map", usage->accounts_map);
	put_bytes(call, "activity_bytes", usage->activity_bytes);
	put_bytes(call, "activity_map", usage->activity_map);
	put_number(call, "readers", NULL, usage->readers);
}

enum pc_answer
pc_cmd_stats(struct pc_call *call, struct pt_err *err)
{
	static const struct pc_column columns[] = {
	    {"name", NULL, 0},
	    {"reason", NULL, 0},
	    {"count", NULL, PC_RIGHT},
	};
	struct pt_store_usage usage;
	struct pt_counters counters;

	if (pt_store_get_counters(call->store, PROGRAM, &counters, err) != 0 ||
	    pt_store_usage(call->store, &usage, err) != 0)
		return PC_FAILED;
	if (pc_call_option(call, "openmetrics") != NULL)
		return pc_openmetrics_write(
			   call->stream, &counters, &usage, err) == 0
			   ? PC_YES
			   : PC_FAILED;
	pc_output_begin(call->out, columns, PT_ARRAY_LEN(columns), true);
	put_counters(call, &counters);
	put_usage(call, &usage);
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}
