/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The entries of sender { maps }: what they name, and what is refused. */
#include "core/config/map_spec.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static struct pt_map_spec
parse(const char *text)
{
	struct pt_map_spec spec;
	struct pt_err err;

	if (pt_map_spec_parse(text, &spec, &err) != 0)
		fail_msg("%s: %s", text, err.text);
	return spec;
}

static void
test_files_and_tables_are_named_by_their_path(void **state)
{
	struct pt_map_spec spec;

	(void)state;
	spec = parse("file:/etc/postern/senders");
	assert_int_equal(spec.type, PT_MAP_FILE);
	assert_string_equal(spec.path, "/etc/postern/senders");
	spec = parse("lmdb:/etc/postfix/a:b");
	assert_int_equal(spec.type, PT_MAP_LMDB);
	assert_string_equal(spec.path, "/etc/postfix/a:b");
}

static void
test_a_server_is_named_as_postfix_names_it(void **state)
{
	struct pt_map_spec spec;

	(void)state;
	spec = parse("socketmap:unix:/run/x.sock:senders");
	assert_int_equal(spec.type, PT_MAP_SOCKET);
	assert_true(spec.server.is_unix);
	assert_string_equal(spec.server.path, "/run/x.sock");
	assert_string_equal(spec.name, "senders");
	spec = parse("socketmap:inet:localhost:1234:senders");
	assert_false(spec.server.is_unix);
	assert_string_equal(spec.server.host, "localhost");
	assert_int_equal(spec.server.port, 1234);
	spec = parse("socketmap:inet:[::1]:25:s");
	assert_string_equal(spec.server.host, "::1");
	assert_string_equal(spec.name, "s");
}

static void
test_what_is_no_map_is_refused_with_what_is_possible(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
	    {"", "is no map that Postern can read: write file:/PATH"},
	    {"/etc/postern/senders", "is no map that Postern can read"},
	    {"mysql:/etc/postfix/m.cf", "is no map that Postern can read"},
	    {"hash:/etc/postfix/senders", "name the text file"},
	    {"texthash:/etc/postfix/senders", "name the text file"},
	    {"cdb:/etc/postfix/senders", "name the text file"},
	    {"file:senders", "does not name a file by an absolute path"},
	    {"file:", "does not name a file by an absolute path"},
	    {"file:/", "does not name a file by an absolute path"},
	    {"lmdb:/dir/", "does not name a file by an absolute path"},
	    {"socketmap:unix:/run/x.sock", "names no server"},
	    {"socketmap:unix:/run/x.sock:", "does not end in the name"},
	    {"socketmap:unix:/run/x.sock:a b", "does not end in the name"},
	    {"socketmap:unix:run/x.sock:a", "names no server"},
	    {"socketmap:inet:host:a", "names no server"},
	    {"socketmap:inet:host:0:a", "names no server"},
	    {"socketmap:tcp:host:1:a", "names no server"},
	    {"socketmap:", "does not end in the name"},
	};
	struct pt_map_spec spec;
	struct pt_err err;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		if (pt_map_spec_parse(rows[i].text, &spec, &err) == 0)
			fail_msg("%s is taken", rows[i].text);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		if (strstr(err.text, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].text, err.text);
	}
}

static void
test_what_is_too_long_is_refused(void **state)
{
	char text[PT_MAP_PATH_MAX + 64];
	struct pt_map_spec spec;
	struct pt_err err;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "file:/", 6);
	text[5 + PT_MAP_PATH_MAX] = '\0';
	(void)parse(text);
	text[5 + PT_MAP_PATH_MAX] = 'a';
	text[6 + PT_MAP_PATH_MAX] = '\0';
	assert_int_equal(pt_map_spec_parse(text, &spec, &err), -1);
	memcpy(text, "socketmap:unix:/x:", 18);
	text[18 + PT_MAP_NAME_MAX] = '\0';
	(void)parse(text);
	text[18 + PT_MAP_NAME_MAX] = 'a';
	text[19 + PT_MAP_NAME_MAX] = '\0';
	assert_int_equal(pt_map_spec_parse(text, &spec, &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_files_and_tables_are_named_by_their_path),
	    cmocka_unit_test(test_a_server_is_named_as_postfix_names_it),
	    cmocka_unit_test(
		test_what_is_no_map_is_refused_with_what_is_possible),
	    cmocka_unit_test(test_what_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
