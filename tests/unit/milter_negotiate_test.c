/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/negotiate.h"

#include <libmilter/mfapi.h>

#include "milter/listen.h"
#include "tests/unit/support/milter_site.h"

#define LEAN                                                     \
	"mode = enforce\ndefault_plan = \"free\"\nplan free {\n" \
	"message_size = unlimited\nbounce_min = unlimited\n}\n"

static const struct pm_offer all = {
    .actions =
	SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE | SMFIF_SETSYMLIST,
    .steps = SMFI_CURR_PROT,
};

static void
test_no_more_is_asked_for_than_is_needed(void **state)
{
	struct milter_site *site = *state;
	struct pm_offer taken;

	assert_true(pm_negotiate(site->session, &all, &taken));
	assert_true(site->session->has_body);
	assert_int_equal(taken.actions, SMFIF_ADDHDRS | SMFIF_SETSYMLIST);
	assert_int_equal(taken.steps,
	    SMFIP_NOHELO | SMFIP_NODATA | SMFIP_NOEOH | SMFIP_NOUNKNOWN |
		SMFIP_HDR_LEADSPC | SMFIP_NR_CONN | SMFIP_NR_MAIL |
		SMFIP_NR_HDR | SMFIP_NR_BODY);
	site_configure(site, LEAN);
	assert_true(pm_negotiate(site->session, &all, &taken));
	assert_false(site->session->has_body);
	assert_true((taken.steps & SMFIP_NOBODY) != 0);
	assert_int_equal(taken.actions, SMFIF_SETSYMLIST);
}

static void
test_an_old_mta_is_asked_for_nothing_that_it_lacks(void **state)
{
	const struct pm_offer old = {
	    .actions = SMFIF_ADDHDRS,
	    .steps = SMFI_V1_PROT,
	};
	struct milter_site *site = *state;
	struct pm_offer taken;

	assert_true(pm_negotiate(site->session, &old, &taken));
	/* What goes without an answer libmilter sees to. */
	assert_int_equal(
	    taken.steps & (SMFIP_NODATA | SMFIP_NOEOH | SMFIP_HDR_LEADSPC), 0);
	assert_int_equal(taken.actions, SMFIF_ADDHDRS);
	assert_false(site->session->leads_blank);
}

static void
test_rewriting_needs_an_mta_that_lets_us(void **state)
{
	const struct pm_offer none = {.steps = SMFI_CURR_PROT};
	struct milter_site *site = *state;
	struct pm_offer taken;

	site_configure(site, LEAN "sender { policy = rewrite }\n");
	assert_false(pm_negotiate(site->session, &none, &taken));
	assert_true(pm_negotiate(site->session, &all, &taken));
	assert_int_equal(
	    taken.actions, SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_SETSYMLIST);
}

static void
test_macros_are_asked_for_where_they_are_used(void **state)
{
	(void)state;
	assert_non_null(
	    strstr(pm_negotiate_macros(SMFIM_ENVFROM), "{auth_authen}"));
	assert_non_null(
	    strstr(pm_negotiate_macros(SMFIM_ENVFROM), "{tls_version}"));
	assert_string_equal(pm_negotiate_macros(SMFIM_EOM), "i");
	assert_null(pm_negotiate_macros(SMFIM_HELO));
}

static void
test_addresses_are_spelled_as_libmilter_reads_them(void **state)
{
	static const struct {
		const char *ours;
		const char *wanted;
	} rows[] = {
	    {"unix:/run/m.sock", "unix:/run/m.sock"},
	    {"inet:127.0.0.1:7000", "inet:7000@127.0.0.1"},
	    {"inet:[::1]:7000", "inet6:7000@[::1]"},
	    {"inet:localhost:7000", "inet:7000@localhost"},
	};
	struct pt_listen address;
	struct pt_err err;
	char buf[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    pt_listen_parse(rows[i].ours, &address, &err), 0);
		pm_listen_format(&address, buf, sizeof(buf));
		assert_string_equal(buf, rows[i].wanted);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    MILTER_TEST(test_no_more_is_asked_for_than_is_needed),
	    MILTER_TEST(test_an_old_mta_is_asked_for_nothing_that_it_lacks),
	    MILTER_TEST(test_rewriting_needs_an_mta_that_lets_us),
	    cmocka_unit_test(test_macros_are_asked_for_where_they_are_used),
	    cmocka_unit_test(
		test_addresses_are_spelled_as_libmilter_reads_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
