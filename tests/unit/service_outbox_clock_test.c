/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Notices that come from another time than the clock tells. */

#include "tests/unit/service_outbox.h"

/* As in a backup that was restored. */
static void
test_a_notice_that_is_too_old_is_given_up_unsent(void **state)
{
	struct site *site = *state;
	int64_t weekend = TEST_NOW + (int64_t)4 * 86400;
	int64_t late = weekend + PT_OUTBOX_LATE_SECONDS + 1;
	struct pt_outbox_change change;
	struct pt_err err;

	write_script(site, "echo >>mails\n");
	update(site, "ann@example.com", tell);
	assert_int_equal(send_all(site, weekend).sent, 1);
	update(site, "ann@example.com", tell);
	assert_int_equal(send_all(site, late).gave_up, 1);
	assert_string_equal(site->last, "gave-up");
	assert_string_equal(site->entry.error, "too old");
	assert_int_equal(lines_in(site, "mails"), 1);
	assert_int_equal(waiting(site), 1);
	/* Who wants it sent all the same gets it sent. */
	pt_outbox_retry(&site->entry, late, &change);
	assert_int_equal(
	    pt_store_change_outbox(site->f->store, &change, 1, &err), 0);
	assert_int_equal(send_all(site, late).sent, 1);
}

static void
test_nothing_is_too_old_by_a_clock_that_is_doubted(void **state)
{
	struct site *site = *state;
	int64_t ahead = TEST_NOW + (int64_t)400 * 86400;
	const struct pt_swept swept = {.at = TEST_NOW};
	struct pt_err err;

	write_script(site, "echo >>mails\n");
	update(site, "ann@example.com", tell);
	assert_int_equal(pt_store_put_swept(site->f->store, &swept, &err), 0);
	assert_int_equal(send_all(site, ahead).gave_up, 0);
	assert_int_equal(lines_in(site, "mails"), 0);
	assert_int_equal(send_all(site, TEST_NOW).sent, 1);
}

/* Given up by a clock that was a year ahead: it is still to be seen. */
static void
test_what_was_given_up_in_the_future_is_kept_from_now_on(void **state)
{
	struct site *site = *state;
	int64_t now = TEST_NOW + (int64_t)400 * 86400;

	update(site, "ann@example.com", tell);
	assert_int_equal(send_all(site, now).gave_up, 1);
	configure(site, "postmaster@example.com");
	(void)send_all(site, TEST_NOW);
	assert_int_equal(waiting(site), 1);
	configure(site, "postmaster@example.com");
	(void)send_all(site, TEST_NOW + PT_OUTBOX_KEEP_SECONDS);
	assert_int_equal(waiting(site), 0);
}

/* In the order of their times it stands behind all that wait. */
static void
test_one_from_a_clock_that_was_ahead_waits_for_no_other(void **state)
{
	struct site *site = *state;
	int64_t ahead = TEST_NOW + (int64_t)365 * 86400;

	update(site, "ann", tell);
	write_script(site, "exit 75\n");
	send_all(site, TEST_NOW);
	assert_string_equal(site->last, "failed");
	outbox_leave_for(site->f->store, "ann", ahead);
	write_script(site, "exec cat >mail\n");
	/* The clock was put right, and the keeper starts. */
	configure(site, "postmaster@example.com");
	site->reports = 0;
	send_all(site, TEST_NOW + 10);
	assert_int_equal(site->reports, 1);
	assert_string_equal(site->last, "sent");
	assert_true(site->entry.notice.at == ahead);
	assert_int_equal(waiting(site), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    OUTBOX_TEST(test_a_notice_that_is_too_old_is_given_up_unsent),
	    OUTBOX_TEST(test_nothing_is_too_old_by_a_clock_that_is_doubted),
	    OUTBOX_TEST(
		test_what_was_given_up_in_the_future_is_kept_from_now_on),
	    OUTBOX_TEST(
		test_one_from_a_clock_that_was_ahead_waits_for_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
