/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/message.h"

#include "tests/unit/support/testing.h"

static struct pm_message message;

static void
begin(const char *sender, const char *parameter)
{
	const char *const argv[] = {sender, parameter, NULL};

	pm_message_begin(&message, PM_KIND_LOGIN, 7, argv);
}

static void
test_the_sender_is_what_stands_in_the_brackets(void **state)
{
	static const struct {
		const char *given;
		const char *wanted;
	} rows[] = {
	    {"<ann@example.com>", "ann@example.com"},
	    {"ann@example.com", "ann@example.com"},
	    {"<>", ""},
	    {"", ""},
	    {"<", "<"},
	    {"<ann@example.com", "<ann@example.com"},
	    {"<<ann@example.com>>", "<ann@example.com>"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(rows[i].given, NULL);
		assert_string_equal(message.sender, rows[i].wanted);
		assert_int_equal(message.sender_len, strlen(rows[i].wanted));
	}
}

static void
test_a_sender_of_any_length_is_kept_within_bounds(void **state)
{
	char sender[2000];

	(void)state;
	memset(sender, 'x', sizeof(sender) - 1);
	sender[sizeof(sender) - 1] = '\0';
	begin(sender, NULL);
	assert_int_equal(message.sender_len, PM_SENDER_MAX);
	assert_int_equal(strlen(message.sender), PM_SENDER_MAX);
}

static void
test_the_announced_size_is_read_strictly(void **state)
{
	static const struct {
		const char *parameter;
		uint64_t size;
	} rows[] = {
	    {"SIZE=1000", 1000},
	    {"size=1000", 1000},
	    {"SIZE=", 0},
	    {"SIZE=-1", 0},
	    {"SIZE=12x", 0},
	    {"SIZE=99999999999999999999", 0},
	    {"BODY=8BITMIME", 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin("<a@example.com>", rows[i].parameter);
		assert_int_equal(message.declared_size, rows[i].size);
	}
}

static void
test_a_login_that_is_none_is_kept_for_the_log(void **state)
{
	(void)state;
	begin("<a@example.com>", NULL);
	pm_message_set_login(&message, "Ann", "example.com");
	assert_true(message.has_login);
	assert_string_equal(message.login.text, "ann@example.com");
	pm_message_set_login(&message, "two words", "example.com");
	assert_false(message.has_login);
	assert_string_equal(message.login_text, "two words");
}

static void
test_the_size_is_what_came_if_all_comes(void **state)
{
	struct pt_message facts;

	(void)state;
	begin("<a@example.com>", "SIZE=5000");
	pm_message_add_field(&message, "Subject", "Hi", false);
	facts = pm_message_facts(&message, PT_MESSAGE_LOOK, false);
	assert_int_equal(facts.size, 5000);
	/* The body is not sent to us: the client's word is all there is. */
	facts = pm_message_facts(&message, PT_MESSAGE_CHARGE, false);
	assert_int_equal(facts.size, 5000);
	message.is_measured = true;
	facts = pm_message_facts(&message, PT_MESSAGE_CHARGE, false);
	assert_int_equal(facts.size, strlen("Subject: Hi\r\n"));
}

static void
test_messages_are_known_by_queue_id_and_else_by_number(void **state)
{
	const char *const argv[] = {"<a@example.com>", NULL};
	struct pt_message first;
	struct pt_message second;

	(void)state;
	begin("<a@example.com>", NULL);
	first = pm_message_facts(&message, PT_MESSAGE_CHARGE, false);
	pm_message_begin(&message, PM_KIND_LOGIN, 8, argv);
	second = pm_message_facts(&message, PT_MESSAGE_CHARGE, false);
	assert_int_not_equal(first.hash, second.hash);
	assert_int_not_equal(first.attempt, second.attempt);
	pm_message_set_queue_id(&message, "4XyZ");
	first = pm_message_facts(&message, PT_MESSAGE_CHARGE, false);
	assert_int_equal(first.attempt, second.attempt);
	pm_message_begin(&message, PM_KIND_LOGIN, 9, argv);
	pm_message_set_queue_id(&message, "4XyZ");
	second = pm_message_facts(&message, PT_MESSAGE_CHARGE, false);
	assert_int_equal(first.hash, second.hash);
}

static void
test_from_is_kept_only_where_it_may_be_replaced(void **state)
{
	char value[3 * PM_ORIGINAL_MAX];
	unsigned i;

	(void)state;
	begin("<a@example.com>", NULL);
	pm_message_add_field(&message, "From", "a@example.com", false);
	assert_string_equal(message.original, "");
	pm_message_add_field(&message, "FROM", "b@example.com", true);
	pm_message_add_field(&message, "From", "c@example.com", true);
	assert_string_equal(message.original, "b@example.com\nc@example.com");
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (i = 0; i < 3; i++)
		pm_message_add_field(&message, "From", value, true);
	assert_int_equal(strlen(message.original), PM_ORIGINAL_MAX);
}

static void
test_a_reason_is_new_once_a_message(void **state)
{
	(void)state;
	begin("<a@example.com>", NULL);
	assert_true(pm_message_refuse(&message, PT_REASON_QUOTA));
	assert_false(pm_message_refuse(&message, PT_REASON_QUOTA));
	assert_true(pm_message_refuse(&message, PT_REASON_FROM_MISSING));
	begin("<a@example.com>", NULL);
	assert_true(pm_message_refuse(&message, PT_REASON_QUOTA));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_sender_is_what_stands_in_the_brackets),
	    cmocka_unit_test(test_a_sender_of_any_length_is_kept_within_bounds),
	    cmocka_unit_test(test_the_announced_size_is_read_strictly),
	    cmocka_unit_test(test_a_login_that_is_none_is_kept_for_the_log),
	    cmocka_unit_test(test_the_size_is_what_came_if_all_comes),
	    cmocka_unit_test(
		test_messages_are_known_by_queue_id_and_else_by_number),
	    cmocka_unit_test(test_from_is_kept_only_where_it_may_be_replaced),
	    cmocka_unit_test(test_a_reason_is_new_once_a_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
