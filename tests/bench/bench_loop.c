/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/bench_loop.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench_address.h"
#include "tests/bench/bench_histogram.h"

#define EVENTS_MAX      256
#define PATIENCE_NS     UINT64_C(20000000000)
#define TURN_TIMEOUT_MS 1000

int
bench_loop_open(struct bench_loop *l, const char *program)
{
	*l = (struct bench_loop){.program = program};
	bench_address_raise_limit();
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return l->epoll_fd == -1 ? -1 : 0;
}

void
bench_loop_close(struct bench_loop *l)
{
	if (l->epoll_fd != -1)
		(void)close(l->epoll_fd);
	l->epoll_fd = -1;
}

int
bench_loop_watch(struct bench_loop *l, int fd, uint32_t events, void *client)
{
	struct epoll_event ev = {.events = events, .data.ptr = client};

	return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &ev);
}

void
bench_loop_begin(struct bench_loop *l)
{
	l->heard_ns = bench_histogram_clock_ns();
	l->measure_from_ns = l->heard_ns;
	l->until_ns = UINT64_MAX;
}

void
bench_loop_limit(struct bench_loop *l, double warmup, double seconds)
{
	l->measure_from_ns += (uint64_t)(warmup * 1e9);
	l->until_ns = l->measure_from_ns + (uint64_t)(seconds * 1e9);
}

bool
bench_loop_measures(const struct bench_loop *l, uint64_t at)
{
	return at >= l->measure_from_ns && at < l->until_ns;
}

int
bench_loop_turn(
    struct bench_loop *l, void (*serve)(void *arg, void *client), void *arg)
{
	struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(l->epoll_fd, events, EVENTS_MAX, TURN_TIMEOUT_MS);
	int i;

	if (n == -1 && errno != EINTR) {
		(void)fprintf(stderr, "%s: cannot wait for answers: %s\n",
		    l->program, strerror(errno));
		return -1;
	}
	for (i = 0; i < n; i++)
		serve(arg, events[i].data.ptr);
	if (bench_histogram_clock_ns() - l->heard_ns > PATIENCE_NS) {
		(void)fprintf(stderr,
		    "%s: cannot go on: no answer for %d seconds\n", l->program,
		    (int)(PATIENCE_NS / 1000000000));
		return -1;
	}
	return 0;
}

double
bench_loop_measured_seconds(const struct bench_loop *l)
{
	uint64_t end = bench_histogram_clock_ns();

	if (end > l->until_ns)
		end = l->until_ns;
	return end > l->measure_from_ns
		   ? (double)(end - l->measure_from_ns) / 1e9
		   : 0;
}

uint64_t
bench_loop_first_number(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}
