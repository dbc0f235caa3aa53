/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/mail_check.h"

static const struct pt_verdict permit = {.code = PT_VERDICT_PERMIT};

/* Seconds between two checks; 0: there is no such limit. */
static int64_t
interval_of(const struct pt_plan *plan)
{
	return plan->mail_check.on ? (int64_t)plan->mail_check.value : 0;
}

/* A stamp after now was made before the clock was set back: it is now's. */
static bool
settle(int64_t *stamp, int64_t now)
{
	if (*stamp <= now)
		return false;
	*stamp = now;
	return true;
}

static bool
is_due(int64_t stamp, int64_t interval, int64_t now)
{
	return stamp == 0 || now >= stamp + interval;
}

static struct pt_verdict
too_early(int64_t stamp, int64_t interval)
{
	struct pt_verdict verdict = {
	    .code = PT_VERDICT_DEFER,
	    .reason = PT_REASON_MAIL_CHECK,
	    .used = 1,
	    .limit = 1,
	    .amount = 1,
	    .seconds = interval,
	    .until = stamp + interval,
	};

	return verdict;
}

struct pt_verdict
pt_mail_check_pop3(
    const struct pt_plan *plan, struct pt_usage *usage, int64_t now)
{
	int64_t interval = interval_of(plan);

	(void)settle(&usage->pop3_checked_at, now);
	if (!is_due(usage->pop3_checked_at, interval, now))
		return too_early(usage->pop3_checked_at, interval);
	usage->pop3_checked_at = now;
	return permit;
}

struct pt_verdict
pt_mail_check_imap_login(
    const struct pt_plan *plan, struct pt_usage *usage, int64_t now)
{
	int64_t *stamp = &usage->view.checked_at;
	int64_t interval = interval_of(plan);

	if (plan->imap_check != PT_IMAP_CHECK_REFUSE || interval == 0)
		return permit;
	(void)settle(stamp, now);
	if (is_due(*stamp, interval, now)) {
		*stamp = now;
		return permit;
	}
	/* An endless burst would be no limit at all. */
	if (plan->check_burst.on &&
	    now - *stamp <= (int64_t)plan->check_burst.value)
		return permit;
	return too_early(*stamp, interval);
}

static bool
is_held(const struct pt_plan *plan)
{
	return plan->imap_check == PT_IMAP_CHECK_HOLD && interval_of(plan) > 0;
}

static struct pt_held_view
everything(uint32_t uidnext)
{
	struct pt_held_view held = {.uidnext = uidnext, .due = 1};

	return held;
}

static struct pt_held_view
show(const struct pt_view *view, int64_t interval, int64_t now)
{
	struct pt_held_view held = {
	    .held = true,
	    .uidnext = view->uidnext,
	    .due = view->checked_at + interval - now,
	};

	if (held.due < 1)
		held.due = 1;
	return held;
}

/* A session that lags behind must not take away what others see. */
static bool
widen(struct pt_view *view, uint32_t uidnext)
{
	if (uidnext <= view->uidnext)
		return false;
	view->uidnext = uidnext;
	return true;
}

static void
open_anew(
    struct pt_view *view, uint32_t uidvalidity, uint32_t uidnext, int64_t now)
{
	view->checked_at = now;
	view->uidvalidity = uidvalidity;
	view->uidnext = uidnext;
}

struct pt_held_view
pt_mail_check_look(const struct pt_plan *plan, struct pt_usage *usage,
    uint32_t uidvalidity, uint32_t uidnext, int64_t now, bool *changed_out)
{
	struct pt_view *view = &usage->view;
	int64_t interval = interval_of(plan);
	bool changed;

	*changed_out = false;
	if (!is_held(plan))
		return everything(uidnext);
	changed = settle(&view->checked_at, now);
	if (view->checked_at == 0 || view->uidvalidity != uidvalidity) {
		open_anew(view, uidvalidity, uidnext, now);
		changed = true;
	} else if (is_due(view->checked_at, interval, now)) {
		(void)widen(view, uidnext);
		view->checked_at = now;
		changed = true;
	}
	*changed_out = changed;
	return show(view, interval, now);
}

struct pt_held_view
pt_mail_check_stored(const struct pt_plan *plan, struct pt_usage *usage,
    uint32_t uidvalidity, uint32_t uidnext, int64_t now, bool *changed_out)
{
	struct pt_view *view = &usage->view;
	bool changed;

	if (!is_held(plan) || view->checked_at == 0 ||
	    view->uidvalidity != uidvalidity)
		return pt_mail_check_look(
		    plan, usage, uidvalidity, uidnext, now, changed_out);
	changed = settle(&view->checked_at, now);
	changed |= widen(view, uidnext);
	*changed_out = changed;
	return show(view, interval_of(plan), now);
}
