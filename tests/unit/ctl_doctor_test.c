/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The doctor's view of Postfix, from what postconf printed. */

#include "ctl/doctor.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

#define SOCKET "unix:/var/spool/postfix/postern/policy.sock"
#define MILTER "unix:/var/spool/postfix/postern/milter.sock"

#define POLICY "check_policy_service { unix:postern/policy.sock, timeout=5s }"

#define RCPT(list) "sub/inet/smtpd_recipient_restrictions = " list "\n"
#define DATA(list) "sub/inet/smtpd_data_restrictions = " list "\n"
#define END(list)  "sub/inet/smtpd_end_of_data_restrictions = " list "\n"

#define GOOD_RCPT RCPT(POLICY ", permit_sasl_authenticated, reject")
#define GOOD_END  END(POLICY)

/* What a well-configured Postfix 3.7.11 has to say. */
static const char main_good[] =
    "compatibility_level = 3.6\n"
    "default_process_limit = 100\n"
    "queue_directory = /var/spool/postfix\n"
    "smtpd_client_restrictions =\n"
    "smtpd_data_restrictions =\n"
    "smtpd_delay_reject = yes\n"
    "smtpd_end_of_data_restrictions =\n"
    "smtpd_forbid_bare_newline = normalize\n"
    "smtpd_policy_service_default_action = 451 4.3.5 Server configuration "
    "problem\n"
    "smtpd_policy_service_timeout = 100s\n"
    "smtpd_recipient_restrictions =\n"
    "smtpd_relay_restrictions = permit_mynetworks, "
    "permit_sasl_authenticated, defer_unauth_destination\n"
    "smtpd_sasl_auth_enable = no\n"
    "smtpd_sender_login_maps = hash:/etc/postfix/logins\n"
    "smtpd_sender_restrictions = "
    "reject_authenticated_sender_login_mismatch\n";

static const char services_good[] = "smtp/inet/chroot = y\n"
				    "smtp/inet/process_limit = -\n"
				    "smtp/inet/command = smtpd\n"
				    "sub/inet/chroot = y\n"
				    "sub/inet/process_limit = -\n"
				    "sub/inet/command = smtpd -o x=y\n"
				    "cleanup/unix/chroot = y\n"
				    "cleanup/unix/command = cleanup\n";

#define SASL "sub/inet/smtpd_sasl_auth_enable = yes\n"

struct diagnosis {
	char *text;
	unsigned problems;
};

static void
read_settings(struct pc_settings *out, const char *one, const char *two)
{
	size_t cap = strlen(one) + strlen(two) + 1;
	char *text = malloc(cap);
	struct pt_err err;

	assert_non_null(text);
	/* What comes first holds, so the change stands before the rest. */
	(void)snprintf(text, cap, "%s%s", one, two);
	assert_int_equal(pc_settings_parse(text, out, &err), 0);
}

struct patient {
	const char *main;     /* lines that differ in main.cf */
	const char *services; /* in the columns of master.cf */
	const char *options;  /* "-o" */
	const char *listen;
};

/* "defaults" are what postconf -d has that is asked for. */
static void
examine_with(
    const struct patient *patient, const char *defaults, struct diagnosis *out)
{
	struct pt_config config = {.max_connections = {true, 150}};
	struct pc_call call = {.config = &config, .now = TEST_NOW};
	struct pc_doctor doctor = {
	    .call = &call, .listen = &patient->listen, .listen_count = 1};
	struct pc_postfix postfix;
	struct pt_err err;
	FILE *stream;
	size_t len;

	read_settings(&postfix.main, patient->main, main_good);
	read_settings(&postfix.defaults, defaults, "");
	read_settings(&postfix.services, patient->services, services_good);
	read_settings(&postfix.options, patient->options, SASL);
	postfix.queue_directory = "/var/spool/postfix";
	stream = open_memstream(&out->text, &len);
	assert_non_null(stream);
	call.out = pc_output_new(stream, PC_FORMAT_TAB, TEST_NOW);
	assert_non_null(call.out);
	(void)snprintf(
	    config.milter_listen, sizeof(config.milter_listen), "%s", MILTER);
	pc_doctor_begin(&doctor);
	pc_doctor_services(&doctor, &postfix);
	assert_int_equal(pc_output_end(call.out, &err), 0);
	pc_output_free(call.out);
	assert_int_equal(fclose(stream), 0);
	pc_doctor_postfix_clear(&postfix);
	out->problems = doctor.problems;
}

static void
examine(const struct patient *patient, struct diagnosis *out)
{
	examine_with(patient, "smtpd_forbid_bare_newline = no\n", out);
}

static void
a_good_postfix_is_all_green(void **state)
{
	static const struct patient patients[] = {
	    {"", "", GOOD_RCPT GOOD_END, SOCKET},
	    /* not chrooted, and by its whole path */
	    {"", "sub/inet/chroot = n\n",
		RCPT("check_policy_service { " SOCKET
		     ", timeout=5s }, permit_sasl_authenticated")
		    END("check_policy_service { " SOCKET ", timeout=5s }"),
		SOCKET},
	    {"smtpd_policy_service_timeout = 5s\n", "",
		RCPT("check_policy_service inet:localhost:10045")
		    END("check_policy_service inet:localhost:10045"),
		"inet:127.0.0.1:10045"},
	    /* asked where delayed restrictions are */
	    {"", "",
		"sub/inet/smtpd_client_restrictions = " POLICY "\n" GOOD_END,
		SOCKET},
	    /* by a restriction class */
	    {"smtpd_restriction_classes = mua\nmua = " POLICY "\n", "",
		RCPT("mua, permit_sasl_authenticated") GOOD_END, SOCKET},
	};
	struct diagnosis diagnosis;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(patients); i++) {
		examine(&patients[i], &diagnosis);
		if (diagnosis.problems != 0 ||
		    strstr(diagnosis.text, "note\t") != NULL)
			fail_msg("%zu: %s", i, diagnosis.text);
		/* Services without SASL are none of our business. */
		assert_null(strstr(diagnosis.text, "\tsmtp\t"));
		free(diagnosis.text);
	}
}

static void
each_mistake_is_found_with_the_line_to_write(void **state)
{
	static const struct {
		struct patient patient;
		const char *level;
		const char *what;
		const char *line;
	} cases[] = {
	    {{"", "", GOOD_RCPT, SOCKET}, "problem",
		"nothing is counted, so no limit holds",
		"-o { smtpd_end_of_data_restrictions = " POLICY " }"},
	    {{"", "", RCPT("permit_sasl_authenticated, reject") GOOD_END,
		 SOCKET},
		"problem", "asks Postern for no recipient",
		"-o { smtpd_recipient_restrictions = " POLICY
		", permit_sasl_authenticated, reject }"},
	    {{"", "", DATA(POLICY) GOOD_END, SOCKET}, "note",
		"too many recipients are noticed late",
		"-o { smtpd_recipient_restrictions = " POLICY
		", permit_sasl_authenticated, reject }"},
	    {{"", "",
		 RCPT("permit_sasl_authenticated, " POLICY ", reject") GOOD_END,
		 SOCKET},
		"problem", "after permit_sasl_authenticated",
		"-o { smtpd_recipient_restrictions = " POLICY
		", permit_sasl_authenticated, reject }"},
	    {{"", "", GOOD_RCPT END("reject, " POLICY), SOCKET}, "problem",
		"what ends the list for everybody",
		"-o { smtpd_end_of_data_restrictions = " POLICY ", reject }"},
	    {{"", "", RCPT("permit_mynetworks, " POLICY) GOOD_END, SOCKET},
		"note", "lets clients in mynetworks pass",
		"-o { smtpd_recipient_restrictions = " POLICY
		", permit_mynetworks }"},
	    /* an absolute path within a chroot */
	    {{"", "", GOOD_RCPT END("check_policy_service " SOCKET), SOCKET},
		"problem",
		"is /var/spool/postfix/var/spool/postfix/postern/policy.sock",
		"-o { smtpd_end_of_data_restrictions = " POLICY},
	    /* a socket that nobody listens at */
	    {{"", "",
		 RCPT("check_policy_service unix:postern/old.sock, permit")
		     GOOD_END,
		 SOCKET},
		"problem", "policyd does not listen there",
		"-o { smtpd_recipient_restrictions = " POLICY ", permit }"},
	    {{"", "", GOOD_RCPT GOOD_END, "unix:/run/postern/policy.sock"},
		"problem", "cannot reach any address of policy_listen",
		"policy_listen = { \\x22unix:/var/spool/postfix/postern/"
		"policy.sock\\x22 }"},
	    {{"", "",
		 GOOD_RCPT END("check_policy_service { "
			       "unix:postern/policy.sock, timeout=5s, "
			       "default_action=DUNNO }"),
		 SOCKET},
		"note", "mail passes and is not counted", POLICY},
	    {{"smtpd_policy_service_default_action = REJECT\n", "",
		 GOOD_RCPT GOOD_END, SOCKET},
		"problem", "mail is refused for good", POLICY},
	    {{"", "",
		 RCPT("check_policy_service unix:postern/policy.sock")
		     END("check_policy_service unix:postern/policy.sock"),
		 SOCKET},
		"note", "waits 100s", POLICY},
	    {{"smtpd_forbid_bare_newline = no\n", "", GOOD_RCPT GOOD_END,
		 SOCKET},
		"problem", "CVE-2023-51764",
		"smtpd_forbid_bare_newline = normalize"},
	    {{"", "",
		 "sub/inet/smtpd_forbid_bare_newline = no\n" GOOD_RCPT GOOD_END,
		 SOCKET},
		"problem", "CVE-2023-51764",
		"-o smtpd_forbid_bare_newline=normalize"},
	    {{"smtpd_sender_restrictions = reject_unlisted_sender\n", "",
		 GOOD_RCPT GOOD_END, SOCKET},
		"note", "leaves the envelope sender to Postern alone",
		"-o { smtpd_sender_restrictions = "
		"reject_authenticated_sender_login_mismatch, "
		"reject_unlisted_sender }"},
	    {{"smtpd_sender_login_maps =\n", "", GOOD_RCPT GOOD_END, SOCKET},
		"problem", "it is empty", "smtpd_sender_login_maps = "},
	    /* without a table the restriction would refuse every sender */
	    {{"smtpd_sender_login_maps =\nsmtpd_sender_restrictions =\n", "",
		 GOOD_RCPT GOOD_END, SOCKET},
		"note", "leaves the envelope sender to Postern alone",
		"smtpd_sender_login_maps = "},
	    {{"default_process_limit = 500\n", "", GOOD_RCPT GOOD_END, SOCKET},
		"problem", "may open 500 connections", "max_connections = 500"},
	    {{"", "sub/inet/process_limit = 0\n", GOOD_RCPT GOOD_END, SOCKET},
		"note", "has no process limit", ""},
	    {{"", "", "sub/inet/smtpd_sasl_auth_enable = no\n", SOCKET},
		"problem", "no smtpd service in master.cf has SASL",
		"-o smtpd_sasl_auth_enable=yes"},
	};
	struct diagnosis diagnosis;
	const char *found;
	const char *line;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		examine(&cases[i].patient, &diagnosis);
		found = strstr(diagnosis.text, cases[i].what);
		if (found == NULL) {
			fail_msg("%zu: %s", i, diagnosis.text);
			return;
		}
		line = found;
		while (line > diagnosis.text && line[-1] != '\n')
			line--;
		if (strncmp(line, cases[i].level, strlen(cases[i].level)) != 0)
			fail_msg("%zu: %s", i, line);
		line = strstr(found, cases[i].line);
		if (line == NULL || line > strchr(found, '\n'))
			fail_msg("%zu: %s", i, found);
		if (strcmp(cases[i].level, "problem") == 0)
			assert_int_not_equal(diagnosis.problems, 0);
		free(diagnosis.text);
	}
}

/* Each way to name Postern is a connection of each process. */
static void
connections_are_counted_by_the_ways_to_name_postern(void **state)
{
	static const struct patient twice = {"", "",
	    GOOD_RCPT END("check_policy_service { unix:postern/policy.sock }"),
	    SOCKET};
	struct diagnosis diagnosis;

	(void)state;
	examine(&twice, &diagnosis);
	assert_non_null(
	    strstr(diagnosis.text, "Postfix may open 200 connections"));
	free(diagnosis.text);
}

static void
a_postfix_too_old_for_the_setting_is_told(void **state)
{
	static const struct patient old = {"", "", GOOD_RCPT GOOD_END, SOCKET};
	struct diagnosis diagnosis;

	(void)state;
	examine_with(&old, "smtpd_delay_reject = yes\n", &diagnosis);
	assert_non_null(strstr(diagnosis.text, "this Postfix is too old"));
	free(diagnosis.text);
}

/* It does all that policyd does for a message. */
static void
a_milter_judges_and_counts_while_policyd_is_down(void **state)
{
	static const char open_policy[] =
	    "check_policy_service { unix:postern/policy.sock, "
	    "default_action=DUNNO }";
	static const char *const milters[] = {
	    "", "sub/inet/smtpd_milters = unix:postern/milter.sock\n"};
	struct diagnosis diagnosis;
	char options[1024];
	const struct patient patient = {
	    "smtpd_sender_login_maps =\nsmtpd_sender_restrictions =\n", "",
	    options, SOCKET};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(milters); i++) {
		(void)snprintf(options, sizeof(options),
		    "%ssub/inet/smtpd_recipient_restrictions = %s\n"
		    "sub/inet/smtpd_end_of_data_restrictions = %s\n",
		    milters[i], open_policy, open_policy);
		examine(&patient, &diagnosis);
		assert_int_equal(strstr(diagnosis.text,
				     "mail passes and is not counted") == NULL,
		    i == 1);
		assert_int_equal(
		    strstr(diagnosis.text, "the milter alone "
					   "judges and counts") != NULL,
		    i == 1);
		assert_int_equal(
		    strstr(diagnosis.text,
			"sender to policyd and the milter") != NULL,
		    i == 1);
		free(diagnosis.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_good_postfix_is_all_green),
	    cmocka_unit_test(each_mistake_is_found_with_the_line_to_write),
	    cmocka_unit_test(
		connections_are_counted_by_the_ways_to_name_postern),
	    cmocka_unit_test(a_postfix_too_old_for_the_setting_is_told),
	    cmocka_unit_test(a_milter_judges_and_counts_while_policyd_is_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
