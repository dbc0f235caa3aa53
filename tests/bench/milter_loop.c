/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/milter_loop.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/load_pick.h"
#include "tests/bench/milter_client.h"

#define EVENTS_MAX      256
#define RECIPIENTS      10000000
#define PATIENCE_NS     UINT64_C(20000000000)
#define TURN_TIMEOUT_MS 1000

struct client {
	struct milter_client milter;
	uint32_t sent; /* messages on this connection */
	bool done;
};

struct loop {
	const struct milter_loop_options *options;
	struct milter_loop_stats *stats;
	struct load_pick pick;
	struct client *clients;
	int epoll_fd;
	uint32_t busy;  /* clients that are not done */
	uint32_t begun; /* messages */
	uint64_t next_number;
	uint64_t measure_from_ns;
	uint64_t until_ns;
	uint64_t heard_ns;
};

static void
finish(struct loop *l, struct client *c)
{
	l->stats->replies += c->milter.replies;
	l->stats->steps = c->milter.steps;
	memcpy(l->stats->symbols, c->milter.symbols, sizeof(l->stats->symbols));
	milter_client_close(&c->milter);
	if (!c->done)
		l->busy--;
	c->done = true;
}

static void
lose(struct loop *l, struct client *c)
{
	l->stats->errors++;
	finish(l, c);
}

static bool
is_over(const struct loop *l, uint64_t now)
{
	const struct milter_loop_options *o = l->options;

	return o->messages > 0 ? l->begun >= o->messages : now >= l->until_ns;
}

static int
dial(struct loop *l, struct client *c)
{
	/* A reply is read whole in most cases, so edges would save nothing:
	 * what is left over is told again. */
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};

	c->sent = 0;
	if (milter_client_open(&c->milter, &l->options->address) == -1)
		return -1;
	return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, c->milter.fd, &ev);
}

static void
count(struct loop *l, const struct client *c, enum milter_event event,
    uint64_t now)
{
	struct milter_loop_stats *s = l->stats;
	uint64_t begun = c->milter.begun_ns;

	if (event == MILTER_EVENT_ACCEPTED)
		s->accepted++;
	else
		s->refused++;
	if (now >= l->measure_from_ns && now < l->until_ns)
		s->measured++;
	if (begun >= l->measure_from_ns && begun < l->until_ns)
		bench_histogram_add(&s->latency, now - begun);
}

/* The client is ready. */
static enum milter_event
begin_message(struct loop *l, struct client *c, uint64_t now)
{
	struct milter_mail mail = {.number = l->next_number};
	uint32_t limit = l->options->per_connection;

	if (is_over(l, now)) {
		finish(l, c);
		return MILTER_EVENT_NONE;
	}
	if (limit > 0 && c->sent == limit) {
		l->stats->replies += c->milter.replies;
		milter_client_close(&c->milter);
		return dial(l, c) == 0 ? MILTER_EVENT_NONE : MILTER_EVENT_LOST;
	}
	(void)load_pick_next(&l->pick, &mail.account);
	mail.recipient = load_pick_below(&l->pick, RECIPIENTS);
	l->next_number++;
	l->begun++;
	c->sent++;
	c->milter.begun_ns = now;
	return milter_client_send(&c->milter, &mail);
}

static void
serve(struct loop *l, struct client *c)
{
	enum milter_event event = milter_client_read(&c->milter);
	uint64_t now = bench_histogram_clock_ns();

	l->heard_ns = now;
	while (event != MILTER_EVENT_NONE) {
		if (event == MILTER_EVENT_LOST) {
			lose(l, c);
			return;
		}
		if (event != MILTER_EVENT_READY)
			count(l, c, event, now);
		event = begin_message(l, c, now);
	}
}

static int
turn(struct loop *l)
{
	struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(l->epoll_fd, events, EVENTS_MAX, TURN_TIMEOUT_MS);
	int i;

	if (n == -1 && errno != EINTR) {
		perror("milter-load: cannot wait for replies");
		return -1;
	}
	for (i = 0; i < n; i++)
		serve(l, events[i].data.ptr);
	if (bench_histogram_clock_ns() - l->heard_ns > PATIENCE_NS) {
		(void)fprintf(stderr,
		    "milter-load: cannot go on: no reply for %d seconds\n",
		    (int)(PATIENCE_NS / 1000000000));
		return -1;
	}
	return 0;
}

static int
run_clients(struct loop *l)
{
	const struct milter_loop_options *o = l->options;
	struct milter_loop_stats *s = l->stats;
	uint64_t end;
	uint32_t i;

	l->heard_ns = bench_histogram_clock_ns();
	l->measure_from_ns = l->heard_ns;
	l->until_ns = UINT64_MAX;
	if (o->messages == 0) {
		l->measure_from_ns += (uint64_t)(o->warmup * 1e9);
		l->until_ns = l->measure_from_ns + (uint64_t)(o->seconds * 1e9);
	}
	for (i = 0; i < o->connections; i++) {
		if (dial(l, &l->clients[i]) == 0) {
			l->busy++;
			continue;
		}
		(void)fprintf(stderr,
		    "milter-load: cannot connect: %s (after %u connections)\n",
		    strerror(errno), (unsigned)i);
		return -1;
	}
	while (l->busy > 0) {
		if (turn(l) == -1)
			return -1;
	}
	end = bench_histogram_clock_ns();
	if (end > l->until_ns)
		end = l->until_ns;
	if (end > l->measure_from_ns)
		s->measured_seconds = (double)(end - l->measure_from_ns) / 1e9;
	s->cpu_seconds = (double)clock() / CLOCKS_PER_SEC;
	return 0;
}

static uint64_t
wall_clock_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

int
milter_loop_run(
    const struct milter_loop_options *o, struct milter_loop_stats *s)
{
	struct loop l = {.options = o, .stats = s};
	int rc = -1;
	uint32_t i;

	l.next_number = wall_clock_us();
	load_pick_init(&l.pick, LOAD_PICK_UNIFORM, o->accounts, o->seed);
	bench_address_raise_limit();
	l.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	l.clients = calloc(o->connections, sizeof(*l.clients));
	for (i = 0; l.clients != NULL && i < o->connections; i++)
		l.clients[i].milter.fd = -1;
	if (l.epoll_fd == -1 || l.clients == NULL)
		perror("milter-load: cannot begin");
	else
		rc = run_clients(&l);
	for (i = 0; l.clients != NULL && i < o->connections; i++)
		milter_client_close(&l.clients[i].milter);
	free(l.clients);
	if (l.epoll_fd != -1)
		(void)close(l.epoll_fd);
	return rc;
}
