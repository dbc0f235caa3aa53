/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A socketmap server in a thread, for tests.  It answers in the way that the
 * test has chosen, and counts what it was asked.  Keys it knows:
 * "known@x.test" is owned by ann and bob, "temp@x.test" cannot be looked up,
 * "empty@x.test" has an empty value; others it does not know.
 */
#ifndef PT_TESTS_MAP_SERVER_H
#define PT_TESTS_MAP_SERVER_H

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/support/testing.h"

enum map_server_manner {
	MAP_SERVER_WHOLE,   /* an answer in one piece */
	MAP_SERVER_PIECES,  /* byte by byte */
	MAP_SERVER_CLOSES,  /* it closes after each answer */
	MAP_SERVER_HANGS,   /* it never answers */
	MAP_SERVER_GARBAGE, /* it answers what is no netstring */
	MAP_SERVER_ENDLESS, /* it promises more than it may */
};

struct map_server {
	char path[108];
	int listener;
	int stop[2];
	pthread_t thread;
	_Atomic int manner; /* enum map_server_manner */
	_Atomic int asked;
	_Atomic int accepted;
};

static inline void
map_server_say(int fd, const char *text, bool in_pieces)
{
	size_t len = strlen(text);
	size_t i;

	if (!in_pieces) {
		(void)send(fd, text, len, MSG_NOSIGNAL);
		return;
	}
	for (i = 0; i < len; i++)
		(void)send(fd, text + i, 1, MSG_NOSIGNAL);
}

/* false: the connection is over. */
static inline bool
map_server_serve(struct map_server *server, int fd)
{
	char buf[1024];
	ssize_t n = recv(fd, buf, sizeof(buf) - 1, 0);
	const char *answer = "9:NOTFOUND ,";
	int manner = atomic_load(&server->manner);

	if (n <= 0)
		return false;
	buf[n] = '\0';
	(void)atomic_fetch_add(&server->asked, 1);
	if (strstr(buf, ":senders known@x.test,") != NULL)
		answer = "10:OK ann,bob,";
	else if (strstr(buf, ":senders temp@x.test,") != NULL)
		answer = "14:TEMP try later,";
	else if (strstr(buf, ":senders empty@x.test,") != NULL)
		answer = "3:OK ,";
	if (manner == MAP_SERVER_GARBAGE)
		answer = "HTTP/1.1 400 Bad Request\r\n\r\n";
	if (manner == MAP_SERVER_ENDLESS)
		answer = "100000:OK ann";
	if (manner != MAP_SERVER_HANGS)
		map_server_say(fd, answer, manner == MAP_SERVER_PIECES);
	return manner != MAP_SERVER_CLOSES;
}

static inline void *
map_server_run(void *arg)
{
	struct map_server *server = arg;
	struct pollfd fds[16] = {
	    {.fd = server->stop[0], .events = POLLIN},
	    {.fd = server->listener, .events = POLLIN},
	};
	nfds_t count = 2;
	nfds_t i;

	while (poll(fds, count, -1) > 0 && fds[0].revents == 0) {
		for (i = count; i-- > 2;) {
			if (fds[i].revents == 0 ||
			    map_server_serve(server, fds[i].fd))
				continue;
			(void)close(fds[i].fd);
			fds[i] = fds[--count];
		}
		if (fds[1].revents != 0 && count < 16) {
			fds[count].events = POLLIN;
			fds[count].revents = 0;
			fds[count].fd = accept(server->listener, NULL, NULL);
			count += fds[count].fd >= 0;
			(void)atomic_fetch_add(&server->accepted, 1);
		}
	}
	while (count > 2)
		(void)close(fds[--count].fd);
	return NULL;
}

static inline void
map_server_start(struct map_server *server)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};

	memcpy(un.sun_path, server->path, sizeof(un.sun_path));
	server->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(server->listener >= 0);
	assert_int_equal(
	    bind(server->listener, (const struct sockaddr *)&un, sizeof(un)),
	    0);
	assert_int_equal(listen(server->listener, 10), 0);
	assert_int_equal(pipe(server->stop), 0);
	assert_int_equal(
	    pthread_create(&server->thread, NULL, map_server_run, server), 0);
}

static inline void
map_server_stop(struct map_server *server)
{
	assert_int_equal(write(server->stop[1], "", 1), 1);
	assert_int_equal(pthread_join(server->thread, NULL), 0);
	assert_int_equal(close(server->stop[0]), 0);
	assert_int_equal(close(server->stop[1]), 0);
	assert_int_equal(close(server->listener), 0);
	assert_int_equal(unlink(server->path), 0);
}

#endif
