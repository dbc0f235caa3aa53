/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/counters.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

#define BYTES_OF1 1081
#define BYTES_OF2 1625
#define BYTES_OF3 1657

static size_t
encode(const void *counters, unsigned char *out, size_t cap)
{
	assert_true(cap >= PT_COUNTERS_BYTES);
	pt_counters_encode(counters, out);
	return PT_COUNTERS_BYTES;
}

static int
decode(const void *at, size_t len, void *out, struct pt_err *err)
{
	return pt_counters_decode(at, len, out, err);
}

static const struct record_format counters_format = {
    .size = sizeof(struct pt_counters),
    .encode = encode,
    .decode = decode,
};

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
	counters.refunded = next + 10;
	counters.rewritten = next + 11;
	counters.bounces_counted = next + 12;
	counters.bounces_ignored = next + 13;
	counters.notices_sent = next + 14;
	counters.notices_failed = next + 15;
	counters.notices_given_up = next + 16;
	counters.swept = next + 17;
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
	record_check_hex(bytes, 17, "04 0807060504030201 0907060504030201");
	/* The seventh and the eighth counter. */
	record_check_hex(bytes + 49, 16, "ffffffffffffffff 6c07060504030201");
	/* The first of those that came with version 2, and the last. */
	record_check_hex(
	    bytes + BYTES_OF1, 16, "0e07060504030201 0f07060504030201");
	record_check_hex(
	    bytes + BYTES_OF2 - 8, 16, "1107060504030201 1207060504030201");
	/* And so with version 3, and with this one. */
	record_check_hex(
	    bytes + BYTES_OF3 - 8, 16, "1507060504030201 1607060504030201");
	record_check_hex(bytes + sizeof(bytes) - 8, 8, "1907060504030201");
}

static void
check_old(unsigned char version, size_t old_len, const struct pt_counters *old)
{
	struct pt_counters in = example();
	struct pt_counters out;
	unsigned char bytes[PT_COUNTERS_BYTES];
	struct pt_err err = {0};

	pt_counters_encode(&in, bytes);
	bytes[0] = version;
	memset(&out, 0xee, sizeof(out));
	assert_int_equal(pt_counters_decode(bytes, old_len, &out, &err), 0);
	assert_memory_equal(old, &out, sizeof(out));
	for (size_t len = 1; len < sizeof(bytes); len++) {
		if (len == old_len)
			continue;
		assert_int_equal(
		    pt_counters_decode(bytes, len, &out, &err), -1);
		assert_int_equal(err.kind, PT_ERR_DAMAGED);
	}
}

static void
what_an_old_version_did_not_count_is_zero(void **state)
{
	struct pt_counters old = example();

	(void)state;
	old.notices_sent = 0;
	old.notices_failed = 0;
	old.notices_given_up = 0;
	old.swept = 0;
	check_old(3, BYTES_OF3, &old);
	old.refunded = 0;
	old.rewritten = 0;
	old.bounces_counted = 0;
	old.bounces_ignored = 0;
	check_old(2, BYTES_OF2, &old);
	old.sessions_opened = 0;
	old.sessions_ended = 0;
	memset(old.sessions_refused, 0, sizeof(old.sessions_refused));
	old.mail_checks = 0;
	old.blocks = 0;
	check_old(1, BYTES_OF1, &old);
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
	record_check_damage(&counters_format, bytes, PT_COUNTERS_BYTES);
	bytes[PT_COUNTERS_BYTES] = 0;
	assert_int_equal(
	    pt_counters_decode(bytes, sizeof(bytes), &out, &err), -1);
	assert_int_equal(err.kind, PT_ERR_DAMAGED);
}

static void
what_is_refused_says_why(void **state)
{
	static const struct record_bad bad[] = {
	    {"nothing", "", PT_ERR_DAMAGED, "0 bytes instead of 1689"},
	    {"no version", "00", PT_ERR_DAMAGED, "damaged"},
	    {"too short", "04 00", PT_ERR_DAMAGED, "2 bytes instead of 1689"},
	    {"the last", "03 00", PT_ERR_DAMAGED, "2 bytes instead of 1657"},
	    {"an old one", "02 00", PT_ERR_DAMAGED, "2 bytes instead of 1625"},
	    {"the first", "01 00", PT_ERR_DAMAGED, "2 bytes instead of 1081"},
	    {"newer", "05", PT_ERR_NEWER, "version 5, known here is 4"},
	};

	(void)state;
	record_check_refused(
	    &counters_format, bad, sizeof(bad) / sizeof(bad[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counters_come_back_as_they_were),
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(what_an_old_version_did_not_count_is_zero),
	    cmocka_unit_test(a_cut_or_turned_record_is_noticed),
	    cmocka_unit_test(what_is_refused_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
