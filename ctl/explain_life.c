/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* explain, the part about what time and further refusals bring. */

#include <inttypes.h>

#include "core/notice/template.h"
#include "core/rules/idle.h"
#include "core/rules/notice.h"
#include "core/rules/window.h"
#include "ctl/explain.h"

#define NOTICES_SHOWN 8

static bool
is_observed(const struct pc_explain *ex, enum pt_observe key)
{
	return ex->call->config->mode == PT_MODE_OBSERVE ||
	       (ex->plan->observe & (unsigned)key) != 0;
}

static void
say_unused(struct pc_explain *ex)
{
	const struct pt_idle_facts facts = {
	    ex->call->config, ex->begun, ex->call->now, ex->life};
	int64_t until =
	    pt_idle_until(&facts, ex->account, ex->activity, ex->usage);
	int64_t since = pt_idle_since(&facts, ex->plan, ex->account, ex->usage);

	if (until == 0)
		return;
	pt_text_add(&ex->text, "access ");
	pt_text_add(&ex->text,
	    is_observed(ex, PT_OBSERVE_UNUSED_AFTER) ? "would end " : "ends ");
	pc_explain_add_time(ex, until);
	pt_text_add(
	    &ex->text, " unless it is used before; it is counted from ");
	pc_explain_add_time(ex, since);
	if (ex->account->unused_told_at > since) {
		pt_text_add(&ex->text, ", and the owner was told ");
		pc_explain_add_time(ex, ex->account->unused_told_at);
	}
	pc_explain_end(ex, "unused");
}

static void
say_refused_logins(struct pc_explain *ex)
{
	const struct pt_plan *plan = ex->plan;
	const struct pt_window_log *log = &ex->usage->refused_logins;
	uint64_t used;
	size_t i;

	for (i = 0; i < plan->logins.count && log->count > 0; i++) {
		used = pt_window_used(
		    log, plan->logins.at[i].seconds, ex->call->now);
		if (used == 0)
			continue;
		pt_text_addf(&ex->text, "%" PRIu64 " in ", used);
		pc_explain_add_span(ex, plan->logins.at[i].seconds);
		if (plan->logins_factor.on)
			pt_text_addf(&ex->text,
			    "; %" PRIu64 " times the limit of %" PRIu64
			    " in all %s",
			    plan->logins_factor.value, plan->logins.at[i].limit,
			    (plan->observe & PT_OBSERVE_LOGINS_FACTOR) != 0
				? "would block"
				: "block");
		pc_explain_end(ex, "refused logins");
	}
}

struct notices {
	struct pc_explain *ex;
	unsigned shown;
};

/* "blocked-quota of 14:05:10 UTC: tried 2 times, again 14:10:12 UTC: why" */
static bool
say_notice(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	struct notices *notices = arg;
	struct pc_explain *ex = notices->ex;

	(void)err;
	if (entry == NULL ||
	    !pt_login_equal(&entry->login, &ex->account->login))
		return true;
	/* As posternctl notice list names it. */
	pt_text_addf(&ex->text, "%s of ",
	    pt_template_name(pt_template_of(&entry->notice)));
	pc_explain_add_time(ex, entry->notice.at);
	if (entry->gave_up)
		pt_text_add(&ex->text, ": given up");
	else
		pt_text_add(&ex->text, ": waits to be sent");
	if (entry->tries > 0)
		pt_text_addf(&ex->text, " after %" PRIu32 " %s: %s",
		    entry->tries, entry->tries == 1 ? "try" : "tries",
		    entry->error);
	pc_explain_end(ex, "notice");
	return ++notices->shown < NOTICES_SHOWN;
}

static void
say_notices(struct pc_explain *ex)
{
	const struct pt_notice_count *count = &ex->account->notices;
	struct notices notices = {.ex = ex};
	struct pt_err err;

	if (!pt_notice_is_possible(ex->call->config) && count->count == 0) {
		pc_explain_say(ex, "notices", "none are sent");
		return;
	}
	pt_text_addf(&ex->text, "%" PRIu32, count->count);
	if (count->count > 0) {
		pt_text_add(&ex->text, " since ");
		pc_explain_add_time(ex, count->since);
	}
	pc_explain_end(ex, "notices");
	/* It decides nothing, and hides nothing else. */
	if (pt_store_each_outbox(ex->call->store, say_notice, &notices, &err) !=
	    0)
		pc_explain_say(ex, "notices", err.text);
}

void
pc_explain_life(struct pc_explain *ex)
{
	if (ex->plan != NULL) {
		say_unused(ex);
		say_refused_logins(ex);
	}
	say_notices(ex);
}
