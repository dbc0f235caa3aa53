/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/notice.h"
#include "tests/unit/support/random_outbox.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

static const char full[] = "01 06 614062 2e6465"
			   "01 01 0200000000000000 0300000000000000"
			   "04 33 32 901c"
			   "05 07000000 05 50686f6e65"
			   "0900000000000000 02000000 01 01 78";

static struct pt_outbox_entry
full_entry(void)
{
	struct pt_outbox_entry entry = {
	    .login = test_login("a@b.de"),
	    .notice =
		{
		    .kind = PT_NOTICE_BLOCKED,
		    .at = 2,
		    .until = 3,
		    .block = PT_BLOCK_QUOTA,
		    .figures = {PT_FIGURES_REFUSALS, 51, 50, 3600},
		    .protocols = PT_PROTOCOL_IMAP | PT_PROTOCOL_SMTP,
		    .password_id = 7,
		    .label = "Phone",
		},
	    .next_at = 9,
	    .tries = 2,
	    .gave_up = true,
	    .error = "x",
	};

	return entry;
}

static void
every_kind_has_its_name(void **state)
{
	static const char *const names[] = {"none", "blocked",
	    "passwords-ended", "enabled", "password-created", "unused-soon",
	    "limit-soon", "penalty"};

	(void)state;
	assert_int_equal(sizeof(names) / sizeof(names[0]), PT_NOTICE_KINDS);
	for (unsigned i = 0; i < PT_NOTICE_KINDS; i++)
		assert_string_equal(
		    pt_notice_kind_name((enum pt_notice_kind)i), names[i]);
	assert_null(pt_notice_kind_name(PT_NOTICE_KINDS));
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_outbox_entry entry = full_entry();

	(void)state;
	record_check_bytes(&outbox_format, &entry, full);
}

static void
the_id_is_not_part_of_them(void **state)
{
	struct pt_outbox_entry entry = full_entry();
	unsigned char bytes[PT_OUTBOX_BYTES_MAX];
	struct pt_outbox_entry again;
	struct pt_err err;
	size_t len;

	(void)state;
	entry.id = 77;
	len = pt_outbox_encode(&entry, bytes, sizeof(bytes));
	record_check_hex(bytes, len, full);
	assert_int_equal(pt_outbox_decode(bytes, len, &again, &err), 0);
	assert_int_equal(again.id, 0);
}

static void
every_entry_comes_back_as_it_was(void **state)
{
	(void)state;
	record_check_random(&outbox_format);
}

static void
the_longest_entry_fits(void **state)
{
	struct pt_outbox_entry entry = full_entry();

	(void)state;
	memset(entry.login.text, 'x', PT_LOGIN_MAX);
	entry.login.text[9] = '@';
	entry.login.at = 9;
	entry.login.len = PT_LOGIN_MAX;
	entry.notice.figures = (struct pt_figures){
	    PT_FIGURES_BYTES, UINT64_MAX, UINT64_MAX, INT64_MAX};
	memset(entry.notice.label, 'l', PT_PASSWORD_LABEL_MAX);
	memset(entry.error, 'e', sizeof(entry.error) - 1);
	record_check_round_trip(&outbox_format, &entry, "the longest entry");
}

static void
what_no_reader_would_take_is_not_encoded(void **state)
{
	struct pt_outbox_entry entries[8];
	unsigned char bytes[PT_OUTBOX_BYTES_MAX];
	const size_t n = sizeof(entries) / sizeof(entries[0]);

	(void)state;
	for (size_t i = 0; i < n; i++)
		entries[i] = full_entry();
	entries[0].error[0] = '\n';
	entries[1].notice.label[0] = '\x1b';
	entries[2].notice.kind = PT_NOTICE_NONE;
	entries[3].notice.kind = PT_NOTICE_KINDS;
	entries[4].notice.kind = PT_NOTICE_PENALTY;
	entries[5].notice.block = PT_BLOCK_NONE;
	entries[6].notice.block = (enum pt_block_reason)8;
	entries[7].notice.protocols = 8;
	for (size_t i = 0; i < n; i++) {
		if (pt_outbox_encode(&entries[i], bytes, sizeof(bytes)) != 0)
			fail_msg("entry %zu is encoded", i);
	}
}

static void
a_cut_or_turned_entry_is_noticed(void **state)
{
	(void)state;
	record_check_damaged_hex(&outbox_format, full);
	record_check_damaged_random(&outbox_format);
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_outbox_entry entry = full_entry();

	(void)state;
	record_check_short_buffer(&outbox_format, &entry);
}

#define LOGIN   "06 614062 2e6465"
#define TIMES   "0200000000000000 0000000000000000"
#define FIGURES "00 00 00 00"
#define REST    "00 00000000 00 0900000000000000 00000000"

static const struct record_bad bad_entries[] = {
    {"nothing", "", PT_ERR_DAMAGED, "it is empty"},
    {"no version", "00", PT_ERR_DAMAGED, "it has no version"},
    {"newer", "02", PT_ERR_NEWER, "it has version 2, known here is 1"},
    {"more behind it", "01" LOGIN "03 00" TIMES FIGURES REST "00 00 00",
	PT_ERR_DAMAGED, "it goes on after its end"},
    {"login without '@'", "01 02 6162 03 00" TIMES FIGURES REST "00 00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"no kind", "01" LOGIN "00 00" TIMES FIGURES REST "00 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"an unknown kind", "01" LOGIN "08 00" TIMES FIGURES REST "00 00",
	PT_ERR_NEWER, "what it tells is not known"},
    {"blocked for nothing", "01" LOGIN "01 00" TIMES FIGURES REST "00 00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"blocked for an unknown reason",
	"01" LOGIN "01 08" TIMES FIGURES REST "00 00", PT_ERR_NEWER,
	"what it tells is not known"},
    {"enabled with a block reason",
	"01" LOGIN "03 01" TIMES FIGURES REST "00 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"happened before 1970",
	"01" LOGIN "03 00 ffffffffffffffff 0000000000000000" FIGURES REST
	"00 00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"an unknown unit", "01" LOGIN "03 00" TIMES "0a 00 00 00" REST "00 00",
	PT_ERR_NEWER, "what it tells is not known"},
    {"an unknown protocol",
	"01" LOGIN "03 00" TIMES FIGURES
	"08 00000000 00 0900000000000000 00000000 00 00",
	PT_ERR_NEWER, "what it tells is not known"},
    {"newline in the label",
	"01" LOGIN "03 00" TIMES FIGURES
	"00 00000000 01 0a 0900000000000000 00000000 00 00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"half given up", "01" LOGIN "03 00" TIMES FIGURES REST "02 00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"error not UTF-8", "01" LOGIN "03 00" TIMES FIGURES REST "00 01 c3",
	PT_ERR_DAMAGED, "cannot be read"},
};

static void
what_is_refused_says_why(void **state)
{
	(void)state;
	record_check_refused(&outbox_format, bad_entries,
	    sizeof(bad_entries) / sizeof(bad_entries[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_has_its_name),
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(the_id_is_not_part_of_them),
	    cmocka_unit_test(every_entry_comes_back_as_it_was),
	    cmocka_unit_test(the_longest_entry_fits),
	    cmocka_unit_test(what_no_reader_would_take_is_not_encoded),
	    cmocka_unit_test(a_cut_or_turned_entry_is_noticed),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	    cmocka_unit_test(what_is_refused_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
