/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/base/network.h"
#include "tests/unit/support/testing.h"

#define TEXT_MAX 52

static void
test_network_parse_valid_formats_canonical(void **state)
{
	static const struct {
		const char *text;
		const char *canonical;
		int bits;
	} cases[] = {
	    {"127.0.0.0/8", "127.0.0.0/8", 104},
	    {"192.0.2.1", "192.0.2.1", 128},
	    {"192.0.2.1/32", "192.0.2.1", 128},
	    {"0.0.0.0/0", "0.0.0.0/0", 96},
	    {"::1", "::1", 128},
	    {"::/0", "::/0", 0},
	    {"2001:DB8:0:0::/32", "2001:db8::/32", 32},
	    {"2001:db8::8000/113", "2001:db8::8000/113", 113},
	    {"::ffff:192.0.2.0/120", "192.0.2.0/24", 120},
	    {"fe80::/010", "fe80::/10", 10},
	    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 128},
	};
	struct pt_err err;
	char buf[TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		struct pt_network network;

		assert_int_equal(
		    pt_network_parse(cases[i].text, &network, &err), 0);
		assert_int_equal(network.bits, cases[i].bits);
		pt_network_format(&network, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].canonical);
	}
}

static void
test_network_parse_malformed_refused(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
	    {"", "is not a network"},
	    {"localhost", "is not a network"},
	    {"192.0.2", "is not a network"},
	    {"192.0.2.256", "is not a network"},
	    {"192.0.2.0 /24", "is not a network"},
	    {"[::1]", "is not a network"},
	    {"fe80::1%eth0", "is not a network"},
	    {"/24", "is not a network"},
	    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/1",
		"is not a network"},
	    {"192.0.2.0/", "has no prefix length from 0 to 32"},
	    {"192.0.2.0/33", "has no prefix length from 0 to 32"},
	    {"192.0.2.0/-1", "has no prefix length from 0 to 32"},
	    {"192.0.2.0/24/24", "has no prefix length from 0 to 32"},
	    {"::/129", "has no prefix length from 0 to 128"},
	    {"::/0x8", "has no prefix length from 0 to 128"},
	};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		struct pt_network network = {.bits = 77};

		assert_int_equal(
		    pt_network_parse(cases[i].text, &network, &err), -1);
		assert_int_equal(network.bits, 77);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		assert_non_null(strstr(err.text, cases[i].why));
	}
}

static void
test_network_parse_host_bits_refused_with_what_was_meant(void **state)
{
	static const struct {
		const char *text;
		const char *meant;
	} cases[] = {
	    {"192.0.2.1/24", "did you mean \"192.0.2.0/24\"?"},
	    {"10.1.0.0/8", "did you mean \"10.0.0.0/8\"?"},
	    {"2001:db8::1/64", "did you mean \"2001:db8::/64\"?"},
	    {"1.0.0.0/0", "did you mean \"0.0.0.0/0\"?"},
	    {"::1/127", "did you mean \"::/127\"?"},
	    {"::ffff:10.0.0.0/24", "did you mean \"::/24\"?"},
	};
	struct pt_network network;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(
		    pt_network_parse(cases[i].text, &network, &err), -1);
		assert_non_null(strstr(err.text, cases[i].meant));
	}
}

static void
test_network_has_address_inside_only(void **state)
{
	static const struct {
		const char *network;
		const char *address;
		bool inside;
	} cases[] = {
	    {"127.0.0.0/8", "127.0.0.1", true},
	    {"127.0.0.0/8", "127.255.255.255", true},
	    {"127.0.0.0/8", "128.0.0.1", false},
	    {"127.0.0.0/8", "::ffff:127.0.0.1", true},
	    {"127.0.0.0/8", "::1", false},
	    {"192.0.2.128/25", "192.0.2.127", false},
	    {"192.0.2.128/25", "192.0.2.128", true},
	    {"192.0.2.4/31", "192.0.2.5", true},
	    {"192.0.2.4/31", "192.0.2.6", false},
	    {"192.0.2.4", "192.0.2.5", false},
	    {"0.0.0.0/0", "203.0.113.9", true},
	    {"0.0.0.0/0", "2001:db8::1", false},
	    {"::/0", "2001:db8::1", true},
	    {"::/0", "203.0.113.9", false},
	    {"::/0", "::ffff:203.0.113.9", false},
	    {"2001:db8::/33", "2001:db8:7fff::1", true},
	    {"2001:db8::/33", "2001:db8:8000::1", false},
	    {"::1", "::1", true},
	    {"::1", "0:0:0:0:0:0:0:1", true},
	    {"0.0.0.0/0", "unknown", false},
	    {"0.0.0.0/0", "", false},
	    {"0.0.0.0/0", "127.0.0.1/8", false},
	    {"0.0.0.0/0", "127.0.0.1 ", false},
	};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		struct pt_network network;

		assert_int_equal(
		    pt_network_parse(cases[i].network, &network, &err), 0);
		assert_int_equal(pt_network_has(&network, 1, cases[i].address),
		    cases[i].inside);
	}
}

static void
test_network_has_looks_at_all_of_a_list(void **state)
{
	struct pt_network list[2];
	struct pt_err err;

	(void)state;
	assert_int_equal(pt_network_parse("192.0.2.0/24", &list[0], &err), 0);
	assert_int_equal(pt_network_parse("::1", &list[1], &err), 0);
	assert_true(pt_network_has(list, 2, "::1"));
	assert_true(pt_network_has(list, 2, "192.0.2.7"));
	assert_false(pt_network_has(list, 1, "::1"));
	assert_false(pt_network_has(list, 0, "192.0.2.7"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_network_parse_valid_formats_canonical),
	    cmocka_unit_test(test_network_parse_malformed_refused),
	    cmocka_unit_test(
		test_network_parse_host_bits_refused_with_what_was_meant),
	    cmocka_unit_test(test_network_has_address_inside_only),
	    cmocka_unit_test(test_network_has_looks_at_all_of_a_list),
	};

	return cmocka_run_group_tests_name("base_network", tests, NULL, NULL);
}
