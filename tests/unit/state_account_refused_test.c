/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/account_codec.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

/* A record with every field. */
static const char full[] = "01 5d00"
			   "01 0800 0403020100000000"
			   "02 0400 66726565"
			   "03 0100 01"
			   "04 0200 6c76"
			   "05 0a00 0200000000000000 686d"
			   "06 0b00 07 0300000000000000 6162"
			   "07 1400 0400000000000000 0500000000000000 06000000"
			   "08 0700 613d3100 623d00"
			   "09 0300 407800";

static size_t
recode(const unsigned char *at, size_t len, unsigned char *out, size_t cap,
    struct pt_err *err)
{
	struct pt_login login = test_login("ann@example.com");
	struct pt_account account;

	if (pt_account_decode(at, len, &login, &account, err) == -1)
		return 0;
	return pt_account_encode(&account, out, cap);
}

static void
a_cut_or_turned_record_is_noticed(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	size_t len = record_from_hex(full, bytes, sizeof(bytes));

	(void)state;
	record_check_truncations(recode, bytes, len);
	record_check_bit_flips(recode, bytes, len);
}

static const struct record_bad bad_records[] = {
    {"nothing", "", PT_ERR_DAMAGED, "it is empty"},
    {"no version", "00 0000", PT_ERR_DAMAGED, "it has no version"},
    {"newer", "02 0000", PT_ERR_NEWER, "it has version 2, known here is 1"},
    {"more behind it", "01 0000 00", PT_ERR_DAMAGED,
	"not the length that it says"},
    {"field cut", "01 0500 02 0400 6672", PT_ERR_DAMAGED, "it ends too early"},
    {"field head cut", "01 0200 02 04", PT_ERR_DAMAGED, "it ends too early"},
    {"tag 0", "01 0400 00 0100 01", PT_ERR_DAMAGED, "not in order"},
    {"twice", "01 0800 02 0100 61 02 0100 61", PT_ERR_DAMAGED, "not in order"},
    {"backwards", "01 0800 04 0100 61 02 0100 61", PT_ERR_DAMAGED,
	"not in order"},
    {"unknown field", "01 0400 0a 0100 61", PT_ERR_NEWER,
	"field 10 is not known"},
    {"created never", "01 0b00 01 0800 0000000000000000", PT_ERR_DAMAGED,
	"its time of creation"},
    {"created before 1970", "01 0b00 01 0800 ffffffffffffffff", PT_ERR_DAMAGED,
	"its time of creation"},
    {"created short", "01 0700 01 0400 00000001", PT_ERR_DAMAGED,
	"its time of creation"},
    {"created long", "01 0c00 01 0900 010000000000000000", PT_ERR_DAMAGED,
	"its time of creation"},
    {"empty plan", "01 0300 02 0000", PT_ERR_DAMAGED, "its plan"},
    {"long plan",
	"01 2400 02 2100 6161616161616161 6161616161616161"
	"6161616161616161 6161616161616161 61",
	PT_ERR_DAMAGED, "its plan"},
    {"plan with a newline", "01 0500 02 0200 610a", PT_ERR_DAMAGED, "its plan"},
    {"plan with a NUL", "01 0500 02 0200 6100", PT_ERR_DAMAGED, "its plan"},
    {"plan not UTF-8", "01 0500 02 0200 61c3", PT_ERR_DAMAGED, "its plan"},
    {"status default", "01 0400 03 0100 00", PT_ERR_DAMAGED, "its status"},
    {"status unknown", "01 0400 03 0100 02", PT_ERR_NEWER, "its status"},
    {"not locked", "01 0b00 05 0800 0000000000000000", PT_ERR_DAMAGED,
	"its sending lock"},
    {"block without a reason", "01 0c00 06 0900 00 0100000000000000",
	PT_ERR_DAMAGED, "its block"},
    {"block reason unknown", "01 0c00 06 0900 08 0100000000000000",
	PT_ERR_NEWER, "its block"},
    {"empty grant",
	"01 1700 07 1400 0000000000000000 0000000000000000 00000000",
	PT_ERR_DAMAGED, "its grant"},
    {"word without end", "01 0500 08 0200 6161", PT_ERR_DAMAGED,
	"its overrides"},
    {"empty word", "01 0600 09 0300 610000", PT_ERR_DAMAGED, "its senders"},
    {"word with a control", "01 0500 09 0200 0100", PT_ERR_DAMAGED,
	"its senders"},
};

static void
what_is_refused_says_why(void **state)
{
	(void)state;
	record_check_refused(
	    recode, bad_records, sizeof(bad_records) / sizeof(bad_records[0]));
}

static void
words_beyond_their_room_are_refused(void **state)
{
	unsigned char bytes[PT_WORDS_BYTES + 16] = {1};
	struct pt_login login = test_login("ann@example.com");
	unsigned len = PT_WORDS_BYTES + 1;
	struct pt_account account;
	struct pt_err err;

	(void)state;
	bytes[1] = (unsigned char)(len + 3);
	bytes[2] = (unsigned char)((len + 3) >> 8);
	bytes[3] = 9;
	bytes[4] = (unsigned char)len;
	bytes[5] = (unsigned char)(len >> 8);
	memset(bytes + 6, 'a', len - 1);
	assert_int_equal(
	    pt_account_decode(bytes, 6 + len, &login, &account, &err), -1);
	assert_int_equal(err.kind, PT_ERR_DAMAGED);
	assert_non_null(strstr(err.text, "its senders"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cut_or_turned_record_is_noticed),
	    cmocka_unit_test(what_is_refused_says_why),
	    cmocka_unit_test(words_beyond_their_room_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
