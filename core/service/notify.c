/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"

void
pt_notify(const char *lines)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@') ||
	    strlen(path) >= sizeof(to.sun_path))
		return;
	len = strlen(path);
	memcpy(to.sun_path, path, len);
	/* An abstract socket's name begins with a NUL. */
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, lines, strlen(lines), MSG_NOSIGNAL,
	    (const struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	(void)close(fd);
}

void
pt_notify_reloading(void)
{
	struct timespec now;
	struct pt_text text;
	char lines[80];

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	pt_text_init(&text, lines, sizeof(lines));
	pt_text_addf(&text, "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	pt_notify(lines);
}

uint64_t
pt_notify_watchdog_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	uint64_t number;

	if (pid != NULL && (!pt_text_to_u64(pid, INT32_MAX, &number) ||
			       number != (uint64_t)getpid()))
		return 0;
	if (usec == NULL || !pt_text_to_u64(usec, INT64_MAX, &number))
		return 0;
	/* Twice as often as must be; never in a busy loop. */
	return number / 2000 > 100 ? number / 2000 : 100;
}
