/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/request.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static struct pd_parser parser;
static struct pd_record record;

static struct pd_request
read_request(const char *text)
{
	struct pd_request request;

	pd_parser_init(&parser, &pd_request_grammar, &pd_request_limits);
	pd_parser_next(&parser, &record);
	assert_int_equal(
	    pd_parser_feed(&parser, &record, text, strlen(text)), strlen(text));
	assert_int_equal(parser.state, PD_PARSER_COMPLETE);
	pd_request_read(&record, &request);
	return request;
}

static void
test_request_of_postfix_is_read(void **state)
{
	struct pd_request request = read_request(
	    "request=smtpd_access_policy\nprotocol_state=END-OF-MESSAGE\n"
	    "protocol_name=ESMTP\nclient_address=2001:db8::1\n"
	    "client_name=mua.example.net\nclient_port=50612\n"
	    "reverse_client_name=mua.example.net\n"
	    "server_address=192.0.2.1\nserver_port=587\nhelo_name=[10.0.0.1]\n"
	    "sender=alice+tag@example.com\nrecipient=bob@example.org\n"
	    "recipient_count=3\nqueue_id=4c8mR01jkVz3J\n"
	    "instance=24ef.6740a1b2.c3d4e.0\nsize=20480\netrn_domain=\n"
	    "stress=\nsasl_method=PLAIN\nsasl_username=alice@example.com\n"
	    "sasl_sender=\nccert_subject=\nccert_issuer=\n"
	    "ccert_fingerprint=\nccert_pubkey_fingerprint=\n"
	    "encryption_protocol=TLSv1.3\n"
	    "encryption_cipher=TLS_AES_256_GCM_SHA384\n"
	    "encryption_keysize=256\npolicy_context=submission\n"
	    "compatibility_level=3.8\nmail_version=3.10.13\n\n");

	(void)state;
	assert_int_equal(request.stage, PD_STAGE_END);
	assert_string_equal(request.login.at, "alice@example.com");
	assert_int_equal(request.login.len, 17);
	assert_false(request.login.cut);
	assert_string_equal(request.sender.at, "alice+tag@example.com");
	assert_string_equal(request.queue_id.at, "4c8mR01jkVz3J");
	assert_string_equal(request.instance.at, "24ef.6740a1b2.c3d4e.0");
	assert_string_equal(request.client_address.at, "2001:db8::1");
	assert_string_equal(request.recipient.at, "bob@example.org");
	assert_int_equal(request.recipient_count, 3);
	assert_int_equal(request.size, 20480);
	assert_true(request.encrypted);
	assert_true(pd_request_has_login(&record));
}

static void
test_absent_and_empty_attributes_are_empty(void **state)
{
	static const char *const texts[] = {
	    "request=smtpd_access_policy\nprotocol_state=RCPT\n\n",
	    "request=smtpd_access_policy\nprotocol_state=RCPT\nsender=\n"
	    "sasl_username=\nqueue_id=\ninstance=\nclient_address=\n"
	    "encryption_protocol=\nsize=0\nrecipient_count=0\n\n",
	};
	struct pd_request request;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(texts); i++) {
		request = read_request(texts[i]);
		assert_int_equal(request.stage, PD_STAGE_RCPT);
		assert_string_equal(request.login.at, "");
		assert_string_equal(request.sender.at, "");
		assert_int_equal(request.sender.len, 0);
		assert_string_equal(request.queue_id.at, "");
		assert_string_equal(request.instance.at, "");
		assert_string_equal(request.client_address.at, "");
		assert_int_equal(request.size, 0);
		assert_int_equal(request.recipient_count, 0);
		assert_false(request.encrypted);
		assert_false(pd_request_has_login(&record));
	}
}

static void
test_nothing_is_taken_over_from_one_request_to_the_next(void **state)
{
	struct pd_request request;

	(void)state;
	(void)read_request(
	    "request=smtpd_access_policy\nprotocol_state=END-OF-MESSAGE\n"
	    "sender=alice@example.com\nsasl_username=alice@example.com\n"
	    "queue_id=4c8mR\ninstance=1\nclient_address=192.0.2.1\n"
	    "recipient=bob@example.org\nrecipient_count=7\nsize=99\n"
	    "encryption_protocol=TLSv1.3\n\n");
	pd_parser_next(&parser, &record);
	assert_int_equal(
	    pd_parser_feed(&parser, &record,
		"request=smtpd_access_policy\nprotocol_state=DATA\n\n", 49),
	    49);
	pd_request_read(&record, &request);
	assert_int_equal(request.stage, PD_STAGE_DATA);
	assert_string_equal(request.login.at, "");
	assert_string_equal(request.sender.at, "");
	assert_string_equal(request.queue_id.at, "");
	assert_string_equal(request.instance.at, "");
	assert_string_equal(request.client_address.at, "");
	assert_int_equal(request.recipient.len, 0);
	assert_int_equal(request.recipient_count, 0);
	assert_int_equal(request.size, 0);
	assert_false(request.encrypted);
}

static void
test_login_that_is_too_long_is_marked(void **state)
{
	char text[600] =
	    "request=smtpd_access_policy\nprotocol_state=RCPT\nsasl_username=";
	size_t len = strlen(text);
	struct pd_request request;

	(void)state;
	memset(text + len, 'a', 321);
	memcpy(text + len + 321, "\n\n", 3);
	request = read_request(text);
	assert_true(request.login.cut);
	assert_int_equal(request.login.len, 320);
	assert_string_equal(request.login.at + 317, "...");
}

static void
test_stages_are_known_by_their_names(void **state)
{
	static const struct {
		const char *name;
		enum pd_stage stage;
		bool is_judged;
	} cases[] = {
	    {"CONNECT", PD_STAGE_CONNECT, false},
	    {"HELO", PD_STAGE_HELO, false},
	    {"EHLO", PD_STAGE_EHLO, false},
	    {"VRFY", PD_STAGE_VRFY, false},
	    {"ETRN", PD_STAGE_ETRN, false},
	    {"MAIL", PD_STAGE_MAIL, false},
	    {"RCPT", PD_STAGE_RCPT, true},
	    {"DATA", PD_STAGE_DATA, true},
	    {"END-OF-MESSAGE", PD_STAGE_END, true},
	    {"rcpt", PD_STAGE_OTHER, false},
	    {"RCPTX", PD_STAGE_OTHER, false},
	    {"", PD_STAGE_OTHER, false},
	    {"OTHER", PD_STAGE_OTHER, false},
	};
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)snprintf(text, sizeof(text),
		    "request=smtpd_access_policy\nprotocol_state=%s\n\n",
		    cases[i].name);
		(void)read_request(text);
		assert_int_equal(pd_request_stage(&record), cases[i].stage);
		assert_int_equal(
		    pd_stage_is_judged(cases[i].stage), cases[i].is_judged);
		if (cases[i].stage != PD_STAGE_OTHER)
			assert_string_equal(
			    pd_stage_name(cases[i].stage), cases[i].name);
	}
	assert_string_equal(pd_stage_name(PD_STAGE_OTHER), "OTHER");
}

static void
test_grammar_fits_its_tables(void **state)
{
	const struct pd_attribute *attribute;
	size_t texts = 0;
	uint32_t ids = 0;
	size_t len;
	size_t i;

	(void)state;
	for (len = 0; len < PD_NAME_MAX; len++) {
		attribute = pd_request_grammar.rows[len];
		for (i = 0; i < PD_SAME_LENGTH; i++) {
			if (attribute[i].name[0] == '\0')
				continue;
			/* The first place is what the parser looks at. */
			assert_true(attribute[0].name[0] != '\0');
			assert_int_equal(strlen(attribute[i].name), len);
			assert_true(attribute[i].id < PD_ATTRIBUTES_MAX);
			assert_true((ids >> attribute[i].id & 1U) == 0);
			ids |= 1U << attribute[i].id;
			assert_true(attribute[i].max <= PD_VALUE_MAX);
			if (attribute[i].kind == PD_KIND_TEXT ||
			    attribute[i].kind == PD_KIND_LONG_TEXT)
				texts += attribute[i].max + 1;
		}
	}
	assert_true(texts <= PD_RECORD_BYTES);
	assert_int_equal(pd_request_grammar.required & ~ids, 0);
}

static void
test_expected_order_fits_the_grammar(void **state)
{
	const struct pd_expected *expected = pd_request_grammar.order;
	const struct pd_attribute *row;
	unsigned wanted = 0;
	size_t i;

	(void)state;
	for (; expected->len > 0; expected++) {
		assert_int_equal(strlen(expected->text), expected->len);
		assert_true(expected->len >= 5);
		assert_int_equal(expected->text[expected->len - 1], '=');
		row = pd_request_grammar
			  .rows[expected->len <= PD_NAME_MAX ? expected->len - 1
							     : 0];
		for (i = 0; i < PD_SAME_LENGTH; i++) {
			if (row[i].name[0] == '\0' ||
			    memcmp(row[i].name, expected->text,
				expected->len - 1U) != 0)
				continue;
			assert_int_equal(expected->place, i);
			wanted++;
			break;
		}
		if (i == PD_SAME_LENGTH)
			assert_int_equal(expected->place, -1);
	}
	/* All that are wanted come. */
	assert_int_equal(wanted, 11);
}

static void
test_attributes_may_come_in_any_order(void **state)
{
	struct pd_request request = read_request(
	    "size=7\nqueue_id=1\nhelo_name=x\nsender=a@example.com\n"
	    "protocol_state=DATA\ninstance=2\nclient_name=y\n"
	    "request=smtpd_access_policy\nsasl_username=b\n"
	    "client_address=192.0.2.1\nunheard_of=1\nrecipient_count=3\n\n");

	(void)state;
	assert_int_equal(request.stage, PD_STAGE_DATA);
	assert_string_equal(request.sender.at, "a@example.com");
	assert_string_equal(request.login.at, "b");
	assert_string_equal(request.queue_id.at, "1");
	assert_string_equal(request.instance.at, "2");
	assert_string_equal(request.client_address.at, "192.0.2.1");
	assert_int_equal(request.size, 7);
	assert_int_equal(request.recipient_count, 3);
}

static void
test_names_that_only_begin_alike_are_not_taken(void **state)
{
	struct pd_request request =
	    read_request("request=smtpd_access_policy\nprotocol_state=DATA\n"
			 "protocol_nam=1\nclient_addres=1\nclient_addressx=2\n"
			 "client_address\360=3\nsende=1\nsenderx=2\nSENDER=3\n"
			 "sizf=1\nsiz=2\nsizes=3\n\n");

	(void)state;
	assert_string_equal(request.client_address.at, "");
	assert_string_equal(request.sender.at, "");
	assert_int_equal(request.size, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_request_of_postfix_is_read),
	    cmocka_unit_test(test_absent_and_empty_attributes_are_empty),
	    cmocka_unit_test(
		test_nothing_is_taken_over_from_one_request_to_the_next),
	    cmocka_unit_test(test_login_that_is_too_long_is_marked),
	    cmocka_unit_test(test_stages_are_known_by_their_names),
	    cmocka_unit_test(test_grammar_fits_its_tables),
	    cmocka_unit_test(test_expected_order_fits_the_grammar),
	    cmocka_unit_test(test_attributes_may_come_in_any_order),
	    cmocka_unit_test(test_names_that_only_begin_alike_are_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
