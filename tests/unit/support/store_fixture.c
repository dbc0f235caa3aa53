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
	struct pt_login login = test_login(name);
	uint64_t total;
	struct pt_update update = {
	    .login = &login,
	    .usage = true,
	    .fn = store_fixture_use,
	    .arg = &total,
	};
	struct pt_err err;

	if (pt_store_update(store, PT_UPDATE_ACTIVITY, &update, 1, &err) != 0 ||
	    update.failed != PT_ERR_NONE)
		fail_msg("update: %s", err.text);
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
	struct pt_login login = test_login(name);
	uint64_t total;
	struct pt_update update = {
	    .login = &login,
	    .evidence = true,
	    .fn = store_fixture_bounce,
	    .arg = &total,
	};
	struct pt_err err;

	if (pt_store_update(store, PT_UPDATE_ACTIVITY, &update, 1, &err) != 0 ||
	    update.failed != PT_ERR_NONE)
		fail_msg("update: %s", err.text);
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
