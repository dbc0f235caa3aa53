/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What Postfix says about its queue, which is strangers' text. */

#include "core/base/attr.h"
#include "ctl/queue_entry.h"
#include "tests/unit/support/testing.h"

#define GOOD                                                               \
	"{\"queue_name\": \"deferred\", \"queue_id\": \"4cQx5T6Dl7z1Q\", " \
	"\"arrival_time\": 1764000000, \"message_size\": 4711, "           \
	"\"forced_expire\": false, \"sender\": \"ann@example.com\", "      \
	"\"recipients\": [{\"address\": \"x@example.net\", "               \
	"\"delay_reason\": \"connect refused\"}]}"

static void
a_line_of_postqueue_is_read(void **state)
{
	struct pc_queue_entry entry;

	(void)state;
	assert_true(pc_queue_entry_parse(GOOD, sizeof(GOOD) - 1, &entry));
	assert_string_equal(entry.id, "4cQx5T6Dl7z1Q");
	assert_string_equal(entry.queue, "deferred");
	assert_string_equal(entry.sender, "ann@example.com");
	assert_int_equal(entry.arrived_at, 1764000000);
	assert_int_equal(entry.size, 4711);
	assert_false(pc_queue_entry_is_held(&entry));
	assert_false(pc_queue_entry_has_null_sender(&entry));
}

static void
a_line_that_was_cut_is_none(void **state)
{
	struct pc_queue_entry entry;
	size_t len;

	(void)state;
	for (len = 0; len + 1 < sizeof(GOOD); len++) {
		memset(&entry, 0x55, sizeof(entry));
		assert_false(pc_queue_entry_parse(GOOD, len, &entry));
		assert_int_equal((unsigned char)entry.id[0], 0x55);
	}
}

static void
hostile_lines_are_none(void **state)
{
#define LINE(queue, id, sender) \
	"{\"queue_name\":" queue ",\"queue_id\":" id ",\"sender\":" sender "}"
	static const struct {
		const char *line;
		bool good;
	} cases[] = {
	    {LINE("\"hold\"", "\"4F2A11B2C3\"", "\"a@b\""), true},
	    {LINE("\"hold\"", "\"ALL\"", "\"a@b\""), false},
	    {LINE("\"hold\"", "\"-r\"", "\"a@b\""), false},
	    {LINE("\"hold\"", "\"-rALLL\"", "\"a@b\""), false},
	    {LINE("\"hold\"", "\"../../../x\"", "\"a@b\""), false},
	    {LINE("\"hold\"", "\"4F2A1 1B2\"", "\"a@b\""), false},
	    {LINE("\"hold\"", "\"4F2A11\\nB2\"", "\"a@b\""), false},
	    {LINE("\"hold\"", "\"4F2A11\\u0000\"", "\"a@b\""), false},
	    {LINE("\"hold\"", "12345678", "\"a@b\""), false},
	    {LINE("\"hold\"", "\"4F2A11B2C3\"", "\"\""), false},
	    {LINE("\"hold\"", "\"4F2A11B2C3\"", "null"), false},
	    {LINE("\"hold\"", "\"4F2A11B2C3\"", "[\"a@b\"]"), false},
	    {LINE("\"hold\"", "\"4F2A11B2C3\"", "\"a@b\\u0000c\""), false},
	    {LINE("\"../etc\"", "\"4F2A11B2C3\"", "\"a@b\""), false},
	    {LINE("7", "\"4F2A11B2C3\"", "\"a@b\""), false},
	    {"[]", false},
	    {"null", false},
	    {"\xff\xfe", false},
	    {"{\"queue_name\":\"hold\"}", false},
	};
	struct pc_queue_entry entry;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++)
		assert_int_equal(pc_queue_entry_parse(cases[i].line,
				     strlen(cases[i].line), &entry),
		    cases[i].good);
}

static void
figures_that_are_none_do_not_matter(void **state)
{
	static const char line[] =
	    "{\"queue_name\":\"active\",\"queue_id\":\"4F2A11B2C3\","
	    "\"sender\":\"MAILER-DAEMON\",\"arrival_time\":\"now\","
	    "\"message_size\":-5}";
	struct pc_queue_entry entry;

	(void)state;
	assert_true(pc_queue_entry_parse(line, sizeof(line) - 1, &entry));
	assert_int_equal(entry.arrived_at, 0);
	assert_int_equal(entry.size, 0);
	assert_true(pc_queue_entry_has_null_sender(&entry));
}

static void
a_sender_that_is_too_long_is_no_login(void **state)
{
	char line[2000];
	char sender[1200];
	struct pc_queue_entry entry;

	(void)state;
	memset(sender, 'a', sizeof(sender) - 1);
	sender[sizeof(sender) - 1] = '\0';
	(void)snprintf(line, sizeof(line),
	    "{\"queue_name\":\"hold\",\"queue_id\":\"4F2A11B2C3\","
	    "\"sender\":\"%s\"}",
	    sender);
	assert_false(pc_queue_entry_parse(line, strlen(line), &entry));
}

#define BEFORE                                                            \
	"*** ENVELOPE RECORDS deferred/4/4F2A11B2C3 ***\n"                \
	"message_size:             430             200               1\n" \
	"sender: ann@example.com\n"
#define AFTER "original_recipient: x@example.net\n"
#define USER  "named_attribute: sasl_username="

/* Line by line, as they are read. */
static struct pc_queue_evidence
take_all(const char *text)
{
	struct pc_queue_evidence evidence;
	size_t len;

	memset(&evidence, 0, sizeof(evidence));
	for (; *text != '\0'; text += len) {
		len = strcspn(text, "\n");
		len += text[len] == '\n';
		pc_queue_evidence_take(&evidence, text, len, "example.com");
	}
	return evidence;
}

static void
the_records_of_each_message_begin_with_its_id(void **state)
{
	static const struct {
		const char *line;
		const char *id; /* NULL: it is no such line */
	} cases[] = {
	    {"*** ENVELOPE RECORDS deferred/4/4F2A11B2C3 ***\n", "4F2A11B2C3"},
	    {"*** ENVELOPE RECORDS hold/4cQx5T6Dl7z1Q ***\n", "4cQx5T6Dl7z1Q"},
	    {"*** ENVELOPE RECORDS deferred/4/4F2A11B2C3 ***", NULL},
	    {"*** ENVELOPE RECORDS deferred/4/ALL ***\n", NULL},
	    {"*** ENVELOPE RECORDS  ***\n", NULL},
	    {"*** ENVELOPE RECORDS ***\n", NULL},
	    {" *** ENVELOPE RECORDS hold/4F2A11B2C3 ***\n", NULL},
	    {"*** HEADER EXTRACTED hold/4F2A11B2C3 ***\n", NULL},
	    {"", NULL},
	    {"\n", NULL},
	};
	char id[PC_QUEUE_ID_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(pc_queue_evidence_begins(
				     cases[i].line, strlen(cases[i].line), id),
		    cases[i].id != NULL);
		if (cases[i].id != NULL)
			assert_string_equal(id, cases[i].id);
	}
}

static void
the_proof_is_the_login_that_postfix_recorded(void **state)
{
	static const struct {
		const char *text;
		enum pc_queue_proof proof;
		const char *login;
	} cases[] = {
	    {"", PC_QUEUE_NOBODY, NULL},
	    {BEFORE AFTER, PC_QUEUE_NOBODY, NULL},
	    {BEFORE USER "ann@example.com\n" AFTER, PC_QUEUE_LOGIN,
		"ann@example.com"},
	    {BEFORE USER "Ann\n" AFTER, PC_QUEUE_LOGIN, "ann@example.com"},
	    {BEFORE USER "ann@example.com\n", PC_QUEUE_LOGIN,
		"ann@example.com"},
	    /* Cut within the name: it could go on. */
	    {BEFORE USER "ann@example.com", PC_QUEUE_UNCLEAR, NULL},
	    {BEFORE USER "\n" AFTER, PC_QUEUE_UNCLEAR, NULL},
	    {BEFORE USER "a b\n" AFTER, PC_QUEUE_UNCLEAR, NULL},
	    {BEFORE USER "ann\n" USER "bob\n", PC_QUEUE_UNCLEAR, NULL},
	    {BEFORE USER "ann\n" USER "ann\n", PC_QUEUE_UNCLEAR, NULL},
	    {"sender: " USER "ann\n", PC_QUEUE_NOBODY, NULL},
	    {" " USER "ann\n", PC_QUEUE_NOBODY, NULL},
	    {"named_attribute: sasl_sender=ann\n", PC_QUEUE_NOBODY, NULL},
	};
	struct pc_queue_evidence evidence;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		evidence = take_all(cases[i].text);
		assert_int_equal(evidence.proof, cases[i].proof);
		if (cases[i].login != NULL)
			assert_string_equal(
			    evidence.login.text, cases[i].login);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_of_postqueue_is_read),
	    cmocka_unit_test(a_line_that_was_cut_is_none),
	    cmocka_unit_test(hostile_lines_are_none),
	    cmocka_unit_test(figures_that_are_none_do_not_matter),
	    cmocka_unit_test(a_sender_that_is_too_long_is_no_login),
	    cmocka_unit_test(the_records_of_each_message_begin_with_its_id),
	    cmocka_unit_test(the_proof_is_the_login_that_postfix_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
