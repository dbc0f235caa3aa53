/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Fields of the account record beyond the app passwords. */
#include "core/base/attr.h"
#include "core/state/account_codec.h"
#include "core/state/notice.h"
#include "tests/unit/support/random_account.h"
#include "tests/unit/support/record_refusals.h"

static const char full[] = "01 5700"
			   "06 0900 01 0300000000000000"
			   "0f 0b00 0900000000000000 70726f"
			   "10 0300 555443"
			   "11 0500 04 33 32 901c"
			   "12 0c00 0500000000000000 02000000"
			   "13 0800 0600000000000000"
			   "14 1200 01 0300000000000000 06 0400000000000000";

static void
full_account(struct pt_account *out)
{
	account_start(out);
	out->block_reason = PT_BLOCK_QUOTA;
	out->block.at = 3;
	out->block_figures =
	    (struct pt_figures){PT_FIGURES_REFUSALS, 51, 50, 3600};
	(void)snprintf(out->next_plan, sizeof(out->next_plan), "pro");
	out->next_plan_at = 9;
	(void)snprintf(out->timezone, sizeof(out->timezone), "UTC");
	out->notices = (struct pt_notice_count){5, 2};
	out->unused_told_at = 6;
	out->carried =
	    (struct pt_carried){PT_BLOCK_QUOTA, 3, PT_NOTICE_LIMIT_SOON, 4};
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_account account;

	(void)state;
	full_account(&account);
	record_check_bytes(&account_format, &account, full);
}

static void
an_old_record_has_the_defaults(void **state)
{
	struct pt_login login = test_login("ann@example.com");
	unsigned char bytes[64];
	struct pt_account account;
	struct pt_err err;
	size_t len = record_from_hex(
	    "01 0c00 06 0900 01 0300000000000000", bytes, sizeof(bytes));

	(void)state;
	memset(&account, 0xee, sizeof(account));
	assert_int_equal(
	    pt_account_decode(bytes, len, &login, &account, &err), 0);
	assert_int_equal(account.block_reason, PT_BLOCK_QUOTA);
	assert_int_equal(account.block_figures.unit, PT_FIGURES_NONE);
	assert_int_equal(account.block_figures.seconds, 0);
	assert_string_equal(account.next_plan, "");
	assert_int_equal(account.next_plan_at, 0);
	assert_string_equal(account.timezone, "");
	assert_int_equal(account.notices.since, 0);
	assert_int_equal(account.notices.count, 0);
	assert_int_equal(account.unused_told_at, 0);
	assert_int_equal(account.carried.block, PT_BLOCK_NONE);
	assert_int_equal(account.carried.notice_at, 0);
}

static void
what_is_not_in_force_is_not_stored(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	account_start(&account);
	account.next_plan_at = 7;
	account.block_figures.used = 5;
	account.notices.since = -1;
	account.unused_told_at = -1;
	account.carried.block_at = -1;
	record_check_hex(bytes,
	    pt_account_encode(&account, bytes, sizeof(bytes)), "01 0000");
}

static void
texts_that_could_forge_a_line_are_not_encoded(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	full_account(&account);
	account.timezone[0] = '\n';
	assert_int_equal(pt_account_encode(&account, bytes, sizeof(bytes)), 0);
	full_account(&account);
	account.next_plan[0] = '\x7f';
	assert_int_equal(pt_account_encode(&account, bytes, sizeof(bytes)), 0);
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_account account;

	(void)state;
	full_account(&account);
	record_check_short_buffer(&account_format, &account);
}

#define NEVER "0000000000000000"
#define BLOCK "06 0900 01 0300000000000000"

static const struct record_bad bad_records[] = {
    {"no next plan", "01 0b00 0f 0800 0100000000000000", PT_ERR_DAMAGED,
	"its next plan"},
    {"next plan with a newline", "01 0c00 0f 0900 0100000000000000 0a",
	PT_ERR_DAMAGED, "its next plan"},
    {"next plan from before 1970", "01 0c00 0f 0900 ffffffffffffffff 61",
	PT_ERR_DAMAGED, "its next plan"},
    {"empty time zone", "01 0300 10 0000", PT_ERR_DAMAGED, "its time zone"},
    {"time zone with a NUL", "01 0500 10 0200 6100", PT_ERR_DAMAGED,
	"its time zone"},
    {"figures without a block", "01 0700 11 0400 01 01 01 01", PT_ERR_DAMAGED,
	"its figures of the block"},
    {"figures of nothing", "01 1300" BLOCK "11 0400 00 00 00 00",
	PT_ERR_DAMAGED, "its figures of the block"},
    {"figures of an unknown unit", "01 1300" BLOCK "11 0400 0a 01 01 01",
	PT_ERR_NEWER, "its figures of the block"},
    {"figures with more behind", "01 1400" BLOCK "11 0500 01 01 01 01 01",
	PT_ERR_DAMAGED, "its figures of the block"},
    {"no notices", "01 0f00 12 0c00" NEVER "00000000", PT_ERR_DAMAGED,
	"its count of notices"},
    {"told never", "01 0b00 13 0800" NEVER, PT_ERR_DAMAGED,
	"before it ends as unused"},
    {"carried over nothing", "01 1500 14 1200 00" NEVER "00" NEVER,
	PT_ERR_DAMAGED, "what was carried over"},
    {"carried over an unknown block", "01 1500 14 1200 08" NEVER "00" NEVER,
	PT_ERR_NEWER, "what was carried over"},
    {"carried over an unknown notice", "01 1500 14 1200 00" NEVER "08" NEVER,
	PT_ERR_NEWER, "what was carried over"},
};

static struct record_refusals refusals = {
    .format = &account_format,
    .sound = {full},
    .bad = bad_records,
    .bad_count = PT_ARRAY_LEN(bad_records),
};

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(an_old_record_has_the_defaults),
	    cmocka_unit_test(what_is_not_in_force_is_not_stored),
	    cmocka_unit_test(texts_that_could_forge_a_line_are_not_encoded),
	    cmocka_unit_test_prestate(
		a_cut_or_turned_record_is_noticed, &refusals),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	    cmocka_unit_test_prestate(what_is_refused_says_why, &refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
