/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Locks of our own in state_dir: open.lock (exclusive, for moments) while an
 * environment is opened or closed; users.lock (shared, as long as the state
 * is open), so that a damaged activity/ is set aside only when nobody else
 * works on it.  Both stay open as long as the state is.
 */
#define _DEFAULT_SOURCE /* flock() */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/state/store_private.h"

int
pt_store_lock_file(const char *dir, const char *name, struct pt_err *err)
{
	char path[STORE_PATH_MAX];
	struct stat st;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(
	    path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (fd < 0 && errno == EACCES)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot open %s: permission denied; only its owner and "
		    "root may",
		    path);
	if (fd < 0)
		return pt_err_sys(err,
		    errno == ENOSPC ? PT_ERR_UNAVAILABLE : PT_ERR_CONFIG, errno,
		    "cannot open %s", path);
	if (geteuid() == 0 && stat(dir, &st) == 0 &&
	    fchown(fd, st.st_uid, st.st_gid) != 0) {
		(void)pt_err_sys(err, PT_ERR_CONFIG, errno,
		    "cannot change owner of %s", path);
		(void)close(fd);
		return -1;
	}
	return fd;
}

int
pt_store_lock(int fd, struct pt_err *err)
{
	while (flock(fd, LOCK_EX) != 0) {
		if (errno != EINTR)
			return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
			    "cannot lock open.lock of the state");
	}
	return 0;
}

void
pt_store_unlock(int fd)
{
	(void)flock(fd, LOCK_UN);
}
