/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/listen.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/text.h"

#define UNIX_PREFIX "unix:"
#define INET_PREFIX "inet:"

#define HOST_CHARS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."

static bool
has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static int
unix_parse(const char *s, struct pt_listen *out, struct pt_err *err)
{
	const char *path = s + strlen(UNIX_PREFIX);
	size_t len = strlen(path);

	if (path[0] != '/' || path[len - 1] == '/')
		return pt_err_refuse(
		    err, s, "does not name a socket by an absolute path");
	if (len > PT_LISTEN_PATH_MAX)
		return pt_err_refuse(err, s,
		    "is too long: the path of a socket has at most 107 bytes");
	out->is_unix = true;
	memcpy(out->path, path, len + 1);
	return 0;
}

/* The host with its brackets off, from at[0] to at[len - 1]. */
static bool
host_parse(const char *at, size_t len, struct pt_listen *out)
{
	unsigned char bytes[16];
	bool has_brackets = len > 2 && at[0] == '[' && at[len - 1] == ']';

	if (has_brackets) {
		at++;
		len -= 2;
	}
	if (len == 0 || len > PT_LISTEN_HOST_MAX)
		return false;
	memcpy(out->host, at, len);
	out->host[len] = '\0';
	if (has_brackets)
		return inet_pton(AF_INET6, out->host, bytes) == 1;
	return strspn(out->host, HOST_CHARS) == len;
}

static int
inet_parse(const char *s, struct pt_listen *out, struct pt_err *err)
{
	const char *host = s + strlen(INET_PREFIX);
	const char *colon = strrchr(host, ':');
	uint64_t port = 0;

	if (colon == NULL || !host_parse(host, (size_t)(colon - host), out))
		return pt_err_refuse(err, s,
		    "is not inet:HOST:PORT or inet:[IPV6-ADDRESS]:PORT");
	if (!pt_text_to_u64(colon + 1, UINT16_MAX, &port) || port == 0)
		return pt_err_refuse(err, s, "has no port from 1 to 65535");
	out->port = (unsigned short)port;
	return 0;
}

int
pt_listen_parse(const char *s, struct pt_listen *out, struct pt_err *err)
{
	struct pt_listen address = {0};
	int result;

	if (has_prefix(s, UNIX_PREFIX))
		result = unix_parse(s, &address, err);
	else if (has_prefix(s, INET_PREFIX))
		result = inet_parse(s, &address, err);
	else
		result = pt_err_refuse(err, s,
		    "is not an address to listen at: write unix:/PATH or "
		    "inet:HOST:PORT");
	if (result == 0)
		*out = address;
	return result;
}
