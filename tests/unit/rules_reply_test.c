/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What mail programs are told at login and when a session ends. */

#include "core/base/text.h"
#include "core/rules/reason.h"
#include "core/rules/verdict.h"
#include "tests/unit/support/testing.h"

static const struct pt_reply_facts facts = {
    .login = "ann@example.com",
    .sender = "",
    .field = "Sender",
    .address = "bob@example.com",
    .detail = "text after the address",
    .help_url = "https://example.com/help",
    .now = TEST_NOW,
};

#define SEE "; see https://example.com/help"

static const struct {
	struct pt_verdict verdict;
	const char *imap; /* codes */
	const char *pop3;
	const char *text;
} replies[] = {
    {{.reason = PT_REASON_PASSWORD}, "AUTHENTICATIONFAILED", "AUTH",
	"Wrong login or password; mail programs need an app password" SEE},
    {{.reason = PT_REASON_ACCESS_OFF}, "AUTHORIZATIONFAILED", "SYS/PERM",
	"External access (mail programs) was switched off; switch it on in "
	"your account's settings and use the new app password" SEE},
    {{.reason = PT_REASON_PASSWORD_REVOKED,
	 .since = TEST_NOW - 1,
	 .ending = PT_ENDING_REVOKED},
	"EXPIRED", "AUTH",
	"This app password ended at 11:59:59 UTC; use a newer one, or make "
	"one in your account's settings" SEE},
    {{.reason = PT_REASON_PASSWORD_REVOKED,
	 .since = TEST_NOW - 1,
	 .ending = PT_ENDING_DISABLED},
	"EXPIRED", "AUTH",
	"This app password ended at 11:59:59 UTC, when external access was "
	"switched off; use a newer one, or make one in your account's "
	"settings" SEE},
    {{.reason = PT_REASON_PASSWORD_REVOKED, .ending = PT_ENDING_BLOCKED},
	"EXPIRED", "AUTH",
	"This app password ended, when external access was blocked; use a "
	"newer one, or make one in your account's settings" SEE},
    {{.reason = PT_REASON_PASSWORD_CHANGED, .since = TEST_NOW}, "EXPIRED",
	"AUTH",
	"Your main password was changed at 12:00:00 UTC, which ended this app "
	"password; make a new one in your account's settings" SEE},
    {{.reason = PT_REASON_PASSWORD_EXPIRED, .since = TEST_NOW - 86400},
	"EXPIRED", "AUTH",
	"This app password expired at 2026-11-20 12:00:00 UTC; make a new one "
	"in your account's settings" SEE},
    {{.reason = PT_REASON_NOT_YET_ACTIVE, .until = TEST_NOW + 900},
	"UNAVAILABLE", "SYS/TEMP",
	"External access (mail programs) was just switched on and begins at "
	"12:15:00 UTC; try again then"},
    {{.reason = PT_REASON_PROTOCOL_PLAN, .protocol = PT_PROTOCOL_IMAP},
	"AUTHORIZATIONFAILED", "SYS/PERM",
	"IMAP is not part of this account's plan" SEE},
    {{.reason = PT_REASON_PROTOCOL_PLAN,
	 .protocol = PT_PROTOCOL_IMAP,
	 .plan_from = TEST_NOW + 900},
	"AUTHORIZATIONFAILED", "SYS/PERM",
	"IMAP is not part of this account's plan; your new plan holds from "
	"12:15:00 UTC" SEE},
    {{.reason = PT_REASON_PROTOCOL_OFF, .protocol = PT_PROTOCOL_POP3},
	"AUTHORIZATIONFAILED", "SYS/PERM",
	"POP3 is not switched on for this account; switch it on in your "
	"account's settings" SEE},
    {{.reason = PT_REASON_PROTOCOL_PASSWORD, .protocol = PT_PROTOCOL_SMTP},
	"AUTHORIZATIONFAILED", "AUTH",
	"This app password is not for SMTP; use another one, or make one in "
	"your account's settings" SEE},
    {{.reason = PT_REASON_NETWORK}, "AUTHORIZATIONFAILED", "AUTH",
	"This app password may not be used from this network; use another "
	"one, or make one in your account's settings" SEE},
    {{.reason = PT_REASON_LOGINS,
	 .limit = 60,
	 .seconds = 3600,
	 .until = TEST_NOW + 5},
	"LIMIT", "LOGIN-DELAY",
	"Too many logins: at most 60 in 1 hour; try again after 12:00:05 UTC"},
    {{.reason = PT_REASON_LOGINS, .limit = 0, .seconds = 60}, "LIMIT",
	"LOGIN-DELAY", "Too many logins: at most 0 in 1 minute"},
    {{.reason = PT_REASON_SESSIONS, .limit = 15}, "LIMIT", "IN-USE",
	"Too many open sessions: at most 15; close another mail program of "
	"this account and try again"},
    {{.reason = PT_REASON_TRAFFIC,
	 .traffic = PT_TRAFFIC_DOWN,
	 .counted = PT_COUNT_BYTES,
	 .limit = (uint64_t)2500 << 20,
	 .seconds = 86400,
	 .until = TEST_NOW + 60},
	"LIMIT", "SYS/TEMP",
	"Download limit reached: 2500M in 1 day; try again after 12:01:00 "
	"UTC"},
    {{.reason = PT_REASON_TRAFFIC,
	 .traffic = PT_TRAFFIC_UP,
	 .counted = PT_COUNT_BYTES,
	 .limit = 1,
	 .seconds = 86400},
	"LIMIT", "SYS/TEMP", "Upload limit reached: 1 bytes in 1 day"},
    {{.reason = PT_REASON_MAIL_CHECK, .until = TEST_NOW + 243}, "LIMIT",
	"LOGIN-DELAY", "Next mail check in 243 seconds (at 12:04:03 UTC)"},
    {{.reason = PT_REASON_MAIL_CHECK, .until = TEST_NOW + 1}, "LIMIT",
	"LOGIN-DELAY", "Next mail check in 1 second (at 12:00:01 UTC)"},
    {{.reason = PT_REASON_BLOCKED,
	 .block = PT_BLOCK_QUOTA,
	 .since = TEST_NOW - 60},
	"AUTHORIZATIONFAILED", "SYS/PERM",
	"External access (mail programs) was blocked at 11:59:00 UTC: too "
	"much mail beyond the sending limit; switch it on again in your "
	"account's settings" SEE},
    {{.reason = PT_REASON_BLOCKED, .block = PT_BLOCK_CONNECTIONS},
	"AUTHORIZATIONFAILED", "SYS/PERM",
	"External access (mail programs) was blocked: far too many logins by a "
	"mail program; switch it on again in your account's settings" SEE},
    {{.reason = PT_REASON_BLOCKED, .block = PT_BLOCK_UNUSED},
	"AUTHORIZATIONFAILED", "SYS/PERM",
	"External access (mail programs) was blocked: it was not used for a "
	"long time; switch it on again in your account's settings" SEE},
    {{.reason = PT_REASON_BLOCKED, .block = PT_BLOCK_INACTIVE},
	"AUTHORIZATIONFAILED", "SYS/PERM",
	"External access (mail programs) was blocked: the account was not "
	"active; switch it on again in your account's settings" SEE},
    {{.reason = PT_REASON_BLOCKED, .block = PT_BLOCK_ADMIN}, "CONTACTADMIN",
	"SYS/PERM",
	"External access (mail programs) was blocked: contact your mail "
	"provider" SEE},
    {{.reason = PT_REASON_BLOCKED, .block = PT_BLOCK_ABUSE}, "CONTACTADMIN",
	"SYS/PERM",
	"External access (mail programs) was blocked: the account was abused; "
	"contact your mail provider" SEE},
    {{.reason = PT_REASON_INACTIVE}, "CONTACTADMIN", "SYS/PERM",
	"This account is not active; contact your mail provider" SEE},
    {{.reason = PT_REASON_TLS_REQUIRED}, "PRIVACYREQUIRED", "SYS/PERM",
	"Encryption is required: switch on STARTTLS or TLS in your mail "
	"program"},
    {{.reason = PT_REASON_UNAVAILABLE}, "UNAVAILABLE", "SYS/TEMP",
	"Temporary problem at the server; try again later"},
    /* Those that only a message meets. */
    {{.reason = PT_REASON_FROM_MISSING}, "AUTHORIZATIONFAILED", "SYS/PERM",
	"Message has no From header: set your address in the mail program" SEE},
    {{.reason = PT_REASON_FROM_NOT_OWNED}, "AUTHORIZATIONFAILED", "SYS/PERM",
	"You may not send with Sender <bob@example.com>: it does not belong to "
	"your login" SEE},
    {{.reason = PT_REASON_SENDER_UNAVAILABLE}, "UNAVAILABLE", "SYS/TEMP",
	"Temporary problem at the server: it cannot be checked now whether "
	"this sender address is yours; try again later"},
    {{.reason = PT_REASON_MESSAGE_SIZE, .limit = 9}, "AUTHORIZATIONFAILED",
	"SYS/PERM", "Message is too big: at most 9 bytes"},
    {{.reason = PT_REASON_RECIPIENTS_PER_MESSAGE, .limit = 9}, "UNAVAILABLE",
	"SYS/TEMP",
	"Too many recipients in one message: at most 9; send to the others in "
	"another message"},
};

static void
check(size_t i, enum pt_protocol protocol, const char *code)
{
	char expected[PT_REPLY_MAX];
	char buf[PT_REPLY_MAX];

	(void)snprintf(expected, sizeof(expected), "%s%s%s%s",
	    code == NULL ? "" : "[", code == NULL ? "" : code,
	    code == NULL ? "" : "] ", replies[i].text);
	pt_reason_login_reply(
	    &replies[i].verdict, &facts, protocol, buf, sizeof(buf));
	assert_string_equal(buf, expected);
}

static void
test_each_protocol_is_told_in_its_own_way(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(replies); i++) {
		check(i, PT_PROTOCOL_IMAP, replies[i].imap);
		check(i, PT_PROTOCOL_POP3, replies[i].pop3);
		check(i, PT_PROTOCOL_SMTP, NULL);
	}
}

/* Dovecot passes on what starts with '[' as it is, and Postfix nothing. */
static void
check_any(const struct pt_verdict *verdict, const struct pt_reply_facts *f,
    enum pt_protocol protocol)
{
	char buf[PT_REPLY_MAX];
	size_t len;
	size_t i;

	pt_reason_login_reply(verdict, f, protocol, buf, sizeof(buf));
	len = strlen(buf);
	assert_int_equal(buf[0] == '[', protocol != PT_PROTOCOL_SMTP);
	/* With "-ERR " and the end of line: RFC 2449. */
	assert_true(len + 7 <= 512);
	assert_true(len > 0 && pt_text_is_utf8(buf, len));
	assert_null(strpbrk(buf, "{}"));
	for (i = 0; i < len; i++)
		assert_true((unsigned char)buf[i] >= ' ');
}

static void
test_any_verdict_makes_one_clean_short_line(void **state)
{
	char url[256];
	struct pt_reply_facts f = facts;
	struct pt_verdict verdict;
	uint64_t random = 4711;
	unsigned i;
	int round;

	(void)state;
	memset(url, 'u', sizeof(url) - 1);
	url[sizeof(url) - 1] = '\0';
	for (round = 0; round < 200; round++) {
		f.help_url = round % 3 == 0 ? url : round % 3 == 1 ? "" : NULL;
		for (i = 0; i < PT_REASONS; i++) {
			memset(&verdict, 0, sizeof(verdict));
			verdict.reason = (enum pt_reason_id)i;
			verdict.limit = test_random(&random);
			verdict.amount = test_random(&random);
			verdict.seconds =
			    (int64_t)test_random_below(&random, 1U << 30);
			verdict.until = (int64_t)test_random_below(
			    &random, (uint64_t)1 << 40);
			verdict.since = (int64_t)test_random_below(
			    &random, (uint64_t)1 << 40);
			verdict.block =
			    (enum pt_block_reason)test_random_below(&random, 9);
			verdict.ending =
			    (enum pt_ending)test_random_below(&random, 6);
			verdict.protocol =
			    (enum pt_protocol)test_random_below(&random, 6);
			check_any(&verdict, &f, PT_PROTOCOL_IMAP);
			check_any(&verdict, &f, PT_PROTOCOL_POP3);
			check_any(&verdict, &f, PT_PROTOCOL_SMTP);
		}
	}
}

static void
test_small_buffer_cuts_the_text(void **state)
{
	const struct pt_verdict verdict = {.reason = PT_REASON_ACCESS_OFF};
	char buf[40];

	(void)state;
	pt_reason_login_reply(
	    &verdict, &facts, PT_PROTOCOL_IMAP, buf, sizeof(buf));
	assert_string_equal(buf, "[AUTHORIZATIONFAILED] External access (");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_protocol_is_told_in_its_own_way),
	    cmocka_unit_test(test_any_verdict_makes_one_clean_short_line),
	    cmocka_unit_test(test_small_buffer_cuts_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
