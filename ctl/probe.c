/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text.h"

#define TIME_MS 5000

static const char request[] = "request=smtpd_access_policy\n"
			      "protocol_state=RCPT\n"
			      "protocol_name=ESMTP\n"
			      "client_address=127.0.0.1\n"
			      "instance=posternctl.doctor\n"
			      "sasl_username=\n"
			      "\n";
static const char wanted[] = "action=DUNNO\n\n";

struct connection {
	int fd;
	int64_t deadline_ms;
};

static int
wait_for(const struct connection *connection, short events, struct pt_err *err)
{
	struct pollfd fd = {.fd = connection->fd, .events = events};
	int64_t left_ms;
	int n;

	do {
		left_ms = connection->deadline_ms - pt_clock_ticks_ms();
		n = left_ms <= 0 ? 0 : poll(&fd, 1, (int)left_ms);
	} while (n < 0 && errno == EINTR);
	if (n == 1)
		return 0;
	return pt_err_set(
	    err, PT_ERR_UNAVAILABLE, "it does not answer within 5 seconds");
}

static int
connect_to(struct connection *connection, const struct sockaddr *address,
    socklen_t len, struct pt_err *err)
{
	socklen_t size = sizeof(int);
	int code = 0;

	connection->fd = socket(address->sa_family, SOCK_STREAM, 0);
	if (connection->fd < 0 ||
	    fcntl(connection->fd, F_SETFL, O_NONBLOCK) != 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot make a socket");
	if (connect(connection->fd, address, len) == 0)
		return 0;
	code = errno;
	if (code == EINPROGRESS || code == EINTR) {
		if (wait_for(connection, POLLOUT, err) != 0)
			return -1;
		if (getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &code,
			&size) != 0)
			code = errno;
	}
	if (code == 0)
		return 0;
	return pt_err_sys(err, PT_ERR_UNAVAILABLE, code, "cannot connect");
}

static int
connect_unix(
    struct connection *connection, const char *path, struct pt_err *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (pt_text_copy(address.sun_path, sizeof(address.sun_path), path) != 0)
		return pt_err_set(
		    err, PT_ERR_CONFIG, "its path is too long for a socket");
	return connect_to(connection, (const struct sockaddr *)&address,
	    sizeof(address), err);
}

static int
connect_inet(struct connection *connection, const struct pt_listen *listen,
    struct pt_err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	char port[8];
	int rc;

	snprintf(port, sizeof(port), "%u", (unsigned)listen->port);
	rc = getaddrinfo(listen->host, port, &hints, &found);
	if (rc != 0)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot find host %s: %s", listen->host, gai_strerror(rc));
	rc = connect_to(connection, found->ai_addr, found->ai_addrlen, err);
	freeaddrinfo(found);
	return rc;
}

/* What has come, at least a byte; -1 if nothing will come any more. */
static ssize_t
receive(const struct connection *connection, void *buf, size_t cap,
    struct pt_err *err)
{
	ssize_t n;

	do {
		if (wait_for(connection, POLLIN, err) != 0)
			return -1;
		n = recv(connection->fd, buf, cap, 0);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n > 0)
		return n;
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "it closes the connection without an answer");
}

static int
ask(const struct connection *connection, struct pt_err *err)
{
	size_t len = sizeof(request) - 1;
	char answer[256];
	size_t got = 0;
	ssize_t n;

	/* Small enough for any socket buffer: it goes out in one piece. */
	if (send(connection->fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot send to it");
	while (got < sizeof(answer) - 1) {
		n = receive(
		    connection, answer + got, sizeof(answer) - 1 - got, err);
		if (n < 0)
			return -1;
		got += (size_t)n;
		answer[got] = '\0';
		if (strcmp(answer, wanted) == 0)
			return 0;
		if (strstr(answer, "\n\n") != NULL)
			break;
	}
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "it gives another answer than policyd would");
}

/* Length, command, data: that we speak version 6 and can do all of it. */
static const unsigned char offer[] = {
    0, 0, 0, 13, 'O', 0, 0, 0, 6, 0, 0, 1, 0xff, 0, 0x1f, 0xff, 0xff};
static const unsigned char leave[] = {0, 0, 0, 1, 'Q'};

static int
negotiate(const struct connection *connection, struct pt_err *err)
{
	unsigned char answer[5];
	size_t got = 0;
	ssize_t n;

	if (send(connection->fd, offer, sizeof(offer), MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(offer))
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot send to it");
	while (got < sizeof(answer)) {
		n = receive(
		    connection, answer + got, sizeof(answer) - got, err);
		if (n < 0)
			return -1;
		got += (size_t)n;
	}
	if (answer[4] != offer[4])
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "it gives another answer than a milter would");
	(void)send(connection->fd, leave, sizeof(leave), MSG_NOSIGNAL);
	return 0;
}

static int
probe(const struct pt_listen *address,
    int (*talk)(const struct connection *connection, struct pt_err *err),
    struct pt_err *err)
{
	struct connection connection = {
	    .fd = -1, .deadline_ms = pt_clock_ticks_ms() + TIME_MS};
	int rc;

	if (address->is_unix)
		rc = connect_unix(&connection, address->path, err);
	else
		rc = connect_inet(&connection, address, err);
	if (rc == 0)
		rc = talk(&connection, err);
	if (connection.fd >= 0)
		(void)close(connection.fd);
	return rc;
}

int
pc_probe(const struct pt_listen *address, struct pt_err *err)
{
	return probe(address, ask, err);
}

int
pc_probe_milter(const struct pt_listen *address, struct pt_err *err)
{
	return probe(address, negotiate, err);
}
