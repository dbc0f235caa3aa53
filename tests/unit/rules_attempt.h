/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A login attempt against a plan that has every limit, for the tests of
 * authenticate.c: it meets none of them.
 */
#ifndef PT_TESTS_RULES_ATTEMPT_H
#define PT_TESTS_RULES_ATTEMPT_H

#include "core/rules/authenticate.h"
#include "tests/unit/rules_fixture.h"

#define LIFE 4711

static struct rules_site site;
static struct pt_attempt attempt;
static struct pt_admission admission;

static inline int
start(void **state)
{
	(void)state;
	rules_start(&site);
	(void)rules_enable(&site);
	site.config.require_tls = true;
	site.plan.activation_delay = (struct pt_limit){true, 900};
	site.plan.mail_check = (struct pt_limit){true, 300};
	site.plan.imap_check = PT_IMAP_CHECK_HOLD;
	site.plan.check_burst = (struct pt_limit){true, 60};
	site.plan.logins = rules_windows(3, 3600);
	site.plan.sessions = (struct pt_limit){true, 2};
	site.plan.download = rules_windows(1000, RULES_DAY);
	site.plan.upload = rules_windows(500, RULES_DAY);
	site.usage.sessions = (struct pt_open_sessions){LIFE, 1};
	attempt = (struct pt_attempt){
	    .protocol = PT_PROTOCOL_POP3,
	    .secret = RULES_SECRET,
	    .secret_len = sizeof(RULES_SECRET) - 1,
	    .address = pt_address_parse("192.0.2.7"),
	    .encrypted = true,
	    .life = LIFE,
	};
	return 0;
}

static inline enum pt_reason_id
judge_at(int64_t now)
{
	pt_authenticate_judge(&site.config, &site.account, &site.activity,
	    &site.usage, &attempt, now, &admission);
	return admission.verdict.reason;
}

static inline enum pt_reason_id
judge(void)
{
	return judge_at(TEST_NOW);
}

static inline struct pt_password *
password(void)
{
	return &site.account.passwords[0];
}

static inline void
make_fresh(void)
{
	site.account.access_at = TEST_NOW - 899;
}

static inline void
make_elsewhere(void)
{
	assert_int_equal(pt_network_parse("198.51.100.0/24",
			     &password()->networks[0], &site.err),
	    0);
	password()->network_count = 1;
}

#endif
