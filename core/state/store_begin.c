/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Where transactions begin and end.
 *
 * LMDB's lock of writers is a robust mutex.  When a process is killed that has
 * just been woken to take such a mutex, the others that sleep on it may be
 * forgotten until the next one comes to wait.  So a writer first takes a lock
 * that the kernel keeps (an flock on the data file), and finds LMDB's free.
 */
#define _DEFAULT_SOURCE /* flock() */

#include <errno.h>
#include <sys/file.h>

#include "core/state/store_private.h"

static bool
does_write(unsigned flags)
{
	return (flags & MDB_RDONLY) == 0;
}

/* The threads of a process share the descriptor: they take turns before. */
static int
lock_writers(struct store_env *env)
{
	int fd;
	int rc;

	(void)pthread_mutex_lock(&env->writer_mutex);
	rc = mdb_env_get_fd(env->env, &fd);
	while (rc == 0 && flock(fd, LOCK_EX) != 0)
		rc = errno == EINTR ? 0 : errno;
	if (rc != 0)
		(void)pthread_mutex_unlock(&env->writer_mutex);
	return rc;
}

static void
unlock_writers(struct store_env *env)
{
	int fd;

	if (mdb_env_get_fd(env->env, &fd) == 0)
		(void)flock(fd, LOCK_UN);
	(void)pthread_mutex_unlock(&env->writer_mutex);
}

static int
begin(struct store_env *env, unsigned flags, MDB_txn **txn_out)
{
	int rc = does_write(flags) ? lock_writers(env) : 0;

	if (rc != 0)
		return rc;
	rc = mdb_txn_begin(env->env, NULL, flags, txn_out);
	if (rc != 0 && does_write(flags))
		unlock_writers(env);
	return rc;
}

int
pt_store_begin(struct store_env *env, unsigned flags, MDB_txn **txn_out)
{
	int dead;
	int rc;

	/* It could not be opened again after a panic. */
	if (env->env == NULL)
		return MDB_PANIC;
	rc = begin(env, flags, txn_out);
	if (rc == MDB_MAP_RESIZED) {
		rc = pt_store_map_adopt(env);
		if (rc == 0)
			rc = begin(env, flags, txn_out);
	} else if (rc == MDB_READERS_FULL) {
		rc = mdb_reader_check(env->env, &dead);
		if (rc == 0)
			rc = begin(env, flags, txn_out);
	}
	return rc;
}

int
pt_store_commit(struct store_env *env, unsigned flags, MDB_txn *txn)
{
	int rc = mdb_txn_commit(txn);

	if (does_write(flags))
		unlock_writers(env);
	return rc;
}

void
pt_store_abort(struct store_env *env, unsigned flags, MDB_txn *txn)
{
	mdb_txn_abort(txn);
	if (does_write(flags))
		unlock_writers(env);
}

int
pt_store_begin_reader(struct store_env *env)
{
	int rc;

	if (env->reader != NULL) {
		rc = mdb_txn_renew(env->reader);
		if (rc == 0)
			return 0;
		mdb_txn_abort(env->reader);
		env->reader = NULL;
	}
	return pt_store_begin(env, MDB_RDONLY, &env->reader);
}
