/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/clients.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

#define HOUR ((int64_t)3600)

static const unsigned char key[PT_CLIENTS_KEY_BYTES] = "0123456789abcde";
static struct pt_signals signals;
static struct pt_plan plan;

static int
start_anew(void **state)
{
	struct pt_login login = test_login("alice@example.com");

	(void)state;
	pt_signals_init(&signals, &login);
	memset(&plan, 0, sizeof(plan));
	plan.client_addresses = (struct pt_windows){1, {{3, HOUR}}};
	return 0;
}

static uint32_t
hash_of(const char *text)
{
	struct pt_address address = pt_address_parse(text);

	return pt_clients_hash(key, &address);
}

/* May it?  If so it does. */
static struct pt_verdict
send_from(uint32_t client, int64_t now)
{
	struct pt_verdict verdict =
	    pt_clients_look(&plan, &signals, client, now);

	if (verdict.code == PT_VERDICT_PERMIT)
		pt_clients_note(&plan, &signals, client, now);
	return verdict;
}

static void
test_addresses_are_one_client_or_two(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		bool same;
	} cases[] = {
	    {"192.0.2.1", "192.0.2.1", true},
	    {"192.0.2.1", "192.0.2.2", false},
	    {"192.0.2.1", "::ffff:192.0.2.1", true},
	    {"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
	    {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
	};
	static const unsigned char other[PT_CLIENTS_KEY_BYTES] = "x";
	struct pt_address address = pt_address_parse("192.0.2.1");
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(
		    hash_of(cases[i].a) == hash_of(cases[i].b), cases[i].same);
		assert_int_not_equal(hash_of(cases[i].a), 0);
	}
	assert_int_equal(hash_of("unknown"), 0);
	assert_int_equal(hash_of(""), 0);
	assert_int_not_equal(
	    pt_clients_hash(other, &address), hash_of("192.0.2.1"));
}

static void
test_a_further_address_waits_until_one_has_left(void **state)
{
	struct pt_verdict verdict;
	uint32_t i;

	(void)state;
	for (i = 1; i <= 3; i++)
		assert_int_equal(send_from(i, TEST_NOW + 10 * (int64_t)i).code,
		    PT_VERDICT_PERMIT);
	verdict = send_from(4, TEST_NOW + 40);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.reason, PT_REASON_CLIENT_ADDRESSES);
	assert_int_equal(verdict.used, 3);
	assert_int_equal(verdict.limit, 3);
	assert_int_equal(verdict.seconds, HOUR);
	assert_int_equal(verdict.until, TEST_NOW + 10 + HOUR + 1);
	assert_int_equal(
	    send_from(4, verdict.until - 1).code, PT_VERDICT_DEFER);
	assert_int_equal(send_from(4, verdict.until).code, PT_VERDICT_PERMIT);
}

static void
test_known_and_unknown_addresses_go_on(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 1; i <= 3; i++)
		(void)send_from(i, TEST_NOW);
	for (i = 1; i <= 3; i++)
		assert_int_equal(
		    send_from(i, TEST_NOW + 5).code, PT_VERDICT_PERMIT);
	assert_int_equal(send_from(0, TEST_NOW + 5).code, PT_VERDICT_PERMIT);
	assert_int_equal(pt_clients_used(&signals, HOUR, TEST_NOW + 5), 3);
	/* One that comes again stays; the others leave. */
	(void)send_from(2, TEST_NOW + HOUR);
	assert_int_equal(
	    pt_clients_used(&signals, HOUR, TEST_NOW + HOUR + 6), 1);
}

static void
test_a_lower_limit_waits_for_as_many_as_are_too_many(void **state)
{
	struct pt_verdict verdict;
	uint32_t i;

	(void)state;
	for (i = 1; i <= 3; i++)
		(void)send_from(i, TEST_NOW + i);
	plan.client_addresses.at[0].limit = 1;
	verdict = send_from(9, TEST_NOW + 10);
	assert_int_equal(verdict.until, TEST_NOW + 3 + HOUR + 1);
	plan.client_addresses.at[0].limit = 0;
	verdict = send_from(9, TEST_NOW + 10);
	assert_int_equal(verdict.until, 0);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
}

static void
test_more_than_can_be_known_make_room(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 1; i <= PT_CLIENTS_MAX + 5; i++)
		pt_clients_note(&plan, &signals, i, TEST_NOW + i);
	assert_int_equal(signals.client_count, PT_CLIENTS_MAX);
	assert_int_equal(signals.clients[0].hash, 6);
	assert_int_equal(
	    signals.clients[PT_CLIENTS_MAX - 1].hash, PT_CLIENTS_MAX + 5);
}

/* Whatever comes: in no hour do more clients send than the limit. */
static void
test_never_more_clients_than_the_limit_within_the_window(void **state)
{
	enum {
		CLIENTS = 40
	};
	int64_t last[CLIENTS + 1] = {0};
	uint64_t seed = 7;
	int64_t now = TEST_NOW;
	unsigned permitted = 0;
	unsigned within;
	uint32_t client;
	unsigned i;
	unsigned n;

	(void)state;
	plan.client_addresses.at[0].limit = PT_CLIENTS_MAX;
	for (i = 0; i < 20000; i++) {
		if (i == 10000)
			plan.client_addresses.at[0].limit = 5;
		now += (int64_t)test_random_below(&seed, 300);
		client = 1 + (uint32_t)test_random_below(&seed, CLIENTS);
		if (send_from(client, now).code != PT_VERDICT_PERMIT)
			continue;
		permitted++;
		last[client] = now;
		within = 0;
		for (n = 1; n <= CLIENTS; n++)
			within += now - last[n] <= HOUR;
		/* Right after it was lowered more are still there. */
		if (i < 10000 || i > 10500)
			assert_true(
			    within <= plan.client_addresses.at[0].limit);
	}
	assert_true(permitted > 5000);
}

#define TEST(fn) cmocka_unit_test_setup(fn, start_anew)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_addresses_are_one_client_or_two),
	    TEST(test_a_further_address_waits_until_one_has_left),
	    TEST(test_known_and_unknown_addresses_go_on),
	    TEST(test_a_lower_limit_waits_for_as_many_as_are_too_many),
	    TEST(test_more_than_can_be_known_make_room),
	    TEST(test_never_more_clients_than_the_limit_within_the_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
