/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Stream socket addresses of the bench programs, written as policyd's
 * configuration writes them: "unix:PATH" or "inet:HOST:PORT", HOST being a
 * numeric IPv4 address, or a numeric IPv6 address in brackets.
 */
#ifndef TESTS_BENCH_BENCH_ADDRESS_H
#define TESTS_BENCH_BENCH_ADDRESS_H

#include <sys/socket.h>

struct bench_address {
	struct sockaddr_storage sa;
	socklen_t len;
};

/* Returns -1 if text is not an address; *out is then untouched. */
int
bench_address_parse(const char *text, struct bench_address *out);

/*
 * A listening, non-blocking socket, or -1 with errno.  A socket that a dead
 * server left at a Unix path is removed first.
 */
int
bench_address_listen(const struct bench_address *a);

/* A connected, non-blocking socket, or -1 with errno. */
int
bench_address_connect(const struct bench_address *a);

/* Removes the file of a Unix socket; does nothing for other addresses. */
void
bench_address_remove(const struct bench_address *a);

/*
 * Makes an accepted or connected socket non-blocking, closed on exec and, for
 * TCP, without Nagle's delay.  Returns -1 with errno.
 */
int
bench_address_prepare(const struct bench_address *a, int fd);

/* Allows this process as many descriptors as its hard limit permits. */
void
bench_address_raise_limit(void);

#endif
