/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The two tests of what a format refuses.  A struct record_refusals is their
 * initial state: cmocka_unit_test_prestate(what_is_refused_says_why, &it).
 */
#ifndef PT_TESTS_RECORD_REFUSALS_H
#define PT_TESTS_RECORD_REFUSALS_H

#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

/*
 * Version 1, sections, base 100 and a login: what the tables of bad records
 * begin with, in the formats that have sections.
 */
#define HEAD(sections) "01" sections "6400000000 06 61 40 62 2e 64 65"

struct record_refusals {
	const struct record_format *format;
	const char *sound[2]; /* in hexadecimal digits; NULL: no second one */
	bool random;          /* random ones are damaged, too */
	const struct record_bad *bad;
	size_t bad_count;
};

/* As record_check_damage(), of the sound ones. */
void
a_cut_or_turned_record_is_noticed(void **state);

/* As record_check_refused(), of the bad ones. */
void
what_is_refused_says_why(void **state);

/* A whole test program of these two tests; what its main() returns. */
int
record_refusals_run(struct record_refusals *refusals);

#endif
