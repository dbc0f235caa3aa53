/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/mail/session_private.h"

#include <ioloop.h>
#include <istream.h>
#include <ostream.h>

/* A reply that is half sent gets so long to become whole. */
#define END_TRY_MS    50
#define END_TRIES_MAX 15

/*
 * The client may be gone when ops->end() returns, and the session with it, so
 * nothing of it is touched afterwards.  Who was cut off in the middle of a
 * message is told nothing.
 */
static void
end_now(struct dp_session *session)
{
	const struct dp_client_ops *ops = session->ops;
	bool half_sent = ops->is_half_sent(session->client);
	const char *log_reason =
	    t_strdup_printf("Postern: session ended (%s)", session->end_reason);

	timeout_remove(&session->to_end);
	session->to_end =
	    timeout_add_short_to(session->ioloop, END_TRY_MS, end_now, session);
	if (++session->end_tries < END_TRIES_MAX && half_sent)
		return;
	ops->end(session->client,
	    half_sent ? NULL : t_strdup(session->end_reply), log_reason);
}

void
dp_session_end(struct dp_session *session, const struct dp_reply *reply)
{
	struct event_passthrough *e;

	if (session->to_end != NULL || session->ops == NULL)
		return;
	session->end_reply = p_strdup(session->user->pool,
	    reply->text[0] == '\0' ? "[UNAVAILABLE] Session ended"
				   : reply->text);
	session->end_reason = p_strdup(session->user->pool,
	    reply->reason[0] == '\0' ? "unknown" : reply->reason);
	e = event_create_passthrough(session->event)
		->set_name("postern_session_end")
		->add_str("reason", session->end_reason);
	e_info(e->event(), "ending the %s session: %s", session->ops->service,
	    session->end_reason);
	session->to_end =
	    timeout_add_short_to(session->ioloop, 0, end_now, session);
}

void
dp_session_report_last(struct dp_session *session)
{
	char buf[DP_REQUEST_MAX];
	struct event_passthrough *e;
	uint64_t down, up;

	down = (*session->output)->offset;
	up = i_stream_get_absolute_offset(*session->input);
	if (!dp_traffic_take(&session->traffic, down, up, &down, &up))
		return;
	e = event_create_passthrough(session->event)
		->set_name("postern_traffic")
		->add_int("down", (intmax_t)down)
		->add_int("up", (intmax_t)up);
	e_debug(
	    e->event(), "traffic: %" PRIu64 " down, %" PRIu64 " up", down, up);
	dp_link_send(session->link, DP_EVENT_TRAFFIC, buf,
	    dp_request_traffic(buf, down, up));
}

static void
report(struct dp_session *session)
{
	/* What is not told now is told later: the counters go on. */
	if (dp_link_is_open(session->link))
		dp_session_report_last(session);
}

void
dp_session_report_every(struct dp_session *session, uint32_t report_s)
{
	timeout_remove(&session->to_report);
	if (report_s == 0)
		return;
	if (report_s > 86400)
		report_s = 86400;
	session->to_report = timeout_add_short_to(
	    session->ioloop, report_s * 1000, report, session);
}

void
dp_session_stop_timers(struct dp_session *session)
{
	timeout_remove(&session->to_end);
	timeout_remove(&session->to_report);
	timeout_remove(&session->to_wake);
}
