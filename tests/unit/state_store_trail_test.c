/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A block, its history entry, its notice and the end of app passwords: all of
 * them or none, whatever fails.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

static void
give_password(struct pt_records *records, void *arg)
{
	struct pt_account *account = records->account;

	(void)arg;
	account->created_at = TEST_NOW;
	account->access = PT_ACCESS_ON;
	account->access_at = TEST_NOW;
	account->protocols = 1;
	memset(account->salt, 7, sizeof(account->salt));
	account->last_password_id = 1;
	account->password_count = 1;
	account->passwords[0] = (struct pt_password){
	    .id = 1, .protocols = 1, .created_at = TEST_NOW};
	records->account_changed = true;
}

/* What comes with the block; NULL: nothing odd. */
struct block {
	void (*spoil)(struct pt_records *records);
};

static void
block(struct pt_records *records, void *arg)
{
	const struct block *how = arg;
	struct pt_account *account = records->account;
	struct pt_password *password = &account->passwords[0];
	struct pt_trail *trail = &records->trail;

	account->block_reason = PT_BLOCK_CRACKED;
	account->block.at = TEST_NOW;
	account->access = PT_ACCESS_OFF;
	password->ended_at = TEST_NOW;
	password->ending = PT_ENDING_BLOCKED;
	password->ending_block = PT_BLOCK_CRACKED;
	records->account_changed = true;
	trail->note.at = TEST_NOW;
	(void)pt_text_copy(trail->note.who, sizeof(trail->note.who), "keeper");
	(void)pt_text_copy(trail->note.what, sizeof(trail->note.what), "block");
	trail->notice.kind = PT_NOTICE_BLOCKED;
	trail->notice.block = PT_BLOCK_CRACKED;
	trail->notice.at = TEST_NOW;
	records->activity->total[PT_COUNT_MESSAGES] = 1;
	records->activity_changed = true;
	if (how->spoil != NULL)
		how->spoil(records);
}

static bool
count_entry(const struct pt_history *entry, void *arg)
{
	assert_string_equal(entry->note.what, "block");
	++*(unsigned *)arg;
	return true;
}

static bool
count_notice(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	(void)err;
	assert_non_null(entry);
	assert_int_equal(entry->notice.kind, PT_NOTICE_BLOCKED);
	++*(unsigned *)arg;
	return true;
}

/* Are they all there?  It is a failure if only some are. */
static bool
is_blocked(const struct store_fixture *f, const char *name)
{
	static struct pt_account account;
	struct pt_login login = test_login(name);
	unsigned entries = 0;
	unsigned notices = 0;
	bool blocked;
	struct pt_err err;

	assert_int_equal(
	    pt_store_read(f->store, &login, &account, NULL, NULL, &err), 0);
	assert_int_equal(pt_store_each_history(
			     f->store, &login, count_entry, &entries, &err),
	    0);
	assert_int_equal(
	    pt_store_each_outbox(f->store, count_notice, &notices, &err), 0);
	blocked = account.block_reason != PT_BLOCK_NONE;
	assert_int_equal(entries, blocked ? 1 : 0);
	assert_int_equal(notices, blocked ? 1 : 0);
	assert_int_equal(account.password_count, 1);
	assert_int_equal(account.passwords[0].ended_at, blocked ? TEST_NOW : 0);
	return blocked;
}

static void
begin(struct store_fixture *f)
{
	struct pt_login login = test_login("ann");
	struct pt_err err;

	if (pt_store_update_one(f->store, PT_UPDATE_ACCOUNT, &login,
		give_password, NULL, &err) != 0)
		fail_msg("update: %s", err.text);
}

static void
all_of_it_stands_after_a_commit(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct block how = {NULL};
	uint64_t before = 0;
	uint64_t after = 0;
	struct pt_err err;

	begin(f);
	assert_false(is_blocked(f, "ann"));
	assert_int_equal(pt_store_accounts_version(f->store, &before, &err), 0);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, block, &how, &err),
	    0);
	assert_int_equal(pt_store_accounts_version(f->store, &after, &err), 0);
	assert_int_equal(after, before + 1);
	assert_true(is_blocked(f, "ann"));
}

static void
spoil_label(struct pt_records *records)
{
	(void)pt_text_copy(records->trail.notice.label,
	    sizeof(records->trail.notice.label), "\x01");
}

static void
spoil_kind(struct pt_records *records)
{
	records->trail.notice.kind = PT_NOTICE_KINDS;
}

static void
spoil_note(struct pt_records *records)
{
	(void)pt_text_copy(records->trail.note.detail,
	    sizeof(records->trail.note.detail), "\xff");
}

static void
spoil_account(struct pt_records *records)
{
	(void)pt_text_copy(records->account->language,
	    sizeof(records->account->language), "\x01");
}

static void
what_cannot_be_stored_takes_all_along_and_harms_nobody_else(void **state)
{
	static const struct block spoiled[] = {
	    {spoil_label}, {spoil_kind}, {spoil_note}, {spoil_account}};
	struct store_fixture *f = *state;
	struct pt_login logins[2] = {test_login("ann"), test_login("bob")};
	uint64_t total;
	struct pt_err err;

	begin(f);
	for (size_t i = 0; i < 4; i++) {
		struct pt_update updates[2] = {
		    {.login = &logins[0],
			.fn = block,
			.arg = (void *)(uintptr_t)&spoiled[i]},
		    {.login = &logins[1],
			.fn = store_fixture_count,
			.arg = &total},
		};

		assert_int_equal(pt_store_update(f->store, PT_UPDATE_ACCOUNT,
				     updates, 2, &err),
		    0);
		assert_int_equal(updates[0].failed, PT_ERR_INPUT);
		assert_int_equal(updates[1].failed, PT_ERR_NONE);
		assert_int_equal(total, i + 1);
		assert_false(is_blocked(f, "ann"));
		assert_int_equal(store_fixture_total(f->store, &logins[0]), 0);
	}
}

static void
a_trail_needs_the_account(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct block how = {NULL};
	struct pt_err err;

	begin(f);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, block, &how, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
	assert_false(is_blocked(f, "ann"));
}

static void
leave_notice(struct pt_records *records, void *arg)
{
	(void)arg;
	records->trail.notice.kind = PT_NOTICE_ENABLED;
}

static void
a_notice_alone_needs_the_account_too(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct pt_store_usage usage;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, leave_notice, NULL, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.outbox, 0);
}

/*
 * Blocks in a process whose files may not grow beyond that: of accounts/,
 * which is written with pwrite(2), no page behind it can be written.  0: it
 * succeeded, 1: it was refused.
 */
static int
block_within(const struct store_fixture *f, rlim_t bytes)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		const struct rlimit limit = {bytes, bytes};
		struct pt_login login = test_login("ann");
		struct block how = {NULL};
		struct pt_store *store;
		struct pt_err err;
		struct sigaction act;

		memset(&act, 0, sizeof(act));
		act.sa_handler = SIG_IGN;
		if (pt_store_open(f->state, PT_STORE_WRITE, &store, &err) != 0)
			_exit(90);
		if (sigaction(SIGXFSZ, &act, NULL) != 0 ||
		    setrlimit(RLIMIT_FSIZE, &limit) != 0)
			_exit(91);
		if (pt_store_update_one(store, PT_UPDATE_ACCOUNT, &login, block,
			&how, &err) == 0)
			_exit(0);
		_exit(
		    err.kind == PT_ERR_UNAVAILABLE || err.kind == PT_ERR_DAMAGED
			? 1
			: 92);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
a_write_that_fails_leaves_nothing_of_it(void **state)
{
	struct store_fixture *f = *state;
	rlim_t page = (rlim_t)sysconf(_SC_PAGESIZE);
	unsigned refused = 0;
	int ended = 1;

	begin(f);
	for (rlim_t pages = 0; pages < 64 && ended == 1; pages++) {
		ended = block_within(f, pages * page);
		assert_in_range(ended, 0, 1);
		refused += ended == 1;
		assert_int_equal(is_blocked(f, "ann"), ended == 0);
	}
	assert_int_equal(ended, 0);
	/* Some of these have written their data, and not said so. */
	assert_true(refused >= 4);
}

static void
die(struct pt_records *records, void *arg)
{
	(void)arg;
	/* What came before it is in the transaction. */
	assert_int_equal(records->account->block_reason, PT_BLOCK_CRACKED);
	(void)kill(getpid(), SIGKILL);
}

static void
a_process_that_dies_before_the_commit_leaves_nothing_of_it(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct block how = {NULL};
	struct pt_update updates[2] = {
	    {.login = &login, .fn = block, .arg = &how},
	    {.login = &login, .fn = die},
	};
	pid_t child;
	int status;

	begin(f);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct pt_store *store;
		struct pt_err err;

		if (pt_store_open(f->state, PT_STORE_WRITE, &store, &err) == 0)
			(void)pt_store_update(
			    store, PT_UPDATE_ACCOUNT, updates, 2, &err);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_false(is_blocked(f, "ann"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(all_of_it_stands_after_a_commit),
	    STORE_TEST(
		what_cannot_be_stored_takes_all_along_and_harms_nobody_else),
	    STORE_TEST(a_trail_needs_the_account),
	    STORE_TEST(a_notice_alone_needs_the_account_too),
	    STORE_TEST(a_write_that_fails_leaves_nothing_of_it),
	    STORE_TEST(
		a_process_that_dies_before_the_commit_leaves_nothing_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
