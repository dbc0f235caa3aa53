/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* history: the order of what it shows. */

#include "core/base/attr.h"
#include "core/base/text.h"
#include "ctl/history_order.h"
#include "tests/unit/ctl_fixture.h"

#define ENTRIES_MAX 400

struct written {
	const char *login;
	int64_t at;
	const char *detail;
};

/* As they were written; by login, and by number, they are in another order. */
static const struct written written[] = {
    {"zoe@example.com", TEST_NOW, "first"},
    {"ann@example.com", TEST_NOW + 20, "third"},
    {"bob@example.com", TEST_NOW + 10, "second"},
    {"ann@example.com", TEST_NOW + 40, "fifth"},
    {"zoe@example.com", TEST_NOW + 30, "fourth"},
    {"bob@example.com", TEST_NOW + 40, "sixth"},
    {"ann@example.com", TEST_NOW + 40, "seventh"},
};

static const char *const in_order[] = {
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh"};

static void
leave_note(struct pt_records *records, void *arg)
{
	struct pt_history_note *note = &records->trail.note;
	const struct written *entry = arg;

	records->account->created_at = TEST_NOW;
	records->account_changed = true;
	note->at = entry->at;
	(void)pt_text_copy(note->who, sizeof(note->who), "root");
	(void)pt_text_copy(note->what, sizeof(note->what), "set");
	(void)pt_text_copy(note->detail, sizeof(note->detail), entry->detail);
}

/* In one transaction; n at most PT_BATCH_MAX. */
static void
write_entries(struct pt_store *store, struct written *entries, size_t n)
{
	struct pt_update updates[PT_BATCH_MAX];
	struct pt_login logins[PT_BATCH_MAX];
	struct pt_err err = {.kind = PT_ERR_NONE};
	size_t i;

	assert_in_range(n, 1, PT_BATCH_MAX);
	memset(updates, 0, sizeof(updates));
	for (i = 0; i < n; i++) {
		logins[i] = test_login(entries[i].login);
		updates[i].login = &logins[i];
		updates[i].fn = leave_note;
		updates[i].arg = &entries[i];
	}
	if (pt_store_update(store, PT_UPDATE_ACCOUNT, updates, n, &err) != 0 ||
	    err.kind != PT_ERR_NONE)
		fail_msg("%s", err.text);
}

static struct pt_store *
open_written(const struct fixture *f)
{
	struct pt_store *store = fixture_open_store(f);
	struct written entry;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(written); i++) {
		entry = written[i];
		write_entries(store, &entry, 1);
	}
	return store;
}

struct seen {
	size_t count;
	size_t max; /* then it wants no more; 0: never */
	struct pt_history entries[ENTRIES_MAX];
};

static bool
note_seen(const struct pt_history *entry, void *arg)
{
	struct seen *seen = arg;

	assert_in_range(seen->count, 0, ENTRIES_MAX - 1);
	seen->entries[seen->count++] = *entry;
	return seen->count != seen->max;
}

static void
expect_from(const struct seen *seen, size_t first, size_t count)
{
	size_t i;

	assert_int_equal(seen->count, count);
	for (i = 0; i < count; i++)
		assert_string_equal(
		    seen->entries[i].note.detail, in_order[first + i]);
}

static void
all_accounts_are_told_by_time_however_few_fit_into_memory(void **state)
{
	static const size_t parts[] = {1, 2, 3, 6, 7, 8, 1000};
	struct pt_store *store = open_written(*state);
	static struct seen seen;
	struct pt_err err;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(parts); i++) {
		seen.count = 0;
		assert_int_equal(pc_history_order_each(store, NULL, parts[i],
				     note_seen, &seen, &err),
		    0);
		expect_from(&seen, 0, PT_ARRAY_LEN(in_order));
	}
	pt_store_close(store);
}

static void
the_last_ones_are_the_newest_of_all(void **state)
{
	struct pt_store *store = open_written(*state);
	size_t all = PT_ARRAY_LEN(in_order);
	static struct seen seen;
	struct pt_err err;
	size_t count;
	size_t shown;

	for (count = 1; count <= all + 1; count++) {
		shown = count < all ? count : all;
		seen.count = 0;
		assert_int_equal(pc_history_order_last(store, NULL, count,
				     note_seen, &seen, &err),
		    0);
		expect_from(&seen, all - shown, shown);
	}
	pt_store_close(store);
}

static void
of_one_account_nothing_else_is_told(void **state)
{
	struct pt_store *store = open_written(*state);
	struct pt_login ann = test_login("ann@example.com");
	struct pt_login nobody = test_login("an@example.com");
	static struct seen seen;
	struct pt_err err;

	seen.count = 0;
	assert_int_equal(
	    pc_history_order_each(store, &ann, 2, note_seen, &seen, &err), 0);
	assert_int_equal(seen.count, 3);
	assert_string_equal(seen.entries[0].note.detail, "third");
	assert_string_equal(seen.entries[2].note.detail, "seventh");
	seen.count = 0;
	assert_int_equal(
	    pc_history_order_last(store, &ann, 2, note_seen, &seen, &err), 0);
	assert_int_equal(seen.count, 2);
	assert_string_equal(seen.entries[0].note.detail, "fifth");
	seen.count = 0;
	assert_int_equal(
	    pc_history_order_each(store, &nobody, 2, note_seen, &seen, &err),
	    0);
	assert_int_equal(seen.count, 0);
	pt_store_close(store);
}

static void
who_has_seen_enough_is_told_no_more(void **state)
{
	struct pt_store *store = open_written(*state);
	static struct seen seen = {.max = 3};
	struct pt_err err;

	assert_int_equal(
	    pc_history_order_each(store, NULL, 2, note_seen, &seen, &err), 0);
	expect_from(&seen, 0, 3);
	pt_store_close(store);
}

/* A heap that is wrong somewhere shows it sooner or later. */
static void
any_order_of_writing_is_told_by_time(void **state)
{
	static const char *const logins[] = {
	    "ann@example.com", "bob@example.com", "zoe@example.com"};
	struct pt_store *store = fixture_open_store(*state);
	static struct seen seen;
	static struct written entries[100];
	struct written *entry;
	uint64_t random = 7;
	struct pt_err err;
	size_t i;

	for (i = 0; i < ENTRIES_MAX; i++) {
		entry = &entries[i % PT_ARRAY_LEN(entries)];
		entry->login =
		    logins[test_random_below(&random, PT_ARRAY_LEN(logins))];
		entry->at = TEST_NOW + (int64_t)test_random_below(&random, 99);
		entry->detail = "x";
		if ((i + 1) % PT_ARRAY_LEN(entries) == 0)
			write_entries(store, entries, PT_ARRAY_LEN(entries));
	}
	for (i = 1; i < 300; i += 37) {
		seen.count = 0;
		assert_int_equal(pc_history_order_each(
				     store, NULL, i, note_seen, &seen, &err),
		    0);
		assert_int_equal(seen.count, ENTRIES_MAX);
		for (size_t k = 1; k < seen.count; k++)
			assert_true(seen.entries[k - 1].note.at <=
				    seen.entries[k].note.at);
	}
	pt_store_close(store);
}

static void
the_command_shows_the_oldest_first(void **state)
{
	struct fixture *f = *state;
	const char *at;
	size_t i;

	pt_store_close(open_written(f));
	fixture_run(f, 0, "history -f tab");
	at = f->out;
	for (i = 0; i < PT_ARRAY_LEN(in_order); i++) {
		at = strstr(at, in_order[i]);
		assert_non_null(at);
	}
	fixture_run(f, 0, "history -n 2 -f tab");
	fixture_said(f, "\tsixth\n");
	fixture_said(f, "\tseventh\n");
	assert_null(strstr(f->out, "fifth"));
	fixture_run(f, 0, "history -n 1 -f tab zoe@example.com");
	fixture_said(f, "\tfourth\n");
	assert_null(strstr(f->out, "first"));
	fixture_run(f, 64, "history -n 0");
}

#define HISTORY_TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    HISTORY_TEST(
		all_accounts_are_told_by_time_however_few_fit_into_memory),
	    HISTORY_TEST(the_last_ones_are_the_newest_of_all),
	    HISTORY_TEST(of_one_account_nothing_else_is_told),
	    HISTORY_TEST(who_has_seen_enough_is_told_no_more),
	    HISTORY_TEST(any_order_of_writing_is_told_by_time),
	    HISTORY_TEST(the_command_shows_the_oldest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
