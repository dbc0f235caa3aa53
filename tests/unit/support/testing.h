/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What every unit test includes: cmocka with the headers it needs before it,
 * a seeded random source, and logins without ceremony.
 */
#ifndef PT_TESTS_TESTING_H
#define PT_TESTS_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/login.h"

/* 2026-11-21 12:00:00 UTC: the moment at which tests take place. */
#define TEST_NOW ((int64_t)1795262400)

/* xorshift64*: the same numbers on every machine. */
uint64_t
test_random(uint64_t *state);

/* 0 to n - 1 */
uint64_t
test_random_below(uint64_t *state, uint64_t n);

struct pt_login
test_login(const char *text);

/*
 * A new directory below TMPDIR, and its removal with all that is in it.  The
 * name is the caller's (at least 128 bytes).
 */
void
test_make_dir(char *path, size_t cap);

void
test_remove_dir(const char *path);

/* The file has that text and nothing else. */
void
test_write_file(const char *path, const char *text);

#endif
