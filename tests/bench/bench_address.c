/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/bench_address.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int
parse_unix(const char *path, struct bench_address *out)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof(un.sun_path))
		return -1;
	memcpy(un.sun_path, path, len + 1);
	memset(out, 0, sizeof(*out));
	memcpy(&out->sa, &un, sizeof(un));
	out->len = (socklen_t)sizeof(un);
	return 0;
}

static int
parse_inet(const char *text, struct bench_address *out)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
	struct addrinfo *found;
	char host[64];
	const char *colon = strrchr(text, ':');
	size_t len;

	if (colon == NULL || colon == text)
		return -1;
	len = (size_t)(colon - text);
	if (text[0] == '[' && len > 2 && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len >= sizeof(host))
		return -1;
	memcpy(host, text, len);
	host[len] = '\0';
	if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
		return -1;
	memset(out, 0, sizeof(*out));
	memcpy(&out->sa, found->ai_addr, found->ai_addrlen);
	out->len = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

int
bench_address_parse(const char *text, struct bench_address *out)
{
	if (strncmp(text, "unix:", 5) == 0)
		return parse_unix(text + 5, out);
	if (strncmp(text, "inet:", 5) == 0)
		return parse_inet(text + 5, out);
	return -1;
}

int
bench_address_prepare(const struct bench_address *a, int fd)
{
	int one = 1;
	int flags = fcntl(fd, F_GETFL);

	if (flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1)
		return -1;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		return -1;
	if (a->sa.ss_family == AF_UNIX)
		return 0;
	return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void
close_keep_errno(int fd)
{
	int saved = errno;

	(void)close(fd);
	errno = saved;
}

static int
bind_and_listen(const struct bench_address *a, int fd)
{
	int one = 1;

	if (bench_address_prepare(a, fd) == -1)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == -1)
		return -1;
	if (bind(fd, (const struct sockaddr *)&a->sa, a->len) == -1)
		return -1;
	return listen(fd, 4096);
}

int
bench_address_listen(const struct bench_address *a)
{
	int fd = socket(a->sa.ss_family, SOCK_STREAM, 0);

	if (fd == -1)
		return -1;
	bench_address_remove(a);
	if (bind_and_listen(a, fd) == -1) {
		close_keep_errno(fd);
		return -1;
	}
	return fd;
}

int
bench_address_connect(const struct bench_address *a)
{
	int fd = socket(a->sa.ss_family, SOCK_STREAM, 0);

	if (fd == -1)
		return -1;
	/* Blocking here, so that a full backlog makes us wait, not fail. */
	if (connect(fd, (const struct sockaddr *)&a->sa, a->len) == -1 ||
	    bench_address_prepare(a, fd) == -1) {
		close_keep_errno(fd);
		return -1;
	}
	return fd;
}

void
bench_address_remove(const struct bench_address *a)
{
	struct sockaddr_un un;
	struct stat st;

	if (a->sa.ss_family != AF_UNIX)
		return;
	memcpy(&un, &a->sa, sizeof(un));
	if (lstat(un.sun_path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void)unlink(un.sun_path);
}

void
bench_address_raise_limit(void)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		return;
	rl.rlim_cur = rl.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &rl);
}
