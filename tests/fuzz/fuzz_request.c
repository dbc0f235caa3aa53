/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Policy requests, as a connection would take them: one after the other, to
 * the first garbage.  Read in pieces they must be the same as read whole, and
 * an answer must be one line, whatever the request was.  The first byte of the
 * input says how long the pieces are.
 */
#include <string.h>

#include "policyd/decide.h"
#include "policyd/request.h"
#include "policyd/transaction.h"
#include "tests/fuzz/fuzz.h"

static size_t
feed_in_pieces(struct pd_parser *parser, struct pd_record *record,
    const char *at, size_t len, unsigned seed)
{
	size_t taken = 0;
	size_t piece;

	while (taken < len && parser->state == PD_PARSER_MORE) {
		seed = seed * 1103515245U + 12345U;
		piece = 1 + (seed >> 16) % (1 + (seed & 63));
		if (piece > len - taken)
			piece = len - taken;
		taken += pd_parser_feed(parser, record, at + taken, piece);
	}
	return taken;
}

static void
check_same(const struct pd_record *a, const struct pd_record *b)
{
	const char *text_a;
	const char *text_b;
	size_t len_a;
	size_t len_b;
	unsigned id;

	fuzz_check(a->seen == b->seen, "the same attributes");
	for (id = 0; id < PD_ATTRIBUTES_MAX; id++) {
		text_a = pd_record_text(a, id, &len_a);
		text_b = pd_record_text(b, id, &len_b);
		fuzz_check(len_a == len_b, "texts of the same length");
		fuzz_check(memcmp(text_a, text_b, len_a) == 0, "same texts");
		fuzz_check(text_a[len_a] == '\0', "texts have an end");
		fuzz_check(pd_record_number(a, id) == pd_record_number(b, id),
		    "the same numbers");
		fuzz_check(pd_record_is_cut(a, id) == pd_record_is_cut(b, id),
		    "cut alike");
	}
}

static void
check_answer(const struct pd_case *c)
{
	char answer[PD_ANSWER_MAX];
	size_t len = pd_decide_answer(c, answer);

	fuzz_check(len > 2 && len < sizeof(answer), "it fits");
	fuzz_check(strlen(answer) == len, "no NUL in it");
	fuzz_check(strchr(answer, '\n') == answer + len - 2, "one line");
	fuzz_check(answer[len - 1] == '\n', "an empty line at the end");
	fuzz_check(strchr(answer, '\r') == NULL, "no CR in it");
}

/* The answer is the one that quotes the most of what the client sent. */
static void
decide(const struct pd_record *record, struct pd_transaction *transaction)
{
	static const struct pt_config config = {
	    .mode = PT_MODE_ENFORCE,
	    .default_domain = "example.com",
	};
	static const unsigned char key[PT_STRANGERS_KEY_BYTES];
	static struct pd_case c;
	struct pd_named *named;
	bool left;

	if (pd_decide_is_free(record))
		return;
	if (pd_decide_begin(&c, record, &config, 1795262400, 1)) {
		c.message.recipients =
		    pd_transaction_note(transaction, &c.request, &left);
		fuzz_check(c.message.recipients > 0, "there is a recipient");
		c.verdict = (struct pt_verdict){
		    .code = PT_VERDICT_REFUSE,
		    .reason = PT_REASON_SENDER_NOT_OWNED,
		};
		pd_transaction_name(transaction, &c.request, key, &c.message);
		pd_transaction_want(
		    transaction, &c.request, true, c.request.size % 2 == 0, 1);
		named = transaction->named;
		fuzz_check(named == NULL || named->count + named->further <=
						transaction->recipients,
		    "as many named as there are");
	}
	check_answer(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pd_parser whole;
	struct pd_parser pieces;
	struct pd_record record;
	struct pd_record other;
	struct pd_transaction transaction;
	const char *at = (const char *)data + 1;
	size_t n;
	size_t m;

	if (size == 0)
		return 0;
	size--;
	pd_transaction_init(&transaction);
	pd_parser_init(&whole, &pd_request_grammar, &pd_request_limits);
	pd_parser_init(&pieces, &pd_request_grammar, &pd_request_limits);
	do {
		pd_parser_next(&whole, &record);
		pd_parser_next(&pieces, &other);
		n = pd_parser_feed(&whole, &record, at, size);
		m = feed_in_pieces(&pieces, &other, at, size, data[0]);
		fuzz_check(whole.state == pieces.state, "the same state");
		fuzz_check(n == m || whole.state == PD_PARSER_GARBAGE,
		    "as many bytes taken");
		fuzz_check(
		    (whole.why != NULL) == (whole.state == PD_PARSER_GARBAGE),
		    "garbage says why");
		if (whole.state != PD_PARSER_COMPLETE)
			break;
		check_same(&record, &other);
		decide(&record, &transaction);
		at += n;
		size -= n;
	} while (size > 0);
	pd_transaction_clear(&transaction);
	return 0;
}
