/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* sweep: the work of postern-keeper, once. */

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/service/doubt.h"
#include "core/service/outbox.h"
#include "core/service/pending.h"
#include "core/service/queue_order.h"
#include "core/service/sole.h"
#include "core/service/sweep.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"

#define OUTBOX_MS   ((int64_t)600000) /* of sending, at most */
#define LOOK_MS     50                /* how often, while commands run */
#define PROGRESS_MS 200
#define NS_PER_MS   1000000L

/* What was done, for the report. */
struct done {
	uint64_t blocked, told, failed; /* of what was pending */
	struct pt_outbox_done notices;
	bool is_kept;    /* somebody else sends the notices */
	bool is_doubted; /* accounts were not swept */
	uint64_t found;  /* accounts that were, or would be, changed */
};

struct work {
	struct pc_call *call;
	struct pt_sweep sweep; /* big */
	struct done done;
	uint64_t expected; /* accounts */
	int64_t shown_ms;  /* progress */
};

static void
rest(int64_t ms)
{
	const struct timespec time = {
	    .tv_sec = (time_t)(ms / 1000),
	    .tv_nsec = (long)(ms % 1000) * NS_PER_MS,
	};

	(void)nanosleep(&time, NULL);
}

static void
show_progress(struct work *work, const char *what, uint64_t n, uint64_t of)
{
	FILE *errors = work->call->errors;
	int64_t now_ms = pt_clock_ticks_ms();
	int fd = fileno(errors);

	if (fd < 0 || isatty(fd) == 0 || now_ms - work->shown_ms < PROGRESS_MS)
		return;
	work->shown_ms = now_ms;
	fprintf(errors, "\r%s: %" PRIu64, what, n);
	if (of > 0)
		fprintf(errors, " of %" PRIu64, of);
	fputs("  ", errors);
	(void)fflush(errors);
}

static void
end_progress(struct work *work)
{
	if (work->shown_ms > 0)
		fputs("\n", work->call->errors);
}

static void
count_pending(struct work *work, const struct pt_pending *pending,
    const struct pt_err *err)
{
	const struct pt_pending_job *job;
	size_t i;

	for (i = 0; i < pending->count; i++) {
		job = &pending->job[i];
		work->done.blocked += job->reason != PT_BLOCK_NONE;
		work->done.told += job->notice != PT_NOTICE_NONE;
		if (job->failed == PT_ERR_NONE)
			continue;
		work->done.failed++;
		pc_call_skip(work->call, err);
	}
}

static int
complete(struct work *work, struct pt_err *err)
{
	struct pc_call *call = work->call;
	struct pt_err single = {.kind = PT_ERR_NONE};
	struct pt_pending pending;

	pending.place.len = 0;
	do {
		if (pt_pending_complete(call->store, call->config,
			PT_QUEUE_ORDER_FILE, call->now, &pending,
			&single) != 0) {
			*err = single;
			return -1;
		}
		count_pending(work, &pending, &single);
		if (pending.order_failed)
			fprintf(call->errors, "posternctl: %s\n",
			    pending.order_err.text);
		show_progress(work, "pending", work->done.blocked, 0);
	} while (pending.place.len > 0);
	return 0;
}

/* In words: what was, or would be, done to the account. */
static const char *
word_of(unsigned what)
{
	if ((what & PT_IDLE_BLOCKED) != 0)
		return "block";
	if ((what & PT_IDLE_WOULD) != 0)
		return "observe";
	if ((what & PT_IDLE_TOLD) != 0)
		return "tell";
	return (what & PT_IDLE_EXPIRED) != 0 ? "expire" : "tidy";
}

static void
on_found(const struct pt_sweep_found *found, void *arg)
{
	struct work *work = arg;
	struct pc_output *out = work->call->out;

	if (found->err != NULL) {
		pc_call_skip(work->call, found->err);
		return;
	}
	work->done.found++;
	if (!work->sweep.dry_run)
		return;
	pc_output_text(out, found->login->text);
	pc_output_text(out, word_of(found->what));
	pc_output_time(out, found->until);
}

static void
say_doubt(struct work *work)
{
	const struct pt_swept *swept = &work->sweep.swept;
	char until[PT_CLOCK_TEXT_MAX];

	work->done.is_doubted = true;
	pt_clock_format(
	    swept->doubted_at + PT_DOUBT_SECONDS, 0, until, sizeof(until));
	fprintf(work->call->errors,
	    "posternctl: accounts are not swept before %s: the clock was set, "
	    "or nobody looked after them for long\n",
	    until);
}

/* policyd has its half of the disk and of the processor meanwhile. */
static int
walk(struct work *work, bool dry_run, struct pt_err *err)
{
	struct pc_call *call = work->call;
	struct pt_sweep *sweep = &work->sweep;
	struct pt_store_usage usage;
	int64_t began_ms;
	int more;

	if (pt_store_usage(call->store, &usage, err) != 0 ||
	    pt_sweep_begin(sweep, call->config, call->store, err) != 0)
		return -1;
	sweep->dry_run = dry_run;
	for (;;) {
		began_ms = pt_clock_ticks_ms();
		more = pt_sweep_step(sweep, call->now, on_found, work, err);
		if (sweep->is_doubted)
			say_doubt(work);
		if (more <= 0)
			return more;
		show_progress(
		    work, "accounts", sweep->accounts, usage.accounts);
		rest(pt_clock_ticks_ms() - began_ms);
	}
}

static void
add_notices(struct done *done, const struct pt_outbox_done *turn)
{
	done->notices.sent += turn->sent;
	done->notices.failed += turn->failed;
	done->notices.gave_up += turn->gave_up;
	done->notices.dropped += turn->dropped;
	done->notices.running = turn->running;
}

/* Until nothing runs, and nothing more is due. */
static int
send_all(struct work *work, struct pt_outbox *outbox, struct pt_err *err)
{
	int64_t until_ms = pt_clock_ticks_ms() + OUTBOX_MS;
	struct pt_outbox_done turn = {.running = 0};

	do {
		if (turn.running > 0)
			rest(LOOK_MS);
		if (pt_outbox_turn(
			outbox, pt_clock_now(), NULL, NULL, &turn, err) != 0)
			return -1;
		add_notices(&work->done, &turn);
		show_progress(work, "notices", work->done.notices.sent, 0);
	} while (
	    (turn.running > 0 || turn.more) && pt_clock_ticks_ms() < until_ms);
	return 0;
}

static int
send_notices(struct work *work, struct pt_err *err)
{
	struct pc_call *call = work->call;
	struct pt_outbox *outbox;
	int taken;
	int rc;
	int fd;

	taken =
	    pt_sole_take(call->config->state_dir, PT_SOLE_NOTICES, &fd, err);
	work->done.is_kept = taken == 0;
	if (taken <= 0)
		return taken;
	rc = pt_outbox_open(call->config, call->store, &outbox, err);
	if (rc == 0) {
		rc = send_all(work, outbox, err);
		pt_outbox_close(outbox);
	}
	(void)close(fd);
	return rc;
}

struct row {
	const char *work;
	const char *what;
	uint64_t count;
};

static void
put_rows(struct pc_output *out, const struct row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		pc_output_text(out, rows[i].work);
		pc_output_text(out, rows[i].what);
		pc_output_number(out, rows[i].count);
	}
}

static void
put_report(struct work *work, const struct pt_store_usage *usage)
{
	const struct pt_outbox_done *notices = &work->done.notices;
	const struct pt_sweep *sweep = &work->sweep;
	const struct row before[] = {
	    {"pending", "blocked", work->done.blocked},
	    {"pending", "told", work->done.told},
	    {"pending", "failed", work->done.failed},
	    {"accounts", "looked at", sweep->accounts},
	    {"accounts", "told", sweep->told},
	    {"accounts", "blocked", sweep->blocked},
	    {"accounts", "observed", sweep->would},
	    {"accounts", "expired", sweep->expired},
	    {"accounts", "tidied", sweep->tidied},
	    {"accounts", "damaged", sweep->damaged},
	    {"history", "deleted", sweep->history_deleted},
	};
	const struct row after[] = {
	    {"notices", "sent", notices->sent},
	    {"notices", "failed", notices->failed},
	    {"notices", "given up", notices->gave_up},
	    {"notices", "dropped", notices->dropped},
	};
	const struct row left[] = {{"notices", "left", usage->outbox}};

	put_rows(work->call->out, before, PT_ARRAY_LEN(before));
	if (!work->done.is_kept)
		put_rows(work->call->out, after, PT_ARRAY_LEN(after));
	put_rows(work->call->out, left, PT_ARRAY_LEN(left));
}

/* Of a clock that is doubted something else was said. */
static void
say_nothing_to_do(const struct work *work)
{
	const struct done *done = &work->done;
	const struct pt_outbox_done *notices = &done->notices;
	const struct pt_sweep *sweep = &work->sweep;

	if (done->is_doubted || done->found > 0 || work->call->skipped > 0 ||
	    done->blocked + done->told + done->failed > 0 ||
	    sweep->history_deleted > 0 || notices->sent + notices->failed > 0 ||
	    notices->gave_up + notices->dropped > 0)
		return;
	fputs(sweep->dry_run ? "posternctl: no account would change\n"
			     : "posternctl: there was nothing to do\n",
	    work->call->errors);
}

static enum pc_answer
sweep(struct work *work, struct pt_err *err)
{
	struct pc_call *call = work->call;
	struct pt_store_usage usage;
	int rc;

	rc = complete(work, err);
	if (rc == 0)
		rc = walk(work, false, err);
	if (rc == 0)
		rc = send_notices(work, err);
	end_progress(work);
	if (rc != 0 || pt_store_sync(call->store, err) != 0 ||
	    pt_store_usage(call->store, &usage, err) != 0)
		return PC_FAILED;
	if (work->done.is_kept)
		fputs("posternctl: notices are left to postern-keeper, which "
		      "runs\n",
		    call->errors);
	say_nothing_to_do(work);
	pc_output_begin(call->out, pc_columns_sweep, true);
	put_report(work, &usage);
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}

static enum pc_answer
try_sweep(struct work *work, struct pt_err *err)
{
	int rc;

	pc_output_begin(work->call->out, pc_columns_dry_sweep, true);
	rc = walk(work, true, err);
	end_progress(work);
	if (rc != 0)
		return PC_FAILED;
	say_nothing_to_do(work);
	return pc_output_end(work->call->out, err) == 0 ? PC_YES : PC_FAILED;
}

enum pc_answer
pc_cmd_sweep(struct pc_call *call, struct pt_err *err)
{
	static struct work work;

	work = (struct work){.call = call};
	return pc_call_option(call, "dry-run") != NULL ? try_sweep(&work, err)
						       : sweep(&work, err);
}
