/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the doctor finds in the configuration of Dovecot. */

#include "tests/unit/ctl_dovecot_fixture.h"

static void
a_good_site_is_all_green(void **state)
{
	const struct dovecot_fixture *f = *state;
	static const char *const said[] = {"Postern is asked first",
	    "Postern's answer is final", "left to passdb passwd-file",
	    "plain login serves app passwords",
	    "keeps answers of other passdbs", "passes on the session's token",
	    "postern and imap_postern", "postern and pop3_postern",
	    "one session a mailbox", "modules lie",
	    "encrypted connections only", "policyd listens at",
	    "may connect to"};
	struct diagnosis diagnosis;
	unsigned version;
	size_t i;

	for (version = 0; version < 2; version++) {
		examine_change(f, version == 1, NULL, NULL, &diagnosis);
		if (diagnosis.problems != 0 ||
		    strstr(diagnosis.text, "note\t") != NULL)
			fail_msg("%s", diagnosis.text);
		for (i = 0; i < PT_ARRAY_LEN(said); i++)
			(void)find(&diagnosis, "ok", said[i]);
		free(diagnosis.text);
	}
}

struct mistake {
	bool is_24;
	const char *from;
	const char *to;
	const char *level;
	const char *what;
	const char *lines; /* with \x0A, as the report prints them */
};

#define NL "\\x0A"

#define BLOCK_23                              \
	"passdb {" NL "  driver = postern" NL \
	"  result_failure = return-fail" NL   \
	"  result_internalfail = return-fail" NL "}"
#define BLOCK_24                                      \
	"passdb postern {" NL "  driver = postern" NL \
	"  result_failure = return-fail" NL           \
	"  result_internalfail = return-fail" NL "}"

static void
check_mistakes(
    const struct dovecot_fixture *f, const struct mistake *mistakes, size_t n)
{
	struct diagnosis diagnosis;
	const char *line;
	const char *lines;
	size_t i;

	for (i = 0; i < n; i++) {
		examine_change(f, mistakes[i].is_24, mistakes[i].from,
		    mistakes[i].to, &diagnosis);
		line = find(&diagnosis, mistakes[i].level, mistakes[i].what);
		lines = strstr(line, mistakes[i].lines);
		if (lines == NULL || lines > strchr(line, '\n'))
			fail_msg("%zu: %s", i, line);
		if (strcmp(mistakes[i].level, "problem") == 0)
			assert_int_equal(diagnosis.problems, 1);
		else
			assert_int_equal(diagnosis.problems, 0);
		free(diagnosis.text);
	}
}

static void
each_mistake_about_passwords_is_found(void **state)
{
	static const struct mistake mistakes[] = {
	    {false, "  master = yes\n", "", "problem",
		"passdb passwd-file is asked before Postern", BLOCK_23},
	    {true, "  master = yes\n", "", "problem",
		"passdb masters is asked before Postern", BLOCK_24},
	    {false, "  driver = postern\n", "  driver = pam\n", "problem",
		"there is no passdb postern", BLOCK_23},
	    {true, "passdb postern {", "passdb pam {", "problem",
		"there is no passdb postern", BLOCK_24},
	    {false, "  result_failure = return-fail\n", "", "problem",
		"after Postern's no the next passdb is asked", BLOCK_23},
	    {true, "  result_failure = return-fail\n",
		"  result_failure = continue\n", "problem",
		"after Postern's no the next passdb is asked", BLOCK_24},
	    {false, "  result_internalfail = return-fail\n", "", "problem",
		"while Postern's state cannot be read", BLOCK_23},
	    {true, "  result_internalfail = return-fail\n", "", "problem",
		"while Postern's state cannot be read", BLOCK_24},
	    {false, "  driver = postern\n",
		"  args = config=" SITE_FILE "\n  driver = postern\n"
		"  result_success = continue\n",
		"problem", "Postern's yes is not final",
		"  args = config=" SITE_FILE NL},
	    {true, "passdb postern {\n",
		"passdb postern {\n  skip = unauthenticated\n", "problem",
		"asked only after another passdb said yes", BLOCK_24},
	    {true, "passdb postern {\n", "passdb postern {\n  master = yes\n",
		"problem", "neither a master nor a deny passdb", BLOCK_24},
	    {false, "auth_mechanisms = plain login\n",
		"auth_mechanisms = plain login cram-md5\n", "problem",
		"choose cram-md5 cannot log in",
		"auth_mechanisms = plain login"},
	    {true, "auth_mechanisms = plain login\n",
		"auth_mechanisms = plain SCRAM-SHA-256\n", "problem",
		"choose SCRAM-SHA-256 cannot log in",
		"auth_mechanisms = plain login"},
	    {false, "auth_mechanisms = plain login\n",
		"auth_mechanisms = plain gssapi\n", "note",
		"gssapi is no login with a password",
		"auth_mechanisms = plain login"},
	    {false,
		"passdb {\n"
		"  args = scheme=SHA512-CRYPT /etc/dovecot/users\n"
		"  driver = passwd-file\n"
		"}\n",
		"", "note", "no passdb follows Postern", ""},
	};

	check_mistakes(*state, mistakes, PT_ARRAY_LEN(mistakes));
}

static void
each_mistake_about_sessions_is_found(void **state)
{
	static const struct mistake mistakes[] = {
	    {false,
		"userdb {\n  driver = prefetch\n"
		"  result_success = continue\n}\n",
		"", "problem", "there is no userdb prefetch",
		"userdb {" NL "  driver = prefetch" NL
		"  result_success = continue" NL "}"},
	    {true, "userdb prefetch {\n  result_success = continue\n}\n", "",
		"problem", "there is no userdb prefetch",
		"userdb prefetch {" NL "  driver = prefetch" NL
		"  result_success = continue" NL "}"},
	    {false, "  driver = prefetch\n  result_success = continue\n",
		"  driver = prefetch\n", "problem",
		"it knows neither uid nor home", "  result_success = continue"},
	    {false, "  driver = prefetch\n  result_success = continue\n",
		"  driver = prefetch\n  result_success = continue-ok\n",
		"problem", "result_success of userdb prefetch must be continue",
		"  result_success = continue"},
	    {true, "userdb prefetch {", "userdb passwd {\n}\nuserdb prefetch {",
		"problem", "another userdb comes before prefetch",
		"userdb prefetch {"},
	    {true,
		"userdb passwd-file {\n"
		"  passwd_file_path = /etc/dovecot/users\n}\n",
		"", "problem", "no userdb follows prefetch", ""},
	    {false, "quota imap_quota postern imap_postern", "quota imap_quota",
		"problem", "does not load the plugins postern and imap_postern",
		"protocol imap {" NL
		"  mail_plugins = quota imap_quota postern imap_postern" NL
		"}"},
	    {false, "quota postern pop3_postern", "quota postern", "problem",
		"does not load the plugin pop3_postern",
		"  mail_plugins = quota postern pop3_postern" NL},
	    {true, "    imap_postern = yes\n", "    imap_postern = no\n",
		"problem", "does not load the plugin imap_postern",
		"protocol imap {" NL "  mail_plugins {" NL
		"    postern = yes" NL "    imap_postern = yes" NL "  }" NL
		"}"},
	    {false, "  pop3_lock_session = yes\n", "", "problem",
		"pop3_lock_session must be yes", "  pop3_lock_session = yes"},
	    {true, "  pop3_lock_session = yes\n", "", "problem",
		"pop3_lock_session must be yes", "  pop3_lock_session = yes"},
	    {false, "quota sieve", "quota sieve postern", "note",
		"loads a plugin of Postern, which does nothing there", ""},
	    {true, "  quota = yes\n", "  quota = yes\n  postern = yes\n",
		"note", "loads a plugin of Postern, which does nothing there",
		""},
	    {false, "ssl = required\n", "ssl = no\n", "problem",
		"require_tls is yes in postern.conf", "ssl = yes"},
	    {false, "ssl = required\n",
		"ssl = yes\ndisable_plaintext_auth = no\n", "note",
		"in the clear", "disable_plaintext_auth = yes"},
	    {true, "ssl = required\n",
		"ssl = yes\nauth_allow_cleartext = yes\n", "note",
		"in the clear", "auth_allow_cleartext = no"},
	    {false, "ssl = required\n",
		"ssl = yes\nlogin_trusted_networks = 192.0.2.7 10.0.0.0/8\n",
		"note", "webmail in 192.0.2.7 is in login_trusted_networks",
		""},
	    {true, "ssl = required\n",
		"ssl = yes\nlogin_trusted_networks = 10.0.0.0/8\n", "note",
		"10.0.0.0/8 is in login_trusted_networks, but not in", ""},
	    {false, "ssl = required\n",
		"ssl = yes\ndoveadm_api_key = # hidden, use -P to show it\n",
		"note", "may do all that doveadm can",
		"doveadm_allowed_commands = postern enable,postern disable,"
		"postern status,postern password create,postern password list,"
		"postern password revoke,postern password changed"},
	    {true, "ssl = required\n", "ssl = yes\ndoveadm_api_key = key\n",
		"note", "may do all that doveadm can",
		"doveadm_allowed_commands {" NL
		"  \\x22postern enable\\x22 = yes" NL},
	    {false, "plugin {\n", "plugin {\n  postern_config = /etc/other\n",
		"note", "doveadm reads /etc/other",
		"postern_config = " SITE_FILE},
	    {true, "passdb postern {\n",
		"passdb postern {\n  postern_config = /etc/other\n", "note",
		"passdb postern reads /etc/other",
		"postern_config = " SITE_FILE},
	    {false, "postern_session_socket = @DIR@/session.sock",
		"postern_session_socket = /run/other.sock", "problem",
		"connect to /run/other.sock, but policyd does not listen there",
		"session_listen = { \\x22unix:/run/other.sock\\x22 }"},
	};

	check_mistakes(*state, mistakes, PT_ARRAY_LEN(mistakes));
}

static void
each_mistake_about_mailboxes_is_found(void **state)
{
	static const struct mistake mistakes[] = {
	    {false, "mail_location = maildir:~/mail",
		"mail_location = mbox:~/mail:INBOX=/var/mail/%u", "problem",
		"INBOX is kept as mbox", "imap_check = refuse"},
	    {true, "mail_driver = maildir", "mail_driver = mbox", "problem",
		"plan free refuse early logins", "imap_check = refuse"},
	    {false, "  location = \n", "  location = mbox:~/mbox\n", "problem",
		"INBOX is kept as mbox", "imap_check = refuse"},
	    {true, "userdb passwd-file {\n", "userdb passwd {\n", "note",
		"system users have no domain",
		"auth_username_format = %{user | username | lower}"},
	    {false,
		"userdb {\n  args = /etc/dovecot/users\n"
		"  driver = passwd-file\n}\n",
		"userdb {\n  driver = passwd\n}\n", "note", "finds no mailbox",
		"auth_username_format = %Ln"},
	};

	check_mistakes(*state, mistakes, PT_ARRAY_LEN(mistakes));
}

static void
system_users_need_a_domain_and_a_format_without_it(void **state)
{
	static const struct mistake no_domain[] = {
	    {false,
		"userdb {\n  args = /etc/dovecot/users\n"
		"  driver = passwd-file\n}\n",
		"userdb {\n  driver = passwd\n}\n", "problem",
		"passwd has users without a domain",
		"default_domain = \\x22example.com\\x22"},
	};
	static const char *const formats[] = {"%n", "%Ln", "%{username}"};
	struct dovecot_fixture f = *(struct dovecot_fixture *)*state;
	struct diagnosis diagnosis;
	char change[160];
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(formats); i++) {
		(void)snprintf(change, sizeof(change),
		    "  driver = passwd\n}\nauth_username_format = %s\n"
		    "userdb {\n  driver = passwd-file\n}\n",
		    formats[i]);
		examine_change(&f, false,
		    "  args = /etc/dovecot/users\n  driver = passwd-file\n}\n",
		    change, &diagnosis);
		assert_null(strstr(diagnosis.text, "system users"));
		assert_int_equal(diagnosis.problems, 0);
		free(diagnosis.text);
	}
	f.domain = "";
	check_mistakes(&f, no_domain, PT_ARRAY_LEN(no_domain));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_good_site_is_all_green),
	    cmocka_unit_test(each_mistake_about_passwords_is_found),
	    cmocka_unit_test(each_mistake_about_sessions_is_found),
	    cmocka_unit_test(each_mistake_about_mailboxes_is_found),
	    cmocka_unit_test(
		system_users_need_a_domain_and_a_format_without_it),
	};

	return cmocka_run_group_tests(tests, dovecot_set_up, dovecot_tear_down);
}
