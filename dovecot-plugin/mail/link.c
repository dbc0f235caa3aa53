/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/mail/link.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ioloop.h>
#include <net.h>

#include "core/base/clock.h"
#include "dovecot-plugin/common/backoff.h"
#include "dovecot-plugin/common/reply.h"
#include "dovecot-plugin/mail/session.h"

/* policyd answers in less than a millisecond; more than this means trouble. */
#define PENDING_MAX 16
/* An answer that nobody waits for. */
#define PATIENCE_MS 5000

struct dp_link {
	struct dp_session *session;
	char *path;
	struct ioloop *ioloop;
	int fd; /* -1: no connection */
	struct io *io;
	struct timeout *to; /* no connection: retry; else: patience */
	struct dp_backoff backoff;
	struct dp_reply_reader reader;
	enum dp_event pending[PENDING_MAX];
	unsigned pending_count;
	bool was_lost; /* since policyd answered last */
	bool warned;
};

static void
connect_now(struct dp_link *link);

static void
timer_set(struct dp_link *link, unsigned ms)
{
	timeout_remove(&link->to);
	link->to = timeout_add_short_to(link->ioloop, ms, connect_now, link);
}

static void
disconnect(struct dp_link *link)
{
	io_remove(&link->io);
	timeout_remove(&link->to);
	if (link->fd != -1)
		i_close_fd(&link->fd);
	link->pending_count = 0;
	dp_reply_reset(&link->reader);
}

/*
 * A policyd that is restarted closes all its sessions and is back before they
 * are; that is nothing to log, once for each of them.  A vain wait is.
 */
static void
lost(struct dp_link *link, const char *why, bool waited)
{
	bool again = link->was_lost;

	disconnect(link);
	if (!link->warned && (again || waited)) {
		e_warning(dp_session_event(link->session),
		    "cannot speak with policyd at %s: %s; mail checks are not "
		    "limited meanwhile",
		    link->path, why);
		link->warned = TRUE;
	}
	link->was_lost = TRUE;
	timer_set(link, dp_backoff_next(&link->backoff));
	dp_session_lost(link->session);
}

static void
answered(struct dp_link *link, const struct dp_reply *reply)
{
	enum dp_event event = link->pending[0];

	link->pending_count--;
	memmove(link->pending, link->pending + 1,
	    link->pending_count * sizeof(link->pending[0]));
	if (link->pending_count == 0)
		timeout_remove(&link->to);
	if (event == DP_EVENT_OPEN) {
		if (link->warned)
			e_info(dp_session_event(link->session),
			    "policyd is back at %s", link->path);
		link->warned = FALSE;
		link->was_lost = FALSE;
		dp_backoff_reset(&link->backoff);
	}
	dp_session_answered(link->session, event, reply);
}

/* Everything that has come.  false: the link is lost. */
static bool
take_replies(struct dp_link *link)
{
	struct dp_reply reply;
	enum dp_reply_state state;

	while ((state = dp_reply_next(&link->reader, &reply)) == DP_REPLY_ONE) {
		if (reply.unasked)
			dp_session_told(link->session, &reply);
		else if (link->pending_count > 0)
			answered(link, &reply);
		else
			state = DP_REPLY_GARBAGE;
		if (state == DP_REPLY_GARBAGE)
			break;
	}
	if (state == DP_REPLY_GARBAGE)
		lost(link, "what it said is no reply", TRUE);
	return state != DP_REPLY_GARBAGE;
}

static bool
read_more(struct dp_link *link)
{
	size_t len;
	char *room = dp_reply_room(&link->reader, &len);
	ssize_t got = read(link->fd, room, len);

	if (got > 0) {
		dp_reply_filled(&link->reader, (size_t)got);
		return take_replies(link);
	}
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return TRUE;
	lost(link, got == 0 ? "it closed the connection" : strerror(errno),
	    FALSE);
	return FALSE;
}

static void
input(struct dp_link *link)
{
	(void)read_more(link);
}

static bool
send_now(struct dp_link *link, enum dp_event event, const char *buf, size_t len)
{
	ssize_t sent;

	if (link->fd == -1 || len == 0)
		return FALSE;
	if (link->pending_count == PENDING_MAX) {
		lost(link, "it does not answer", TRUE);
		return FALSE;
	}
	sent = send(link->fd, buf, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent != (ssize_t)len) {
		lost(link, sent < 0 ? strerror(errno) : "it does not read",
		    FALSE);
		return FALSE;
	}
	link->pending[link->pending_count++] = event;
	return TRUE;
}

static void
out_of_patience(struct dp_link *link)
{
	lost(link, "no answer", TRUE);
}

static void
connect_now(struct dp_link *link)
{
	char buf[DP_REQUEST_MAX];
	size_t len = dp_session_open_request(link->session, buf);

	timeout_remove(&link->to);
	link->fd = net_connect_unix(link->path);
	if (link->fd == -1) {
		lost(link, strerror(errno), FALSE);
		return;
	}
	link->io = io_add_to(link->ioloop, link->fd, IO_READ, input, link);
	dp_link_send(link, DP_EVENT_OPEN, buf, len);
}

struct dp_link *
dp_link_new(struct dp_session *session, const char *path)
{
	struct dp_link *link = i_new(struct dp_link, 1);

	link->session = session;
	link->path = i_strdup(path);
	link->ioloop = current_ioloop;
	link->fd = -1;
	link->backoff.seed = i_rand();
	connect_now(link);
	return link;
}

void
dp_link_free(struct dp_link *link)
{
	if (link == NULL)
		return;
	disconnect(link);
	i_free(link->path);
	i_free(link);
}

bool
dp_link_is_open(const struct dp_link *link)
{
	return link->fd != -1;
}

void
dp_link_send(
    struct dp_link *link, enum dp_event event, const char *buf, size_t len)
{
	if (!send_now(link, event, buf, len) || link->to != NULL)
		return;
	link->to = timeout_add_short_to(
	    link->ioloop, PATIENCE_MS, out_of_patience, link);
}

/* Until all is answered.  false: lost. */
static bool
wait_for_answers(struct dp_link *link)
{
	int64_t deadline = pt_clock_ticks_ms() + DP_LINK_WAIT_MS;

	while (link->pending_count > 0) {
		struct pollfd pfd = {.fd = link->fd, .events = POLLIN};
		int64_t left = deadline - pt_clock_ticks_ms();
		int ready = left > 0 ? poll(&pfd, 1, (int)left) : 0;

		if (ready == 0) {
			lost(link, "no answer", TRUE);
			return FALSE;
		}
		if (ready > 0 && !read_more(link))
			return FALSE;
	}
	return TRUE;
}

bool
dp_link_ask(
    struct dp_link *link, enum dp_event event, const char *buf, size_t len)
{
	if (link == NULL || link->fd == -1 || link->was_lost)
		return FALSE;
	if (len > 0 && !send_now(link, event, buf, len))
		return FALSE;
	return wait_for_answers(link);
}
