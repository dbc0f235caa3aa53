/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Usage records in the store. */

#include <string.h>

#include "tests/unit/support/store_fixture.h"
#include "tests/unit/support/store_raw.h"

static int
run(struct pt_store *store, enum pt_update_scope scope, const char *name,
    pt_update_fn *fn, void *arg)
{
	struct pt_update update = {.usage = true, .fn = fn, .arg = arg};

	return store_fixture_update(store, scope, name, update);
}

static void
wants_no_usage(struct pt_records *records, void *arg)
{
	(void)arg;
	assert_null(records->usage);
	records->usage_changed = true;
	records->usage_deleted = true;
}

static void
usage_is_there_for_who_asks(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct pt_err err;
	uint64_t total = 0;

	assert_int_equal(store_fixture_logins(f->store, "ann"), 0);
	store_fixture_use_for(f->store, "ann");
	assert_int_equal(
	    run(f->store, PT_UPDATE_ACCOUNT, "ann", store_fixture_use, &total),
	    0);
	assert_int_equal(total, 2);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, wants_no_usage, NULL, &err),
	    0);
	assert_int_equal(store_fixture_logins(f->store, "ann"), 2);
	assert_int_equal(store_fixture_total(f->store, &login), 0);
}

static void
a_read_gives_what_is_wanted(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct pt_activity activity;
	struct pt_account account;
	struct pt_usage usage;
	struct pt_err err;

	store_fixture_use_for(f->store, "ann");
	store_fixture_count_for(f->store, "ann");
	memset(&account, 0xee, sizeof(account));
	assert_int_equal(
	    pt_store_read(f->store, &login, &account, NULL, NULL, &err), 0);
	assert_false(account.exists);
	assert_int_equal(
	    pt_store_read(f->store, &login, &account, &activity, NULL, &err),
	    0);
	assert_int_equal(activity.total[PT_COUNT_MESSAGES], 1);
	activity.total[PT_COUNT_MESSAGES] = 0;
	assert_int_equal(
	    pt_store_read(f->store, &login, &account, &activity, &usage, &err),
	    0);
	assert_int_equal(activity.total[PT_COUNT_MESSAGES], 1);
	assert_int_equal(usage.logins_total, 1);
}

/* In one batch, of one login and of several, with usage and without. */
static void
a_batch_mixes_updates_of_both_kinds(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login logins[3] = {
	    test_login("ann"), test_login("bob"), test_login("cyd")};
	struct pt_update updates[12] = {0};
	uint64_t totals[12];
	struct pt_err err;

	for (size_t i = 0; i < 12; i++) {
		updates[i].login = &logins[i % 3];
		updates[i].usage = i % 2 == 0;
		updates[i].fn =
		    i % 2 == 0 ? store_fixture_use : store_fixture_count;
		updates[i].arg = &totals[i];
	}
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, updates, 12, &err),
	    0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(
		    store_fixture_logins(f->store, logins[i].text), 2);
		assert_int_equal(store_fixture_total(f->store, &logins[i]), 2);
	}
}

static void
delete_leaves_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store_usage usage;

	store_fixture_use_for(f->store, "ann");
	store_fixture_use_for(f->store, "bob");
	store_fixture_count_for(f->store, "ann");
	assert_int_equal(store_fixture_usage(f->store).usages, 2);
	store_fixture_delete_for(f->store, "ann");
	assert_int_equal(store_fixture_logins(f->store, "ann"), 0);
	usage = store_fixture_usage(f->store);
	assert_int_equal(usage.usages, 1);
	assert_int_equal(usage.activities, 0);
	/* Nothing to delete is no failure. */
	store_fixture_delete_for(f->store, "ann");
}

static void
logins_with_one_key_are_kept_apart(void **state)
{
	struct store_fixture *f = *state;

	store_fixture_collide(f, store_fixture_use_for, store_fixture_logins);
	assert_int_equal(
	    run(f->store, PT_UPDATE_ACTIVITY, "u4", store_fixture_delete, NULL),
	    -1);
	store_fixture_delete_for(f->store, "u4");
	assert_int_equal(store_fixture_logins(f->store, "u4"), 0);
	assert_int_equal(store_fixture_logins(f->store, "u9"), 3);
}

static void
a_damaged_record_harms_only_who_wants_it(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct pt_update update = {.login = &login, .usage = true};
	struct pt_account account;
	struct pt_usage usage;
	struct pt_err err;
	uint64_t total = 0;

	store_raw_damage(f->store, STORE_USAGE, "ann", "\x01\xff\x01");
	assert_int_equal(
	    pt_store_read(f->store, &login, &account, NULL, &usage, &err), -1);
	assert_int_equal(err.kind, PT_ERR_DAMAGED);
	assert_non_null(strstr(err.text, "usage record of ann@example.com"));
	store_fixture_count_for(f->store, "ann");
	assert_int_equal(store_fixture_total(f->store, &login), 1);
	assert_int_equal(
	    run(f->store, PT_UPDATE_ACTIVITY, "ann", store_fixture_use, &total),
	    -1);
	update.fn = store_fixture_use;
	update.arg = &total;
	update.replace_damaged = PT_REPLACE_USAGE;
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	assert_int_equal(update.failed, PT_ERR_NONE);
	assert_int_equal(store_fixture_logins(f->store, "ann"), 1);
	assert_int_equal(store_fixture_total(f->store, &login), 1);
}

struct seen {
	unsigned sound;
	unsigned damaged;
};

static bool
see(const struct pt_usage *usage, const struct pt_err *err, void *arg)
{
	struct seen *seen = arg;

	if (usage == NULL) {
		assert_int_equal(err->kind, PT_ERR_DAMAGED);
		seen->damaged++;
	} else {
		assert_true(usage->exists);
		assert_int_equal(usage->logins_total, 1);
		seen->sound++;
	}
	return seen->sound < 10;
}

static void
a_walk_sees_each_record_until_it_is_stopped(void **state)
{
	struct store_fixture *f = *state;
	struct seen seen = {0, 0};
	char name[32];
	struct pt_err err;

	for (int i = 0; i < 9; i++) {
		(void)snprintf(name, sizeof(name), "u%d@example.com", i);
		store_fixture_use_for(f->store, name);
	}
	store_raw_damage(f->store, STORE_USAGE, "ann", "\x01\xff\x01");
	store_fixture_count_for(f->store, "bob");
	assert_int_equal(pt_store_each_usage(f->store, see, &seen, &err), 0);
	assert_int_equal(seen.sound, 9);
	assert_int_equal(seen.damaged, 1);
	for (int i = 9; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "u%d@example.com", i);
		store_fixture_use_for(f->store, name);
	}
	seen = (struct seen){0, 0};
	assert_int_equal(pt_store_each_usage(f->store, see, &seen, &err), 0);
	assert_int_equal(seen.sound, 10);
}

static void
a_backup_has_the_usage(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store *copy;

	store_fixture_use_for(f->store, "ann");
	copy = store_fixture_backup(f);
	assert_int_equal(store_fixture_logins(copy, "ann"), 1);
	pt_store_close(copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(usage_is_there_for_who_asks),
	    STORE_TEST(a_read_gives_what_is_wanted),
	    STORE_TEST(a_batch_mixes_updates_of_both_kinds),
	    STORE_TEST(delete_leaves_nothing),
	    STORE_TEST(logins_with_one_key_are_kept_apart),
	    STORE_TEST(a_damaged_record_harms_only_who_wants_it),
	    STORE_TEST(a_walk_sees_each_record_until_it_is_stopped),
	    STORE_TEST(a_backup_has_the_usage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
