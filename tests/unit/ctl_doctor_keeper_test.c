/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What doctor says about notices that do not get out. */

#include "ctl/doctor.h"

#include <stdlib.h>

#include "tests/unit/support/doctor_report.h"
#include "tests/unit/support/outbox_fixture.h"
#include "tests/unit/support/store_fixture.h"

#define FROM "postmaster@example.com"

static void
keeper_lives(struct pt_store *store, int64_t at)
{
	struct pt_life life = {.number = 1, .seen_at = at};
	struct pt_err err;

	if (pt_store_put_life(store, PT_LIFE_KEEPER, &life, &err) != 0)
		fail_msg("life: %s", err.text);
}

/* The only notice in the outbox was tried in vain that often. */
static void
fail_it(struct pt_store *store, uint32_t tries, bool gave_up)
{
	struct pt_outbox_change change =
	    outbox_change_of(&outbox_look(store)->entry[0]);

	change.entry.tries = tries;
	change.entry.gave_up = gave_up;
	change.entry.next_at = TEST_NOW + 60;
	(void)snprintf(change.entry.error, sizeof(change.entry.error),
	    "the queue is full");
	outbox_change(store, &change);
}

static struct doctor_diagnosis
look(const struct store_fixture *f, const char *from)
{
	struct doctor_diagnosis diagnosis;
	struct doctor_report report;

	doctor_report_begin(&report, "", &diagnosis);
	report.call.store = f->store;
	(void)snprintf(report.config.notice.from,
	    sizeof(report.config.notice.from), "%s", from);
	report.doctor.cannot_tell = true;
	pc_doctor_keeper(&report.doctor);
	doctor_report_end(&report);
	return diagnosis;
}

static void
expect(const struct store_fixture *f, const char *from, unsigned problems,
    const char *level, const char *what, const char *more)
{
	struct doctor_diagnosis diagnosis = look(f, from);

	doctor_expect_line(&diagnosis, 0, level, what, more);
	assert_int_equal(diagnosis.problems, problems);
	free(diagnosis.text);
}

static void
a_fresh_notice_is_nothing_to_speak_of(void **state)
{
	struct store_fixture *f = *state;
	struct doctor_diagnosis diagnosis;

	keeper_lives(f->store, TEST_NOW);
	outbox_leave_for(f->store, "ann", TEST_NOW - 1);
	diagnosis = look(f, FROM);
	assert_null(strstr(diagnosis.text, "1 notice"));
	assert_int_equal(diagnosis.problems, 0);
	free(diagnosis.text);
}

static void
a_notice_that_nobody_sends_is_a_problem(void **state)
{
	struct store_fixture *f = *state;

	outbox_leave_for(f->store, "ann", TEST_NOW - 3600);
	expect(f, FROM, 1, "problem", "1 notice to be sent", "11:00:00 UTC");
}

/* The next try is never late, however long this goes on. */
static void
a_command_that_goes_on_failing_is_a_problem(void **state)
{
	struct store_fixture *f = *state;

	keeper_lives(f->store, TEST_NOW);
	outbox_leave_for(f->store, "ann", TEST_NOW - 3600);
	fail_it(f->store, 4, false);
	expect(f, FROM, 1, "problem", "will be tried again",
	    "ann@example.com: the queue is full");
}

static void
a_command_that_failed_just_now_is_noted(void **state)
{
	struct store_fixture *f = *state;

	keeper_lives(f->store, TEST_NOW);
	outbox_leave_for(f->store, "ann", TEST_NOW - 30);
	fail_it(f->store, 1, false);
	expect(f, FROM, 0, "note", "will be tried again",
	    "ann@example.com: the queue is full");
}

static void
what_was_given_up_is_noted(void **state)
{
	struct store_fixture *f = *state;

	keeper_lives(f->store, TEST_NOW);
	outbox_leave_for(f->store, "ann", TEST_NOW - 3600);
	fail_it(f->store, 9, true);
	expect(f, FROM, 0, "note", "were given up", "the queue is full");
}

static void
what_waits_while_notices_are_off_is_noted(void **state)
{
	struct store_fixture *f = *state;

	keeper_lives(f->store, TEST_NOW);
	outbox_leave_for(f->store, "ann", TEST_NOW - 3600);
	expect(f, "", 0, "note", "1 notice from before", "is set again");
}

static void
a_doubted_clock_is_noted_with_the_remedy(void **state)
{
	struct store_fixture *f = *state;
	struct pt_swept swept = {.at = TEST_NOW};
	struct doctor_diagnosis diagnosis;
	struct pt_err err;

	keeper_lives(f->store, TEST_NOW);
	diagnosis = look(f, FROM);
	assert_null(strstr(diagnosis.text, "doubted"));
	free(diagnosis.text);
	swept.doubted_at = TEST_NOW - 86400;
	assert_int_equal(pt_store_put_swept(f->store, &swept, &err), 0);
	expect(f, FROM, 0, "note", "the clock is doubted",
	    "nothing is swept before");
	diagnosis = look(f, FROM);
	assert_non_null(strstr(diagnosis.text, "timedatectl"));
	free(diagnosis.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_fresh_notice_is_nothing_to_speak_of),
	    STORE_TEST(a_notice_that_nobody_sends_is_a_problem),
	    STORE_TEST(a_command_that_goes_on_failing_is_a_problem),
	    STORE_TEST(a_command_that_failed_just_now_is_noted),
	    STORE_TEST(what_was_given_up_is_noted),
	    STORE_TEST(what_waits_while_notices_are_off_is_noted),
	    STORE_TEST(a_doubted_clock_is_noted_with_the_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
