/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/state/account_codec.h"
#include "tests/unit/support/full_records.h"
#include "tests/unit/support/random_account.h"
#include "tests/unit/support/record_refusals.h"

/* App passwords of which 9 is the last that was given; len in 2 bytes. */
#define LAST    "0d 0400 09000000"
#define HASH    "4444444444444444444444444444444444444444444444444444444444444444"
#define CREATED "0a00000000000000"
#define NEVER   "0000000000000000"
#define AT_12   "0c00000000000000"
/* One that lives: 56 bytes.  Before it: number and protocols. */
#define LIVES CREATED NEVER "00 00" HASH "00"
/* As a whole record of one app password with so many bytes. */
#define ONE(whole, len) "01" whole LAST "0e" len

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
    {"unknown field", "01 0400 15 0100 61", PT_ERR_NEWER,
	"field 21 is not known"},
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
    {"access never", "01 0d00 0a 0a00 00" NEVER "01", PT_ERR_DAMAGED,
	"its external access"},
    {"access unknown", "01 0d00 0a 0a00 03" NEVER "01", PT_ERR_NEWER,
	"its external access"},
    {"access for an unknown protocol", "01 0d00 0a 0a00 01" NEVER "08",
	PT_ERR_NEWER, "its external access"},
    {"access short", "01 0c00 0a 0900 01" NEVER, PT_ERR_DAMAGED,
	"its external access"},
    {"main password changed never", "01 0b00 0b 0800" NEVER, PT_ERR_DAMAGED,
	"its change of the main password"},
    {"no salt", "01 1300 0c 1000" NEVER NEVER, PT_ERR_DAMAGED, "its salt"},
    {"short salt", "01 0b00 0c 0800" CREATED, PT_ERR_DAMAGED, "its salt"},
    {"long salt", "01 1b00 0c 1800" CREATED CREATED CREATED, PT_ERR_DAMAGED,
	"its salt"},
    {"last app password 0", "01 0700 0d 0400 00000000", PT_ERR_DAMAGED,
	"its number of the last app password"},
    {"app password never given", "01 3b00 0e 3800 01000000 01" LIVES,
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password beyond the last", ONE("4200", "3800") "0a000000 01" LIVES,
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password 0", ONE("4200", "3800") "00000000 01" LIVES, PT_ERR_DAMAGED,
	"its list of app passwords"},
    {"app password cut",
	ONE("4100", "3700") "01000000 01" CREATED NEVER "00 00" HASH,
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app passwords not in order",
	ONE("7a00", "7000") "02000000 01" LIVES "02000000 01" LIVES,
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password for nothing", ONE("4200", "3800") "01000000 00" LIVES,
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password for an unknown protocol",
	ONE("4200", "3800") "01000000 09" LIVES, PT_ERR_NEWER,
	"its list of app passwords"},
    {"app password created before 1970",
	ONE("4200", "3800") "01000000 01 ffffffffffffffff" NEVER "00 00" HASH
			    "00",
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password ended at no time",
	ONE("4a00", "4000") "01000000 01" CREATED NEVER "01" NEVER "00" HASH
			    "00",
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password with an unknown ending",
	ONE("4a00", "4000") "01000000 01" CREATED NEVER "06" AT_12 "00" HASH
			    "00",
	PT_ERR_NEWER, "its list of app passwords"},
    {"app password blocked for nothing",
	ONE("4b00", "4100") "01000000 01" CREATED NEVER "03" AT_12 "00 00" HASH
			    "00",
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password blocked for an unknown reason",
	ONE("4b00", "4100") "01000000 01" CREATED NEVER "03" AT_12 "08 00" HASH
			    "00",
	PT_ERR_NEWER, "its list of app passwords"},
    {"app password with host bits",
	ONE("5300", "4900") "01000000 01" CREATED NEVER
			    "00 01 00000000000000000000ffffc0000201 78" HASH
			    "00",
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password with a long prefix",
	ONE("5300", "4900") "01000000 01" CREATED NEVER
			    "00 01 00000000000000000000ffffc0000201 81" HASH
			    "00",
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password with five networks",
	ONE("4200", "3800") "01000000 01" CREATED NEVER "00 05" HASH "00",
	PT_ERR_DAMAGED, "its list of app passwords"},
    {"app password with a control in its label",
	ONE("4300", "3900") "01000000 01" CREATED NEVER "00 00" HASH "01 0a",
	PT_ERR_DAMAGED, "its list of app passwords"},
};

static struct record_refusals refusals = {
    .format = &account_format,
    .sound = {FULL_ACCOUNT},
    .bad = bad_records,
    .bad_count = PT_ARRAY_LEN(bad_records),
};

/* "count" records of an app password; those from "ended" on have ended. */
static size_t
make_passwords(unsigned char *out, size_t cap, unsigned count, unsigned ended)
{
	static const char ending[] = "04" AT_12;
	size_t len =
	    record_from_hex("01 0000 0d 0400 ffffffff 0e 0000", out, cap);
	size_t from = len;

	for (unsigned i = 0; i < count; i++) {
		out[len] = (unsigned char)(i + 1);
		memset(out + len + 1, 0, 3);
		len += 4;
		len +=
		    record_from_hex("01" CREATED NEVER, out + len, cap - len);
		len += record_from_hex(
		    i >= ended ? ending : "00", out + len, cap - len);
		len += record_from_hex("00" HASH "00", out + len, cap - len);
	}
	out[from - 2] = (unsigned char)(len - from);
	out[from - 1] = (unsigned char)((len - from) >> 8);
	out[1] = (unsigned char)(len - 3);
	out[2] = (unsigned char)((len - 3) >> 8);
	return len;
}

static void
more_app_passwords_than_there_may_be_are_refused(void **state)
{
	static const struct {
		unsigned count;
		unsigned living;
		bool taken;
	} cases[] = {
	    {64, 32, true},
	    {32, 32, true},
	    {32, 0, true},
	    {33, 33, false},
	    {33, 0, false},
	    {65, 32, false},
	    {64, 33, false},
	    {64, 31, false},
	};
	struct pt_login login = test_login("ann@example.com");
	unsigned char bytes[RECORD_BYTES_MAX];
	struct pt_account account;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = make_passwords(
		    bytes, sizeof(bytes), cases[i].count, cases[i].living);
		int rc = pt_account_decode(bytes, len, &login, &account, &err);

		if (rc != (cases[i].taken ? 0 : -1))
			fail_msg("%u, %u that live: %d", cases[i].count,
			    cases[i].living, rc);
		if (rc == 0)
			assert_int_equal(
			    account.password_count, cases[i].count);
		else
			assert_int_equal(err.kind, PT_ERR_DAMAGED);
	}
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
	    cmocka_unit_test_prestate(
		a_cut_or_turned_record_is_noticed, &refusals),
	    cmocka_unit_test_prestate(what_is_refused_says_why, &refusals),
	    cmocka_unit_test(more_app_passwords_than_there_may_be_are_refused),
	    cmocka_unit_test(words_beyond_their_room_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
