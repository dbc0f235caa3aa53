/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the loops of the generators share: connections that are watched, the
 * time that is measured, and patience.  One thread.  Times are those of
 * bench_histogram_clock_ns().
 */
#ifndef TESTS_BENCH_BENCH_LOOP_H
#define TESTS_BENCH_BENCH_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct bench_loop {
	const char *program; /* its name in messages */
	int epoll_fd;
	uint64_t measure_from_ns;
	uint64_t until_ns;
	uint64_t heard_ns; /* when the last answer came: the caller says so */
};

/* Returns -1 with errno. */
int
bench_loop_open(struct bench_loop *l, const char *program);

void
bench_loop_close(struct bench_loop *l);

/* Tells of a descriptor, with its client.  Returns -1 with errno. */
int
bench_loop_watch(struct bench_loop *l, int fd, uint32_t events, void *client);

/* From now on all is measured, without an end in time. */
void
bench_loop_begin(struct bench_loop *l);

/* After bench_loop_begin(): only after a warmup, and for so long. */
void
bench_loop_limit(struct bench_loop *l, double warmup, double seconds);

/* Does that moment lie in the time that is measured? */
bool
bench_loop_measures(const struct bench_loop *l, uint64_t at);

/*
 * Waits once, and has each client served that has something to read.  Returns
 * -1 after telling on standard error why it cannot go on: nothing was heard for
 * too long, or waiting is not possible.
 */
int
bench_loop_turn(
    struct bench_loop *l, void (*serve)(void *arg, void *client), void *arg);

/* How long it has been measured, once all clients are done. */
double
bench_loop_measured_seconds(const struct bench_loop *l);

/* For numbers of messages that no earlier run has used. */
uint64_t
bench_loop_first_number(void);

#endif
