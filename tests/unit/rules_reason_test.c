/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/reason.h"

#include "core/base/text.h"
#include "core/rules/verdict.h"
#include "tests/unit/support/testing.h"

struct reply {
	struct pt_verdict verdict;
	const char *text;
};

static const struct reply replies[] = {
    {{.reason = PT_REASON_QUOTA,
	 .limit = 5,
	 .seconds = 60,
	 .until = TEST_NOW + 61},
	"450 4.7.28 Sending limit reached: 5 messages in 1 minute; try "
	"again after 12:01:01 UTC"},
    {{.reason = PT_REASON_QUOTA,
	 .limit = 1,
	 .seconds = 86400,
	 .until = TEST_NOW + 86401},
	"450 4.7.28 Sending limit reached: 1 message in 1 day; try again "
	"after 2026-11-22 12:00:01 UTC"},
    {{.reason = PT_REASON_QUOTA,
	 .counted = PT_COUNT_BYTES,
	 .limit = (uint64_t)500 << 20,
	 .seconds = 7200,
	 .until = TEST_NOW + 1},
	"450 4.7.28 Sending limit reached: 500M in 2 hours; try again "
	"after 12:00:01 UTC"},
    {{.reason = PT_REASON_QUOTA_NEVER,
	 .counted = PT_COUNT_RECIPIENTS,
	 .amount = 200,
	 .limit = 100,
	 .seconds = 86400},
	"550 5.7.28 Message exceeds the sending limit by itself: 200 "
	"recipients, limit 100 recipients in 1 day; see "
	"https://example.com/help"},
    {{.reason = PT_REASON_RECIPIENTS_PER_MESSAGE, .limit = 30},
	"452 4.5.3 Too many recipients in one message: at most 30; send "
	"to the others in another message"},
    {{.reason = PT_REASON_QUOTA,
	 .limit = 5,
	 .seconds = 60,
	 .until = TEST_NOW + 61,
	 .plan_from = TEST_NOW + 2 * 86400},
	"450 4.7.28 Sending limit reached: 5 messages in 1 minute; try "
	"again after 12:01:01 UTC; your new plan holds from 2026-11-23 "
	"12:00:00 UTC"},
    {{.reason = PT_REASON_PENALTY,
	 .limit = 4,
	 .seconds = 3600,
	 .until = TEST_NOW + 900,
	 .term_until = TEST_NOW + 2 * 86400},
	"450 4.7.28 Very much was sent, so sending is limited to 4 messages "
	"in 1 hour until 2026-11-23 12:00:00 UTC; try again after 12:15:00 "
	"UTC"},
    {{.reason = PT_REASON_CLIENT_ADDRESSES,
	 .limit = 10,
	 .seconds = 3600,
	 .until = TEST_NOW + 900},
	"450 4.7.28 Mail of this account comes from too many places: at most "
	"10 internet addresses in 1 hour; try again after 12:15:00 UTC; if "
	"that was not you, change your password; see "
	"https://example.com/help"},
    {{.reason = PT_REASON_NEW_RECIPIENTS,
	 .counted = PT_COUNT_RECIPIENTS,
	 .limit = 100,
	 .seconds = 86400,
	 .until = TEST_NOW + 86401},
	"450 4.7.28 Too many recipients that you never wrote to before: at "
	"most 100 in 1 day; try again after 2026-11-22 12:00:01 "
	"UTC; see https://example.com/help"},
    {{.reason = PT_REASON_NEW_RECIPIENTS,
	 .counted = PT_COUNT_RECIPIENTS,
	 .limit = 0,
	 .seconds = 86400,
	 .plan_from = TEST_NOW + 60},
	"450 4.7.28 Too many recipients that you never wrote to before: at "
	"most 0 in 1 day; your new plan holds from 12:01:00 UTC; "
	"see https://example.com/help"},
    {{.reason = PT_REASON_MESSAGE_SIZE, .limit = (uint64_t)30 << 20},
	"552 5.3.4 Message is too big: at most 30M"},
    {{.reason = PT_REASON_MESSAGE_SIZE, .limit = 1000},
	"552 5.3.4 Message is too big: at most 1000 bytes"},
    {{.reason = PT_REASON_BLOCKED, .block = PT_BLOCK_CRACKED},
	"550 5.7.13 External access (mail programs) was blocked: somebody "
	"else seems to use your account; change your main password, then "
	"switch it on again in your account's settings; see "
	"https://example.com/help"},
    {{.reason = PT_REASON_ACCESS_OFF, .since = TEST_NOW - 86400},
	"550 5.7.1 External access (mail programs) was switched off at "
	"2026-11-20 12:00:00 UTC; switch it on in your account's settings and "
	"use the new app password; see https://example.com/help"},
    {{.reason = PT_REASON_PROTOCOL_OFF, .protocol = PT_PROTOCOL_SMTP},
	"550 5.7.1 SMTP is not switched on for this account; switch it on in "
	"your account's settings; see https://example.com/help"},
    {{.reason = PT_REASON_SENDER_NOT_OWNED},
	"550 5.7.1 You may not send as <x\\x0Ay@example.com>: it does "
	"not belong to your login; see https://example.com/help"},
    {{.reason = PT_REASON_UNAVAILABLE},
	"451 4.3.0 Temporary problem at the server; try again later"},
    {{.reason = PT_REASON_FROM_MISSING},
	"550 5.7.1 Message has no From header: set your address in the mail "
	"program; see https://example.com/help"},
    {{.reason = PT_REASON_FROM_DUPLICATE},
	"550 5.7.1 Message has more than one Resent-From header: keep one; see "
	"https://example.com/help"},
    {{.reason = PT_REASON_FROM_UNREADABLE},
	"550 5.7.1 Resent-From header cannot be read without doubt: text after "
	"the address; write it as: Your Name <you@example.org>; see "
	"https://example.com/help"},
    {{.reason = PT_REASON_FROM_SEVERAL},
	"550 5.7.1 Resent-From header has more than one address: write only "
	"yours; see https://example.com/help"},
    {{.reason = PT_REASON_FROM_NOT_OWNED},
	"550 5.7.1 You may not send with Resent-From <ceo\\x22@bank.test>: it "
	"does not belong to your login; see https://example.com/help"},
    {{.reason = PT_REASON_FROM_NAME},
	"550 5.7.1 The name in the Resent-From header shows the address "
	"<ceo\\x22@bank.test>, which does not belong to your login: change the "
	"name; see https://example.com/help"},
    {{.reason = PT_REASON_SENDER_UNAVAILABLE},
	"451 4.3.0 Temporary problem at the server: it cannot be checked now "
	"whether this sender address is yours; try again later"},
};

static void
test_replies_read_as_promised(void **state)
{
	const struct pt_reply_facts facts = {
	    .login = "alice@example.com",
	    .sender = "x\ny@example.com",
	    .field = "Resent-From",
	    .address = "ceo\"@bank.test",
	    .detail = "text after the address",
	    .help_url = "https://example.com/help",
	    .now = TEST_NOW,
	};
	char buf[PT_REPLY_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(replies); i++) {
		pt_reason_smtp_reply(
		    &replies[i].verdict, &facts, buf, sizeof(buf));
		assert_string_equal(buf, replies[i].text);
	}
}

/* Mail sessions have no sender and no login that is known for one. */
static void
test_what_is_not_known_is_left_out_of_a_reply(void **state)
{
	const struct pt_reply_facts facts = {.now = TEST_NOW};
	struct pt_verdict verdict;
	char buf[PT_REPLY_MAX];
	unsigned i;

	(void)state;
	for (i = 0; i < PT_REASONS; i++) {
		verdict = (struct pt_verdict){.reason = (enum pt_reason_id)i};
		pt_reason_smtp_reply(&verdict, &facts, buf, sizeof(buf));
		assert_null(strstr(buf, "null"));
		assert_null(strstr(buf, "; see"));
		if (verdict.reason == PT_REASON_SENDER_NOT_OWNED)
			assert_non_null(strstr(buf, "send as <>: "));
		if (verdict.reason == PT_REASON_FROM_NOT_OWNED)
			assert_non_null(strstr(buf, "send with  <>: "));
	}
}

static void
test_every_reason_is_complete(void **state)
{
	const struct pt_reason *reason;
	unsigned i;
	unsigned j;

	(void)state;
	for (i = 0; i < PT_REASONS; i++) {
		reason = pt_reason_get((enum pt_reason_id)i);
		assert_non_null(reason->name);
		assert_non_null(reason->text);
		assert_non_null(reason->meaning);
		assert_int_equal(reason->smtp / 100, reason->status[0] - '0');
		for (j = 0; j < i; j++)
			assert_string_not_equal(reason->name,
			    pt_reason_get((enum pt_reason_id)j)->name);
	}
}

static void
test_unknown_reason_is_a_temporary_problem(void **state)
{
	(void)state;
	assert_string_equal(
	    pt_reason_get((enum pt_reason_id)200)->name, "unavailable");
}

static void
test_reply_is_one_clean_line_whatever_the_sender(void **state)
{
	static const enum pt_reason_id reasons[] = {
	    PT_REASON_SENDER_NOT_OWNED,
	    PT_REASON_FROM_UNREADABLE,
	    PT_REASON_FROM_NOT_OWNED,
	    PT_REASON_FROM_NAME,
	};
	struct pt_reply_facts facts = {.help_url = "", .now = TEST_NOW};
	struct pt_verdict verdict;
	char sender[600];
	char buf[PT_REPLY_MAX];
	uint64_t random = 99;
	size_t i;
	int round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		for (i = 0; i + 1 < sizeof(sender); i++)
			sender[i] = (char)(1 + test_random_below(&random, 255));
		sender[test_random_below(&random, sizeof(sender))] = '\0';
		sender[sizeof(sender) - 1] = '\0';
		facts.sender = sender;
		facts.field = sender;
		facts.address = sender;
		facts.detail = sender;
		verdict = (struct pt_verdict){
		    .reason = reasons[(size_t)round % PT_ARRAY_LEN(reasons)],
		};
		pt_reason_smtp_reply(&verdict, &facts, buf, sizeof(buf));
		assert_true(pt_text_is_utf8(buf, strlen(buf)));
		for (i = 0; buf[i] != '\0'; i++)
			assert_true((unsigned char)buf[i] >= ' ');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_replies_read_as_promised),
	    cmocka_unit_test(test_what_is_not_known_is_left_out_of_a_reply),
	    cmocka_unit_test(test_every_reason_is_complete),
	    cmocka_unit_test(test_unknown_reason_is_a_temporary_problem),
	    cmocka_unit_test(test_reply_is_one_clean_line_whatever_the_sender),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
