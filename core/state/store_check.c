/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Looking for damage.  LMDB trusts its file: a torn or overwritten page can
 * end the process that reads it (assertion, bus error) or send it in a
 * circle.  So a child walks every page in use and every record; how it ends
 * is the answer.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/state/store_private.h"

#define CHECK_SECONDS_MAX 120
/* A later Postern may have more than we know: that is no damage. */
#define CHECK_DBS_MAX 32

enum {
	CHECK_SOUND = 0,
	CHECK_DAMAGED = 1,
	CHECK_ERROR = 2,
};

/* Every item is touched; more than the tree says there are is a circle. */
static int
walk(MDB_txn *txn, MDB_dbi db)
{
	MDB_cursor *cursor;
	MDB_val key;
	MDB_val data;
	MDB_stat stat;
	size_t seen = 0;
	unsigned char sum = 0;
	volatile unsigned char sink;
	int rc;

	if (mdb_stat(txn, db, &stat) != 0 ||
	    mdb_cursor_open(txn, db, &cursor) != 0)
		return CHECK_DAMAGED;
	while ((rc = mdb_cursor_get(cursor, &key, &data, MDB_NEXT)) == 0) {
		if (++seen > stat.ms_entries)
			break;
		if (key.mv_size > 0)
			sum ^= ((const unsigned char *)key.mv_data)[0];
		if (data.mv_size > 0)
			sum ^= ((const unsigned char *)
				    data.mv_data)[data.mv_size - 1];
	}
	mdb_cursor_close(cursor);
	sink = sum;
	(void)sink;
	return rc == MDB_NOTFOUND && seen == stat.ms_entries ? CHECK_SOUND
							     : CHECK_DAMAGED;
}

static int
check_in_child(const char *path, size_t map)
{
	MDB_env *env;
	MDB_txn *txn;
	MDB_cursor *cursor;
	MDB_dbi root;
	MDB_dbi db;
	MDB_val key;
	MDB_val data;
	char name[64];
	int rc;

	if (mdb_env_create(&env) != 0)
		return CHECK_ERROR;
	if (mdb_env_set_maxdbs(env, CHECK_DBS_MAX) != 0 ||
	    mdb_env_set_mapsize(env, map) != 0)
		return CHECK_ERROR;
	/* A restored backup has no lock file yet. */
	rc = mdb_env_open(env, path, MDB_RDONLY | MDB_NOTLS, S_IRUSR | S_IWUSR);
	if (rc == MDB_INVALID || rc == MDB_VERSION_MISMATCH ||
	    rc == MDB_CORRUPTED || rc == MDB_PANIC)
		return CHECK_DAMAGED;
	/* Another process may just have grown it. */
	if (rc != 0 || mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) != 0)
		return CHECK_ERROR;
	if (mdb_dbi_open(txn, NULL, 0, &root) != 0 ||
	    mdb_cursor_open(txn, root, &cursor) != 0)
		return CHECK_DAMAGED;
	while ((rc = mdb_cursor_get(cursor, &key, &data, MDB_NEXT)) == 0) {
		if (key.mv_size >= sizeof(name))
			return CHECK_DAMAGED;
		memcpy(name, key.mv_data, key.mv_size);
		name[key.mv_size] = '\0';
		if (mdb_dbi_open(txn, name, 0, &db) != 0 ||
		    walk(txn, db) != CHECK_SOUND)
			return CHECK_DAMAGED;
	}
	return rc == MDB_NOTFOUND ? CHECK_SOUND : CHECK_DAMAGED;
}

/*
 * The child dies of damage as the kernel has it, whatever handlers the
 * program set, and quietly: LMDB prints its failed assertions, and the caller
 * has a better message.  It also dies with its parent, whose sockets and
 * locks it has inherited.
 */
static void
prepare_to_die(pid_t parent)
{
	static const int deadly[] = {
	    SIGABRT, SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGALRM};
	const struct rlimit none = {0, 0};
	struct sigaction act;
	size_t i;
	int fd;

	memset(&act, 0, sizeof(act));
	act.sa_handler = SIG_DFL;
	for (i = 0; i < PT_ARRAY_LEN(deadly); i++)
		(void)sigaction(deadly[i], &act, NULL);
#ifdef __linux__
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(CHECK_ERROR);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)alarm(CHECK_SECONDS_MAX);
	fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		(void)dup2(fd, STDERR_FILENO);
}

int
pt_store_check_env(const struct store_env *env, struct pt_err *err)
{
	char data[STORE_PATH_MAX + 16];
	struct stat st;
	pid_t parent = getpid();
	pid_t child;
	int status;

	(void)snprintf(data, sizeof(data), "%s/data.mdb", env->path);
	if (stat(data, &st) != 0)
		return errno == ENOENT
			   ? 1
			   : pt_store_error(env, errno, "check", err);
	/* LMDB never leaves an empty file, but a crash of the machine may. */
	if (st.st_size == 0)
		return 0;
	child = fork();
	if (child < 0)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot check %s: cannot fork", env->path);
	if (child == 0) {
		prepare_to_die(parent);
		_exit(check_in_child(env->path, env->initial_map));
	}
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
			    "cannot check %s", env->path);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHECK_SOUND)
		return 1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHECK_ERROR)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot check %s: it cannot be opened", env->path);
	return 0;
}
