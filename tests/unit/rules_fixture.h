/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * An account with external access, its plan and its records, for the tests of
 * rules.  Time is TEST_NOW; access was switched on a day before.
 */
#ifndef PT_TESTS_RULES_FIXTURE_H
#define PT_TESTS_RULES_FIXTURE_H

#include "core/config/config.h"
#include "core/rules/external.h"
#include "core/rules/password.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/usage.h"
#include "tests/unit/support/testing.h"

#define RULES_DAY    ((int64_t)86400)
#define RULES_SECRET "abcd-efgh-ijkl-mnop-qrst-uvwx"
#define RULES_OTHER  "bbcd-efgh-ijkl-mnop-qrst-uvwx"
#define RULES_ALL \
	((unsigned)PT_PROTOCOL_IMAP | PT_PROTOCOL_POP3 | PT_PROTOCOL_SMTP)

struct rules_site {
	struct pt_config config;
	struct pt_plan plan;
	struct pt_account account;
	struct pt_activity activity;
	struct pt_usage usage;
	struct pt_trail trail;
	struct pt_err err;
};

static const unsigned char rules_salt[PT_PASSWORD_SALT_BYTES] =
    "0123456789abcde";
static const struct pt_password_wish rules_wish = {.label = "Phone"};
static const struct pt_external_actor rules_actor = {
    .who = "root",
    .note = "",
    .now = TEST_NOW - RULES_DAY,
};

/* An account that nobody has touched; all protocols, no limits. */
static inline void
rules_start(struct rules_site *site)
{
	struct pt_login login = test_login("ann@example.com");

	memset(site, 0, sizeof(*site));
	pt_account_init(&site->account, &login);
	pt_activity_init(&site->activity, &login);
	pt_usage_init(&site->usage, &login);
	memcpy(site->plan.name, "free", 5);
	site->plan.protocols = RULES_ALL;
	memcpy(site->config.default_plan, "free", 5);
	site->config.mode = PT_MODE_ENFORCE;
	site->config.plan_count = 1;
	site->config.plans = &site->plan;
}

/* Switches external access on; the id of the app password RULES_SECRET. */
static inline uint32_t
rules_enable(struct rules_site *site)
{
	uint32_t id = 0;

	if (pt_external_enable(&site->config, &site->account, 0, &rules_wish,
		RULES_SECRET, rules_salt, &rules_actor, &id, &site->trail,
		&site->err) != 0)
		fail_msg("%s", site->err.text);
	site->account.exists = true;
	return id;
}

static inline struct pt_windows
rules_windows(uint64_t limit, int64_t seconds)
{
	struct pt_windows windows = {.count = 1};

	windows.at[0].limit = limit;
	windows.at[0].seconds = seconds;
	return windows;
}

/* States of the site in which a rule has nothing to look at, for tables. */
static inline void
rules_make_off(struct rules_site *site)
{
	site->account.access = PT_ACCESS_OFF;
}

static inline void
rules_make_never(struct rules_site *site)
{
	site->account.access = PT_ACCESS_NEVER;
}

static inline void
rules_make_blocked(struct rules_site *site)
{
	site->account.block_reason = PT_BLOCK_ADMIN;
}

static inline void
rules_make_unknown_plan(struct rules_site *site)
{
	memcpy(site->account.plan, "gold", 5);
}

#endif
