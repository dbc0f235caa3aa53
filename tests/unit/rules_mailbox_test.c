/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The grammar of address fields.  Sections are those of RFC 5322 where nothing
 * else is said; A6 to A13 are the attacks of "Composition Kills" (USENIX
 * Security 2020).
 */
#include "core/rules/mailbox.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static const struct {
	const char *why;
	const char *value;
	const char *mailboxes; /* "local@domain local@domain" */
} readable[] = {
    {"3.4.1 addr-spec", "ann@example.com", "ann@example.com"},
    {"2.2 blank after the colon", " ann@example.com", "ann@example.com"},
    {"3.4 name-addr", " Ann <ann@example.com>", "ann@example.com"},
    {"3.4 without a name", "<ann@example.com>", "ann@example.com"},
    {"3.4 no blank before the bracket", "Ann<ann@example.com>",
	"ann@example.com"},
    {"3.2.5 several words", "Ann van der Berg <a@b.c>", "a@b.c"},
    {"4.1 obs-phrase", "John Q. Public <j@b.c>", "j@b.c"},
    {"4.1 obs-phrase", "Dr.No <j@b.c>", "j@b.c"},
    {"3.2.4 quoted name", "\"Ann, B.\" <a@b.c>", "a@b.c"},
    {"3.2.4 quoted-pair", "\"A \\\"B\\\" \\\\\" <a@b.c>", "a@b.c"},
    {"3.2.4 empty quoted name", "\"\" <a@b.c>", "a@b.c"},
    {"3.2.4 brackets in quotes", "\"<x@y.z>,\" <a@b.c>", "a@b.c"},
    {"3.2.5 mixed words", "Ann \"B.\" C <a@b.c>", "a@b.c"},
    {"3.2.2 comment after", "root@b.c (Cron Daemon)", "root@b.c"},
    {"3.2.2 comment before", "(Ann) a@b.c", "a@b.c"},
    {"3.2.2 comments everywhere", "(1)Ann(2) B(3) <a@b.c> (4)", "a@b.c"},
    {"3.2.2 nested comment", "a@b.c (x (y) \\) z)", "a@b.c"},
    {"3.2.2 @ and brackets in one", "a@b.c (<x@y.z>,;:)", "a@b.c"},
    {"2.2.3 fold", "Ann\n <a@b.c>", "a@b.c"},
    {"2.2.3 fold with CR", "Ann\r\n\t<a@b.c>", "a@b.c"},
    {"2.2.3 fold at once", "\n ann@example.com", "ann@example.com"},
    {"3.2.2 fold in a comment", "a@b.c (x\n y)", "a@b.c"},
    {"3.2.4 fold in quotes", "\"A\n B\" <a@b.c>", "a@b.c"},
    {"4.2 obs-FWS", "Ann\n \n <a@b.c>", "a@b.c"},
    {"3.2.3 all signs of an atom", "!#$%&'*+-/?=^_`{|}~@b.c",
	"!#$%&'*+-/?=^_`{|}~@b.c"},
    {"3.2.3 dots", "a.b.c@d.e.f", "a.b.c@d.e.f"},
    {"3.4.1 quotes that are not needed", "\"a.b\"@c.d", "a.b@c.d"},
    {"3.4.1 the same in brackets", "A <\"a.b\"@c.d>", "a.b@c.d"},
    {"3.4 blanks in brackets", "A < a@b.c\n >", "a@b.c"},
    {"RFC 6532 name", "J\xc3\xbcrgen <a@b.c>", "a@b.c"},
    {"RFC 6532 local part", "j\xc3\xbcrgen@b.c", "j\xc3\xbcrgen@b.c"},
    {"RFC 6532 domain", "a@b\xc3\xbc.c", "a@b\xc3\xbc.c"},
    {"RFC 6532 emoji", "\xf0\x9f\x98\x80 A <a@b.c>", "a@b.c"},
    {"RFC 2047 name", "=?utf-8?Q?A=2C?= <a@b.c>", "a@b.c"},
    {"RFC 2047 folded", "=?utf-8?B?QQ==?=\n =?utf-8?B?QQ==?= <a@b.c>", "a@b.c"},
    {"3.4 mailbox-list", "a@b.c, D <d@e.f>,g@h.i", "a@b.c d@e.f g@h.i"},
    {"3.4 comments in a list", "a@b.c (x), (y) d@e.f", "a@b.c d@e.f"},
    {"percent is a sign like any other", "a%b@c.d", "a%b@c.d"},
    {"bang too", "x!a@c.d", "x!a@c.d"},
    {"apostrophe", "O'Neil <o'neil@b.c>", "o'neil@b.c"},
    {"the same address in brackets", "a@b.c <a@b.c>", "a@b.c"},
    {"the same, folded", "(x) a@b.c\n <a@b.c> (y), d@e.f", "a@b.c d@e.f"},
    {"ISO-8859-1 name", "J\xfcrgen <a@b.c>", "a@b.c"},
    {"windows-1257 name", "\"B\xe7rzi\xf2\xf0, J.\" <a@b.c>", "a@b.c"},
    {"KOI8-R comment", "a@b.c (\xe1\xcc\xc9\xd3\xc1)", "a@b.c"},
    {"windows-1251 that is half UTF-8", "\xc2\xb0 \xcc\xe0 <a@b.c>", "a@b.c"},
    {"empty", "", ""},
    {"blanks", " \t", ""},
    {"a fold alone", "\n ", ""},
};

static const struct {
	const char *why;
	const char *value;
	const char *fault; /* part of it */
} unreadable[] = {
    {"A13 two pairs of brackets", "<a@b.c> <d@e.f>", "two addresses"},
    {"A13 VU#517845", "<a@b.c>:<d@e.f>", "text after"},
    {"A13 text after", "<a@b.c> d@e.f", "text after"},
    {"A13 text after", "A <a@b.c> B", "text after"},
    {"A13 quoted text after", "<a@b.c> \"d@e.f\"", "text after"},
    {"A13 address in the name", "d@e.f <a@b.c>", "two addresses"},
    {"A13 the same, one token", "d@e.f<a@b.c>", "two addresses"},
    {"A13 after a word", "X d@e.f <a@b.c>", "an @ outside"},
    {"A13 name with @", "J @ Work <a@b.c>", "an @ outside"},
    {"A13 nested brackets", "<<a@b.c>>", "two angle"},
    {"A13 brackets in brackets", "<d@e.f<a@b.c>>", "two angle"},
    {"A13 brackets in brackets", "<a@b.c<d@e.f>", "two angle"},
    {"A12 backslash outside quotes", "a\\,b@c.d", "backslash"},
    {"A12 backslash comma", "<a@b.c>\\, d@e.f", "text after"},
    {"A11 route", "<@d.e:a@b.c>", "route"},
    {"A11 two routes", "<@d.e,@f.g:a@b.c>", "route"},
    {"A11 route after the address", "<a@b.c:d@e.f>", "several"},
    {"A10 encoded address", "=?utf-8?Q?d=40e.f?=@b.c", "encoded word"},
    {"A10 encoded in brackets", "<=?utf-8?Q?d?=@b.c>", "encoded word"},
    {"A10 encoded domain", "<a@=?utf-8?Q?b.c?=>", "encoded word"},
    {"A10 encoded brackets", "=?utf-8?Q?=3Ca=40b.c=3E?=", "no address"},
    {"A9 comma and nothing", "a@b.c,", "no address"},
    {"A9 nothing and comma", ",a@b.c", "comma"},
    {"A9 two commas", "a@b.c,,d@e.f", "comma"},
    {"A9 semicolon", "a@b.c;d@e.f", "text after"},
    {"A9 comma in brackets", "<a@b.c,d@e.f>", "several"},
    {"comma in a name", "Berg, Ann <a@b.c>", "comma"},
    {"3.4 group", "Friends: a@b.c, d@e.f;", "group"},
    {"3.4 empty group", "undisclosed-recipients:;", "group"},
    {"RFC 6854 group", "A <a@b.c>, G: d@e.f;", "group"},
    {"3.4.1 domain literal", "a@[192.0.2.1]", "number in brackets"},
    {"3.4.1 the same in brackets", "<a@[IPv6:::1]>", "number in brackets"},
    {"no domain", "root", "no address"},
    {"no domain in brackets", "<root>", "without a domain"},
    {"CVE-2021-34555 no domain", "a@", "without its domain"},
    {"no domain in brackets", "<a@>", "without its domain"},
    {"no local part", "@b.c", "first part"},
    {"only an @", "<@>", "route"},
    {"empty brackets", "Ann <>", "empty"},
    {"empty brackets with a blank", "< >", "empty"},
    {"not closed", "Ann <a@b.c", "not closed"},
    {"not closed, nothing in it", "<", "not closed"},
    {"not opened", "a@b.c>", "text after"},
    {"not opened", "Ann> a@b.c", "without an opening"},
    {"3.2.4 quotes not closed", "\"Ann <a@b.c>", "quotation mark"},
    {"3.2.4 quoted-pair at the end", "\"Ann\\", "quotation mark"},
    {"3.2.4 closing quote escaped", "\"Ann\\\" <a@b.c>", "quotation mark"},
    {"3.2.2 comment not closed", "a@b.c (Ann", "parenthesis"},
    {"3.2.2 quoted-pair at the end", "a@b.c (\\", "parenthesis"},
    {"3.2.2 closing one escaped", "a@b.c (\\)", "parenthesis"},
    {"3.2.2 not opened", "Ann) <a@b.c>", "closing parenthesis"},
    {"3.2.2 too deep",
	"((((((((((((((((((((((((((((((x)))))))))))))))))))))))))))))) a@b.c",
	"too many parentheses"},
    {"two @", "a@b.c@d.e", "text after"},
    {"CVE-2019-16056 two @ in brackets", "<a@b.c@d.e>", "more than one @"},
    {"CVE-2023-27043 special in the name", "a@b.c)<d@e.f>", "text after"},
    {"CVE-2023-27043 closing bracket", "a@b.c]<d@e.f>", "text after"},
    {"CVE-2025-13033 quoted local part", "\"d@e.f x\"@b.c", "quotation"},
    {"3.4.1 local part that needs quotes", "\"d@e.f, \"@b.c", "quotation"},
    {"3.4.1 the same in brackets", "<\"d@e.f> \"@b.c>", "quotation"},
    {"3.4.1 escapes in a local part", "\"\\a\"@b.c", "quotation"},
    {"3.4.1 empty local part", "\"\"@b.c", "first part"},
    {"4.4 obs-local-part", "\"a\".b@c.d", "outside"},
    {"4.4 obs-local-part", "a.\"b\"@c.d", "outside"},
    {"4.4 blank in the address", "a @b.c", "an @ outside"},
    {"4.4 blank in the address", "a@ b.c", "without its domain"},
    {"4.4 blank in the domain", "a@b. c", "dot too many"},
    {"4.4 comment in the address", "a(x)@b.c", "an @ outside"},
    {"4.4 comment in the domain", "a@(d.e)b.c", "without its domain"},
    {"3.4.1 comment in brackets", "<a@b.c(x)>", "comment inside"},
    {"3.4.1 comment in brackets", "<(d@e.f)a@b.c>", "comment inside"},
    {"blank in brackets", "<a b@c.d>", "blank or a sign"},
    {"3.2.3 dot first", ".a@b.c", "dot"},
    {"3.2.3 dot last", "a.@b.c", "dot too many"},
    {"3.2.3 two dots", "a..b@c.d", "dot too many"},
    {"3.2.3 dot before the domain", "a@.b.c", "dot too many"},
    {"dot after the domain", "a@b.c.", "dot too many"},
    {"dot first in a name", ".NET <a@b.c>", "begins with a dot"},
    {"square brackets", "[Team] <a@b.c>", "square brackets"},
    {"colon in a name", "Re: Ann <a@b.c>", "colon"},
    {"bare CR", "a@b.c\r d@e.f", "control"},
    {"bare CR before a line", "a@b.c\rX: y", "control"},
    {"bare LF", "a@b.c\nFrom: d@e.f", "line end"},
    {"CR LF", "a@b.c\r\nFrom: d@e.f", "line end"},
    {"LF at the end", "a@b.c\n", "line end"},
    {"CR at the end", "a@b.c\r", "control"},
    {"two line ends", "a@b.c\n\n d@e.f", "line end"},
    {"vertical tab", "a@b.c\v<d@e.f>", "control"},
    {"form feed", "a@b.c\f<d@e.f>", "control"},
    {"DEL", "a\x7f@b.c", "control"},
    {"escape", "\x1b[2J <a@b.c>", "control"},
    {"escaped control", "\"\\\x01\" <a@b.c>", "control"},
    {"C1 control", "A\xc2\x85 <a@b.c>", "control"},
    {"line separator", "A\xe2\x80\xa8 <a@b.c>", "control"},
    {"RFC 6532 not UTF-8", "j\xfcrgen@b.c", "not UTF-8"},
    {"RFC 6532 domain not UTF-8", "<a@b\xfc.c>", "not UTF-8"},
    {"old letters and @", "\"J\xfcrgen @ Work\" <a@b.c>", "not UTF-8"},
    {"old letters and a backslash", "\"J\xfcrgen \\\"\" <a@b.c>", "not UTF-8"},
    {"old letters and a UTF-8 address", "J\xfcrgen <j\xc3\xbcrgen@b.c>",
	"not UTF-8"},
    {"old letters and a UTF-8 domain behind",
	"J\xfcrgen <a@b.c>, a@b\xc3\xbc.c", "not UTF-8"},
    {"old letters and =", "J\xfcrgen =?a?q?x?= <a@b.c>", "not UTF-8"},
    {"old letters and @ in a comment", "a@b.c (J\xfc d@e.f)", "not UTF-8"},
    {"old letters and a full-width @", "J\xfcrgen\xef\xbc\xa0 <a@b.c>",
	"not UTF-8"},
    {"RFC 3629 overlong @",
	"d\xc1\x80"
	"e.f <a@b.c>",
	"not UTF-8"},
    {"RFC 3629 cut", "a@b.\xe2\x80", "not UTF-8"},
    {"RFC 3629 cut control", "a@b.\xc2", "not UTF-8"},
    {"another address in brackets", "x@b.c <a@b.c>", "two addresses"},
    {"another case in brackets", "A@b.c <a@b.c>", "two addresses"},
    {"the same in brackets twice", "a@b.c <a@b.c> <a@b.c>", "two addresses"},
    {"the same after a comment", "a@b.c (x) <a@b.c>", "two addresses"},
    {"a name alone", "Ann", "no address"},
    {"a comment alone", "(a@b.c)", "no address"},
    {"quotes alone", "\"a@b.c\"", "no address"},
};

/* In a block of just its size, so that a read beyond is seen. */
static int
read_all(const char *value, size_t len, char *out, size_t cap,
    const char **fault_out)
{
	char *exact = malloc(len > 0 ? len : 1);
	struct pt_mailbox_reader reader;
	struct pt_mailbox mailbox;
	size_t n = 0;
	int rc;

	assert_non_null(exact);
	memcpy(exact, value, len);
	pt_mailbox_open(&reader, exact, len);
	out[0] = '\0';
	while ((rc = pt_mailbox_next(&reader, &mailbox)) == 1) {
		n += (size_t)snprintf(out + n, cap - n, "%s%.*s@%.*s",
		    n > 0 ? " " : "", (int)mailbox.local_len, mailbox.local,
		    (int)mailbox.domain_len, mailbox.domain);
		assert_true(n < cap);
	}
	*fault_out = reader.fault;
	/* A fault stays. */
	assert_int_equal(pt_mailbox_next(&reader, &mailbox), rc);
	free(exact);
	return rc;
}

static void
test_what_the_grammar_allows_is_read(void **state)
{
	const char *fault;
	char out[256];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(readable); i++) {
		if (read_all(readable[i].value, strlen(readable[i].value), out,
			sizeof(out), &fault) != 0)
			fail_msg("%s: %s: %s", readable[i].why,
			    readable[i].value, fault);
		if (strcmp(out, readable[i].mailboxes) != 0)
			fail_msg("%s: %s: read as %s", readable[i].why,
			    readable[i].value, out);
	}
}

static void
test_what_could_be_read_in_two_ways_is_refused(void **state)
{
	const char *fault;
	char out[256];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(unreadable); i++) {
		if (read_all(unreadable[i].value, strlen(unreadable[i].value),
			out, sizeof(out), &fault) != -1)
			fail_msg("%s: %s: read as %s", unreadable[i].why,
			    unreadable[i].value, out);
		if (strstr(fault, unreadable[i].fault) == NULL)
			fail_msg("%s: %s: %s", unreadable[i].why,
			    unreadable[i].value, fault);
	}
}

static void
test_a_nul_is_refused(void **state)
{
	const char *fault;
	char out[64];

	(void)state;
	assert_int_equal(read_all("a@b.c\0d@e.f", 11, out, 64, &fault), -1);
	assert_int_equal(read_all("\0", 1, out, sizeof(out), &fault), -1);
}

static void
test_names_and_comments_are_handed_out(void **state)
{
	static const struct {
		const char *value;
		const char *name;
		const char *after;
	} rows[] = {
	    {"a@b.c", "", ""},
	    {"\"Ann B\" (x)<a@b.c> (y)", "\"Ann B\" (x)", " (y)"},
	    {"(x) a@b.c (y)", "(x) ", " (y)"},
	    {"(x) \"a\"@b.c", "(x) ", ""},
	    {"<a@b.c>", "", ""},
	};
	struct pt_mailbox_reader reader;
	struct pt_mailbox mailbox;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		pt_mailbox_open(&reader, rows[i].value, strlen(rows[i].value));
		assert_int_equal(pt_mailbox_next(&reader, &mailbox), 1);
		assert_int_equal(mailbox.name_len, strlen(rows[i].name));
		assert_memory_equal(
		    mailbox.name, rows[i].name, mailbox.name_len);
		assert_int_equal(mailbox.after_len, strlen(rows[i].after));
		assert_memory_equal(
		    mailbox.after, rows[i].after, mailbox.after_len);
	}
}

/* Signs that the grammar knows come often, or nothing would ever be read. */
static size_t
make_random(uint64_t *random, char *value, size_t cap)
{
	static const char signs[] = "a.@<>(),:;\"\\ \t\n\r=?[]b1\xc3\xbc";
	size_t len = test_random_below(random, cap);
	size_t i;

	for (i = 0; i < len; i++)
		value[i] =
		    test_random_below(random, 20) == 0
			? (char)test_random_below(random, 256)
			: signs[test_random_below(random, sizeof(signs) - 1)];
	return len;
}

static void
test_any_bytes_give_an_answer_within_their_bounds(void **state)
{
	uint64_t random = 20260101;
	const char *fault;
	char value[40];
	char out[400];
	int round;
	int rc;

	(void)state;
	for (round = 0; round < 200000; round++) {
		size_t len = make_random(&random, value, sizeof(value));

		rc = read_all(value, len, out, sizeof(out), &fault);
		assert_true(rc == 0 || rc == -1);
		assert_int_equal(rc == -1, fault != NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_the_grammar_allows_is_read),
	    cmocka_unit_test(test_what_could_be_read_in_two_ways_is_refused),
	    cmocka_unit_test(test_a_nul_is_refused),
	    cmocka_unit_test(test_names_and_comments_are_handed_out),
	    cmocka_unit_test(test_any_bytes_give_an_answer_within_their_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
