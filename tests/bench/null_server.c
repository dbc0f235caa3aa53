/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The yardstick: a policy server that reads requests, finds where each ends
 * and answers DUNNO, and does nothing else.  No server that also thinks can
 * be faster on the same sockets.
 *
 *     null-server unix:PATH | inet:HOST:PORT
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "tests/bench/bench_address.h"

#define ANSWER      "action=DUNNO\n\n"
#define ANSWER_LEN  (sizeof(ANSWER) - 1)
#define ANSWERS_MAX 64
#define EVENTS_MAX  256
#define CHUNK       4096 /* a multiple of BLOCK */
#define BLOCK       32
#define DESCRIPTORS 65536

struct server {
	struct bench_address address;
	int epoll_fd;
	int listen_fd;
	int signal_fd;
	char answers[ANSWERS_MAX * ANSWER_LEN];
	char last[DESCRIPTORS]; /* by descriptor: the last byte read */
	char chunk[CHUNK + BLOCK + 1];
};

static int
watch(const struct server *s, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLET, .data.fd = fd};

	return epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &ev);
}

/*
 * How often one newline follows another in text[0..n]; the caller has put the
 * byte before the chunk into text[0].  Compilers turn the inner loop, whose
 * length they know, into a few vector instructions; what lies beyond n is set
 * to zeros first.
 */
static size_t
count_ends(char *text, size_t n)
{
	size_t ends = 0;
	size_t i;
	size_t j;
	unsigned hits;

	memset(text + n + 1, 0, BLOCK);
	for (i = 0; i < n; i += BLOCK) {
		hits = 0;
		for (j = 0; j < BLOCK; j++)
			hits +=
			    (text[i + j] == '\n') & (text[i + j + 1] == '\n');
		ends += hits;
	}
	return ends;
}

static bool
answer(const struct server *s, int fd, size_t count)
{
	size_t now;
	size_t len;

	while (count > 0) {
		now = count < ANSWERS_MAX ? count : ANSWERS_MAX;
		len = now * ANSWER_LEN;
		/* A client that sends without reading is not worth waiting. */
		if (send(fd, s->answers, len, MSG_NOSIGNAL) != (ssize_t)len)
			return false;
		count -= now;
	}
	return true;
}

/*
 * False when the connection is to be closed.  The events are edges: a chunk
 * that does not fill the buffer was the last, and a new edge tells of more.
 */
static bool
serve(struct server *s, int fd)
{
	ssize_t n;

	do {
		n = recv(fd, s->chunk + 1, CHUNK, 0);
		if (n == -1)
			return errno == EAGAIN;
		if (n == 0)
			return false;
		s->chunk[0] = s->last[fd];
		s->last[fd] = s->chunk[n];
		if (!answer(s, fd, count_ends(s->chunk, (size_t)n)))
			return false;
	} while (n == CHUNK);
	return true;
}

static void
accept_all(struct server *s)
{
	int fd;

	for (;;) {
		fd = accept(s->listen_fd, NULL, NULL);
		if (fd == -1)
			return;
		if (fd >= DESCRIPTORS ||
		    bench_address_prepare(&s->address, fd) == -1 ||
		    watch(s, fd) == -1) {
			(void)close(fd);
			continue;
		}
		s->last[fd] = 0;
	}
}

static int
run(struct server *s)
{
	struct epoll_event events[EVENTS_MAX];
	int count;
	int fd;
	int i;

	for (;;) {
		count = epoll_wait(s->epoll_fd, events, EVENTS_MAX, -1);
		if (count == -1 && errno != EINTR)
			return -1;
		for (i = 0; i < count; i++) {
			fd = events[i].data.fd;
			if (fd == s->signal_fd)
				return 0;
			if (fd == s->listen_fd)
				accept_all(s);
			else if (!serve(s, fd))
				(void)close(fd);
		}
	}
}

static int
start(struct server *s)
{
	sigset_t stop;
	size_t i;

	for (i = 0; i < ANSWERS_MAX; i++)
		memcpy(s->answers + i * ANSWER_LEN, ANSWER, ANSWER_LEN);
	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGTERM);
	(void)sigaddset(&stop, SIGINT);
	if (sigprocmask(SIG_BLOCK, &stop, NULL) == -1)
		return -1;
	bench_address_raise_limit();
	s->signal_fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	s->listen_fd = bench_address_listen(&s->address);
	if (s->signal_fd == -1 || s->epoll_fd == -1 || s->listen_fd == -1)
		return -1;
	return watch(s, s->signal_fd) == -1 ? -1 : watch(s, s->listen_fd);
}

int
main(int argc, char **argv)
{
	static struct server s;

	if (argc != 2 || bench_address_parse(argv[1], &s.address) == -1) {
		(void)fprintf(
		    stderr, "usage: null-server unix:PATH | inet:HOST:PORT\n");
		return 64;
	}
	if (start(&s) == -1) {
		(void)fprintf(stderr, "null-server: cannot listen on %s: %s\n",
		    argv[1], strerror(errno));
		return 1;
	}
	if (run(&s) == -1) {
		(void)fprintf(
		    stderr, "null-server: cannot wait: %s\n", strerror(errno));
		return 1;
	}
	bench_address_remove(&s.address);
	return 0;
}
