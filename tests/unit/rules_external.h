/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the tests of external access share: an account that nobody has touched,
 * and what can be done to it.  Who does it is "doveadm", at TEST_NOW.
 */
#ifndef PT_TESTS_RULES_EXTERNAL_H
#define PT_TESTS_RULES_EXTERNAL_H

#include "core/rules/external.h"

#include "tests/unit/rules_fixture.h"

static struct rules_site site;
static const struct pt_external_actor now = {
    .who = "doveadm",
    .note = "",
    .now = TEST_NOW,
};

static inline int
start(void **state)
{
	(void)state;
	rules_start(&site);
	return 0;
}

static inline int
enable(unsigned protocols)
{
	uint32_t id = 0;

	return pt_external_enable(&site.config, &site.account, protocols,
	    &rules_wish, RULES_SECRET, rules_salt, &now, &id, &site.trail,
	    &site.err);
}

static inline void
assert_entry(const char *what, const char *detail)
{
	assert_int_equal(site.trail.note.at, TEST_NOW);
	assert_string_equal(site.trail.note.who, "doveadm");
	assert_string_equal(site.trail.note.what, what);
	assert_string_equal(site.trail.note.detail, detail);
}

static inline void
make_on(void)
{
	assert_int_equal(enable(0), 0);
}

static inline void
make_blocked(enum pt_block_reason reason, const char *note)
{
	const struct pt_external_actor actor = {"root", note, TEST_NOW - 60};

	assert_true(pt_external_block(
	    &site.config, &site.account, reason, NULL, &actor, &site.trail));
}

static inline void
make_admin(void)
{
	make_blocked(PT_BLOCK_ADMIN, "unpaid");
}

static inline void
make_cracked(void)
{
	make_blocked(PT_BLOCK_CRACKED, "");
}

#define EXTERNAL_TEST(fn) cmocka_unit_test_setup(fn, start)

#endif
