/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The size of an environment's map and file.
 *
 * accounts/ is written with pwrite(2); its map is only an upper bound, and a
 * process adopts what another has recorded.
 *
 * activity/ is written through the map (MDB_WRITEMAP), which saves about a
 * quarter of the cost of a charge in a large state.  A page of it that had no
 * block on the disk would end the process when the disk is full, so every
 * block is allocated before it can be touched: the file is as long as the
 * map, it only grows, and only under pt_store_lock(), because LMDB cuts the
 * file to the map of whoever maps it.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/state/store_private.h"

/* A multiple of every page size there is. */
#define FIRST_MAP ((size_t)64 << 10)

static bool
is_preallocated(const struct store_env *env)
{
	return (env->flags & (MDB_WRITEMAP | MDB_RDONLY)) == MDB_WRITEMAP;
}

static size_t
whole_pages(off_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size_t)bytes / page * page;
}

/* The file's length, as a map may have it. */
static int
file_size(struct store_env *env, size_t *size_out)
{
	struct stat st;
	int fd;
	int rc;

	rc = mdb_env_get_fd(env->env, &fd);
	if (rc != 0)
		return rc;
	if (fstat(fd, &st) != 0)
		return errno;
	*size_out = whole_pages(st.st_size);
	return 0;
}

/* Allocates from "from" to "to"; a file that cannot grow stays as it was. */
static int
allocate(struct store_env *env, size_t from, size_t to)
{
	int fd;
	int rc;

	rc = mdb_env_get_fd(env->env, &fd);
	if (rc != 0)
		return rc;
	do {
		rc = posix_fallocate(fd, (off_t)from, (off_t)(to - from));
	} while (rc == EINTR);
	if (rc != 0 && from > 0 && ftruncate(fd, (off_t)from) != 0)
		return errno;
	return rc;
}

int
pt_store_map_prepare(struct store_env *env, size_t *size_out)
{
	char data[STORE_PATH_MAX + 16];
	struct stat st;

	*size_out = is_preallocated(env) ? FIRST_MAP : env->initial_map;
	(void)snprintf(data, sizeof(data), "%s/data.mdb", env->path);
	if (stat(data, &st) != 0)
		return errno;
	if ((size_t)st.st_size > *size_out)
		*size_out = whole_pages(st.st_size);
	return 0;
}

int
pt_store_map_reserve(struct store_env *env)
{
	size_t size = 0;
	int rc;

	if (!is_preallocated(env))
		return 0;
	rc = file_size(env, &size);
	if (rc != 0 || size >= env->initial_map)
		return rc;
	/* Nobody else has it open yet if it is that small. */
	rc = allocate(env, 0, env->initial_map);
	if (rc == 0)
		rc = mdb_env_set_mapsize(env->env, env->initial_map);
	return rc;
}

/*
 * Is there so much address space left (RLIMIT_AS)?  LMDB gives up its old map
 * before it makes the new one; if that fails, the environment is lost, and the
 * next who looks into it dies.
 */
static int
try_address_space(size_t size)
{
	void *at = mmap(NULL, size, PROT_NONE,
	    /* cppcheck-suppress invalidFunctionArg ; it has no file */
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		return errno;
	return munmap(at, size) == 0 ? 0 : errno;
}

/* size 0: what the last commit recorded, which is the double at least. */
static int
set_mapsize(struct store_env *env, size_t size)
{
	MDB_envinfo info;
	int rc;

	rc = mdb_env_info(env->env, &info);
	if (rc == 0)
		rc = try_address_space(size == 0 ? info.me_mapsize * 2 : size);
	return rc == 0 ? mdb_env_set_mapsize(env->env, size) : rc;
}

static int
move_map(struct store_env *env, size_t size)
{
	int rc;

	(void)pthread_mutex_lock(&env->map_mutex);
	rc = set_mapsize(env, size);
	(void)pthread_mutex_unlock(&env->map_mutex);
	return rc;
}

/*
 * Grows (or only follows) a preallocated file; under pt_store_lock() and the
 * mutex.
 */
static int
move_preallocated(struct store_env *env, bool grow)
{
	MDB_envinfo info;
	size_t size = 0;
	int rc;

	rc = mdb_env_info(env->env, &info);
	if (rc == 0)
		rc = file_size(env, &size);
	if (rc != 0)
		return rc;
	if (grow && size <= info.me_mapsize) {
		if (info.me_mapsize > SIZE_MAX / 4)
			return MDB_MAP_FULL;
		rc = allocate(env, size, info.me_mapsize * 2);
		if (rc != 0)
			return rc;
		size = info.me_mapsize * 2;
	}
	return set_mapsize(env, size);
}

/*
 * The mutex first: who waits for a sync to end must not keep other processes
 * waiting for the lock.
 */
static int
move_preallocated_locked(struct store_env *env, bool grow)
{
	struct pt_err err;
	int rc = EAGAIN;

	(void)pthread_mutex_lock(&env->map_mutex);
	if (pt_store_lock(env->lock_fd, &err) == 0) {
		rc = move_preallocated(env, grow);
		pt_store_unlock(env->lock_fd);
	}
	(void)pthread_mutex_unlock(&env->map_mutex);
	return rc;
}

int
pt_store_map_grow(struct store_env *env)
{
	MDB_envinfo info;
	int rc;

	if (is_preallocated(env))
		return move_preallocated_locked(env, true);
	rc = mdb_env_info(env->env, &info);
	if (rc != 0)
		return rc;
	if (info.me_mapsize > SIZE_MAX / 4)
		return MDB_MAP_FULL;
	return move_map(env, info.me_mapsize * 2);
}

int
pt_store_map_adopt(struct store_env *env)
{
	if (is_preallocated(env))
		return move_preallocated_locked(env, false);
	/* 0: the size that the last commit recorded */
	return move_map(env, 0);
}
