/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/strangers.h"

#include <stdlib.h>

#include "tests/unit/support/testing.h"

#define DAY ((int64_t)86400)

static const unsigned char key[PT_STRANGERS_KEY_BYTES] = "0123456789abcde";
static struct pt_signals signals;
static struct pt_plan plan;

static int
start_anew(void **state)
{
	struct pt_login login = test_login("alice@example.com");

	(void)state;
	memset(&signals, 0, sizeof(signals));
	pt_signals_init(&signals, &login);
	memset(&plan, 0, sizeof(plan));
	plan.new_recipients = (struct pt_windows){1, {{10, DAY}}};
	return 0;
}

static uint64_t
hash_of(const char *recipient)
{
	return pt_strangers_hash(key, recipient, strlen(recipient));
}

/* The number of a made-up recipient, as its hash would be. */
static uint64_t
person(uint64_t n)
{
	char text[64];

	(void)snprintf(
	    text, sizeof(text), "user%llu@example.org", (unsigned long long)n);
	return hash_of(text);
}

static struct pt_strangers_list
list_of(const uint64_t *named, size_t n, uint64_t nameless)
{
	return (struct pt_strangers_list){named, n, nameless, n + nameless};
}

static struct pt_verdict
write_to(const uint64_t *named, size_t n, uint64_t nameless, int64_t now)
{
	struct pt_strangers_list list = list_of(named, n, nameless);
	struct pt_verdict verdict =
	    pt_strangers_look(&plan, &signals, &list, true, now);

	if (verdict.code == PT_VERDICT_PERMIT)
		pt_strangers_note(&plan, &signals, &list, now);
	return verdict;
}

static void
test_case_of_letters_makes_no_stranger(void **state)
{
	static const unsigned char other[PT_STRANGERS_KEY_BYTES] = "x";

	(void)state;
	assert_true(hash_of("Bob@Example.ORG") == hash_of("bob@example.org"));
	assert_true(hash_of("bob@example.org") != hash_of("rob@example.org"));
	assert_true(pt_strangers_hash(other, "bob", 3) != hash_of("bob"));
	/* A bracket is no upper-case letter. */
	assert_true(hash_of("[@") != hash_of("{`"));
}

static void
test_strangers_beyond_the_limit_wait(void **state)
{
	uint64_t people[12];
	struct pt_verdict verdict;
	uint64_t i;

	(void)state;
	for (i = 0; i < 12; i++)
		people[i] = person(i);
	assert_int_equal(
	    write_to(people, 9, 0, TEST_NOW).code, PT_VERDICT_PERMIT);
	verdict = write_to(people + 9, 2, 0, TEST_NOW + 5);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.reason, PT_REASON_NEW_RECIPIENTS);
	assert_int_equal(verdict.counted, PT_COUNT_RECIPIENTS);
	assert_int_equal(verdict.used, 9);
	assert_int_equal(verdict.limit, 10);
	assert_int_equal(verdict.amount, 2);
	assert_int_equal(verdict.until, TEST_NOW + DAY + 1);
	/* Acquaintances, and one more. */
	assert_int_equal(
	    write_to(people, 10, 0, TEST_NOW + 6).code, PT_VERDICT_PERMIT);
	assert_int_equal(
	    write_to(people, 10, 0, TEST_NOW + 7).code, PT_VERDICT_PERMIT);
	assert_int_equal(write_to(people + 10, 1, 0, TEST_NOW + 8).reason,
	    PT_REASON_NEW_RECIPIENTS);
	assert_int_equal(write_to(people + 10, 2, 0, TEST_NOW + DAY + 7).code,
	    PT_VERDICT_PERMIT);
}

static void
test_the_same_recipient_twice_is_one_stranger(void **state)
{
	uint64_t twice[3] = {person(1), person(2), person(1)};
	struct pt_strangers_list list = list_of(twice, 3, 0);

	(void)state;
	assert_int_equal(pt_strangers_count(&signals, &list), 2);
	pt_strangers_note(&plan, &signals, &list, TEST_NOW);
	assert_int_equal(signals.strangers.entry[0].amount, 2);
	assert_int_equal(signals.now.count, 2);
	assert_int_equal(pt_strangers_count(&signals, &list), 0);
}

static void
test_nameless_recipients_are_strangers_each_time(void **state)
{
	uint64_t known[1] = {person(1)};

	(void)state;
	assert_int_equal(
	    write_to(known, 1, 4, TEST_NOW).code, PT_VERDICT_PERMIT);
	assert_int_equal(
	    write_to(known, 1, 4, TEST_NOW + 1).code, PT_VERDICT_PERMIT);
	assert_int_equal(signals.strangers.count, 2);
	assert_int_equal(signals.strangers.entry[0].amount, 5);
	assert_int_equal(signals.strangers.entry[1].amount, 4);
	assert_int_equal(
	    write_to(known, 1, 4, TEST_NOW + 2).code, PT_VERDICT_DEFER);
}

static void
test_named_ones_that_came_to_nothing_do_not_count(void **state)
{
	uint64_t people[3] = {person(1), person(2), person(3)};
	struct pt_strangers_list list = list_of(people, 3, 0);

	(void)state;
	list.most = 1;
	assert_int_equal(pt_strangers_count(&signals, &list), 1);
	list.most = 3;
	assert_int_equal(pt_strangers_count(&signals, &list), 3);
}

static void
test_more_strangers_than_the_window_holds_are_told_to_split(void **state)
{
	uint64_t people[11];
	struct pt_strangers_list list = list_of(people, 11, 0);
	struct pt_verdict verdict;
	uint64_t i;

	(void)state;
	for (i = 0; i < 11; i++)
		people[i] = person(i);
	/* At RCPT the eleventh waits for the ten before it. */
	verdict = pt_strangers_look(&plan, &signals, &list, false, TEST_NOW);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.reason, PT_REASON_NEW_RECIPIENTS);
	assert_int_equal(verdict.until, TEST_NOW + DAY + 1);
	verdict = pt_strangers_look(&plan, &signals, &list, true, TEST_NOW);
	assert_int_equal(verdict.code, PT_VERDICT_REFUSE);
	assert_int_equal(verdict.reason, PT_REASON_QUOTA_NEVER);
	plan.new_recipients.at[0].limit = 0;
	verdict = pt_strangers_look(&plan, &signals, &list, false, TEST_NOW);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.until, 0);
}

static void
enter(uint64_t n)
{
	uint64_t hash = person(n);
	struct pt_strangers_list list = list_of(&hash, 1, 0);

	pt_strangers_note(&plan, &signals, &list, TEST_NOW);
}

static bool
knows(uint64_t n)
{
	uint64_t hash = person(n);
	struct pt_strangers_list list = list_of(&hash, 1, 0);

	return pt_strangers_count(&signals, &list) == 0;
}

/* In parts of a thousand, of people that were never written to. */
static unsigned
error_now(uint64_t first)
{
	unsigned wrong = 0;
	uint64_t i;

	for (i = 0; i < 20000; i++)
		wrong += knows(first + i);
	return wrong / 20;
}

/* What strangers.h says about the sketch, measured where it is worst. */
static void
test_a_stranger_is_taken_for_an_acquaintance_in_two_percent(void **state)
{
	uint64_t n = 0;

	(void)state;
	while (signals.now.count < PT_STRANGERS_GENERATION)
		enter(n++);
	assert_int_equal(signals.before.count, 0);
	assert_true(error_now(1000000) <= 10);
	do {
		enter(n++);
	} while (signals.now.count < PT_STRANGERS_GENERATION);
	assert_int_equal(signals.before.count, PT_STRANGERS_GENERATION);
	assert_true(error_now(2000000) <= 20);
	assert_true(error_now(2000000) > 5);
}

/*
 * Whoever was written to is known for at least a generation of others, at any
 * point of the sketch's life.  Who passed for known already was not entered,
 * and is left out.
 */
static void
test_an_acquaintance_is_known_for_a_generation_of_others(void **state)
{
	enum {
		PEOPLE = 4 * PT_STRANGERS_GENERATION
	};
	bool was_entered[PEOPLE];
	unsigned checked = 0;
	uint64_t forgotten = 0;
	uint64_t n;
	uint64_t i;

	(void)state;
	for (n = 0; n < PEOPLE; n++) {
		was_entered[n] = !knows(n);
		enter(n);
		for (i = n > PT_STRANGERS_GENERATION
			     ? n - PT_STRANGERS_GENERATION
			     : 0;
		     i <= n; i += 20) {
			checked++;
			assert_true(!was_entered[i] || knows(i));
		}
	}
	assert_true(checked > PEOPLE);
	for (i = 0; i < PT_STRANGERS_GENERATION; i++)
		forgotten += !knows(i);
	assert_true(forgotten > PT_STRANGERS_GENERATION * 9 / 10);
}

static void
test_who_is_written_to_again_and_again_is_never_forgotten(void **state)
{
	uint64_t n;

	(void)state;
	for (n = 1; n < 5 * PT_STRANGERS_GENERATION; n++) {
		if (n % 100 == 1)
			enter(0);
		enter(n);
		assert_true(knows(0));
	}
}

static void
test_a_look_changes_nothing(void **state)
{
	uint64_t people[2] = {person(1), person(2)};
	struct pt_strangers_list list = list_of(people, 2, 0);
	struct pt_signals before;

	(void)state;
	enter(5);
	before = signals;
	(void)pt_strangers_look(&plan, &signals, &list, true, TEST_NOW);
	assert_memory_equal(&before, &signals, sizeof(signals));
}

#define TEST(fn) cmocka_unit_test_setup(fn, start_anew)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_case_of_letters_makes_no_stranger),
	    TEST(test_strangers_beyond_the_limit_wait),
	    TEST(test_the_same_recipient_twice_is_one_stranger),
	    TEST(test_nameless_recipients_are_strangers_each_time),
	    TEST(test_named_ones_that_came_to_nothing_do_not_count),
	    TEST(test_more_strangers_than_the_window_holds_are_told_to_split),
	    TEST(test_a_stranger_is_taken_for_an_acquaintance_in_two_percent),
	    TEST(test_an_acquaintance_is_known_for_a_generation_of_others),
	    TEST(test_who_is_written_to_again_and_again_is_never_forgotten),
	    TEST(test_a_look_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
