/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/captured_log.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/support/testing.h"

static int ends[2];
static int saved;

void
test_capture_errors(void)
{
	assert_int_equal(pipe(ends), 0);
	saved = dup(STDERR_FILENO);
	assert_true(saved >= 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
}

void
test_capture_log(enum pt_log_level level)
{
	(void)setenv("JOURNAL_STREAM", "8:1", 1);
	pt_log_init("test", level);
	test_capture_errors();
}

const char *
test_captured_log(void)
{
	static char out[8192];
	ssize_t n;

	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	assert_int_equal(close(saved), 0);
	assert_int_equal(close(ends[1]), 0);
	n = read(ends[0], out, sizeof(out) - 1);
	assert_true(n >= 0);
	out[n] = '\0';
	assert_int_equal(close(ends[0]), 0);
	return out;
}
