/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * PT_STORE_ACTIVITY: for a process that opens the state as root and then
 * gives up its rights.
 */
#define _DEFAULT_SOURCE /* setgroups() */

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

#define NOBODY 65534

static void
touch_account(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->created_at++;
	/* Large, so that a few of them fill a map. */
	for (int i = 0; i < 30; i++)
		(void)pt_words_add(&records->account->senders,
		    "a.very.long.address.of.somebody.else.who.writes.a.lot."
		    "of.mail.to.very.many.people.every.day@example.org");
	records->account_changed = true;
}

static void
accounts_are_only_read(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login ann = test_login("ann@example.com");
	struct pt_account account;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT, &ann,
			     touch_account, NULL, &err),
	    0);
	pt_store_close(f->store);
	f->store = store_fixture_open(f, PT_STORE_ACTIVITY);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT, &ann,
			     touch_account, NULL, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
	assert_int_equal(
	    pt_store_read(f->store, &ann, &account, NULL, NULL, &err), 0);
	assert_int_equal(account.created_at, 1);
	store_fixture_count_for(f->store, "ann");
	store_fixture_use_for(f->store, "ann");
	assert_int_equal(store_fixture_total(f->store, &ann), 1);
	assert_int_equal(store_fixture_logins(f->store, "ann"), 1);
}

/* Opening again takes rights that the process may have given up. */
static void
a_panic_is_unavailable_and_names_the_remedy(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_ACTIVITY, PT_STORE_WRITE};
	struct store_fixture *f = *state;
	struct pt_err err;
	MDB_env *before;

	for (size_t i = 0; i < 2; i++) {
		bool is_final = modes[i] == PT_STORE_ACTIVITY;

		pt_store_close(f->store);
		f->store = store_fixture_open(f, modes[i]);
		(void)pt_store_error(
		    &f->store->activity, MDB_PANIC, "write to", &err);
		assert_int_equal(
		    err.kind, is_final ? PT_ERR_UNAVAILABLE : PT_ERR_DAMAGED);
		if (is_final)
			assert_non_null(strstr(err.text, "restart it"));
		before = f->store->activity.env;
		assert_int_equal(
		    pt_store_reopen(f->store, &f->store->activity, &err),
		    is_final ? -1 : 0);
		if (is_final) {
			assert_int_equal(err.kind, PT_ERR_UNAVAILABLE);
			assert_ptr_equal(f->store->activity.env, before);
		}
		store_fixture_count_for(f->store, "ann");
	}
}

/* What failed to open again stays unusable, and says so. */
static void
an_environment_that_is_gone_is_no_crash(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login ann = test_login("ann@example.com");
	struct pt_account account;
	struct pt_activity activity;
	struct pt_life life;
	uint64_t version;
	struct pt_err err;

	pt_store_env_close(&f->store->activity);
	pt_store_env_close(&f->store->accounts);
	assert_int_equal(
	    pt_store_read(f->store, &ann, &account, &activity, NULL, &err), -1);
	assert_int_equal(
	    pt_store_get_life(f->store, PT_LIFE_POLICYD, &life, &err), -1);
	assert_int_equal(
	    pt_store_accounts_version(f->store, &version, &err), -1);
	assert_int_equal(pt_store_maintain(f->store, &err), -1);
	assert_int_equal(pt_store_sync(f->store, &err), -1);
	/* The next update opens what it needs. */
	store_fixture_count_for(f->store, "ann");
}

/* The parent tells the child to go on, or waits for it. */
struct link {
	int to_child[2];
	int to_parent[2];
};

static void
tell(int fd)
{
	char byte = 'x';

	if (write(fd, &byte, 1) != 1)
		_exit(90);
}

static bool
is_told(int fd)
{
	char byte;

	return read(fd, &byte, 1) == 1;
}

static bool
drop_rights(const struct store_fixture *f)
{
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/open.lock", f->state);
	return setgroups(0, NULL) == 0 && setgid(NOBODY) == 0 &&
	       setuid(NOBODY) == 0 && access(path, F_OK) != 0;
}

static bool
write_and_read(struct pt_store *store, const char *prefix, int n)
{
	struct pt_login login;
	char name[64];

	for (int i = 0; i < n; i++) {
		(void)snprintf(
		    name, sizeof(name), "%s%d@example.com", prefix, i);
		store_fixture_count_for(store, name);
		store_fixture_use_for(store, name);
	}
	for (int i = 0; i < n; i++) {
		(void)snprintf(
		    name, sizeof(name), "%s%d@example.com", prefix, i);
		login = test_login(name);
		if (store_fixture_total(store, &login) != 1 ||
		    store_fixture_logins(store, name) != 1)
			return false;
	}
	return true;
}

static bool
has_account(struct pt_store *store, int i)
{
	struct pt_account account;
	struct pt_login login;
	char name[64];
	struct pt_err err;

	(void)snprintf(name, sizeof(name), "acc%d@example.com", i);
	login = test_login(name);
	return pt_store_read(store, &login, &account, NULL, NULL, &err) == 0 &&
	       account.created_at == 1;
}

/*
 * The life of the process without rights; how it ends is its exit code.  A
 * failed assertion of a helper ends it with another.
 */
static void
live_without_rights(const struct store_fixture *f, const struct link *link)
{
	struct pt_store *store;
	struct pt_err err;

	if (pt_store_open(f->state, PT_STORE_ACTIVITY, &store, &err) != 0)
		_exit(1);
	/* A map of accounts/ that is soon too small. */
	if (mdb_env_set_mapsize(store->accounts.env, (size_t)64 << 10) != 0)
		_exit(2);
	if (!drop_rights(f))
		_exit(3);
	if (!write_and_read(store, "before", 10) || has_account(store, 99))
		_exit(4);
	tell(link->to_parent[1]);
	if (!is_told(link->to_child[0]))
		_exit(5);
	/* The parent has grown both maps; now they are followed, and grown. */
	if (!has_account(store, 0) || !has_account(store, 99))
		_exit(6);
	if (store_fixture_logins(store, "parent1999@example.com") != 1)
		_exit(7);
	if (!write_and_read(store, "after", 6000))
		_exit(8);
	if (pt_store_sync(store, &err) != 0 ||
	    pt_store_maintain(store, &err) != 0)
		_exit(9);
	pt_store_close(store);
	_exit(0);
}

static uint64_t
activity_map(struct pt_store *store)
{
	struct pt_store_usage usage;
	struct pt_err err;

	assert_int_equal(pt_store_usage(store, &usage, &err), 0);
	return usage.activity_map;
}

static void
grow_both(struct pt_store *store)
{
	struct pt_login login;
	char name[64];
	struct pt_err err;

	assert_true(write_and_read(store, "parent", 2000));
	for (int i = 0; i < 100; i++) {
		(void)snprintf(name, sizeof(name), "acc%d@example.com", i);
		login = test_login(name);
		assert_int_equal(pt_store_update_one(store, PT_UPDATE_ACCOUNT,
				     &login, touch_account, NULL, &err),
		    0);
	}
}

static void
it_goes_on_without_rights_while_others_grow_the_maps(void **state)
{
	struct store_fixture *f = *state;
	struct link link;
	uint64_t before = 0;
	pid_t child;
	int status;

	if (geteuid() != 0) {
		print_message("skipped: needs root to give up its rights\n");
		skip();
	}
	assert_int_equal(
	    mdb_env_set_mapsize(f->store->activity.env, (size_t)64 << 10), 0);
	assert_int_equal(pipe(link.to_child), 0);
	assert_int_equal(pipe(link.to_parent), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(link.to_child[1]);
		(void)close(link.to_parent[0]);
		live_without_rights(f, &link);
	}
	(void)close(link.to_child[0]);
	(void)close(link.to_parent[1]);
	if (is_told(link.to_parent[0])) {
		grow_both(f->store);
		before = activity_map(f->store);
		assert_true(before > (uint64_t)64 << 10);
		tell(link.to_child[1]);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(
	    store_fixture_logins(f->store, "after5999@example.com"), 1);
	assert_true(activity_map(f->store) > before);
	assert_true(write_and_read(f->store, "last", 10));
	(void)close(link.to_child[1]);
	(void)close(link.to_parent[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(accounts_are_only_read),
	    STORE_TEST(a_panic_is_unavailable_and_names_the_remedy),
	    STORE_TEST(an_environment_that_is_gone_is_no_crash),
	    STORE_TEST(it_goes_on_without_rights_while_others_grow_the_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
