/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What a display name shows.  A10 is an attack of "Composition Kills". */
#include "core/rules/display_name.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

#define SHOWN "ceo@bank.test"

static const struct {
	const char *why;
	const char *text;
	const char *shown; /* the last one; "": none */
} rows[] = {
    {"a name", "Ann Miller", ""},
    {"nothing", "", ""},
    {"quoted", "\"ceo@bank.test\"", SHOWN},
    {"with text around it", "\"CEO ceo@bank.test, Bank\"", SHOWN},
    {"in brackets", "\"CEO <ceo@bank.test>\"", SHOWN},
    {"comment", "(ceo@bank.test)", SHOWN},
    {"Outlook's apostrophes", "\"'ceo@bank.test'\"", SHOWN},
    {"typographic quotes",
	"\"\xe2\x80\x9c"
	"ceo@bank.test\xe2\x80\x9d\"",
	SHOWN},
    {"mailto", "\"mailto:ceo@bank.test\"", SHOWN},
    {"full stop behind it", "\"Write to ceo@bank.test.\"", SHOWN},
    {"genitive", "\"ceo@bank.test's desk\"", SHOWN},
    {"emoji before and behind",
	"\"\xf0\x9f\x93\xa7"
	"ceo@bank.test\xe2\x9c\x85\"",
	SHOWN},
    {"escaped quotes", "\"\\\"ceo@bank.test\\\"\"", SHOWN},
    {"capitals stay", "\"CEO@Bank.Test\"", "CEO@Bank.Test"},
    {"A10 Q", "=?utf-8?Q?ceo=40bank.test?=", SHOWN},
    {"A10 Q without a code", "=?utf-8?Q?ceo@bank.test?=", SHOWN},
    {"A10 B", "=?utf-8?B?Y2VvQGJhbmsudGVzdA==?=", SHOWN},
    {"A10 two words", "=?utf-8?Q?ceo?= =?utf-8?Q?=40bank.test?=", SHOWN},
    {"A10 two words, folded",
	"=?a?Q?ceo=40?=\r\n\t=?a?B?YmFuay50ZXN0?=", SHOWN},
    {"A10 in quotes", "\"=?utf-8?Q?ceo=40bank.test?=\"", SHOWN},
    {"A10 in a comment", "(=?utf-8?Q?ceo=40bank.test?=)", SHOWN},
    {"A10 blanks in it", "\"=?utf-8?Q?CEO ceo=40bank.test?=\"", SHOWN},
    {"A10 overlong UTF-8", "=?utf-8?Q?ceo=C1=80bank.test?=", SHOWN},
    {"A10 unknown charset", "=?x-none?Q?ceo=40bank.test?=", SHOWN},
    {"full-width @",
	"\"ceo\xef\xbc\xa0"
	"bank.test\"",
	SHOWN},
    {"small @",
	"\"ceo\xef\xb9\xab"
	"bank.test\"",
	SHOWN},
    {"full-width letters",
	"\"\xef\xbd\x83"
	"eo@bank.test\"",
	SHOWN},
    {"ideographic full stop", "\"ceo@bank\xe3\x80\x82test\"", SHOWN},
    {"zero-width space",
	"\"ceo@\xe2\x80\x8b"
	"bank.test\"",
	SHOWN},
    {"soft hyphen", "\"ce\xc2\xado@bank.test\"", SHOWN},
    {"Shift_JIS full-width @", "=?shift_jis?Q?ceo=81=97bank.test?=", SHOWN},
    {"GBK full-width @", "=?gbk?Q?ceo=A3=C0bank.test?=", SHOWN},
    {"Big5 full-width @", "=?big5?Q?ceo=A2=49bank.test?=", SHOWN},
    {"EUC-KR full-width @", "=?euc-kr?Q?ceo=A3=C0bank.test?=", SHOWN},
    {"JIS full-width @", "=?iso-2022-jp?Q?ceo=1B$B!w=1B=28Bbank.test?=", SHOWN},
    {"behind it a byte that is broken",
	"=?utf-8?Q?ceo=40bank.test=BCx.y?=", SHOWN},
    {"another full stop behind it", "\"ceo@bank.test\xe3\x80\x82x\"", SHOWN},
    {"a word that ends behind it", "=?a?q?ceo=40bank.test.?= =?a?q?x?=", SHOWN},
    {"half a character at the end",
	"=?a?b?Y2VvQGJhbmsuddA=?=", "ceo@bank.u\xef\xbf\xbd"},
    {"a sign behind it", "\"ceo@bank.test\xe2\x82\xacx.y\"", SHOWN},
    {"two addresses", "\"x@y.zz ceo@bank.test\"", SHOWN},
    {"chained", "\"x@y.zz@bank.test\"", "y.zz@bank.test"},
    {"a sign in the domain", "\"b@c.d+ceo@bank.test\"", "c.d+ceo@bank.test"},
    {"brackets make one without a dot", "\"<ceo@bank>\"", "ceo@bank"},
    {"domain beyond ASCII", "\"a@\xd0\xbf\xd1\x80.\xd1\x80\xd1\x84\"",
	"a@\xd0\xbf\xd1\x80.\xd1\x80\xd1\x84"},
    {"two at signs", "\"ceo@@bank.test\"", SHOWN},
    {"two at signs, one of them small", "\"ceo\xef\xb9\xab@bank.test\"", SHOWN},
    {"words side by side", "\"x ceo@bank.test\" (y) \"z\"", SHOWN},
    {"glued, but no address", "\"M@rcus\" Miller", ""},
    {"glued, without an @", "A(x)\"B\"=?utf-8?Q?C?=D", ""},
    {"@ between blanks", "\"J @ Work.com\"", ""},
    {"@ without a dot", "\"me@home\"", ""},
    {"@ in a word", "\"M@rcus Miller\"", ""},
    {"a handle", "\"@ann.miller\"", ""},
    {"a price", "\"5 pieces @2.50\"", ""},
    {"a number behind the dot", "\"node@10.0.0.1\"", ""},
    {"(at)", "\"ceo (at) bank.test\"", ""},
    {"Q with blanks for what it is", "=?utf-8?Q?J_=40_Work=2Ecom?=", ""},
    {"JIS whose bytes are '@' and '.'",
	"=?iso-2022-jp?Q?A=1B$BF@K.$.A@.nAA=1B=28B?=", ""},
    {"Shift_JIS with '@' as second byte", "=?shift_jis?Q?J=81@S.Smith?=", ""},
    {"Shift_JIS", "=?cp932?B?g0CDQINALnRlc3Q=?=", ""},
    {"JIS with shifts", "=?iso-2022-jp?q?=0E=31=32=0F?=", ""},
    {"GBK with '@' as second byte", "=?gb18030?Q?A=81@b.cc?=", ""},
};

static const struct {
	const char *why;
	const char *text;
} doubtful[] = {
    {"UTF-7", "=?utf-7?Q?ceo+AEA-bank.test?="},
    {"UTF-7 by another name", "=?unicode-1-1-utf-7?Q?ceo+AEA-bank?="},
    {"UTF-16", "=?utf-16be?B?AGMAZQBvAEAAYgBhAG4Aaw==?="},
    {"UTF-32", "=?utf-32?B?AAAAYw==?="},
    {"UCS-2", "=?iso-10646-ucs-2?B?AGM=?="},
    {"EBCDIC", "=?cp037?Q?=83=85=96=7C=82?="},
    {"EBCDIC by another name", "=?IBM01140?Q?=83=85=96=7C=82?="},
    {"HZ", "=?hz-gb-2312?Q?~{!@~}?="},
    {"turned round", "\"\xe2\x80\xaetset.knab@oec\xe2\x80\xac\""},
    {"UTF-7 without shifts", "=?utf-7?Q?Alice?="},
    {"UTF-16 as Python names it", "=?u16?B?AGMAZQ==?="},
    {"EBCDIC as Python names it", "=?037?Q?=83=85=96=7C=82?="},
    {"punycode", "=?punycode?Q?ceobank.test-3s34a?="},
    {"encoded twice", "=?utf-8?Q?=3D=3Futf-8=3FQ=3Fceo=3D40bank.test=3F=3D?="},
    {"encoded twice, in part", "=?utf-8?Q?=3D?=?utf-8?Q?ceo=40bank.test"},
    /* Pieces that some put together, and others do not. */
    {"A10 comment between two words", "=?a?q?ceo=40ba?= (x) =?a?q?nk.test?="},
    {"A10 empty quotes between", "=?a?q?ceo=40ba?= \"\" =?a?q?nk.test?="},
    {"A10 word in quotes beside one",
	"\"\\\\ =?a?q?x?=\" =?a?q?ceo=40bank.test?="},
    {"A10 NO-BREAK SPACE between two words",
	"=?a?q?ceo=40ba?= \xc2\xa0 =?a?q?nk.test?="},
    {"A10 glued to a letter", "=?a?q?ceo=40bank.tes?=t"},
    {"A10 glued to a word", "=?a?q?ceo=40bank.?==?a?q?test?="},
    {"A10 glued to a comment", "=?a?q?ceo=40bank.tes?=(x)t"},
    {"A10 glued in quotes", "\"=?a?q?ceo=40bank?=.test\""},
    {"A10 half encoded", "=?a?q?=3Cceo=40@bank.test=3E?="},
    {"A10 half encoded, blank", "=?a?q?J=C4=81nis_@bank.test?="},
    {"A10 parentheses in a word", "=?a?q?ceo=40ba_(x)_nk.test?="},
    {"A10 the same in double bytes",
	"=?iso-2022-jp?q?=1B=24BNkLZ_(ceo@bank.test)_=1B=28B?="},
    {"A10 control beside it", "=?iso-2022-jp?q?ceo=0F=40bank.test?="},
    {"escaped without need", "\"c\\eo\\@bank.test\""},
    {"comment in the middle", "\"ceo@ba\"(x)\"nk.test\""},
    {"comment in a comment", "(ceo@ba(x)nk.test)"},
    {"quotes in the middle", "\"ceo\"\"@bank.test\""},
    {"quotes in a comment", "(ceo@ba\"nk.test)"},
    {"quotes at the end of a comment", "(ceo@bank.test\")"},
};

static const struct {
	const char *why;
	const char *text;
} broken[] = {
    {"not closed", "=?utf-8?Q?ceo=40bank.test"},
    {"not closed, no address", "=?utf-8?Q?J=C4?= =?utf-8?Q?=81n="},
    {"no such encoding", "=?a?X? ceo@bank.test?="},
    {"quotes in it", "=?utf-8?B?WmnFqd\"ceo@bank.test\"W1z?="},
    {"comment in it", "=?utf-8?b?Y2VvQGJhb(ceo@bank.test)msu?="},
    {"comment in the charset", "=?windows(ceo@bank.test)-1257?Q?J?="},
    {"blank in the charset", "=?utf -8?Q?ceo=40bank.test?="},
    {"letter in the charset", "=?utf-\xd0\x96\x38?b?Y2VvQGJhbmsudGVzdA==?="},
    {"backslash in it", "\"=?utf-8?Q?=3Cceo=40\\bank.test=3E?=\""},
    {"broken code", "\"=?utf-8?Q?ceo=,40bank.test?=\""},
    {"comment that begins in it", "=?a?q?x(?= y =?a?q?)?="},
    {"no base64", "\"=?utf-8?B?ceo@bank.testY2vQ?=\""},
    {"escaped question marks", "\"=\\?utf-8\\?Q\\?ceo=40bank\\?=\""},
    {"escaped equals sign", "\"\\=?utf-8?Q?ceo=40bank?=\""},
    {"quotes between its first signs", "=\"\"?utf-8?Q?ceo=40bank.test?="},
    {"comment between its first signs", "=(x)?utf-8?Q?ceo=40bank.test?="},
    {"end of a comment between its first signs", "(=)?utf-8?Q?ceo=40bank?="},
};

struct shown {
	unsigned count;
	char last[1024];
};

static void
take(void *arg, const char *address, size_t len)
{
	struct shown *shown = arg;

	assert_in_range(len, 3, sizeof(shown->last) - 1);
	shown->count++;
	memcpy(shown->last, address, len);
	shown->last[len] = '\0';
}

static enum pt_display_name_clarity
scan(const char *text, size_t len, struct shown *shown)
{
	char *exact = malloc(len > 0 ? len : 1);
	enum pt_display_name_clarity clarity;

	assert_non_null(exact);
	memcpy(exact, text, len);
	shown->count = 0;
	shown->last[0] = '\0';
	clarity = pt_display_name_scan(exact, len, take, shown);
	free(exact);
	return clarity;
}

static void
test_an_address_is_found_however_it_is_written(void **state)
{
	struct shown shown;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		if (scan(rows[i].text, strlen(rows[i].text), &shown) !=
		    PT_DISPLAY_NAME_IS_SURE)
			fail_msg("%s: %s: doubt", rows[i].why, rows[i].text);
		if (strcmp(shown.last, rows[i].shown) != 0)
			fail_msg("%s: %s: shows %s", rows[i].why, rows[i].text,
			    shown.last);
	}
}

static void
test_what_cannot_be_told_is_said_so(void **state)
{
	struct shown shown;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(doubtful); i++) {
		if (scan(doubtful[i].text, strlen(doubtful[i].text), &shown) !=
		    PT_DISPLAY_NAME_IS_DOUBTFUL)
			fail_msg("%s: %s: no doubt", doubtful[i].why,
			    doubtful[i].text);
	}
}

static void
test_what_only_begins_like_an_encoded_word_is_broken(void **state)
{
	struct shown shown;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(broken); i++) {
		if (scan(broken[i].text, strlen(broken[i].text), &shown) !=
		    PT_DISPLAY_NAME_IS_BROKEN)
			fail_msg("%s: %s: not broken", broken[i].why,
			    broken[i].text);
	}
	assert_int_equal(
	    scan("!=?#$ (x) =40", 13, &shown), PT_DISPLAY_NAME_IS_SURE);
}

static void
test_long_parts_are_still_shown(void **state)
{
	struct shown shown;
	char text[2000];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + 1000, "@bank.test ", 11);
	assert_int_equal(
	    scan(text, sizeof(text), &shown), PT_DISPLAY_NAME_IS_SURE);
	assert_int_equal(shown.count, 1);
	assert_int_equal(strlen(shown.last), 128 + strlen("@bank.test"));
	memset(text, 'x', sizeof(text));
	memcpy(text, "ceo@a.", 6);
	assert_int_equal(
	    scan(text, sizeof(text), &shown), PT_DISPLAY_NAME_IS_SURE);
	assert_int_equal(shown.count, 1);
}

/* Signs that matter come often. */
static void
test_any_text_is_read_within_its_bounds(void **state)
{
	static const char *const parts[] = {"a", "@", ".cc", "=?utf-8?Q?",
	    "=?iso-2022-jp?B?", "?=", "=40", " ", "\"", "\\", "\xef\xbc\xa0",
	    "<", ">", "=?big5?b?", "Y2VvQGJhbms", "=?", "\x1b$B", "\xc2"};
	struct shown shown;
	uint64_t random = 4711;
	char text[128];
	size_t len;
	int round;

	(void)state;
	for (round = 0; round < 100000; round++) {
		size_t want = test_random_below(&random, 100);

		for (len = 0; len < want;) {
			const char *part = parts[test_random_below(
			    &random, PT_ARRAY_LEN(parts))];

			memcpy(text + len, part, strlen(part));
			len += strlen(part);
		}
		(void)scan(text, len, &shown);
		assert_in_range(shown.count, 0, 2 * len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_an_address_is_found_however_it_is_written),
	    cmocka_unit_test(test_what_cannot_be_told_is_said_so),
	    cmocka_unit_test(
		test_what_only_begins_like_an_encoded_word_is_broken),
	    cmocka_unit_test(test_long_parts_are_still_shown),
	    cmocka_unit_test(test_any_text_is_read_within_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
