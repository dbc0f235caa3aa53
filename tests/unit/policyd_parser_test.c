/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/parser.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "policyd/request.h"
#include "tests/unit/support/testing.h"

#define HEAD "request=smtpd_access_policy\nprotocol_state=RCPT\n"

/* A request that is long enough to have something at every place. */
#define WHOLE                                                             \
	HEAD "protocol_name=ESMTP\nclient_address=192.0.2.10\n"           \
	     "client_name=unknown\nhelo_name=[192.0.2.10]\n"              \
	     "sender=alice@example.com\nrecipient=bob@example.org\n"      \
	     "recipient_count=0\nqueue_id=4c8mR\ninstance=1a2b.5f.0\n"    \
	     "size=12345\nstress=\nsasl_method=PLAIN\n"                   \
	     "sasl_username=alice@example.com\nencryption_protocol=TLS\n" \
	     "ccert_subject=a=b=c\n\n"

struct outcome {
	enum pd_parser_state state;
	size_t taken;
	struct pd_record record;
};

static struct outcome
feed(const char *at, size_t len, size_t step)
{
	static struct pd_parser parser;
	struct outcome outcome = {.taken = 0};
	size_t left;

	pd_parser_init(&parser, &pd_request_grammar, &pd_request_limits);
	pd_parser_next(&parser, &outcome.record);
	while (outcome.taken < len && parser.state == PD_PARSER_MORE) {
		left = len - outcome.taken;
		outcome.taken += pd_parser_feed(&parser, &outcome.record,
		    at + outcome.taken, left < step ? left : step);
	}
	outcome.state = parser.state;
	return outcome;
}

static void
assert_same(const struct outcome *a, const struct outcome *b)
{
	size_t len_a;
	size_t len_b;
	unsigned id;

	assert_int_equal(a->state, b->state);
	if (a->state != PD_PARSER_COMPLETE)
		return;
	assert_int_equal(a->taken, b->taken);
	assert_int_equal(a->record.seen, b->record.seen);
	for (id = 0; id < PD_ATTRIBUTES_MAX; id++) {
		if (!pd_record_has(&a->record, id))
			continue;
		(void)pd_record_text(&a->record, id, &len_a);
		(void)pd_record_text(&b->record, id, &len_b);
		assert_int_equal(len_a, len_b);
		assert_string_equal(pd_record_text(&a->record, id, &len_a),
		    pd_record_text(&b->record, id, &len_b));
		assert_true(pd_record_number(&a->record, id) ==
			    pd_record_number(&b->record, id));
		assert_int_equal(pd_record_is_cut(&a->record, id),
		    pd_record_is_cut(&b->record, id));
	}
}

/* Whole, byte by byte, and in pieces of every length. */
static struct outcome
feed_all_ways(const char *at, size_t len)
{
	struct outcome whole = feed(at, len, len);
	struct outcome pieces;
	size_t step;

	for (step = 1; step < len && step < 800; step++) {
		pieces = feed(at, len, step);
		assert_same(&whole, &pieces);
	}
	return whole;
}

static void
test_request_is_the_same_in_pieces_of_any_length(void **state)
{
	struct outcome whole = feed_all_ways(WHOLE, sizeof(WHOLE) - 1);

	(void)state;
	assert_int_equal(whole.state, PD_PARSER_COMPLETE);
	assert_int_equal(whole.taken, sizeof(WHOLE) - 1);
}

static void
test_request_split_at_every_place_is_the_same(void **state)
{
	static struct pd_parser parser;
	struct outcome whole = feed(WHOLE, sizeof(WHOLE) - 1, sizeof(WHOLE));
	struct outcome split = {.state = PD_PARSER_MORE};
	size_t at;

	(void)state;
	for (at = 1; at < sizeof(WHOLE) - 1; at++) {
		pd_parser_init(
		    &parser, &pd_request_grammar, &pd_request_limits);
		pd_parser_next(&parser, &split.record);
		split.taken = pd_parser_feed(&parser, &split.record, WHOLE, at);
		assert_int_equal(split.taken, at);
		assert_int_equal(parser.state, PD_PARSER_MORE);
		assert_true(pd_parser_is_inside(&parser));
		split.taken += pd_parser_feed(
		    &parser, &split.record, &WHOLE[at], sizeof(WHOLE) - 1 - at);
		split.state = parser.state;
		assert_same(&whole, &split);
	}
}

static void
test_hostile_requests_are_garbage_in_any_pieces(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t len; /* 0: as long as the string */
		enum pd_parser_state want;
	} cases[] = {
	    {"nothing at all", "\n", 0, PD_PARSER_GARBAGE},
	    {"no request", "protocol_state=RCPT\n\n", 0, PD_PARSER_GARBAGE},
	    {"no state", "request=smtpd_access_policy\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"another request", "request=junk\nprotocol_state=RCPT\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"empty request", "request=\nprotocol_state=RCPT\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"word 0 of the table", "request=none\nprotocol_state=RCPT\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"no sign", HEAD "nonsense\n\n", 0, PD_PARSER_GARBAGE},
	    {"no sign, from the web", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0,
		PD_PARSER_GARBAGE},
	    {"line ends of CR LF", "request=smtpd_access_policy\r\n\r\n", 0,
		PD_PARSER_GARBAGE},
	    {"CR in an empty line", HEAD "\r\n", 0, PD_PARSER_GARBAGE},
	    {"NUL in a login", HEAD "sasl_username=a\0b\n\n", 67,
		PD_PARSER_GARBAGE},
	    {"tab in a sender", HEAD "sender=a\tb@example.com\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"DEL at the end of a queue id", HEAD "queue_id=4c8mR12345\177\n\n",
		0, PD_PARSER_GARBAGE},
	    {"control in a short value", HEAD "size=\001\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"control in what is not wanted", HEAD "helo_name=a\001b\n\n", 0,
		PD_PARSER_COMPLETE},
	    {"8-bit in a login", HEAD "sasl_username=\303\251\377\n\n", 0,
		PD_PARSER_COMPLETE},
	    {"twice", HEAD "size=1\nsize=1\n\n", 0, PD_PARSER_GARBAGE},
	    {"twice, not wanted", HEAD "stress=\nstress=\n\n", 0,
		PD_PARSER_COMPLETE},
	    {"login twice", HEAD "sasl_username=a\nsasl_username=b\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"number empty", HEAD "size=\n\n", 0, PD_PARSER_GARBAGE},
	    {"number negative", HEAD "size=-1\n\n", 0, PD_PARSER_GARBAGE},
	    {"number with a blank", HEAD "size= 1\n\n", 0, PD_PARSER_GARBAGE},
	    {"number hexadecimal", HEAD "recipient_count=0x1\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"largest number", HEAD "size=9223372036854775807\n\n", 0,
		PD_PARSER_COMPLETE},
	    {"number too large", HEAD "size=9223372036854775808\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"number far too large", HEAD "size=99999999999999999999\n\n", 0,
		PD_PARSER_GARBAGE},
	    {"empty name", HEAD "=x\n\n", 0, PD_PARSER_COMPLETE},
	    {"unknown state",
		"request=smtpd_access_policy\n"
		"protocol_state=DANCE\n\n",
		0, PD_PARSER_COMPLETE},
	    {"end missing", HEAD, 0, PD_PARSER_MORE},
	};
	struct outcome got;
	size_t len;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		len = cases[i].len > 0 ? cases[i].len : strlen(cases[i].bytes);
		got = feed_all_ways(cases[i].bytes, len);
		if (got.state != cases[i].want)
			fail_msg("%s: state %d, want %d", cases[i].name,
			    (int)got.state, (int)cases[i].want);
	}
}

/* HEAD, then name=vvv... of len bytes in all, then the rest. */
static struct outcome
feed_long(const char *name, char value, size_t len, const char *rest)
{
	size_t head = strlen(HEAD);
	size_t tail = strlen(rest);
	char *bytes = malloc(head + len + tail);
	struct outcome got;

	assert_non_null(bytes);
	memcpy(bytes, HEAD, head);
	memset(bytes + head, value, len);
	memcpy(bytes + head, name, strlen(name));
	memcpy(bytes + head + len, rest, tail);
	got = feed_all_ways(bytes, head + len + tail);
	free(bytes);
	return got;
}

static void
test_lines_are_bounded(void **state)
{
	size_t max = pd_request_limits.line_bytes;
	struct outcome got;

	(void)state;
	got = feed_long("ccert_subject=", 'x', max, "\n\n");
	assert_int_equal(got.state, PD_PARSER_COMPLETE);
	got = feed_long("ccert_subject=", 'x', max + 1, "\n\n");
	assert_int_equal(got.state, PD_PARSER_GARBAGE);
	/* Nobody waits for the end of a line that is too long already. */
	got = feed_long("ccert_subject=", 'x', max + 1, "");
	assert_int_equal(got.state, PD_PARSER_GARBAGE);
}

static void
test_names_are_bounded(void **state)
{
	struct outcome got;

	(void)state;
	got = feed_long("x", 'x', 64, "=1\n\n");
	assert_int_equal(got.state, PD_PARSER_COMPLETE);
	got = feed_long("x", 'x', 65, "=1\n\n");
	assert_int_equal(got.state, PD_PARSER_GARBAGE);
}

static void
test_request_is_bounded_in_bytes_and_attributes(void **state)
{
	static struct pd_parser parser;
	static struct pd_record record;
	char line[1025];
	unsigned lines;

	(void)state;
	memset(line, 'x', sizeof(line));
	line[1] = '=';
	line[1023] = '\n';
	pd_parser_init(&parser, &pd_request_grammar, &pd_request_limits);
	pd_parser_next(&parser, &record);
	for (lines = 0; parser.state == PD_PARSER_MORE && lines < 100; lines++)
		(void)pd_parser_feed(&parser, &record, line, 1024);
	assert_int_equal(parser.state, PD_PARSER_GARBAGE);
	assert_int_equal(lines, pd_request_limits.bytes / 1024 + 1);

	pd_parser_next(&parser, &record);
	for (lines = 0; parser.state == PD_PARSER_MORE && lines < 500; lines++)
		(void)pd_parser_feed(&parser, &record, "a=b\n", 4);
	assert_int_equal(parser.state, PD_PARSER_GARBAGE);
	assert_int_equal(lines, pd_request_limits.attributes + 1);
}

static void
test_values_that_are_too_long(void **state)
{
	static const struct {
		const char *name;
		size_t longest;
		enum pd_parser_state want; /* of one byte more */
	} cases[] = {
	    {"sasl_username=", 320, PD_PARSER_COMPLETE},
	    {"sender=", 320, PD_PARSER_COMPLETE},
	    {"queue_id=", 64, PD_PARSER_GARBAGE},
	    {"instance=", 96, PD_PARSER_GARBAGE},
	    {"client_address=", 64, PD_PARSER_GARBAGE},
	    {"recipient=", 320, PD_PARSER_COMPLETE},
	    {"encryption_protocol=", 320, PD_PARSER_COMPLETE},
	};
	struct outcome got;
	size_t name;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		name = strlen(cases[i].name);
		got = feed_long(
		    cases[i].name, 'v', name + cases[i].longest, "\n\n");
		assert_int_equal(got.state, PD_PARSER_COMPLETE);
		got = feed_long(
		    cases[i].name, 'v', name + cases[i].longest + 1, "\n\n");
		assert_int_equal(got.state, cases[i].want);
	}
	/* What is not kept is looked at all the same. */
	got = feed_long("sasl_username=", 'v', 2000, "\001\n\n");
	assert_int_equal(got.state, PD_PARSER_GARBAGE);
	got = feed_long("recipient=", 'v', 2000, "\001\n\n");
	assert_int_equal(got.state, PD_PARSER_GARBAGE);
}

static void
test_garbage_is_latched(void **state)
{
	static struct pd_parser parser;
	static struct pd_record record;

	(void)state;
	pd_parser_init(&parser, &pd_request_grammar, &pd_request_limits);
	pd_parser_next(&parser, &record);
	(void)pd_parser_feed(&parser, &record, "nonsense\n", 9);
	assert_int_equal(parser.state, PD_PARSER_GARBAGE);
	assert_non_null(parser.why);
	assert_int_equal(
	    pd_parser_feed(&parser, &record, WHOLE, sizeof(WHOLE) - 1), 0);
	assert_int_equal(parser.state, PD_PARSER_GARBAGE);
}

static void
test_what_follows_a_request_is_not_taken(void **state)
{
	static struct pd_parser parser;
	static struct pd_record record;

	(void)state;
	pd_parser_init(&parser, &pd_request_grammar, &pd_request_limits);
	pd_parser_next(&parser, &record);
	assert_int_equal(pd_parser_feed(&parser, &record, WHOLE HEAD,
			     sizeof(WHOLE HEAD) - 1),
	    sizeof(WHOLE) - 1);
	assert_int_equal(parser.state, PD_PARSER_COMPLETE);
}

static void
test_hash_depends_on_all_bytes_and_the_length(void **state)
{
	char text[] = "a-somewhat-longer-recipient@example.org";
	uint64_t before = pd_record_hash(text, sizeof(text) - 1);
	size_t i;

	(void)state;
	assert_true(pd_record_hash("", 0) != pd_record_hash("\0", 1));
	assert_true(pd_record_hash(text, 8) != pd_record_hash(text, 9));
	for (i = 0; i < sizeof(text) - 1; i++) {
		text[i] ^= 1;
		assert_true(pd_record_hash(text, sizeof(text) - 1) != before);
		text[i] ^= 1;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_request_is_the_same_in_pieces_of_any_length),
	    cmocka_unit_test(test_request_split_at_every_place_is_the_same),
	    cmocka_unit_test(test_hostile_requests_are_garbage_in_any_pieces),
	    cmocka_unit_test(test_lines_are_bounded),
	    cmocka_unit_test(test_names_are_bounded),
	    cmocka_unit_test(test_request_is_bounded_in_bytes_and_attributes),
	    cmocka_unit_test(test_values_that_are_too_long),
	    cmocka_unit_test(test_garbage_is_latched),
	    cmocka_unit_test(test_what_follows_a_request_is_not_taken),
	    cmocka_unit_test(test_hash_depends_on_all_bytes_and_the_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
