/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Opens mail sessions with policyd, as many Dovecot processes would, and holds
 * them open.
 *
 *     session-load unix:SOCKET STATE_DIR SESSIONS ACCOUNTS RATE
 *
 * The sessions are spread evenly over the accounts that auth-state has made.
 * Prints one JSON object when all are open; from then on RATE times a second
 * one of them says something, a mail check and what it transferred in turns,
 * until standard input ends.  Then prints one more and exits 1 if a session was
 * lost.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/session_protocol.h"
#include "core/rules/token.h"
#include "core/state/store.h"
#include "tests/bench/auth_secret.h"
#include "tests/bench/bench_address.h"
#include "tests/bench/bench_histogram.h"

#define SESSIONS_MAX 200000
#define RATE_MAX     100000
#define PASSWORD     1   /* the id of an account's first */
#define OPENING_MAX  100 /* policyd is never asked for more at once */
#define EVENTS_MAX   256
#define PATIENCE_MS  20000
#define WHEN_OPEN    "action=ok\n"

static const char request_head[] = "request=" PT_SESSION_REQUEST "\n";

struct session {
	int fd; /* -1: none */
	uint32_t account;
	bool waiting; /* for an answer */
	bool is_open;
	bool checked; /* its last word was a mail check */
	size_t answer_len;
	char answer[PT_SESSION_REPLY_MAX];
};

struct load {
	struct bench_address address;
	struct pt_store *store;
	struct session *sessions;
	uint32_t count;
	uint32_t accounts;
	uint32_t rate;
	uint32_t begun;   /* that were asked to open */
	uint32_t open;    /* that are */
	uint32_t waiting; /* for an answer */
	uint32_t next;    /* that says something */
	uint64_t lost;
	uint64_t answers;
	uint64_t next_ns;
	bool ended;
	int epoll_fd;
};

static void
lose(struct load *l, struct session *s)
{
	if (l->lost++ == 0)
		(void)fprintf(stderr, "session-load: lost a session: %.*s\n",
		    (int)s->answer_len, s->answer);
	if (s->waiting)
		l->waiting--;
	s->waiting = false;
	(void)close(s->fd);
	s->fd = -1;
}

static void
ask(struct load *l, struct session *s, const char *text, int len)
{
	s->answer_len = 0;
	if (send(s->fd, text, (size_t)len, MSG_NOSIGNAL) != len) {
		lose(l, s);
		return;
	}
	s->waiting = true;
	l->waiting++;
}

static int
begin(struct load *l, struct session *s, uint32_t number)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
	struct pt_token token = {
	    .protocol = PT_PROTOCOL_IMAP,
	    .password = PASSWORD,
	    .issued_at = pt_clock_now(),
	};
	char name[AUTH_LOGIN_MAX];
	char text[PT_TOKEN_TEXT_MAX];
	char request[512];
	struct pt_login login;
	struct pt_err err;
	size_t name_len = auth_login(number % l->accounts + 1, name);
	int len;

	if (pt_login_parse(name, name_len, NULL, &login, &err) != 0)
		return -1;
	pt_token_make(pt_store_token_key(l->store), &login, &token, text);
	len = snprintf(request, sizeof(request),
	    "%sevent=open\nlogin=%s\ntoken=%s\nservice=imap\n"
	    "session=bench%" PRIu32 "\n\n",
	    request_head, name, text, number);
	s->fd = bench_address_connect(&l->address);
	if (s->fd == -1 ||
	    epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, s->fd, &event) != 0)
		return -1;
	ask(l, s, request, len);
	return 0;
}

static int
begin_some(struct load *l)
{
	while (l->begun < l->count && l->waiting < OPENING_MAX) {
		if (begin(l, &l->sessions[l->begun], l->begun) != 0) {
			(void)fprintf(stderr,
			    "session-load: cannot connect: %s (after %" PRIu32
			    " sessions)\n",
			    strerror(errno), l->begun);
			return -1;
		}
		l->begun++;
	}
	return 0;
}

static void
take_answer(struct load *l, struct session *s)
{
	if (!s->waiting)
		return; /* unasked: what another session of the account saw */
	l->answers++;
	s->waiting = false;
	l->waiting--;
	if (s->is_open)
		return;
	s->is_open = true;
	if (memcmp(s->answer, WHEN_OPEN, sizeof(WHEN_OPEN) - 1) == 0)
		l->open++;
	else
		lose(l, s);
}

static void
read_answer(struct load *l, struct session *s)
{
	size_t room = sizeof(s->answer) - s->answer_len;
	ssize_t n = recv(s->fd, s->answer + s->answer_len, room, 0);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || (size_t)n == room) {
		lose(l, s);
		return;
	}
	s->answer_len += (size_t)n;
	if (s->answer_len < 2 ||
	    memcmp(s->answer + s->answer_len - 2, "\n\n", 2) != 0)
		return;
	take_answer(l, s);
	s->answer_len = 0;
}

/* -1: nothing came in that time. */
static int
turn(struct load *l, int wait_ms)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(l->epoll_fd, events, EVENTS_MAX, wait_ms);
	struct session *s;
	int i;

	for (i = 0; i < count; i++) {
		s = events[i].data.ptr;
		if (s == NULL)
			l->ended = true;
		else
			read_answer(l, s);
	}
	return count > 0 ? 0 : -1;
}

static int
open_all(struct load *l)
{
	uint64_t begun = bench_histogram_clock_ns();

	while (l->begun < l->count || l->waiting > 0) {
		if (begin_some(l) != 0)
			return -1;
		if (l->waiting > 0 && turn(l, PATIENCE_MS) != 0) {
			(void)fprintf(
			    stderr, "session-load: cannot go on: no answer\n");
			return -1;
		}
	}
	(void)printf("{\"open\": %" PRIu32 ", \"seconds\": %.2f}\n", l->open,
	    (double)(bench_histogram_clock_ns() - begun) / 1e9);
	return fflush(stdout);
}

static void
say_something(struct load *l)
{
	static const char check[] = "event=check\nuidvalidity=1\nuidnext=2\n\n";
	static const char traffic[] = "event=traffic\ndown=9000\nup=300\n\n";
	struct session *s = &l->sessions[l->next++ % l->count];
	char text[256];
	int len;

	if (s->fd == -1 || s->waiting)
		return;
	s->checked = !s->checked;
	len = snprintf(text, sizeof(text), "%s%s", request_head,
	    s->checked ? check : traffic);
	ask(l, s, text, len);
}

static void
hold(struct load *l)
{
	uint64_t gap_ns = l->rate == 0 ? 0 : UINT64_C(1000000000) / l->rate;
	uint64_t now;

	l->next_ns = bench_histogram_clock_ns();
	while (!l->ended) {
		now = bench_histogram_clock_ns();
		while (l->rate > 0 && l->next_ns <= now) {
			say_something(l);
			l->next_ns += gap_ns;
		}
		(void)turn(l, l->rate == 0
				  ? -1
				  : (int)((l->next_ns - now) / 1000000 + 1));
	}
	(void)printf("{\"answers\": %" PRIu64 ", \"lost\": %" PRIu64 "}\n",
	    l->answers, l->lost);
}

static int
run(struct load *l)
{
	struct epoll_event end = {.events = EPOLLIN, .data.ptr = NULL};
	uint32_t i;

	for (i = 0; i < l->count; i++)
		l->sessions[i].fd = -1;
	bench_address_raise_limit();
	l->epoll_fd = epoll_create1(0);
	if (l->epoll_fd == -1 ||
	    epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &end) != 0) {
		perror("session-load: cannot wait for the end of input");
		return -1;
	}
	if (open_all(l) != 0)
		return -1;
	hold(l);
	return l->lost == 0 ? 0 : -1;
}

static bool
parse(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*out = (uint32_t)value;
	return end != text && *end == '\0' && value >= min && value <= max;
}

int
main(int argc, char **argv)
{
	static struct load l;
	struct pt_err err;
	int rc;

	if (argc != 6 || bench_address_parse(argv[1], &l.address) != 0 ||
	    !parse(argv[3], 1, SESSIONS_MAX, &l.count) ||
	    !parse(argv[4], 1, UINT32_MAX - 1, &l.accounts) ||
	    !parse(argv[5], 0, RATE_MAX, &l.rate)) {
		(void)fprintf(stderr, "usage: session-load unix:SOCKET "
				      "STATE_DIR SESSIONS ACCOUNTS RATE\n");
		return 64;
	}
	if (pt_store_open(argv[2], PT_STORE_READ, &l.store, &err) != 0) {
		(void)fprintf(stderr, "session-load: %s\n", err.text);
		return 1;
	}
	l.sessions = calloc(l.count, sizeof(*l.sessions));
	if (l.sessions == NULL) {
		perror("session-load");
		rc = -1;
	} else {
		rc = run(&l);
	}
	free(l.sessions);
	pt_store_close(l.store);
	return rc == 0 ? 0 : 1;
}
