/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Lines, words and figures of notices. */

#include "core/base/attr.h"
#include "core/notice/encode.h"
#include "core/notice/flow.h"
#include "core/notice/phrase.h"
#include "core/notice/placeholder.h"
#include "tests/unit/support/testing.h"

/* 69 columns */
#define LONG_LINE                                                      \
	"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff " \
	"ggggggggg"

static void
test_the_form_of_a_word_goes_with_its_number(void **state)
{
	static const struct {
		uint64_t number;
		unsigned forms[PT_PLURALS]; /* same, en, lv, lt, ru */
	} cases[] = {
	    {0, {0, 1, 1, 2, 2}},
	    {1, {0, 0, 0, 0, 0}},
	    {2, {0, 1, 1, 1, 1}},
	    {4, {0, 1, 1, 1, 1}},
	    {5, {0, 1, 1, 1, 2}},
	    {9, {0, 1, 1, 1, 2}},
	    {10, {0, 1, 1, 2, 2}},
	    {11, {0, 1, 1, 2, 2}},
	    {12, {0, 1, 1, 2, 2}},
	    {14, {0, 1, 1, 2, 2}},
	    {19, {0, 1, 1, 2, 2}},
	    {20, {0, 1, 1, 2, 2}},
	    {21, {0, 1, 0, 0, 0}},
	    {24, {0, 1, 1, 1, 1}},
	    {25, {0, 1, 1, 1, 2}},
	    {60, {0, 1, 1, 2, 2}},
	    {101, {0, 1, 0, 0, 0}},
	    {111, {0, 1, 1, 2, 2}},
	    {122, {0, 1, 1, 1, 1}},
	};

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		for (unsigned p = 0; p < PT_PLURALS; p++) {
			if (pt_phrase_form((enum pt_template_plural)p,
				cases[i].number) != cases[i].forms[p])
				fail_msg("%d in language %u",
				    (int)cases[i].number, p);
		}
	}
}

static void
test_a_period_is_told_in_its_longest_unit(void **state)
{
	static char names[PT_UNITS][2] = {"w", "d", "h", "m", "s"};
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
	    {0, ""},
	    {-5, ""},
	    {1, "1 s"},
	    {90, "90 s"},
	    {3600, "1 h"},
	    {5400, "90 m"},
	    {86400, "1 d"},
	    {(int64_t)60 * 86400, "60 d"},
	    {1209600, "2 w"},
	};
	struct pt_template_words words = {.plural = PT_PLURAL_SAME};
	struct pt_text text;
	char buf[64];

	(void)state;
	for (size_t i = 0; i < PT_UNITS; i++)
		words.forms[i][0] = names[i];
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_text_init(&text, buf, sizeof(buf));
		pt_phrase_period(&text, &words, cases[i].seconds);
		assert_string_equal(buf, cases[i].text);
	}
}

static void
test_amounts_of_bytes_have_a_unit(void **state)
{
	static const struct {
		enum pt_figures_unit unit;
		uint64_t amount;
		const char *text;
	} cases[] = {
	    {PT_FIGURES_MESSAGES, 20000, "20000"},
	    {PT_FIGURES_BYTES, 0, "0 B"},
	    {PT_FIGURES_BYTES, 1025, "1025 B"},
	    {PT_FIGURES_BYTES, 10239, "10239 B"},
	    {PT_FIGURES_BYTES, 10240, "10 kB"},
	    {PT_FIGURES_BYTES, (uint64_t)5 << 20, "5 MB"},
	    {PT_FIGURES_BYTES, ((uint64_t)5 << 20) + 1024, "5121 kB"},
	    {PT_FIGURES_BYTES, (uint64_t)1 << 50, "1048576 GB"},
	    {PT_FIGURES_BYTES, (uint64_t)2500 << 20, "2500 MB"},
	    {PT_FIGURES_BYTES, UINT64_MAX, "17179869183 GB"},
	};
	struct pt_text text;
	char buf[64];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_text_init(&text, buf, sizeof(buf));
		pt_phrase_amount(&text, cases[i].unit, cases[i].amount);
		assert_string_equal(buf, cases[i].text);
	}
}

static void
test_lines_flow_and_lists_stay(void **state)
{
	static const char *const lines[] = {"", "One", "two", "", "", "- a",
	    "  b   c", ">d", "", "     ", LONG_LINE " From iiiiiiii", ""};
	struct pt_flow flow;
	struct pt_text text;
	char buf[512];

	(void)state;
	pt_text_init(&text, buf, sizeof(buf));
	pt_flow_init(&flow, &text);
	for (size_t i = 0; i < PT_ARRAY_LEN(lines); i++)
		pt_flow_add(&flow, lines[i]);
	pt_flow_end(&flow);
	assert_string_equal(buf,
	    "One two\n\n- a\n   b c >d\n\n" LONG_LINE " \n From iiiiiiii\n");
}

static void
test_a_word_wider_than_a_line_stays_whole(void **state)
{
	char word[200];
	char want[512];
	struct pt_flow flow;
	struct pt_text text;
	char buf[512];

	(void)state;
	memset(word, 'x', 100);
	word[100] = '\0';
	pt_text_init(&text, buf, sizeof(buf));
	pt_flow_init(&flow, &text);
	pt_flow_add(&flow, "See");
	pt_flow_add(&flow, word);
	(void)snprintf(want, sizeof(want), "  %s", word);
	pt_flow_add(&flow, want);
	pt_flow_end(&flow);
	(void)snprintf(want, sizeof(want), "See \n%s\n   %s\n", word, word);
	assert_string_equal(buf, want);
}

static void
test_words_are_encoded_where_they_must_be(void **state)
{
	static const struct {
		const char *text;
		const char *words;
		const char *phrase;
	} cases[] = {
	    {"Mail", "Mail", "\"Mail\""},
	    {"a \"b\" \\", "a \"b\" \\", "\"a \\\"b\\\" \\\\\""},
	    {"=?x", "=?UTF-8?B?PT94?=", "=?UTF-8?B?PT94?="},
	    {"\xc4\x81", "=?UTF-8?B?xIE=?=", "=?UTF-8?B?xIE=?="},
	    /* The 39th byte would be half a character. */
	    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc4\x81",
		"=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="
		"?=\n =?UTF-8?B?xIE=?=",
		NULL},
	};
	struct pt_text text;
	char buf[256];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_text_init(&text, buf, sizeof(buf));
		pt_encode_words(&text, cases[i].text, 9);
		assert_string_equal(buf, cases[i].words);
		if (cases[i].phrase == NULL)
			continue;
		pt_text_init(&text, buf, sizeof(buf));
		pt_encode_phrase(&text, cases[i].text, 6);
		assert_string_equal(buf, cases[i].phrase);
	}
}

static void
test_lines_become_quoted_printable(void **state)
{
	static const char lines[] = "a=b \n.\n x.\xc4\x81\n";
	char wide[200];
	struct pt_text text;
	char buf[512];

	(void)state;
	pt_text_init(&text, buf, sizeof(buf));
	pt_encode_quoted(&text, lines, strlen(lines));
	assert_string_equal(buf, "a=3Db=20\n=2E\n x.=C4=81\n");
	memset(wide, 'y', sizeof(wide));
	pt_text_init(&text, buf, sizeof(buf));
	pt_encode_quoted(&text, wide, sizeof(wide));
	assert_int_equal(strcspn(buf, "\n"), 74);
	assert_int_equal(buf[73], '=');
	assert_int_equal(text.len, 200 + 4);
}

static void
test_a_line_that_lacks_a_value_is_not_there(void **state)
{
	struct pt_placeholder_values values = {.at = {NULL}};
	struct pt_text text;
	char buf[64];

	(void)state;
	values.at[PT_PLACEHOLDER_LOGIN] = "ann";
	values.at[PT_PLACEHOLDER_LABEL] = "";
	pt_text_init(&text, buf, sizeof(buf));
	assert_true(pt_placeholder_fill("Hi {login}!", 11, &values, &text));
	assert_false(
	    pt_placeholder_fill("{login} {label}", 15, &values, &text));
	assert_false(pt_placeholder_fill("x {until}", 9, &values, &text));
	assert_string_equal(buf, "Hi ann!");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_form_of_a_word_goes_with_its_number),
	    cmocka_unit_test(test_a_period_is_told_in_its_longest_unit),
	    cmocka_unit_test(test_amounts_of_bytes_have_a_unit),
	    cmocka_unit_test(test_lines_flow_and_lists_stay),
	    cmocka_unit_test(test_a_word_wider_than_a_line_stays_whole),
	    cmocka_unit_test(test_words_are_encoded_where_they_must_be),
	    cmocka_unit_test(test_lines_become_quoted_printable),
	    cmocka_unit_test(test_a_line_that_lacks_a_value_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
