/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/rules_dsn.h"

static void
test_content_types_are_read_as_mime_says(void **state)
{
	static const struct {
		const char *value;
		bool is_report;
	} cases[] = {
	    {"multipart/report; report-type=delivery-status; boundary=b", true},
	    {"MULTIPART/Report;REPORT-TYPE=Delivery-Status;BOUNDARY=b", true},
	    {"multipart/report;\n report-type=\"delivery-status\";\n\t"
	     "boundary=\"b\"",
		true},
	    {"multipart/report;\r\n boundary=\"b\";\r\n "
	     "report-type=delivery-status",
		true},
	    {"(a (b\\) c)) multipart (x) / report (y); (z) boundary (1) = b "
	     "(2); report-type=delivery-status (3)",
		true},
	    {"multipart/report; boundary=\"\\b\"; report-type=delivery-status;",
		true},
	    {"multipart/report; charset=\"a;boundary=c\"; boundary=b; "
	     "report-type=delivery-status",
		true},
	    /* RFC 2231 */
	    {"multipart/report; report-type*0=delivery; "
	     "report-type*1=\"-status\"; boundary*=us-ascii'en'%62",
		true},
	    {"multipart/report; boundary*0*=''%62; boundary*1=\"\"; "
	     "report-type=delivery-status",
		true},
	    {"multipart/report; boundary*1=b; report-type=delivery-status",
		false},
	    {"multipart/report; boundary*=%62; report-type=delivery-status",
		false},
	    {"multipart/report; boundary*=''%6; report-type=delivery-status",
		false},
	    {"multipart/report; boundary*=''%zz; report-type=delivery-status",
		false},
	    {"multipart/report; boundary=b; boundary*0=b; "
	     "report-type=delivery-status",
		false},
	    /* Not what it takes. */
	    {"multipart/report; boundary=b", false},
	    {"multipart/report; report-type=delivery-status", false},
	    {"multipart/report; report-type=delivery-status; boundary=", false},
	    {"multipart/report; report-type=delivery-status; boundary=\"\"",
		false},
	    {"multipart/report; report-type=delivery-status; boundary=\"b",
		false},
	    {"multipart/report; report-type=delivery-status; boundary=\"b \"",
		false},
	    {"multipart/report; boundary=b; boundary=b; "
	     "report-type=delivery-status",
		false},
	    {"multipart/report; boundary=c; report-type=delivery-status",
		false},
	    {"multipart/report; boundary=b; report-type=delivery-status-x",
		false},
	    {"multipart/report; boundary=b; "
	     "report-type=disposition-notification",
		false},
	    {"multipart/mixed; boundary=b; report-type=delivery-status", false},
	    {"multipart; boundary=b; report-type=delivery-status", false},
	    {"(multipart/report; boundary=b; report-type=delivery-status",
		false},
	    {"", false},
	};
	static struct pt_dsn dsn;
	static const char body[] =
	    "--b\n\ntext\n" STATUS BLOCK RETURNED HEADER END;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pt_dsn_init(&dsn);
		pt_dsn_add_field(&dsn, "Content-type ", 13, cases[i].value,
		    strlen(cases[i].value));
		(void)pt_dsn_add_body(&dsn, body, strlen(body));
		pt_dsn_finish(&dsn);
		if (dsn.is_report != cases[i].is_report)
			fail_msg("%s", cases[i].value);
	}
}

static void
test_a_boundary_has_its_longest(void **state)
{
	static struct pt_dsn dsn;
	char value[200];
	int n;

	(void)state;
	for (n = 69; n < 73; n++) {
		(void)snprintf(value, sizeof(value),
		    "multipart/report; report-type=delivery-status; "
		    "boundary=%0*d",
		    n, 1);
		pt_dsn_init(&dsn);
		pt_dsn_add_field(
		    &dsn, "Content-Type", 12, value, strlen(value));
		assert_int_equal(pt_dsn_wants_body(&dsn), n <= 70);
	}
}

static void
test_only_well_formed_reports_of_failures_prove(void **state)
{
	static const struct {
		const char *name, *text;
		unsigned count;
	} cases[] = {
	    {"plain", BEGIN STATUS BLOCK RETURNED HEADER END, 1},
	    {"no returned part", BEGIN STATUS BLOCK "--b--\n", 1},
	    {"no line end at the end", BEGIN STATUS BLOCK "--b--", 1},
	    {"nothing behind it, no end", BEGIN STATUS BLOCK, 0},
	    {"a boundary that only begins like it",
		BEGIN STATUS BLOCK "--bb\n--b-\n--b-- x\n -b--\n", 0},
	    {"blanks after the boundary", BEGIN STATUS BLOCK "--b-- \t\n", 1},
	    {"two status parts", BEGIN STATUS BLOCK STATUS BLOCK END, 0},
	    {"status part of a part within",
		BEGIN "--b\nContent-Type: multipart/mixed; boundary=c\n\n"
		      "--c\nContent-Type: message/delivery-status\n\n" BLOCK
		      "--c--\n--b--\n",
		0},
	    {"status text in the returned mail",
		BEGIN RETURNED HEADER BLOCK "--b--\n", 0},
	    {"returned part first", BEGIN RETURNED HEADER STATUS BLOCK END, 1},
	    {"two types of a part",
		BEGIN "--b\nContent-Type: message/delivery-status\n"
		      "Content-Type: message/delivery-status\n\n" BLOCK END,
		0},
	    {"unknown encoding",
		BEGIN "--b\nContent-Type: message/delivery-status\n"
		      "Content-Transfer-Encoding: x-uuencode\n\n" BLOCK END,
		0},
	    {"not base64",
		BEGIN "--b\nContent-Type: message/delivery-status\n"
		      "Content-Transfer-Encoding: base64\n\n" BLOCK END,
		0},
	    {"base64",
		BEGIN
		"--b\nContent-Type: message/delivery-status\n"
		"Content-Transfer-Encoding: base64\n\n"
		"UmVwb3J0aW5nLU1UQTogeDsgeAoKRmluYWwtUmVjaXBpZW50OiByZmM4\n"
		"MjI7YkBjLmRlCkFjdGlvbjogZmFpbGVkClN0YXR1czogNS4xLjEK\n" END,
		1},
	    {"base64 that goes on after its end",
		BEGIN
		"--b\nContent-Type: message/delivery-status\n"
		"Content-Transfer-Encoding: base64\n\n"
		"UmVwb3J0aW5nLU1UQTogeDsgeAoKRmluYWwtUmVjaXBpZW50OiByZmM4\n"
		"MjI7YkBjLmRlCkFjdGlvbjogZmFpbGVkClN0YXR1czogNS4xLjEK\n"
		"=\n"
		"WDogeQo=\n" END,
		0},
	    {"not quoted-printable",
		BEGIN "--b\nContent-Type: message/delivery-status\n"
		      "Content-Transfer-Encoding: quoted-printable\n\n"
		      "X: =zz\n\n" BLOCK END,
		0},
	    {"an encoded whole",
		"Content-Transfer-Encoding: base64\n" BEGIN STATUS BLOCK END,
		0},
	    {"two types of the whole",
		"Content-Type: text/plain\n" BEGIN STATUS BLOCK END, 0},
	    {"no empty line after the first block",
		BEGIN STATUS "Reporting-MTA: dns; mx.example.net\n"
			     "Action: failed\nStatus: 5.0.0\n"
			     "Final-Recipient: rfc822; bob@example.net\n" END,
		1},
	    {"no empty line between recipients",
		BEGIN STATUS "Action: failed\nStatus: 5.0.0\n"
			     "Final-Recipient: rfc822; bob@example.net\n"
			     "Action: failed\nStatus: 5.0.0\n"
			     "Final-Recipient: rfc822; amy@example.net\n" END,
		0},
	    {"many empty lines",
		BEGIN STATUS "\n\n" BLOCK "\n\n\nAction: failed\n"
			     "Status: 5.0.0\nFinal-Recipient: rfc822; "
			     "amy@example.net\n\n\n" END,
		2},
	    {"types are of any case",
		BEGIN "--b\ncontent-type : MESSAGE/Delivery-Status; x=y\n\n"
		      "ACTION:FAILED\nstatus :5.0.0\nFINAL-recipient:\n "
		      "RFC822\t;\n <bob@example.net>\n" END,
		1},
	};
	static struct pt_dsn dsn;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_text(&dsn, cases[i].text);
		if (dsn.count != cases[i].count ||
		    dsn.is_report != (cases[i].count > 0))
			fail_msg("%s: %u", cases[i].name, dsn.count);
	}
}

static void
test_nothing_is_read_after_what_is_needed(void **state)
{
	static struct pt_dsn dsn;
	const char *const text = BEGIN STATUS BLOCK RETURNED HEADER;
	size_t body;

	(void)state;
	pt_dsn_init(&dsn);
	assert_false(pt_dsn_wants_body(&dsn));
	body = add_header(&dsn, text, strlen(text));
	assert_true(pt_dsn_wants_body(&dsn));
	assert_true(
	    pt_dsn_add_body(&dsn, text + body, strlen(text) - body - 1));
	assert_false(pt_dsn_add_body(&dsn, "\n", 1));
	assert_false(pt_dsn_add_body(&dsn, "x", 1));
	pt_dsn_finish(&dsn);
	assert_true(dsn.is_report);
	assert_string_equal(dsn.message_id, "<one@example.com>");
}

/* "at" so many times, at the end of a report's beginning. */
static void
add_times(struct pt_dsn *dsn, const char *before, const char *at, size_t times)
{
	size_t body;
	size_t i;

	pt_dsn_init(dsn);
	body = add_header(dsn, before, strlen(before));
	(void)pt_dsn_add_body(dsn, before + body, strlen(before) - body);
	for (i = 0; i < times; i++)
		(void)pt_dsn_add_body(dsn, at, strlen(at));
}

static void
add_end(struct pt_dsn *dsn, const char *at)
{
	(void)pt_dsn_add_body(dsn, at, strlen(at));
	pt_dsn_finish(dsn);
}

static void
test_hostile_messages_prove_nothing_and_cost_little(void **state)
{
	static struct pt_dsn dsn;
	static const char nul[] = "\n\0--b\0\n--b\n\0:\0\n\n";

	(void)state;
	/* A line of 10 MB, in a status part and in the text before. */
	add_times(&dsn, BEGIN STATUS "Final-Recipient: rfc822;", "aaaaaaaaaa",
	    1000000);
	add_end(&dsn, "\nAction: failed\nStatus: 5.1.1\n" END);
	assert_false(dsn.is_report);
	add_times(&dsn, BEGIN, "--b-------", 1000000);
	add_end(&dsn, "\n" STATUS BLOCK END);
	assert_true(dsn.is_report);
	/* A message-id of many folds. */
	add_times(&dsn, BEGIN STATUS BLOCK RETURNED "Message-ID: <",
	    "\n aaaaaaaa", 1000000);
	add_end(&dsn, ">\n\n" END);
	assert_true(dsn.is_report);
	assert_int_equal(dsn.message_id_len, 0);
	/* Parts, blocks and recipients without number. */
	add_times(&dsn, BEGIN, "--b\nContent-Type: text/plain\n\nx\n", 100000);
	add_end(&dsn, STATUS BLOCK END);
	assert_true(dsn.is_report);
	add_times(&dsn, BEGIN STATUS, BLOCK, 100000);
	add_end(&dsn, END);
	assert_int_equal(dsn.count, PT_DSN_RECIPIENTS_MAX);
	/* Comments that never end, parts in one another. */
	add_times(&dsn, BEGIN "--b\nContent-Type: ", "(((((((\n ", 100000);
	add_end(&dsn, "\n\n" BLOCK END);
	assert_false(dsn.is_report);
	/* NULs are bytes as others. */
	add_times(&dsn, BEGIN, "", 0);
	(void)pt_dsn_add_body(&dsn, nul, sizeof(nul) - 1);
	add_end(&dsn, STATUS BLOCK END);
	assert_true(dsn.is_report);
}

static void
test_lines_have_their_longest(void **state)
{
	static const char before[] = BEGIN STATUS BLOCK RETURNED "Message-ID: ";
	static struct pt_dsn dsn;
	char id[1100];
	size_t n;

	(void)state;
	/* "Message-ID: " takes 12 bytes of the line. */
	for (n = 980; n < 1000; n++) {
		memset(id, 'x', n);
		id[0] = '<';
		id[n - 1] = '>';
		id[n] = '\0';
		add_times(&dsn, before, id, 1);
		add_end(&dsn, "\n\n" END);
		assert_true(dsn.is_report);
		assert_int_equal(
		    dsn.message_id_len, 12 + n <= PT_DSN_LINE_MAX ? n : 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_content_types_are_read_as_mime_says),
	    cmocka_unit_test(test_a_boundary_has_its_longest),
	    cmocka_unit_test(test_only_well_formed_reports_of_failures_prove),
	    cmocka_unit_test(test_nothing_is_read_after_what_is_needed),
	    cmocka_unit_test(
		test_hostile_messages_prove_nothing_and_cost_little),
	    cmocka_unit_test(test_lines_have_their_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
