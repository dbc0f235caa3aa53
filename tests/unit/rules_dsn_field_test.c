/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/rules_dsn.h"

static void
test_recipients_are_those_that_failed_for_good(void **state)
{
	static const struct {
		const char *fields;
		const char *original, *final; /* both NULL: none */
	} cases[] = {
#define FAILED "Action: failed\nStatus: 5.1.1\n"
	    {FAILED "Final-Recipient: rfc822; bob@example.net\n", NULL,
		"bob@example.net"},
	    {FAILED "Final-Recipient: RFC822;<Bob@Example.NET> (gone)\n", NULL,
		"bob@example.net"},
	    {FAILED "Original-Recipient: rfc822;bob@example.net\n",
		"bob@example.net", NULL},
	    /* xtext, RFC 3461 section 4; and "+" as it stands */
	    {FAILED "Original-Recipient: rfc822;bob+2Bx+3D1@example.net\n",
		"bob+x=1@example.net", NULL},
	    {FAILED "Original-Recipient: rfc822;bob+42@example.net\n",
		"bob+42@example.net", NULL},
	    {FAILED "Original-Recipient: rfc822;bob+20@example.net\n",
		"bob+20@example.net", NULL},
	    {FAILED "Original-Recipient: rfc822;bob+2bx@example.net\n",
		"bob+2bx@example.net", NULL},
	    {FAILED "Final-Recipient: rfc822;bob+2B@example.net\n", NULL,
		"bob+2b@example.net"},
	    /* RFC 6533 section 3 */
	    {FAILED "Original-Recipient: utf-8;j\\x{FC}rgen@example.net\n",
		"j\xc3\xbcrgen@example.net", NULL},
	    {FAILED "Final-Recipient: UTF-8; "
		    "\\x{1f600}\\x{20AC}@example.net\n",
		NULL, "\xf0\x9f\x98\x80\xe2\x82\xac@example.net"},
	    {FAILED "Final-Recipient: utf-8; j\xc3\xbcrgen@example.net\n", NULL,
		"j\xc3\xbcrgen@example.net"},
	    {FAILED "Final-Recipient: utf-8; a\\x{110000}b@example.net\n", NULL,
		"a\\x{110000}b@example.net"},
	    {FAILED "Final-Recipient: utf-8; a\\x{D800}@example.net\n", NULL,
		"a\\x{d800}@example.net"},
	    {"Action: failed (host is gone)\nStatus: (x) 5.7.509 (policy)\n"
	     "Final-Recipient: rfc822; bob@example.net\n",
		NULL, "bob@example.net"},
	    /* Other actions, other classes, other types. */
	    {"Action: delayed\nStatus: 5.1.1\n"
	     "Final-Recipient: rfc822; bob@example.net\n",
		NULL, NULL},
	    {"Action: failedly\nStatus: 5.1.1\n"
	     "Final-Recipient: rfc822; bob@example.net\n",
		NULL, NULL},
	    {"Action: failed\nStatus: 4.4.1\n"
	     "Final-Recipient: rfc822; bob@example.net\n",
		NULL, NULL},
	    {"Action: failed\nStatus: 5\n"
	     "Final-Recipient: rfc822; bob@example.net\n",
		NULL, NULL},
	    {"Action: failed\nStatus: 5.1.\n"
	     "Final-Recipient: rfc822; bob@example.net\n",
		NULL, NULL},
	    {"Action: failed\nStatus: 5.1.1.1\n"
	     "Final-Recipient: rfc822; bob@example.net\n",
		NULL, NULL},
	    {"Action: failed\nStatus: 5.1111.1\n"
	     "Final-Recipient: rfc822; bob@example.net\n",
		NULL, NULL},
	    {"Action: failed\nFinal-Recipient: rfc822; bob@example.net\n", NULL,
		NULL},
	    {"Status: 5.1.1\nFinal-Recipient: rfc822; bob@example.net\n", NULL,
		NULL},
	    {FAILED "Final-Recipient: x400; /C=LV/S=Bob\n", NULL, NULL},
	    {FAILED "Final-Recipient: bob@example.net\n", NULL, NULL},
	    {FAILED "Final-Recipient: rfc822; bob\n", NULL, NULL},
	    {FAILED "Final-Recipient: rfc822;\n", NULL, NULL},
	    {FAILED "Final-Recipient:\n", NULL, NULL},
	    {FAILED, NULL, NULL},
#undef FAILED
	};
	static struct pt_dsn dsn;
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    BEGIN STATUS "Reporting-MTA: dns; x\n\n%s\n" END,
		    cases[i].fields);
		read_text(&dsn, text);
		if (cases[i].original == NULL && cases[i].final == NULL) {
			if (dsn.is_report)
				fail_msg("%s", cases[i].fields);
			continue;
		}
		if (!dsn.is_report)
			fail_msg("%s", cases[i].fields);
		assert_address(&dsn.recipients[0].original, cases[i].original);
		assert_address(&dsn.recipients[0].final, cases[i].final);
	}
}

static void
test_the_returned_header_names_one_message(void **state)
{
	static const struct {
		const char *header;
		const char *message_id; /* "": none that can be used */
		bool from_a_list;
	} cases[] = {
	    {HEADER, "<one@example.com>", false},
	    {"Message-id :\n\t<one@example.com>\n\n", "\t<one@example.com>",
		false},
	    {"MESSAGE-ID:<one@example.com> (x)\n\n", "<one@example.com> (x)",
		false},
	    {"Message-ID: <one@example.com>\nMessage-Id: <two@example.com>\n\n",
		"", false},
	    {"X-Message-ID: <one@example.com>\n\n", "", false},
	    {"Subject: x\n Message-ID: <one@example.com>\n\n", "", false},
	    {"\nMessage-ID: <one@example.com>\n\n", "", false},
	    {"Message-ID:\n\n", "", false},
	    {"List-Id: <x.example.org>\n" HEADER, "<one@example.com>", true},
	    {"List-Post: <mailto:x@example.org>\n" HEADER, "<one@example.com>",
		true},
	    {"Mailing-List: contact x\n" HEADER, "<one@example.com>", true},
	    {"Precedence: LIST (x)\n" HEADER, "<one@example.com>", true},
	    {"Precedence: bulk\nList-Unsubscribe: <x>\n" HEADER,
		"<one@example.com>", false},
	};
	static struct pt_dsn dsn;
	char text[1024];
	const char *want;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s%s" END,
		    BEGIN STATUS BLOCK RETURNED, cases[i].header);
		read_text(&dsn, text);
		assert_true(dsn.is_report);
		want = cases[i].message_id;
		if (*want == '\t')
			want++;
		if (strcmp(dsn.message_id, want) != 0)
			fail_msg("%s: %s", cases[i].header, dsn.message_id);
		assert_int_equal(dsn.message_id_len, strlen(want));
		assert_int_equal(dsn.from_a_list, cases[i].from_a_list);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_recipients_are_those_that_failed_for_good),
	    cmocka_unit_test(test_the_returned_header_names_one_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
