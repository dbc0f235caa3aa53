/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/idle.h"

#include "core/rules/account_plan.h"
#include "core/rules/external_private.h"
#include "core/rules/notice.h"

/* How the rule stands for an account whose access may end. */
struct idle {
	const struct pt_plan *plan; /* NULL: it does not apply */
	int64_t after;              /* the plan's unused_after */
	int64_t tell;               /* so long before it ends */
	int64_t since;
	bool told;     /* since the last use */
	bool tellable; /* the owner is told before it ends */
	int64_t until; /* it ends then */
};

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
last_of(const struct pt_window_log *log)
{
	return log->count == 0 ? 0 : log->entry[log->count - 1].at;
}

/* A count of another life than policyd's present one is no count. */
static bool
has_session(const struct pt_idle_facts *facts, const struct pt_usage *usage)
{
	return facts->life != 0 && usage->sessions.life == facts->life &&
	       usage->sessions.count > 0;
}

int64_t
pt_idle_since(const struct pt_idle_facts *facts, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_usage *usage)
{
	int64_t since = account->access_at;
	int i;

	if (plan->activation_delay.on)
		since += (int64_t)plan->activation_delay.value;
	since = later(since, facts->begun);
	since = later(since, usage->last_login_at);
	since = later(since, usage->pop3_checked_at);
	since = later(since, usage->view.checked_at);
	for (i = 0; i < PT_TRAFFICS; i++)
		since = later(since, last_of(&usage->traffic[i]));
	return has_session(facts, usage) ? later(since, facts->now) : since;
}

static struct idle
look(const struct pt_idle_facts *facts, const struct pt_account *account,
    const struct pt_activity *activity, const struct pt_usage *usage,
    struct pt_plan *room)
{
	struct idle idle = {.plan = NULL};
	const struct pt_plan *plan;

	if (account->access != PT_ACCESS_ON ||
	    account->block_reason != PT_BLOCK_NONE ||
	    activity->block.reason != PT_BLOCK_NONE)
		return idle;
	plan = pt_account_plan(facts->config, account, facts->now, room);
	if (plan == NULL || !plan->unused_after.on)
		return idle;
	idle.plan = plan;
	idle.after = (int64_t)plan->unused_after.value;
	idle.tell = idle.after >= 2 * PT_IDLE_TELL_SECONDS
			? PT_IDLE_TELL_SECONDS
			: idle.after / 2;
	idle.since = pt_idle_since(facts, plan, account, usage);
	idle.told = account->unused_told_at > idle.since;
	idle.tellable = pt_notice_is_possible(facts->config);
	idle.until = idle.since + idle.after;
	if (idle.tellable)
		idle.until = later(idle.until,
		    (idle.told ? account->unused_told_at : facts->now) +
			idle.tell);
	return idle;
}

int64_t
pt_idle_until(const struct pt_idle_facts *facts,
    const struct pt_account *account, const struct pt_activity *activity,
    const struct pt_usage *usage)
{
	struct pt_plan room;
	struct idle idle = look(facts, account, activity, usage, &room);

	return idle.plan == NULL ? 0 : idle.until;
}

static unsigned
tell(const struct pt_idle_facts *facts, struct pt_account *account,
    const struct idle *idle, struct pt_trail *trail)
{
	const struct pt_notice notice = {
	    .kind = PT_NOTICE_UNUSED_SOON,
	    .at = facts->now,
	    .until = idle->until,
	    .figures = {.unit = PT_FIGURES_NONE, .seconds = idle->after},
	    .protocols = account->protocols,
	};

	if (!pt_notice_put(facts->config, account, &notice, trail))
		return 0;
	account->unused_told_at = facts->now;
	return PT_IDLE_TOLD;
}

static unsigned
block(const struct pt_idle_facts *facts, struct pt_account *account,
    const struct idle *idle, struct pt_trail *trail)
{
	const struct pt_figures figures = {
	    .unit = PT_FIGURES_NONE, .seconds = idle->after};
	const struct pt_external_actor actor = {
	    .who = "postern", .note = "", .now = facts->now};

	return pt_external_block(facts->config, account, PT_BLOCK_UNUSED,
		   &figures, &actor, trail)
		   ? PT_IDLE_BLOCKED
		   : 0;
}

static unsigned
judge_use(const struct pt_idle_facts *facts, struct pt_account *account,
    const struct pt_activity *activity, const struct pt_usage *usage,
    struct pt_trail *trail)
{
	struct pt_plan room;
	struct idle idle = look(facts, account, activity, usage, &room);

	if (idle.plan == NULL)
		return 0;
	if (facts->config->mode == PT_MODE_OBSERVE ||
	    (idle.plan->observe & PT_OBSERVE_UNUSED_AFTER) != 0)
		return idle.since + idle.after <= facts->now ? PT_IDLE_WOULD
							     : 0;
	if (idle.tellable && !idle.told)
		return idle.since + idle.after - idle.tell <= facts->now
			   ? tell(facts, account, &idle, trail)
			   : 0;
	return idle.until <= facts->now ? block(facts, account, &idle, trail)
					: 0;
}

static bool
has_expired(const struct pt_password *password, int64_t now)
{
	return password->ending == PT_ENDING_NONE &&
	       password->expires_at != 0 &&
	       password->expires_at <= now - PT_IDLE_EXPIRED_SECONDS;
}

static unsigned
end_expired(struct pt_account *account, int64_t now, struct pt_trail *trail)
{
	const struct pt_external_actor actor = {
	    .who = "postern", .note = "", .now = now};
	struct pt_external_entry entry;
	struct pt_password *password;
	unsigned ended = 0;
	unsigned i;

	for (i = 0; i < account->password_count; i++) {
		password = &account->passwords[i];
		if (!has_expired(password, now))
			continue;
		if (ended++ == 0)
			pt_external_entry_begin(
			    &entry, account, trail, &actor, "expire");
		pt_password_end(
		    password, PT_ENDING_EXPIRED, PT_BLOCK_NONE, now);
		pt_external_entry_add_id(&entry, password);
	}
	return ended > 0 ? PT_IDLE_EXPIRED : 0;
}

unsigned
pt_idle_judge(const struct pt_idle_facts *facts, struct pt_account *account,
    const struct pt_activity *activity, const struct pt_usage *usage,
    struct pt_trail *trail)
{
	struct pt_notice notice;
	unsigned done = 0;

	trail->note.what[0] = '\0';
	trail->notice.kind = PT_NOTICE_NONE;
	if (pt_account_plan_settle(account, facts->now))
		done |= PT_IDLE_TIDIED;
	done |= judge_use(facts, account, activity, usage, trail);
	/* A block has ended all of them, and its entry is the one to write. */
	if ((done & PT_IDLE_BLOCKED) == 0) {
		notice = trail->notice;
		done |= end_expired(account, facts->now, trail);
		trail->notice = notice;
	}
	if (pt_password_forget(account, facts->now))
		done |= PT_IDLE_TIDIED;
	return done;
}
