/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* States that an older or a later Postern made. */

#define _DEFAULT_SOURCE /* flock() */

#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

static bool
see_none(const struct pt_usage *usage, const struct pt_err *err, void *arg)
{
	(void)usage;
	(void)err;
	(void)arg;
	fail_msg("there is a usage record");
	return false;
}

/* Makes the state one of a Postern that did not know that database. */
static void
make_old_in(struct store_fixture *f, struct store_env *env, enum store_db db)
{
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_drop(txn, env->db[db], 1), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	pt_store_close(f->store);
	f->store = NULL;
}

static void
make_old(struct store_fixture *f, enum store_db db)
{
	make_old_in(f, &f->store->activity, db);
}

static void
a_state_without_usage_is_read_as_it_is(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store_usage usage;
	struct pt_err err;

	make_old(f, STORE_USAGE);
	f->store = store_fixture_open(f, PT_STORE_READ);
	assert_int_equal(store_fixture_logins(f->store, "ann"), 0);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.usages, 0);
	assert_int_equal(
	    pt_store_each_usage(f->store, see_none, NULL, &err), 0);
}

static void
a_state_without_usage_gets_it_from_who_writes(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_WRITE, PT_STORE_ACTIVITY, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	struct pt_login login = test_login("bob@example.com");

	store_fixture_count_for(f->store, "bob");
	for (size_t i = 0; i < 3; i++) {
		make_old(f, STORE_USAGE);
		f->store = store_fixture_open(f, modes[i]);
		assert_null(pt_store_set_aside(f->store));
		store_fixture_use_for(f->store, "ann");
		assert_int_equal(store_fixture_logins(f->store, "ann"), 1);
		assert_int_equal(store_fixture_total(f->store, &login), 1);
	}
}

static void
a_state_without_evidence_is_read_as_it_is(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store_usage usage;
	struct pt_err err;

	make_old(f, STORE_EVIDENCE);
	f->store = store_fixture_open(f, PT_STORE_READ);
	assert_int_equal(store_fixture_bounces(f->store, "ann"), 0);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.evidences, 0);
}

static void
a_state_without_evidence_gets_it_from_who_writes(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_WRITE, PT_STORE_ACTIVITY, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	struct pt_login login = test_login("bob@example.com");

	store_fixture_count_for(f->store, "bob");
	store_fixture_use_for(f->store, "bob");
	for (size_t i = 0; i < 3; i++) {
		make_old(f, STORE_EVIDENCE);
		f->store = store_fixture_open(f, modes[i]);
		assert_null(pt_store_set_aside(f->store));
		store_fixture_bounce_for(f->store, "ann");
		assert_int_equal(store_fixture_bounces(f->store, "ann"), 1);
		assert_int_equal(store_fixture_logins(f->store, "bob"), 1);
		assert_int_equal(store_fixture_total(f->store, &login), 1);
	}
}

static bool
see_no_hour(const struct pt_hour *hour, void *arg)
{
	(void)hour;
	(void)arg;
	fail_msg("there is an hour");
	return false;
}

static bool
see_no_notice(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	(void)entry;
	(void)err;
	(void)arg;
	fail_msg("there is a notice");
	return false;
}

static void
a_state_without_signals_and_the_like_is_read_as_it_is(void **state)
{
	static struct pt_signals signals;
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct pt_store_usage usage;
	struct pt_err err;

	make_old(f, STORE_SIGNALS);
	f->store = store_fixture_open(f, PT_STORE_READ);
	assert_int_equal(
	    pt_store_read_signals(f->store, &login, &signals, &err), 0);
	assert_false(signals.exists);
	pt_store_close(f->store);
	f->store = store_fixture_open(f, PT_STORE_WRITE);
	make_old(f, STORE_HOURS);
	f->store = store_fixture_open(f, PT_STORE_READ);
	assert_int_equal(
	    pt_store_each_hour(f->store, 0, see_no_hour, NULL, &err), 0);
	pt_store_close(f->store);
	f->store = store_fixture_open(f, PT_STORE_WRITE);
	make_old_in(f, &f->store->accounts, STORE_OUTBOX);
	/* Dovecot's auth process writes to activity/ alone. */
	f->store = store_fixture_open(f, PT_STORE_ACTIVITY);
	assert_int_equal(
	    pt_store_each_outbox(f->store, see_no_notice, NULL, &err), 0);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.signals, 0);
	assert_int_equal(usage.outbox, 0);
	store_fixture_count_for(f->store, "ann");
}

static void
leave_all(struct pt_records *records, void *arg)
{
	(void)arg;
	records->trail.notice.kind = PT_NOTICE_ENABLED;
	records->signals->client_count = 1;
	records->signals->clients[0] = (struct pt_client){1, TEST_NOW};
	records->signals_changed = true;
}

static void
a_state_without_signals_and_the_like_gets_them_from_who_writes(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_WRITE, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct pt_counters counters = {0};
	struct pt_update update = {
	    .login = &login, .signals = true, .fn = leave_all};
	struct pt_store_usage usage;
	struct pt_err err;

	for (size_t i = 0; i < 2; i++) {
		static const enum store_db later[] = {
		    STORE_SIGNALS, STORE_HOURS};

		for (size_t j = 0; j < 2; j++) {
			make_old(f, later[j]);
			f->store = store_fixture_open(f, modes[i]);
		}
		make_old_in(f, &f->store->accounts, STORE_OUTBOX);
		f->store = store_fixture_open(f, modes[i]);
		assert_null(pt_store_set_aside(f->store));
		assert_int_equal(pt_store_update(f->store, PT_UPDATE_ACCOUNT,
				     &update, 1, &err),
		    0);
		assert_int_equal(update.failed, PT_ERR_NONE);
		counters.permitted++;
		assert_int_equal(pt_store_put_counters(f->store, "policyd",
				     &counters, TEST_NOW, &err),
		    0);
		assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
		assert_int_equal(usage.signals, 1);
		assert_int_equal(usage.outbox, 1);
	}
}

/* What an older Postern made is all made by a second "init", too. */
static void
making_a_state_again_makes_what_it_lacks(void **state)
{
	struct store_fixture *f = *state;
	struct pt_err err;

	make_old_in(f, &f->store->accounts, STORE_OUTBOX);
	assert_int_equal(pt_store_create(f->state, &err), 0);
	f->store = store_fixture_open(f, PT_STORE_READ);
	assert_false(pt_store_env_lacks(&f->store->accounts, STORE_OUTBOX));
}

/*
 * Who adds a database waits for who writes at the moment, and he may wait for
 * open.lock, to follow a map that has grown.
 */
static void
who_adds_a_database_keeps_nobody_from_the_lock(void **state)
{
	struct store_fixture *f = *state;
	struct store_env *env;
	struct pt_err err;
	MDB_txn *txn;
	pid_t child;
	int status;

	env = &f->store->accounts;
	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_drop(txn, env->db[STORE_OUTBOX], 1), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(flock(f->store->users_fd, LOCK_UN), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct pt_store *store;

		if (pt_store_open(f->state, PT_STORE_WRITE, &store, &err) != 0)
			_exit(1);
		pt_store_close(store);
		_exit(0);
	}
	/* It holds both locks when it is seen to hold this one. */
	while (flock(f->store->users_fd, LOCK_EX | LOCK_NB) == 0)
		assert_int_equal(flock(f->store->users_fd, LOCK_UN), 0);
	(void)alarm(60);
	assert_int_equal(pt_store_lock(f->store->lock_fd, &err), 0);
	pt_store_unlock(f->store->lock_fd);
	(void)alarm(0);
	mdb_txn_abort(txn);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
mark(struct pt_records *records, void *arg)
{
	bool is_block = *(const bool *)arg;
	struct pt_activity *activity = records->activity;

	activity->block.reason = is_block ? PT_BLOCK_CRACKED : PT_BLOCK_NONE;
	activity->notice.kind = is_block ? PT_NOTICE_NONE : PT_NOTICE_PENALTY;
	records->activity_changed = true;
}

static bool
note(const struct pt_login *login, void *arg)
{
	assert_string_equal(login->text, "ann@example.com");
	(*(unsigned *)arg)++;
	return true;
}

static unsigned
count_pending(struct store_fixture *f)
{
	unsigned count = 0;
	struct pt_err err;

	assert_int_equal(
	    pt_store_each_pending(f->store, NULL, note, &count, &err), 0);
	return count;
}

static void
a_state_without_a_list_of_what_is_pending_gets_it_whole(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_WRITE, PT_STORE_ACTIVITY, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct pt_err err;

	store_fixture_count_for(f->store, "bob");
	for (size_t i = 0; i < 6; i++) {
		bool is_block = i < 3;

		assert_int_equal(
		    pt_store_update_one(f->store, PT_UPDATE_ACTIVITY, &login,
			mark, &is_block, &err),
		    0);
		make_old(f, STORE_PENDING);
		f->store = store_fixture_open(f, PT_STORE_READ);
		assert_int_equal(count_pending(f), 0);
		pt_store_close(f->store);
		f->store = store_fixture_open(f, modes[i % 3]);
		assert_null(pt_store_set_aside(f->store));
		assert_int_equal(count_pending(f), 1);
	}
}

/* A database that only a later Postern knows is no damage. */
static void
a_database_that_is_not_known_is_left_alone(void **state)
{
	struct store_fixture *f = *state;
	MDB_txn *txn;
	MDB_dbi db;
	MDB_env *env;
	char path[400];

	pt_store_close(f->store);
	(void)snprintf(path, sizeof(path), "%s/activity", f->state);
	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 1), 0);
	assert_int_equal(mdb_env_set_mapsize(env, (size_t)16 << 20), 0);
	assert_int_equal(mdb_env_open(env, path, MDB_NOTLS, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, "later", MDB_CREATE, &db), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	assert_null(pt_store_set_aside(f->store));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_state_without_usage_is_read_as_it_is),
	    STORE_TEST(a_state_without_usage_gets_it_from_who_writes),
	    STORE_TEST(a_state_without_evidence_is_read_as_it_is),
	    STORE_TEST(a_state_without_evidence_gets_it_from_who_writes),
	    STORE_TEST(a_state_without_a_list_of_what_is_pending_gets_it_whole),
	    STORE_TEST(a_state_without_signals_and_the_like_is_read_as_it_is),
	    STORE_TEST(
		a_state_without_signals_and_the_like_gets_them_from_who_writes),
	    STORE_TEST(making_a_state_again_makes_what_it_lacks),
	    STORE_TEST(who_adds_a_database_keeps_nobody_from_the_lock),
	    STORE_TEST(a_database_that_is_not_known_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
