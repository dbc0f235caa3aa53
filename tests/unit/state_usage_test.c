/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/usage.h"
#include "tests/unit/support/random_log.h"
#include "tests/unit/support/random_usage.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

#define NOW TEST_NOW

static void
start(struct pt_usage *usage)
{
	struct pt_login login = test_login("ann@example.com");

	memset(usage, 0xee, sizeof(*usage));
	pt_usage_init(usage, &login);
}

static void
note(struct pt_usage *usage, uint32_t password, int64_t at)
{
	struct pt_last_use use = {
	    .password = password, .at = at, .protocol = PT_PROTOCOL_IMAP};

	pt_usage_note(usage, &use);
}

static void
a_new_record_is_empty(void **state)
{
	struct pt_usage usage;

	(void)state;
	start(&usage);
	assert_string_equal(usage.login.text, "ann@example.com");
	assert_false(usage.exists);
	assert_int_equal(usage.logins.count, 0);
	assert_int_equal(usage.refused_logins.count, 0);
	assert_int_equal(usage.logins_total, 0);
	for (int i = 0; i < PT_TRAFFICS; i++) {
		assert_int_equal(usage.traffic[i].count, 0);
		assert_int_equal(usage.traffic_total[i], 0);
	}
	assert_int_equal(usage.last_login_at, 0);
	assert_int_equal(usage.pop3_checked_at, 0);
	assert_int_equal(usage.view.checked_at, 0);
	assert_int_equal(usage.view.uidvalidity, 0);
	assert_int_equal(usage.view.uidnext, 0);
	assert_int_equal(usage.sessions.life, 0);
	assert_int_equal(usage.sessions.count, 0);
	assert_int_equal(usage.guesses.count, 0);
	assert_int_equal(usage.guess_count, 0);
	assert_int_equal(usage.last_use_count, 0);
	assert_null(pt_usage_last(&usage, 1));
	assert_false(pt_usage_settle(&usage, NOW));
}

static void
uses_are_found_by_their_app_password(void **state)
{
	static const uint32_t ids[] = {7, 3, UINT32_MAX, 5, 1};
	struct pt_usage usage;

	(void)state;
	start(&usage);
	for (size_t i = 0; i < 5; i++)
		note(&usage, ids[i], NOW + (int64_t)i);
	assert_int_equal(usage.last_use_count, 5);
	for (unsigned i = 1; i < usage.last_use_count; i++)
		assert_true(usage.last_uses[i - 1].password <
			    usage.last_uses[i].password);
	for (size_t i = 0; i < 5; i++) {
		const struct pt_last_use *use = pt_usage_last(&usage, ids[i]);

		assert_non_null(use);
		assert_int_equal(use->password, ids[i]);
		assert_int_equal(use->at, NOW + (int64_t)i);
	}
	assert_null(pt_usage_last(&usage, 2));
	assert_null(pt_usage_last(&usage, 8));
}

static void
a_later_use_takes_the_place_of_the_earlier(void **state)
{
	struct pt_last_use use = {
	    .password = 3,
	    .at = NOW + 9,
	    .protocol = PT_PROTOCOL_POP3,
	    .address = {[15] = 1},
	};
	const struct pt_last_use *found;
	struct pt_usage usage;

	(void)state;
	start(&usage);
	note(&usage, 2, NOW);
	note(&usage, 3, NOW);
	note(&usage, 4, NOW);
	pt_usage_note(&usage, &use);
	assert_int_equal(usage.last_use_count, 3);
	found = pt_usage_last(&usage, 3);
	assert_non_null(found);
	assert_int_equal(found->at, NOW + 9);
	assert_int_equal(found->protocol, PT_PROTOCOL_POP3);
	assert_int_equal(found->address[15], 1);
	assert_int_equal(pt_usage_last(&usage, 2)->at, NOW);
	assert_int_equal(pt_usage_last(&usage, 4)->at, NOW);
}

/* Which goes, and where the new one comes: first, amid, last. */
static void
without_room_the_one_longest_ago_goes(void **state)
{
	static const struct {
		uint32_t oldest;
		uint32_t added;
	} cases[] = {
	    {10, 1},
	    {10, 155},
	    {10, 1000},
	    {160, 1},
	    {160, 155},
	    {160, 165},
	    {160, 1000},
	    {320, 1},
	    {320, 315},
	    {320, 1000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pt_usage usage;

		start(&usage);
		for (uint32_t j = 1; j <= PT_PASSWORDS_MAX; j++)
			note(&usage, 10 * j,
			    10 * j == cases[i].oldest ? NOW - 1 : NOW);
		note(&usage, cases[i].added, NOW + 1);
		assert_int_equal(usage.last_use_count, PT_PASSWORDS_MAX);
		assert_null(pt_usage_last(&usage, cases[i].oldest));
		assert_non_null(pt_usage_last(&usage, cases[i].added));
		for (uint32_t j = 1; j <= PT_PASSWORDS_MAX; j++) {
			if (10 * j != cases[i].oldest)
				assert_non_null(pt_usage_last(&usage, 10 * j));
		}
	}
}

static void
stamps_of_the_future_count_as_now(void **state)
{
	struct pt_usage usage;

	(void)state;
	start(&usage);
	usage.last_login_at = NOW + 1;
	usage.pop3_checked_at = NOW + 2;
	usage.view = (struct pt_view){NOW + 3, 4, 5};
	note(&usage, 1, NOW + 6);
	note(&usage, 2, NOW - 6);
	usage.logins.count = 1;
	usage.logins.entry[0] = (struct pt_window_entry){NOW + 9, NOW - 9, 3};
	usage.traffic[PT_TRAFFIC_UP].count = 1;
	usage.traffic[PT_TRAFFIC_UP].entry[0] =
	    (struct pt_window_entry){NOW + 9, NOW + 9, 70};
	usage.guesses.count = 1;
	usage.guesses.entry[0] = (struct pt_window_entry){NOW + 1, NOW + 1, 1};
	assert_true(pt_usage_settle(&usage, NOW));
	assert_int_equal(usage.last_login_at, NOW);
	assert_int_equal(usage.pop3_checked_at, NOW);
	assert_int_equal(usage.view.checked_at, NOW);
	assert_int_equal(usage.view.uidvalidity, 4);
	assert_int_equal(usage.view.uidnext, 5);
	assert_int_equal(pt_usage_last(&usage, 1)->at, NOW);
	assert_int_equal(pt_usage_last(&usage, 2)->at, NOW - 6);
	assert_int_equal(usage.logins.entry[0].at, NOW);
	assert_int_equal(usage.logins.entry[0].since, NOW - 9);
	assert_int_equal(usage.logins.entry[0].amount, 3);
	assert_int_equal(usage.traffic[PT_TRAFFIC_UP].entry[0].at, NOW);
	assert_int_equal(usage.guesses.entry[0].since, NOW);
	assert_false(pt_usage_settle(&usage, NOW));
}

static int64_t
latest_of(const struct pt_window_log *log)
{
	return log->count == 0 ? 0 : log->entry[log->count - 1].at;
}

static void
nothing_of_a_settled_record_lies_in_the_future(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < 2000; round++) {
		uint64_t random = random_seed(round);
		struct pt_usage before;
		struct pt_usage usage;
		int64_t now;
		bool changed;

		random_usage(&random, &usage);
		before = usage;
		now = 1 + (int64_t)random_number(&random, 40);
		changed = pt_usage_settle(&usage, now);
		assert_int_equal(changed, !is_same_usage(&usage, &before));
		assert_true(latest_of(&usage.logins) <= now);
		assert_true(latest_of(&usage.guesses) <= now);
		for (int i = 0; i < PT_TRAFFICS; i++)
			assert_true(latest_of(&usage.traffic[i]) <= now);
		for (unsigned i = 0; i < usage.last_use_count; i++)
			assert_true(usage.last_uses[i].at <= now);
		assert_true(usage.last_login_at <= now);
		assert_true(usage.pop3_checked_at <= now);
		assert_true(usage.view.checked_at <= now);
		assert_false(pt_usage_settle(&usage, now));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_new_record_is_empty),
	    cmocka_unit_test(uses_are_found_by_their_app_password),
	    cmocka_unit_test(a_later_use_takes_the_place_of_the_earlier),
	    cmocka_unit_test(without_room_the_one_longest_ago_goes),
	    cmocka_unit_test(stamps_of_the_future_count_as_now),
	    cmocka_unit_test(nothing_of_a_settled_record_lies_in_the_future),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
