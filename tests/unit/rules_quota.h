/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* An account without limits that never sent, for the tests of charges. */
#ifndef PT_TESTS_RULES_QUOTA_H
#define PT_TESTS_RULES_QUOTA_H

#include "core/rules/quota.h"

#include "tests/unit/support/testing.h"

static struct pt_account account;
static struct pt_activity activity;
static struct pt_plan plan;

static inline int
start_anew(void **state)
{
	struct pt_login login = test_login("alice@example.com");

	(void)state;
	pt_account_init(&account, &login);
	pt_activity_init(&activity, &login);
	memset(&plan, 0, sizeof(plan));
	return 0;
}

static inline void
add_window(struct pt_windows *windows, uint64_t limit, int64_t seconds)
{
	windows->at[windows->count].limit = limit;
	windows->at[windows->count++].seconds = seconds;
}

#endif
