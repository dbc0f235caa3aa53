/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/lmdb_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/maps/entry.h"
#include "core/maps/lmdb_file.h"

/* Between two tries for a lock. */
#define PAUSE_MS 10

/* The lock goes when the file is closed. */
static int
lock(const char *path, int fd, int wait_ms, struct pt_err *err)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	struct flock wanted = {.l_type = F_RDLCK, .l_whence = SEEK_SET};

	for (;;) {
		if (fcntl(fd, F_SETLK, &wanted) == 0)
			return 0;
		if (errno != EACCES && errno != EAGAIN && errno != EINTR)
			return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
			    "cannot lock the map %s", path);
		if (wait_ms <= 0)
			return pt_err_set(err, PT_ERR_UNAVAILABLE,
			    "cannot read the map %s: it is locked by a program "
			    "that writes it",
			    path);
		(void)nanosleep(&pause, NULL);
		wait_ms -= PAUSE_MS;
	}
}

static size_t
without_nul(const char *at, size_t len)
{
	return len > 0 && at[len - 1] == '\0' ? len - 1 : len;
}

/* A pt_lmdb_entry_fn; arg is the index. */
static int
add(const char *key, size_t key_len, const char *value, size_t value_len,
    void *arg, struct pt_err *err)
{
	char folded[PT_MAP_KEY_MAX + 1];
	struct pt_err why;
	size_t len;

	if (pt_map_key_fold(
		key, without_nul(key, key_len), folded, &len, &why) != 1)
		return 0;
	return pt_map_index_add(arg, folded, len, value,
		   without_nul(value, value_len), err) < 0
		   ? -1
		   : 0;
}

static int
read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = read(fd, buf + len, size - len);
		if (n == 0)
			errno = ENODATA;
		if (n == 0 || (n < 0 && errno != EINTR))
			return -1;
		len += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int
read_locked(const char *path, int fd, size_t size, struct pt_map_index *index,
    struct pt_err *err)
{
	char *bytes;
	int rc;

	if (size > PT_LMDB_TABLE_MAX)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot read the map %s: it is larger than 512 MiB", path);
	bytes = malloc(size + 1);
	if (bytes == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the map %s: out of memory", path);
	if (read_all(fd, bytes, size) != 0) {
		rc = pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot read the map %s", path);
	} else {
		rc = pt_lmdb_file_walk(bytes, size, add, index, err);
		if (rc != 0)
			(void)pt_err_prefix(
			    err, "cannot read the map %s", path);
	}
	free(bytes);
	return rc;
}

static int
look_at_file(const char *path, int fd, struct stat *st, struct pt_err *err)
{
	if (fstat(fd, st) != 0)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot read the map %s", path);
	if (!S_ISREG(st->st_mode))
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot read the map %s: it is no file", path);
	return 0;
}

static bool
is_same_time(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/*
 * Postfix's writers let readers in while they write, because what was
 * committed stays as it is until the next commit.
 */
static int
read_open(
    const char *path, int fd, struct pt_map_index *index, struct pt_err *err)
{
	struct stat before;
	struct stat after;
	struct pt_err why;
	int rc;

	if (look_at_file(path, fd, &before, err) != 0)
		return -1;
	rc = read_locked(path, fd, (size_t)before.st_size, index, &why);
	if (look_at_file(path, fd, &after, err) != 0)
		return -1;
	if (!is_same_time(&before, &after))
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the map %s: it was written meanwhile", path);
	if (rc != 0)
		*err = why;
	return rc;
}

int
pt_lmdb_table_read(const char *path, const char *default_domain, int wait_ms,
    struct pt_map_index *index, struct pt_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc;

	(void)default_domain;
	if (fd < 0)
		return pt_err_sys(err, PT_ERR_CONFIG, errno,
		    "cannot read the map %s as the user of this program", path);
	rc = lock(path, fd, wait_ms, err);
	if (rc == 0)
		rc = read_open(path, fd, index, err);
	(void)close(fd);
	return rc;
}
