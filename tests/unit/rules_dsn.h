/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the tests of the report reader share: messages, and reading them. */
#ifndef PT_TESTS_RULES_DSN_H
#define PT_TESTS_RULES_DSN_H

#include "core/rules/dsn.h"

#include "tests/unit/support/testing.h"

#define MESSAGE_MAX 16384

/* The fields up to the first empty line; returns where the body begins. */
static inline size_t
add_header(struct pt_dsn *dsn, const char *at, size_t len)
{
	const char *colon;
	size_t from = 0;
	size_t to;

	while (from < len && at[from] != '\n' && at[from] != '\r') {
		to = from;
		do {
			while (at[to] != '\n')
				to++;
			to++;
		} while (to < len && (at[to] == ' ' || at[to] == '\t'));
		colon = memchr(at + from, ':', to - from);
		assert_non_null(colon);
		pt_dsn_add_field(dsn, at + from, (size_t)(colon - at) - from,
		    colon + 1, to - (size_t)(colon - at) - 2);
		from = to;
	}
	while (from < len && at[from] != '\n')
		from++;
	return from + 1;
}

/* The body in pieces of that size; the first may be shorter. */
static inline void
read_message(
    struct pt_dsn *dsn, const char *at, size_t len, size_t first, size_t piece)
{
	size_t from;
	size_t n;
	bool more = true;

	pt_dsn_init(dsn);
	from = add_header(dsn, at, len);
	for (n = first; from < len && more; n = piece) {
		if (n > len - from)
			n = len - from;
		more = pt_dsn_add_body(dsn, at + from, n);
		from += n;
	}
	pt_dsn_finish(dsn);
}

static inline void
read_text(struct pt_dsn *dsn, const char *text)
{
	read_message(dsn, text, strlen(text), MESSAGE_MAX, MESSAGE_MAX);
}

static inline void
assert_address(const struct pt_login *got, const char *want)
{
	if (want == NULL)
		assert_int_equal(got->len, 0);
	else
		assert_string_equal(got->text, want);
}

/* What stands around the fields of interest in tables. */
#define BEGIN                                                           \
	"Content-Type: multipart/report; report-type=delivery-status; " \
	"boundary=b\n\n--b\n\ntext\n"
#define STATUS "--b\nContent-Type: message/delivery-status\n\n"
#define BLOCK                                        \
	"Reporting-MTA: dns; mx.example.net\n\n"     \
	"Final-Recipient: rfc822; bob@example.net\n" \
	"Action: failed\nStatus: 5.1.1\n\n"
#define RETURNED "--b\nContent-Type: message/rfc822\n\n"
#define HEADER   "Message-ID: <one@example.com>\nSubject: x\n\n"
#define END      "body\n--b--\n"

#endif
