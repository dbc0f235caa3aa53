/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Names of character sets, and where ASCII and its forms are in them. */
#include "core/rules/charset.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static const struct {
	const char *name;
	enum pt_charset_kind kind;
} names[] = {
    {"UTF-8", PT_CHARSET_UTF8},
    {"utf8", PT_CHARSET_UTF8},
    {"us-ascii", PT_CHARSET_UTF8},
    {"ANSI_X3.4-1968", PT_CHARSET_UTF8},
    {"ISO-8859-13", PT_CHARSET_UTF8},
    {"windows-1257", PT_CHARSET_UTF8},
    {"koi8-r", PT_CHARSET_UTF8},
    {"cp775", PT_CHARSET_UTF8},
    {"IBM850", PT_CHARSET_UTF8},
    {"x-unknown", PT_CHARSET_UTF8},
    {"", PT_CHARSET_UTF8},
    {"----", PT_CHARSET_UTF8},
    {"EUC-JP", PT_CHARSET_EUC},
    {"ks_c_5601-1987", PT_CHARSET_EUC},
    {"cp949", PT_CHARSET_EUC},
    {"GB2312", PT_CHARSET_GBK},
    {"gb18030", PT_CHARSET_GBK},
    {"Shift_JIS", PT_CHARSET_SJIS},
    {"cp932", PT_CHARSET_SJIS},
    {"Big5-HKSCS", PT_CHARSET_BIG5},
    {"ISO-2022-JP", PT_CHARSET_ISO2022J},
    {"iso-2022-kr", PT_CHARSET_ISO2022},
    {"EUC-JP-", PT_CHARSET_OPAQUE},
    {"x-euc-jp", PT_CHARSET_OPAQUE},
    {"x-sjis", PT_CHARSET_OPAQUE},
    {"x-gbk", PT_CHARSET_OPAQUE},
    {"csBig5", PT_CHARSET_OPAQUE},
    {"windows-949", PT_CHARSET_OPAQUE},
    {"ISO-2022-CN-EXT", PT_CHARSET_OPAQUE},
    {"utf-7", PT_CHARSET_OPAQUE},
    {"unicode-1-1-utf-7", PT_CHARSET_OPAQUE},
    {"u7", PT_CHARSET_OPAQUE},
    {"UTF-16LE", PT_CHARSET_OPAQUE},
    {"utf_16", PT_CHARSET_OPAQUE},
    {"u16", PT_CHARSET_OPAQUE},
    {"UTF-32", PT_CHARSET_OPAQUE},
    {"iso-10646-ucs-2", PT_CHARSET_OPAQUE},
    {"hz-gb-2312", PT_CHARSET_OPAQUE},
    {"EBCDIC-CP-US", PT_CHARSET_OPAQUE},
    {"IBM037", PT_CHARSET_OPAQUE},
    {"cp1140", PT_CHARSET_OPAQUE},
    {"037", PT_CHARSET_OPAQUE},
    {"punycode", PT_CHARSET_OPAQUE},
    {"a-very-long-name-of-a-character-set-utf-16", PT_CHARSET_UTF8},
};

/* "?" stands for PT_CHARSET_OTHER, "_" for the ideographic space. */
static const struct {
	const char *why;
	const char *charset;
	const char *bytes;
	const char *seen;
} rows[] = {
    {"ASCII", "utf-8", "a@b.c", "a@b.c"},
    {"two bytes", "utf-8", "\xc3\xbc.", "\xfc."},
    {"three bytes", "utf-8", "\xe3\x80\x80.", "_."},
    {"overlong in two bytes", "utf-8", "a\xc1\x80z", "a@z"},
    {"overlong in three bytes", "utf-8", "a\xe0\x81\x80z", "a@z"},
    {"overlong in four bytes", "utf-8", "a\xf0\x80\x81\x80z", "a@z"},
    {"cut by ASCII", "utf-8", "\xc3@", "?@"},
    {"cut by a first byte", "utf-8", "\xe3\x80\xc3\xbc", "?\xfc"},
    {"cut at the end", "utf-8", "a\xe3\x80", "a"},
    {"last byte alone", "utf-8", "\x80@", "?@"},
    {"single bytes", "iso-8859-1", "J\xfcrg@", "J?rg@"},
    {"EUC full-width", "euc-jp", "\xa3\xe1\xa1\xf7\xa1\xa5", "a@."},
    {"EUC others", "euc-kr", "\xb0\xa1@", "?@"},
    {"EUC space", "euc-jp", "\xa1\xa1", "_"},
    {"EUC broken", "euc-jp", "\xb0@", "?@"},
    {"GBK full-width", "gbk", "\xa3\xc0\xa3\xae", "@."},
    {"GBK '@' as second byte", "gbk", "\x81@z", "?z"},
    {"GBK broken", "gbk", "\x81 z", "? z"},
    {"SJIS full-width", "sjis", "\x81\x97\x82\x81\x82\x60\x82\x4f", "@aA0"},
    {"SJIS signs", "sjis", "\x81\x40\x81\x44\x81\x83\x81\x84", "_.<>"},
    {"SJIS '@' as second byte", "sjis", "\x83@", "?"},
    {"SJIS half-width", "sjis", "\xb1@", "?@"},
    {"Big5 full-width", "big5", "\xa2\x49\xa2\xcf\xa2\xe9\xa3\x40", "@Aaw"},
    {"Big5 digits and signs", "big5", "\xa2\xaf\xa1\x40\xa1\x44", "0_."},
    {"Big5 '@' as second byte", "big5", "\xa4@", "?"},
    {"JIS full-width", "iso-2022-jp", "\x1b$B!w#a!%\x1b(B@", "@a.@"},
    {"JIS '@' inside", "iso-2022-jp", "\x1b$@F@\x1b(Ja", "?a"},
    {"JIS 1990", "iso-2022-jp-2", "\x1b$(D#@\x1b(B@", "@@"},
    {"JIS final nobody knows", "iso-2022-jp", "\x1b$Za@b", "a@b"},
    {"JIS line end", "iso-2022-jp", "\x1b$B!\n@", "\n"},
    {"JIS has no shifts", "iso-2022-jp", "\x0e@\x0f", "\x0e@\x0f"},
    {"KR shifts", "iso-2022-kr", "\x1b$)C\x0e#@0!\x0f@", "@?@"},
};

static void
test_sets_are_known_by_many_names(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(names); i++) {
		struct pt_charset charset =
		    pt_charset_named(names[i].name, strlen(names[i].name));

		if (charset.kind != names[i].kind)
			fail_msg("%s: %d", names[i].name, (int)charset.kind);
	}
}

static char
letter_of(uint32_t character)
{
	if (character == PT_CHARSET_OTHER)
		return '?';
	if (character == 0x3000)
		return '_';
	assert_in_range(character, 0, 0xff);
	return (char)character;
}

static void
test_ascii_and_its_forms_are_found(void **state)
{
	char seen[64];
	uint32_t out[2];
	size_t i;
	size_t j;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		struct pt_charset charset =
		    pt_charset_named(rows[i].charset, strlen(rows[i].charset));
		size_t len = 0;

		for (j = 0; rows[i].bytes[j] != '\0'; j++) {
			size_t n = pt_charset_take(
			    &charset, (unsigned char)rows[i].bytes[j], out);

			assert_in_range(n, 0, 2);
			if (n > 0)
				seen[len++] = letter_of(out[0]);
			if (n > 1)
				seen[len++] = letter_of(out[1]);
		}
		seen[len] = '\0';
		if (strcmp(seen, rows[i].seen) != 0)
			fail_msg("%s: seen as %s", rows[i].why, seen);
	}
}

/* Whatever comes, a letter of ASCII is soon one again. */
static void
test_no_set_swallows_more_than_a_character(void **state)
{
	uint32_t out[2];
	uint64_t random = 4711;
	size_t i;
	int round;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(names); i++) {
		struct pt_charset charset =
		    pt_charset_named(names[i].name, strlen(names[i].name));
		size_t silent = 0;

		for (round = 0; round < 10000; round++) {
			size_t n = pt_charset_take(&charset,
			    (unsigned char)test_random_below(&random, 256),
			    out);

			silent = n == 0 ? silent + 1 : 0;
			assert_in_range(n, 0, 2);
			assert_in_range(silent, 0, 64);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sets_are_known_by_many_names),
	    cmocka_unit_test(test_ascii_and_its_forms_are_found),
	    cmocka_unit_test(test_no_set_swallows_more_than_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
