/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Carrying activity/ to the disk, and freeing what dead readers hold.
 *
 * Its pages are written through a map.  A page that has been carried to the
 * disk costs a page fault at its next change, so a busy daemon carries a part
 * of the file at a time: the faults are spread over the second instead of
 * stopping all requests at its end.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/state/store_private.h"

int
pt_store_sync(struct pt_store *store, struct pt_err *err)
{
	int rc = MDB_PANIC;

	(void)pthread_mutex_lock(&store->activity.map_mutex);
	if (store->activity.env != NULL)
		rc = mdb_env_sync(store->activity.env, 1);
	(void)pthread_mutex_unlock(&store->activity.map_mutex);
	if (rc != 0)
		return pt_store_error(&store->activity, rc, "sync", err);
	return 0;
}

int
pt_store_maintain(struct pt_store *store, struct pt_err *err)
{
	int dead;
	int rc;

	rc = mdb_reader_check(store->accounts.env, &dead);
	if (rc != 0)
		return pt_store_error(&store->accounts, rc, "maintain", err);
	rc = mdb_reader_check(store->activity.env, &dead);
	if (rc != 0)
		return pt_store_error(&store->activity, rc, "maintain", err);
	return 0;
}

/* Syncing works on the file's pages, through whichever map they changed. */
static int
sync_range(int fd, size_t from, size_t len)
{
	void *at;
	int rc = 0;

	at = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, (off_t)from);
	if (at == MAP_FAILED)
		return errno;
	if (msync(at, len, MS_SYNC) != 0)
		rc = errno;
	(void)munmap(at, len);
	return rc;
}

static int
sync_part(struct store_env *env, unsigned part, unsigned parts)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct stat st;
	size_t from;
	size_t to;
	int fd;
	int rc;

	rc = mdb_env_get_fd(env->env, &fd);
	if (rc != 0)
		return rc;
	if (fstat(fd, &st) != 0)
		return errno;
	from = (size_t)st.st_size / parts * part / page * page;
	to = part + 1 == parts
		 ? (size_t)st.st_size
		 : (size_t)st.st_size / parts * (part + 1) / page * page;
	return to > from ? sync_range(fd, from, to - from) : 0;
}

int
pt_store_sync_part(
    struct pt_store *store, unsigned part, unsigned parts, struct pt_err *err)
{
	struct store_env *env = &store->activity;
	int rc = MDB_PANIC;

	(void)pthread_mutex_lock(&env->map_mutex);
	if (env->env != NULL)
		rc = sync_part(env, part, parts);
	(void)pthread_mutex_unlock(&env->map_mutex);
	return rc == 0 ? 0 : pt_store_error(env, rc, "sync", err);
}
