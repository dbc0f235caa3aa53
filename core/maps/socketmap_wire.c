/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/socketmap_wire.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"

#define PAUSE_MS 10

static void
unix_address(const struct pt_listen *server, struct pt_socketmap_address *out)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};

	/* Both have 108 bytes; pt_listen_parse() has seen to it. */
	memcpy(un.sun_path, server->path, sizeof(un.sun_path));
	memcpy(&out->at, &un, sizeof(un));
	out->len = sizeof(un);
}

int
pt_wire_resolve(const struct pt_listen *server,
    struct pt_socketmap_address *out, unsigned *count_out, struct pt_err *err)
{
	const struct addrinfo hints = {
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICSERV,
	};
	const struct addrinfo *at;
	struct addrinfo *list;
	unsigned n = 0;
	char port[8];
	int rc;

	if (server->is_unix) {
		unix_address(server, out);
		*count_out = 1;
		return 0;
	}
	(void)snprintf(port, sizeof(port), "%u", (unsigned)server->port);
	rc = getaddrinfo(server->host, port, &hints, &list);
	if (rc != 0)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot look up the host %s: %s", server->host,
		    gai_strerror(rc));
	for (at = list; at != NULL && n < PT_SOCKETMAP_ADDRESSES;
	     at = at->ai_next) {
		if (at->ai_addrlen > sizeof(out[n].at))
			continue;
		memcpy(&out[n].at, at->ai_addr, at->ai_addrlen);
		out[n++].len = at->ai_addrlen;
	}
	freeaddrinfo(list);
	*count_out = n;
	return 0;
}

/* 0, or an errno value; ETIMEDOUT when the time is over. */
static int
wait_for(int fd, short events, int64_t until_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};
	int64_t left;
	int n;

	do {
		left = until_ms - pt_clock_ticks_ms();
		if (left <= 0)
			return ETIMEDOUT;
		n = poll(&poll_fd, 1, left > 60000 ? 60000 : (int)left);
	} while (n == 0 || (n < 0 && errno == EINTR));
	return n > 0 ? 0 : errno;
}

static int
finish_connect(int fd, int64_t until_ms)
{
	int code = wait_for(fd, POLLOUT, until_ms);
	socklen_t len = sizeof(code);

	if (code == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &len) != 0)
		code = errno;
	return code;
}

/* 0, or an errno value. */
static int
start_connect(
    int fd, const struct pt_socketmap_address *address, int64_t until_ms)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	/* What POSIX asks for: sockaddr_storage may be seen as any of them. */
	const struct sockaddr *at = (const struct sockaddr *)&address->at;

	while (connect(fd, at, address->len) != 0) {
		if (errno == EINPROGRESS || errno == EINTR)
			return finish_connect(fd, until_ms);
		/* A Unix socket whose queue is full cannot be waited for. */
		if (errno != EAGAIN)
			return errno;
		if (pt_clock_ticks_ms() >= until_ms)
			return ETIMEDOUT;
		(void)nanosleep(&pause, NULL);
	}
	return 0;
}

int
pt_wire_connect(const struct pt_socketmap_address *addresses, unsigned count,
    int64_t until_ms, struct pt_err *err)
{
	int code = EADDRNOTAVAIL;
	unsigned i;
	int fd;

	for (i = 0; i < count; i++) {
		fd = socket(addresses[i].at.ss_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (fd < 0) {
			code = errno;
			continue;
		}
		code = start_connect(fd, &addresses[i], until_ms);
		if (code == 0)
			return fd;
		(void)close(fd);
	}
	return pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, code, "cannot connect to the server");
}

bool
pt_wire_is_idle(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, 0) == 0;
}

static enum pt_wire_result
fail(struct pt_err *err, int code, const char *what)
{
	(void)pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, code, "cannot %s the server", what);
	return code == EPIPE || code == ECONNRESET ? PT_WIRE_BROKEN
						   : PT_WIRE_FAILED;
}

static enum pt_wire_result
send_all(
    int fd, const char *at, size_t len, int64_t until_ms, struct pt_err *err)
{
	ssize_t n;
	int code;

	while (len > 0) {
		n = send(fd, at, len, MSG_NOSIGNAL);
		if (n >= 0) {
			at += n;
			len -= (size_t)n;
			continue;
		}
		code = errno;
		if (code == EAGAIN)
			code = wait_for(fd, POLLOUT, until_ms);
		if (code != 0 && code != EINTR)
			return fail(err, code, "ask");
	}
	return PT_WIRE_DONE;
}

static enum pt_wire_result
receive(int fd, int64_t until_ms, struct pt_socketmap_reply *reply,
    struct pt_err *err)
{
	char buf[4096];
	size_t used;
	ssize_t n;
	int code;

	pt_socketmap_reply_init(reply);
	while (reply->state < PT_SOCKETMAP_COMPLETE) {
		code = wait_for(fd, POLLIN, until_ms);
		if (code != 0)
			return fail(err, code, "get an answer from");
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return fail(err, n == 0 ? ECONNRESET : errno,
			    "get an answer from");
		used = pt_socketmap_reply_feed(reply, buf, (size_t)n);
		if (used < (size_t)n)
			reply->state = PT_SOCKETMAP_GARBAGE;
	}
	if (reply->state == PT_SOCKETMAP_COMPLETE)
		return PT_WIRE_DONE;
	(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "the server answered what is no reply of a socketmap, or one of "
	    "more than %d bytes",
	    PT_SOCKETMAP_REPLY_MAX);
	return PT_WIRE_FAILED;
}

enum pt_wire_result
pt_wire_ask(int fd, const char *request, size_t len, int64_t until_ms,
    struct pt_socketmap_reply *reply, struct pt_err *err)
{
	enum pt_wire_result result = send_all(fd, request, len, until_ms, err);

	return result == PT_WIRE_DONE ? receive(fd, until_ms, reply, err)
				      : result;
}
