/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#define _XOPEN_SOURCE 700 /* nftw() */

#include "tests/unit/support/testing.h"

#include <ftw.h>
#include <stdlib.h>

uint64_t
test_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dU;
}

uint64_t
test_random_below(uint64_t *state, uint64_t n)
{
	return (test_random(state) >> 11) % n;
}

struct pt_login
test_login(const char *text)
{
	/* Whole records are compared as bytes, under valgrind, too. */
	struct pt_login login = {0};
	struct pt_err err;

	if (pt_login_parse(text, strlen(text), "example.com", &login, &err) !=
	    0)
		fail_msg("login %s: %s", text, err.text);
	return login;
}

void
test_make_dir(char *path, size_t cap)
{
	const char *tmp = getenv("TMPDIR");

	assert_true(snprintf(path, cap, "%s/postern-test-XXXXXX",
			tmp == NULL ? "/tmp" : tmp) < (int)cap);
	assert_non_null(mkdtemp(path));
}

static int
remove_item(const char *path, const struct stat *st, int type, struct FTW *info)
{
	(void)st;
	(void)type;
	(void)info;
	return remove(path);
}

void
test_remove_dir(const char *path)
{
	assert_int_equal(nftw(path, remove_item, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void
test_write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}
