/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#define _DEFAULT_SOURCE /* truncate() */

#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/support/store_fixture.h"
#include "tests/unit/support/store_raw.h"

static void
test_damaged_record_fails_alone(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login alice = test_login("alice@example.com");
	struct pt_login bob = test_login("bob@example.com");
	uint64_t totals[2] = {0, 0};
	struct pt_update updates[2] = {
	    {.login = &alice, .fn = store_fixture_count, .arg = &totals[0]},
	    {.login = &bob, .fn = store_fixture_count, .arg = &totals[1]},
	};
	struct pt_err err;

	store_raw_damage(f->store, STORE_RECORDS, alice.text, "\x01\xff\xff");
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, updates, 2, &err), 0);
	assert_int_not_equal(updates[0].failed, PT_ERR_NONE);
	assert_int_equal(totals[0], 0);
	assert_int_equal(updates[1].failed, PT_ERR_NONE);
	assert_int_equal(totals[1], 1);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &alice, store_fixture_count, &totals[0], &err),
	    -1);
	assert_non_null(strstr(err.text, "alice@example.com"));
}

static void
test_damaged_record_is_replaced_only_when_told(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login alice = test_login("alice@example.com");
	uint64_t total = 0;
	struct pt_update update = {
	    .login = &alice, .fn = store_fixture_count, .arg = &total};
	struct pt_err err;

	store_raw_damage(f->store, STORE_RECORDS, alice.text, "\x01\xff\xff");
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	assert_int_equal(update.failed, PT_ERR_DAMAGED);
	update.replace_damaged = PT_REPLACE_ACTIVITY;
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	assert_int_equal(update.failed, PT_ERR_NONE);
	assert_int_equal(total, 1);
	assert_int_equal(store_fixture_total(f->store, &alice), 1);
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
fill_and_close(struct store_fixture *f)
{
	char name[32];
	int i;

	for (i = 0; i < 2000; i++) {
		(void)snprintf(name, sizeof(name), "user%d@example.com", i);
		store_fixture_count_for(f->store, name);
	}
	pt_store_close(f->store);
	f->store = NULL;
}

static void
damage_and_reopen(struct store_fixture *f, off_t at, size_t len)
{
	struct pt_login login = test_login("user1@example.com");
	char path[400];

	fill_and_close(f);
	(void)snprintf(path, sizeof(path), "%s/activity/data.mdb", f->state);
	write_file(path, at, len);
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	assert_non_null(pt_store_set_aside(f->store));
	assert_int_equal(access(pt_store_set_aside(f->store), F_OK), 0);
	assert_int_equal(store_fixture_total(f->store, &login), 0);
	store_fixture_count_for(f->store, "user1@example.com");
	assert_int_equal(store_fixture_total(f->store, &login), 1);
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
	struct store_fixture *f = *state;
	char path[400];

	fill_and_close(f);
	(void)snprintf(path, sizeof(path), "%s/activity/data.mdb", f->state);
	assert_int_equal(truncate(path, 3 * 4096), 0);
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	assert_non_null(pt_store_set_aside(f->store));
}

static void
test_sound_activity_is_kept_when_opening(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("user1@example.com");

	fill_and_close(f);
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	assert_null(pt_store_set_aside(f->store));
	assert_int_equal(store_fixture_total(f->store, &login), 1);
}

static void
test_damaged_activity_in_use_is_not_set_aside(void **state)
{
	struct store_fixture *f = *state;
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
	struct store_fixture *f = *state;
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(test_damaged_record_fails_alone),
	    STORE_TEST(test_damaged_record_is_replaced_only_when_told),
	    STORE_TEST(test_damaged_activity_is_set_aside_and_started_empty),
	    STORE_TEST(
		test_overwritten_activity_pages_are_noticed_when_opening),
	    STORE_TEST(test_truncated_activity_is_noticed_when_opening),
	    STORE_TEST(test_sound_activity_is_kept_when_opening),
	    STORE_TEST(test_damaged_activity_in_use_is_not_set_aside),
	    STORE_TEST(test_damaged_accounts_are_never_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
