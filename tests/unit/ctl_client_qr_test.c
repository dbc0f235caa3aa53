/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* QR codes on a terminal: their shape; that they can be read is shown by a
 * system test with a reader. */

#include <stdlib.h>

#include "core/base/attr.h"
#include "ctl/client_qr.h"
#include "tests/unit/support/testing.h"

#define COLOUR    "\033[1;37;40m"
#define NO_COLOUR "\033[0m"
#define QUIET     4
#define SIDE_MAX  140
#define ROOM      ((size_t)96 << 10)

/* What is drawn: true is light. */
struct picture {
	int side; /* columns, quiet zones included */
	int rows;
	bool light[SIDE_MAX][SIDE_MAX];
};

static const char *
past(const char *at, const char *what)
{
	assert_int_equal(strncmp(at, what, strlen(what)), 0);
	return at + strlen(what);
}

/* One character: the upper and the lower module. */
static const char *
read_block(const char *at, bool *upper, bool *lower)
{
	static const struct {
		const char *text;
		bool upper;
		bool lower;
	} blocks[] = {
	    {" ", false, false},
	    {"\xe2\x96\x80", true, false},
	    {"\xe2\x96\x84", false, true},
	    {"\xe2\x96\x88", true, true},
	};

	for (size_t i = 0; i < PT_ARRAY_LEN(blocks); i++) {
		if (strncmp(at, blocks[i].text, strlen(blocks[i].text)) != 0)
			continue;
		*upper = blocks[i].upper;
		*lower = blocks[i].lower;
		return at + strlen(blocks[i].text);
	}
	fail_msg("no block: %.8s", at);
	return at;
}

static void
read_picture(const char *at, struct picture *out)
{
	int x;

	memset(out, 0, sizeof(*out));
	while (*at != '\0') {
		at = past(at, COLOUR);
		for (x = 0; strncmp(at, NO_COLOUR, 4) != 0; x++) {
			assert_in_range(x, 0, SIDE_MAX - 1);
			at = read_block(at, &out->light[out->rows][x],
			    &out->light[out->rows + 1][x]);
		}
		assert_true(out->side == 0 || out->side == x);
		out->side = x;
		out->rows += 2;
		at = past(at, NO_COLOUR "\n");
	}
}

/* Seven by seven: a dark ring, a light one, and a dark middle. */
static void
check_finder(const struct picture *picture, int left, int top)
{
	for (int y = 0; y < 7; y++) {
		for (int x = 0; x < 7; x++) {
			bool ring = x == 0 || x == 6 || y == 0 || y == 6;
			bool middle = x >= 2 && x <= 4 && y >= 2 && y <= 4;

			assert_int_equal(picture->light[top + y][left + x],
			    !ring && !middle);
		}
	}
}

static void
check_picture(const struct picture *picture)
{
	int end = picture->side - QUIET;

	assert_int_equal((picture->side - 2 * QUIET - 17) % 4, 0);
	for (int y = 0; y < picture->rows; y++) {
		for (int x = 0; x < picture->side; x++) {
			if (x < QUIET || y < QUIET || x >= end || y >= end)
				assert_true(picture->light[y][x]);
		}
	}
	check_finder(picture, QUIET, QUIET);
	check_finder(picture, end - 7, QUIET);
	check_finder(picture, QUIET, end - 7);
}

static void
test_a_code_has_its_marks_and_a_quiet_zone(void **state)
{
	static struct picture picture;
	char *room = malloc(ROOM);
	char payload[1300];
	struct pt_text out;
	struct pt_err err;
	int before = 0;

	(void)state;
	assert_non_null(room);
	for (size_t len = 1; len < sizeof(payload); len += 97) {
		memset(payload, 'x', len);
		payload[len] = '\0';
		pt_text_init(&out, room, ROOM);
		if (pc_client_qr_add(&out, payload, 0, &err) != 0)
			fail_msg("%s", err.text);
		read_picture(room, &picture);
		check_picture(&picture);
		assert_true(picture.side >= before);
		before = picture.side;
	}
	free(room);
}

static void
test_what_no_phone_could_read_is_refused(void **state)
{
	static const size_t sizes[] = {1600, 2953, 2954, 4000};
	static char payload[4001];
	char *room = malloc(ROOM);
	struct pt_text out;
	struct pt_err err;

	(void)state;
	assert_non_null(room);
	for (size_t i = 0; i < PT_ARRAY_LEN(sizes); i++) {
		memset(payload, 'x', sizes[i]);
		payload[sizes[i]] = '\0';
		pt_text_init(&out, room, ROOM);
		assert_int_equal(pc_client_qr_add(&out, payload, 0, &err), -1);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		assert_string_equal(room, "");
	}
	pt_text_init(&out, room, 100);
	assert_int_equal(pc_client_qr_add(&out, "x", 0, &err), -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
	free(room);
}

/* The smallest code has 21 modules, and four on each side. */
static void
test_a_terminal_that_would_break_its_lines_gets_none(void **state)
{
	static const struct {
		unsigned columns;
		int rc;
	} cases[] = {{0, 0}, {1, -1}, {28, -1}, {29, 0}, {80, 0}};
	char room[4096];
	struct pt_text out;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_text_init(&out, room, sizeof(room));
		assert_int_equal(
		    pc_client_qr_add(&out, "x", cases[i].columns, &err),
		    cases[i].rc);
		if (cases[i].rc == 0)
			continue;
		assert_int_equal(err.kind, PT_ERR_UNAVAILABLE);
		assert_non_null(strstr(err.text, "it is 29 columns wide"));
		assert_string_equal(room, "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_code_has_its_marks_and_a_quiet_zone),
	    cmocka_unit_test(test_what_no_phone_could_read_is_refused),
	    cmocka_unit_test(
		test_a_terminal_that_would_break_its_lines_gets_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
