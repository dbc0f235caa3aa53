/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/evidence_codec.h"
#include "tests/unit/support/full_records.h"
#include "tests/unit/support/random_evidence.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

#define TIME_MAX (((int64_t)1 << 40) - 1)

static void
start(struct pt_evidence *evidence, const char *text)
{
	struct pt_login login = test_login(text);

	memset(evidence, 0xee, sizeof(*evidence));
	pt_evidence_init(evidence, &login);
}

static void
add_sent(struct pt_evidence *evidence, uint64_t message, uint64_t recipients,
    unsigned left)
{
	evidence->sent[evidence->sent_count++] =
	    (struct pt_sent){message, recipients, left};
}

static void
add_entry(struct pt_window_log *log, int64_t at, uint64_t amount)
{
	log->entry[log->count++] = (struct pt_window_entry){at, at, amount};
}

/* Each section. */
static void
full_evidence(struct pt_evidence *out)
{
	start(out, "a@b.de");
	add_sent(out, 0x0102030405060708, UINT64_C(1) << 63, 1);
	add_sent(out, UINT64_MAX, 0, 0);
	add_sent(out, 1, UINT64_MAX, 65535);
	add_entry(&out->sent_log, 0x10000, 1);
	add_entry(&out->sent_log, 0x10100, 2);
	add_entry(&out->bounce_log, 0x10300, 50);
	out->bounces_total = 300;
	out->last_bounce_at = 0x10200;
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_evidence evidence;

	(void)state;
	full_evidence(&evidence);
	record_check_bytes(&evidence_format, &evidence, FULL_EVIDENCE);
}

static void
an_account_without_mail_takes_its_login_and_eight_bytes(void **state)
{
	struct pt_evidence evidence;

	(void)state;
	start(&evidence, "a@b.de");
	record_check_bytes(&evidence_format, &evidence,
	    "01 00 0000000000 06 61 40 62 2e 64 65");
}

static void
every_record_comes_back_as_it_was(void **state)
{
	(void)state;
	record_check_random(&evidence_format);
}

static void
whatever_the_struct_holds_the_record_can_be_read(void **state)
{
	(void)state;
	record_check_wild(&evidence_format);
}

static void
a_message_that_nothing_could_name_is_not_stored(void **state)
{
	unsigned char bytes[PT_EVIDENCE_BYTES_MAX];
	struct pt_evidence evidence;

	(void)state;
	start(&evidence, "a@b.de");
	add_sent(&evidence, 0, 1, 1);
	record_check_hex(bytes,
	    pt_evidence_encode(&evidence, bytes, sizeof(bytes)),
	    "01 00 0000000000 06 61 40 62 2e 64 65");
	add_sent(&evidence, 2, 3, 70000);
	add_sent(&evidence, 0, 1, 1);
	record_check_hex(bytes,
	    pt_evidence_encode(&evidence, bytes, sizeof(bytes)),
	    "01 01 0000000000 06 61 40 62 2e 64 65"
	    "01 0200000000000000 0300000000000000 ffff03");
}

/*
 * What LMDB keeps on a page with others: half of what a page of 4096 bytes
 * has for nodes, without the node's head and its key.
 */
#define IN_PAGE_MAX 2022

/* All that a busy account with a window of a day can have. */
static void
the_record_of_a_busy_account_needs_no_page_of_its_own(void **state)
{
	unsigned char bytes[PT_EVIDENCE_BYTES_MAX];
	struct pt_evidence evidence;
	size_t len;

	(void)state;
	start(&evidence, "somebody.with.a.long.name@subdomain.example.com");
	for (unsigned i = 0; i < PT_SENT_MAX; i++)
		add_sent(&evidence, UINT64_MAX - i, UINT64_MAX, 100);
	for (int64_t i = PT_WINDOW_LOG_MAX; i-- > 0;) {
		int64_t at = TEST_NOW - 86400 / PT_WINDOW_LOG_MAX * i;

		add_entry(&evidence.sent_log, at, 1000);
		evidence.sent_log.entry[evidence.sent_log.count - 1].since -=
		    2000;
		add_entry(&evidence.bounce_log, at, 100);
		evidence.bounce_log.entry[evidence.bounce_log.count - 1]
		    .since -= 2000;
	}
	evidence.bounces_total = 100000;
	evidence.last_bounce_at = TEST_NOW;
	len = pt_evidence_encode(&evidence, bytes, sizeof(bytes));
	assert_true(len > 0);
	if (len >= 1600 || len > IN_PAGE_MAX)
		fail_msg("%zu bytes", len);
	record_check_round_trip(&evidence_format, &evidence, "a busy account");
}

static void
the_largest_record_fits(void **state)
{
	unsigned char bytes[PT_EVIDENCE_BYTES_MAX];
	struct pt_evidence evidence;
	int64_t step = TIME_MAX / (PT_WINDOW_LOG_MAX + 1);

	(void)state;
	start(&evidence, "a@b.de");
	memset(evidence.login.text, 'x', PT_LOGIN_MAX);
	evidence.login.text[PT_LOGIN_MAX] = '\0';
	evidence.login.text[9] = '@';
	evidence.login.at = 9;
	evidence.login.len = PT_LOGIN_MAX;
	for (unsigned i = 0; i < PT_SENT_MAX; i++)
		add_sent(&evidence, UINT64_MAX, UINT64_MAX, 65535);
	for (int64_t i = PT_WINDOW_LOG_MAX; i-- > 0;) {
		add_entry(
		    &evidence.sent_log, TIME_MAX - 1 - step * i, UINT64_MAX);
		add_entry(
		    &evidence.bounce_log, TIME_MAX - 1 - step * i, UINT64_MAX);
	}
	for (unsigned i = 0; i < PT_WINDOW_LOG_MAX; i++) {
		evidence.sent_log.entry[i].since -= step / 2;
		evidence.bounce_log.entry[i].since -= step / 2;
	}
	evidence.bounces_total = UINT64_MAX;
	evidence.last_bounce_at = TIME_MAX;
	record_check_round_trip(
	    &evidence_format, &evidence, "the largest record");
	assert_true(pt_evidence_encode(&evidence, bytes, sizeof(bytes)) > 2500);
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_evidence evidence;

	(void)state;
	full_evidence(&evidence);
	record_check_short_buffer(&evidence_format, &evidence);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(
		an_account_without_mail_takes_its_login_and_eight_bytes),
	    cmocka_unit_test(every_record_comes_back_as_it_was),
	    cmocka_unit_test(whatever_the_struct_holds_the_record_can_be_read),
	    cmocka_unit_test(a_message_that_nothing_could_name_is_not_stored),
	    cmocka_unit_test(
		the_record_of_a_busy_account_needs_no_page_of_its_own),
	    cmocka_unit_test(the_largest_record_fits),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
