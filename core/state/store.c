/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The state as a pair of environments: making, opening, closing it, and what
 * happens to a damaged activity/.
 */
#define _DEFAULT_SOURCE /* flock() */

#include "core/state/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/state/store_private.h"

#define ACCOUNTS_MAP ((size_t)64 << 20)
#define ACTIVITY_MAP ((size_t)16 << 20)

int
pt_store_is_ours(const struct pt_store *store, struct pt_err *err)
{
	if (getpid() == store->pid)
		return 0;
	return pt_err_set(err, PT_ERR_INTERNAL,
	    "cannot use %s: it was opened before fork", store->dir);
}

static void
describe(struct pt_store *store, const char *dir)
{
	(void)pt_text_copy(store->dir, sizeof(store->dir), dir);
	store->accounts.name = "accounts";
	store->accounts.names[STORE_RECORDS] = "accounts";
	store->accounts.names[STORE_OTHER] = "history";
	store->accounts.names[STORE_META] = "meta";
	store->accounts.names[STORE_OUTBOX] = "outbox";
	store->accounts.initial_map = ACCOUNTS_MAP;
	store->activity.name = "activity";
	store->activity.names[STORE_RECORDS] = "activity";
	store->activity.names[STORE_OTHER] = "counters";
	store->activity.names[STORE_META] = "meta";
	store->activity.names[STORE_USAGE] = "usage";
	store->activity.names[STORE_PENDING] = "pending";
	store->activity.names[STORE_EVIDENCE] = "evidence";
	store->activity.names[STORE_SIGNALS] = "signals";
	store->activity.names[STORE_HOURS] = "hours";
	store->activity.initial_map = ACTIVITY_MAP;
	store->activity.flags = MDB_NOSYNC | MDB_WRITEMAP;
	store->activity.record_flags = pt_store_activity_flags();
	(void)snprintf(store->accounts.path, sizeof(store->accounts.path),
	    "%s/accounts", dir);
	(void)snprintf(store->activity.path, sizeof(store->activity.path),
	    "%s/activity", dir);
}

static void
init_mutexes(struct store_env *env)
{
	(void)pthread_mutex_init(&env->map_mutex, NULL);
	(void)pthread_mutex_init(&env->writer_mutex, NULL);
}

static void
destroy_mutexes(struct store_env *env)
{
	(void)pthread_mutex_destroy(&env->map_mutex);
	(void)pthread_mutex_destroy(&env->writer_mutex);
}

static struct pt_store *
new_store(const char *dir, struct pt_err *err)
{
	struct pt_store *store;

	if (strlen(dir) >= sizeof(store->dir)) {
		(void)pt_err_set(err, PT_ERR_CONFIG, "state_dir is too long");
		return NULL;
	}
	if (sodium_init() < 0) {
		(void)pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "cannot initialise libsodium");
		return NULL;
	}
	store = calloc(1, sizeof(*store));
	if (store == NULL) {
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE, "out of memory");
		return NULL;
	}
	describe(store, dir);
	store->lock_fd = -1;
	store->users_fd = -1;
	store->pid = getpid();
	store->key_mask = UINT64_MAX;
	init_mutexes(&store->accounts);
	init_mutexes(&store->activity);
	return store;
}

static int
make_directory(const char *path, const char *like, struct pt_err *err)
{
	struct stat st;

	if (mkdir(path, S_IRWXU) != 0) {
		if (errno == EEXIST)
			return 0;
		return pt_err_sys(err,
		    errno == ENOSPC ? PT_ERR_UNAVAILABLE : PT_ERR_CONFIG, errno,
		    "cannot make directory %s", path);
	}
	if (geteuid() == 0 &&
	    (stat(like, &st) != 0 || lchown(path, st.st_uid, st.st_gid) != 0))
		return pt_err_sys(err, PT_ERR_CONFIG, errno,
		    "cannot change owner of %s", path);
	return 0;
}

static int
make_env(struct pt_store *store, struct store_env *env, struct pt_err *err)
{
	if (make_directory(env->path, store->dir, err) != 0)
		return -1;
	if (pt_store_env_open(env, true, err) != 0)
		return -1;
	return pt_store_meta_make(env, err);
}

static void
close_envs(struct pt_store *store)
{
	pt_store_env_close(&store->accounts);
	pt_store_env_close(&store->activity);
}

/* Opens open.lock and takes it. */
static int
lock_first(struct pt_store *store, struct pt_err *err)
{
	store->lock_fd = pt_store_lock_file(store->dir, "open.lock", err);
	if (store->lock_fd < 0)
		return -1;
	store->accounts.lock_fd = store->lock_fd;
	store->activity.lock_fd = store->lock_fd;
	return pt_store_lock(store->lock_fd, err);
}

/* Whichever of the two may be written. */
static int
upgrade(struct pt_store *store, struct pt_err *err)
{
	if ((store->accounts.flags & MDB_RDONLY) == 0 &&
	    pt_store_upgrade(store, &store->accounts, err) != 0)
		return -1;
	if ((store->activity.flags & MDB_RDONLY) == 0 &&
	    pt_store_upgrade(store, &store->activity, err) != 0)
		return -1;
	return 0;
}

int
pt_store_create(const char *dir, struct pt_err *err)
{
	struct pt_store *store = new_store(dir, err);
	int rc;

	if (store == NULL)
		return -1;
	rc = make_directory(dir, "/", err);
	if (rc == 0)
		rc = lock_first(store, err);
	if (rc == 0) {
		rc = make_env(store, &store->accounts, err);
		if (rc == 0)
			rc = make_env(store, &store->activity, err);
		if (rc != 0)
			close_envs(store);
		pt_store_unlock(store->lock_fd);
	}
	if (rc == 0)
		rc = upgrade(store, err);
	pt_store_close(store);
	return rc;
}

/* Renames activity/ to activity.damaged-TIME and makes an empty one. */
static int
set_aside(struct pt_store *store, struct pt_err *err)
{
	char stamp[PT_CLOCK_TEXT_MAX];

	if (flock(store->users_fd, LOCK_EX | LOCK_NB) != 0)
		return pt_err_set(err, PT_ERR_DAMAGED,
		    "%s is damaged and in use by another process: stop all "
		    "that use it (postern-milter, dovecot), then start again",
		    store->activity.path);
	pt_clock_format_iso(pt_clock_now(), stamp, sizeof(stamp));
	(void)snprintf(store->set_aside, sizeof(store->set_aside),
	    "%s.damaged-%s", store->activity.path, stamp);
	if (rename(store->activity.path, store->set_aside) != 0)
		return pt_err_sys(err, PT_ERR_CONFIG, errno, "cannot rename %s",
		    store->activity.path);
	(void)flock(store->users_fd, LOCK_SH);
	return 0;
}

/*
 * A daemon looks at both environments before it works on them: damaged
 * activity/ is replaced, damaged accounts/ (who may do what) never is.
 */
static int
check_before_open(struct pt_store *store, struct pt_err *err)
{
	int sound;

	sound = pt_store_check_env(&store->accounts, err);
	if (sound < 0)
		return -1;
	if (sound == 0)
		return pt_err_set(err, PT_ERR_DAMAGED,
		    "%s is damaged; restore a backup", store->accounts.path);
	sound = pt_store_check_env(&store->activity, err);
	if (sound < 0)
		return -1;
	if (sound == 0 && set_aside(store, err) != 0)
		return -1;
	return 0;
}

/* A lasting process holds its slot before others can take them all. */
static int
take_slot(struct store_env *env, struct pt_err *err)
{
	int rc = pt_store_begin_reader(env);

	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	mdb_txn_reset(env->reader);
	return 0;
}

static int
open_envs(struct pt_store *store, struct pt_err *err)
{
	if (store->mode == PT_STORE_KEEP && check_before_open(store, err) != 0)
		return -1;
	if (pt_store_env_open(&store->accounts, false, err) != 0)
		return -1;
	if (pt_store_meta_read(&store->accounts, store->token_key, err) != 0)
		return -1;
	if (store->mode == PT_STORE_KEEP) {
		if (make_env(store, &store->activity, err) != 0)
			return -1;
	} else if (pt_store_env_open(&store->activity, false, err) != 0) {
		return -1;
	}
	if (pt_store_meta_read(&store->activity, store->hash_key, err) != 0)
		return -1;
	if (store->mode != PT_STORE_KEEP && store->mode != PT_STORE_ACTIVITY)
		return 0;
	if (take_slot(&store->accounts, err) != 0)
		return -1;
	return take_slot(&store->activity, err);
}

static void
set_mode(struct pt_store *store, enum pt_store_mode mode)
{
	store->mode = mode;
	if (mode == PT_STORE_READ || mode == PT_STORE_ACTIVITY)
		store->accounts.flags |= MDB_RDONLY;
	if (mode == PT_STORE_READ)
		store->activity.flags |= MDB_RDONLY;
	store->accounts.is_final = mode == PT_STORE_ACTIVITY;
	store->activity.is_final = mode == PT_STORE_ACTIVITY;
}

int
pt_store_open(const char *dir, enum pt_store_mode mode,
    struct pt_store **store_out, struct pt_err *err)
{
	struct pt_store *store = new_store(dir, err);
	int rc = -1;

	if (store == NULL)
		return -1;
	set_mode(store, mode);
	if (access(dir, F_OK) != 0) {
		(void)pt_store_error(&store->accounts, errno, "open", err);
		goto fail;
	}
	if (lock_first(store, err) != 0)
		goto fail;
	store->users_fd = pt_store_lock_file(dir, "users.lock", err);
	if (store->users_fd >= 0) {
		(void)flock(store->users_fd, LOCK_SH);
		rc = open_envs(store, err);
	}
	if (rc != 0)
		close_envs(store);
	pt_store_unlock(store->lock_fd);
	if (rc != 0 || upgrade(store, err) != 0)
		goto fail;
	*store_out = store;
	return 0;
fail:
	pt_store_close(store);
	return -1;
}

void
pt_store_close(struct pt_store *store)
{
	struct pt_err err;

	if (store == NULL)
		return;
	if (store->accounts.env != NULL || store->activity.env != NULL)
		(void)pt_store_lock(store->lock_fd, &err);
	close_envs(store);
	if (store->lock_fd >= 0) {
		/* A child that was forked meanwhile may hold it open. */
		pt_store_unlock(store->lock_fd);
		(void)close(store->lock_fd);
	}
	if (store->users_fd >= 0)
		(void)close(store->users_fd);
	destroy_mutexes(&store->accounts);
	destroy_mutexes(&store->activity);
	sodium_memzero(store->hash_key, sizeof(store->hash_key));
	sodium_memzero(store->token_key, sizeof(store->token_key));
	free(store);
}

const char *
pt_store_set_aside(const struct pt_store *store)
{
	return store->set_aside[0] == '\0' ? NULL : store->set_aside;
}

int
pt_store_reopen(
    struct pt_store *store, struct store_env *env, struct pt_err *err)
{
	int rc;

	if (env->is_final)
		return pt_store_error(env, MDB_PANIC, "open", err);
	(void)pthread_mutex_lock(&env->map_mutex);
	rc = pt_store_lock(store->lock_fd, err);
	if (rc == 0) {
		pt_store_env_close(env);
		rc = pt_store_env_open(env, false, err);
		pt_store_unlock(store->lock_fd);
	}
	(void)pthread_mutex_unlock(&env->map_mutex);
	return rc;
}

const unsigned char *
pt_store_token_key(const struct pt_store *store)
{
	return store->token_key;
}
