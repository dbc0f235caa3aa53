/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/load_loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench_loop.h"
#include "tests/bench/load_request.h"

#define ANSWER_MAX 1024
#define RECIPIENTS 10000000

struct client {
	int fd; /* -1 when lost */
	bool waiting;
	enum load_request_stage stage;
	struct load_message message;
	uint64_t sent_ns;
	size_t answer_len;
	char answer[ANSWER_MAX];
};

struct loop {
	const struct load_options *options;
	struct load_stats *stats;
	struct load_pick pick;
	struct load_request requests[2]; /* by stage */
	uint64_t next_number;
	uint32_t waiting; /* clients with an outstanding request */
	struct bench_loop base;
	struct client *clients;
};

static void
lose(struct loop *l, struct client *c)
{
	if (c->waiting)
		l->waiting--;
	c->waiting = false;
	(void)close(c->fd);
	c->fd = -1;
	l->stats->errors++;
}

static void
send_request(struct loop *l, struct client *c, uint64_t now)
{
	struct load_request *r = &l->requests[c->stage];

	load_request_patch(r, &c->message);
	c->sent_ns = now;
	c->answer_len = 0;
	/* The client's last request was taken, so this one must fit whole. */
	if (send(c->fd, r->text, r->len, MSG_NOSIGNAL) != (ssize_t)r->len) {
		lose(l, c);
		return;
	}
	if (!c->waiting)
		l->waiting++;
	c->waiting = true;
}

/* Leaves the client idle when the time is over or no account is left. */
static void
begin_message(struct loop *l, struct client *c, uint64_t now)
{
	struct load_message *m = &c->message;

	if (now >= l->base.until_ns || !load_pick_next(&l->pick, &m->account)) {
		if (c->waiting)
			l->waiting--;
		c->waiting = false;
		return;
	}
	m->number = l->next_number++;
	m->recipient = load_pick_below(&l->pick, RECIPIENTS);
	m->size = LOAD_REQUEST_MIN_SIZE +
		  load_pick_below(&l->pick,
		      LOAD_REQUEST_MAX_SIZE - LOAD_REQUEST_MIN_SIZE + 1);
	c->stage = l->options->mix == LOAD_MIX_POSTFIX
		       ? LOAD_REQUEST_RCPT
		       : LOAD_REQUEST_END_OF_MESSAGE;
	send_request(l, c, now);
}

static void
take_answer(struct loop *l, struct client *c, uint64_t now)
{
	struct load_stats *s = l->stats;
	bool dunno = load_stats_count(s, c->answer, c->answer_len);

	l->base.heard_ns = now;
	if (bench_loop_measures(&l->base, now))
		s->measured++;
	if (bench_loop_measures(&l->base, c->sent_ns))
		bench_histogram_add(&s->latency, now - c->sent_ns);
	/* A refused recipient ends the message. */
	if (c->stage == LOAD_REQUEST_RCPT && dunno) {
		c->stage = LOAD_REQUEST_END_OF_MESSAGE;
		send_request(l, c, now);
	} else {
		begin_message(l, c, now);
	}
}

/* For bench_loop_turn(). */
static void
read_answer(void *arg, void *client)
{
	struct loop *l = arg;
	struct client *c = client;
	size_t room = sizeof(c->answer) - c->answer_len;
	ssize_t n = recv(c->fd, c->answer + c->answer_len, room, 0);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || !c->waiting || (size_t)n == room) {
		lose(l, c);
		return;
	}
	c->answer_len += (size_t)n;
	if (c->answer_len >= 2 &&
	    memcmp(c->answer + c->answer_len - 2, "\n\n", 2) == 0)
		take_answer(l, c, bench_histogram_clock_ns());
}

static int
connect_clients(struct loop *l)
{
	struct client *c;
	uint32_t i;

	for (i = 0; i < l->options->connections; i++)
		l->clients[i].fd = -1;
	for (i = 0; i < l->options->connections; i++) {
		c = &l->clients[i];
		c->fd = bench_address_connect(&l->options->address);
		if (c->fd == -1) {
			(void)fprintf(stderr,
			    "load: cannot connect: %s (after %u connections)\n",
			    strerror(errno), (unsigned)i);
			return -1;
		}
		/* A whole answer is read at once, so edges spare the kernel
		 * work. */
		if (bench_loop_watch(&l->base, c->fd, EPOLLIN | EPOLLET, c) ==
		    -1) {
			perror("load: cannot watch connection");
			return -1;
		}
	}
	return 0;
}

static void
start_clients(struct loop *l)
{
	const struct load_options *o = l->options;
	uint32_t i;

	bench_loop_begin(&l->base);
	if (o->order == LOAD_PICK_UNIFORM || o->order == LOAD_PICK_ZIPF)
		bench_loop_limit(&l->base, o->warmup, o->seconds);
	for (i = 0; i < o->connections; i++)
		begin_message(l, &l->clients[i], bench_histogram_clock_ns());
}

static int
run_clients(struct loop *l)
{
	if (connect_clients(l) == -1)
		return -1;
	start_clients(l);
	while (l->waiting > 0) {
		if (bench_loop_turn(&l->base, read_answer, l) == -1)
			return -1;
	}
	l->stats->measured_seconds = bench_loop_measured_seconds(&l->base);
	l->stats->cpu_seconds = (double)clock() / CLOCKS_PER_SEC;
	return 0;
}

int
load_loop_run(const struct load_options *o, struct load_stats *s)
{
	struct loop l = {.options = o, .stats = s};
	int rc = -1;
	uint32_t i;

	l.next_number = bench_loop_first_number();
	load_pick_init(&l.pick, o->order, o->accounts, o->seed);
	for (i = 0; i < 2; i++)
		load_request_init(&l.requests[i], (enum load_request_stage)i,
		    (uint32_t)getpid());
	l.clients = calloc(o->connections, sizeof(*l.clients));
	if (bench_loop_open(&l.base, "load") == -1 || l.clients == NULL)
		perror("load: cannot begin");
	else
		rc = run_clients(&l);
	for (i = 0; l.clients != NULL && i < o->connections; i++) {
		if (l.clients[i].fd >= 0)
			(void)close(l.clients[i].fd);
	}
	free(l.clients);
	bench_loop_close(&l.base);
	return rc;
}
