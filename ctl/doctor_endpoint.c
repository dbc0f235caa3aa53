/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: endpoints.  Postfix names a socket as its smtpd sees it: relative
 * to queue_directory, in which smtpd works, and under it when smtpd runs
 * chrooted.  policyd names it by its path in the host's file system.
 */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl/doctor_service.h"

#define UNIX "unix:"
#define INET "inet:"

static bool
has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

void
pc_endpoint_resolve(const struct pc_service *service, const char *endpoint,
    char *buf, size_t cap)
{
	const char *queue = service->postfix->queue_directory;
	const char *path;

	if (!has_prefix(endpoint, UNIX)) {
		snprintf(buf, cap, "%s",
		    has_prefix(endpoint, INET) ? endpoint + strlen(INET)
					       : endpoint);
		return;
	}
	path = endpoint + strlen(UNIX);
	if (path[0] != '/')
		snprintf(buf, cap, "%s/%s", queue, path);
	else if (service->chrooted)
		snprintf(buf, cap, "%s%s", queue, path);
	else
		snprintf(buf, cap, "%s", path);
}

static bool
is_same_file(const char *a, const char *b)
{
	struct stat x;
	struct stat y;

	return strcmp(a, b) == 0 ||
	       (stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
		   x.st_ino == y.st_ino);
}

static bool
is_any_host(const char *host)
{
	return strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
}

/* One host by two names, or a listener that hears them all. */
static bool
is_same_host(const char *listens, const char *asks, size_t len)
{
	static const char *const here[] = {"localhost", "127.0.0.1", "::1"};
	bool listens_here = false;
	bool asks_here = false;
	size_t i;

	if (is_any_host(listens))
		return true;
	if (strlen(listens) == len && memcmp(listens, asks, len) == 0)
		return true;
	for (i = 0; i < PT_ARRAY_LEN(here); i++) {
		if (strcmp(listens, here[i]) == 0)
			listens_here = true;
		if (strlen(here[i]) == len && memcmp(here[i], asks, len) == 0)
			asks_here = true;
	}
	/* "localhost" may be either of the two others. */
	return listens_here && asks_here &&
	       (strcmp(listens, "localhost") == 0 ||
		   len == strlen("localhost"));
}

/* "HOST:PORT", "[IPV6]:PORT" */
static bool
is_same_address(const struct pt_listen *listen, const char *address)
{
	const char *colon = strrchr(address, ':');
	char port[8];
	size_t len;

	if (colon == NULL)
		return false;
	snprintf(port, sizeof(port), "%u", (unsigned)listen->port);
	if (strcmp(colon + 1, port) != 0)
		return false;
	len = (size_t)(colon - address);
	if (len >= 2 && address[0] == '[' && address[len - 1] == ']') {
		address++;
		len -= 2;
	}
	return is_same_host(listen->host, address, len);
}

static bool
is_listener(const struct pc_service *service, const char *endpoint,
    const char *resolved)
{
	struct pt_listen listen;
	struct pt_err err;
	size_t i;

	for (i = 0; i < service->listen_count; i++) {
		if (pt_listen_parse(service->listen[i], &listen, &err) != 0 ||
		    listen.is_unix != has_prefix(endpoint, UNIX))
			continue;
		if (listen.is_unix ? is_same_file(listen.path, resolved)
				   : is_same_address(&listen, resolved))
			return true;
	}
	return false;
}

enum pc_endpoint
pc_endpoint_judge(const struct pc_service *service, const char *endpoint)
{
	char resolved[1024];

	pc_endpoint_resolve(service, endpoint, resolved, sizeof(resolved));
	if (is_listener(service, endpoint, resolved))
		return PC_ENDPOINT_OURS;
	/* Where Postern looks for it, or by name: it is meant for Postern. */
	if (strstr(endpoint, "postern") != NULL ||
	    (has_prefix(endpoint, UNIX) &&
		is_listener(service, endpoint, endpoint + strlen(UNIX))))
		return PC_ENDPOINT_ESTRANGED;
	return PC_ENDPOINT_OTHER;
}

static bool
suggest_unix(
    const struct pc_service *service, const char *path, char *buf, size_t cap)
{
	const char *queue = service->postfix->queue_directory;
	size_t len = strlen(queue);

	if (has_prefix(path, queue) && path[len] == '/') {
		snprintf(buf, cap, UNIX "%s", path + len + 1);
		return true;
	}
	snprintf(buf, cap, UNIX "%s", path);
	return !service->chrooted;
}

bool
pc_endpoint_suggest(const struct pc_service *service, char *buf, size_t cap)
{
	struct pt_listen listen;
	struct pt_err err;
	size_t i;

	snprintf(buf, cap, UNIX "postern/policy.sock");
	for (i = 0; i < service->listen_count; i++) {
		if (pt_listen_parse(service->listen[i], &listen, &err) != 0)
			continue;
		if (!listen.is_unix) {
			snprintf(buf, cap, "%s", service->listen[i]);
			return true;
		}
		if (suggest_unix(service, listen.path, buf, cap))
			return true;
	}
	return false;
}
