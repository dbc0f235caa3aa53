/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* explain, the part about mail programs. */

#include <string.h>

#include "core/base/attr.h"
#include "core/rules/access.h"
#include "core/rules/authenticate.h"
#include "core/rules/external.h"
#include "core/rules/password.h"
#include "core/rules/reason.h"
#include "ctl/explain.h"
#include "ctl/names.h"

static const enum pt_protocol protocols[] = {
    PT_PROTOCOL_IMAP, PT_PROTOCOL_POP3, PT_PROTOCOL_SMTP};

#define PROTOCOLS PT_ARRAY_LEN(protocols)

/*
 * The rule itself, asked about a mail program that has a good app password,
 * for all protocols and from anywhere; on copies, so that nothing is noted.
 */
static struct pt_verdict
judge(const struct pc_explain *ex, enum pt_protocol protocol)
{
	static const char secret[] = "abcdefghijklmnopqrstuvwx";
	struct pt_account account = *ex->account;
	struct pt_activity activity = *ex->activity;
	struct pt_usage usage = *ex->usage;
	struct pt_attempt attempt = {
	    .protocol = protocol,
	    .secret = secret,
	    .secret_len = sizeof(secret) - 1,
	    .encrypted = true,
	    .life = ex->life,
	};
	struct pt_admission admission;

	account.password_count = 1;
	account.passwords[0] = (struct pt_password){
	    .id = UINT32_MAX,
	    .protocols = PT_PROTOCOL_IMAP | PT_PROTOCOL_POP3 | PT_PROTOCOL_SMTP,
	    .created_at = account.access_at,
	};
	pt_password_hash(account.salt, secret, sizeof(secret) - 1,
	    account.passwords[0].hash);
	pt_authenticate_judge(ex->call->config, &account, &activity, &usage,
	    &attempt, ex->call->now, &admission);
	return admission.verdict;
}

static void
add_answer(struct pc_explain *ex, const struct pt_verdict *verdict)
{
	struct pt_reply_facts facts = {
	    .login = ex->account->login.text,
	    .sender = "",
	    .now = ex->call->now,
	};
	char reason[PT_REPLY_MAX];

	if (verdict->code == PT_VERDICT_PERMIT) {
		pt_text_add(&ex->text,
		    pt_password_count_living(ex->account) > 0
			? "a mail program may log in now"
			: "a mail program might log in now, but there is no "
			  "app password");
		return;
	}
	pt_reason_text(verdict, &facts, reason, sizeof(reason));
	pt_text_addf(&ex->text, "no mail program may log in now: %s", reason);
}

void
pc_explain_logins(struct pc_explain *ex)
{
	char answer[PROTOCOLS][sizeof(ex->buf)];
	struct pt_verdict verdict[PROTOCOLS];
	char topic[PC_PROTOCOLS_TEXT_MAX];
	unsigned said = 0;
	unsigned same;
	size_t i;
	size_t j;

	for (i = 0; i < PROTOCOLS; i++) {
		verdict[i] = judge(ex, protocols[i]);
		add_answer(ex, &verdict[i]);
		memcpy(answer[i], ex->buf, ex->text.len + 1);
		pt_text_init(&ex->text, ex->buf, sizeof(ex->buf));
	}
	/* Those with the same answer in one line. */
	for (i = 0; i < PROTOCOLS; i++) {
		if ((said & protocols[i]) != 0)
			continue;
		same = 0;
		for (j = i; j < PROTOCOLS; j++) {
			if (strcmp(answer[i], answer[j]) == 0)
				same |= protocols[j];
		}
		pt_external_protocols_format(same, topic, sizeof(topic));
		pc_explain_say(ex, topic, answer[i]);
		pc_explain_remedy(ex, &verdict[i]);
		said |= same;
	}
}

static void
add_begin(struct pc_explain *ex)
{
	int64_t begins = ex->plan == NULL ? 0
					  : pt_access_begins(ex->plan,
						ex->account, ex->call->now);

	if (begins == 0)
		return;
	pt_text_add(&ex->text, "; active from ");
	pc_explain_add_time(ex, begins);
}

void
pc_explain_access(struct pc_explain *ex)
{
	const struct pt_account *account = ex->account;
	unsigned living = pt_password_count_living(account);
	char list[PC_PROTOCOLS_TEXT_MAX];

	if (account->access == PT_ACCESS_NEVER) {
		pc_explain_say(ex, "external access", "never switched on");
	} else {
		pt_text_addf(&ex->text, "%s since ",
		    pt_external_access_name(account->access));
		pc_explain_add_time(ex, account->access_at);
		if (account->access == PT_ACCESS_ON) {
			pt_external_protocols_format(
			    account->protocols, list, sizeof(list));
			pt_text_addf(&ex->text, ": %s", list);
			add_begin(ex);
		}
		pc_explain_end(ex, "external access");
	}
	if (living == 0)
		pt_text_add(&ex->text, "none");
	else
		pt_text_addf(&ex->text, "%u of %d", living, PT_PASSWORDS_MAX);
	pc_explain_end(ex, "app passwords");
	if (account->main_password_at == 0)
		return;
	pt_text_add(&ex->text, "changed ");
	pc_explain_add_time(ex, account->main_password_at);
	pc_explain_end(ex, "main password");
}
