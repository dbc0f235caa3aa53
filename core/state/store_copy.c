/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Backups: LMDB copies a consistent state of each environment while others
 * go on working, free pages left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/state/store_private.h"

static int
sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return -1;
	rc = fsync(fd);
	(void)close(fd);
	return rc;
}

static int
copy_env(struct store_env *env, const char *dir, struct pt_err *err)
{
	char target[STORE_PATH_MAX];
	char data[STORE_PATH_MAX + 16];
	int rc;

	if (snprintf(target, sizeof(target), "%s/%s", dir, env->name) >=
	    (int)sizeof(target))
		return pt_err_set(
		    err, PT_ERR_USAGE, "name of the directory is too long");
	if (mkdir(target, S_IRWXU) != 0)
		return pt_err_sys(err, PT_ERR_USAGE, errno,
		    "cannot make directory %s", target);
	rc = mdb_env_copy2(env->env, target, MDB_CP_COMPACT);
	if (rc != 0)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot copy %s to %s: %s", env->path, target,
		    mdb_strerror(rc));
	(void)snprintf(data, sizeof(data), "%s/data.mdb", target);
	if (chmod(data, S_IRUSR | S_IWUSR) != 0 || sync_path(data) != 0 ||
	    sync_path(target) != 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot sync %s", target);
	return 0;
}

int
pt_store_backup(struct pt_store *store, const char *dir, struct pt_err *err)
{
	if (pt_store_is_ours(store, err) != 0)
		return -1;
	if (mkdir(dir, S_IRWXU) != 0 && errno != EEXIST)
		return pt_err_sys(
		    err, PT_ERR_USAGE, errno, "cannot make directory %s", dir);
	if (copy_env(&store->accounts, dir, err) != 0)
		return -1;
	return copy_env(&store->activity, dir, err);
}
