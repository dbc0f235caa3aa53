/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the tests of time share: external access that was switched on at day 0
 * and ends unused after AFTER_DAYS, of a state that began long before.
 */
#ifndef PT_TESTS_RULES_IDLE_H
#define PT_TESTS_RULES_IDLE_H

#include "core/rules/idle.h"

#include "tests/unit/rules_fixture.h"

#define DAY_0      (TEST_NOW - RULES_DAY) /* as rules_enable() */
#define AFTER_DAYS 60
#define LIFE       7 /* of policyd */

static struct rules_site site;
static int64_t begun; /* of the state */

static inline int
start(void **state)
{
	(void)state;
	rules_start(&site);
	memcpy(site.config.notice.from, "postmaster@example.com", 23);
	site.plan.unused_after =
	    (struct pt_limit){true, AFTER_DAYS * (uint64_t)RULES_DAY};
	(void)rules_enable(&site);
	begun = DAY_0 - 100 * RULES_DAY;
	return 0;
}

static inline struct pt_idle_facts
facts_at(int64_t at)
{
	struct pt_idle_facts facts = {&site.config, begun, at, LIFE};

	return facts;
}

static inline unsigned
judge_at(int64_t at)
{
	struct pt_idle_facts facts = facts_at(at);

	return pt_idle_judge(
	    &facts, &site.account, &site.activity, &site.usage, &site.trail);
}

static inline unsigned
judge(int day)
{
	return judge_at(DAY_0 + day * RULES_DAY);
}

#define IDLE_TEST(fn) cmocka_unit_test_setup(fn, start)

#endif
