/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/batch_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "ctl/columns.h"
#include "ctl/secret.h"

#define PROGRESS_MS 200

static const char *const result_names[PC_BATCH_RESULTS] = {
    [PC_BATCH_DONE] = "done",
    [PC_BATCH_UNCHANGED] = "unchanged",
    [PC_BATCH_NO] = "no",
    [PC_BATCH_ERROR] = "failed",
};

int
pc_batch_report_init(
    struct pc_batch_report *report, struct pc_call *call, struct pt_err *err)
{
	memset(report, 0, sizeof(*report));
	report->call = call;
	report->memory = open_memstream(&report->text, &report->len);
	if (report->memory != NULL)
		report->out =
		    pc_output_new(report->memory, call->format, call->now);
	if (report->out == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot run a batch: out of memory");
	pc_output_begin(report->out, pc_columns_batch, true);
	return 0;
}

void
pc_batch_report_clear(struct pc_batch_report *report)
{
	pc_output_free(report->out);
	if (report->memory != NULL)
		(void)fclose(report->memory);
	free(report->text);
	memset(report, 0, sizeof(*report));
}

static enum pc_batch_result
result_of(const struct pc_order *order)
{
	switch (order->change.answer) {
	case PC_YES:
		return order->change.changed.result == PC_EDIT_DONE
			   ? PC_BATCH_DONE
			   : PC_BATCH_UNCHANGED;
	case PC_NO:
		return PC_BATCH_NO;
	case PC_FAILED:
		break;
	}
	return PC_BATCH_ERROR;
}

static void
put_made(struct pc_output *out, const struct pc_order *order, bool made)
{
	if (!made) {
		pc_output_none(out);
		pc_output_none(out);
		return;
	}
	pc_output_number(out, order->issue.made.id);
	pc_output_text(out, order->issue.secret.stand_in);
}

void
pc_batch_report_add(struct pc_batch_report *report, uint64_t number,
    const struct pc_command *command, const struct pc_order *order)
{
	enum pc_batch_result result = result_of(order);
	bool failed = result == PC_BATCH_NO || result == PC_BATCH_ERROR;
	struct pc_output *out = report->out;

	report->count[result]++;
	if (result == PC_BATCH_ERROR && report->first == PT_ERR_NONE)
		report->first = order->change.err.kind;
	if (!failed && !order->is_issue)
		return;
	pc_output_number(out, number);
	pc_output_text(out, order->login.len == 0 ? NULL : order->login.text);
	pc_output_text(out, command == NULL ? NULL : command->words);
	pc_output_text(out, result_names[result]);
	put_made(out, order, !failed && order->issue.made.id != 0);
	pc_output_text(out,
	    failed ? order->change.err.text : order->change.changed.detail);
}

/* Rows and secrets are in one order, so that one pass is enough. */
static bool
fill_in(char *text, struct pc_order *const *orders, size_t n)
{
	char *place = text;
	size_t i;

	for (i = 0; i < n; i++) {
		if (orders[i]->change.answer != PC_YES ||
		    orders[i]->issue.made.id == 0)
			continue;
		place = pc_secret_fill_in(place, &orders[i]->issue.secret);
		if (place == NULL)
			return false;
	}
	return true;
}

int
pc_batch_report_write(struct pc_batch_report *report,
    struct pc_order *const *orders, size_t n, struct pt_err *err)
{
	int rc = -1;

	pc_output_settle(report->out);
	if (fflush(report->memory) != 0)
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "cannot report: out of memory");
	if (!fill_in(report->text, orders, n))
		(void)pt_err_set(err, PT_ERR_INTERNAL,
		    "the result has no place for an app password");
	else
		rc = pc_secret_write_out(
		    report->call->stream, report->text, report->len, err);
	pc_secret_wipe_text(report->text, report->len);
	rewind(report->memory);
	return rc;
}

int
pc_batch_report_end(struct pc_batch_report *report, struct pt_err *err)
{
	if (pc_output_end(report->out, err) != 0)
		return -1;
	return pc_batch_report_write(report, NULL, 0, err);
}

static uint64_t
count_all(const struct pc_batch_report *report)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < PC_BATCH_RESULTS; i++)
		all += report->count[i];
	return all;
}

void
pc_batch_report_progress(struct pc_batch_report *report)
{
	int64_t now = pt_clock_ticks_ms();
	int fd = fileno(report->call->errors);

	if (fd < 0 || isatty(fd) == 0 || now - report->shown_ms < PROGRESS_MS)
		return;
	report->shown_ms = now;
	fprintf(report->call->errors,
	    "\r%" PRIu64 " commands, %" PRIu64 " no, %" PRIu64 " failed ",
	    count_all(report), report->count[PC_BATCH_NO],
	    report->count[PC_BATCH_ERROR]);
	(void)fflush(report->call->errors);
}

void
pc_batch_report_counts(const struct pc_batch_report *report)
{
	fprintf(report->call->errors,
	    "%s%" PRIu64 " commands: %" PRIu64 " done, %" PRIu64
	    " unchanged, %" PRIu64 " no, %" PRIu64 " failed\n",
	    report->shown_ms == 0 ? "" : "\r", count_all(report),
	    report->count[PC_BATCH_DONE], report->count[PC_BATCH_UNCHANGED],
	    report->count[PC_BATCH_NO], report->count[PC_BATCH_ERROR]);
}
