/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Which logins have something pending, as the store knows without a walk. */

#include <string.h>

#include "tests/unit/support/store_fixture.h"
#include "tests/unit/support/store_raw.h"

static void
set_block(struct pt_records *records, void *arg)
{
	records->activity->block.reason = *(const unsigned char *)arg;
	records->activity->block.at = TEST_NOW;
	records->activity_changed = true;
}

static void
set_pending(struct pt_store *store, const char *name, unsigned char reason)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(store, PT_UPDATE_ACTIVITY, &login, set_block,
		&reason, &err) != 0)
		fail_msg("update: %s", err.text);
}

struct seen {
	unsigned max;
	unsigned count;
	char names[400]; /* with a blank behind each */
};

static bool
see(const struct pt_login *login, void *arg)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->names);

	(void)snprintf(seen->names + len, sizeof(seen->names) - len, "%.*s ",
	    (int)login->at, login->text);
	seen->count++;
	return seen->count < seen->max;
}

static struct seen
look(struct pt_store *store, unsigned max)
{
	struct seen seen = {.max = max};
	struct pt_err err;

	if (pt_store_each_pending(store, NULL, see, &seen, &err) != 0)
		fail_msg("walk: %s", err.text);
	return seen;
}

static void
a_login_is_listed_as_long_as_its_block_is_pending(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store_usage before;
	struct pt_store_usage after;
	struct pt_err err;

	assert_int_equal(look(f->store, 9).count, 0);
	store_fixture_count_for(f->store, "ann");
	store_fixture_count_for(f->store, "bob");
	assert_int_equal(look(f->store, 9).count, 0);
	assert_int_equal(pt_store_usage(f->store, &before, &err), 0);

	set_pending(f->store, "bob", PT_BLOCK_CRACKED);
	set_pending(f->store, "cyd", PT_BLOCK_CONNECTIONS);
	assert_string_equal(look(f->store, 9).names, "bob cyd ");
	/* What else is written changes nothing, in whatever record. */
	store_fixture_count_for(f->store, "ann");
	store_fixture_count_for(f->store, "bob");
	store_fixture_use_for(f->store, "cyd");
	set_pending(f->store, "bob", PT_BLOCK_QUOTA);
	assert_string_equal(look(f->store, 9).names, "bob cyd ");
	assert_string_equal(look(f->store, 1).names, "bob ");

	set_pending(f->store, "bob", PT_BLOCK_NONE);
	assert_string_equal(look(f->store, 9).names, "cyd ");
	set_pending(f->store, "cyd", PT_BLOCK_NONE);
	assert_int_equal(look(f->store, 9).count, 0);
	assert_int_equal(pt_store_usage(f->store, &after, &err), 0);
	assert_int_equal(after.activities, before.activities + 1);
}

static void
delete_activity(struct pt_records *records, void *arg)
{
	(void)arg;
	records->activity_deleted = true;
}

static void
a_record_that_is_deleted_is_listed_no_more(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct pt_err err;

	f->store->key_mask = 0; /* every login hashes to 0 */
	set_pending(f->store, "ann", PT_BLOCK_CRACKED);
	set_pending(f->store, "bob", PT_BLOCK_CRACKED);
	/* It leaves an empty record, because bob's stands behind it. */
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, delete_activity, NULL, &err),
	    0);
	assert_string_equal(look(f->store, 9).names, "bob ");
	login = test_login("bob");
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, delete_activity, NULL, &err),
	    0);
	assert_int_equal(look(f->store, 9).count, 0);
}

static void
set_notice(struct pt_records *records, void *arg)
{
	records->activity->notice.kind = *(const unsigned char *)arg;
	records->activity->notice.at = TEST_NOW;
	records->activity_changed = true;
}

static void
set_notice_of(struct pt_store *store, const char *name, unsigned char kind)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(store, PT_UPDATE_ACTIVITY, &login, set_notice,
		&kind, &err) != 0)
		fail_msg("update: %s", err.text);
}

static void
a_login_is_listed_for_a_pending_notice_too(void **state)
{
	struct store_fixture *f = *state;

	set_notice_of(f->store, "ann", PT_NOTICE_LIMIT_SOON);
	set_notice_of(f->store, "bob", PT_NOTICE_PENALTY);
	assert_string_equal(look(f->store, 9).names, "ann bob ");
	set_pending(f->store, "ann", PT_BLOCK_CRACKED);
	set_notice_of(f->store, "ann", PT_NOTICE_NONE);
	set_notice_of(f->store, "bob", PT_NOTICE_NONE);
	assert_string_equal(look(f->store, 9).names, "ann ");
	set_notice_of(f->store, "ann", PT_NOTICE_PENALTY);
	set_pending(f->store, "ann", PT_BLOCK_NONE);
	assert_string_equal(look(f->store, 9).names, "ann ");
	set_notice_of(f->store, "ann", PT_NOTICE_NONE);
	assert_int_equal(look(f->store, 9).count, 0);
}

static struct pt_activity activity;

static void
set_text(struct pt_records *records, void *arg)
{
	records->account->exists = true;
	(void)pt_words_add(&records->account->senders, arg);
	records->account_changed = true;
	set_block(records, &(unsigned char){PT_BLOCK_CRACKED});
}

static void
an_update_that_cannot_be_stored_lists_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	static struct pt_account account;
	char text[] = "\x01";
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, set_text, text, &err),
	    -1);
	assert_int_equal(
	    pt_store_read(f->store, &login, &account, &activity, NULL, &err),
	    0);
	assert_int_equal(activity.block.reason, PT_BLOCK_NONE);
	assert_int_equal(look(f->store, 9).count, 0);
}

static void
a_damaged_record_that_is_replaced_is_listed_no_more(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct pt_update update = {.login = &login,
	    .replace_damaged = PT_REPLACE_ACTIVITY,
	    .fn = delete_activity};
	unsigned char key[STORE_KEY_LEN];
	struct pt_err err;

	set_pending(f->store, "ann", PT_BLOCK_CRACKED);
	pt_store_activity_key(pt_store_key(f->store, &login), key);
	store_raw_put(&f->store->activity, STORE_RECORDS,
	    (MDB_val){sizeof(key), key},
	    (MDB_val){3, (void *)(uintptr_t) "\x01\xff\x01"});
	assert_string_equal(look(f->store, 9).names, "ann ");
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	assert_int_equal(update.failed, PT_ERR_NONE);
	assert_int_equal(look(f->store, 9).count, 0);
}

static void
an_entry_that_should_not_be_there_goes_with_the_next_write(void **state)
{
	static const MDB_val nothing = {0, (void *)(uintptr_t) ""};
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");

	store_raw_put(&f->store->activity, STORE_PENDING,
	    (MDB_val){login.len, login.text}, nothing);
	store_raw_put(&f->store->activity, STORE_PENDING,
	    (MDB_val){1, (void *)(uintptr_t) "~"}, nothing);
	assert_string_equal(look(f->store, 9).names, "ann ");
	store_fixture_count_for(f->store, "ann");
	assert_int_equal(look(f->store, 9).count, 0);
}

static void
a_backup_has_the_list(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store *copy;
	struct pt_err err;
	char dir[320];

	set_pending(f->store, "ann", PT_BLOCK_CRACKED);
	(void)snprintf(dir, sizeof(dir), "%s/backup", f->dir);
	assert_int_equal(pt_store_backup(f->store, dir, &err), 0);
	assert_int_equal(pt_store_open(dir, PT_STORE_READ, &copy, &err), 0);
	assert_string_equal(look(copy, 9).names, "ann ");
	pt_store_close(copy);
	assert_int_equal(pt_store_open(dir, PT_STORE_KEEP, &copy, &err), 0);
	assert_null(pt_store_set_aside(copy));
	assert_string_equal(look(copy, 9).names, "ann ");
	pt_store_close(copy);
}

struct glance {
	unsigned char reason; /* of the pending block */
	uint64_t messages;
	bool change;
};

static void
glance_at(struct pt_records *records, void *arg)
{
	struct glance *glance = arg;

	glance->reason = records->activity->block.reason;
	glance->messages = records->activity->total[PT_COUNT_MESSAGES];
	records->activity_changed = glance->change;
}

static int
glance(struct pt_store *store, const char *name, struct glance *glance)
{
	struct pt_login login = test_login(name);
	struct pt_update update = {
	    .login = &login,
	    .block_only = true,
	    .fn = glance_at,
	    .arg = glance,
	};
	struct pt_err err;

	assert_int_equal(
	    pt_store_update(store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	return update.failed == PT_ERR_NONE ? 0 : -1;
}

static void
who_wants_the_block_only_reads_activity_only_when_there_is_one(void **state)
{
	struct store_fixture *f = *state;
	struct glance seen = {.reason = PT_BLOCK_ADMIN};

	store_fixture_count_for(f->store, "ann");
	assert_int_equal(glance(f->store, "ann", &seen), 0);
	assert_int_equal(seen.reason, PT_BLOCK_NONE);
	assert_true(seen.messages == 0);
	set_pending(f->store, "ann", PT_BLOCK_CRACKED);
	assert_int_equal(glance(f->store, "ann", &seen), 0);
	assert_int_equal(seen.reason, PT_BLOCK_CRACKED);
	/* What was not wanted cannot be changed by mistake. */
	seen.change = true;
	assert_int_equal(glance(f->store, "bob", &seen), -1);
	seen.change = false;
	set_pending(f->store, "ann", PT_BLOCK_NONE);
	assert_int_equal(glance(f->store, "ann", &seen), 0);
	assert_int_equal(seen.reason, PT_BLOCK_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_login_is_listed_as_long_as_its_block_is_pending),
	    STORE_TEST(a_login_is_listed_for_a_pending_notice_too),
	    STORE_TEST(a_record_that_is_deleted_is_listed_no_more),
	    STORE_TEST(an_update_that_cannot_be_stored_lists_nothing),
	    STORE_TEST(a_damaged_record_that_is_replaced_is_listed_no_more),
	    STORE_TEST(
		an_entry_that_should_not_be_there_goes_with_the_next_write),
	    STORE_TEST(a_backup_has_the_list),
	    STORE_TEST(
		who_wants_the_block_only_reads_activity_only_when_there_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
