/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/single.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static const struct {
	struct pt_plan plan;   /* with this limit alone */
	struct pt_charge most; /* that it permits */
	struct pt_charge over;
	struct pt_verdict verdict; /* of what is over it */
	bool needs_size;
} limits[] = {
    {
	.plan.recipients_per_message = {true, 30},
	.most.amount = {1, 30, 5000},
	.over.amount = {1, 31, 0},
	.verdict = {.code = PT_VERDICT_DEFER,
	    .reason = PT_REASON_RECIPIENTS_PER_MESSAGE,
	    .limit = 30,
	    .amount = 31},
    },
    {
	.plan.message_size = {true, 1000},
	.most.amount = {1, 500, 1000},
	.over.amount = {1, 1, 1001},
	.verdict = {.code = PT_VERDICT_REFUSE,
	    .reason = PT_REASON_MESSAGE_SIZE,
	    .limit = 1000,
	    .amount = 1001},
	.needs_size = true,
    },
};

/* The first verdict against it, or the permit of the last limit. */
static struct pt_verdict
judge(const struct pt_plan *plan, const struct pt_charge *charge)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};

	for (size_t i = 0; pt_single_judge(plan, i, charge, &verdict); i++) {
		if (verdict.code != PT_VERDICT_PERMIT)
			break;
	}
	return verdict;
}

static void
test_each_limit_permits_up_to_its_figure_and_no_more(void **state)
{
	struct pt_verdict verdict;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(limits); i++) {
		const struct pt_verdict *wanted = &limits[i].verdict;

		verdict = judge(&limits[i].plan, &limits[i].most);
		assert_int_equal(verdict.code, PT_VERDICT_PERMIT);
		assert_int_equal(verdict.reason, PT_REASON_NONE);
		verdict = judge(&limits[i].plan, &limits[i].over);
		assert_int_equal(verdict.code, wanted->code);
		assert_int_equal(verdict.reason, wanted->reason);
		assert_int_equal(verdict.limit, wanted->limit);
		assert_int_equal(verdict.amount, wanted->amount);
		assert_int_equal(verdict.used, wanted->amount);
	}
}

static void
test_a_plan_without_limits_permits_everything(void **state)
{
	const struct pt_plan plan = {.name = "free"};
	const struct pt_charge charge = {.amount = {1, UINT64_MAX, UINT64_MAX}};

	(void)state;
	assert_int_equal(judge(&plan, &charge).code, PT_VERDICT_PERMIT);
	assert_false(pt_single_needs_size(&plan));
}

static void
test_it_is_known_which_limit_needs_the_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(limits); i++)
		assert_int_equal(pt_single_needs_size(&limits[i].plan),
		    limits[i].needs_size);
}

/* Or neither a reply nor posternctl would can name it. */
static void
test_every_limit_is_here_and_its_reason_says_so(void **state)
{
	const struct pt_plan plan = {.name = "free"};
	const struct pt_charge charge = {.amount = {1, 1, 1}};
	struct pt_verdict verdict;
	size_t rows = 0;

	(void)state;
	while (pt_single_judge(&plan, rows, &charge, &verdict))
		rows++;
	assert_int_equal(rows, PT_ARRAY_LEN(limits));
	for (size_t i = 0; i < rows; i++) {
		const struct pt_reason *reason =
		    pt_reason_get(limits[i].verdict.reason);

		assert_int_equal(reason->limit, PT_LIMIT_MESSAGE);
		assert_int_not_equal(reason->unit, PT_FIGURES_NONE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_each_limit_permits_up_to_its_figure_and_no_more),
	    cmocka_unit_test(test_a_plan_without_limits_permits_everything),
	    cmocka_unit_test(test_it_is_known_which_limit_needs_the_size),
	    cmocka_unit_test(test_every_limit_is_here_and_its_reason_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
