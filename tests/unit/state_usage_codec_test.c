/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/usage_codec.h"
#include "tests/unit/support/full_records.h"
#include "tests/unit/support/random_usage.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

#define TIME_MAX (((int64_t)1 << 40) - 1)

static const unsigned char ipv4[16] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
static const unsigned char ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 9};

static void
start(struct pt_usage *usage, const char *text)
{
	struct pt_login login = test_login(text);

	memset(usage, 0xee, sizeof(*usage));
	pt_usage_init(usage, &login);
}

static void
add_entry(struct pt_window_log *log, int64_t at, uint64_t amount)
{
	log->entry[log->count++] = (struct pt_window_entry){at, at, amount};
}

static void
add_use(struct pt_usage *usage, uint32_t password, int64_t at,
    enum pt_protocol protocol, const unsigned char *address)
{
	struct pt_last_use *use = &usage->last_uses[usage->last_use_count++];

	memset(use, 0, sizeof(*use));
	use->password = password;
	use->at = at;
	use->protocol = protocol;
	if (address != NULL)
		memcpy(use->address, address, sizeof(use->address));
}

/* Each section. */
static void
full_usage(struct pt_usage *out)
{
	start(out, "a@b.de");
	add_entry(&out->logins, 0x10000, 1);
	add_entry(&out->logins, 0x10100, 2);
	add_entry(&out->traffic[PT_TRAFFIC_DOWN], 0x10300, 5000);
	add_entry(&out->traffic[PT_TRAFFIC_UP], 0x102ff, 7);
	add_entry(&out->guesses, 0x10000, 1);
	out->guess[0] = 0x01020304;
	out->guess[1] = 0xffffffff;
	out->guess_count = 2;
	out->logins_total = 300;
	out->traffic_total[PT_TRAFFIC_DOWN] = 1;
	out->traffic_total[PT_TRAFFIC_UP] = UINT64_MAX;
	out->last_login_at = 0x10100;
	out->pop3_checked_at = 0x10000;
	out->view = (struct pt_view){0x10300, 0x11223344, 200};
	out->sessions = (struct pt_open_sessions){0xa0b0c0d0, 3};
	add_use(out, 1, 0x10300, PT_PROTOCOL_IMAP, NULL);
	add_use(out, 3, 0x10200, PT_PROTOCOL_POP3, ipv4);
	add_use(out, 303, 0, PT_PROTOCOL_SMTP, ipv6);
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_usage usage;

	(void)state;
	full_usage(&usage);
	record_check_bytes(&usage_format, &usage, FULL_USAGE);
}

static void
an_account_without_use_takes_its_login_and_nine_bytes(void **state)
{
	struct pt_usage usage;

	(void)state;
	start(&usage, "a@b.de");
	record_check_bytes(
	    &usage_format, &usage, "01 0000 0000000000 06 61 40 62 2e 64 65");
}

static void
every_record_comes_back_as_it_was(void **state)
{
	(void)state;
	record_check_random(&usage_format);
}

static void
whatever_the_struct_holds_the_record_can_be_read(void **state)
{
	(void)state;
	record_check_wild(&usage_format);
}

static void
the_largest_record_fits(void **state)
{
	unsigned char bytes[PT_USAGE_BYTES_MAX];
	struct pt_window_log *logs[5];
	struct pt_usage usage;
	int64_t step = TIME_MAX / (PT_WINDOW_LOG_MAX + 1);

	(void)state;
	start(&usage, "a@b.de");
	memset(usage.login.text, 'x', PT_LOGIN_MAX);
	usage.login.text[PT_LOGIN_MAX] = '\0';
	usage.login.text[9] = '@';
	usage.login.at = 9;
	usage.login.len = PT_LOGIN_MAX;
	logs[0] = &usage.logins;
	logs[1] = &usage.traffic[PT_TRAFFIC_DOWN];
	logs[2] = &usage.traffic[PT_TRAFFIC_UP];
	logs[3] = &usage.guesses;
	logs[4] = &usage.refused_logins;
	for (int64_t i = PT_WINDOW_LOG_MAX; i-- > 0;) {
		for (int j = 0; j < 5; j++) {
			add_entry(logs[j], TIME_MAX - 1 - step * i, UINT64_MAX);
			logs[j]->entry[logs[j]->count - 1].since -= step / 2;
		}
	}
	for (uint32_t i = 0; i < PT_PASSWORDS_MAX; i++)
		add_use(&usage, (i + 1) << 27 | (i == 31) * UINT32_MAX, 1,
		    PT_PROTOCOL_SMTP, ipv6);
	usage.logins_total = UINT64_MAX;
	usage.traffic_total[PT_TRAFFIC_DOWN] = UINT64_MAX;
	usage.traffic_total[PT_TRAFFIC_UP] = UINT64_MAX;
	usage.last_login_at = 1;
	usage.pop3_checked_at = TIME_MAX;
	usage.view = (struct pt_view){1, UINT32_MAX, UINT32_MAX};
	usage.sessions = (struct pt_open_sessions){UINT32_MAX, UINT32_MAX};
	usage.guess_count = PT_GUESSES_MAX;
	memset(usage.guess, 0xff, sizeof(usage.guess));
	record_check_round_trip(&usage_format, &usage, "the largest record");
	assert_true(pt_usage_encode(&usage, bytes, sizeof(bytes)) > 4500);
}

static void
refused_logins_stand_behind_all_else(void **state)
{
	struct pt_usage usage;

	(void)state;
	start(&usage, "a@b.de");
	add_entry(&usage.logins, 5, 1);
	add_entry(&usage.refused_logins, 99, 1);
	add_entry(&usage.refused_logins, 100, 2);
	record_check_bytes(&usage_format, &usage,
	    "01 0104 6400000000 06 61 40 62 2e 64 65"
	    "01 be01 02 01 00 02");
}

static void
uses_that_nobody_could_have_noted_are_not_stored(void **state)
{
	unsigned char bytes[PT_USAGE_BYTES_MAX];
	struct pt_usage usage;

	(void)state;
	start(&usage, "a@b.de");
	add_use(&usage, 0, 9, PT_PROTOCOL_IMAP, NULL);
	add_use(&usage, 5, 3, PT_PROTOCOL_IMAP, NULL);
	add_use(&usage, 5, 9, PT_PROTOCOL_IMAP, NULL);
	add_use(&usage, 4, 9, PT_PROTOCOL_IMAP, NULL);
	add_use(&usage, 6, 9, (enum pt_protocol)3, NULL);
	add_use(&usage, 7, 9, (enum pt_protocol)0, NULL);
	record_check_hex(bytes, pt_usage_encode(&usage, bytes, sizeof(bytes)),
	    "01 0002 0300000000 06 61 40 62 2e 64 65 01 05 01 01");
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_usage usage;

	(void)state;
	full_usage(&usage);
	record_check_short_buffer(&usage_format, &usage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(
		an_account_without_use_takes_its_login_and_nine_bytes),
	    cmocka_unit_test(every_record_comes_back_as_it_was),
	    cmocka_unit_test(whatever_the_struct_holds_the_record_can_be_read),
	    cmocka_unit_test(the_largest_record_fits),
	    cmocka_unit_test(refused_logins_stand_behind_all_else),
	    cmocka_unit_test(uses_that_nobody_could_have_noted_are_not_stored),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
