/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Sections are those of RFC 2047 where nothing else is said. */
#include "core/rules/encoded_word.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

#define NONE "-"

static const struct {
	const char *why;
	const char *text;
	const char *decoded; /* NONE: it is no encoded word */
} rows[] = {
    {"4.1 B", "=?utf-8?B?QWxpY2U=?=", "Alice"},
    {"4.1 letters of either case", "=?UTF-8?b?QWxpY2U=?=", "Alice"},
    {"4.2 Q", "=?utf-8?Q?A=6Cice_=4D=4d?=", "Alice MM"},
    {"2 empty text", "=?utf-8?q?\?=", ""},
    {"2 text that begins with a code", "=?utf-8?q?=41?=", "A"},
    {"2 what follows", "=?utf-8?q?A?=B", "A"},
    {"2 only the first one", "=?a?q?A?==?a?q?B?=", "A"},
    {"RFC 2231 5 language", "=?us-ascii*en-US?Q?A?=", "A"},
    {"4.2 code that is none", "=?a?q?=4=ZZ=?=", NONE},
    {"4.1 no padding", "=?a?b?QUI?=", "AB"},
    {"4.1 text behind padding", "=?a?b?QQ==Qg==?=", NONE},
    {"4.1 signs of no code", "=?a?b?Q*U.I=?=", NONE},
    {"4.1 a single digit", "=?a?b?Q?=", ""},
    {"no encoding", "=?a?x?QUI?=", NONE},
    {"no text", "=?a?q", NONE},
    {"no charset", "=?\?q?A?=", NONE},
    {"5 blanks in it", "=?a?q?A B?=", "A B"},
    {"5 blanks in B", "=?a?b?QU I=?=", NONE},
    {"pairs of parentheses", "=?a?q?A_(B_(C))?=", "A (B (C))"},
    {"parentheses that touch a code", "=?a?q?=EF=BC(x)=A0?=", NONE},
    {"an opening parenthesis", "=?a?q?A(B?=", NONE},
    {"a closing parenthesis", "=?a?q?A)B(?=", NONE},
    {"quotes in it", "=?a?q?A\"B?=", NONE},
    {"brackets in it", "=?a?q?A<B?=", NONE},
    {"letters beyond ASCII in it", "=?a?q?\xc3\xbc?=", NONE},
    {"blank in the charset", "=?a b?q?A?=", NONE},
    {"2 question mark in it", "=?a?q?A?B?=", NONE},
    {"2 not closed", "=?a?q?A=42", NONE},
    {"2 sign in the charset", "=?=a?q?A?=", NONE},
    {"another text", "a=?a?q?A?=", NONE},
    {"empty", "", NONE},
    {"only its beginning", "=?", NONE},
};

static void
decode(const char *text, size_t cap, char *out)
{
	size_t len = strlen(text);
	char *exact = malloc(len > 0 ? len : 1);
	struct pt_encoded_word word;
	unsigned char piece[16];
	const char *at;
	size_t n;

	assert_non_null(exact);
	memcpy(exact, text, len);
	if (!pt_encoded_word_find(exact, exact + len, &word)) {
		memcpy(out, NONE, sizeof(NONE));
		free(exact);
		return;
	}
	assert_true(word.end > exact && word.end <= exact + len);
	at = word.text;
	while ((n = pt_encoded_word_decode(&word, &at, piece, cap)) > 0) {
		memcpy(out, piece, n);
		out += n;
	}
	assert_ptr_equal(at, word.text + word.text_len);
	*out = '\0';
	free(exact);
}

static void
test_words_are_decoded_whole_and_in_pieces(void **state)
{
	char out[128];
	size_t cap;
	size_t i;

	(void)state;
	for (cap = 4; cap <= 16; cap++) {
		for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
			decode(rows[i].text, cap, out);
			if (strcmp(out, rows[i].decoded) != 0)
				fail_msg("%s: %s: %s instead of %s",
				    rows[i].why, rows[i].text, out,
				    rows[i].decoded);
		}
	}
}

static void
test_charset_goes_without_its_language(void **state)
{
	const char *text = "=?iso-8859-1*de?q?x?=";
	struct pt_encoded_word word;

	(void)state;
	assert_true(pt_encoded_word_find(text, text + strlen(text), &word));
	assert_int_equal(word.charset_len, strlen("iso-8859-1"));
	assert_memory_equal(word.charset, "iso-8859-1", word.charset_len);
	assert_false(word.base64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words_are_decoded_whole_and_in_pieces),
	    cmocka_unit_test(test_charset_goes_without_its_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
