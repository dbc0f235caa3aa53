/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Walks in bounded steps, while others write between them. */

#include <sys/wait.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

static void
touch(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->created_at = TEST_NOW;
	records->account_changed = true;
}

static void
delete_account(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account_deleted = true;
}

static void
run(struct pt_store *store, const char *name, pt_update_fn *fn, void *arg)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(
		store, PT_UPDATE_ACCOUNT, &login, fn, arg, &err) != 0)
		fail_msg("update: %s", err.text);
}

static struct pt_login steps[64];

static size_t
step(struct pt_store *store, const struct pt_login *after, size_t max)
{
	size_t count = 999;
	struct pt_err err;

	if (pt_store_next_logins(store, after, steps, max, &count, &err) != 0)
		fail_msg("step: %s", err.text);
	assert_true(count <= max);
	return count;
}

static void
make_accounts(struct pt_store *store, int n)
{
	char name[32];

	for (int i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "u%02d", i);
		run(store, name, touch, NULL);
	}
}

static void
logins_come_in_order_once_each_whatever_the_step(void **state)
{
	static const size_t sizes[] = {1, 2, 7, 20, 21, 64};
	struct store_fixture *f = *state;
	struct pt_login last;
	char name[32];
	size_t seen;
	size_t n;

	assert_int_equal(step(f->store, NULL, 5), 0);
	make_accounts(f->store, 20);
	/* Without a record of its own nobody is one of them. */
	store_fixture_count_for(f->store, "u05x");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		seen = 0;
		n = step(f->store, NULL, sizes[i]);
		while (n > 0) {
			for (size_t j = 0; j < n; j++) {
				(void)snprintf(name, sizeof(name),
				    "u%02u@example.com", (unsigned)seen++);
				assert_string_equal(steps[j].text, name);
			}
			last = steps[n - 1];
			n = step(f->store, &last, sizes[i]);
		}
		assert_int_equal(seen, 20);
	}
	last = test_login("u07x");
	assert_int_equal(step(f->store, &last, 1), 1);
	assert_string_equal(steps[0].text, "u08@example.com");
	last = test_login("zzz");
	assert_int_equal(step(f->store, &last, 1), 0);
	assert_int_equal(step(f->store, NULL, 0), 0);
}

static void
what_others_write_between_steps_confuses_no_walk(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login last;
	pid_t child;
	int status;

	make_accounts(f->store, 20);
	assert_int_equal(step(f->store, NULL, 10), 10);
	last = steps[9];
	assert_string_equal(last.text, "u09@example.com");
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct pt_store *store = store_fixture_open(f, PT_STORE_WRITE);

		run(store, "u09", delete_account, NULL);
		run(store, "u10", delete_account, NULL);
		run(store, "u12", delete_account, NULL);
		run(store, "a", touch, NULL);
		run(store, "u11x", touch, NULL);
		run(store, "zoe", touch, NULL);
		pt_store_close(store);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* What went is not seen; what came is, if it lies before us. */
	assert_int_equal(step(f->store, &last, 64), 10);
	assert_string_equal(steps[0].text, "u11@example.com");
	assert_string_equal(steps[1].text, "u11x@example.com");
	assert_string_equal(steps[2].text, "u13@example.com");
	assert_string_equal(steps[9].text, "zoe@example.com");
}

static void
a_key_that_is_no_login_is_passed_over(void **state)
{
	struct store_fixture *f = *state;
	struct store_env *env = &f->store->accounts;
	MDB_val data = {0, (void *)(uintptr_t) ""};
	struct pt_login last;
	MDB_txn *txn;

	make_accounts(f->store, 2);
	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	for (const char *c = "!v~"; *c != '\0'; c++) {
		MDB_val key = {1, (void *)(uintptr_t)c};

		assert_int_equal(
		    mdb_put(txn, env->db[STORE_RECORDS], &key, &data, 0), 0);
	}
	assert_int_equal(mdb_txn_commit(txn), 0);
	assert_int_equal(step(f->store, NULL, 1), 1);
	last = steps[0];
	assert_int_equal(step(f->store, &last, 5), 1);
	last = steps[0];
	assert_string_equal(last.text, "u01@example.com");
	assert_int_equal(step(f->store, &last, 5), 0);
}

static void
note(struct pt_records *records, void *arg)
{
	struct pt_history_note *to = &records->trail.note;

	to->at = *(const int64_t *)arg;
	(void)pt_text_copy(to->who, sizeof(to->who), "root");
	(void)pt_text_copy(to->what, sizeof(to->what), "set");
}

static void
note_for(struct pt_store *store, const char *name, int64_t at)
{
	run(store, name, note, &at);
}

static bool
count_entry(const struct pt_history *entry, void *arg)
{
	int64_t *oldest = arg;

	++oldest[1];
	if (oldest[0] == 0 || entry->note.at < oldest[0])
		oldest[0] = entry->note.at;
	return true;
}

/* How many entries there are; the time of the oldest. */
static int64_t
history_of(struct pt_store *store, int64_t *oldest_out)
{
	int64_t seen[2] = {0, 0};
	struct pt_err err;

	assert_int_equal(
	    pt_store_each_history(store, NULL, count_entry, seen, &err), 0);
	if (oldest_out != NULL)
		*oldest_out = seen[0];
	return seen[1];
}

static int
prune(struct pt_store *store, struct pt_history_place *place, size_t max,
    uint64_t *deleted)
{
	struct pt_err err;
	int more =
	    pt_store_prune_history(store, place, TEST_NOW, max, deleted, &err);

	if (more < 0)
		fail_msg("prune: %s", err.text);
	return more;
}

/* For each of 20 logins 9 entries, of which two thirds are old. */
static void
make_history(struct pt_store *store)
{
	char name[32];

	for (int i = 0; i < 180; i++) {
		(void)snprintf(name, sizeof(name), "u%02d", i % 20);
		note_for(store, name, TEST_NOW - 120 + i);
	}
}

static void
old_history_goes_in_steps(void **state)
{
	static const size_t sizes[] = {1, 7, 64, 180, 181, 1000};
	struct store_fixture *f = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct pt_history_place place = {0};
		uint64_t deleted = 0;
		uint64_t all = 0;
		size_t turns = 1;
		int64_t oldest;

		make_history(f->store);
		while (prune(f->store, &place, sizes[i], &deleted) == 1) {
			assert_true(deleted <= sizes[i]);
			all += deleted;
			turns++;
		}
		all += deleted;
		assert_int_equal(place.len, 0);
		assert_int_equal(all, 120);
		assert_int_equal(
		    history_of(f->store, &oldest), 60 * ((int64_t)i + 1));
		assert_int_equal(oldest, TEST_NOW);
		/* No step did more than it was allowed to. */
		assert_true(turns >= (180 + 60 * i) / sizes[i]);
	}
}

static void
where_nothing_is_old_nothing_is_written(void **state)
{
	struct store_fixture *f = *state;
	struct pt_history_place place = {0};
	uint64_t before = 0;
	uint64_t after = 0;
	uint64_t deleted = 99;
	struct pt_err err;

	assert_int_equal(prune(f->store, &place, 5, &deleted), 0);
	for (int i = 0; i < 9; i++)
		note_for(f->store, "ann", TEST_NOW + i);
	assert_int_equal(pt_store_accounts_version(f->store, &before, &err), 0);
	assert_int_equal(prune(f->store, &place, 5, &deleted), 1);
	assert_int_equal(prune(f->store, &place, 5, &deleted), 0);
	assert_int_equal(deleted, 0);
	assert_int_equal(pt_store_accounts_version(f->store, &after, &err), 0);
	assert_int_equal(after, before);
	assert_int_equal(history_of(f->store, NULL), 9);
}

static void
what_is_written_between_steps_is_kept_or_found(void **state)
{
	struct store_fixture *f = *state;
	struct pt_history_place place = {0};
	uint64_t deleted;
	uint64_t all = 0;
	int more;

	make_history(f->store);
	do {
		more = prune(f->store, &place, 50, &deleted);
		all += deleted;
		/* One before the place, one behind it, one that is young. */
		note_for(f->store, "a", TEST_NOW - 1);
		note_for(f->store, "zoe", TEST_NOW - 1);
		note_for(f->store, "bob", TEST_NOW + 1);
	} while (more == 1);
	assert_in_range(all, 120, 130);
	assert_int_equal(prune(f->store, &place, 1000, &deleted), 0);
	assert_int_equal(
	    all + deleted + (uint64_t)history_of(f->store, NULL), 180 + 3 * 4);
	assert_int_equal(history_of(f->store, NULL), 60 + 4);
}

static void
an_entry_that_cannot_be_read_stays(void **state)
{
	struct store_fixture *f = *state;
	struct store_env *env = &f->store->accounts;
	struct pt_login login = test_login("ann");
	unsigned char bytes[STORE_HISTORY_KEY_MAX];
	MDB_val key = {pt_store_history_key(&login, 7, bytes), bytes};
	MDB_val data = {2, (void *)(uintptr_t) "\x01\x02"};
	struct pt_history_place place = {0};
	struct pt_store_usage usage;
	uint64_t deleted;
	struct pt_err err;
	MDB_txn *txn;

	note_for(f->store, "ann", TEST_NOW - 1);
	note_for(f->store, "bob", TEST_NOW - 1);
	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_put(txn, env->db[STORE_OTHER], &key, &data, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	assert_int_equal(prune(f->store, &place, 100, &deleted), 0);
	assert_int_equal(deleted, 2);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.history, 1);
}

static void
forgetting_in_a_full_map_grows_it(void **state)
{
	struct store_fixture *f = *state;
	struct pt_history_place place = {0};
	struct pt_store_usage usage;
	uint64_t deleted;
	struct pt_err err;

	make_history(f->store);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(mdb_env_set_mapsize(f->store->accounts.env,
			     (size_t)usage.accounts_bytes),
	    0);
	assert_int_equal(prune(f->store, &place, 1000, &deleted), 0);
	assert_int_equal(deleted, 120);
	assert_int_equal(history_of(f->store, NULL), 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(logins_come_in_order_once_each_whatever_the_step),
	    STORE_TEST(what_others_write_between_steps_confuses_no_walk),
	    STORE_TEST(a_key_that_is_no_login_is_passed_over),
	    STORE_TEST(old_history_goes_in_steps),
	    STORE_TEST(where_nothing_is_old_nothing_is_written),
	    STORE_TEST(what_is_written_between_steps_is_kept_or_found),
	    STORE_TEST(an_entry_that_cannot_be_read_stays),
	    STORE_TEST(forgetting_in_a_full_map_grows_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
