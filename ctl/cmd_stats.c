/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* stats: counters of the daemons and sizes of the state. */

#include "core/base/attr.h"
#include "core/rules/reason.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"
#include "ctl/openmetrics.h"
#include "ctl/stats.h"

/* Programs, as they stand in the state. */
#define POLICYD "policyd"
#define MILTER  "milter"
#define KEEPER  "keeper"

static void
put_number(struct pc_call *call, const char *program, const char *name,
    const char *reason, uint64_t number)
{
	pc_output_text(call->out, program);
	pc_output_text(call->out, name);
	pc_output_text(call->out, reason);
	pc_output_number(call->out, number);
}

static void
put_reasons(struct pc_call *call, const char *program, const char *name,
    const uint64_t *counts)
{
	unsigned i;

	for (i = 1; i < PT_REASONS; i++) {
		if (counts[i] > 0)
			put_number(call, program, name,
			    pt_reason_get((enum pt_reason_id)i)->name,
			    counts[i]);
	}
}

/* What a program counts once. */
struct count {
	const char *name;
	uint64_t number;
};

static void
put_counts(struct pc_call *call, const char *program,
    const struct count *counts, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		put_number(
		    call, program, counts[i].name, NULL, counts[i].number);
}

static void
put_messages(struct pc_call *call, const char *program,
    const struct pt_counters *counters)
{
	const struct count counts[] = {
	    {"requests", counters->requests},
	    {"permitted", counters->permitted},
	    {"repeated", counters->repeated},
	};

	put_counts(call, program, counts, PT_ARRAY_LEN(counts));
	put_reasons(call, program, "refused", counters->refused);
	put_reasons(call, program, "observed", counters->observed);
}

static void
put_policyd(struct pc_call *call, const struct pt_counters *counters)
{
	const struct count before[] = {
	    {"unauthenticated", counters->unauthenticated},
	    {"malformed", counters->malformed},
	    {"connections", counters->connections},
	    {"batches", counters->batches},
	    {"sessions_opened", counters->sessions_opened},
	    {"sessions_ended", counters->sessions_ended},
	};
	const struct count after[] = {
	    {"mail_checks", counters->mail_checks},
	    {"blocks", counters->blocks},
	};

	put_messages(call, POLICYD, counters);
	put_counts(call, POLICYD, before, PT_ARRAY_LEN(before));
	put_reasons(
	    call, POLICYD, "sessions_refused", counters->sessions_refused);
	put_counts(call, POLICYD, after, PT_ARRAY_LEN(after));
}

static void
put_milter(struct pc_call *call, const struct pt_counters *counters)
{
	const struct count counts[] = {
	    {"refunded", counters->refunded},
	    {"rewritten", counters->rewritten},
	    {"unauthenticated", counters->unauthenticated},
	    {"connections", counters->connections},
	    {"batches", counters->batches},
	    {"bounces_counted", counters->bounces_counted},
	    {"bounces_ignored", counters->bounces_ignored},
	    {"blocks", counters->blocks},
	};

	if (!pt_counters_any(counters))
		return;
	put_messages(call, MILTER, counters);
	put_counts(call, MILTER, counts, PT_ARRAY_LEN(counts));
}

static void
put_keeper(struct pc_call *call, const struct pt_counters *counters)
{
	const struct count counts[] = {
	    {"blocks", counters->blocks},
	    {"notices_sent", counters->notices_sent},
	    {"notices_failed", counters->notices_failed},
	    {"notices_given_up", counters->notices_given_up},
	    {"swept", counters->swept},
	};

	if (pt_counters_any(counters))
		put_counts(call, KEEPER, counts, PT_ARRAY_LEN(counts));
}

static void
put_bytes(struct pc_call *call, const char *name, uint64_t bytes)
{
	pc_output_none(call->out);
	pc_output_text(call->out, name);
	pc_output_none(call->out);
	pc_output_size(call->out, bytes);
}

static void
put_usage(struct pc_call *call, const struct pt_store_usage *usage)
{
	const struct count counts[] = {
	    {"accounts", usage->accounts},
	    {"activities", usage->activities},
	    {"usages", usage->usages},
	    {"evidences", usage->evidences},
	    {"signals", usage->signals},
	    {"history", usage->history},
	    {"outbox", usage->outbox},
	};

	put_counts(call, NULL, counts, PT_ARRAY_LEN(counts));
	put_bytes(call, "accounts_bytes", usage->accounts_bytes);
	put_bytes(call, "accounts_map", usage->accounts_map);
	put_bytes(call, "activity_bytes", usage->activity_bytes);
	put_bytes(call, "activity_map", usage->activity_map);
	put_number(call, NULL, "readers", NULL, usage->readers);
}

static void
put_life(
    struct pc_call *call, const char *program, const struct pc_stats_life *life)
{
	if (life->is_known)
		put_number(call, program, "up", NULL, life->is_up ? 1 : 0);
}

static void
put_state(struct pc_call *call, const struct pc_stats *stats)
{
	const struct count counts[] = {
	    {"outbox_given_up", stats->outbox_given_up},
	    {"outbox_age", stats->outbox_age},
	    {"clock_doubted", stats->clock_doubted ? 1 : 0},
	};

	put_usage(call, &stats->usage);
	put_counts(call, NULL, counts, PT_ARRAY_LEN(counts));
}

enum pc_answer
pc_cmd_stats(struct pc_call *call, struct pt_err *err)
{
	static struct pc_stats stats;

	if (pc_stats_read(call->store, call->config, call->now, &stats, err) !=
	    0)
		return PC_FAILED;
	if (pc_call_option(call, "openmetrics") != NULL)
		return pc_openmetrics_write(call->stream, &stats, err) == 0
			   ? PC_YES
			   : PC_FAILED;
	pc_output_begin(call->out, pc_columns_stats, true);
	put_policyd(call, &stats.policyd);
	put_life(call, POLICYD, &stats.policyd_life);
	put_milter(call, &stats.milter);
	put_keeper(call, &stats.keeper);
	put_life(call, KEEPER, &stats.keeper_life);
	put_state(call, &stats);
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}
