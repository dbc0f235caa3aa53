/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/counters.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

#define BYTES_OF1 1081

static size_t
recode(const unsigned char *at, size_t len, unsigned char *out, size_t cap,
    struct pt_err *err)
{
	struct pt_counters counters;

	assert_true(cap >= PT_COUNTERS_BYTES);
	if (pt_counters_decode(at, len, &counters, err) == -1)
		return 0;
	pt_counters_encode(&counters, out);
	return PT_COUNTERS_BYTES;
}

/* Every counter has a value of its own, with different bytes. */
static struct pt_counters
example(void)
{
	uint64_t next = 0x0102030405060708U;
	struct pt_counters counters = {
	    .requests = next,
	    .permitted = next + 1,
	    .repeated = next + 2,
	    .unauthenticated = next + 3,
	    .malformed = next + 4,
	    .connections = next + 5,
	    .batches = UINT64_MAX,
	};

	for (unsigned i = 0; i < PT_COUNTER_REASONS; i++) {
		counters.refused[i] = next + 100 + i;
		counters.observed[i] = next + 200 + i;
		counters.sessions_refused[i] = next + 300 + i;
	}
	counters.sessions_opened = next + 6;
	counters.sessions_ended = next + 7;
	counters.mail_checks = next + 8;
	counters.blocks = next + 9;
	return counters;
}

static void
counters_come_back_as_they_were(void **state)
{
	struct pt_counters in = example();
	struct pt_counters out;
	unsigned char bytes[PT_COUNTERS_BYTES];
	struct pt_err err = {0};

	(void)state;
	pt_counters_encode(&in, bytes);
	assert_int_equal(
	    pt_counters_decode(bytes, sizeof(bytes), &out, &err), 0);
	/* The struct consists of uint64_t: it has no padding. */
	assert_memory_equal(&in, &out, sizeof(in));
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_counters in = example();
	unsigned char bytes[PT_COUNTERS_BYTES];

	(void)state;
	pt_counters_encode(&in, bytes);
	record_check_hex(bytes, 17, "02 0807060504030201 0907060504030201");
	/* The seventh and the eighth counter. */
	record_check_hex(bytes + 49, 16, "ffffffffffffffff 6c07060504030201");
	/* The first of those that came with version 2, and the last. */
	record_check_hex(
	    bytes + BYTES_OF1, 16, "0e07060504030201 0f07060504030201");
	record_check_hex(bytes + sizeof(bytes) - 8, 8, "1107060504030201");
}

static void
version_1_has_no_counts_of_sessions(void **state)
{
	struct pt_counters in = example();
	struct pt_counters out;
	unsigned char bytes[PT_COUNTERS_BYTES];
	struct pt_err err = {0};

	(void)state;
	pt_counters_encode(&in, bytes);
	bytes[0] = 1;
	memset(&out, 0xee, sizeof(out));
	assert_int_equal(pt_counters_decode(bytes, BYTES_OF1, &out, &err), 0);
	in.sessions_opened = 0;
	in.sessions_ended = 0;
	memset(in.sessions_refused, 0, sizeof(in.sessions_refused));
	in.mail_checks = 0;
	in.blocks = 0;
	assert_memory_equal(&in, &out, sizeof(in));
	for (size_t len = 1; len < sizeof(bytes); len++) {
		if (len == BYTES_OF1)
			continue;
		assert_int_equal(
		    pt_counters_decode(bytes, len, &out, &err), -1);
		assert_int_equal(err.kind, PT_ERR_DAMAGED);
	}
}

static void
a_cut_or_turned_record_is_noticed(void **state)
{
	struct pt_counters in = example();
	unsigned char bytes[PT_COUNTERS_BYTES + 1];
	struct pt_counters out;
	struct pt_err err = {0};

	(void)state;
	pt_counters_encode(&in, bytes);
	record_check_truncations(recode, bytes, PT_COUNTERS_BYTES);
	record_check_bit_flips(recode, bytes, PT_COUNTERS_BYTES);
	bytes[PT_COUNTERS_BYTES] = 0;
	assert_int_equal(
	    pt_counters_decode(bytes, sizeof(bytes), &out, &err), -1);
	assert_int_equal(err.kind, PT_ERR_DAMAGED);
}

static void
what_is_refused_says_why(void **state)
{
	static const struct record_bad bad[] = {
	    {"nothing", "", PT_ERR_DAMAGED, "0 bytes instead of 1625"},
	    {"no version", "00", PT_ERR_DAMAGED, "damaged"},
	    {"too short", "02 00", PT_ERR_DAMAGED, "2 bytes instead of 1625"},
	    {"an old one", "01 00", PT_ERR_DAMAGED, "2 bytes instead of 1081"},
	    {"newer", "03", PT_ERR_NEWER, "version 3, known here is 2"},
	};

	(void)state;
	record_check_refused(recode, bad, sizeof(bad) / sizeof(bad[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counters_come_back_as_they_were),
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(version_1_has_no_counts_of_sessions),
	    cmocka_unit_test(a_cut_or_turned_record_is_noticed),
	    cmocka_unit_test(what_is_refused_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
