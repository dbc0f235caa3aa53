/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/mail/session_private.h"

#include <ioloop.h>

#include "core/base/clock.h"
#include "dovecot-plugin/mail/hold.h"

/* policyd counts whole seconds; being early would cost a second more. */
#define DUE_SLACK_MS 20

bool
dp_session_holds(const struct dp_session *session)
{
	return session->ops != NULL && !session->no_hold;
}

bool
dp_session_hides(const struct dp_session *session)
{
	const struct dp_hold *hold;

	for (hold = session->boxes; hold != NULL; hold = hold->next) {
		if (hold->hidden > 0)
			return TRUE;
	}
	return FALSE;
}

/*
 * One box a turn: what is called may end the client and so free them all.
 */
static void
wake_next(struct dp_session *session)
{
	struct dp_hold *hold = session->boxes;
	struct mailbox *box;

	timeout_remove(&session->to_wake);
	while (
	    hold != NULL && (!hold->wake || hold->box->notify_callback == NULL))
		hold = hold->next;
	if (hold == NULL)
		return;
	hold->wake = FALSE;
	session->to_wake =
	    timeout_add_short_to(session->ioloop, 0, wake_next, session);
	box = hold->box;
	box->notify_callback(box, box->notify_context);
}

static void
wake_all(struct dp_session *session)
{
	struct dp_hold *hold;

	for (hold = session->boxes; hold != NULL; hold = hold->next)
		hold->wake = TRUE;
	wake_next(session);
}

/* Lets IDLE look again, not before ms milliseconds; the latest call counts. */
static void
wake(struct dp_session *session, unsigned ms)
{
	if (session->ops == NULL)
		return;
	timeout_remove(&session->to_wake);
	session->to_wake =
	    timeout_add_short_to(session->ioloop, ms, wake_all, session);
}

static void
wake_when_due(struct dp_session *session)
{
	int64_t ms = session->cap.due_ms - pt_clock_ticks_ms() + DUE_SLACK_MS;

	if (ms < DUE_SLACK_MS)
		ms = DUE_SLACK_MS;
	if (ms > 86400 * 1000)
		ms = 86400 * 1000;
	wake(session, (unsigned)ms);
}

void
dp_session_hold_answer(
    struct dp_session *session, const struct dp_reply *reply, bool unasked)
{
	int64_t now = pt_clock_ticks_ms();
	bool more = FALSE;

	switch (reply->action) {
	case DP_ACTION_HOLD:
		more = dp_cap_hold(&session->cap, reply->uidvalidity,
		    reply->uidnext, now + (int64_t)reply->due_s * 1000);
		session->no_hold = FALSE;
		break;
	case DP_ACTION_OK:
		more = session->cap.state == DP_CAP_HELD;
		dp_cap_free(&session->cap, now);
		break;
	case DP_ACTION_NONE:
	case DP_ACTION_CLOSE:
		return;
	}
	/* Whoever asked looks right now; nobody does if policyd just tells. */
	if (unasked && more)
		wake(session, 0);
	else
		wake_when_due(session);
}

uint32_t
dp_session_look(struct dp_session *session, uint32_t uidvalidity,
    uint32_t uidnext, bool is_check)
{
	char buf[DP_REQUEST_MAX];
	const struct dp_cap *cap = &session->cap;
	bool ask;

	/* Only policyd's answer to "open" tells whether the plan holds. */
	if (dp_session_holds(session) && !session->opened)
		(void)dp_link_ask(session->link, DP_EVENT_OPEN, NULL, 0);
	if (!dp_session_holds(session) || !session->opened)
		return UINT32_MAX;
	ask = is_check || cap->state == DP_CAP_UNKNOWN;
	if (ask && dp_cap_is_due(cap, uidvalidity, pt_clock_ticks_ms()))
		(void)dp_link_ask(session->link, DP_EVENT_CHECK, buf,
		    dp_request_mailbox(
			buf, DP_EVENT_CHECK, uidvalidity, uidnext));
	return dp_cap_limit(cap, uidvalidity);
}

void
dp_session_shown(
    struct dp_session *session, uint32_t uidvalidity, uint32_t uidnext)
{
	dp_cap_shown(&session->cap, uidvalidity, uidnext);
}

void
dp_session_stored(
    struct dp_session *session, uint32_t uidvalidity, uint32_t uidnext)
{
	char buf[DP_REQUEST_MAX];

	if (!dp_session_holds(session))
		return;
	dp_cap_stored(&session->cap, uidvalidity, uidnext);
	/*
	 * Waits, so that another session that the mail program opens after
	 * the OK to its command shows the message, too.
	 */
	(void)dp_link_ask(session->link, DP_EVENT_STORED, buf,
	    dp_request_mailbox(buf, DP_EVENT_STORED, uidvalidity, uidnext));
}

void
dp_session_get_shown(const struct dp_session *session,
    uint32_t *uidvalidity_out, uint32_t *uidnext_out)
{
	*uidvalidity_out = session->cap.shown_uidvalidity;
	*uidnext_out = session->cap.shown;
}

void
dp_session_set_shown(
    struct dp_session *session, uint32_t uidvalidity, uint32_t uidnext)
{
	dp_cap_shown(&session->cap, uidvalidity, uidnext);
}
