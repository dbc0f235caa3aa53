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

#include "tests/bench/bench_loop.h"
#include "tests/bench/load_pick.h"
#include "tests/bench/milter_client.h"

#define RECIPIENTS 10000000

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
	struct bench_loop base;
	uint32_t busy;  /* clients that are not done */
	uint32_t begun; /* messages */
	uint64_t next_number;
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

	return o->messages > 0 ? l->begun >= o->messages
			       : now >= l->base.until_ns;
}

static int
dial(struct loop *l, struct client *c)
{
	c->sent = 0;
	if (milter_client_open(&c->milter, &l->options->address) == -1)
		return -1;
	/* A reply is read whole in most cases, so edges would save nothing:
	 * what is left over is told again. */
	return bench_loop_watch(&l->base, c->milter.fd, EPOLLIN, c);
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
	if (bench_loop_measures(&l->base, now))
		s->measured++;
	if (bench_loop_measures(&l->base, begun))
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

/* For bench_loop_turn(). */
static void
serve(void *arg, void *client)
{
	struct loop *l = arg;
	struct client *c = client;
	enum milter_event event = milter_client_read(&c->milter);
	uint64_t now = bench_histogram_clock_ns();

	l->base.heard_ns = now;
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
run_clients(struct loop *l)
{
	const struct milter_loop_options *o = l->options;
	uint32_t i;

	bench_loop_begin(&l->base);
	if (o->messages == 0)
		bench_loop_limit(&l->base, o->warmup, o->seconds);
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
		if (bench_loop_turn(&l->base, serve, l) == -1)
			return -1;
	}
	l->stats->measured_seconds = bench_loop_measured_seconds(&l->base);
	l->stats->cpu_seconds = (double)clock() / CLOCKS_PER_SEC;
	return 0;
}

int
milter_loop_run(
    const struct milter_loop_options *o, struct milter_loop_stats *s)
{
	struct loop l = {.options = o, .stats = s};
	int rc = -1;
	uint32_t i;

	l.next_number = bench_loop_first_number();
	load_pick_init(&l.pick, LOAD_PICK_UNIFORM, o->accounts, o->seed);
	l.clients = calloc(o->connections, sizeof(*l.clients));
	for (i = 0; l.clients != NULL && i < o->connections; i++)
		l.clients[i].milter.fd = -1;
	if (bench_loop_open(&l.base, "milter-load") == -1 || l.clients == NULL)
		perror("milter-load: cannot begin");
	else
		rc = run_clients(&l);
	for (i = 0; l.clients != NULL && i < o->connections; i++)
		milter_client_close(&l.clients[i].milter);
	free(l.clients);
	bench_loop_close(&l.base);
	return rc;
}
