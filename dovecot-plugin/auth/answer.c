/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/auth/answer.h"

#include <stdio.h>
#include <string.h>

#include "core/base/session_protocol.h"
#include "core/rules/token.h"
#include "dovecot-plugin/auth/guesses.h"
#include "dovecot-plugin/auth/mismatch.h"
#include "dovecot-plugin/auth/report.h"
#include "dovecot-plugin/auth/state.h"

/*
 * The name in the spelling of the account, for userdb and for Postfix: where
 * the site has no auth_username_format, capitals would else open a mailbox of
 * their own.  A bare name stays bare, because that may be what the site's
 * userdb knows its users by.
 */
static void
add_user(const struct dp_login *login)
{
	const char *spelled = login->request->fields.user;
	const char *user = login->login.text;

	if (strcmp(spelled, user) == 0)
		return;
	if (strchr(spelled, '@') == NULL)
		user = t_strndup(user, login->login.at);
	if (strcmp(spelled, user) != 0)
		auth_request_set_field(login->request, "user", user, NULL);
}

/* Sessions of one app password, for: doveadm kick -f */
static void
add_password(const struct dp_login *login, uint32_t id)
{
	char text[PT_LOGIN_MAX + 12];

	(void)snprintf(
	    text, sizeof(text), "%s:%u", login->login.text, (unsigned)id);
	auth_request_set_field(
	    login->request, "userdb_user_postern_password", text, NULL);
}

/*
 * The session shows its token to policyd, with the login that it is for: the
 * site's userdb may give the user another name.  SMTP has no session of
 * Dovecot.
 */
static void
add_token(const struct dp_login *login, int64_t now)
{
	struct pt_token token = {
	    .protocol = login->attempt.protocol,
	    .password = login->admission.password,
	    .issued_at = now,
	};
	char text[PT_TOKEN_TEXT_MAX + 1 + PT_LOGIN_MAX];
	size_t len;

	if (login->attempt.protocol == PT_PROTOCOL_SMTP)
		return;
	pt_token_make(
	    pt_store_token_key(dp_state_store()), &login->login, &token, text);
	len = strlen(text);
	text[len++] = PT_SESSION_TOKEN_END;
	memcpy(text + len, login->login.text, (size_t)login->login.len + 1);
	auth_request_set_field(
	    login->request, "userdb_" PT_SESSION_TOKEN_FIELD, text, NULL);
	if (DP_DOVECOT_24)
		add_password(login, token.password);
}

/* "text" is what the mail program reads. */
static enum passdb_result
refuse(struct auth_request *request, const char *text)
{
	auth_request_set_field(request, "reason", text, NULL);
	auth_request_set_field(request, "nodelay", "", NULL);
	return PASSDB_RESULT_USER_DISABLED;
}

static void
make_reply(const struct pt_verdict *verdict, const char *login,
    enum pt_protocol protocol, int64_t now, char *buf, size_t cap)
{
	const struct pt_config *config = dp_state_config();
	struct pt_reply_facts facts = {
	    .login = login,
	    .help_url = config == NULL ? NULL : config->help_url,
	    .now = now,
	};

	pt_reason_login_reply(verdict, &facts, protocol, buf, cap);
}

void
dp_answer_unavailable(struct auth_request *request, enum pt_protocol protocol,
    verify_plain_callback_t *callback, int64_t now)
{
	static const struct pt_verdict verdict = {
	    .code = PT_VERDICT_DEFER,
	    .reason = PT_REASON_UNAVAILABLE,
	};
	enum passdb_result result = PASSDB_RESULT_INTERNAL_FAILURE;
	struct dp_report report = {
	    .result = "unavailable",
	    .reason = pt_reason_get(PT_REASON_UNAVAILABLE)->name,
	    .protocol = protocol,
	};
	char text[PT_REPLY_MAX];

	/*
	 * Postfix says 535 to every failure, so that mail programs ask for a
	 * new password; the text at least must say that it was right.
	 */
	if (protocol == PT_PROTOCOL_SMTP) {
		make_reply(&verdict, "", protocol, now, text, sizeof(text));
		result = refuse(request, text);
	}
	dp_report_quietly(request, &report);
	callback(result, request);
}

void
dp_answer_next(struct auth_request *request, verify_plain_callback_t *callback)
{
	struct dp_report report = {
	    .result = "next",
	    .protocol = dp_login_protocol(request),
	    .trusted = true,
	};

	dp_report_quietly(request, &report);
	callback(PASSDB_RESULT_NEXT, request);
}

void
dp_answer_other_service(
    struct auth_request *request, verify_plain_callback_t *callback)
{
	struct dp_report report = {.result = "mismatch"};

	dp_report_quietly(request, &report);
	callback(PASSDB_RESULT_PASSWORD_MISMATCH, request);
}

static void
answer_mismatch(struct dp_login *login, struct dp_report *report)
{
	report->result = "mismatch";
	report->reason = pt_reason_get(PT_REASON_PASSWORD)->name;
	dp_guesses_add(login);
	dp_report_quietly(login->request, report);
	dp_report_mismatch(login->request);
	dp_mismatch_add(login);
}

static void
answer_refused(struct dp_login *login, struct dp_report *report, int64_t now)
{
	const struct pt_verdict *verdict = &login->admission.verdict;
	char text[PT_REPLY_MAX];

	report->result = "refused";
	report->reason = pt_reason_get(verdict->reason)->name;
	make_reply(verdict, login->login.text, login->attempt.protocol, now,
	    text, sizeof(text));
	dp_report_refusal(login->request, report, &login->login, verdict);
	login->callback(refuse(login->request, text), login->request);
}

static void
answer_permit(struct dp_login *login, struct dp_report *report, int64_t now)
{
	enum passdb_result result = PASSDB_RESULT_OK;

	report->result = "ok";
	add_user(login);
	add_token(login, now);
	if (!dp_request_add_site_fields(login->request))
		result = PASSDB_RESULT_INTERNAL_FAILURE;
	dp_report_quietly(login->request, report);
	login->callback(result, login->request);
}

void
dp_answer_login(struct dp_login *login, int64_t now)
{
	const struct pt_admission *admission = &login->admission;
	struct dp_report report = {
	    .protocol = login->attempt.protocol,
	    .password = admission->password,
	};

	if (login->failed != PT_ERR_NONE ||
	    admission->verdict.reason == PT_REASON_UNAVAILABLE)
		dp_answer_unavailable(login->request, login->attempt.protocol,
		    login->callback, now);
	else if (admission->verdict.code == PT_VERDICT_PERMIT)
		answer_permit(login, &report, now);
	else if (admission->verdict.reason == PT_REASON_PASSWORD)
		answer_mismatch(login, &report);
	else
		answer_refused(login, &report, now);
}
