/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What opens and closes sending: lock, unlock, grant, reset. */

#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "ctl/handlers.h"
#include "ctl/order.h"

#define GRANT_SECONDS 86400
#define GRANT_MAX     1000000000

static void
add_note(struct pt_text *detail, const char *note)
{
	if (note[0] != '\0')
		pt_text_addf(detail, "%s%s", detail->len > 0 ? ": " : "", note);
}

static enum pc_edit_result
edit_lock(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	struct pt_mark *lock = &records->account->lock;
	const char *note = arg;
	char since[PT_CLOCK_TEXT_MAX];

	(void)err;
	if (lock->at != 0 &&
	    (note[0] == '\0' || strcmp(note, lock->note) == 0)) {
		pt_clock_format(lock->at, call->now, since, sizeof(since));
		pt_text_addf(detail, "locked since %s", since);
		add_note(detail, lock->note);
		return PC_EDIT_NOTHING;
	}
	if (lock->at == 0)
		lock->at = call->now;
	(void)pt_text_copy(lock->note, sizeof(lock->note), note);
	pt_text_add(detail, "sending is locked");
	add_note(detail, note);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_lock(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	(void)err;
	pc_order_edit(order, "lock", edit_lock);
	return 0;
}

static enum pc_edit_result
edit_unlock(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	struct pt_mark *lock = &records->account->lock;

	(void)err;
	if (lock->at == 0) {
		pt_text_add(detail, "sending is not locked");
		return PC_EDIT_NOTHING;
	}
	memset(lock, 0, sizeof(*lock));
	pt_text_add(detail, "sending is open");
	add_note(detail, arg);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_unlock(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	(void)err;
	pc_order_edit(order, "unlock", edit_unlock);
	return 0;
}

static enum pc_edit_result
edit_grant(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	struct pt_grant *grant = &records->account->grant;
	const struct pc_grant_order *wanted = arg;
	char until[PT_CLOCK_TEXT_MAX];

	(void)err;
	if (wanted->amount == 0 && grant->until == 0) {
		pt_text_add(detail, "there is no grant");
		return PC_EDIT_NOTHING;
	}
	/* A new number, so that what was used of an old one does not count. */
	grant->id++;
	grant->amount = wanted->amount;
	grant->until = wanted->amount == 0 ? 0 : wanted->until;
	if (wanted->amount == 0) {
		pt_text_add(detail, "the grant is ended");
	} else {
		/* With its date: the history is read on other days. */
		pt_clock_format(wanted->until, 0, until, sizeof(until));
		pt_text_addf(detail, "+%" PRIu64 " %s until %s", wanted->amount,
		    wanted->amount == 1 ? "message" : "messages", until);
	}
	add_note(detail, wanted->note);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_grant(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	struct pc_grant_order *grant = &order->grant;
	const char *until = pc_call_option(call, "until");
	const char *count = call->args[1];

	grant->until = call->now + GRANT_SECONDS;
	grant->note = order->note;
	if (count[0] == '+')
		count++;
	if (!pt_text_to_u64(count, GRANT_MAX, &grant->amount))
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot grant: write how many messages, such as +100, at "
		    "most %d",
		    GRANT_MAX);
	if (until != NULL &&
	    pt_clock_parse(until, call->now, &grant->until, err) != 0) {
		err->kind = PT_ERR_USAGE;
		return pt_err_prefix(err, "cannot read --until");
	}
	if (grant->until <= call->now)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot grant: %s lies in the past", until);
	pc_order_edit(order, "grant", edit_grant);
	order->change.edit.arg = grant;
	return 0;
}

/* What stands beside the windows; whom it has written to stays known. */
static unsigned
empty_limits(struct pt_records *records, int64_t now)
{
	struct pt_activity *activity = records->activity;
	struct pt_signals *signals = records->signals;
	unsigned counted = activity->refused.count;

	activity->refused.count = 0;
	if (activity->penalty.until > now)
		counted++;
	activity->penalty = (struct pt_penalty_term){.since = 0};
	if (signals->client_count + signals->strangers.count == 0)
		return counted;
	counted += signals->client_count + signals->strangers.count;
	signals->client_count = 0;
	signals->strangers.count = 0;
	records->signals_changed = true;
	return counted;
}

static enum pc_edit_result
edit_reset(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	struct pt_activity *activity = records->activity;
	unsigned counted = empty_limits(records, call->now);
	unsigned i;

	(void)err;
	for (i = 0; i < PT_COUNTED; i++) {
		counted +=
		    activity->log[i].count + activity->observed.passed[i].count;
		activity->log[i].count = 0;
		activity->observed.passed[i].count = 0;
	}
	if (counted == 0 && records->replaced == 0) {
		pt_text_add(detail, "the windows are empty");
		return PC_EDIT_NOTHING;
	}
	records->activity_changed = true;
	pt_text_add(detail, records->replaced == 0
				? "the windows were emptied"
				: "the damaged record was replaced by an "
				  "empty one");
	add_note(detail, arg);
	return PC_EDIT_DONE;
}

int
pc_order_reset(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	(void)err;
	pc_order_edit(order, "reset", edit_reset);
	order->change.edit.replace = PT_REPLACE_ACTIVITY | PT_REPLACE_SIGNALS;
	return 0;
}
