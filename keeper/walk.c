/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "keeper/walk.h"

#include "core/base/log.h"

#define PROGRESS_MS 60000

void
pk_walk_init(struct pk_walk *walk, struct pk_context *context)
{
	walk->context = context;
	walk->is_begun = false;
}

static int
begin(struct pk_walk *walk, int64_t now_ms, struct pt_err *err)
{
	struct pk_context *context = walk->context;
	struct pt_store_usage usage;
	struct pt_log_line line;

	if (pt_store_usage(context->store, &usage, err) != 0 ||
	    pt_sweep_begin(
		&walk->sweep, context->config, context->store, err) != 0)
		return -1;
	walk->is_begun = true;
	walk->expected = usage.accounts;
	walk->began_ms = now_ms;
	walk->told_ms = now_ms;
	pt_log_begin(&line, PT_LOG_DEBUG, "sweep-begins");
	pt_log_int(&line, "accounts", (int64_t)usage.accounts);
	pt_log_end(&line);
	return 0;
}

static void
on_found(const struct pt_sweep_found *found, void *arg)
{
	struct pk_context *context = arg;

	if ((found->what & PT_IDLE_BLOCKED) != 0)
		context->counters.blocks++;
	pk_report_found(&context->report, found);
}

static void
say_progress(struct pk_walk *walk, int64_t now_ms)
{
	struct pt_log_line line;

	if (now_ms - walk->told_ms < PROGRESS_MS)
		return;
	walk->told_ms = now_ms;
	pt_log_begin(&line, PT_LOG_INFO, "sweeping");
	pt_log_int(&line, "accounts", (int64_t)walk->sweep.accounts);
	pt_log_int(&line, "of", (int64_t)walk->expected);
	pt_log_int(&line, "seconds", (now_ms - walk->began_ms) / 1000);
	pt_log_end(&line);
}

static void
say_end(const struct pk_walk *walk, int64_t now_ms)
{
	const struct pt_sweep *sweep = &walk->sweep;
	struct pt_log_line line;

	if (sweep->is_doubted)
		pk_report_doubt(sweep->swept.doubted_at);
	pt_log_begin(&line, PT_LOG_INFO, "swept");
	pt_log_int(&line, "accounts", (int64_t)sweep->accounts);
	pt_log_int(&line, "told", (int64_t)sweep->told);
	pt_log_int(&line, "blocked", (int64_t)sweep->blocked);
	pt_log_int(&line, "would", (int64_t)sweep->would);
	pt_log_int(&line, "expired", (int64_t)sweep->expired);
	pt_log_int(&line, "tidied", (int64_t)sweep->tidied);
	pt_log_int(&line, "damaged", (int64_t)sweep->damaged);
	pt_log_int(&line, "history_deleted", (int64_t)sweep->history_deleted);
	pt_log_int(&line, "seconds", (now_ms - walk->began_ms) / 1000);
	pt_log_end(&line);
}

enum pk_step
pk_walk_step(struct pk_walk *walk, int64_t now, int64_t now_ms)
{
	struct pk_context *context = walk->context;
	struct pt_sweep *sweep = &walk->sweep;
	uint64_t before;
	struct pt_err err;
	int more = -1;

	if (walk->is_begun || begin(walk, now_ms, &err) == 0) {
		sweep->config = context->config;
		before = sweep->accounts;
		more = pt_sweep_step(sweep, now, on_found, context, &err);
		context->counters.swept += sweep->accounts - before;
	}
	if (more < 0) {
		pk_report_error(&context->report, "state-failed", &err);
		return PK_STEP_FAILED;
	}
	if (more > 0) {
		say_progress(walk, now_ms);
		return PK_STEP_MORE;
	}
	say_end(walk, now_ms);
	walk->is_begun = false;
	return PK_STEP_DONE;
}
