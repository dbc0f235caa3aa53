/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Who waits for the disk.  The functions that LMDB syncs with are replaced by
 * ones that first see whether another process can change activity/ meanwhile.
 */
#define _DEFAULT_SOURCE /* syscall() */

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

/* A process that changes activity/ whenever it is asked to. */
static struct {
	bool is_watched;
	int ask;
	int answer;
	unsigned syncs;
	unsigned answered; /* while a sync had not begun yet */
} other;

/* Far longer than one change takes; spent only where the property fails. */
#define PATIENCE_MS 5000

static void
look(void)
{
	struct pollfd wait = {.fd = other.answer, .events = POLLIN};
	char byte = 'x';

	if (!other.is_watched)
		return;
	other.syncs++;
	if (write(other.ask, &byte, 1) == 1 &&
	    poll(&wait, 1, PATIENCE_MS) == 1 &&
	    read(other.answer, &byte, 1) == 1)
		other.answered++;
}

int
fdatasync(int fd)
{
	look();
	return (int)syscall(SYS_fdatasync, fd);
}

int
fsync(int fd)
{
	look();
	return (int)syscall(SYS_fsync, fd);
}

static void
change_when_asked(const struct store_fixture *f, int asked, int answer)
{
	struct pt_store *store = store_fixture_open(f, PT_STORE_ACTIVITY);
	char byte;

	while (read(asked, &byte, 1) == 1) {
		store_fixture_count_for(store, "bob");
		if (write(answer, &byte, 1) != 1)
			_exit(1);
	}
	pt_store_close(store);
	_exit(0);
}

static void
touch_account(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->created_at = TEST_NOW;
	records->account_changed = true;
	records->note.at = TEST_NOW;
	(void)snprintf(records->note.what, sizeof(records->note.what), "set");
}

static void
nobody_waits_for_the_disk_of_accounts(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login ann = test_login("ann@example.com");
	struct pt_login bob = test_login("bob@example.com");
	struct pt_update updates[2] = {
	    {.login = &ann, .usage = true, .fn = touch_account},
	    {.login = &bob, .fn = touch_account},
	};
	struct pt_account account;
	struct pt_err err;
	int to_child[2];
	int to_parent[2];
	pid_t child;
	int status;

	assert_int_equal(pipe(to_child), 0);
	assert_int_equal(pipe(to_parent), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(to_child[1]);
		change_when_asked(f, to_child[0], to_parent[1]);
	}
	other.ask = to_child[1];
	other.answer = to_parent[0];
	other.is_watched = true;
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACCOUNT, updates, 2, &err), 0);
	other.is_watched = false;
	assert_true(other.syncs > 0);
	assert_int_equal(other.answered, other.syncs);
	(void)close(to_child[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	(void)close(to_child[0]);
	(void)close(to_parent[0]);
	(void)close(to_parent[1]);
	assert_int_equal(store_fixture_total(f->store, &bob), other.answered);
	assert_int_equal(
	    pt_store_read(f->store, &ann, &account, NULL, NULL, &err), 0);
	assert_int_equal(account.created_at, TEST_NOW);
}

static void
a_change_of_activity_syncs_nothing(void **state)
{
	struct store_fixture *f = *state;

	other.syncs = 0;
	other.ask = -1;
	other.is_watched = true;
	store_fixture_count_for(f->store, "ann");
	store_fixture_use_for(f->store, "ann");
	other.is_watched = false;
	assert_int_equal(other.syncs, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(nobody_waits_for_the_disk_of_accounts),
	    STORE_TEST(a_change_of_activity_syncs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
