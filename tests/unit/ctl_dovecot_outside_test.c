/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the doctor looks at besides Dovecot's settings, and how it reads them.
 */

#include "tests/unit/ctl_dovecot_fixture.h"

static void
a_missing_module_is_named(void **state)
{
	const struct dovecot_fixture *f = *state;
	char path[256];
	struct diagnosis diagnosis;

	(void)snprintf(
	    path, sizeof(path), "%s/auth/libauthdb_postern.so", f->dir);
	assert_int_equal(unlink(path), 0);
	examine_change(f, true, NULL, NULL, &diagnosis);
	(void)find(&diagnosis, "problem", "auth/libauthdb_postern.so");
	assert_int_equal(diagnosis.problems, 1);
	free(diagnosis.text);
	make_file(f, "auth/libauthdb_postern.so");
}

/* The settings module is one of 2.4 alone. */
static void
the_settings_module_is_expected_by_2_4_alone(void **state)
{
	const struct dovecot_fixture *f = *state;
	char path[256];
	struct diagnosis diagnosis;

	(void)snprintf(
	    path, sizeof(path), "%s/settings/libpostern_settings.so", f->dir);
	assert_int_equal(unlink(path), 0);
	examine_change(f, false, NULL, NULL, &diagnosis);
	assert_int_equal(diagnosis.problems, 0);
	free(diagnosis.text);
	examine_change(f, true, NULL, NULL, &diagnosis);
	(void)find(&diagnosis, "problem", "settings/libpostern_settings.so");
	free(diagnosis.text);
	make_file(f, "settings/libpostern_settings.so");
}

static void
a_socket_that_mail_users_cannot_reach_is_a_problem(void **state)
{
	const struct dovecot_fixture *f = *state;
	struct diagnosis diagnosis;

	/* The directory is for its owner only, and the user is another. */
	examine_change(
	    f, false, "mail_uid = @UID@", "mail_uid = 54321", &diagnosis);
	(void)find(&diagnosis, "problem", "a mail user (54321) cannot connect");
	(void)find(&diagnosis, "problem", "chmod 0711");
	free(diagnosis.text);
	examine_change(f, true, "userdb passwd-file {\n",
	    "userdb static {\n  fields {\n    uid = 54321\n  }\n", &diagnosis);
	/* mail_uid comes before the userdb. */
	assert_int_equal(diagnosis.problems, 0);
	free(diagnosis.text);
	examine_change(f, true, "mail_uid = @UID@\n", "", &diagnosis);
	(void)find(&diagnosis, "problem", "a mail user (nobody) cannot");
	free(diagnosis.text);
}

static void
a_daemon_that_is_away_is_a_problem(void **state)
{
	const struct dovecot_fixture *f = *state;
	struct diagnosis diagnosis;
	char listen[200];
	const char *gone = listen + strlen("unix:");

	(void)snprintf(listen, sizeof(listen), "unix:%s/gone.sock", f->dir);
	examine(f, write_site(f, site_24, "@DIR@/session.sock", gone), listen,
	    &diagnosis);
	(void)find(&diagnosis, "problem", "cannot look at the socket");
	assert_non_null(strstr(diagnosis.text, "postern-policyd"));
	free(diagnosis.text);
}

static void
a_site_without_session_listen_is_told(void **state)
{
	const struct dovecot_fixture *f = *state;
	struct diagnosis diagnosis;

	examine(f, write_site(f, site_23, NULL, NULL), "", &diagnosis);
	(void)find(&diagnosis, "note", "session_listen is empty");
	assert_int_equal(diagnosis.problems, 0);
	free(diagnosis.text);
}

/* Whoever uses the sending quotas alone is not bothered. */
static void
a_dovecot_without_postern_is_left_alone(void **state)
{
	static const char *const sites[] = {
	    "# 2.3.19.1 (9b53102964): /etc/dovecot/dovecot.conf\n"
	    "auth_mechanisms = plain cram-md5\n"
	    "passdb {\n  driver = pam\n}\n"
	    "ssl = no\n",
	    "# 2.4.1-4 (7d8c0e5759): /etc/dovecot/dovecot.conf\n"
	    "passdb pam {\n}\n"};
	const struct dovecot_fixture *f = *state;
	struct diagnosis diagnosis;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(sites); i++) {
		examine(f, write_site(f, sites[i], NULL, NULL), "", &diagnosis);
		(void)find(&diagnosis, "note", "does not use Postern");
		assert_null(strstr(diagnosis.text, "ok\t"));
		assert_int_equal(diagnosis.problems, 0);
		free(diagnosis.text);
	}
}

static void
an_api_that_is_bounded_is_left_alone(void **state)
{
	static const struct {
		bool is_24;
		const char *lines;
	} sites[] = {
	    {false, "ssl = yes\ndoveadm_api_key = key\n"
		    "doveadm_allowed_commands = postern enable\n"},
	    {true, "ssl = yes\ndoveadm_api_key = key\n"
		   "doveadm_allowed_commands {\n"
		   "  \"postern enable\" = yes\n}\n"},
	};
	const struct dovecot_fixture *f = *state;
	struct diagnosis diagnosis;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(sites); i++) {
		examine_change(f, sites[i].is_24, "ssl = required\n",
		    sites[i].lines, &diagnosis);
		assert_null(strstr(diagnosis.text, "doveadm_api_key"));
		assert_null(strstr(diagnosis.text, "note\t"));
		free(diagnosis.text);
	}
}

/* One that only answers Postfix's questions about logins. */
static void
a_dovecot_without_mailboxes_has_no_sessions(void **state)
{
	const struct dovecot_fixture *f = *state;
	struct diagnosis diagnosis;

	examine_change(f, false, "protocols = \" imap lmtp sieve pop3\"\n", "",
	    &diagnosis);
	(void)find(&diagnosis, "ok", "serves neither imap nor pop3");
	assert_int_equal(diagnosis.problems, 0);
	assert_null(strstr(diagnosis.text, "prefetch"));
	assert_null(strstr(diagnosis.text, "session.sock"));
	free(diagnosis.text);
}

static void
lists_are_joined_as_dovecot_does(void **state)
{
	static const struct {
		const char *conf;
		const char *protocol;
		const char *list;
	} cases[] = {
	    {"mail_plugins = a b\n", "imap", "a b"},
	    {"mail_plugins = a b\nprotocol imap {\n  mail_plugins = c\n}\n",
		"imap", "c"},
	    {"mail_plugins = a\nprotocol imap {\n  mail_plugins = c\n}\n",
		"pop3", "a"},
	    {"mail_plugins = a\nprotocol !imap {\n  mail_plugins = c\n}\n",
		"pop3", "c"},
	    {"mail_plugins {\n  a = yes\n  b = yes\n}\n"
	     "protocol imap {\n  mail_plugins {\n    c = yes\n    a = no\n"
	     "  }\n}\n",
		"imap", "b c"},
	    {"mail_plugins {\n  a = yes\n}\n"
	     "protocol imap {\n  mail_plugins = c\n}\n",
		"imap", "c"},
	    {"mail_plugins = \" a\"\n", "imap", "a"},
	    {"", "imap", ""},
	};
	struct pc_dovecot dovecot = {0};
	struct pt_text text;
	struct pt_err err;
	char list[256];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(
		    pc_blocks_parse(strdup(cases[i].conf), &dovecot.conf, &err),
		    0);
		pt_text_init(&text, list, sizeof(list));
		pc_dovecot_list(
		    &dovecot, cases[i].protocol, "mail_plugins", "", &text);
		assert_string_equal(list, cases[i].list);
		pc_dovecot_clear(&dovecot);
	}
}

static void
what_doveconf_never_prints_is_refused(void **state)
{
	static const char *const texts[] = {"", "passdb {\n}\n",
	    "# 2.3.19.1 (x): y\npassdb {\n", "# 2.3.19.1 (x): y\n}\n",
	    "# 2.2.36 (x): y\n", "doveconf: Fatal: no\n"};
	struct pc_dovecot dovecot;
	struct pt_err err;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(texts); i++) {
		memset(&dovecot, 0, sizeof(dovecot));
		assert_int_equal(
		    pc_dovecot_parse(strdup(texts[i]), &dovecot, &err), -1);
		assert_string_not_equal(err.text, "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_missing_module_is_named),
	    cmocka_unit_test(the_settings_module_is_expected_by_2_4_alone),
	    cmocka_unit_test(
		a_socket_that_mail_users_cannot_reach_is_a_problem),
	    cmocka_unit_test(a_daemon_that_is_away_is_a_problem),
	    cmocka_unit_test(a_site_without_session_listen_is_told),
	    cmocka_unit_test(a_dovecot_without_postern_is_left_alone),
	    cmocka_unit_test(an_api_that_is_bounded_is_left_alone),
	    cmocka_unit_test(a_dovecot_without_mailboxes_has_no_sessions),
	    cmocka_unit_test(lists_are_joined_as_dovecot_does),
	    cmocka_unit_test(what_doveconf_never_prints_is_refused),
	};

	return cmocka_run_group_tests(tests, dovecot_set_up, dovecot_tear_down);
}
