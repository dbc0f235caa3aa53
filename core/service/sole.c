/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#define _DEFAULT_SOURCE /* flock() */

#include "core/service/sole.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"

#define PATH_BYTES 600

int
pt_sole_take(
    const char *state_dir, const char *name, int *fd_out, struct pt_err *err)
{
	char path[PATH_BYTES];
	struct pt_text text;
	int code;
	int fd;

	pt_text_init(&text, path, sizeof(path));
	pt_text_addf(&text, "%s/%s", state_dir, name);
	fd = open(
	    path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot open %s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		*fd_out = fd;
		return 1;
	}
	code = errno;
	(void)close(fd);
	if (code == EWOULDBLOCK)
		return 0;
	return pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, code, "cannot lock %s", path);
}
