/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/output.h"

#include <jansson.h>
#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

struct captured {
	struct pc_output *out;
	FILE *stream;
	char *text;
	size_t len;
};

static void
start(struct captured *captured, enum pc_format format)
{
	memset(captured, 0, sizeof(*captured));
	captured->stream = open_memstream(&captured->text, &captured->len);
	assert_non_null(captured->stream);
	captured->out = pc_output_new(captured->stream, format, TEST_NOW);
	assert_non_null(captured->out);
}

static void
check(struct captured *captured, const char *wanted)
{
	struct pt_err err;

	assert_int_equal(pc_output_end(captured->out, &err), 0);
	assert_string_equal(captured->text, wanted);
	pc_output_free(captured->out);
	assert_int_equal(fclose(captured->stream), 0);
	free(captured->text);
}

/* Any type, and no page that tells of it. */
#define COLUMN(name, heading, flags)                     \
	{                                                \
		name, heading, flags, PC_CELL_NONE, NULL \
	}

static const struct pc_column columns[] = {
    COLUMN("name", NULL, 0),
    COLUMN("count", "how many", PC_RIGHT),
    COLUMN("at", NULL, 0),
    COLUMN("window", NULL, 0),
    COLUMN("size", NULL, PC_RIGHT),
    COLUMN("on", NULL, 0),
    {.name = NULL},
};

static void
add_rows(struct pc_output *out)
{
	pc_output_begin(out, columns, true);
	pc_output_text(out, "ann bell");
	pc_output_number(out, 1234567);
	pc_output_time(out, TEST_NOW + 5);
	pc_output_span(out, 3600);
	pc_output_size(out, 25395);
	pc_output_bool(out, true);
	pc_output_text(out, "b");
	pc_output_none(out);
	pc_output_time(out, 0);
	pc_output_span(out, 90);
	pc_output_size(out, 812);
	pc_output_bool(out, false);
}

static void
each_format_writes_the_same_rows(void **state)
{
	static const char *const wanted[] = {
	    [PC_FORMAT_TABLE] =
		"name      how many  at            window   size  on\n"
		"ann bell   1234567  12:00:05 UTC  1h      24.7K  yes\n"
		"b                -  -             90s       812  no\n",
	    [PC_FORMAT_FLOW] =
		"name=\"ann bell\" count=1234567 at=2026-11-21T12:00:05Z "
		"window=3600 size=25395 on=yes\n"
		"name=b count= at= window=90 size=812 on=no\n",
	    [PC_FORMAT_JSON] =
		"[\n"
		"{\"name\": \"ann bell\", \"count\": 1234567, "
		"\"at\": \"2026-11-21T12:00:05Z\", \"window\": 3600, "
		"\"size\": 25395, \"on\": true},\n"
		"{\"name\": \"b\", \"count\": null, \"at\": null, "
		"\"window\": 90, \"size\": 812, \"on\": false}\n"
		"]\n",
	    [PC_FORMAT_TAB] = "name\tcount\tat\twindow\tsize\ton\n"
			      "ann bell\t1234567\t2026-11-21T12:00:05Z\t3600\t"
			      "25395\tyes\n"
			      "b\t\t\t90\t812\tno\n",
	};
	struct captured captured;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(wanted); i++) {
		start(&captured, (enum pc_format)i);
		add_rows(captured.out);
		check(&captured, wanted[i]);
	}
}

static void
without_rows_json_is_an_empty_array(void **state)
{
	static const char *const wanted[] = {
	    [PC_FORMAT_TABLE] = "",
	    [PC_FORMAT_FLOW] = "",
	    [PC_FORMAT_JSON] = "[]\n",
	    [PC_FORMAT_TAB] = "name\tcount\tat\twindow\tsize\ton\n",
	};
	struct captured captured;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(wanted); i++) {
		start(&captured, (enum pc_format)i);
		pc_output_begin(captured.out, columns, true);
		check(&captured, wanted[i]);
	}
}

/* ESC, a newline, C1's CSI, DEL, a byte that is no UTF-8, an umlaut. */
static void
no_format_lets_a_record_steer_the_terminal(void **state)
{
	static const struct pc_column one[] = {
	    COLUMN("x", NULL, 0),
	    {.name = NULL},
	};
	static const char nasty[] = "\033[2J\n\302\233m\177\"\377\303\244";
	struct captured captured;
	struct pt_err err;
	json_t *array;
	size_t i;
	size_t j;

	(void)state;
	for (i = PC_FORMAT_TABLE; i <= PC_FORMAT_TAB; i++) {
		start(&captured, (enum pc_format)i);
		pc_output_begin(captured.out, one, false);
		pc_output_text(captured.out, nasty);
		assert_int_equal(pc_output_end(captured.out, &err), 0);
		for (j = 0; j < captured.len; j++)
			assert_true(captured.text[j] == '\n' ||
				    (unsigned char)captured.text[j] >= ' ');
		assert_null(strstr(captured.text, "\302\233"));
		assert_null(strchr(captured.text, '\377'));
		if (i == PC_FORMAT_JSON) {
			array = json_loads(captured.text, 0, NULL);
			assert_non_null(array);
			json_decref(array);
		}
		pc_output_free(captured.out);
		assert_int_equal(fclose(captured.stream), 0);
		free(captured.text);
	}
}

static void
a_table_wraps_prose_and_puts_lines_below(void **state)
{
	static const struct pc_column prose[] = {
	    COLUMN("level", NULL, 0),
	    COLUMN("what", NULL, PC_WRAP),
	    COLUMN("hidden", NULL, PC_MACHINE),
	    COLUMN("fix", NULL, PC_BELOW | PC_HUMAN),
	    {.name = NULL},
	};
	struct captured captured;

	(void)state;
	start(&captured, PC_FORMAT_TABLE);
	pc_output_begin(captured.out, prose, false);
	pc_output_text(captured.out, "ok");
	pc_output_text(captured.out,
	    "one two three four five six seven eight nine ten eleven twelve "
	    "thirteen fourteen fifteen");
	pc_output_text(captured.out, "not seen");
	pc_output_text(captured.out, "in a:\n  \"b\"");
	check(&captured,
	    "ok  one two three four five six seven eight nine ten eleven "
	    "twelve thirteen\n"
	    "    fourteen fifteen\n"
	    "        in a:\n"
	    "          \"b\"\n");
}

static void
what_is_for_people_is_not_in_the_other_formats(void **state)
{
	static const struct pc_column mixed[] = {
	    COLUMN("a", NULL, PC_MACHINE),
	    COLUMN("b", NULL, PC_HUMAN),
	    COLUMN("c", NULL, 0),
	    {.name = NULL},
	};
	static const char *const wanted[] = {
	    [PC_FORMAT_TABLE] = "2  3\n",
	    [PC_FORMAT_FLOW] = "a=1 c=3\n",
	    [PC_FORMAT_JSON] = "[\n{\"a\": \"1\", \"c\": \"3\"}\n]\n",
	    [PC_FORMAT_TAB] = "a\tc\n1\t3\n",
	};
	struct captured captured;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(wanted); i++) {
		start(&captured, (enum pc_format)i);
		pc_output_begin(captured.out, mixed, false);
		pc_output_text(captured.out, "1");
		pc_output_text(captured.out, "2");
		pc_output_text(captured.out, "3");
		check(&captured, wanted[i]);
	}
}

static void
a_table_has_details_when_they_are_asked_for(void **state)
{
	static const struct pc_column some[] = {
	    COLUMN("a", NULL, PC_DETAIL),
	    COLUMN("b", NULL, 0),
	    {.name = NULL},
	};
	struct captured captured;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		start(&captured, i == 2 ? PC_FORMAT_FLOW : PC_FORMAT_TABLE);
		if (i == 1)
			pc_output_detailed(captured.out);
		pc_output_begin(captured.out, some, false);
		pc_output_text(captured.out, "1");
		pc_output_text(captured.out, "2");
		check(&captured, i == 0   ? "2\n"
				 : i == 1 ? "1  2\n"
					  : "a=1 b=2\n");
	}
}

/* After the rows that set the widths, rows come as they are. */
static void
a_long_table_is_not_held_in_memory(void **state)
{
	static const struct pc_column two[] = {
	    COLUMN("number", NULL, PC_RIGHT),
	    COLUMN("word", NULL, 0),
	    {.name = NULL},
	};
	struct captured captured;
	struct pt_err err;
	unsigned lines = 0;
	unsigned i;
	size_t j;

	(void)state;
	start(&captured, PC_FORMAT_TABLE);
	pc_output_begin(captured.out, two, true);
	for (i = 0; i < 600; i++) {
		pc_output_number(captured.out, i);
		pc_output_text(captured.out, "x");
	}
	assert_int_equal(fflush(captured.stream), 0);
	for (j = 0; j < captured.len; j++)
		lines += captured.text[j] == '\n';
	assert_int_equal(lines, 601);
	assert_int_equal(pc_output_end(captured.out, &err), 0);
	pc_output_free(captured.out);
	assert_int_equal(fclose(captured.stream), 0);
	free(captured.text);
}

static void
a_full_disk_is_reported(void **state)
{
	static const struct pc_column one[] = {
	    COLUMN("x", NULL, 0),
	    {.name = NULL},
	};
	struct pc_output *out;
	struct pt_err err;
	FILE *full;

	(void)state;
	full = fopen("/dev/full", "w");
	if (full == NULL)
		skip();
	out = pc_output_new(full, PC_FORMAT_TAB, TEST_NOW);
	assert_non_null(out);
	pc_output_begin(out, one, true);
	pc_output_text(out, "y");
	assert_int_equal(pc_output_end(out, &err), -1);
	assert_int_equal(err.kind, PT_ERR_UNAVAILABLE);
	pc_output_free(out);
	(void)fclose(full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_format_writes_the_same_rows),
	    cmocka_unit_test(without_rows_json_is_an_empty_array),
	    cmocka_unit_test(no_format_lets_a_record_steer_the_terminal),
	    cmocka_unit_test(a_table_wraps_prose_and_puts_lines_below),
	    cmocka_unit_test(what_is_for_people_is_not_in_the_other_formats),
	    cmocka_unit_test(a_table_has_details_when_they_are_asked_for),
	    cmocka_unit_test(a_long_table_is_not_held_in_memory),
	    cmocka_unit_test(a_full_disk_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
