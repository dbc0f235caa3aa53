/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The servers of client { }: what is told of them, and what is refused. */
#include "core/config/server.h"

#include "core/base/attr.h"
#include "core/config/config.h"
#include "tests/unit/support/testing.h"

#define NAME_63 \
	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"

static void
test_the_port_says_how_the_connection_is_encrypted(void **state)
{
	static const struct {
		enum pt_protocol protocol;
		const char *text;
		const char *host;
		unsigned port;
		enum pt_server_security security;
	} cases[] = {
	    {PT_PROTOCOL_IMAP, "a.example", "a.example", 993, PT_SERVER_TLS},
	    {PT_PROTOCOL_IMAP, "a.example:993", "a.example", 993,
		PT_SERVER_TLS},
	    {PT_PROTOCOL_IMAP, "a.example:143", "a.example", 143,
		PT_SERVER_STARTTLS},
	    {PT_PROTOCOL_POP3, "A.Example", "a.example", 995, PT_SERVER_TLS},
	    {PT_PROTOCOL_POP3, "a.example:110", "a.example", 110,
		PT_SERVER_STARTTLS},
	    {PT_PROTOCOL_SMTP, "mail", "mail", 587, PT_SERVER_STARTTLS},
	    {PT_PROTOCOL_SMTP, "a.example:465", "a.example", 465,
		PT_SERVER_TLS},
	    {PT_PROTOCOL_SMTP, "192.0.2.example", "192.0.2.example", 587,
		PT_SERVER_STARTTLS},
	    {PT_PROTOCOL_SMTP, "p\xc4\x81rbaude.lv:0587", "xn--prbaude-s3a.lv",
		587, PT_SERVER_STARTTLS},
	};
	struct pt_server server;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		if (pt_server_parse(
			cases[i].protocol, cases[i].text, &server, &err) != 0)
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_string_equal(server.host, cases[i].host);
		assert_int_equal(server.port, cases[i].port);
		assert_int_equal(server.security, cases[i].security);
	}
}

static void
test_what_no_program_could_use_is_refused(void **state)
{
	static const struct {
		enum pt_protocol protocol;
		const char *text;
		const char *why;
	} cases[] = {
	    {PT_PROTOCOL_IMAP, "", "is not a server: write its name"},
	    {PT_PROTOCOL_IMAP, ":993", "is not a server"},
	    {PT_PROTOCOL_IMAP, "a b:993", "is not a server"},
	    {PT_PROTOCOL_IMAP, "a..b", "is not a server"},
	    {PT_PROTOCOL_IMAP, "imaps://a.example", "is not a server"},
	    {PT_PROTOCOL_IMAP, "a.example:993/", "is not a server"},
	    {PT_PROTOCOL_IMAP, "192.0.2.1", "is not a server"},
	    {PT_PROTOCOL_SMTP, "192.0.2.1:587", "is not a server"},
	    {PT_PROTOCOL_IMAP, "[192.0.2.1]:993", "is not a server"},
	    {PT_PROTOCOL_IMAP, "[ipv6:2001:db8::1]", "is not a server"},
	    {PT_PROTOCOL_IMAP, NAME_63 "l", "is not a server"},
	    {PT_PROTOCOL_IMAP, "a.example:995",
		"another port than 993 (TLS) and 143 (STARTTLS)"},
	    {PT_PROTOCOL_POP3, "a.example:993",
		"another port than 995 (TLS) and 110 (STARTTLS)"},
	    {PT_PROTOCOL_SMTP, "a.example:25",
		"another port than 465 (TLS) and 587 (STARTTLS)"},
	    {PT_PROTOCOL_SMTP, "a.example:", "another port"},
	    {PT_PROTOCOL_SMTP, "a.example:0", "another port"},
	    {PT_PROTOCOL_SMTP, "a.example:66123", "another port"},
	    {PT_PROTOCOL_SMTP, "a.example:587 ", "another port"},
	};
	struct pt_server server = {.port = 7};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(pt_server_parse(cases[i].protocol,
				     cases[i].text, &server, &err),
		    -1);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		assert_int_equal(server.port, 7);
		if (strstr(err.text, cases[i].why) == NULL)
			fail_msg(
			    "\"%s\" is not in: %s", cases[i].why, err.text);
	}
}

static void
test_the_client_block_is_checked_when_it_is_read(void **state)
{
	static const struct {
		const char *text;
		const char *error;
	} cases[] = {
	    {"client { imap = \"a.example:25\" }",
		"t.conf:1: imap: \"a.example:25\" has another port than 993 "
		"(TLS) and 143 (STARTTLS)"},
	    {"client {\npop3 = \"a b\" }",
		"t.conf:2: pop3: \"a b\" is not a server: write its name, such "
		"as \"mail.example.com\" or \"mail.example.com:993\""},
	    {"client { smtp = \"a.example:993\" }",
		"t.conf:1: smtp: \"a.example:993\" has another port than 465 "
		"(TLS) and 587 (STARTTLS)"},
	    {"client { url = \"mail.example.com\" }",
		"t.conf:1: url: \"mail.example.com\" does not begin with "
		"https:// or http://"},
	    {"client { imaps = a.example }",
		"t.conf:1: unknown key \"imaps\"; did you mean \"imap\"?"},
	    {"imap = a.example",
		"t.conf:1: the key \"imap\" must stand in the client block"},
	    {"clients { }",
		"t.conf:1: unknown key \"clients\"; did you mean \"client\"?"},
	};
	struct pt_config *config;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(
		    pt_config_parse("t.conf", cases[i].text, &config, &err),
		    -1);
		assert_int_equal(err.kind, PT_ERR_CONFIG);
		assert_string_equal(err.text, cases[i].error);
	}
	assert_int_equal(
	    pt_config_parse("t.conf",
		"client { name = \"P\xc4\x81rbaude <&>\" imap = \"\" "
		"smtp = \"m.example:465\" url = \"https://m.example/p\" }",
		&config, &err),
	    0);
	assert_string_equal(config->client.name, "P\xc4\x81rbaude <&>");
	assert_string_equal(config->client.imap, "");
	assert_string_equal(config->client.smtp, "m.example:465");
	assert_string_equal(config->client.url, "https://m.example/p");
	pt_config_free(config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_the_port_says_how_the_connection_is_encrypted),
	    cmocka_unit_test(test_what_no_program_could_use_is_refused),
	    cmocka_unit_test(test_the_client_block_is_checked_when_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
