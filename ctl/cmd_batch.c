/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* batch: many commands from standard input. */

#include <inttypes.h>
#include <string.h>

#include "ctl/batch.h"
#include "ctl/handlers.h"

static bool
has_stopper(const struct pc_batch *batch)
{
	return batch->report.count[PC_BATCH_NO] +
		   batch->report.count[PC_BATCH_ERROR] >
	       0;
}

/*
 * Lines until a transaction is full, the input has ended, or nothing comes for
 * a moment: who writes one line and waits for its answer gets it.
 */
static enum pc_batch_read
gather(struct pc_batch *batch, struct pc_batch_input *input, struct pt_err *err)
{
	enum pc_batch_read got;

	do {
		got = pc_batch_input_next(input, batch->count == 0,
		    batch->slots[batch->count].line, err);
		if (got == PC_BATCH_LINE)
			pc_batch_take(batch, input->number, NULL);
		else if (got == PC_BATCH_REFUSED)
			pc_batch_take(batch, input->number, err);
	} while ((got == PC_BATCH_LINE || got == PC_BATCH_REFUSED) &&
		 batch->count < PT_BATCH_MAX);
	return got;
}

static int
run_lines(
    struct pc_batch *batch, struct pc_batch_input *input, struct pt_err *err)
{
	bool keep_going = pc_call_option(batch->call, "keep-going") != NULL;
	enum pc_batch_read got;
	struct pt_err cut;

	do {
		got = gather(batch, input, &cut);
		if (pc_batch_apply(batch, err) != 0)
			return -1;
		if (has_stopper(batch) && !keep_going && got != PC_BATCH_END) {
			fprintf(batch->call->errors,
			    "posternctl: stopped after line %" PRIu64
			    ", because a command failed or was answered with "
			    "no: mend it and go on from there, or use "
			    "--keep-going\n",
			    input->number);
			break;
		}
	} while (got != PC_BATCH_END && got != PC_BATCH_FAILED);
	if (got != PC_BATCH_FAILED)
		return 0;
	*err = cut;
	return -1;
}

static enum pc_answer
answer(const struct pc_batch *batch, struct pt_err *err)
{
	const struct pc_batch_report *report = &batch->report;

	pc_batch_report_counts(report);
	if (report->first == PT_ERR_NONE)
		return report->count[PC_BATCH_NO] > 0 ? PC_NO : PC_YES;
	(void)pt_err_set(err, report->first,
	    "cannot run all of the batch: %" PRIu64 " of its commands failed",
	    report->count[PC_BATCH_ERROR]);
	return PC_FAILED;
}

/* From here on every owner has got all notices there may be, but of blocks. */
static void
hush(struct pt_config *config)
{
	config->notice.max.count = 1;
	config->notice.max.at[0].limit = 0;
}

enum pc_answer
pc_cmd_batch(struct pc_call *call, struct pt_err *err)
{
	const char *name = call->arg_count > 0 ? call->args[0] : NULL;
	enum pc_answer result = PC_FAILED;
	struct pc_batch_input input;
	struct pc_batch batch;

	memset(&input, 0, sizeof(input));
	if (pc_call_option(call, "no-notices") != NULL)
		hush(call->config);
	/* The file is opened with the rights of the caller. */
	if (pc_batch_init(&batch, call, err) == 0 &&
	    pc_batch_input_open(&input, name, err) == 0 &&
	    pc_call_open_store(call, PT_STORE_WRITE, err) == 0 &&
	    run_lines(&batch, &input, err) == 0 &&
	    pc_batch_report_end(&batch.report, err) == 0)
		result = answer(&batch, err);
	pc_batch_input_close(&input);
	pc_batch_clear(&batch);
	return result;
}
