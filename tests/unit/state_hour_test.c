/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/hour.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

static const char full[] = "01 ac02 08"
			   "00 05 00 06 00 07 00 ac02"
			   "04 01 00 02 7c 03 00 04";

static void
make(uint64_t *random, void *out)
{
	struct pt_hour *hour = out;

	memset(hour, 0, sizeof(*hour));
	hour->start = (int64_t)random_number(random, 40) * PT_HOUR_SECONDS;
	if (random_chance(random, 50))
		hour->permitted = random_number(random, 64);
	if (random_chance(random, 50))
		hour->sessions_opened = random_number(random, 64);
	if (random_chance(random, 50))
		hour->sessions_refused = random_number(random, 64);
	if (random_chance(random, 50))
		hour->mail_checks = random_number(random, 64);
	for (unsigned i = 0; i < PT_COUNTER_REASONS; i++) {
		if (random_chance(random, 10))
			hour->refused[i] = random_number(random, 64);
		if (random_chance(random, 10))
			hour->observed[i] = random_number(random, 64);
	}
}

/* The struct consists of numbers of 64 bits: it has no padding. */
static bool
is_same(const void *in, const void *out)
{
	return memcmp(in, out, sizeof(struct pt_hour)) == 0;
}

static size_t
encode(const void *hour, unsigned char *out, size_t cap)
{
	return pt_hour_encode(hour, out, cap);
}

static int
decode(const void *at, size_t len, void *out, struct pt_err *err)
{
	return pt_hour_decode(at, len, out, err);
}

static const struct record_format hour_format = {
    .size = sizeof(struct pt_hour),
    .random = make,
    .is_same = is_same,
    .encode = encode,
    .decode = decode,
};

static struct pt_hour
full_hour(void)
{
	struct pt_hour hour = {
	    .start = (int64_t)300 * PT_HOUR_SECONDS,
	    .permitted = 5,
	    .sessions_opened = 6,
	    .sessions_refused = 7,
	    .mail_checks = 300,
	};

	hour.refused[0] = 1;
	hour.observed[0] = 2;
	hour.refused[PT_COUNTER_REASONS - 1] = 3;
	hour.observed[PT_COUNTER_REASONS - 1] = 4;
	return hour;
}

static void
what_was_counted_between_two_states_is_added(void **state)
{
	struct pt_hour hour = full_hour();
	struct pt_counters before = {
	    .permitted = 10, .sessions_opened = 20, .mail_checks = 30};
	struct pt_counters after = before;

	(void)state;
	before.refused[0] = 5;
	before.sessions_refused[3] = 7;
	after.permitted += 1;
	after.sessions_opened += 2;
	after.mail_checks += 3;
	after.refused[0] = 9;
	after.refused[63] = 6;
	after.observed[1] = 5;
	after.sessions_refused[3] = 8;
	after.sessions_refused[4] = 2;
	/* Of no interest here. */
	after.requests = 1000;
	after.blocks = 1000;
	pt_hour_add(&hour, &before, &after);
	assert_int_equal(hour.permitted, 6);
	assert_int_equal(hour.sessions_opened, 8);
	assert_int_equal(hour.sessions_refused, 10);
	assert_int_equal(hour.mail_checks, 303);
	assert_int_equal(hour.refused[0], 5);
	assert_int_equal(hour.refused[63], 9);
	assert_int_equal(hour.observed[0], 2);
	assert_int_equal(hour.observed[1], 5);
	assert_int_equal(hour.start, 300 * PT_HOUR_SECONDS);
}

static void
counters_that_began_anew_take_nothing_back(void **state)
{
	struct pt_hour hour = full_hour();
	struct pt_counters before = {.permitted = 10, .mail_checks = 1};
	struct pt_counters after = {.permitted = 3, .mail_checks = UINT64_MAX};

	(void)state;
	pt_hour_add(&hour, &before, &after);
	assert_int_equal(hour.permitted, 5);
	assert_true(hour.mail_checks == UINT64_MAX);
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_hour hour = full_hour();

	(void)state;
	record_check_bytes(&hour_format, &hour, full);
}

static void
what_was_not_counted_takes_no_bytes(void **state)
{
	struct pt_hour hour = {.start = PT_HOUR_SECONDS};
	struct pt_hour amid = {.start = 2 * PT_HOUR_SECONDS - 1};
	struct pt_hour early = {.start = -5};
	unsigned char bytes[PT_HOUR_BYTES_MAX];

	(void)state;
	record_check_bytes(&hour_format, &hour, "01 01 00");
	/* A start amid an hour is that of the hour; none is before 1970. */
	record_check_hex(
	    bytes, pt_hour_encode(&amid, bytes, sizeof(bytes)), "01 01 00");
	record_check_hex(
	    bytes, pt_hour_encode(&early, bytes, sizeof(bytes)), "01 00 00");
}

static void
every_hour_comes_back_as_it_was(void **state)
{
	(void)state;
	record_check_random(&hour_format);
}

static void
the_busiest_hour_fits(void **state)
{
	struct pt_hour hour;

	(void)state;
	memset(&hour, 0xff, sizeof(hour));
	hour.start = INT64_MAX - INT64_MAX % PT_HOUR_SECONDS;
	record_check_round_trip(&hour_format, &hour, "the busiest hour");
}

static void
cut_or_turned_counts_are_noticed(void **state)
{
	(void)state;
	record_check_damaged_hex(&hour_format, full);
	record_check_damaged_random(&hour_format);
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_hour hour = full_hour();

	(void)state;
	record_check_short_buffer(&hour_format, &hour);
}

static void
what_is_refused_says_why(void **state)
{
	static const struct record_bad bad[] = {
	    {"nothing", "", PT_ERR_DAMAGED, "they are empty"},
	    {"no version", "00", PT_ERR_DAMAGED, "they have no version"},
	    {"newer", "02", PT_ERR_NEWER, "version 2, known here is 1"},
	    {"no hour", "01", PT_ERR_DAMAGED, "they say no hour"},
	    {"an hour that no clock shows", "01 ffffffffffffffffff01 00",
		PT_ERR_DAMAGED, "they say no hour"},
	    {"more behind them", "01 01 00 00", PT_ERR_DAMAGED,
		"they go on after their end"},
	    {"a count of nothing", "01 01 01 00 00", PT_ERR_DAMAGED,
		"cannot be read"},
	    {"a number that is not known", "01 01 01 04 01", PT_ERR_NEWER,
		"some are not known here"},
	    {"a reason that is not known", "01 01 01 8801 01", PT_ERR_NEWER,
		"some are not known here"},
	    {"the last number there may be", "01 01 01 ffff03 01", PT_ERR_NEWER,
		"some are not known here"},
	    {"one beyond it", "01 01 02 ffff03 01 00 01", PT_ERR_DAMAGED,
		"cannot be read"},
	    {"a number beyond all", "01 01 01 ffffffffffffffffff01 01",
		PT_ERR_DAMAGED, "cannot be read"},
	};

	(void)state;
	record_check_refused(&hour_format, bad, sizeof(bad) / sizeof(bad[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_counted_between_two_states_is_added),
	    cmocka_unit_test(counters_that_began_anew_take_nothing_back),
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(what_was_not_counted_takes_no_bytes),
	    cmocka_unit_test(every_hour_comes_back_as_it_was),
	    cmocka_unit_test(the_busiest_hour_fits),
	    cmocka_unit_test(cut_or_turned_counts_are_noticed),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	    cmocka_unit_test(what_is_refused_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
