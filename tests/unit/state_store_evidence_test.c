/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Evidence records in the store. */

#include <string.h>

#include "tests/unit/support/store_fixture.h"
#include "tests/unit/support/store_raw.h"

static int
run(struct pt_store *store, enum pt_update_scope scope, const char *name,
    pt_update_fn *fn, void *arg)
{
	struct pt_update update = {.evidence = true, .fn = fn, .arg = arg};

	return store_fixture_update(store, scope, name, update);
}

static void
wants_no_evidence(struct pt_records *records, void *arg)
{
	(void)arg;
	assert_null(records->evidence);
	records->evidence_changed = true;
	records->evidence_deleted = true;
}

static void
evidence_is_there_for_who_asks(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct pt_err err;
	uint64_t total = 0;

	assert_int_equal(store_fixture_bounces(f->store, "ann"), 0);
	store_fixture_bounce_for(f->store, "ann");
	assert_int_equal(run(f->store, PT_UPDATE_ACCOUNT, "ann",
			     store_fixture_bounce, &total),
	    0);
	assert_int_equal(total, 2);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, wants_no_evidence, NULL, &err),
	    0);
	assert_int_equal(store_fixture_bounces(f->store, "ann"), 2);
	assert_int_equal(store_fixture_total(f->store, &login), 0);
	assert_int_equal(store_fixture_logins(f->store, "ann"), 0);
}

/* The charge of a message, and what the milter notes of it. */
static void
charge_with_evidence(struct pt_records *records, void *arg)
{
	uint64_t total;

	store_fixture_count(records, arg);
	store_fixture_bounce(records, &total);
}

static void
one_transaction_changes_activity_and_evidence(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	uint64_t total = 0;

	for (uint64_t i = 1; i <= 3; i++) {
		assert_int_equal(run(f->store, PT_UPDATE_ACTIVITY, "ann",
				     charge_with_evidence, &total),
		    0);
		assert_int_equal(store_fixture_total(f->store, &login), i);
		assert_int_equal(store_fixture_bounces(f->store, "ann"), i);
	}
}

/* In one batch, of one login and of several, of all kinds. */
static void
a_batch_mixes_updates_of_all_kinds(void **state)
{
	static pt_update_fn *const fns[] = {
	    store_fixture_count, store_fixture_use, store_fixture_bounce};
	struct store_fixture *f = *state;
	struct pt_login logins[3] = {
	    test_login("ann"), test_login("bob"), test_login("cyd")};
	struct pt_update updates[18] = {0};
	uint64_t totals[18];
	struct pt_err err;

	for (size_t i = 0; i < 18; i++) {
		updates[i].login = &logins[i % 3];
		updates[i].usage = i / 3 % 3 == 1;
		updates[i].evidence = i / 3 % 3 == 2;
		updates[i].fn = fns[i / 3 % 3];
		updates[i].arg = &totals[i];
	}
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, updates, 18, &err),
	    0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(
		    store_fixture_bounces(f->store, logins[i].text), 2);
		assert_int_equal(
		    store_fixture_logins(f->store, logins[i].text), 2);
		assert_int_equal(store_fixture_total(f->store, &logins[i]), 2);
	}
}

static void
fill(struct pt_records *records, void *arg)
{
	struct pt_evidence *evidence = records->evidence;

	(void)arg;
	evidence->sent_count = PT_SENT_MAX;
	for (unsigned i = 0; i < PT_SENT_MAX; i++)
		evidence->sent[i] = (struct pt_sent){i + 1, i, i};
	records->evidence_changed = true;
}

static void
a_full_record_comes_back(void **state)
{
	static struct pt_evidence evidence;
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct pt_err err;

	assert_int_equal(
	    run(f->store, PT_UPDATE_ACTIVITY, "ann", fill, NULL), 0);
	assert_int_equal(
	    pt_store_read_evidence(f->store, &login, &evidence, &err), 0);
	assert_true(evidence.exists);
	assert_int_equal(evidence.sent_count, PT_SENT_MAX);
	for (unsigned i = 0; i < PT_SENT_MAX; i++) {
		assert_int_equal(evidence.sent[i].message, i + 1);
		assert_int_equal(evidence.sent[i].recipients, i);
		assert_int_equal(evidence.sent[i].left, i);
	}
}

static void
delete_leaves_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store_usage usage;

	store_fixture_bounce_for(f->store, "ann");
	store_fixture_bounce_for(f->store, "bob");
	store_fixture_count_for(f->store, "ann");
	assert_int_equal(store_fixture_usage(f->store).evidences, 2);
	store_fixture_delete_for(f->store, "ann");
	assert_int_equal(store_fixture_bounces(f->store, "ann"), 0);
	usage = store_fixture_usage(f->store);
	assert_int_equal(usage.evidences, 1);
	assert_int_equal(usage.activities, 0);
	/* Nothing to delete is no failure. */
	store_fixture_delete_for(f->store, "ann");
}

static void
logins_with_one_key_are_kept_apart(void **state)
{
	struct store_fixture *f = *state;

	store_fixture_collide(
	    f, store_fixture_bounce_for, store_fixture_bounces);
	store_fixture_delete_for(f->store, "u4");
	assert_int_equal(store_fixture_bounces(f->store, "u4"), 0);
	assert_int_equal(store_fixture_bounces(f->store, "u9"), 3);
}

static void
a_damaged_record_harms_only_who_wants_it(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct pt_update update = {.login = &login, .evidence = true};
	struct pt_evidence evidence;
	struct pt_err err;
	uint64_t total = 0;

	store_raw_damage(f->store, STORE_EVIDENCE, "ann", "\x01\x01\x01");
	assert_int_equal(
	    pt_store_read_evidence(f->store, &login, &evidence, &err), -1);
	assert_int_equal(err.kind, PT_ERR_DAMAGED);
	assert_non_null(strstr(err.text, "evidence record of ann@example.com"));
	store_fixture_count_for(f->store, "ann");
	store_fixture_use_for(f->store, "ann");
	assert_int_equal(store_fixture_total(f->store, &login), 1);
	assert_int_equal(run(f->store, PT_UPDATE_ACTIVITY, "ann",
			     store_fixture_bounce, &total),
	    -1);
	update.fn = store_fixture_bounce;
	update.arg = &total;
	update.replace_damaged = PT_REPLACE_ACTIVITY;
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	assert_int_equal(update.failed, PT_ERR_DAMAGED);
	update.replace_damaged = PT_REPLACE_EVIDENCE;
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	assert_int_equal(update.failed, PT_ERR_NONE);
	assert_int_equal(store_fixture_bounces(f->store, "ann"), 1);
	assert_int_equal(store_fixture_total(f->store, &login), 1);
}

static void
a_backup_has_the_evidence(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store *copy;

	store_fixture_bounce_for(f->store, "ann");
	copy = store_fixture_backup(f);
	assert_int_equal(store_fixture_bounces(copy, "ann"), 1);
	/* Its hashes can be made again: they are keyed with this. */
	assert_memory_equal(pt_store_token_key(copy),
	    pt_store_token_key(f->store), PT_STORE_TOKEN_KEY_BYTES);
	pt_store_close(copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(evidence_is_there_for_who_asks),
	    STORE_TEST(one_transaction_changes_activity_and_evidence),
	    STORE_TEST(a_batch_mixes_updates_of_all_kinds),
	    STORE_TEST(a_full_record_comes_back),
	    STORE_TEST(delete_leaves_nothing),
	    STORE_TEST(logins_with_one_key_are_kept_apart),
	    STORE_TEST(a_damaged_record_harms_only_who_wants_it),
	    STORE_TEST(a_backup_has_the_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
