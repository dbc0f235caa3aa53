/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/digit.h"

#include <limits.h>
#include <string.h>

#include "tests/unit/support/testing.h"

/* Of every byte: its place in the alphabet, and nothing else has a value. */
static void
check(int (*digit)(char c), const char *alphabet, const char *also)
{
	const char *at;
	int byte;
	int value;

	for (byte = CHAR_MIN; byte <= CHAR_MAX; byte++) {
		at = byte == 0 ? NULL : strchr(alphabet, byte);
		value = at == NULL ? -1 : (int)(at - alphabet);
		if (at == NULL && byte != 0 && strchr(also, byte) != NULL)
			value = 10 + (int)(strchr(also, byte) - also);
		assert_int_equal(digit((char)byte), value);
	}
}

static void
test_hex_digits_in_both_cases(void **state)
{
	(void)state;
	check(pt_digit_hex, "0123456789ABCDEF", "abcdef");
}

static void
test_base64_digits_by_their_alphabet(void **state)
{
	(void)state;
	check(pt_digit_base64,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
	    "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hex_digits_in_both_cases),
	    cmocka_unit_test(test_base64_digits_by_their_alphabet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
