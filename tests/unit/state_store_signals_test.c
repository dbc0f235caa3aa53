/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Signals records in the store. */

#include <string.h>

#include "tests/unit/support/store_fixture.h"
#include "tests/unit/support/store_raw.h"

static struct pt_signals signals;

/* What is counted here: recipients in the sketch. */
static uint64_t
count_of(struct pt_store *store, const char *name)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	memset(&signals, 0xee, sizeof(signals));
	if (pt_store_read_signals(store, &login, &signals, &err) != 0)
		fail_msg("read: %s", err.text);
	assert_true(pt_login_equal(&signals.login, &login));
	if (!signals.exists)
		assert_int_equal(signals.now.count, 0);
	return signals.now.count;
}

static void
enter(struct pt_records *records, void *arg)
{
	(void)arg;
	assert_non_null(records->signals);
	records->signals->now.count++;
	records->signals->now.bits[0] = 1;
	records->signals_changed = true;
}

static void
enter_for(struct pt_store *store, const char *name)
{
	struct pt_update update = {.signals = true, .fn = enter};

	assert_int_equal(
	    store_fixture_update(store, PT_UPDATE_ACTIVITY, name, update), 0);
}

static void
set_plan(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->created_at = TEST_NOW;
	(void)snprintf(
	    records->account->plan, sizeof(records->account->plan), "watched");
	records->account_changed = true;
}

/* As a plan that limits what signals are for. */
static bool
is_watched(const struct pt_account *account, void *arg)
{
	++*(unsigned *)arg;
	return strcmp(account->plan, "watched") == 0;
}

static void
enter_if_watched(struct pt_records *records, void *arg)
{
	(void)arg;
	assert_int_equal(records->signals != NULL,
	    strcmp(records->account->plan, "watched") == 0);
	/* Of a record that is not there this says nothing. */
	records->signals_changed = true;
	records->activity->total[PT_COUNT_MESSAGES]++;
	records->activity_changed = true;
	if (records->signals != NULL)
		enter(records, arg);
}

static void
the_account_says_whether_signals_are_wanted(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login ann = test_login("ann");
	struct pt_login bob = test_login("bob");
	unsigned asked = 0;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT, &ann,
			     set_plan, NULL, &err),
	    0);
	for (int i = 0; i < 2; i++) {
		struct pt_update update = {
		    .signals = i == 1, /* the function has the word */
		    .wants_signals = is_watched,
		    .fn = enter_if_watched,
		    .arg = &asked,
		};

		assert_int_equal(
		    store_fixture_update(f->store, PT_UPDATE_ACTIVITY,
			i == 0 ? "ann" : "bob", update),
		    0);
	}
	assert_int_equal(asked, 2);
	assert_int_equal(count_of(f->store, "ann"), 1);
	assert_int_equal(count_of(f->store, "bob"), 0);
	assert_int_equal(store_fixture_total(f->store, &ann), 1);
	assert_int_equal(store_fixture_total(f->store, &bob), 1);
}

static void
wants_none(struct pt_records *records, void *arg)
{
	(void)arg;
	assert_null(records->signals);
	records->signals_changed = true;
	records->signals_deleted = true;
}

static void
signals_are_there_for_who_asks(void **state)
{
	struct store_fixture *f = *state;
	struct pt_update update = {.fn = wants_none};
	struct pt_store_usage usage;
	struct pt_err err;

	assert_int_equal(count_of(f->store, "ann"), 0);
	enter_for(f->store, "ann");
	enter_for(f->store, "ann");
	enter_for(f->store, "bob");
	assert_int_equal(
	    store_fixture_update(f->store, PT_UPDATE_ACTIVITY, "ann", update),
	    0);
	assert_int_equal(count_of(f->store, "ann"), 2);
	assert_int_equal(count_of(f->store, "bob"), 1);
	assert_int_equal(store_fixture_bounces(f->store, "ann"), 0);
	assert_int_equal(store_fixture_logins(f->store, "ann"), 0);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.signals, 2);
	assert_int_equal(usage.activities, 0);
}

static void
fill(struct pt_records *records, void *arg)
{
	struct pt_signals *to = records->signals;

	(void)arg;
	to->client_count = PT_CLIENTS_MAX;
	for (unsigned i = 0; i < PT_CLIENTS_MAX; i++)
		to->clients[i] = (struct pt_client){i + 1, TEST_NOW + i};
	to->now.count = 300;
	to->before.count = 400;
	for (unsigned i = 0; i < PT_SKETCH_BYTES; i++) {
		to->now.bits[i] = (unsigned char)(i * 37 + 1);
		to->before.bits[i] = (unsigned char)(i * 91 + 5);
	}
	records->signals_changed = true;
}

static void
a_full_record_comes_back(void **state)
{
	struct store_fixture *f = *state;
	struct pt_update update = {.signals = true, .fn = fill};

	assert_int_equal(
	    store_fixture_update(f->store, PT_UPDATE_ACTIVITY, "ann", update),
	    0);
	assert_int_equal(count_of(f->store, "ann"), 300);
	assert_true(signals.exists);
	assert_int_equal(signals.client_count, PT_CLIENTS_MAX);
	for (unsigned i = 0; i < PT_CLIENTS_MAX; i++) {
		assert_int_equal(signals.clients[i].hash, i + 1);
		assert_int_equal(signals.clients[i].at, TEST_NOW + i);
	}
	assert_int_equal(signals.before.count, 400);
	for (unsigned i = 0; i < PT_SKETCH_BYTES; i++) {
		assert_int_equal(
		    signals.now.bits[i], (unsigned char)(i * 37 + 1));
		assert_int_equal(
		    signals.before.bits[i], (unsigned char)(i * 91 + 5));
	}
}

static void
delete_them(struct pt_records *records, void *arg)
{
	(void)arg;
	records->signals_deleted = true;
}

static void
logins_with_one_key_are_kept_apart(void **state)
{
	struct store_fixture *f = *state;
	struct pt_update update = {.signals = true, .fn = delete_them};

	store_fixture_collide(f, enter_for, count_of);
	assert_int_equal(store_fixture_update(f->store, PT_UPDATE_ACTIVITY,
			     "u4@example.com", update),
	    0);
	assert_int_equal(count_of(f->store, "u4@example.com"), 0);
	assert_int_equal(count_of(f->store, "u9@example.com"), 3);
}

static void
a_damaged_record_harms_only_who_wants_it(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann");
	struct pt_update update = {.signals = true, .fn = enter};
	struct pt_err err;

	store_raw_damage(f->store, STORE_SIGNALS, "ann", "\x01\x01\x01");
	assert_int_equal(
	    pt_store_read_signals(f->store, &login, &signals, &err), -1);
	assert_int_equal(err.kind, PT_ERR_DAMAGED);
	assert_non_null(strstr(err.text, "signals record of ann@example.com"));
	store_fixture_count_for(f->store, "ann");
	assert_int_equal(store_fixture_total(f->store, &login), 1);
	update.replace_damaged = PT_REPLACE_EVIDENCE;
	assert_int_equal(
	    store_fixture_update(f->store, PT_UPDATE_ACTIVITY, "ann", update),
	    -1);
	update.replace_damaged = PT_REPLACE_SIGNALS;
	assert_int_equal(
	    store_fixture_update(f->store, PT_UPDATE_ACTIVITY, "ann", update),
	    0);
	assert_int_equal(count_of(f->store, "ann"), 1);
}

struct seen {
	unsigned sound;
	unsigned damaged;
};

static bool
see(const struct pt_signals *record, const struct pt_err *err, void *arg)
{
	struct seen *seen = arg;

	if (record == NULL) {
		assert_int_equal(err->kind, PT_ERR_DAMAGED);
		seen->damaged++;
	} else {
		assert_true(record->exists);
		assert_int_equal(record->now.count, 1);
		seen->sound++;
	}
	return seen->sound < 2;
}

static void
a_walk_sees_each_record_until_it_is_stopped(void **state)
{
	struct store_fixture *f = *state;
	struct seen seen = {0, 0};
	struct pt_err err;

	assert_int_equal(pt_store_each_signals(f->store, see, &seen, &err), 0);
	assert_int_equal(seen.sound + seen.damaged, 0);
	enter_for(f->store, "ann");
	store_raw_damage(f->store, STORE_SIGNALS, "bob", "\x01\x01\x01");
	store_fixture_count_for(f->store, "cyd");
	assert_int_equal(pt_store_each_signals(f->store, see, &seen, &err), 0);
	assert_int_equal(seen.sound, 1);
	assert_int_equal(seen.damaged, 1);
	enter_for(f->store, "cyd");
	enter_for(f->store, "dan");
	seen = (struct seen){0, 0};
	assert_int_equal(pt_store_each_signals(f->store, see, &seen, &err), 0);
	assert_int_equal(seen.sound, 2);
}

static void
a_backup_has_the_signals(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store *copy;

	enter_for(f->store, "ann");
	copy = store_fixture_backup(f);
	assert_int_equal(count_of(copy, "ann"), 1);
	pt_store_close(copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(the_account_says_whether_signals_are_wanted),
	    STORE_TEST(signals_are_there_for_who_asks),
	    STORE_TEST(a_full_record_comes_back),
	    STORE_TEST(logins_with_one_key_are_kept_apart),
	    STORE_TEST(a_damaged_record_harms_only_who_wants_it),
	    STORE_TEST(a_walk_sees_each_record_until_it_is_stopped),
	    STORE_TEST(a_backup_has_the_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
