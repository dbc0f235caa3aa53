/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Text tables: as postmap(1) reads them, but nothing half. */
#include "core/maps/text_table.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static struct pt_map_index *
parse(const char *text, size_t len)
{
	struct pt_map_index *index = pt_map_index_new();
	struct pt_err err;

	assert_non_null(index);
	if (pt_text_table_parse("t", text, len, "example.com", index, &err) !=
	    0)
		fail_msg("%s: %s", text, err.text);
	return index;
}

/* "" if it is not there. */
static const char *
value_of(const struct pt_map_index *index, const char *key)
{
	static char value[PT_MAP_VALUE_MAX + 1];
	const char *at;
	size_t len;

	if (!pt_map_index_find(index, key, strlen(key), &at, &len))
		return "";
	memcpy(value, at, len);
	value[len] = '\0';
	return value;
}

static void
test_lines_are_read_as_postmap_reads_them(void **state)
{
	static const struct {
		const char *name;
		const char *text;
		const char *key;
		const char *value;
	} rows[] = {
	    {"one line", "a@x.test ann\n", "a@x.test", "ann"},
	    {"no newline at the end", "a@x.test ann", "a@x.test", "ann"},
	    {"several logins", "a@x.test ann, bob,cid\tdan\n", "a@x.test",
		"ann, bob,cid\tdan"},
	    {"tabs and blanks around", "a@x.test \t ann \t\r\n", "a@x.test",
		"ann"},
	    {"key in capitals", "A@X.Test ann\n", "a@x.test", "ann"},
	    {"key with U-labels", "a@m\xc3\xbcnster.test ann\n",
		"a@xn--mnster-3ya.test", "ann"},
	    {"domain", "@X.test ann\n", "@x.test", "ann"},
	    {"comment", "# b\n  # c\na@x.test ann\n", "a@x.test", "ann"},
	    {"hash inside", "a@x.test ann#b\n", "a@x.test", "ann#b"},
	    {"empty lines", "\n \t \na@x.test ann\n\n", "a@x.test", "ann"},
	    {"continuation", "a@x.test ann,\n bob\n\tcid\n", "a@x.test",
		"ann, bob\tcid"},
	    {"continuation after the key", "a@x.test\n  ann\n", "a@x.test",
		"ann"},
	    {"comment within", "a@x.test ann,\n#c\n\n #d\n bob\n", "a@x.test",
		"ann, bob"},
	    {"bare name", "root ann\na@x.test bob\n", "a@x.test", "bob"},
	    {"bare name is passed by", "root ann\n", "root", ""},
	    {"nothing", "", "a@x.test", ""},
	};
	struct pt_map_index *index;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		index = parse(rows[i].text, strlen(rows[i].text));
		if (strcmp(value_of(index, rows[i].key), rows[i].value) != 0)
			fail_msg("%s: got \"%s\"", rows[i].name,
			    value_of(index, rows[i].key));
		pt_map_index_free(index);
	}
}

static void
test_bad_lines_are_refused_with_their_number(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
	    {"a@x.test ann\nb@x.test\n", "t:2: there is no login after"},
	    {"a@x.test ,\n", "t:1: there is no login in it"},
	    {"# c\n b@x.test ann\n", "t:2: it begins with a blank"},
	    {"\n\na@x.test ann,a@b@c\n", "t:3: \"a@b@c\" is no login: login "
					 "has more than one @"},
	    {"a@x..test ann\n", "t:1: \"a@x..test\" is no address: "},
	    {"@ ann\n", "t:1: \"@\" is no address: domain is empty"},
	    {"a@x.test: ann\n", "t:1: this is the form of an alias file"},
	    {"\"a b\"@x.test ann\n", "t:1: quotation marks"},
	    {"a@x.test ann\nc@x.test ann\nA@x.test bob\n",
		"t:3: \"A@x.test\" is no new address: it is listed twice"},
	    {"a@x.test ann\n\nb@x.test bob\n bob@\n c\n",
		"t:3: \"bob@\" is no login: domain is empty"},
	};
	struct pt_map_index *index;
	struct pt_err err;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		index = pt_map_index_new();
		assert_non_null(index);
		if (pt_text_table_parse("t", rows[i].text, strlen(rows[i].text),
			"example.com", index, &err) == 0)
			fail_msg("taken: %s", rows[i].text);
		assert_int_equal(err.kind, PT_ERR_CONFIG);
		if (strncmp(err.text, rows[i].why, strlen(rows[i].why)) != 0)
			fail_msg("%s: %s", rows[i].text, err.text);
		pt_map_index_free(index);
	}
}

static void
test_nul_and_endless_lines_are_refused(void **state)
{
	static char text[PT_MAP_VALUE_MAX * 2];
	struct pt_map_index *index = pt_map_index_new();
	struct pt_err err;

	(void)state;
	assert_non_null(index);
	assert_int_equal(
	    pt_text_table_parse("t", "a@x.test a\0b\n", 13, "d", index, &err),
	    -1);
	assert_string_equal(err.text, "t:1: it has a NUL byte");
	memset(text, 'a', sizeof(text));
	memcpy(text, "a@x.test ", 9);
	assert_int_equal(
	    pt_text_table_parse("t", text, sizeof(text), "d", index, &err), -1);
	assert_string_equal(err.text, "t:1: it is too long");
	pt_map_index_free(index);
}

static void
test_bare_logins_need_a_default_domain(void **state)
{
	struct pt_map_index *index = pt_map_index_new();
	struct pt_err err;

	(void)state;
	assert_non_null(index);
	assert_int_equal(
	    pt_text_table_parse("t", "a@x.test ann\n", 13, "", index, &err),
	    -1);
	assert_string_equal(err.text,
	    "t:1: \"ann\" is no login: login has no domain and default_domain "
	    "is not set");
	pt_map_index_free(index);
}

static void
test_many_entries_are_all_found(void **state)
{
	struct pt_map_index *index = pt_map_index_new();
	struct pt_err err;
	const char *value;
	char key[32];
	size_t len;
	int n;
	int i;

	(void)state;
	assert_non_null(index);
	for (i = 0; i < 100000; i++) {
		n = snprintf(key, sizeof(key), "user%d@x.test", i);
		assert_int_equal(pt_map_index_add(index, key, (size_t)n, key,
				     (size_t)n - 7, &err),
		    1);
	}
	for (i = 0; i < 200000; i++) {
		n = snprintf(key, sizeof(key), "user%d@x.test", i);
		assert_int_equal(
		    pt_map_index_find(index, key, (size_t)n, &value, &len),
		    i < 100000);
		if (i < 100000) {
			assert_int_equal(len, n - 7);
			assert_memory_equal(value, key, len);
		}
	}
	assert_int_equal(
	    pt_map_index_add(index, "user7@x.test", 12, "x", 1, &err), 0);
	assert_int_equal(pt_map_index_add(index, "b@x.test", 8, "x",
			     PT_MAP_VALUE_MAX + 1, &err),
	    -1);
	pt_map_index_free(index);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines_are_read_as_postmap_reads_them),
	    cmocka_unit_test(test_bad_lines_are_refused_with_their_number),
	    cmocka_unit_test(test_nul_and_endless_lines_are_refused),
	    cmocka_unit_test(test_bare_logins_need_a_default_domain),
	    cmocka_unit_test(test_many_entries_are_all_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
