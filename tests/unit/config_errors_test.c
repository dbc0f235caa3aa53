/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What a postmaster reads when postern.conf is not what it must be. */

#include "tests/unit/config_refusal.h"

static void
test_config_unknown_key_named_with_nearest(void **state)
{
	static const struct refusal cases[] = {
	    {"\n\nmod = enforce",
		"t.conf:3: unknown key \"mod\"; did you mean \"mode\"?"},
	    {"plan free {\n\n mesages = { 5/1m }\n}",
		"t.conf:3: unknown key \"mesages\"; did you mean "
		"\"messages\"?"},
	    {"mesages = 5/1m",
		"t.conf:1: unknown key \"mesages\"; did you mean \"messages\" "
		"in a plan block?"},
	    {"messages = 5/1m",
		"t.conf:1: the key \"messages\" must stand in a plan block"},
	    {"plan free { mode = observe }",
		"t.conf:1: the key \"mode\" must stand outside of all blocks"},
	    {"sender { from = x }",
		"t.conf:1: the key \"from\" must stand in the notice block"},
	    {"plann free { }",
		"t.conf:1: unknown key \"plann\"; did you mean \"plan\"?"},
	    {"frobnicate = 1", "t.conf:1: unknown key \"frobnicate\""},
	    {"free { }", "t.conf:1: unknown key \"free\""},
	};

	(void)state;
	config_check_refused(cases, PT_ARRAY_LEN(cases));
}

static void
test_config_bad_value_named_with_its_line(void **state)
{
	static const struct refusal cases[] = {
	    {"# one\n# two\n/* three\nfour */\nmode = enforced\n",
		"t.conf:5: mode: \"enforced\" is none of: observe, enforce"},
	    {"mode =\n\n\"\"",
		"t.conf:3: mode: \"\" is none of: observe, enforce"},
	    {"log_level = notice",
		"t.conf:1: log_level: \"notice\" is none of: error, warn, "
		"info, debug"},
	    {"require_tls = maybe",
		"t.conf:1: require_tls: \"maybe\" is neither yes nor no"},
	    {"plan free {\n messages = {\n  5/1m,\n  15/1x\n }\n}",
		"t.conf:4: messages: \"1x\" is not a span: write a whole "
		"number and s, m, h, d or w, such as \"5m\""},
	    {"plan free { messages = { 15/1m,\n10/1h } }",
		"t.conf:2: messages: 15 in 1 minute has no effect beside 10 in "
		"1 hour: raise the limit of the longer window, or leave out "
		"the shorter one"},
	    {"plan free { messages = { 5/1m, 6/60s } }",
		"t.conf:1: messages: there are two windows of 1 minute"},
	    {"plan free { message_size = 30MB }",
		"t.conf:1: message_size: \"30MB\" is not a size: write a whole "
		"number of bytes, or a number and K, M or G, such as "
		"\"30M\""},
	    {"plan free { protocols = { imap, nntp } }",
		"t.conf:1: protocols: \"nntp\" is none of: imap, pop3, smtp"},
	    {"trusted_networks = { ::1,\n192.0.2.1/24 }",
		"t.conf:2: trusted_networks: \"192.0.2.1/24\" has bits set "
		"beyond its prefix length: did you mean \"192.0.2.0/24\"?"},
	    {"max_connections = 0",
		"t.conf:1: max_connections: \"0\" is not a number from 1 to "
		"100000"},
	    {"max_connections = unlimited",
		"t.conf:1: max_connections: \"unlimited\" is not a number from "
		"1 to 100000"},
	    {"max_sessions = 200001",
		"t.conf:1: max_sessions: \"200001\" is not a number from 1 to "
		"200000"},
	    {"state_dir = var/lib",
		"t.conf:1: state_dir: \"var/lib\" is not an absolute path"},
	    {"default_domain = \"ex ample\"",
		"t.conf:1: default_domain: \"ex ample\" is not a domain"},
	    {"help_url = \"www.example.com\"",
		"t.conf:1: help_url: \"www.example.com\" does not begin with "
		"https:// or http://"},
	    {"help_url = \"https://x y\"",
		"t.conf:1: help_url: \"https://x y\" has a character that no "
		"URL may have"},
	    {"sender { subaddress = \"+@\" }",
		"t.conf:1: subaddress: \"+@\" has a character that is none of "
		"+ - _ . = # ~ ! %"},
	    {"sender { subaddress = \"++++++++\" }",
		"t.conf:1: subaddress: the value is longer than 7 bytes"},
	    {"sender { alias_domains = { \"a.example b.example\" } }",
		"t.conf:1: alias_domains: write \"DOMAIN = ALIAS ...\"; here: "
		"there is no \"=\" after the domain"},
	    {"sender { alias_domains = { \"a.example =\" } }",
		"t.conf:1: alias_domains: write \"DOMAIN = ALIAS ...\"; here: "
		"there is no domain after \"=\""},
	    {"sender {\nmaps = { \"file:/x\", \"hash:/x\" } }",
		"t.conf:2: maps: \"hash:/x\" is of a type that Postern does "
		"not "
		"read: name the text file that it is made of as file:/PATH, or "
		"make an lmdb table of it"},
	    {"notice { from = nobody }",
		"t.conf:1: from: \"nobody\" is not an address such as "
		"\"ann@example.com\""},
	    {"notice { command = sendmail }",
		"t.conf:1: command: \"sendmail\" is not an absolute path"},
	    {"notice { languages = { en, x } }",
		"t.conf:1: languages: \"x\" is not a language, such as \"en\" "
		"or \"pt-BR\""},
	    {"state_dir = \"/a\\nb\"",
		"t.conf:1: state_dir: \"/a\\x0Ab\" has a control character in "
		"it"},
	    {"state_dir = \"/\xff\"",
		"t.conf:1: state_dir: \"/\\xFF\" is not UTF-8"},
	};

	(void)state;
	config_check_refused(cases, PT_ARRAY_LEN(cases));
}

static void
test_config_bad_listen_address_refused(void **state)
{
	static const struct {
		const char *address;
		const char *why;
	} cases[] = {
	    {"", "is not an address to listen at"},
	    {"/run/x", "is not an address to listen at"},
	    {"unix:", "does not name a socket by an absolute path"},
	    {"unix:run/x", "does not name a socket by an absolute path"},
	    {"unix:/run/", "does not name a socket by an absolute path"},
	    {"inet:10040", "is not inet:HOST:PORT"},
	    {"inet::10040", "is not inet:HOST:PORT"},
	    {"inet:a b:1", "is not inet:HOST:PORT"},
	    {"inet:::1:10040", "is not inet:HOST:PORT"},
	    {"inet:[::1:10040", "is not inet:HOST:PORT"},
	    {"inet:[x]:10040", "is not inet:HOST:PORT"},
	    {"inet:h:0", "has no port from 1 to 65535"},
	    {"inet:h:65536", "has no port from 1 to 65535"},
	    {"inet:h:", "has no port from 1 to 65535"},
	    {"inet:h:smtp", "has no port from 1 to 65535"},
	    {"unix:/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"is too long: the path of a socket has at most 107 bytes"},
	};
	struct pt_config *config = NULL;
	struct pt_err err;
	char text[512];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)snprintf(text, sizeof(text),
		    "policy_listen = { \"unix:/ok\", \"%s\" }",
		    cases[i].address);
		assert_int_equal(
		    pt_config_parse("t.conf", text, &config, &err), -1);
		assert_non_null(strstr(err.text, cases[i].why));
		assert_ptr_equal(
		    strstr(err.text, "t.conf:1: policy_listen: \""), err.text);
	}
}

static void
test_config_bad_grammar_named_with_its_line(void **state)
{
	static const struct refusal cases[] = {
	    {"mode", "t.conf:1: the file ends in the middle of a setting"},
	    {"mode =\n", "t.conf:2: the file ends in the middle of a setting"},
	    {"mode enforce", "t.conf:1: there is no \"=\" after \"mode\""},
	    {"mode = { enforce }", "t.conf:1: \"{\" was not expected here"},
	    {"plan free {\n messages = { 5/1m 15/1h }\n}",
		"t.conf:2: \"15/1h\" was not expected here"},
	    {"\nplan free {\n\n messages = 5/1m\n",
		"t.conf:2: this \"{\" is not closed"},
	    {"plan free {\nplan gold {\n}\n}",
		"t.conf:2: \"{\" inside the braces of line 1: is a \"}\" "
		"missing before?"},
	    {"plan free {\nmessages = { 5/1m\nrecipients = { 9/1h }\n}",
		"t.conf:3: \"=\" inside the list of line 2: is a \"}\" missing "
		"before?"},
	    {"mode = observe\n}", "t.conf:2: \"}\" closes nothing"},
	    {"plan { }", "t.conf:1: there is no name after \"plan\""},
	    {"sender = { }",
		"t.conf:1: there is no \"{\" to begin the block \"sender\""},
	    {"= 5", "t.conf:1: there is no key before \"=\""},
	    {"mode = enforce, log_level = info",
		"t.conf:1: \",\" was not expected here"},
	    {"state_dir = \"/a\nmode = enforce\n",
		"t.conf:1: the quotation mark is not closed on this line"},
	    {"\nstate_dir = '/a\n",
		"t.conf:2: the quotation mark is not closed on this line"},
	    {"state_dir = \"/${HOME\"",
		"t.conf:1: \"${\" is not closed by \"}\""},
	    {"state_dir = \"/\\101\"",
		"t.conf:1: the backslash stands before nothing that it could "
		"escape"},
	    {"mode = observe\n/* never\nclosed\n",
		"t.conf:2: the comment that begins here is not closed"},
	    {"\"mode\" = observe",
		"t.conf:1: quotation marks may stand around values only"},
	    {"mode = observe \"plan=x|mode\" = { }",
		"t.conf:1: quotation marks may stand around values only"},
	    {"include \"x\"",
		"t.conf:1: quotation marks may stand around values only"},
	    {"include = x", "t.conf:1: write include(\"FILE\")"},
	    {"include(x)",
		"t.conf:1: round brackets have no meaning here: write "
		"include(\"FILE\")"},
	    {"include(\"a\", \"b\")",
		"t.conf:1: round brackets have no meaning here: write "
		"include(\"FILE\")"},
	    {"include(\"a\"",
		"t.conf:1: round brackets have no meaning here: write "
		"include(\"FILE\")"},
	    {"help_url = https://example.com/x",
		"t.conf:1: the character / needs quotation marks around the "
		"whole value"},
	    {"state_dir = /var/lib/postern/",
		"t.conf:1: the character / needs quotation marks around the "
		"whole value"},
	    {"max_connections = +5",
		"t.conf:1: the character + needs quotation marks around the "
		"whole value"},
	    {"plan free { messages += { 5/1m } }",
		"t.conf:1: the character + needs quotation marks around the "
		"whole value"},
	    {"sender|policy = reject",
		"t.conf:1: the character | needs quotation marks around the "
		"whole value"},
	    {"mode = \x01",
		"t.conf:1: only printable ASCII may stand outside quotation "
		"marks"},
	    {"mode = \xc3\xa9",
		"t.conf:1: only printable ASCII may stand outside quotation "
		"marks"},
	};

	(void)state;
	config_check_refused(cases, PT_ARRAY_LEN(cases));
}

static void
test_config_given_twice_refused_with_both_lines(void **state)
{
	static const struct refusal cases[] = {
	    {"mode = observe\n\nmode = enforce",
		"t.conf:3: \"mode\" is given twice; the first is in line 1"},
	    {"plan free {\nmessages = { }\nmessages = 5/1m\n}",
		"t.conf:3: \"messages\" is given twice; the first is in line "
		"2"},
	    {"sender { }\nsender { }",
		"t.conf:2: \"sender\" is given twice; the first is in line 1"},
	    {"plan free { }\nplan gold { }\nplan \"free\" { }",
		"t.conf:3: \"free\" is given twice; the first is in line 1"},
	};

	(void)state;
	config_check_refused(cases, PT_ARRAY_LEN(cases));
	/* The same key in two blocks is another thing. */
	struct pt_config *config = NULL;
	struct pt_err err;

	assert_int_equal(
	    pt_config_parse("t.conf",
		"plan free { sessions = 1 } plan gold { sessions = 2 }",
		&config, &err),
	    0);
	pt_config_free(config);
}

static void
test_config_bad_plan_name_or_default_refused(void **state)
{
	static const struct refusal cases[] = {
	    {"plan Free { }",
		"t.conf:1: \"Free\" cannot name a plan: use up to 32 of a-z, "
		"0-9, - and _"},
	    {"plan \"\" { }",
		"t.conf:1: \"\" cannot name a plan: use up to 32 of a-z, 0-9, "
		"- and _"},
	    {"plan abcdefghijklmnopqrstuvwxyz0123456 { }",
		"t.conf:1: \"abcdefghijklmnopqrstuvwxyz0123456\" cannot name a "
		"plan: use up to 32 of a-z, 0-9, - and _"},
	    {"default_plan = \"a b\"",
		"t.conf:1: default_plan: \"a b\" cannot name a plan: use up to "
		"32 of a-z, 0-9, - and _"},
	    {"\nplan gold { }",
		"t.conf:2: default_plan: there is no plan \"free\"; write it, "
		"or set default_plan to another one"},
	    {"plan gold { }\n\ndefault_plan = silver",
		"t.conf:3: default_plan: there is no plan \"silver\""},
	};

	(void)state;
	config_check_refused(cases, PT_ARRAY_LEN(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_config_unknown_key_named_with_nearest),
	    cmocka_unit_test(test_config_bad_value_named_with_its_line),
	    cmocka_unit_test(test_config_bad_listen_address_refused),
	    cmocka_unit_test(test_config_bad_grammar_named_with_its_line),
	    cmocka_unit_test(test_config_given_twice_refused_with_both_lines),
	    cmocka_unit_test(test_config_bad_plan_name_or_default_refused),
	};

	return cmocka_run_group_tests_name("config_errors", tests, NULL, NULL);
}
