/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/mail_check.h"

#include "tests/unit/rules_fixture.h"

static struct rules_site site;

static int
start(void **state)
{
	(void)state;
	rules_start(&site);
	site.plan.mail_check = (struct pt_limit){true, 300};
	site.plan.imap_check = PT_IMAP_CHECK_HOLD;
	site.plan.check_burst = (struct pt_limit){true, 60};
	return 0;
}

static void
test_pop3_checks_once_in_an_interval(void **state)
{
	static const struct {
		int64_t after;
		bool may;
	} logins[] = {{0, true}, {0, false}, {299, false}, {300, true},
	    {301, false}, {599, false}, {600, true}};
	struct pt_verdict verdict;
	int64_t last = 0;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(logins); i++) {
		verdict = pt_mail_check_pop3(
		    &site.plan, &site.usage, TEST_NOW + logins[i].after);
		assert_int_equal(
		    verdict.code == PT_VERDICT_PERMIT, logins[i].may);
		if (logins[i].may) {
			last = TEST_NOW + logins[i].after;
		} else {
			assert_int_equal(verdict.reason, PT_REASON_MAIL_CHECK);
			assert_int_equal(verdict.until, last + 300);
			assert_int_equal(verdict.seconds, 300);
		}
		assert_int_equal(site.usage.pop3_checked_at, last);
	}
	assert_int_equal(site.usage.view.checked_at, 0);
}

static void
test_pop3_without_mail_check_is_never_refused(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		site.plan.mail_check.on = i < 2;
		site.plan.mail_check.value = 0;
		assert_int_equal(
		    pt_mail_check_pop3(&site.plan, &site.usage, TEST_NOW).code,
		    PT_VERDICT_PERMIT);
	}
}

static enum pt_verdict_code
imap_login(int64_t now)
{
	return pt_mail_check_imap_login(&site.plan, &site.usage, now).code;
}

static void
test_imap_logins_of_a_burst_belong_together(void **state)
{
	(void)state;
	site.plan.imap_check = PT_IMAP_CHECK_REFUSE;
	assert_int_equal(imap_login(TEST_NOW), PT_VERDICT_PERMIT);
	assert_int_equal(imap_login(TEST_NOW + 60), PT_VERDICT_PERMIT);
	/* The burst begins with its first login and is not drawn out. */
	assert_int_equal(imap_login(TEST_NOW + 61), PT_VERDICT_DEFER);
	assert_int_equal(imap_login(TEST_NOW + 299), PT_VERDICT_DEFER);
	assert_int_equal(imap_login(TEST_NOW + 300), PT_VERDICT_PERMIT);
	assert_int_equal(imap_login(TEST_NOW + 301), PT_VERDICT_PERMIT);
	site.plan.check_burst.on = false;
	assert_int_equal(imap_login(TEST_NOW + 302), PT_VERDICT_DEFER);
	assert_int_equal(site.usage.pop3_checked_at, 0);
}

static void
test_imap_logins_are_free_where_mail_is_held_or_nothing_is(void **state)
{
	static const enum pt_imap_check free[] = {
	    PT_IMAP_CHECK_HOLD, PT_IMAP_CHECK_OFF};
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		site.plan.imap_check = free[i % 2];
		assert_int_equal(imap_login(TEST_NOW), PT_VERDICT_PERMIT);
		assert_int_equal(site.usage.view.checked_at, 0);
	}
}

static struct pt_held_view
look(uint32_t uidvalidity, uint32_t uidnext, int64_t now)
{
	bool changed;

	return pt_mail_check_look(
	    &site.plan, &site.usage, uidvalidity, uidnext, now, &changed);
}

static void
test_new_mail_waits_for_the_next_check(void **state)
{
	struct pt_held_view held;

	(void)state;
	held = look(7, 10, TEST_NOW);
	assert_true(held.held);
	assert_int_equal(held.uidnext, 10);
	assert_int_equal(held.due, 300);
	held = look(7, 12, TEST_NOW + 299);
	assert_int_equal(held.uidnext, 10);
	assert_int_equal(held.due, 1);
	held = look(7, 12, TEST_NOW + 300);
	assert_int_equal(held.uidnext, 12);
	assert_int_equal(held.due, 300);
}

static void
test_other_uidvalidity_opens_at_once(void **state)
{
	struct pt_held_view held;

	(void)state;
	(void)look(7, 10, TEST_NOW);
	held = look(8, 3, TEST_NOW + 1);
	assert_int_equal(held.uidnext, 3);
	assert_int_equal(held.due, 300);
}

static void
test_stored_mail_shows_at_once_and_is_no_check(void **state)
{
	struct pt_held_view held;
	bool changed = false;

	(void)state;
	(void)look(7, 10, TEST_NOW);
	held = pt_mail_check_stored(
	    &site.plan, &site.usage, 7, 12, TEST_NOW + 100, &changed);
	assert_true(changed);
	assert_int_equal(held.uidnext, 12);
	assert_int_equal(held.due, 200);
	held = pt_mail_check_stored(
	    &site.plan, &site.usage, 7, 11, TEST_NOW + 101, &changed);
	assert_false(changed);
	assert_int_equal(held.uidnext, 12);
	assert_int_equal(look(7, 13, TEST_NOW + 299).uidnext, 12);
	assert_int_equal(look(7, 13, TEST_NOW + 300).uidnext, 13);
	/* Long after: the next look is a check all the same. */
	held = pt_mail_check_stored(
	    &site.plan, &site.usage, 7, 14, TEST_NOW + 900, &changed);
	assert_int_equal(held.due, 1);
	assert_int_equal(look(7, 15, TEST_NOW + 900).uidnext, 15);
}

static void
test_plan_that_does_not_hold_shows_everything(void **state)
{
	struct pt_held_view held;
	bool changed = true;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		(void)start(state);
		if (i == 0)
			site.plan.mail_check.on = false;
		if (i == 1)
			site.plan.imap_check = PT_IMAP_CHECK_OFF;
		if (i == 2)
			site.plan.imap_check = PT_IMAP_CHECK_REFUSE;
		held = pt_mail_check_look(
		    &site.plan, &site.usage, 7, 10, TEST_NOW, &changed);
		assert_false(held.held);
		assert_false(changed);
		assert_int_equal(held.uidnext, 10);
		held = pt_mail_check_stored(
		    &site.plan, &site.usage, 7, 11, TEST_NOW, &changed);
		assert_false(held.held);
		assert_false(changed);
	}
}

static void
test_plan_that_begins_to_hold_opens_at_the_first_look(void **state)
{
	(void)state;
	site.plan.imap_check = PT_IMAP_CHECK_REFUSE;
	assert_int_equal(imap_login(TEST_NOW), PT_VERDICT_PERMIT);
	site.plan.imap_check = PT_IMAP_CHECK_HOLD;
	assert_int_equal(look(7, 10, TEST_NOW + 1).uidnext, 10);
}

/*
 * Random schedules of several sessions, with mail that arrives, mail that is
 * stored, sessions that lag behind, and (in every other schedule) a clock that
 * jumps.  A memory of what was shown is the judge.
 */
struct schedule {
	uint64_t random;
	int64_t interval;
	int64_t now;
	int64_t opened_at; /* the last check, by the memory */
	uint32_t uidvalidity;
	uint32_t newest;
	uint32_t shown;
	bool jumps;
	bool looked;
};

static bool
is_same_view(const struct pt_view *a, const struct pt_view *b)
{
	return a->checked_at == b->checked_at &&
	       a->uidvalidity == b->uidvalidity && a->uidnext == b->uidnext;
}

static void
look_once(struct schedule *s)
{
	uint32_t lag = test_random_below(&s->random, 8) == 0
			   ? (uint32_t)test_random_below(&s->random, 3)
			   : 0;
	uint32_t mine = s->newest > lag ? s->newest - lag : 1;
	struct pt_view before = site.usage.view;
	struct pt_held_view held;
	bool due = !s->looked || s->now >= s->opened_at + s->interval;
	bool changed = false;

	held = pt_mail_check_look(
	    &site.plan, &site.usage, s->uidvalidity, mine, s->now, &changed);
	assert_true(held.held);
	assert_true(held.due >= 1 && held.due <= s->interval);
	assert_int_equal(changed, !is_same_view(&before, &site.usage.view));
	/* It never goes back; and a check that is due shows all there is. */
	assert_true(held.uidnext >= s->shown);
	if (due)
		assert_true(held.uidnext >= mine);
	else
		assert_int_equal(held.uidnext, s->shown);
	if (due)
		s->opened_at = s->now;
	s->looked = true;
	s->shown = held.uidnext;
	assert_int_equal(s->now + held.due, s->opened_at + s->interval);
}

static void
store_once(struct schedule *s)
{
	struct pt_held_view held;
	bool changed;

	if (!s->looked)
		return;
	held = pt_mail_check_stored(&site.plan, &site.usage, s->uidvalidity,
	    ++s->newest, s->now, &changed);
	assert_int_equal(held.uidnext, s->newest);
	s->shown = s->newest;
}

static void
jump(struct schedule *s)
{
	s->now += (int64_t)test_random_below(&s->random, 4000) - 2000;
	/* What was stamped later than now is stamped now. */
	if (s->looked && s->opened_at > s->now)
		s->opened_at = s->now;
}

static void
step(struct schedule *s)
{
	s->now += (int64_t)test_random_below(
	    &s->random, (uint64_t)s->interval / 2 + 2);
	s->newest += (uint32_t)test_random_below(&s->random, 3);
	switch (test_random_below(&s->random, 40)) {
	case 0:
		s->uidvalidity++;
		s->newest = 1 + (uint32_t)test_random_below(&s->random, 5);
		s->shown = 0;
		s->looked = false;
		break;
	case 1:
	case 2:
		store_once(s);
		break;
	case 3:
		if (s->jumps) {
			jump(s);
			/* The stamp is settled by whoever looks next. */
			look_once(s);
		}
		break;
	default:
		look_once(s);
		break;
	}
}

static void
test_view_keeps_its_promises_in_every_schedule(void **state)
{
	struct schedule s;
	unsigned schedule;
	unsigned i;

	for (schedule = 0; schedule < 400; schedule++) {
		(void)start(state);
		memset(&s, 0, sizeof(s));
		s.random = 20261122 + schedule * 7919;
		s.interval = 1 + (int64_t)test_random_below(&s.random, 600);
		s.now = TEST_NOW;
		s.uidvalidity = 1;
		s.newest = 1;
		s.jumps = schedule % 2 == 1;
		site.plan.mail_check.value = (uint64_t)s.interval;
		for (i = 0; i < 500; i++)
			step(&s);
	}
}

/* However far the clock was ahead, waiting one interval is enough. */
static void
test_clock_set_back_locks_out_for_one_interval_at_most(void **state)
{
	static const int64_t ahead[] = {1, 299, 300, 301, 86400, 315360000};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(ahead); i++) {
		(void)start(state);
		(void)look(7, 10, TEST_NOW + ahead[i]);
		(void)pt_mail_check_pop3(
		    &site.plan, &site.usage, TEST_NOW + ahead[i]);
		assert_int_equal(look(7, 11, TEST_NOW).uidnext, 10);
		assert_int_equal(
		    pt_mail_check_pop3(&site.plan, &site.usage, TEST_NOW).until,
		    TEST_NOW + 300);
		assert_int_equal(look(7, 11, TEST_NOW + 300).uidnext, 11);
		assert_int_equal(
		    pt_mail_check_pop3(&site.plan, &site.usage, TEST_NOW + 300)
			.code,
		    PT_VERDICT_PERMIT);
	}
}

#define CHECK_TEST(fn) cmocka_unit_test_setup(fn, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CHECK_TEST(test_pop3_checks_once_in_an_interval),
	    CHECK_TEST(test_pop3_without_mail_check_is_never_refused),
	    CHECK_TEST(test_imap_logins_of_a_burst_belong_together),
	    CHECK_TEST(
		test_imap_logins_are_free_where_mail_is_held_or_nothing_is),
	    CHECK_TEST(test_new_mail_waits_for_the_next_check),
	    CHECK_TEST(test_other_uidvalidity_opens_at_once),
	    CHECK_TEST(test_stored_mail_shows_at_once_and_is_no_check),
	    CHECK_TEST(test_plan_that_does_not_hold_shows_everything),
	    CHECK_TEST(test_plan_that_begins_to_hold_opens_at_the_first_look),
	    CHECK_TEST(test_view_keeps_its_promises_in_every_schedule),
	    CHECK_TEST(test_clock_set_back_locks_out_for_one_interval_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
