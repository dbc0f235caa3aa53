/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#define _DEFAULT_SOURCE

#include "core/state/store.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/state/store_private.h"
#include "tests/unit/support/testing.h"

struct fixture {
	char dir[256];
	char state[300];
	struct pt_store *store;
};

static struct pt_store *
open_store(const struct fixture *f, enum pt_store_mode mode)
{
	struct pt_store *store;
	struct pt_err err;

	if (pt_store_open(f->state, mode, &store, &err) != 0)
		fail_msg("open: %s", err.text);
	return store;
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct pt_err err;

	assert_non_null(f);
	test_make_dir(f->dir, sizeof(f->dir));
	(void)snprintf(f->state, sizeof(f->state), "%s/state", f->dir);
	if (pt_store_create(f->state, &err) != 0)
		fail_msg("create: %s", err.text);
	f->store = open_store(f, PT_STORE_WRITE);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	pt_store_close(f->store);
	test_remove_dir(f->dir);
	free(f);
	return 0;
}

/* Adds one to the messages that the account ever sent. */
static void
count_one(struct pt_records *records, void *arg)
{
	uint64_t *total = arg;

	records->activity->total[PT_COUNT_MESSAGES]++;
	records->activity_changed = true;
	*total = records->activity->total[PT_COUNT_MESSAGES];
}

static void
lock_account(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->lock.at = TEST_NOW;
	records->account->created_at = TEST_NOW;
	records->account_changed = true;
	records->note.at = TEST_NOW;
	(void)snprintf(records->note.who, sizeof(records->note.who), "test");
	(void)snprintf(records->note.what, sizeof(records->note.what), "lock");
}

static void
change_nothing(struct pt_records *records, void *arg)
{
	(void)records;
	(void)arg;
}

static void
delete_both(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account_deleted = true;
	records->activity_deleted = true;
}

static uint64_t
total_of(struct pt_store *store, const struct pt_login *login)
{
	static struct pt_account account;
	static struct pt_activity activity;
	struct pt_err err;

	if (pt_store_read(store, login, &account, &activity, &err) != 0)
		fail_msg("read: %s", err.text);
	return activity.exists ? activity.total[PT_COUNT_MESSAGES] : 0;
}

static void
count_for(struct pt_store *store, const char *name)
{
	struct pt_login login = test_login(name);
	uint64_t total;
	struct pt_err err;

	if (pt_store_update_one(store, PT_UPDATE_ACTIVITY, &login, count_one,
		&total, &err) != 0)
		fail_msg("update: %s", err.text);
}

static void
test_update_of_unknown_login_starts_from_empty_records(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	uint64_t total = 0;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, count_one, &total, &err),
	    0);
	assert_int_equal(total, 1);
	assert_int_equal(total_of(f->store, &login), 1);
}

static void
test_batch_runs_several_of_one_login_in_order(void **state)
{
	struct fixture *f = *state;
	struct pt_update updates[PT_BATCH_MAX] = {0};
	struct pt_login alice = test_login("alice@example.com");
	struct pt_login bob = test_login("bob@example.com");
	uint64_t totals[PT_BATCH_MAX];
	struct pt_err err;
	size_t i;

	for (i = 0; i < PT_BATCH_MAX; i++) {
		updates[i].login = i % 3 == 0 ? &alice : &bob;
		updates[i].fn = count_one;
		updates[i].arg = &totals[i];
	}
	assert_int_equal(pt_store_update(f->store, PT_UPDATE_ACTIVITY, updates,
			     PT_BATCH_MAX, &err),
	    0);
	for (i = 0; i < PT_BATCH_MAX; i++)
		assert_int_equal(totals[i], i % 3 == 0 ? i / 3 + 1 : i - i / 3);
}

static void
test_activity_update_cannot_change_an_account(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	struct pt_account account;
	struct pt_activity activity;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, lock_account, NULL, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
	assert_int_equal(
	    pt_store_read(f->store, &login, &account, &activity, &err), 0);
	assert_int_equal(account.lock.at, 0);
}

static bool
count_history(const struct pt_history *entry, void *arg)
{
	unsigned *n = arg;

	assert_string_equal(entry->note.what, "lock");
	assert_string_equal(entry->note.who, "test");
	(*n)++;
	return true;
}

static void
test_account_change_stands_with_its_history(void **state)
{
	struct fixture *f = *state;
	struct pt_login alice = test_login("alice@example.com");
	struct pt_login other = test_login("alic@example.com");
	struct pt_account account;
	struct pt_activity activity;
	struct pt_err err;
	unsigned n = 0;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &alice, lock_account, NULL, &err),
	    0);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &other, lock_account, NULL, &err),
	    0);
	pt_store_close(f->store);
	f->store = open_store(f, PT_STORE_READ);
	assert_int_equal(
	    pt_store_read(f->store, &alice, &account, &activity, &err), 0);
	assert_true(account.exists);
	assert_int_equal(account.lock.at, TEST_NOW);
	assert_int_equal(
	    pt_store_each_history(f->store, &alice, count_history, &n, &err),
	    0);
	assert_int_equal(n, 1);
	assert_int_equal(
	    pt_store_each_history(f->store, NULL, count_history, &n, &err), 0);
	assert_int_equal(n, 3);
}

static void
lock_with_a_forged_note(struct pt_records *records, void *arg)
{
	lock_account(records, arg);
	(void)snprintf(
	    records->note.detail, sizeof(records->note.detail), "two\nlines");
}

static void
test_text_that_cannot_be_stored_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	struct pt_account account;
	struct pt_activity activity;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, lock_with_a_forged_note, NULL, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_INPUT);
	assert_int_equal(
	    pt_store_read(f->store, &login, &account, &activity, &err), 0);
	assert_false(account.exists);
}

static void
test_delete_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	struct pt_store_usage usage;
	struct pt_err err;

	count_for(f->store, "alice@example.com");
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, lock_account, NULL, &err),
	    0);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, delete_both, NULL, &err),
	    0);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.accounts, 0);
	assert_int_equal(usage.activities, 0);
}

static void
test_logins_with_one_key_are_kept_apart(void **state)
{
	struct fixture *f = *state;
	struct pt_login login;
	char name[32];
	struct pt_err err;
	int i;
	int round;

	f->store->key_mask = 0; /* every login hashes to 0 */
	for (round = 1; round <= 3; round++) {
		for (i = 0; i < 10; i++) {
			(void)snprintf(
			    name, sizeof(name), "u%d@example.com", i);
			count_for(f->store, name);
			login = test_login(name);
			assert_int_equal(total_of(f->store, &login), round);
		}
	}
	/* Deleting one in the middle must not hide those behind it. */
	login = test_login("u4@example.com");
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, delete_both, NULL, &err),
	    0);
	assert_int_equal(total_of(f->store, &login), 0);
	login = test_login("u9@example.com");
	assert_int_equal(total_of(f->store, &login), 3);
}

static void
damage_record(struct fixture *f, const struct pt_login *login)
{
	struct store_env *env = &f->store->activity;
	unsigned char key[STORE_KEY_LEN];
	MDB_val k = {sizeof(key), key};
	MDB_val data = {3, (void *)(uintptr_t) "\x01\xff\xff"};
	MDB_txn *txn;

	store_key_bytes(store_key(f->store, login), key);
	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_put(txn, env->db[STORE_RECORDS], &k, &data, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static void
test_damaged_record_fails_alone(void **state)
{
	struct fixture *f = *state;
	struct pt_login alice = test_login("alice@example.com");
	struct pt_login bob = test_login("bob@example.com");
	uint64_t totals[2] = {0, 0};
	struct pt_update updates[2] = {
	    {.login = &alice, .fn = count_one, .arg = &totals[0]},
	    {.login = &bob, .fn = count_one, .arg = &totals[1]},
	};
	struct pt_err err;

	damage_record(f, &alice);
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, updates, 2, &err), 0);
	assert_int_not_equal(updates[0].failed, PT_ERR_NONE);
	assert_int_equal(totals[0], 0);
	assert_int_equal(updates[1].failed, PT_ERR_NONE);
	assert_int_equal(totals[1], 1);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &alice, count_one, &totals[0], &err),
	    -1);
	assert_non_null(strstr(err.text, "alice@example.com"));
}

static void
test_damaged_record_is_replaced_only_when_told(void **state)
{
	struct fixture *f = *state;
	struct pt_login alice = test_login("alice@example.com");
	uint64_t total = 0;
	struct pt_update update = {
	    .login = &alice, .fn = count_one, .arg = &total};
	struct pt_err err;

	damage_record(f, &alice);
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	assert_int_equal(update.failed, PT_ERR_DAMAGED);
	update.replace_damaged = PT_REPLACE_ACTIVITY;
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	assert_int_equal(update.failed, PT_ERR_NONE);
	assert_int_equal(total, 1);
	assert_int_equal(total_of(f->store, &alice), 1);
}

/* A store with a map of a few pages, to see it grow. */
static void
shrink_map(struct pt_store *store)
{
	assert_int_equal(
	    mdb_env_set_mapsize(store->activity.env, (size_t)64 << 10), 0);
}

static void
test_full_map_grows_and_loses_nothing(void **state)
{
	struct fixture *f = *state;
	struct pt_login login;
	struct pt_store_usage usage;
	char name[32];
	struct pt_err err;
	int i;

	shrink_map(f->store);
	for (i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "user%d@example.com", i);
		count_for(f->store, name);
	}
	for (i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "user%d@example.com", i);
		login = test_login(name);
		assert_int_equal(total_of(f->store, &login), 1);
	}
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_true(usage.activity_map > (uint64_t)64 << 10);
}

static int
run_child(struct fixture *f, void (*body)(struct pt_store *))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct pt_store *store;
		struct pt_err err;

		if (pt_store_open(f->state, PT_STORE_WRITE, &store, &err) != 0)
			_exit(99);
		body(store);
		pt_store_close(store);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
write_much(struct pt_store *store)
{
	char name[32];
	int i;

	for (i = 0; i < 3000; i++) {
		(void)snprintf(name, sizeof(name), "child%d@example.com", i);
		count_for(store, name);
	}
}

static void
test_map_grown_by_another_process_is_adopted(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("child2999@example.com");

	count_for(f->store, "alice@example.com");
	shrink_map(f->store);
	assert_int_equal(run_child(f, write_much), 0);
	assert_int_equal(total_of(f->store, &login), 1);
	count_for(f->store, "child2999@example.com");
	assert_int_equal(total_of(f->store, &login), 2);
}

static void
write_and_die(struct pt_store *store)
{
	count_for(store, "alice@example.com");
	(void)kill(getpid(), SIGKILL);
}

static void
test_commit_survives_sigkill(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	int status;
	int i;

	for (i = 1; i <= 20; i++) {
		status = run_child(f, write_and_die);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(total_of(f->store, &login), i);
		count_for(f->store, "bob@example.com");
	}
}

static void
read_slots_and_die(struct pt_store *store)
{
	MDB_txn *txn;
	int i;

	for (i = 0; i < 300; i++)
		(void)mdb_txn_begin(
		    store->activity.env, NULL, MDB_RDONLY, &txn);
	(void)kill(getpid(), SIGKILL);
}

static void
test_slots_of_dead_readers_are_freed(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");

	(void)run_child(f, read_slots_and_die);
	(void)run_child(f, read_slots_and_die);
	count_for(f->store, "alice@example.com");
	assert_int_equal(total_of(f->store, &login), 1);
}

/* Takes every reader's slot of accounts/, says so, and waits to be ended. */
static void
take_all_slots(const struct fixture *f, int say, int wait)
{
	struct pt_store *store;
	struct pt_err err;
	MDB_txn *txn;
	char byte = 'x';

	if (pt_store_open(f->state, PT_STORE_WRITE, &store, &err) != 0)
		_exit(1);
	while (mdb_txn_begin(store->accounts.env, NULL, MDB_RDONLY, &txn) == 0)
		;
	if (write(say, &byte, 1) != 1 || read(wait, &byte, 1) != 0)
		_exit(1);
	_exit(0);
}

static void
test_daemon_goes_on_when_others_took_all_reader_slots(void **state)
{
	struct fixture *f = *state;
	int full[2];
	int end[2];
	char byte;
	pid_t child;
	int status;

	pt_store_close(f->store);
	f->store = open_store(f, PT_STORE_KEEP);
	assert_int_equal(pipe(full), 0);
	assert_int_equal(pipe(end), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(end[1]);
		take_all_slots(f, full[1], end[0]);
	}
	assert_int_equal(read(full[0], &byte, 1), 1);
	count_for(f->store, "alice@example.com");
	assert_int_equal(close(end[1]), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(close(end[0]) | close(full[0]) | close(full[1]), 0);
}

static void
test_use_across_fork_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	struct pt_err err;
	pid_t child;
	int status;

	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY, &login,
			  change_nothing, NULL, &err) == -1 &&
			      err.kind == PT_ERR_INTERNAL
			  ? 0
			  : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
test_open_without_state_names_the_remedy(void **state)
{
	struct fixture *f = *state;
	struct pt_store *store;
	struct pt_err err;
	char dir[320];

	(void)snprintf(dir, sizeof(dir), "%s/none", f->dir);
	assert_int_equal(pt_store_open(dir, PT_STORE_WRITE, &store, &err), -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	assert_non_null(strstr(err.text, "posternctl init"));
}

static void
write_file(const char *path, off_t at, size_t len)
{
	char noise[4096];
	int fd = open(path, O_WRONLY);
	size_t n;

	assert_true(fd >= 0);
	memset(noise, 0x5a, sizeof(noise));
	assert_true(lseek(fd, at, SEEK_SET) == at);
	for (; len > 0; len -= n) {
		n = len < sizeof(noise) ? len : sizeof(noise);
		assert_int_equal(write(fd, noise, n), n);
	}
	assert_int_equal(close(fd), 0);
}

static void
fill_and_close(struct fixture *f)
{
	char name[32];
	int i;

	for (i = 0; i < 2000; i++) {
		(void)snprintf(name, sizeof(name), "user%d@example.com", i);
		count_for(f->store, name);
	}
	pt_store_close(f->store);
	f->store = NULL;
}

static void
damage_and_reopen(struct fixture *f, off_t at, size_t len)
{
	struct pt_login login = test_login("user1@example.com");
	char path[400];

	fill_and_close(f);
	(void)snprintf(path, sizeof(path), "%s/activity/data.mdb", f->state);
	write_file(path, at, len);
	f->store = open_store(f, PT_STORE_KEEP);
	assert_non_null(pt_store_set_aside(f->store));
	assert_int_equal(access(pt_store_set_aside(f->store), F_OK), 0);
	assert_int_equal(total_of(f->store, &login), 0);
	count_for(f->store, "user1@example.com");
	assert_int_equal(total_of(f->store, &login), 1);
}

static void
test_damaged_activity_is_set_aside_and_started_empty(void **state)
{
	/* both meta pages */
	damage_and_reopen(*state, 0, 8192);
}

static void
test_overwritten_activity_pages_are_noticed_when_opening(void **state)
{
	/* everything behind the meta pages */
	damage_and_reopen(*state, 8192, (size_t)100 << 10);
}

static void
test_truncated_activity_is_noticed_when_opening(void **state)
{
	struct fixture *f = *state;
	char path[400];

	fill_and_close(f);
	(void)snprintf(path, sizeof(path), "%s/activity/data.mdb", f->state);
	assert_int_equal(truncate(path, 3 * 4096), 0);
	f->store = open_store(f, PT_STORE_KEEP);
	assert_non_null(pt_store_set_aside(f->store));
}

static void
test_sound_activity_is_kept_when_opening(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("user1@example.com");

	fill_and_close(f);
	f->store = open_store(f, PT_STORE_KEEP);
	assert_null(pt_store_set_aside(f->store));
	assert_int_equal(total_of(f->store, &login), 1);
}

static void
test_damaged_activity_in_use_is_not_set_aside(void **state)
{
	struct fixture *f = *state;
	struct pt_store *other;
	struct pt_err err;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/activity/data.mdb", f->state);
	write_file(path, 0, 8192);
	assert_int_equal(
	    pt_store_open(f->state, PT_STORE_KEEP, &other, &err), -1);
	assert_int_equal(err.kind, PT_ERR_DAMAGED);
	assert_non_null(strstr(err.text, "in use"));
}

static void
test_damaged_accounts_are_never_replaced(void **state)
{
	struct fixture *f = *state;
	struct pt_store *store;
	struct pt_err err;
	char path[400];

	fill_and_close(f);
	(void)snprintf(path, sizeof(path), "%s/accounts/data.mdb", f->state);
	write_file(path, 0, 8192);
	assert_int_equal(
	    pt_store_open(f->state, PT_STORE_KEEP, &store, &err), -1);
	assert_int_equal(err.kind, PT_ERR_DAMAGED);
	assert_non_null(strstr(err.text, "restore a backup"));
}

static void
test_state_of_a_later_version_is_refused(void **state)
{
	struct fixture *f = *state;
	struct store_env *env = &f->store->accounts;
	MDB_val key = {6, (void *)(uintptr_t) "schema"};
	MDB_val data = {4, (void *)(uintptr_t) "\x02\0\0\0"};
	struct pt_store *store;
	struct pt_err err;
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_put(txn, env->db[STORE_META], &key, &data, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	pt_store_close(f->store);
	f->store = NULL;
	assert_int_equal(
	    pt_store_open(f->state, PT_STORE_WRITE, &store, &err), -1);
	assert_int_equal(err.kind, PT_ERR_NEWER);
}

static void
test_backup_is_a_state_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	struct pt_store *copy;
	struct pt_err err;
	char dir[320];

	count_for(f->store, "alice@example.com");
	(void)snprintf(dir, sizeof(dir), "%s/backup", f->dir);
	assert_int_equal(pt_store_backup(f->store, dir, &err), 0);
	count_for(f->store, "alice@example.com");
	assert_int_equal(pt_store_open(dir, PT_STORE_WRITE, &copy, &err), 0);
	assert_int_equal(total_of(copy, &login), 1);
	pt_store_close(copy);
	/* A second one into the same place would mix two moments. */
	assert_int_equal(pt_store_backup(f->store, dir, &err), -1);
}

static void
test_counters_come_back(void **state)
{
	struct fixture *f = *state;
	struct pt_counters counters;
	struct pt_counters again;
	struct pt_err err;

	assert_int_equal(
	    pt_store_get_counters(f->store, "policyd", &counters, &err), 0);
	assert_int_equal(counters.requests, 0);
	counters.requests = 17;
	counters.refused[2] = UINT64_MAX;
	assert_int_equal(
	    pt_store_put_counters(f->store, "policyd", &counters, &err), 0);
	assert_int_equal(
	    pt_store_get_counters(f->store, "policyd", &again, &err), 0);
	assert_memory_equal(&again, &counters, sizeof(again));
}

#define STORE_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(test_update_of_unknown_login_starts_from_empty_records),
	    STORE_TEST(test_batch_runs_several_of_one_login_in_order),
	    STORE_TEST(test_activity_update_cannot_change_an_account),
	    STORE_TEST(test_account_change_stands_with_its_history),
	    STORE_TEST(test_text_that_cannot_be_stored_changes_nothing),
	    STORE_TEST(test_delete_leaves_nothing),
	    STORE_TEST(test_logins_with_one_key_are_kept_apart),
	    STORE_TEST(test_damaged_record_fails_alone),
	    STORE_TEST(test_damaged_record_is_replaced_only_when_told),
	    STORE_TEST(test_full_map_grows_and_loses_nothing),
	    STORE_TEST(test_map_grown_by_another_process_is_adopted),
	    STORE_TEST(test_commit_survives_sigkill),
	    STORE_TEST(test_slots_of_dead_readers_are_freed),
	    STORE_TEST(test_daemon_goes_on_when_others_took_all_reader_slots),
	    STORE_TEST(test_use_across_fork_is_refused),
	    STORE_TEST(test_open_without_state_names_the_remedy),
	    STORE_TEST(test_damaged_activity_is_set_aside_and_started_empty),
	    STORE_TEST(
		test_overwritten_activity_pages_are_noticed_when_opening),
	    STORE_TEST(test_truncated_activity_is_noticed_when_opening),
	    STORE_TEST(test_sound_activity_is_kept_when_opening),
	    STORE_TEST(test_damaged_activity_in_use_is_not_set_aside),
	    STORE_TEST(test_damaged_accounts_are_never_replaced),
	    STORE_TEST(test_state_of_a_later_version_is_refused),
	    STORE_TEST(test_backup_is_a_state_of_its_own),
	    STORE_TEST(test_counters_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
