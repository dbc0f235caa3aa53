/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/auth/batch.h"

#include <ioloop.h>

#include "core/base/clock.h"
#include "dovecot-plugin/auth/answer.h"
#include "dovecot-plugin/auth/report.h"
#include "dovecot-plugin/auth/state.h"

/*
 * More at a time saves little more in the state, and costs more than that:
 * the requests that wait push one another out of the processor's caches.
 */
#define BATCH_FULL 16

static struct dp_login *head;
static struct dp_login **tail = &head;
static unsigned waiting;
static struct timeout *timeout;
static int64_t now; /* of the batch */

static void
judge(struct pt_records *records, void *arg)
{
	dp_login_judge(dp_state_config(), arg, records, now);
}

/* What has no verdict is unavailable. */
static void
judge_all(struct dp_login **logins, unsigned n)
{
	static struct pt_update updates[PT_BATCH_MAX];
	struct pt_err err = {.kind = PT_ERR_NONE};
	uint32_t life = dp_state_life(now);
	bool ok;
	unsigned i;

	for (i = 0; i < n; i++) {
		logins[i]->attempt.life = life;
		updates[i] = (struct pt_update){
		    .login = &logins[i]->login,
		    .usage = true,
		    .block_only = true,
		    .fn = judge,
		    .arg = logins[i],
		};
	}
	ok = pt_store_update(
		 dp_state_store(), PT_UPDATE_ACTIVITY, updates, n, &err) == 0;
	for (i = 0; i < n; i++)
		logins[i]->failed = ok ? updates[i].failed : err.kind;
	if (err.kind != PT_ERR_NONE)
		dp_state_complain("a login was refused as unavailable", &err);
}

static void
block(struct pt_records *records, void *arg)
{
	struct dp_login *login = arg;

	login->blocked = pt_authenticate_block(records->account,
	    records->activity, records->usage, &login->admission, now);
	records->activity_changed = login->blocked;
	records->usage_changed = login->blocked;
}

/*
 * Those whose logins are far too many.  Apart from the judgement, because it
 * needs the whole of the activity record, and hardly ever happens.
 */
static void
block_some(struct dp_login **logins, unsigned n)
{
	struct pt_err err = {.kind = PT_ERR_NONE};
	unsigned i;

	for (i = 0; i < n; i++) {
		struct dp_login *login = logins[i];
		const struct pt_admission *admission = &login->admission;
		struct pt_update update = {
		    .login = &login->login,
		    .usage = true,
		    .fn = block,
		    .arg = login,
		};

		if (login->failed != PT_ERR_NONE ||
		    admission->block == PT_BLOCK_NONE)
			continue;
		if (!admission->observed &&
		    (pt_store_update(dp_state_store(), PT_UPDATE_ACTIVITY,
			 &update, 1, &err) != 0 ||
			update.failed != PT_ERR_NONE)) {
			dp_state_complain("cannot block an account", &err);
			continue;
		}
		if (login->blocked || admission->observed)
			dp_report_block(&login->login, admission->block,
			    &admission->figures, admission->observed);
	}
}

static void
run_batch(void)
{
	struct dp_login *logins[PT_BATCH_MAX];
	struct auth_request *request;
	unsigned n = 0;
	unsigned i;

	now = pt_clock_now();
	while (head != NULL && n < PT_BATCH_MAX) {
		logins[n++] = head;
		head = head->next;
	}
	waiting -= n;
	if (head == NULL)
		tail = &head;
	judge_all(logins, n);
	block_some(logins, n);
	for (i = 0; i < n; i++) {
		request = logins[i]->request;
		dp_answer_login(logins[i], now);
		auth_request_unref(&request);
	}
}

static void
run_turn(void *context ATTR_UNUSED)
{
	timeout_remove(&timeout);
	if (head != NULL)
		run_batch();
	/* The answers may have brought in new ones. */
	if (head != NULL && timeout == NULL)
		timeout = timeout_add_short(0, run_turn, NULL);
}

void
dp_batch_add(struct dp_login *login)
{
	auth_request_ref(login->request);
	login->next = NULL;
	*tail = login;
	tail = &login->next;
	if (++waiting >= BATCH_FULL)
		run_batch();
	else if (timeout == NULL)
		timeout = timeout_add_short(0, run_turn, NULL);
}

void
dp_batch_flush(void)
{
	while (head != NULL)
		run_batch();
	timeout_remove(&timeout);
}
