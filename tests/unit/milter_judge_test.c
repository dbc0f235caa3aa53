/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/judge.h"

#include "core/rules/quota.h"
#include "tests/unit/rules_fixture.h"

#define HASH 77U

static struct rules_site site;
static struct pt_evidence evidence;
static struct pt_records records;
static struct pt_from from;
static struct pm_end end;

static int
set_up(void **state)
{
	(void)state;
	rules_start(&site);
	(void)rules_enable(&site);
	site.plan.messages = (struct pt_windows){
	    .count = 1, .at = {{.limit = 2, .seconds = 3600}}};
	site.plan.bounce_min = (struct pt_windows){
	    .count = 1, .at = {{.limit = 25, .seconds = 86400}}};
	pt_evidence_init(&evidence, &site.account.login);
	records = (struct pt_records){
	    .account = &site.account,
	    .activity = &site.activity,
	    .evidence = &evidence,
	};
	pt_from_init(&from);
	end = (struct pm_end){
	    .config = &site.config,
	    .now = TEST_NOW,
	    .from = &from,
	    .message = {.stage = PT_MESSAGE_CHARGE,
		.hash = HASH,
		.attempt = 5,
		.sender = "",
		.recipients = 1,
		.size = 100,
		.encrypted = true},
	    .sent = {.message = 9, .recipient_bits = 1, .recipients = 1},
	};
	return 0;
}

static void
claim(const char *value)
{
	pt_from_add(&from, "From", 4, value, strlen(value));
}

static void
judge(void)
{
	records.activity_changed = false;
	records.evidence_changed = false;
	pm_judge_end_update(&records, &end);
}

static void
test_what_is_owned_is_charged_and_noted(void **state)
{
	(void)state;
	claim("Ann <ann@example.com>");
	judge();
	assert_int_equal(end.verdict.code, PT_VERDICT_PERMIT);
	assert_true(records.activity_changed && records.evidence_changed);
	assert_int_equal(evidence.sent_count, 1);
	assert_int_equal(site.activity.total[PT_COUNT_MESSAGES], 1);
}

static void
test_the_update_may_run_twice(void **state)
{
	struct pt_activity before = site.activity;

	(void)state;
	claim("ceo@example.com");
	judge();
	assert_true(end.by_header);
	end.is_plain = true;
	site.activity = before;
	judge();
	assert_false(end.by_header);
	assert_int_equal(end.verdict.code, PT_VERDICT_PERMIT);
	assert_int_equal(end.header.verdict.code, PT_VERDICT_PERMIT);
}

static void
test_a_refused_header_gives_the_charge_back(void **state)
{
	const struct pt_charge charge = {.hash = HASH, .amount = {1, 1, 100}};

	(void)state;
	(void)pt_quota_charge(
	    &site.plan, &site.account, &site.activity, &charge, TEST_NOW);
	claim("ceo@example.com");
	judge();
	assert_int_equal(end.verdict.code, PT_VERDICT_REFUSE);
	assert_int_equal(end.verdict.reason, PT_REASON_FROM_NOT_OWNED);
	assert_true(end.refunded);
	assert_int_equal(site.activity.total[PT_COUNT_MESSAGES], 0);
	assert_int_equal(site.activity.refusals.total, 1);
	assert_int_equal(evidence.sent_count, 0);
}

static void
test_a_map_that_is_down_is_no_fault_of_the_sender(void **state)
{
	const enum pt_owned unknown[] = {PT_OWNED_UNKNOWN};

	(void)state;
	claim("sales@example.com");
	end.by_maps = unknown;
	site.config.sender.policy = PT_SENDER_REWRITE;
	judge();
	assert_int_equal(end.verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(end.verdict.reason, PT_REASON_SENDER_UNAVAILABLE);
	assert_false(end.mend);
	assert_int_equal(site.activity.refusals.total, 0);
	assert_false(records.activity_changed);
}

static void
test_what_is_mended_goes_out_and_costs(void **state)
{
	(void)state;
	claim("ceo@example.com");
	site.config.sender.policy = PT_SENDER_REWRITE;
	judge();
	assert_true(end.mend);
	assert_false(end.by_header);
	assert_int_equal(end.verdict.code, PT_VERDICT_PERMIT);
	assert_int_equal(site.activity.total[PT_COUNT_MESSAGES], 1);
}

/* The MTA knows what the reader would see as a part of another field. */
static void
test_what_cannot_be_rewritten_is_refused(void **state)
{
	static const char value[] = "1\rFrom: ceo@example.com";

	(void)state;
	claim("ann@example.com");
	pt_from_add(&from, "X-Number", 8, value, strlen(value));
	site.config.sender.policy = PT_SENDER_REWRITE;
	judge();
	assert_false(end.mend);
	assert_true(end.by_header);
	assert_int_equal(end.verdict.code, PT_VERDICT_REFUSE);
}

static void
test_a_block_since_the_charge_gives_it_back(void **state)
{
	const struct pt_charge charge = {.hash = HASH, .amount = {1, 1, 100}};

	(void)state;
	(void)pt_quota_charge(
	    &site.plan, &site.account, &site.activity, &charge, TEST_NOW);
	site.account.lock.at = TEST_NOW;
	end.is_plain = true;
	judge();
	assert_int_equal(end.verdict.reason, PT_REASON_SENDING_LOCKED);
	assert_true(end.refunded);
	assert_int_equal(site.activity.total[PT_COUNT_MESSAGES], 0);
	/* In observe mode it goes out, and stays charged. */
	(void)pt_quota_charge(
	    &site.plan, &site.account, &site.activity, &charge, TEST_NOW);
	site.config.mode = PT_MODE_OBSERVE;
	judge();
	assert_false(end.refunded);
	assert_int_equal(site.activity.total[PT_COUNT_MESSAGES], 1);
}

static void
test_a_header_that_is_only_observed_is_noted(void **state)
{
	const struct pt_observed *observed = &site.activity.observed;

	(void)state;
	site.config.mode = PT_MODE_OBSERVE;
	claim("ceo@example.com");
	judge();
	assert_int_equal(observed->count, 1);
	assert_int_equal(observed->entry[0].reason, PT_REASON_FROM_NOT_OWNED);
	assert_int_equal(observed->entry[0].messages, 1);
	assert_true(records.activity_changed);
	/* Rewritten, it would not have been refused. */
	site.config.sender.policy = PT_SENDER_REWRITE;
	judge();
	assert_int_equal(observed->entry[0].messages, 1);
}

static void
test_a_header_is_noted_apart_from_what_is_too_old(void **state)
{
	struct pt_observed *observed = &site.activity.observed;

	(void)state;
	observed->count = 1;
	observed->entry[0] = (struct pt_would){
	    .reason = PT_REASON_FROM_NOT_OWNED,
	    .messages = 7,
	    .first_at = 1,
	    .last_at = TEST_NOW - PT_WOULD_KEEP_SECONDS - 1,
	};
	site.config.mode = PT_MODE_OBSERVE;
	claim("ceo@example.com");
	judge();
	assert_int_equal(observed->count, 1);
	assert_int_equal(observed->entry[0].messages, 1);
	assert_int_equal(observed->entry[0].first_at, TEST_NOW);
}

static void
test_nothing_is_noted_for_a_plan_without_bounce_min(void **state)
{
	(void)state;
	site.plan.bounce_min.count = 0;
	claim("ann@example.com");
	judge();
	assert_int_equal(end.verdict.code, PT_VERDICT_PERMIT);
	assert_false(records.evidence_changed);
}

#define JUDGE_TEST(fn) cmocka_unit_test_setup(fn, set_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    JUDGE_TEST(test_what_is_owned_is_charged_and_noted),
	    JUDGE_TEST(test_the_update_may_run_twice),
	    JUDGE_TEST(test_a_refused_header_gives_the_charge_back),
	    JUDGE_TEST(test_a_map_that_is_down_is_no_fault_of_the_sender),
	    JUDGE_TEST(test_what_is_mended_goes_out_and_costs),
	    JUDGE_TEST(test_what_cannot_be_rewritten_is_refused),
	    JUDGE_TEST(test_a_block_since_the_charge_gives_it_back),
	    JUDGE_TEST(test_a_header_that_is_only_observed_is_noted),
	    JUDGE_TEST(test_a_header_is_noted_apart_from_what_is_too_old),
	    JUDGE_TEST(test_nothing_is_noted_for_a_plan_without_bounce_min),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
