/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/text.h"

#include "tests/unit/support/testing.h"

static void
test_add_beyond_the_room_cuts_and_remembers(void **state)
{
	struct pt_text text;
	char buf[8];

	(void)state;
	pt_text_init(&text, buf, sizeof(buf));
	pt_text_add(&text, "abc");
	assert_false(text.cut);
	pt_text_addf(&text, "%d", 12345);
	assert_true(text.cut);
	assert_string_equal(buf, "abc1234");
	pt_text_add(&text, "x");
	assert_string_equal(buf, "abc1234");
}

static void
test_cut_never_splits_a_character(void **state)
{
	struct pt_text text;
	char buf[6];

	(void)state;
	pt_text_init(&text, buf, sizeof(buf));
	pt_text_add(&text, "abc\xe2\x82\xac");
	assert_string_equal(buf, "abc");
	assert_true(text.cut);
	pt_text_init(&text, buf, sizeof(buf));
	pt_text_addf(&text, "%s", "abc\xe2\x82\xac");
	assert_string_equal(buf, "abc");
	assert_true(text.cut);
	pt_text_init(&text, buf, sizeof(buf));
	pt_text_addf(&text, "%s",
	    "ab\xe2\x82\xac"
	    "d");
	assert_string_equal(buf, "ab\xe2\x82\xac");
}

static void
test_escaped_text_is_harmless(void **state)
{
	static const struct {
		const char *in;
		size_t len;
		const char *out;
	} cases[] = {
	    {"plain text = ok", 15, "plain text = ok"},
	    {"a\nb", 3, "a\\x0Ab"},
	    {"a\0b", 3, "a\\x00b"},
	    {"\"", 1, "\\x22"},
	    {"\\", 1, "\\x5C"},
	    {"\xc3\xa9", 2, "\xc3\xa9"},
	    {"\xc3", 1, "\\xC3"},
	    {"\xc2\x85", 2, "\\xC2\\x85"},          /* C1 next line */
	    {"\xed\xa0\x80", 3, "\\xED\\xA0\\x80"}, /* surrogate */
	    {"\x7f", 1, "\\x7F"},
	    {"\x1b[2J", 4, "\\x1B[2J"},
	};
	struct pt_text text;
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_text_init(&text, buf, sizeof(buf));
		pt_text_add_escaped(&text, cases[i].in, cases[i].len);
		assert_string_equal(buf, cases[i].out);
	}
}

/* Byte by byte, as the words of pt_text_kinds() must have it. */
static unsigned
kind_of(unsigned char c)
{
	if (c >= 0x80)
		return PT_TEXT_HIGH;
	if (c < 0x20 || c == 0x7f)
		return PT_TEXT_CONTROL;
	if (c == ' ')
		return PT_TEXT_BLANK;
	return c >= 'A' && c <= 'Z' ? PT_TEXT_UPPER : 0;
}

static void
test_kinds_are_those_of_each_byte_at_each_place(void **state)
{
	char text[20];
	unsigned c;
	unsigned d;
	size_t len;
	size_t i;

	(void)state;
	for (len = 0; len < sizeof(text); len++) {
		memset(text, 'z', sizeof(text));
		assert_int_equal(pt_text_kinds(text, len), 0);
		for (i = 0; i < len; i++) {
			for (c = 0; c < 256; c++) {
				text[i] = (char)c;
				assert_int_equal(pt_text_kinds(text, len),
				    kind_of((unsigned char)c));
			}
			text[i] = 'z';
		}
	}
	/* Neighbours do not carry into each other. */
	for (c = 0; c < 256; c++) {
		for (d = 0; d < 256; d++) {
			text[3] = (char)c;
			text[4] = (char)d;
			assert_int_equal(pt_text_kinds(text, 8),
			    kind_of((unsigned char)c) |
				kind_of((unsigned char)d));
		}
	}
}

static char
lower_of(unsigned c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Beside capitals, and beside bytes of eight bits. */
static void
test_lowering_changes_nothing_but_capitals_at_each_place(void **state)
{
	char text[20];
	char want[20];
	unsigned c;
	size_t len;
	size_t i;

	(void)state;
	for (len = 1; len < sizeof(text); len++) {
		for (i = 0; i < len; i++) {
			for (c = 0; c < 256; c++) {
				memset(text, i % 2 == 0 ? 'A' : '\xbe', 20);
				memset(want, i % 2 == 0 ? 'a' : '\xbe', 20);
				text[i] = (char)c;
				want[i] = lower_of(c);
				want[len] = text[len];
				pt_text_lower_ascii(text, len);
				assert_memory_equal(text, want, len + 1);
			}
		}
	}
}

static void
test_utf8_is_judged_as_rfc_3629_says(void **state)
{
	static const struct {
		const char *bytes;
		bool valid;
	} cases[] = {
	    {"", true},
	    {"ascii", true},
	    {"\xc2\x80", true},
	    {"\xdf\xbf", true},
	    {"\xe0\xa0\x80", true},
	    {"\xed\x9f\xbf", true},
	    {"\xee\x80\x80", true},
	    {"\xf0\x90\x80\x80", true},
	    {"\xf4\x8f\xbf\xbf", true},
	    {"\x80", false},
	    {"\xc0\xaf", false},
	    {"\xc1\xbf", false},
	    {"\xe0\x9f\xbf", false},
	    {"\xed\xa0\x80", false},
	    {"\xf0\x8f\xbf\xbf", false},
	    {"\xf4\x90\x80\x80", false},
	    {"\xf5\x80\x80\x80", false},
	    {"\xe2\x82", false},
	    {"\xff", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		if (pt_text_is_utf8(cases[i].bytes, strlen(cases[i].bytes)) !=
		    cases[i].valid)
			fail_msg("case %zu", i);
	}
}

static void
test_numbers_are_whole_plain_and_bounded(void **state)
{
	static const struct {
		const char *in;
		uint64_t max;
		bool good;
		uint64_t value;
	} cases[] = {
	    {"0", 0, true, 0},
	    {"1", 0, false, 0},
	    {"15", 15, true, 15},
	    {"16", 15, false, 0},
	    {"007", 9, true, 7},
	    {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
	    {"18446744073709551616", UINT64_MAX, false, 0},
	    {"99999999999999999999999", UINT64_MAX, false, 0},
	    {"", 9, false, 0},
	    {"-1", 9, false, 0},
	    {"+1", 9, false, 0},
	    {" 1", 9, false, 0},
	    {"1 ", 9, false, 0},
	    {"0x1", 99, false, 0},
	};
	uint64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		value = 77;
		if (pt_text_to_u64(cases[i].in, cases[i].max, &value) !=
		    cases[i].good)
			fail_msg("case %zu: %s", i, cases[i].in);
		assert_true(value == (cases[i].good ? cases[i].value : 77));
	}
}

static void
test_copy_refuses_what_does_not_fit(void **state)
{
	char buf[4] = "zzz";

	(void)state;
	assert_int_equal(pt_text_copy(buf, sizeof(buf), "abc"), 0);
	assert_string_equal(buf, "abc");
	assert_int_equal(pt_text_copy(buf, sizeof(buf), "abcd"), -1);
	assert_string_equal(buf, "");
}

static void
test_nearest_finds_what_was_meant(void **state)
{
	static const char *const names[] = {
	    "messages", "message_size", "recipients", "mode"};
	static const struct {
		const char *word;
		const char *nearest;
	} cases[] = {
	    {"mesages", "messages"},
	    {"message", "messages"},
	    {"recipient", "recipients"},
	    {"mdoe", "mode"},
	    {"mod", "mode"},
	    {"xyzzy", NULL},
	    {"", NULL},
	};
	const char *got;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		got =
		    pt_text_nearest(cases[i].word, names, PT_ARRAY_LEN(names));
		if (cases[i].nearest == NULL)
			assert_null(got);
		else
			assert_string_equal(got, cases[i].nearest);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_add_beyond_the_room_cuts_and_remembers),
	    cmocka_unit_test(test_cut_never_splits_a_character),
	    cmocka_unit_test(test_escaped_text_is_harmless),
	    cmocka_unit_test(test_kinds_are_those_of_each_byte_at_each_place),
	    cmocka_unit_test(
		test_lowering_changes_nothing_but_capitals_at_each_place),
	    cmocka_unit_test(test_utf8_is_judged_as_rfc_3629_says),
	    cmocka_unit_test(test_numbers_are_whole_plain_and_bounded),
	    cmocka_unit_test(test_copy_refuses_what_does_not_fit),
	    cmocka_unit_test(test_nearest_finds_what_was_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
