/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_value.h"

#include "tests/unit/support/testing.h"

uint64_t
random_seed(uint64_t number)
{
	return (number + 1) * 0x9e3779b97f4a7c15U;
}

bool
random_chance(uint64_t *state, unsigned percent)
{
	return test_random_below(state, 100) < percent;
}

uint64_t
random_number(uint64_t *state, unsigned bits)
{
	uint64_t width = test_random_below(state, bits + 1);

	return width == 0 ? 0 : test_random(state) >> (64 - width);
}

/* Whole characters of one to four bytes, while there is room. */
void
random_text(uint64_t *state, char *out, size_t cap)
{
	static const char *const letters[] = {"a", "B", " ", "=", "~",
	    "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
	size_t wanted = (size_t)test_random_below(state, cap);
	size_t len = 0;

	while (len < wanted) {
		const char *letter = letters[test_random_below(state, 8)];
		size_t size = strlen(letter);

		if (len + size > wanted)
			letter = "x";
		size = strlen(letter);
		memcpy(out + len, letter, size);
		len += size;
	}
	out[len] = '\0';
}

struct pt_login
random_login(uint64_t *state)
{
	static const char *const domains[] = {
	    "example.com", "b.de", "mail.example.org", "xn--bcher-kva.example"};
	static const char letters[] = "abcxyz0189.-_+";
	char text[PT_LOGIN_MAX + 1];
	size_t len = 1 + (size_t)test_random_below(state, 63);
	char local[64];

	for (size_t i = 0; i < len; i++)
		local[i] =
		    letters[test_random_below(state, sizeof(letters) - 1)];
	local[len] = '\0';
	(void)snprintf(text, sizeof(text), "%s%s@%s", local,
	    len < 60 && random_chance(state, 10) ? "\xc3\xa9" : "",
	    domains[test_random_below(state, 4)]);
	return test_login(text);
}
