/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Any bytes as a message that may be a report of delivery.  Read in pieces it
 * must say the same as read whole, with CRLF the same as with LF, and what it
 * says must be in bounds.  The first byte of the input says how long the
 * pieces are.
 */
#include <string.h>

#include "core/base/text.h"
#include "core/rules/dsn.h"
#include "tests/fuzz/fuzz.h"

/* Fields up to the first empty line; returns where the body begins. */
static size_t
add_header(struct pt_dsn *dsn, const char *at, size_t len)
{
	size_t from = 0;
	size_t to;
	const char *colon;

	while (from < len && at[from] != '\n') {
		to = from;
		do {
			while (to < len && at[to] != '\n')
				to++;
			to += to < len;
		} while (to < len && (at[to] == ' ' || at[to] == '\t'));
		colon = memchr(at + from, ':', to - from);
		if (colon != NULL)
			pt_dsn_add_field(dsn, at + from,
			    (size_t)(colon - at) - from, colon + 1,
			    to - (size_t)(colon - at) - 1);
		from = to;
	}
	return from < len ? from + 1 : len;
}

static void
add_in_pieces(struct pt_dsn *dsn, const char *at, size_t len, unsigned seed)
{
	bool more = true;
	size_t piece;

	while (len > 0 && more) {
		seed = seed * 1103515245U + 12345U;
		piece = 1 + (seed >> 16) % (1 + (seed & 63));
		if (piece > len)
			piece = len;
		more = pt_dsn_add_body(dsn, at, piece);
		at += piece;
		len -= piece;
	}
}

static void
add_with_crlf(struct pt_dsn *dsn, const char *at, size_t len)
{
	const char *newline;
	bool more = true;
	size_t n;

	while (len > 0 && more) {
		newline = memchr(at, '\n', len);
		n = newline == NULL ? len : (size_t)(newline - at);
		more = pt_dsn_add_body(dsn, at, n);
		if (newline == NULL)
			return;
		more = more && pt_dsn_add_body(dsn, "\r\n", 2);
		at += n + 1;
		len -= n + 1;
	}
}

static void
check_login(const struct pt_login *login)
{
	struct pt_login again;
	struct pt_err err;

	if (login->len == 0)
		return;
	fuzz_check(
	    pt_login_parse(login->text, login->len, NULL, &again, &err) == 0 &&
		pt_login_equal(login, &again),
	    "an address is an address");
}

static void
check_bounds(const struct pt_dsn *dsn)
{
	unsigned i;

	fuzz_check(dsn->count <= PT_DSN_RECIPIENTS_MAX, "room for recipients");
	fuzz_check(dsn->is_report == (dsn->count > 0), "failures are reported");
	fuzz_check(dsn->message_id_len <= PT_DSN_ID_MAX, "room for the id");
	fuzz_check(dsn->message_id[dsn->message_id_len] == '\0', "its end");
	fuzz_check(
	    strlen(dsn->reporting_mta) <= PT_DSN_HOST_MAX &&
		pt_text_is_utf8(dsn->reporting_mta, strlen(dsn->reporting_mta)),
	    "a host that can be shown");
	for (i = 0; i < dsn->count; i++) {
		fuzz_check(dsn->recipients[i].original.len > 0 ||
			       dsn->recipients[i].final.len > 0,
		    "a recipient has an address");
		check_login(&dsn->recipients[i].original);
		check_login(&dsn->recipients[i].final);
	}
}

static void
check_same(const struct pt_dsn *a, const struct pt_dsn *b)
{
	unsigned i;

	fuzz_check(a->is_report == b->is_report &&
		       a->from_a_list == b->from_a_list && a->count == b->count,
	    "the same report");
	fuzz_check(
	    strcmp(a->reporting_mta, b->reporting_mta) == 0 &&
		a->message_id_len == b->message_id_len &&
		memcmp(a->message_id, b->message_id, a->message_id_len) == 0,
	    "the same mail");
	for (i = 0; i < a->count; i++)
		fuzz_check(pt_login_equal(&a->recipients[i].original,
			       &b->recipients[i].original) &&
			       pt_login_equal(&a->recipients[i].final,
				   &b->recipients[i].final),
		    "the same recipients");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pt_dsn whole;
	static struct pt_dsn other;
	const char *at = (const char *)data + 1;
	size_t body;

	if (size == 0)
		return 0;
	size--;
	pt_dsn_init(&whole);
	body = add_header(&whole, at, size);
	(void)pt_dsn_add_body(&whole, at + body, size - body);
	pt_dsn_finish(&whole);
	check_bounds(&whole);

	pt_dsn_init(&other);
	(void)add_header(&other, at, size);
	add_in_pieces(&other, at + body, size - body, data[0]);
	pt_dsn_finish(&other);
	check_same(&whole, &other);

	/* A line that just fits is too long with a CR. */
	pt_dsn_init(&other);
	(void)add_header(&other, at, size);
	add_with_crlf(&other, at + body, size - body);
	pt_dsn_finish(&other);
	check_bounds(&other);
	if (memchr(at, '\r', size) == NULL && size < PT_DSN_LINE_MAX)
		check_same(&whole, &other);
	return 0;
}
