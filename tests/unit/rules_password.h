/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* An account with external access, for the tests of app passwords. */
#ifndef PT_TESTS_RULES_PASSWORD_H
#define PT_TESTS_RULES_PASSWORD_H

#include "core/rules/password.h"

#include "tests/unit/rules_fixture.h"

static struct rules_site site;

static inline int
start(void **state)
{
	(void)state;
	rules_start(&site);
	(void)rules_enable(&site);
	return 0;
}

static inline void
generate(char secret[PT_SECRET_TEXT_MAX])
{
	struct pt_err err;

	if (pt_password_generate(secret, &err) != 0)
		fail_msg("%s", err.text);
}

#define PASSWORD_TEST(fn) cmocka_unit_test_setup(fn, start)

#endif
