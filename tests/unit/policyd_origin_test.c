/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/origin.h"

#include "tests/unit/support/testing.h"

static struct pt_network networks[1];
static struct pt_config config = {.networks = networks, .network_count = 1};

static void
trust(const char *network)
{
	struct pt_err err;

	if (pt_network_parse(network, &networks[0], &err) != 0)
		fail_msg("%s", err.text);
}

static bool
ask(struct pd_origin *origin, const char *address, unsigned generation)
{
	struct pd_text text = {.at = address, .len = strlen(address)};

	return pd_origin_is_trusted(origin, &text, &config, generation);
}

static void
test_each_address_has_its_own_answer(void **state)
{
	struct pd_origin origin;

	(void)state;
	trust("192.0.2.0/24");
	pd_origin_init(&origin);
	assert_true(ask(&origin, "192.0.2.1", 1));
	assert_true(ask(&origin, "192.0.2.1", 1));
	assert_false(ask(&origin, "192.0.20.1", 1));
	assert_false(ask(&origin, "192.0.20.1", 1));
	assert_false(ask(&origin, "192.0.20.", 1));
	assert_false(ask(&origin, "", 1));
	assert_true(ask(&origin, "192.0.2.11", 1));
	assert_true(ask(&origin, "192.0.2.1", 1));
	assert_false(ask(&origin,
	    "192.0.2.1.and.more.than.any.address.could.ever.have.in.it", 1));
	assert_true(ask(&origin, "192.0.2.1", 1));
}

static void
test_another_configuration_is_asked_anew(void **state)
{
	struct pd_origin origin;

	(void)state;
	trust("192.0.2.0/24");
	pd_origin_init(&origin);
	assert_true(ask(&origin, "192.0.2.1", 1));
	trust("198.51.100.0/24");
	assert_true(ask(&origin, "192.0.2.1", 1));
	assert_false(ask(&origin, "192.0.2.1", 2));
	assert_true(ask(&origin, "198.51.100.1", 2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_address_has_its_own_answer),
	    cmocka_unit_test(test_another_configuration_is_asked_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
