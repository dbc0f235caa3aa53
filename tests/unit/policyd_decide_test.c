/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/decide.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

#define CONFIG                                                            \
	"mode = enforce\n"                                                \
	"state_dir = \"/nowhere\"\n"                                      \
	"default_domain = \"example.com\"\n"                              \
	"default_plan = \"free\"\n"                                       \
	"require_tls = no\n"                                              \
	"help_url = \"https://mail.example.com/help\"\n"                  \
	"policy_listen = { \"unix:/nowhere/policy.sock\" }\n"             \
	"plan free { messages = { \"2/1m\" } recipients_per_message = 3 " \
	"}\n"

#define HEAD                                                     \
	"request=smtpd_access_policy\nclient_address=10.0.0.1\n" \
	"sender=alice@example.com\n"

static struct pd_parser parser;
static struct pd_record record;
static struct pd_case c;
static struct pt_account account;
static struct pt_activity activity;

static int
set_up(void **state)
{
	struct pt_config *config;
	struct pt_err err;

	if (pt_config_parse("test.conf", CONFIG, &config, &err) != 0)
		fail_msg("%s", err.text);
	*state = config;
	return 0;
}

static int
tear_down(void **state)
{
	pt_config_free(*state);
	return 0;
}

static void
read_record(const char *head, const char *rest)
{
	pd_parser_init(&parser, &pd_request_grammar, &pd_request_limits);
	pd_parser_next(&parser, &record);
	(void)pd_parser_feed(&parser, &record, head, strlen(head));
	(void)pd_parser_feed(&parser, &record, rest, strlen(rest));
	assert_int_equal(parser.state, PD_PARSER_COMPLETE);
}

static void
test_requests_that_need_no_state_are_free(void **state)
{
	static const struct {
		const char *rest;
		bool is_free;
	} cases[] = {
	    {"protocol_state=RCPT\n\n", true},
	    {"protocol_state=RCPT\nsasl_username=\n\n", true},
	    {"protocol_state=END-OF-MESSAGE\nsasl_username=\n\n", true},
	    {"protocol_state=CONNECT\nsasl_username=a\n\n", true},
	    {"protocol_state=MAIL\nsasl_username=a\n\n", true},
	    {"protocol_state=ETRN\nsasl_username=a\n\n", true},
	    {"protocol_state=RCPT\nsasl_username=a\n\n", false},
	    {"protocol_state=DATA\nsasl_username=a\n\n", false},
	    {"protocol_state=END-OF-MESSAGE\nsasl_username=a\n\n", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		read_record(HEAD, cases[i].rest);
		assert_int_equal(pd_decide_is_free(&record), cases[i].is_free);
	}
}

static void
test_request_becomes_a_message(void **state)
{
	read_record("request=smtpd_access_policy\nclient_address=192.0.2.9\n",
	    "protocol_state=END-OF-MESSAGE\nsasl_username=Alice\n"
	    "sender=a@b.c\nqueue_id=4c8mR\ninstance=1.2.3\nsize=777\n"
	    "encryption_protocol=TLSv1.3\n\n");
	assert_true(pd_decide_begin(&c, &record, *state, TEST_NOW, 1));
	assert_string_equal(c.login.text, "alice@example.com");
	assert_int_equal(c.message.stage, PT_MESSAGE_CHARGE);
	assert_string_equal(c.message.sender, "a@b.c");
	assert_int_equal(c.message.sender_len, 5);
	assert_int_equal(c.message.size, 777);
	assert_true(c.message.encrypted);

	read_record(HEAD, "protocol_state=DATA\nsasl_username=bob\n\n");
	assert_true(pd_decide_begin(&c, &record, *state, TEST_NOW, 1));
	assert_int_equal(c.message.stage, PT_MESSAGE_LOOK);
	assert_false(c.message.encrypted);
	assert_int_equal(c.message.size, 0);
}

static void
test_message_is_known_by_queue_id_then_instance_then_nothing(void **state)
{
	static const char *const rest[] = {
	    "protocol_state=RCPT\nsasl_username=a\nqueue_id=1\ninstance=2\n\n",
	    "protocol_state=RCPT\nsasl_username=a\nqueue_id=1\ninstance=3\n\n",
	    "protocol_state=RCPT\nsasl_username=a\nqueue_id=\ninstance=2\n\n",
	    "protocol_state=RCPT\nsasl_username=a\n\n",
	    "protocol_state=RCPT\nsasl_username=a\n\n",
	};
	struct pt_message messages[PT_ARRAY_LEN(rest)];
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(rest); i++) {
		read_record(HEAD, rest[i]);
		assert_true(pd_decide_begin(&c, &record, *state, TEST_NOW, i));
		messages[i] = c.message;
	}
	assert_int_equal(messages[0].hash, messages[1].hash);
	assert_int_not_equal(messages[0].attempt, messages[1].attempt);
	assert_int_equal(messages[0].attempt, messages[2].attempt);
	assert_int_not_equal(messages[0].hash, messages[2].hash);
	/* Without any id each is a message of its own. */
	assert_int_not_equal(messages[3].hash, messages[4].hash);
	assert_int_not_equal(messages[3].attempt, messages[4].attempt);
}

static void
test_login_that_cannot_be_counted_is_deferred(void **state)
{
	static const char *const logins[] = {
	    "two words",
	    "a@b@c",
	    "@example.com",
	    "alice@",
	    "\303\050",
	    "alice@exa_mple..com",
	};
	char rest[600];
	char answer[PD_ANSWER_MAX];
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(logins); i++) {
		(void)snprintf(rest, sizeof(rest),
		    "protocol_state=RCPT\nsasl_username=%s\n\n", logins[i]);
		read_record(HEAD, rest);
		assert_false(pd_decide_begin(&c, &record, *state, TEST_NOW, 1));
		assert_int_equal(c.verdict.reason, PT_REASON_LOGIN_INVALID);
		(void)pd_decide_answer(&c, answer);
		assert_memory_equal(answer, "action=451 4.3.0 ", 17);
	}
	(void)snprintf(rest, sizeof(rest),
	    "protocol_state=RCPT\nsasl_username=%0400d@example.com\n\n", 0);
	read_record(HEAD, rest);
	assert_false(pd_decide_begin(&c, &record, *state, TEST_NOW, 1));
	assert_int_equal(c.verdict.reason, PT_REASON_LOGIN_INVALID);
}

/* Sends one message of the case's login through the rules. */
static const char *
judge_as(const struct pt_config *config, const char *head, const char *rest,
    uint64_t recipients)
{
	static char answer[PD_ANSWER_MAX];
	struct pt_records records = {
	    .account = &account,
	    .activity = &activity,
	};
	size_t len;

	read_record(head, rest);
	assert_true(pd_decide_begin(&c, &record, config, TEST_NOW, 1));
	c.message.recipients = recipients;
	pd_decide_update(&records, &c);
	assert_int_equal(records.activity_changed, c.effects.activity_changed);
	len = pd_decide_answer(&c, answer);
	assert_int_equal(len, strlen(answer));
	assert_string_equal(answer + len - 2, "\n\n");
	assert_ptr_equal(strchr(answer, '\n'), answer + len - 2);
	return answer;
}

static const char *
judge(const struct pt_config *config, const char *rest, uint64_t recipients)
{
	return judge_as(config, HEAD, rest, recipients);
}

#define EOM(id)                                                            \
	"protocol_state=END-OF-MESSAGE\nsasl_username=alice\nqueue_id=" id \
	"\nsize=10\n\n"

static void
test_answers_are_dunno_or_a_reply(void **state)
{
	struct pt_login login = test_login("alice@example.com");

	pt_account_init(&account, &login);
	pt_activity_init(&activity, &login);
	assert_string_equal(judge(*state, EOM("1"), 1), PD_ANSWER_DUNNO);
	assert_true(c.effects.activity_changed);
	assert_string_equal(judge(*state, EOM("1"), 1), PD_ANSWER_DUNNO);
	assert_true(c.verdict.repeated);
	assert_string_equal(judge(*state, EOM("2"), 1), PD_ANSWER_DUNNO);
	assert_string_equal(judge(*state, EOM("3"), 1),
	    "action=450 4.7.28 Sending limit reached: 2 messages in 1 minute; "
	    "try again after 12:01:01 UTC\n\n");
	assert_string_equal(judge(*state, EOM("4"), 4),
	    "action=452 4.5.3 Too many recipients in one message: at most 3; "
	    "send to the others in another message\n\n");
}

static void
test_observe_mode_answers_dunno_whatever_the_verdict(void **state)
{
	struct pt_config config = *(struct pt_config *)*state;
	struct pt_login login = test_login("alice@example.com");

	config.mode = PT_MODE_OBSERVE;
	pt_account_init(&account, &login);
	pt_activity_init(&activity, &login);
	account.lock.at = 1;
	assert_string_equal(judge(&config, EOM("1"), 1), PD_ANSWER_DUNNO);
	assert_true(pd_decide_is_against(&c));
	assert_int_equal(c.verdict.reason, PT_REASON_SENDING_LOCKED);
	pd_decide_fail(&c);
	assert_int_equal(c.verdict.reason, PT_REASON_UNAVAILABLE);
}

static void
test_state_that_fails_defers(void **state)
{
	char answer[PD_ANSWER_MAX];

	read_record(HEAD, EOM("1"));
	assert_true(pd_decide_begin(&c, &record, *state, TEST_NOW, 1));
	pd_decide_fail(&c);
	(void)pd_decide_answer(&c, answer);
	assert_memory_equal(answer, "action=451 4.3.0 ", 17);
	assert_false(c.effects.activity_changed);
}

static void
test_hostile_sender_does_not_break_the_answer(void **state)
{
	static const char *const senders[] = {
	    "sender=\"x\\\"\377\376>@<evil.example\n",
	    "sender=%s%n@evil.example\n",
	    "sender=action=OK\n",
	};
	struct pt_login login = test_login("alice@example.com");
	char head[200];
	const char *answer;
	size_t i;

	pt_account_init(&account, &login);
	pt_activity_init(&activity, &login);
	for (i = 0; i < PT_ARRAY_LEN(senders); i++) {
		(void)snprintf(head, sizeof(head),
		    "request=smtpd_access_policy\n%s", senders[i]);
		answer = judge_as(*state, head, EOM("1"), 1);
		assert_memory_equal(answer, "action=550 5.7.1 ", 17);
	}
	/* As long as it may be: the answer is still one line. */
	(void)snprintf(head, sizeof(head),
	    "request=smtpd_access_policy\nsender=%0150d@evil.example\n", 0);
	answer = judge_as(*state, head, EOM("1"), 1);
	assert_memory_equal(answer, "action=550 5.7.1 ", 17);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_requests_that_need_no_state_are_free),
	    cmocka_unit_test(test_request_becomes_a_message),
	    cmocka_unit_test(
		test_message_is_known_by_queue_id_then_instance_then_nothing),
	    cmocka_unit_test(test_login_that_cannot_be_counted_is_deferred),
	    cmocka_unit_test(test_answers_are_dunno_or_a_reply),
	    cmocka_unit_test(
		test_observe_mode_answers_dunno_whatever_the_verdict),
	    cmocka_unit_test(test_state_that_fails_defers),
	    cmocka_unit_test(test_hostile_sender_does_not_break_the_answer),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
