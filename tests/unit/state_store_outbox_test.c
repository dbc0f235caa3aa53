/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Notices on their way through the store. */

#include <sys/wait.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "tests/unit/support/outbox_fixture.h"
#include "tests/unit/support/store_fixture.h"
#include "tests/unit/support/store_raw.h"

static void
a_notice_comes_back_as_it_was_left(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct pt_notice notice = {
	    .kind = PT_NOTICE_BLOCKED,
	    .at = TEST_NOW,
	    .until = TEST_NOW + 60,
	    .block = PT_BLOCK_QUOTA,
	    .figures = {PT_FIGURES_REFUSALS, 52, 50, 3600},
	    .protocols = 1,
	    .password_id = 7,
	    .label = "Phone",
	};
	const struct pt_outbox_entry *entry;
	struct pt_store_usage usage;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, outbox_leave, &notice, &err),
	    0);
	assert_int_equal(outbox_look(f->store)->count, 1);
	entry = &outbox_look(f->store)->entry[0];
	assert_int_equal(entry->id, 1);
	assert_true(pt_login_equal(&entry->login, &login));
	assert_int_equal(entry->next_at, TEST_NOW);
	assert_int_equal(entry->tries, 0);
	assert_false(entry->gave_up);
	assert_string_equal(entry->error, "");
	assert_int_equal(entry->notice.kind, PT_NOTICE_BLOCKED);
	assert_int_equal(entry->notice.at, TEST_NOW);
	assert_int_equal(entry->notice.until, TEST_NOW + 60);
	assert_int_equal(entry->notice.block, PT_BLOCK_QUOTA);
	assert_int_equal(entry->notice.figures.used, 52);
	assert_int_equal(entry->notice.password_id, 7);
	assert_string_equal(entry->notice.label, "Phone");
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.outbox, 1);
	assert_int_equal(usage.history, 0);
	assert_int_equal(usage.accounts, 0);
}

static void
leave_kind(struct pt_store *store, const char *name, enum pt_notice_kind kind,
    int64_t at)
{
	struct pt_login login = test_login(name);
	struct pt_notice notice = {.kind = kind, .at = at};
	struct pt_err err;

	if (kind == PT_NOTICE_BLOCKED)
		notice.block = PT_BLOCK_ADMIN;
	assert_int_equal(pt_store_update_one(store, PT_UPDATE_ACCOUNT, &login,
			     outbox_leave, &notice, &err),
	    0);
}

static void
assert_order(struct pt_store *store, enum pt_outbox_rank from,
    const char *const *logins, size_t n)
{
	struct outbox_seen seen = {.max = OUTBOX_SEEN_MAX};
	struct pt_err err;

	assert_int_equal(
	    pt_store_each_outbox_from(store, from, outbox_see, &seen, &err), 0);
	assert_int_equal(seen.count, n);
	for (size_t i = 0; i < n; i++)
		assert_memory_equal(seen.entry[i].login.text, logins[i], 3);
}

static void
what_is_due_first_stands_first_and_what_was_given_up_last(void **state)
{
	static const char *const sorted[] = {"cyd", "ann", "dee", "bob", "eve"};
	struct store_fixture *f = *state;
	struct pt_outbox_change change_to;
	const struct outbox_seen *seen;

	outbox_leave_for(f->store, "ann", TEST_NOW);
	outbox_leave_for(f->store, "bob", TEST_NOW + 256);
	outbox_leave_for(f->store, "cyd", TEST_NOW - 1);
	outbox_leave_for(f->store, "dee", TEST_NOW);
	outbox_leave_for(f->store, "eve", 0);
	change_to = outbox_change_of(&outbox_look(f->store)->entry[0]);
	change_to.entry.gave_up = true;
	outbox_change(f->store, &change_to);
	seen = outbox_look(f->store);
	assert_int_equal(seen->count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(
		    strncmp(seen->entry[i].login.text, sorted[i], 3), 0);
	assert_true(seen->entry[4].gave_up);
	assert_int_equal(seen->entry[4].id, 5);
}

/* Those of the first two stand before the rest, whatever their time. */
static void
the_end_of_access_stands_in_front_also_when_changed(void **state)
{
	static const struct {
		const char *login;
		enum pt_notice_kind kind;
		int64_t at;
	} left[] = {
	    {"eve", PT_NOTICE_LIMIT_SOON, TEST_NOW - 9},
	    {"dee", PT_NOTICE_PASSWORD_CREATED, TEST_NOW - 10},
	    {"bob", PT_NOTICE_BLOCKED, TEST_NOW + 1},
	    {"ann", PT_NOTICE_PASSWORDS_ENDED, TEST_NOW},
	};
	static const char *const sorted[] = {"ann", "bob", "dee", "eve"};
	static const char *const later[] = {"bob", "ann", "dee", "eve"};
	struct store_fixture *f = *state;
	struct pt_outbox_change change_to;

	for (size_t i = 0; i < PT_ARRAY_LEN(left); i++)
		leave_kind(f->store, left[i].login, left[i].kind, left[i].at);
	assert_order(f->store, PT_OUTBOX_ENDED, sorted, 4);
	assert_order(f->store, PT_OUTBOX_OTHER, sorted + 2, 2);
	change_to = outbox_change_of(&outbox_look(f->store)->entry[0]);
	change_to.entry.next_at = TEST_NOW + 60;
	outbox_change(f->store, &change_to);
	assert_order(f->store, PT_OUTBOX_ENDED, later, 4);
	/* There and back. */
	change_to = outbox_change_of(&outbox_look(f->store)->entry[0]);
	change_to.entry.gave_up = true;
	outbox_change(f->store, &change_to);
	assert_order(f->store, PT_OUTBOX_GIVEN_UP, later, 1);
	change_to = outbox_change_of(&outbox_look(f->store)->entry[3]);
	change_to.entry.gave_up = false;
	outbox_change(f->store, &change_to);
	assert_order(f->store, PT_OUTBOX_ENDED, later, 4);
}

static void
who_has_seen_enough_stops(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_seen seen = {.max = 2};
	struct pt_err err;

	for (int i = 0; i < 5; i++)
		outbox_leave_for(f->store, "ann", TEST_NOW + i);
	assert_int_equal(
	    pt_store_each_outbox(f->store, outbox_see, &seen, &err), 0);
	assert_int_equal(seen.count, 2);
}

static void
a_change_moves_the_entry(void **state)
{
	struct store_fixture *f = *state;
	struct pt_outbox_change change_to;
	const struct outbox_seen *seen;

	outbox_leave_for(f->store, "ann", TEST_NOW);
	outbox_leave_for(f->store, "bob", TEST_NOW + 1);
	change_to = outbox_change_of(&outbox_look(f->store)->entry[0]);
	change_to.entry.tries = 3;
	change_to.entry.next_at = TEST_NOW + 120;
	(void)snprintf(change_to.entry.error, sizeof(change_to.entry.error),
	    "it ended with 75");
	outbox_change(f->store, &change_to);
	seen = outbox_look(f->store);
	assert_int_equal(seen->count, 2);
	assert_int_equal(seen->entry[0].id, 2);
	assert_int_equal(seen->entry[1].id, 1);
	assert_int_equal(seen->entry[1].next_at, TEST_NOW + 120);
	assert_int_equal(seen->entry[1].tries, 3);
	assert_string_equal(seen->entry[1].error, "it ended with 75");
	/* At its place, too. */
	change_to = outbox_change_of(&seen->entry[1]);
	change_to.entry.tries = 4;
	outbox_change(f->store, &change_to);
	assert_int_equal(outbox_look(f->store)->entry[1].tries, 4);
	change_to = outbox_change_of(&outbox_look(f->store)->entry[0]);
	change_to.is_done = true;
	outbox_change(f->store, &change_to);
	seen = outbox_look(f->store);
	assert_int_equal(seen->count, 1);
	assert_int_equal(seen->entry[0].id, 1);
}

static void
an_id_is_never_given_twice(void **state)
{
	struct store_fixture *f = *state;
	struct pt_outbox_change change_to;

	for (uint64_t id = 1; id <= 3; id++) {
		outbox_leave_for(f->store, "ann", TEST_NOW);
		assert_int_equal(outbox_look(f->store)->count, 1);
		assert_int_equal(outbox_look(f->store)->entry[0].id, id);
		change_to = outbox_change_of(&outbox_look(f->store)->entry[0]);
		change_to.is_done = true;
		outbox_change(f->store, &change_to);
		pt_store_close(f->store);
		f->store = store_fixture_open(f, PT_STORE_KEEP);
	}
}

static void
what_another_has_changed_is_left_alone(void **state)
{
	struct store_fixture *f = *state;
	struct pt_outbox_change first;
	struct pt_outbox_change second;
	const struct outbox_seen *seen;
	uint64_t version;
	pid_t child;
	int status;

	outbox_leave_for(f->store, "ann", TEST_NOW);
	first = outbox_change_of(&outbox_look(f->store)->entry[0]);
	second = first;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct pt_store *store;
		struct pt_err err;

		if (pt_store_open(f->state, PT_STORE_WRITE, &store, &err) != 0)
			_exit(1);
		first.entry.next_at = TEST_NOW + 60;
		first.entry.tries = 1;
		if (pt_store_change_outbox(store, &first, 1, &err) != 0)
			_exit(2);
		pt_store_close(store);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	version = store_fixture_version(f->store);
	second.entry.next_at = TEST_NOW + 300;
	outbox_change(f->store, &second);
	second.is_done = true;
	outbox_change(f->store, &second);
	seen = outbox_look(f->store);
	assert_int_equal(seen->count, 1);
	assert_int_equal(seen->entry[0].next_at, TEST_NOW + 60);
	assert_int_equal(seen->entry[0].tries, 1);
	assert_int_equal(store_fixture_version(f->store), version);
}

static void
changes_of_a_batch_stand_together(void **state)
{
	static struct pt_outbox_change changes[PT_BATCH_MAX + 1];
	struct store_fixture *f = *state;
	uint64_t version;
	struct pt_err err;

	for (int i = 0; i < 4; i++)
		outbox_leave_for(f->store, "ann", TEST_NOW + i);
	for (size_t i = 0; i < 4; i++)
		changes[i] = outbox_change_of(&outbox_look(f->store)->entry[i]);
	changes[1].is_done = true;
	changes[2].entry.gave_up = true;
	(void)pt_text_copy(
	    changes[3].entry.error, sizeof(changes[3].entry.error), "\x01");
	version = store_fixture_version(f->store);
	assert_int_equal(
	    pt_store_change_outbox(f->store, changes, 4, &err), -1);
	assert_int_equal(err.kind, PT_ERR_INPUT);
	assert_int_equal(outbox_look(f->store)->count, 4);
	assert_int_equal(store_fixture_version(f->store), version);
	changes[3].entry.error[0] = '\0';
	assert_int_equal(pt_store_change_outbox(f->store, changes, 4, &err), 0);
	assert_int_equal(store_fixture_version(f->store), version + 1);
	assert_int_equal(outbox_look(f->store)->count, 3);
	assert_int_equal(outbox_look(f->store)->entry[2].id, 3);
	assert_int_equal(pt_store_change_outbox(f->store, changes, 0, &err), 0);
	assert_int_equal(
	    pt_store_change_outbox(f->store, changes, PT_BATCH_MAX + 1, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
}

static void
a_damaged_entry_hides_no_other(void **state)
{
	struct store_fixture *f = *state;
	unsigned char key[STORE_OUTBOX_KEY_LEN];
	MDB_val nonsense = {3, (void *)(uintptr_t) "\x01\xff\x01"};

	outbox_leave_for(f->store, "ann", TEST_NOW);
	pt_store_outbox_key(PT_OUTBOX_ENDED, 0, 99, key);
	store_raw_put(&f->store->accounts, STORE_OUTBOX,
	    (MDB_val){sizeof(key), key}, nonsense);
	store_raw_put(
	    &f->store->accounts, STORE_OUTBOX, (MDB_val){1, key}, nonsense);
	assert_int_equal(outbox_look(f->store)->count, 1);
	assert_int_equal(outbox_look(f->store)->damaged, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_notice_comes_back_as_it_was_left),
	    STORE_TEST(
		what_is_due_first_stands_first_and_what_was_given_up_last),
	    STORE_TEST(the_end_of_access_stands_in_front_also_when_changed),
	    STORE_TEST(who_has_seen_enough_stops),
	    STORE_TEST(a_change_moves_the_entry),
	    STORE_TEST(an_id_is_never_given_twice),
	    STORE_TEST(what_another_has_changed_is_left_alone),
	    STORE_TEST(changes_of_a_batch_stand_together),
	    STORE_TEST(a_damaged_entry_hides_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
