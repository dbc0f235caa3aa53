/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The end of a message when something is wrong that is not its fault. */

#include "milter/stages.h"

#include "tests/unit/support/milter_site.h"
#include "tests/unit/support/store_raw.h"

static void
damage(struct milter_site *site, enum store_db db)
{
	store_raw_damage(
	    site->filter.door.store, db, SITE_LOGIN, "\x01\x01\x01");
}

static void
test_damaged_evidence_keeps_no_mail_back(void **state)
{
	struct milter_site *site = *state;

	damage(site, STORE_EVIDENCE);
	assert_int_equal(site_send(site, "Q1", "<ann@example.com>"), 0);
	assert_int_equal(site_send(site, "Q2", "<ann@example.com>"), 0);
	assert_int_equal(site_sent(site), 2);
	assert_int_equal(site->filter.report.counters.permitted, 2);
	/* It judges as ever. */
	assert_int_equal(
	    site_send(site, "Q3", "<ceo@example.com>"), PM_STEP_REJECT);
}

static void
test_without_windows_nothing_goes_out(void **state)
{
	struct milter_site *site = *state;

	assert_int_equal(site_mail(site, "<" SITE_LOGIN ">"), PM_STEP_CONTINUE);
	site_header(site, "From", "<ann@example.com>");
	damage(site, STORE_RECORDS);
	assert_int_equal(site_end(site), PM_STEP_TEMPFAIL);
	assert_non_null(strstr(site->reply, "451 4.3.0"));
}

/* An MTA that goes on after the answers to RCPT were against it. */
static void
test_a_message_that_was_turned_away_does_not_end_well(void **state)
{
	struct milter_site *site = *state;

	atomic_store(&site->filter.is_stopping, true);
	assert_int_equal(site_mail(site, "<" SITE_LOGIN ">"), PM_STEP_TEMPFAIL);
	assert_int_equal(site_end(site), PM_STEP_TEMPFAIL);
	atomic_store(&site->filter.is_stopping, false);
	site->login = "no login at all";
	assert_int_equal(site_mail(site, "<" SITE_LOGIN ">"), PM_STEP_TEMPFAIL);
	assert_int_equal(site_end(site), PM_STEP_TEMPFAIL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    MILTER_TEST(test_damaged_evidence_keeps_no_mail_back),
	    MILTER_TEST(test_without_windows_nothing_goes_out),
	    MILTER_TEST(test_a_message_that_was_turned_away_does_not_end_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
