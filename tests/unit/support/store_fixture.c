/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/store_fixture.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "core/state/store_private.h"

struct pt_store *
store_fixture_open(const struct store_fixture *f, enum pt_store_mode mode)
{
	struct pt_store *store;
	struct pt_err err;

	if (pt_store_open(f->state, mode, &store, &err) != 0)
		fail_msg("open: %s", err.text);
	return store;
}

struct pt_store *
store_fixture_reopen(struct store_fixture *f, enum pt_store_mode mode)
{
	pt_store_close(f->store);
	f->store = NULL;
	f->store = store_fixture_open(f, mode);
	return f->store;
}

void
store_fixture_begin(const struct store_fixture *f, int64_t at)
{
	struct store_env *envs[] = {&f->store->accounts, &f->store->activity};
	MDB_txn *txn;

	for (size_t i = 0; i < PT_ARRAY_LEN(envs); i++) {
		assert_int_equal(mdb_txn_begin(envs[i]->env, NULL, 0, &txn), 0);
		assert_int_equal(pt_store_meta_put_begun(txn, envs[i], at), 0);
		assert_int_equal(mdb_txn_commit(txn), 0);
	}
}

int
store_fixture_set_up(void **state)
{
	struct store_fixture *f = calloc(1, sizeof(*f));
	struct pt_err err;

	assert_non_null(f);
	test_make_dir(f->dir, sizeof(f->dir));
	(void)snprintf(f->state, sizeof(f->state), "%s/state", f->dir);
	if (pt_store_create(f->state, &err) != 0)
		fail_msg("create: %s", err.text);
	f->store = store_fixture_open(f, PT_STORE_WRITE);
	*state = f;
	return 0;
}

int
store_fixture_tear_down(void **state)
{
	struct store_fixture *f = *state;

	pt_store_close(f->store);
	test_remove_dir(f->dir);
	free(f);
	return 0;
}

struct pt_store *
store_fixture_backup(const struct store_fixture *f)
{
	struct pt_store *copy = NULL;
	struct pt_err err;
	char dir[320];

	(void)snprintf(dir, sizeof(dir), "%s/backup", f->dir);
	if (pt_store_backup(f->store, dir, &err) != 0 ||
	    pt_store_open(dir, PT_STORE_KEEP, &copy, &err) != 0)
		fail_msg("backup: %s", err.text);
	return copy;
}

uint64_t
store_fixture_version(struct pt_store *store)
{
	uint64_t version = 0;
	struct pt_err err;

	if (pt_store_accounts_version(store, &version, &err) != 0)
		fail_msg("version: %s", err.text);
	return version;
}

int
store_fixture_update(struct pt_store *store, enum pt_update_scope scope,
    const char *name, struct pt_update update)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	update.login = &login;
	if (pt_store_update(store, scope, &update, 1, &err) != 0)
		fail_msg("update: %s", err.text);
	return update.failed == PT_ERR_NONE ? 0 : -1;
}

void
store_fixture_delete(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account_deleted = true;
	records->activity_deleted = true;
	records->usage_deleted = true;
	records->evidence_deleted = true;
}

void
store_fixture_delete_for(struct pt_store *store, const char *name)
{
	struct pt_update update = {
	    .usage = true, .evidence = true, .fn = store_fixture_delete};

	assert_int_equal(
	    store_fixture_update(store, PT_UPDATE_ACCOUNT, name, update), 0);
}

struct pt_store_usage
store_fixture_usage(struct pt_store *store)
{
	struct pt_store_usage usage = {0};
	struct pt_err err;

	if (pt_store_usage(store, &usage, &err) != 0)
		fail_msg("usage: %s", err.text);
	return usage;
}

void
store_fixture_collide(struct store_fixture *f,
    void (*count_for)(struct pt_store *store, const char *name),
    uint64_t (*counted)(struct pt_store *store, const char *name))
{
	char name[32];

	f->store->key_mask = 0;
	for (unsigned round = 1; round <= 3; round++) {
		for (int i = 0; i < 10; i++) {
			(void)snprintf(
			    name, sizeof(name), "u%d@example.com", i);
			count_for(f->store, name);
			assert_int_equal(counted(f->store, name), round);
		}
	}
}

/* Adds one to the messages that the account ever sent. */
void
store_fixture_count(struct pt_records *records, void *arg)
{
	uint64_t *total = arg;

	records->activity->total[PT_COUNT_MESSAGES]++;
	records->activity_changed = true;
	*total = records->activity->total[PT_COUNT_MESSAGES];
}

uint64_t
store_fixture_total(struct pt_store *store, const struct pt_login *login)
{
	static struct pt_account account;
	static struct pt_activity activity;
	struct pt_err err;

	if (pt_store_read(store, login, &account, &activity, NULL, &err) != 0)
		fail_msg("read: %s", err.text);
	return activity.exists ? activity.total[PT_COUNT_MESSAGES] : 0;
}

void
store_fixture_count_for(struct pt_store *store, const char *name)
{
	struct pt_login login = test_login(name);
	uint64_t total;
	struct pt_err err;

	if (pt_store_update_one(store, PT_UPDATE_ACTIVITY, &login,
		store_fixture_count, &total, &err) != 0)
		fail_msg("update: %s", err.text);
}

void
store_fixture_use(struct pt_records *records, void *arg)
{
	uint64_t *total = arg;

	assert_non_null(records->usage);
	records->usage->logins_total++;
	records->usage_changed = true;
	*total = records->usage->logins_total;
}

void
store_fixture_use_for(struct pt_store *store, const char *name)
{
	uint64_t total;
	struct pt_update update = {
	    .usage = true, .fn = store_fixture_use, .arg = &total};

	assert_int_equal(
	    store_fixture_update(store, PT_UPDATE_ACTIVITY, name, update), 0);
}

uint64_t
store_fixture_logins(struct pt_store *store, const char *name)
{
	static struct pt_account account;
	static struct pt_usage usage;
	struct pt_login login = test_login(name);
	struct pt_err err;

	memset(&usage, 0xee, sizeof(usage));
	if (pt_store_read(store, &login, &account, NULL, &usage, &err) != 0)
		fail_msg("read: %s", err.text);
	assert_true(pt_login_equal(&usage.login, &login));
	if (!usage.exists)
		assert_int_equal(usage.logins_total, 0);
	return usage.logins_total;
}

void
store_fixture_bounce(struct pt_records *records, void *arg)
{
	uint64_t *total = arg;

	assert_non_null(records->evidence);
	records->evidence->bounces_total++;
	records->evidence_changed = true;
	*total = records->evidence->bounces_total;
}

void
store_fixture_bounce_for(struct pt_store *store, const char *name)
{
	uint64_t total;
	struct pt_update update = {
	    .evidence = true, .fn = store_fixture_bounce, .arg = &total};

	assert_int_equal(
	    store_fixture_update(store, PT_UPDATE_ACTIVITY, name, update), 0);
}

uint64_t
store_fixture_bounces(struct pt_store *store, const char *name)
{
	static struct pt_evidence evidence;
	struct pt_login login = test_login(name);
	struct pt_err err;

	memset(&evidence, 0xee, sizeof(evidence));
	if (pt_store_read_evidence(store, &login, &evidence, &err) != 0)
		fail_msg("read: %s", err.text);
	assert_true(pt_login_equal(&evidence.login, &login));
	if (!evidence.exists)
		assert_int_equal(evidence.bounces_total, 0);
	return evidence.bounces_total;
}
