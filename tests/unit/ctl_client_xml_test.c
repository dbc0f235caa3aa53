/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* XML: whatever is written is read back as it was, or is not written. */

#include "ctl/client_xml.h"

#include "core/base/attr.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

#define ROUNDS 20000

static int
write_text(const char *value, char *buf, size_t cap, struct pt_err *err)
{
	struct pc_client_xml xml;
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pc_client_xml_begin(&xml, &text);
	pc_client_xml_open(&xml, "a", "b", value);
	pc_client_xml_text(&xml, "c", value);
	pc_client_xml_empty(&xml, "d", "e", value);
	pc_client_xml_close(&xml, "a");
	return pc_client_xml_end(&xml, err);
}

/* The character that an entity stands for, and where it ends. */
static const char *
read_entity(const char *at, char *out)
{
	static const struct {
		const char *name;
		char character;
	} entities[] = {
	    {"&amp;", '&'},
	    {"&lt;", '<'},
	    {"&gt;", '>'},
	    {"&quot;", '"'},
	    {"&apos;", '\''},
	};

	for (size_t i = 0; i < PT_ARRAY_LEN(entities); i++) {
		if (strncmp(at, entities[i].name, strlen(entities[i].name)) !=
		    0)
			continue;
		*out = entities[i].character;
		return at + strlen(entities[i].name);
	}
	fail_msg("no entity: %.8s", at);
	return at;
}

/* The text from "at" to the mark, as a reader of XML takes it. */
static const char *
read_back(const char *at, char mark, char *out)
{
	while (*at != mark) {
		assert_int_not_equal(*at, '\0');
		assert_null(strchr("<>\"'", *at));
		if (*at == '&')
			at = read_entity(at, out);
		else
			*out = *at++;
		out++;
	}
	*out = '\0';
	return at + 1;
}

static const char *
past(const char *at, const char *what)
{
	assert_int_equal(strncmp(at, what, strlen(what)), 0);
	return at + strlen(what);
}

static void
check_document(const char *at, const char *value)
{
	char back[1024];

	at = past(at, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"");
	at = read_back(at, '"', back);
	assert_string_equal(back, value);
	at = past(at, ">\n  <c>");
	at = read_back(at, '<', back);
	assert_string_equal(back, value);
	at = past(at, "/c>\n  <d e=\"");
	at = read_back(at, '"', back);
	assert_string_equal(back, value);
	assert_string_equal(at, "/>\n</a>\n");
}

static void
test_any_text_is_read_back_as_it_was_written(void **state)
{
	static const char special[] = "&<>\"';]]>--?%{}";
	uint64_t random = random_seed(1);
	char value[64];
	char buf[2048];
	struct pt_err err;
	size_t i;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		random_text(&random, value, sizeof(value));
		for (i = 0; value[i] != '\0'; i++) {
			/* A byte of ASCII may be any other. */
			if ((value[i] & 0x80) == 0 &&
			    random_chance(&random, 30))
				value[i] = special[test_random_below(
				    &random, sizeof(special) - 1)];
		}
		if (write_text(value, buf, sizeof(buf), &err) == 0)
			check_document(buf, value);
		else
			assert_int_equal(err.kind, PT_ERR_INPUT);
	}
}

static void
test_what_xml_cannot_hold_is_refused(void **state)
{
	static const struct {
		const char *value;
		bool is_good;
	} cases[] = {
	    {"", true},
	    {"a\tb", false},
	    {"a\nb", false},
	    {"a\rb", false},
	    {"\x01", false},
	    {"\x7f", false},
	    {"\xc2\x80", false},
	    {"\xc2\x9f", false},
	    {"\xc2\xa0", true},
	    {"\xef\xbf\xbd", true},  /* U+FFFD */
	    {"\xef\xbf\xbe", false}, /* U+FFFE */
	    {"\xef\xbf\xbf", false}, /* U+FFFF */
	    {"\xef\xbe\xbe", true},
	    {"\xf4\x8f\xbf\xbd", true},
	    {"\xed\xa0\x80", false}, /* a surrogate */
	    {"\xc0\xbc", false},     /* "<", overlong */
	    {"\xff", false},
	    {"\xc4", false},
	};
	char buf[512];
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		if ((write_text(cases[i].value, buf, sizeof(buf), &err) == 0) !=
		    cases[i].is_good)
			fail_msg("case %zu", i);
		if (cases[i].is_good)
			check_document(buf, cases[i].value);
		else
			assert_non_null(
			    strstr(err.text, "that XML cannot hold"));
	}
}

static void
test_a_document_that_does_not_fit_is_none(void **state)
{
	struct pt_err err;
	char buf[64];

	(void)state;
	assert_int_equal(write_text("0123456789", buf, sizeof(buf), &err), -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_any_text_is_read_back_as_it_was_written),
	    cmocka_unit_test(test_what_xml_cannot_hold_is_refused),
	    cmocka_unit_test(test_a_document_that_does_not_fit_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
