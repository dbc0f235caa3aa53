/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/beat.h"

#include "tests/unit/support/store_fixture.h"

static const enum pt_life_of lives[] = {
    PT_LIFE_SESSIONS, PT_LIFE_POLICYD, PT_LIFE_KEEPER};

#define N_LIVES (sizeof(lives) / sizeof(lives[0]))

static void
begin(struct pt_beat *beat, struct pt_store *store, enum pt_life_of whose)
{
	struct pt_err err;

	assert_int_equal(pt_beat_init(beat, store, whose, &err), 0);
}

static void
say(struct pt_beat *beat, struct pt_store *store, int64_t now)
{
	struct pt_err err;

	assert_int_equal(pt_beat_say(beat, store, now, &err), 0);
}

static void
who_has_said_nothing_is_not_heard(void **state)
{
	struct store_fixture *f = *state;
	struct pt_beat beat;
	struct pt_err err;

	begin(&beat, f->store, PT_LIFE_POLICYD);
	assert_false(pt_beat_is_heard(f->store, PT_LIFE_POLICYD, TEST_NOW));
	/* Nor does it take back what it never said. */
	assert_int_equal(pt_beat_stop(&beat, f->store, &err), 0);
	begin(&beat, f->store, PT_LIFE_POLICYD);
	assert_int_equal(beat.life.number, 1);
}

static void
each_life_is_heard_by_itself(void **state)
{
	struct store_fixture *f = *state;
	struct pt_beat beat;
	struct pt_err err;
	size_t i;
	size_t j;

	for (i = 0; i < N_LIVES; i++) {
		begin(&beat, f->store, lives[i]);
		say(&beat, f->store, TEST_NOW);
		for (j = 0; j < N_LIVES; j++)
			assert_int_equal(
			    pt_beat_is_heard(f->store, lives[j], TEST_NOW),
			    i == j);
		assert_int_equal(pt_beat_stop(&beat, f->store, &err), 0);
		assert_false(pt_beat_is_heard(f->store, lives[i], TEST_NOW));
	}
}

static void
a_life_ends_by_itself_when_nothing_more_is_said(void **state)
{
	struct store_fixture *f = *state;
	const int64_t last = TEST_NOW + PT_LIFE_SECONDS;
	struct pt_beat beat;

	begin(&beat, f->store, PT_LIFE_KEEPER);
	say(&beat, f->store, TEST_NOW);
	assert_true(pt_beat_is_heard(f->store, PT_LIFE_KEEPER, last));
	assert_false(pt_beat_is_heard(f->store, PT_LIFE_KEEPER, last + 1));
	say(&beat, f->store, last);
	assert_true(pt_beat_is_heard(f->store, PT_LIFE_KEEPER, last + 1));
}

static void
it_is_heard_by_who_looked_at_the_clock_before(void **state)
{
	struct store_fixture *f = *state;
	const int64_t first = TEST_NOW - PT_LIFE_SECONDS;
	struct pt_beat beat;

	begin(&beat, f->store, PT_LIFE_KEEPER);
	say(&beat, f->store, TEST_NOW);
	assert_true(pt_beat_is_heard(f->store, PT_LIFE_KEEPER, first));
	/* A clock that was set back. */
	assert_false(pt_beat_is_heard(f->store, PT_LIFE_KEEPER, first - 1));
}

static void
each_start_is_another_life(void **state)
{
	struct store_fixture *f = *state;
	const struct pt_life last = {UINT32_MAX, TEST_NOW};
	struct pt_beat beat;
	struct pt_err err;

	begin(&beat, f->store, PT_LIFE_SESSIONS);
	say(&beat, f->store, TEST_NOW);
	begin(&beat, f->store, PT_LIFE_SESSIONS);
	assert_int_equal(beat.life.number, 2);
	assert_int_equal(
	    pt_store_put_life(f->store, PT_LIFE_SESSIONS, &last, &err), 0);
	begin(&beat, f->store, PT_LIFE_SESSIONS);
	assert_int_equal(beat.life.number, 1);
}

int
main(void)
{
#define TEST(name)                       \
	cmocka_unit_test_setup_teardown( \
	    name, store_fixture_set_up, store_fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(who_has_said_nothing_is_not_heard),
	    TEST(each_life_is_heard_by_itself),
	    TEST(a_life_ends_by_itself_when_nothing_more_is_said),
	    TEST(it_is_heard_by_who_looked_at_the_clock_before),
	    TEST(each_start_is_another_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
