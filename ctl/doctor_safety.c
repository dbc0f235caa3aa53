/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: what happens while policyd is down or hangs, and what Postfix must
 * do by itself so that nobody walks around Postern.
 */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/span.h"
#include "ctl/doctor_milter.h"
#include "ctl/doctor_service.h"

#define TIMEOUT_LONG 30

static void
say(const struct pc_service *service, enum pc_level level, const char *place,
    const char *line, const char *what)
{
	char under[PC_SERVICE_NAME_MAX + 32];
	const struct pc_fix fix = {place, line};
	struct pc_fix fix_here = {under, line};

	snprintf(under, sizeof(under), "master.cf, under %s", service->name);
	pc_doctor_say(service->doctor, level, service->name,
	    line == NULL    ? NULL
	    : place == NULL ? &fix_here
			    : &fix,
	    "%s", what);
}

/* How the lists should name the policy service, if they do it badly. */
static void
say_policy(
    const struct pc_service *service, enum pc_level level, const char *what)
{
	static const char *const lists[] = {"smtpd_recipient_restrictions",
	    "smtpd_data_restrictions", "smtpd_end_of_data_restrictions"};
	const char *endpoint = service->used.endpoint;
	char line[3 * PC_RESTRICT_LIST_MAX];
	struct pt_text text;
	size_t i;

	pt_text_init(&text, line, sizeof(line));
	for (i = 0; i < PT_ARRAY_LEN(lists); i++) {
		if (strstr(pc_service_setting(service, lists[i]), endpoint) !=
		    NULL)
			pc_service_add_line(service, lists[i], service->policy,
			    endpoint, &text);
	}
	/* Named in another list, or in a class of restrictions. */
	if (text.len == 0)
		pt_text_addf(&text, "check_policy_service %s", service->policy);
	say(service, level, NULL, line, what);
}

static void
check_default_action(const struct pc_service *service)
{
	const char *action = service->used.default_action;
	char what[512];

	if (action[0] == '\0')
		action = pc_service_setting(
		    service, "smtpd_policy_service_default_action");
	if (action[0] == '4' || strncasecmp(action, "defer", 5) == 0) {
		snprintf(what, sizeof(what),
		    "while policyd is down, mail is deferred (%.64s)", action);
		say(service, PC_LEVEL_OK, NULL, NULL, what);
	} else if (action[0] == '5' || strncasecmp(action, "reject", 6) == 0) {
		snprintf(what, sizeof(what),
		    "while policyd is down, mail is refused for good "
		    "(default_action is %.64s)",
		    action);
		say_policy(service, PC_LEVEL_PROBLEM, what);
	} else if (pc_milters_has_ours(service)) {
		snprintf(what, sizeof(what),
		    "while policyd is down, the milter alone judges and counts "
		    "mail (default_action is %.64s)",
		    action);
		say(service, PC_LEVEL_OK, NULL, NULL, what);
	} else {
		snprintf(what, sizeof(what),
		    "while policyd is down, mail passes and is not counted "
		    "(default_action is %.64s); leave default_action out to "
		    "be safe",
		    action);
		say_policy(service, PC_LEVEL_NOTE, what);
	}
}

int64_t
pc_service_time(const char *text)
{
	char with_unit[40];
	int64_t seconds;
	struct pt_err err;
	size_t len = strlen(text);

	if (len == 0 || len + 2 > sizeof(with_unit))
		return 0;
	snprintf(with_unit, sizeof(with_unit), "%s%s", text,
	    text[len - 1] >= '0' && text[len - 1] <= '9' ? "s" : "");
	return pt_span_parse(with_unit, &seconds, &err) == 0 ? seconds : 0;
}

static void
check_timeout(const struct pc_service *service)
{
	const char *timeout = service->used.timeout;
	char what[256];

	if (timeout[0] == '\0')
		timeout =
		    pc_service_setting(service, "smtpd_policy_service_timeout");
	if (pc_service_time(timeout) <= TIMEOUT_LONG)
		return;
	snprintf(what, sizeof(what),
	    "waits %.32s for an answer of policyd: if that hangs, so do all "
	    "clients; timeout=5s is plenty",
	    timeout);
	say_policy(service, PC_LEVEL_NOTE, what);
}

static bool
has_restriction(const struct pc_service *service, const char *word)
{
	static const char *const lists[] = {"smtpd_sender_restrictions",
	    "smtpd_recipient_restrictions", "smtpd_relay_restrictions",
	    "smtpd_client_restrictions", "smtpd_helo_restrictions",
	    "smtpd_data_restrictions"};
	char list[PC_RESTRICT_LIST_MAX];
	struct pt_text text;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(lists); i++) {
		pt_text_init(&text, list, sizeof(list));
		pc_service_list(service, lists[i], &text);
		if (pc_restrict_has(list, word))
			return true;
	}
	return false;
}

/*
 * Postern checks the envelope sender itself; Postfix's own check still holds
 * while policyd is down and mail passes.
 */
static void
check_sender_login(const struct pc_service *service)
{
	const char *maps =
	    pc_service_setting(service, "smtpd_sender_login_maps");
	const char *senders =
	    pc_service_setting(service, "smtpd_sender_restrictions");
	bool checks = has_restriction(service,
			  "reject_authenticated_sender_login_mismatch") ||
		      has_restriction(service, "reject_sender_login_mismatch");
	char line[PC_RESTRICT_LIST_MAX];

	if (checks && maps[0] != '\0') {
		say(service, PC_LEVEL_OK, NULL, NULL,
		    "checks the envelope sender against "
		    "smtpd_sender_login_maps, too");
	} else if (checks) {
		say(service, PC_LEVEL_PROBLEM, "main.cf",
		    "smtpd_sender_login_maps = "
		    "hash:/etc/postfix/sender_login",
		    "rejects every sender that does not belong to the login, "
		    "but smtpd_sender_login_maps says to whom any belongs: "
		    "it is empty");
	} else if (pc_milters_has_ours(service)) {
		say(service, PC_LEVEL_OK, NULL, NULL,
		    "leaves the envelope sender to policyd and the milter");
	} else if (maps[0] == '\0') {
		/* The restriction without a map would refuse every sender. */
		say(service, PC_LEVEL_NOTE, "main.cf",
		    "smtpd_sender_login_maps = "
		    "hash:/etc/postfix/sender_login",
		    "leaves the envelope sender to Postern alone; if Postfix "
		    "is to check it also while policyd is down, name first a "
		    "table of who owns which address, and run doctor again");
	} else {
		snprintf(line, sizeof(line),
		    "-o { smtpd_sender_restrictions = "
		    "reject_authenticated_sender_login_mismatch%s%s }",
		    senders[0] == '\0' ? "" : ", ", senders);
		say(service, PC_LEVEL_NOTE, NULL, line,
		    "leaves the envelope sender to Postern alone; with this "
		    "line Postfix checks it against smtpd_sender_login_maps "
		    "also while policyd is down");
	}
}

static bool
is_one_of(const char *value, const char *const *good, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcasecmp(value, good[i]) == 0)
			return true;
	}
	return false;
}

/* SMTP smuggling (CVE-2023-51764): one login's message holding another's. */
static void
check_bare_newline(const struct pc_service *service)
{
	static const char name[] = "smtpd_forbid_bare_newline";
	static const char *const good[] = {"yes", "normalize", "reject"};
	const char *value = pc_service_setting(service, name);
	char what[256];

	if (pc_settings_get(&service->postfix->defaults, name) == NULL) {
		if (has_restriction(service, "reject_unauth_pipelining"))
			return;
		say(service, PC_LEVEL_PROBLEM, "main.cf",
		    "smtpd_data_restrictions = reject_unauth_pipelining",
		    "this Postfix is too old to forbid bare newlines (SMTP "
		    "smuggling, CVE-2023-51764): update it");
		return;
	}
	if (is_one_of(value, good, PT_ARRAY_LEN(good))) {
		snprintf(what, sizeof(what),
		    "a bare newline cannot smuggle messages in (%s = %.16s)",
		    name, value);
		say(service, PC_LEVEL_OK, NULL, NULL, what);
		return;
	}
	snprintf(what, sizeof(what),
	    "a bare newline can smuggle in a second message that no check "
	    "sees (CVE-2023-51764): %s is %.16s",
	    name, value);
	if (pc_service_has_option(service, name))
		say(service, PC_LEVEL_PROBLEM, NULL,
		    "-o smtpd_forbid_bare_newline=normalize", what);
	else
		say(service, PC_LEVEL_PROBLEM, "main.cf",
		    "smtpd_forbid_bare_newline = normalize", what);
}

void
pc_doctor_safety(struct pc_service *service)
{
	if (service->ways > 0) {
		check_default_action(service);
		check_timeout(service);
	}
	check_sender_login(service);
	check_bare_newline(service);
}
