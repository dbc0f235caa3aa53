/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One LMDB environment: how it is opened, and what its errors mean.
 *
 * LMDB 0.9.24 (Debian 12) and later is what this was tried with.  0.9.27 to
 * 0.9.31 can break the shared locks of a process that is just opening while
 * another one closes (ITS#10095), so both happen under pt_store_lock().
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/state/store_private.h"

#define MAX_READERS 510

int
pt_store_error(
    const struct store_env *env, int rc, const char *verb, struct pt_err *err)
{
	if (rc == MDB_PANIC && env->is_final)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot %s %s: it failed before, and this program may not "
		    "open it again; restart it",
		    verb, env->path);
	switch (rc) {
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INVALID:
	case MDB_PANIC:
	case MDB_BAD_TXN:
		return pt_err_set(err, PT_ERR_DAMAGED,
		    "cannot %s %s: %s; restore a backup", verb, env->path,
		    mdb_strerror(rc));
	case MDB_VERSION_MISMATCH:
		return pt_err_set(err, PT_ERR_NEWER,
		    "cannot %s %s: it was made with another version of LMDB",
		    verb, env->path);
	case MDB_MAP_FULL:
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot %s %s: its map cannot grow any more", verb,
		    env->path);
	case MDB_READERS_FULL:
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot %s %s: too many processes have it open", verb,
		    env->path);
	case ENOENT:
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot %s %s: there is no state yet; run posternctl init",
		    verb, env->path);
	case EACCES:
	case EPERM:
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot %s %s: %s; only its owner and root may", verb,
		    env->path, mdb_strerror(rc));
	default:
		return pt_err_set(err, PT_ERR_UNAVAILABLE, "cannot %s %s: %s",
		    verb, env->path, mdb_strerror(rc));
	}
}

/* Files that root makes belong to the owner of the directory. */
static int
hand_over(const struct store_env *env)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};
	char path[STORE_PATH_MAX + 16];
	struct stat dir;
	struct stat file;
	size_t i;

	if (geteuid() != 0)
		return 0;
	if (stat(env->path, &dir) != 0)
		return errno;
	for (i = 0; i < PT_ARRAY_LEN(names); i++) {
		(void)snprintf(
		    path, sizeof(path), "%s/%s", env->path, names[i]);
		if (lstat(path, &file) != 0)
			continue;
		if (file.st_uid == dir.st_uid && file.st_gid == dir.st_gid)
			continue;
		if (lchown(path, dir.st_uid, dir.st_gid) != 0)
			return errno;
	}
	return 0;
}

static int
open_database(
    struct store_env *env, MDB_txn *txn, enum store_db db, unsigned flags)
{
	bool is_hashed = db == STORE_RECORDS || db == STORE_USAGE ||
			 db == STORE_EVIDENCE || db == STORE_SIGNALS;

	return mdb_dbi_open(txn, env->names[db],
	    flags | (is_hashed ? env->record_flags : 0), &env->db[db]);
}

bool
pt_store_env_lacks(const struct store_env *env, enum store_db db)
{
	return env->names[db] != NULL && !env->has[db];
}

int
pt_store_env_make_db(struct store_env *env, MDB_txn *txn, enum store_db db)
{
	return open_database(env, txn, db, MDB_CREATE);
}

static int
open_databases(struct store_env *env, bool create)
{
	unsigned flags = create ? 0 : MDB_RDONLY;
	MDB_txn *txn;
	int rc;

	rc = pt_store_begin(env, flags, &txn);
	if (rc != 0)
		return rc;
	for (int i = 0; i < STORE_DBS && rc == 0; i++) {
		if (env->names[i] == NULL)
			continue;
		rc = open_database(
		    env, txn, (enum store_db)i, create ? MDB_CREATE : 0);
		env->has[i] = rc == 0;
		if (rc == MDB_NOTFOUND && i >= STORE_FIRST_LATER)
			rc = 0;
	}
	/* Only a commit keeps the handles. */
	if (rc == 0)
		return pt_store_commit(env, flags, txn);
	pt_store_abort(env, flags, txn);
	return rc == MDB_NOTFOUND ? ENOENT : rc;
}

/* LMDB does that for all of its descriptors but this one. */
static int
close_at_exec(struct store_env *env)
{
	int fd;
	int rc = mdb_env_get_fd(env->env, &fd);

	if (rc == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		rc = errno;
	return rc;
}

static int
open_env(struct store_env *env, bool create)
{
	size_t size;
	int rc;

	rc = pt_store_map_prepare(env, &size);
	/* LMDB would make an empty environment where there is none. */
	if (rc == ENOENT && create)
		rc = 0;
	if (rc != 0)
		return rc;
	rc = mdb_env_create(&env->env);
	if (rc != 0)
		return rc;
	rc = mdb_env_set_maxdbs(env->env, STORE_DBS);
	if (rc == 0)
		rc = mdb_env_set_maxreaders(env->env, MAX_READERS);
	if (rc == 0)
		rc = mdb_env_set_mapsize(env->env, size);
	if (rc == 0)
		rc = mdb_env_open(env->env, env->path, env->flags | MDB_NOTLS,
		    S_IRUSR | S_IWUSR);
	if (rc == 0)
		rc = close_at_exec(env);
	if (rc == 0)
		rc = hand_over(env);
	if (rc == 0 && create)
		rc = pt_store_map_reserve(env);
	if (rc == 0)
		rc = open_databases(env, false);
	/*
	 * Only a new environment is written to: a writer may wait for
	 * pt_store_lock(), which is held here.
	 */
	if (rc == ENOENT && create)
		rc = open_databases(env, true);
	return rc;
}

int
pt_store_env_open(struct store_env *env, bool create, struct pt_err *err)
{
	int rc = open_env(env, create);

	if (rc == 0)
		return 0;
	pt_store_env_close(env);
	return pt_store_error(env, rc, "open", err);
}

void
pt_store_env_close(struct store_env *env)
{
	if (env->reader != NULL)
		mdb_txn_abort(env->reader);
	env->reader = NULL;
	if (env->env != NULL)
		mdb_env_close(env->env);
	env->env = NULL;
}
