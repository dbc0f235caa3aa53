/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Processes that want to write at the same time, and one that is killed. */
#define _DEFAULT_SOURCE /* flock() */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/support/store_fixture.h"

#define ROUNDS  60
#define WRITERS 4
#define UPDATES 40
#define FOREVER 60 /* seconds */

static const char *const environments[] = {"accounts", "activity"};

#define N_ENVIRONMENTS (sizeof(environments) / sizeof(environments[0]))

struct watched {
	int fds[N_ENVIRONMENTS]; /* of the data files, of our own */
	bool is_kept[N_ENVIRONMENTS];
};

static bool
is_kept(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		assert_int_equal(flock(fd, LOCK_UN), 0);
		return false;
	}
	assert_int_equal(errno, EWOULDBLOCK);
	return true;
}

static void
look(struct watched *watched)
{
	size_t i;

	for (i = 0; i < N_ENVIRONMENTS; i++)
		watched->is_kept[i] = is_kept(watched->fds[i]);
}

static void
look_within(struct pt_records *records, void *arg)
{
	look(arg);
	records->activity_changed = true;
}

static void
who_writes_keeps_the_others_out_by_a_lock_of_the_kernel(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct watched watched;
	struct pt_update update = {
	    .login = &login, .fn = look_within, .arg = &watched};
	char path[400];
	struct pt_err err;
	size_t i;

	for (i = 0; i < N_ENVIRONMENTS; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s/data.mdb", f->state,
		    environments[i]);
		watched.fds[i] = open(path, O_RDWR | O_CLOEXEC);
		assert_true(watched.fds[i] >= 0);
	}
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	assert_false(watched.is_kept[0]);
	assert_true(watched.is_kept[1]);
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACCOUNT, &update, 1, &err), 0);
	assert_true(watched.is_kept[0]);
	assert_true(watched.is_kept[1]);
	look(&watched);
	for (i = 0; i < N_ENVIRONMENTS; i++) {
		assert_false(watched.is_kept[i]);
		assert_int_equal(close(watched.fds[i]), 0);
	}
}

/* Says so after each update; does not wait for ever. */
static void
write_on(const char *dir, unsigned number, int told)
{
	struct pt_store *store;
	struct pt_err err;
	char name[32];
	int i;

	(void)alarm(FOREVER);
	if (pt_store_open(dir, PT_STORE_WRITE, &store, &err) != 0)
		_exit(1);
	(void)snprintf(name, sizeof(name), "writer%u@example.com", number);
	for (i = 0; i < UPDATES; i++) {
		store_fixture_count_for(store, name);
		if (write(told, "", 1) != 1)
			_exit(2);
	}
	_exit(0);
}

/* One of them, when all of them have made so many updates together. */
static void
kill_one(const pid_t *writers, unsigned victim, int told, unsigned updates)
{
	char byte;

	while (updates-- > 0)
		assert_int_equal(read(told, &byte, 1), 1);
	assert_int_equal(kill(writers[victim], SIGKILL), 0);
}

static void
one_round(const char *dir, unsigned round)
{
	pid_t writers[WRITERS];
	int told[2];
	int status;
	unsigned victim = round % WRITERS;
	unsigned i;

	assert_int_equal(pipe(told), 0);
	for (i = 0; i < WRITERS; i++) {
		writers[i] = fork();
		assert_true(writers[i] >= 0);
		if (writers[i] == 0)
			write_on(dir, i, told[1]);
	}
	kill_one(writers, victim, told[0], 1 + round * 7 % UPDATES);
	for (i = 0; i < WRITERS; i++) {
		assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
		if (i != victim && (!WIFEXITED(status) || status != 0))
			fail_msg("round %u: writer %u ended by %d", round, i,
			    status);
	}
	(void)close(told[0]);
	(void)close(told[1]);
}

static void
who_waits_is_not_forgotten_when_another_is_killed(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("writer0@example.com");
	unsigned round;

	for (round = 0; round < ROUNDS; round++)
		one_round(f->state, round);
	/* Nor is what was confirmed: a quarter of it by one that was killed. */
	assert_true(
	    store_fixture_total(f->store, &login) >= UPDATES * ROUNDS * 3 / 4);
}

int
main(void)
{
#define TEST(name)                       \
	cmocka_unit_test_setup_teardown( \
	    name, store_fixture_set_up, store_fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(who_writes_keeps_the_others_out_by_a_lock_of_the_kernel),
	    TEST(who_waits_is_not_forgotten_when_another_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
