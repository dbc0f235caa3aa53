/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

#define FDS 256 /* more than are open */

static void
change_nothing(struct pt_records *records, void *arg)
{
	(void)records;
	(void)arg;
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
	struct store_fixture *f = *state;
	struct pt_login login;
	struct pt_store_usage usage;
	char name[32];
	struct pt_err err;
	int i;

	shrink_map(f->store);
	for (i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "user%d@example.com", i);
		store_fixture_count_for(f->store, name);
	}
	for (i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "user%d@example.com", i);
		login = test_login(name);
		assert_int_equal(store_fixture_total(f->store, &login), 1);
	}
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_true(usage.activity_map > (uint64_t)64 << 10);
}

static int
run_child(struct store_fixture *f, void (*body)(struct pt_store *))
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
		store_fixture_count_for(store, name);
	}
}

static void
test_map_grown_by_another_process_is_adopted(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("child2999@example.com");

	store_fixture_count_for(f->store, "alice@example.com");
	shrink_map(f->store);
	assert_int_equal(run_child(f, write_much), 0);
	assert_int_equal(store_fixture_total(f->store, &login), 1);
	store_fixture_count_for(f->store, "child2999@example.com");
	assert_int_equal(store_fixture_total(f->store, &login), 2);
}

static void
write_and_die(struct pt_store *store)
{
	store_fixture_count_for(store, "alice@example.com");
	(void)kill(getpid(), SIGKILL);
}

static void
test_commit_survives_sigkill(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	int status;
	int i;

	for (i = 1; i <= 20; i++) {
		status = run_child(f, write_and_die);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(store_fixture_total(f->store, &login), i);
		store_fixture_count_for(f->store, "bob@example.com");
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
	struct store_fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");

	(void)run_child(f, read_slots_and_die);
	(void)run_child(f, read_slots_and_die);
	store_fixture_count_for(f->store, "alice@example.com");
	assert_int_equal(store_fixture_total(f->store, &login), 1);
}

#define SLOTS_MAX 600 /* more than there are */

/* Takes every reader's slot of accounts/, says so, and waits to be ended. */
static void
take_all_slots(const struct store_fixture *f, int say, int wait)
{
	static MDB_txn *held[SLOTS_MAX];
	struct pt_store *store;
	struct pt_err err;
	size_t n = 0;
	char byte = 'x';

	if (pt_store_open(f->state, PT_STORE_WRITE, &store, &err) != 0)
		_exit(1);
	while (n < SLOTS_MAX && mdb_txn_begin(store->accounts.env, NULL,
				    MDB_RDONLY, &held[n]) == 0)
		n++;
	if (n == SLOTS_MAX || write(say, &byte, 1) != 1 ||
	    read(wait, &byte, 1) != 0)
		_exit(1);
	while (n > 0)
		mdb_txn_abort(held[--n]);
	pt_store_close(store);
	_exit(0);
}

static void
test_daemon_goes_on_when_others_took_all_reader_slots(void **state)
{
	struct store_fixture *f = *state;
	int full[2];
	int end[2];
	char byte;
	pid_t child;
	int status;

	pt_store_close(f->store);
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	assert_int_equal(pipe(full), 0);
	assert_int_equal(pipe(end), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(end[1]);
		take_all_slots(f, full[1], end[0]);
	}
	assert_int_equal(read(full[0], &byte, 1), 1);
	store_fixture_count_for(f->store, "alice@example.com");
	assert_int_equal(close(end[1]), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(close(end[0]) | close(full[0]) | close(full[1]), 0);
}

static void
test_use_across_fork_is_refused(void **state)
{
	struct store_fixture *f = *state;
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

/* A command that the process runs must not have the state in its hands. */
static void
test_no_descriptor_of_the_state_outlives_exec(void **state)
{
	struct store_fixture *f = *state;
	bool was_open[FDS];
	int fd;

	store_fixture_count_for(f->store, "ann@example.com");
	pt_store_close(f->store);
	for (fd = 0; fd < FDS; fd++)
		was_open[fd] = fcntl(fd, F_GETFD) >= 0;
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	store_fixture_count_for(f->store, "ann@example.com");
	for (fd = 0; fd < FDS; fd++) {
		if (!was_open[fd] && fcntl(fd, F_GETFD) == 0)
			fail_msg("descriptor %d stays open", fd);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(test_full_map_grows_and_loses_nothing),
	    STORE_TEST(test_map_grown_by_another_process_is_adopted),
	    STORE_TEST(test_commit_survives_sigkill),
	    STORE_TEST(test_slots_of_dead_readers_are_freed),
	    STORE_TEST(test_daemon_goes_on_when_others_took_all_reader_slots),
	    STORE_TEST(test_use_across_fork_is_refused),
	    STORE_TEST(test_no_descriptor_of_the_state_outlives_exec),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
