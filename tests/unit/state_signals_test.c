/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/state/signals_codec.h"
#include "tests/unit/support/activity_maker.h"
#include "tests/unit/support/random_signals.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_refusals.h"

#define NOW      TEST_NOW
#define TIME_MAX (((int64_t)1 << 40) - 1)

#define ZEROS10 "00000000000000000000"
#define ZEROS100                                                        \
	ZEROS10 ZEROS10 ZEROS10 ZEROS10 ZEROS10 ZEROS10 ZEROS10 ZEROS10 \
	    ZEROS10 ZEROS10
#define ZEROS510 ZEROS100 ZEROS100 ZEROS100 ZEROS100 ZEROS100 ZEROS10

static const char full[] = "01 0f 6400000000 06 61 40 62 2e 64 65"
			   "02 ffffffff 00 04030201 0a"
			   "01 03 01"
			   "01 01" ZEROS510 "80"
			   "ac02 02" ZEROS510 "00";

static void
start(struct pt_signals *signals, const char *text)
{
	struct pt_login login = test_login(text);

	memset(signals, 0xee, sizeof(*signals));
	pt_signals_init(signals, &login);
}

static void
add_client(struct pt_signals *signals, uint32_t hash, int64_t at)
{
	signals->clients[signals->client_count++] =
	    (struct pt_client){.hash = hash, .at = at};
}

static void
full_signals(struct pt_signals *out)
{
	start(out, "a@b.de");
	add_client(out, 0x01020304, 90);
	add_client(out, 0xffffffff, 100);
	activity_add_entry(&out->strangers, 99, 0, 3);
	out->now.count = 1;
	out->now.bits[0] = 1;
	out->now.bits[PT_SKETCH_BYTES - 1] = 0x80;
	out->before.count = 300;
	out->before.bits[0] = 2;
}

static void
a_new_record_is_empty(void **state)
{
	struct pt_signals signals;

	(void)state;
	start(&signals, "a@b.de");
	assert_false(signals.exists);
	assert_int_equal(signals.client_count, 0);
	assert_int_equal(signals.strangers.count, 0);
	assert_int_equal(signals.now.count, 0);
	assert_int_equal(signals.before.count, 0);
	for (size_t i = 0; i < PT_SKETCH_BYTES; i++) {
		assert_int_equal(signals.now.bits[i], 0);
		assert_int_equal(signals.before.bits[i], 0);
	}
	assert_false(pt_signals_settle(&signals, NOW));
	record_check_bytes(
	    &signals_format, &signals, "01 00 0000000000 06 61 40 62 2e 64 65");
}

static void
no_stamp_lies_in_the_future(void **state)
{
	struct pt_signals signals;

	(void)state;
	start(&signals, "a@b.de");
	add_client(&signals, 1, NOW - 1);
	add_client(&signals, 2, NOW + 1);
	add_client(&signals, 3, NOW + 2);
	assert_true(pt_signals_settle(&signals, NOW));
	assert_int_equal(signals.client_count, 3);
	assert_int_equal(signals.clients[0].at, NOW - 1);
	assert_int_equal(signals.clients[1].at, NOW);
	assert_int_equal(signals.clients[2].at, NOW);
	assert_int_equal(signals.clients[2].hash, 3);
	activity_add_entry(&signals.strangers, NOW + 1, 0, 3);
	assert_true(pt_signals_settle(&signals, NOW));
	assert_int_equal(signals.strangers.entry[0].at, NOW);
	assert_false(pt_signals_settle(&signals, NOW));
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_signals signals;

	(void)state;
	full_signals(&signals);
	record_check_bytes(&signals_format, &signals, full);
}

static void
an_empty_generation_takes_no_bytes(void **state)
{
	unsigned char bytes[PT_SIGNALS_BYTES_MAX];
	struct pt_signals signals;

	(void)state;
	start(&signals, "a@b.de");
	signals.now.count = 5;
	signals.before.bits[7] = 5;
	record_check_hex(bytes,
	    pt_signals_encode(&signals, bytes, sizeof(bytes)),
	    "01 00 0000000000 06 61 40 62 2e 64 65");
	signals.before.count = 1;
	assert_int_equal(
	    pt_signals_encode(&signals, bytes, sizeof(bytes)), 527);
	record_check_hex(bytes, 15, "01 08 0000000000 06 61 40 62 2e 64 65 01");
}

static void
every_record_comes_back_as_it_was(void **state)
{
	(void)state;
	record_check_random(&signals_format);
}

static void
whatever_the_struct_holds_the_record_can_be_read(void **state)
{
	(void)state;
	record_check_wild(&signals_format);
}

/*
 * What LMDB keeps on a page with others: half of what a page of 4096 bytes
 * has for nodes, without the node's head and its key.
 */
#define IN_PAGE_MAX 2022

static void
the_record_of_a_busy_account_needs_no_page_of_its_own(void **state)
{
	unsigned char bytes[PT_SIGNALS_BYTES_MAX];
	struct pt_signals signals;
	size_t len;

	(void)state;
	start(&signals, "somebody.with.a.long.name@subdomain.example.com");
	for (uint32_t i = 0; i < PT_CLIENTS_MAX; i++)
		add_client(&signals, UINT32_MAX - i, NOW - 3600 + 100 * i);
	for (int64_t i = PT_WINDOW_LOG_MAX; i-- > 0;)
		activity_add_entry(&signals.strangers,
		    NOW - 86400 / PT_WINDOW_LOG_MAX * i, 2000, 100);
	signals.now.count = 500;
	memset(signals.now.bits, 0x5a, sizeof(signals.now.bits));
	signals.before = signals.now;
	len = pt_signals_encode(&signals, bytes, sizeof(bytes));
	if (len == 0 || len > IN_PAGE_MAX)
		fail_msg("%zu bytes", len);
	record_check_round_trip(&signals_format, &signals, "a busy account");
}

static void
the_largest_record_fits(void **state)
{
	unsigned char bytes[PT_SIGNALS_BYTES_MAX];
	int64_t step = TIME_MAX / (PT_WINDOW_LOG_MAX + 1);
	struct pt_signals signals;

	(void)state;
	start(&signals, "a@b.de");
	memset(signals.login.text, 'x', PT_LOGIN_MAX);
	signals.login.text[PT_LOGIN_MAX] = '\0';
	signals.login.text[9] = '@';
	signals.login.at = 9;
	signals.login.len = PT_LOGIN_MAX;
	for (int64_t i = PT_CLIENTS_MAX; i-- > 0;)
		add_client(&signals, UINT32_MAX, TIME_MAX - 1 - step * i);
	for (int64_t i = PT_WINDOW_LOG_MAX; i-- > 0;)
		activity_add_entry(&signals.strangers, TIME_MAX - step * i,
		    step / 2, UINT64_MAX);
	signals.now.count = UINT32_MAX;
	memset(signals.now.bits, 0xff, sizeof(signals.now.bits));
	signals.before = signals.now;
	record_check_round_trip(&signals_format, &signals, "the largest");
	assert_true(pt_signals_encode(&signals, bytes, sizeof(bytes)) > 2200);
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_signals signals;

	(void)state;
	full_signals(&signals);
	record_check_short_buffer(&signals_format, &signals);
}

/* The same without a time. */
#define TIMELESS(sections) "01" sections "0000000000 06 61 40 62 2e 64 65"
#define CLIENT             "01020304 00"
#define CLIENT4            CLIENT CLIENT CLIENT CLIENT
#define CLIENT16           CLIENT4 CLIENT4 CLIENT4 CLIENT4

static const struct record_bad bad_records[] = {
    {"nothing", "", PT_ERR_DAMAGED, "it is empty"},
    {"no version", "00 00", PT_ERR_DAMAGED, "it has no version"},
    {"newer", "02", PT_ERR_NEWER, "it has version 2, known here is 1"},
    {"newer sections", HEAD("10"), PT_ERR_NEWER, "sections that are not known"},
    {"more behind it", TIMELESS("00") "00", PT_ERR_DAMAGED,
	"goes on after its end"},
    {"base without a time", HEAD("00"), PT_ERR_DAMAGED, "its times do not fit"},
    {"base later than all", HEAD("01") "01 01020304 01", PT_ERR_DAMAGED,
	"its times do not fit"},
    {"no clients", TIMELESS("01") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"33 clients", HEAD("01") "21" CLIENT16 CLIENT16 CLIENT, PT_ERR_DAMAGED,
	"cannot be read"},
    {"client before 1970", HEAD("01") "02 01020304 00 01020304 65",
	PT_ERR_DAMAGED, "cannot be read"},
    {"no strangers", HEAD("02") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"sketch of nobody", TIMELESS("04") "00 01" ZEROS510 "00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"sketch without a bit", TIMELESS("08") "01 00" ZEROS510 "00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"sketch of 2^32", TIMELESS("04") "8080808010 01" ZEROS510 "00",
	PT_ERR_DAMAGED, "cannot be read"},
};

static struct record_refusals refusals = {
    .format = &signals_format,
    .sound = {full},
    .random = true,
    .bad = bad_records,
    .bad_count = PT_ARRAY_LEN(bad_records),
};

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_new_record_is_empty),
	    cmocka_unit_test(no_stamp_lies_in_the_future),
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(an_empty_generation_takes_no_bytes),
	    cmocka_unit_test(every_record_comes_back_as_it_was),
	    cmocka_unit_test(whatever_the_struct_holds_the_record_can_be_read),
	    cmocka_unit_test(
		the_record_of_a_busy_account_needs_no_page_of_its_own),
	    cmocka_unit_test(the_largest_record_fits),
	    cmocka_unit_test_prestate(
		a_cut_or_turned_record_is_noticed, &refusals),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	    cmocka_unit_test_prestate(what_is_refused_says_why, &refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
