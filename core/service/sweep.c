/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/sweep.h"

#include <string.h>

#include "core/service/doubt.h"

enum phase {
	PHASE_BEGIN,
	PHASE_ACCOUNTS,
	PHASE_HISTORY,
	PHASE_HOURS,
	PHASE_DONE,
};

/* What is done to one account. */
struct job {
	struct pt_idle_facts facts;
	const struct pt_login *login;
	unsigned what;
	struct pt_figures figures;
	int64_t until;
};

struct reporter {
	pt_sweep_report_fn *fn;
	void *arg;
};

int
pt_sweep_begin(struct pt_sweep *sweep, const struct pt_config *config,
    struct pt_store *store, struct pt_err *err)
{
	struct pt_swept swept;
	int64_t begun;

	if (pt_store_begun(store, &begun, err) != 0 ||
	    pt_store_get_swept(store, &swept, err) != 0)
		return -1;
	memset(sweep, 0, sizeof(*sweep));
	sweep->config = config;
	sweep->store = store;
	sweep->phase = PHASE_BEGIN;
	sweep->begun = begun;
	sweep->swept = swept;
	return 0;
}

/* In front of each step; the state learns of a walk when it begins. */
static int
look_at_clock(struct pt_sweep *sweep, int64_t now, struct pt_err *err)
{
	struct pt_swept swept = sweep->swept;
	/* Also if a start put down a doubt by a clock that was ahead. */
	bool odd =
	    pt_doubt_is_odd(swept.at, now) ||
	    (swept.doubted_at > now && pt_doubt_is_odd(swept.doubted_at, now));

	if (odd)
		swept.doubted_at = now;
	swept.at = now;
	if ((odd || sweep->phase == PHASE_BEGIN) && !sweep->dry_run &&
	    pt_store_put_swept(sweep->store, &swept, err) != 0)
		return -1;
	sweep->swept = swept;
	if (odd)
		sweep->begun = now;
	sweep->is_doubted = pt_doubt_goes_on(&swept, now);
	if (sweep->phase == PHASE_BEGIN)
		sweep->phase = PHASE_ACCOUNTS;
	if (sweep->is_doubted)
		sweep->phase = PHASE_DONE;
	return 0;
}

static void
judge(struct job *job, struct pt_account *account, struct pt_activity *activity,
    struct pt_usage *usage, struct pt_trail *trail)
{
	job->what = 0;
	job->figures = (struct pt_figures){.unit = PT_FIGURES_NONE};
	job->until = 0;
	if (!account->exists)
		return;
	(void)pt_activity_settle(activity, job->facts.now);
	(void)pt_usage_settle(usage, job->facts.now);
	job->what = pt_idle_judge(&job->facts, account, activity, usage, trail);
	if ((job->what & PT_IDLE_BLOCKED) != 0)
		job->figures = account->block_figures;
	if (trail->notice.kind == PT_NOTICE_UNUSED_SOON)
		job->until = trail->notice.until;
}

/* What is only observed changes no record. */
static bool
is_change(unsigned what)
{
	return (what & ~(unsigned)PT_IDLE_WOULD) != 0;
}

/* What was read before may not hold any more. */
static void
change(struct pt_records *records, void *arg)
{
	struct job *job = arg;

	judge(job, records->account, records->activity, records->usage,
	    &records->trail);
	records->account_changed = is_change(job->what);
}

static void
count_found(struct pt_sweep *sweep, const struct job *job)
{
	sweep->told += (job->what & PT_IDLE_TOLD) != 0;
	sweep->blocked += (job->what & PT_IDLE_BLOCKED) != 0;
	sweep->expired += (job->what & PT_IDLE_EXPIRED) != 0;
	sweep->tidied += (job->what & PT_IDLE_TIDIED) != 0;
	sweep->would += (job->what & PT_IDLE_WOULD) != 0;
}

static void
report_done(struct pt_sweep *sweep, const struct job *job,
    const struct reporter *reporter)
{
	const struct pt_sweep_found found = {
	    .login = job->login,
	    .what = job->what,
	    .figures = job->figures,
	    .until = job->until,
	};

	if (job->what == 0)
		return;
	count_found(sweep, job);
	if (reporter->fn != NULL)
		reporter->fn(&found, reporter->arg);
}

static void
report_damaged(struct pt_sweep *sweep, const struct pt_login *login,
    const struct pt_err *err, const struct reporter *reporter)
{
	const struct pt_sweep_found found = {.login = login, .err = err};

	sweep->damaged++;
	if (reporter->fn != NULL)
		reporter->fn(&found, reporter->arg);
}

static bool
is_of_one_login(enum pt_err_kind kind)
{
	return kind == PT_ERR_DAMAGED || kind == PT_ERR_NEWER ||
	       kind == PT_ERR_INPUT;
}

/*
 * Most accounts need nothing, and a look at them takes no writer's lock.  1:
 * it must be written, 0: it is done with.
 */
static int
look_at(struct pt_sweep *sweep, struct job *job,
    const struct reporter *reporter, struct pt_err *err)
{
	struct pt_trail trail = {.notice = {.kind = PT_NOTICE_NONE}};

	if (pt_store_read(sweep->store, job->login, &sweep->account,
		&sweep->activity, &sweep->usage, err) != 0) {
		if (!is_of_one_login(err->kind))
			return -1;
		report_damaged(sweep, job->login, err, reporter);
		return 0;
	}
	judge(job, &sweep->account, &sweep->activity, &sweep->usage, &trail);
	if (!sweep->dry_run && is_change(job->what))
		return 1;
	report_done(sweep, job, reporter);
	return 0;
}

static int
write_jobs(struct pt_sweep *sweep, struct job *jobs, size_t n,
    const struct reporter *reporter, struct pt_err *err)
{
	struct pt_update updates[PT_SWEEP_BATCH];
	struct pt_err single = {.kind = PT_ERR_NONE};
	size_t i;

	for (i = 0; i < n; i++)
		updates[i] = (struct pt_update){
		    .login = jobs[i].login,
		    .usage = true,
		    .fn = change,
		    .arg = &jobs[i],
		};
	if (n > 0 && pt_store_update(sweep->store, PT_UPDATE_ACCOUNT, updates,
			 n, &single) != 0) {
		*err = single;
		return -1;
	}
	for (i = 0; i < n; i++) {
		if (updates[i].failed == PT_ERR_NONE)
			report_done(sweep, &jobs[i], reporter);
		else
			report_damaged(sweep, jobs[i].login, &single, reporter);
	}
	return 0;
}

/* The next few accounts; 1 if there are more. */
static int
walk(struct pt_sweep *sweep, int64_t now, const struct reporter *reporter,
    struct pt_err *err)
{
	struct job jobs[PT_SWEEP_BATCH];
	size_t wanted = 0;
	size_t count;
	size_t i;
	int rc;

	if (pt_store_next_logins(sweep->store,
		sweep->place.len > 0 ? &sweep->place : NULL, sweep->logins,
		PT_SWEEP_BATCH, &count, err) != 0)
		return -1;
	for (i = 0; i < count; i++) {
		jobs[wanted] = (struct job){
		    .facts = {sweep->config, sweep->begun, now, sweep->life},
		    .login = &sweep->logins[i],
		};
		rc = look_at(sweep, &jobs[wanted], reporter, err);
		if (rc < 0)
			return -1;
		wanted += (size_t)rc;
	}
	if (write_jobs(sweep, jobs, wanted, reporter, err) != 0)
		return -1;
	sweep->accounts += count;
	if (count > 0)
		sweep->place = sweep->logins[count - 1];
	return count == PT_SWEEP_BATCH;
}

static int
step_accounts(struct pt_sweep *sweep, int64_t now,
    const struct reporter *reporter, struct pt_err *err)
{
	struct pt_life life;
	int more = 1;
	int done;

	if (pt_store_get_life(sweep->store, PT_LIFE_SESSIONS, &life, err) != 0)
		return -1;
	sweep->life = pt_store_life_at(&life, now);
	for (done = 0; done < PT_SWEEP_STEP && more > 0; done += PT_SWEEP_BATCH)
		more = walk(sweep, now, reporter, err);
	if (more < 0)
		return -1;
	if (more == 0)
		sweep->phase = PHASE_HISTORY;
	return 1;
}

static int
step_history(struct pt_sweep *sweep, int64_t before, struct pt_err *err)
{
	uint64_t deleted = 0;
	int more;

	more = pt_store_prune_history(sweep->store, &sweep->history, before,
	    PT_SWEEP_STEP, &deleted, err);
	if (more < 0)
		return -1;
	sweep->history_deleted += deleted;
	if (more == 0)
		sweep->phase = PHASE_HOURS;
	return 1;
}

int
pt_sweep_step(struct pt_sweep *sweep, int64_t now, pt_sweep_report_fn *report,
    void *arg, struct pt_err *err)
{
	const struct pt_limit *keep = &sweep->config->history_keep;
	const struct reporter reporter = {report, arg};
	int64_t before = now - (int64_t)keep->value;

	if (look_at_clock(sweep, now, err) != 0)
		return -1;
	if (sweep->phase == PHASE_ACCOUNTS)
		return step_accounts(sweep, now, &reporter, err);
	if (sweep->phase == PHASE_DONE || !keep->on || sweep->dry_run)
		return 0;
	if (sweep->phase == PHASE_HISTORY)
		return step_history(sweep, before, err);
	if (pt_store_prune_hours(sweep->store, before, err) != 0)
		return -1;
	sweep->phase = PHASE_DONE;
	return 0;
}
