/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Is the milter attached as it should be?  From what postconf printed. */

#include "ctl/doctor.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/doctor_report.h"
#include "tests/unit/support/testing.h"

#define SOCKET "unix:/var/spool/postfix/postern/milter.sock"
#define OURS   "unix:postern/milter.sock"
#define DKIM   "inet:localhost:8891"
#define SUB(s) "sub/inet/" s "\n"
#define GOOD   SUB("smtpd_milters = " OURS ", " DKIM)
#define WORLD  "smtp/inet/smtpd_milters = " OURS "\n"
#define BOUNCES                                   \
	"internal_mail_filter_classes = bounce\n" \
	"non_smtpd_milters = " OURS "\n"

/* What Postfix 3.7.11 has to say. */
static const char main_good[] = "compatibility_level = 3.6\n"
				"internal_mail_filter_classes =\n"
				"mail_owner = postfix\n"
				"milter_command_timeout = 30s\n"
				"milter_connect_timeout = 30s\n"
				"milter_content_timeout = 300s\n"
				"milter_default_action = tempfail\n"
				"milter_protocol = 6\n"
				"non_smtpd_milters =\n"
				"queue_directory = /var/spool/postfix\n"
				"receive_override_options =\n"
				"smtpd_milter_maps =\n"
				"smtpd_milters =\n"
				"smtpd_sasl_auth_enable = no\n";

static const char services_good[] = "smtp/inet/chroot = y\n"
				    "smtp/inet/command = smtpd\n"
				    "sub/inet/chroot = y\n"
				    "sub/inet/command = smtpd -o x=y\n"
				    "cleanup/unix/chroot = y\n"
				    "cleanup/unix/command = cleanup\n";

struct patient {
	const char *main;     /* lines that differ in main.cf */
	const char *services; /* in the columns of master.cf */
	const char *options;  /* "-o" */
	const char *listen;   /* milter_listen */
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

/* "initial" are what postconf -d has that is asked for. */
static void
examine(const struct patient *patient, enum pt_sender_policy policy,
    const char *initial, struct doctor_diagnosis *out)
{
	struct pc_postfix postfix;
	struct doctor_report report;

	read_settings(&postfix.main, patient->main, main_good);
	read_settings(&postfix.defaults, initial, "");
	read_settings(&postfix.services, patient->services, services_good);
	read_settings(&postfix.options, patient->options,
	    "sub/inet/smtpd_sasl_auth_enable = yes\n");
	postfix.queue_directory = "/var/spool/postfix";
	doctor_report_begin(&report, patient->listen, out);
	report.config.sender.policy = policy;
	pc_doctor_milter(&report.doctor, &postfix);
	doctor_report_end(&report);
	pc_doctor_postfix_clear(&postfix);
}

static void
a_good_attachment_has_no_remarks(void **state)
{
	static const struct patient patients[] = {
	    {BOUNCES, "", GOOD WORLD, SOCKET},
	    {BOUNCES "smtpd_milters = " OURS "\n", "", "", SOCKET},
	    {BOUNCES, "",
		SUB("smtpd_milters = { " OURS
		    ", default_action=tempfail, connect_timeout=2s }") WORLD,
		SOCKET},
	    {BOUNCES, "sub/inet/chroot = n\n",
		SUB("smtpd_milters = local:/var/spool/postfix/postern/"
		    "milter.sock") WORLD,
		SOCKET},
	    {"internal_mail_filter_classes = bounce, notify\n"
	     "non_smtpd_milters = " DKIM ", inet:127.0.0.1:10046\n",
		"",
		SUB("smtpd_milters = inet:localhost:10046") "smtp/inet/"
							    "smtpd_milters = "
							    "inet:localhost:"
							    "10046\n",
		"inet:127.0.0.1:10046"},
	};
	struct doctor_diagnosis diagnosis;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(patients); i++) {
		examine(&patients[i], PT_SENDER_REJECT, "", &diagnosis);
		doctor_expect_line(
		    &diagnosis, i, "ok", "asks the milter about headers", "");
		doctor_expect_line(
		    &diagnosis, i, "ok", "mail is deferred (tempfail)", "");
		doctor_expect_line(&diagnosis, i, "ok",
		    "sees the bounces that this Postfix makes", "");
		doctor_expect_line(
		    &diagnosis, i, "ok", "bounces of other hosts", "");
		if (strstr(diagnosis.text, "note\t") != NULL)
			fail_msg("%zu: %s", i, diagnosis.text);
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
		const char *fix;
	} cases[] = {
	    {{"", "", "", SOCKET}, "note", "anybody's address into From",
		"-o { smtpd_milters = " OURS " }"},
	    {{"smtpd_milters = " DKIM "\n", "", "", SOCKET}, "note",
		"does not ask the milter",
		"-o { smtpd_milters = " OURS ", " DKIM " }"},
	    {{"", "", "", ""}, "note", "milter_listen is empty",
		"milter_listen = "},
	    {{"", "", SUB("smtpd_milters = " SOCKET), SOCKET}, "problem",
		"is /var/spool/postfix/var/spool/postfix/postern/milter.sock",
		"-o { smtpd_milters = " OURS " }"},
	    {{"", "", SUB("smtpd_milters = unix:postern/old.sock, " DKIM),
		 SOCKET},
		"problem", "the milter does not listen there",
		"-o { smtpd_milters = " OURS ", " DKIM " }"},
	    {{"", "",
		 SUB("smtpd_milters = { unix:postern/old.sock, "
		     "default_action=tempfail }, " DKIM),
		 SOCKET},
		"problem", "the milter does not listen there",
		"-o { smtpd_milters = { " OURS
		", default_action=tempfail }, " DKIM " }"},
	    {{"", "",
		 SUB("smtpd_milters = " OURS " default_action=tempfail, " DKIM),
		 SOCKET},
		"problem", "names default_action=tempfail, which is no milter",
		"-o { smtpd_milters = { " OURS
		", default_action=tempfail }, " DKIM " }"},
	    {{"", "", "", "unix:/run/postern/milter.sock"}, "problem",
		"cannot reach milter_listen",
		"unix:/var/spool/postfix/postern/milter.sock"},
	    {{"", "", SUB("smtpd_milters = " DKIM ", " OURS), SOCKET}, "note",
		"the milter should come first",
		"-o { smtpd_milters = " OURS ", " DKIM " }"},
	    {{"receive_override_options = no_milters\n", "", GOOD, SOCKET},
		"problem", "has no_milters", ""},
	    {{"smtpd_milter_maps = cidr:/etc/postfix/x\n", "", GOOD, SOCKET},
		"note", "can take the milter away from some", ""},
	    {{"", "",
		 SUB("smtpd_milters = { " OURS ", default_action=accept }"),
		 SOCKET},
		"note", "mail passes with any From",
		"{ " OURS ", default_action=tempfail }"},
	    {{"milter_default_action = accept\n", "", GOOD, SOCKET}, "note",
		"mail passes with any From",
		"main.cf\tmilter_default_action = tempfail"},
	    {{"", "", GOOD SUB("milter_default_action = reject"), SOCKET},
		"problem", "refused for good",
		"-o milter_default_action=tempfail"},
	    {{"milter_default_action = shutdown\n", "", GOOD, SOCKET},
		"problem", "this Postfix does not know", "tempfail"},
	    {{"milter_protocol = 2\n", "", GOOD, SOCKET}, "problem",
		"version 2 of the milter protocol", "milter_protocol = 6"},
	    {{"milter_command_timeout = 3s\n", "", GOOD, SOCKET}, "note",
		"gives the milter up after 3s", "milter_command_timeout = 30s"},
	    {{"milter_connect_timeout = 5m\n", "", GOOD, SOCKET}, "note",
		"waits 5m for the milter", "milter_connect_timeout = 30s"},
	    {{"", "", GOOD WORLD, SOCKET}, "note",
		"bounces that this Postfix makes are not shown",
		"internal_mail_filter_classes = bounce\\x0Anon_smtpd_milters "
		"= " OURS},
	    {{"non_smtpd_milters = " OURS "\n", "", GOOD WORLD, SOCKET}, "note",
		"bounces that this Postfix makes are not shown",
		"main.cf\tinternal_mail_filter_classes = bounce"},
	    {{BOUNCES, "", GOOD, SOCKET}, "note",
		"bounces of other hosts are not shown",
		"under smtp\t-o { smtpd_milters = " OURS " }"},
	};
	struct doctor_diagnosis diagnosis;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		examine(&cases[i].patient, PT_SENDER_REJECT, "", &diagnosis);
		doctor_expect_line(
		    &diagnosis, i, cases[i].level, cases[i].what, cases[i].fix);
		free(diagnosis.text);
	}
}

static void
a_signer_before_a_milter_that_rewrites_is_a_problem(void **state)
{
	static const struct patient patient = {BOUNCES, "",
	    SUB("smtpd_milters = unix:opendkim/opendkim.sock, " OURS) WORLD,
	    SOCKET};
	struct doctor_diagnosis diagnosis;

	(void)state;
	examine(&patient, PT_SENDER_REWRITE, "", &diagnosis);
	doctor_expect_line(&diagnosis, 0, "problem", "break the signature",
	    "-o { smtpd_milters = " OURS ", unix:opendkim/opendkim.sock }");
	free(diagnosis.text);
}

static void
shutdown_is_fine_where_postfix_knows_it(void **state)
{
	static const struct patient patient = {
	    "milter_default_action = shutdown\n", "", GOOD, SOCKET};
	struct doctor_diagnosis diagnosis;

	(void)state;
	examine(&patient, PT_SENDER_REJECT,
	    "milter_default_action = shutdown\n", &diagnosis);
	doctor_expect_line(&diagnosis, 0, "ok", "turned away at once", "");
	free(diagnosis.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_good_attachment_has_no_remarks),
	    cmocka_unit_test(each_mistake_is_found_with_the_line_to_write),
	    cmocka_unit_test(
		a_signer_before_a_milter_that_rewrites_is_a_problem),
	    cmocka_unit_test(shutdown_is_fine_where_postfix_knows_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
