/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * May a mail program log in?  The rule behind Dovecot's passdb, for clients
 * that are not in a trusted network.
 *
 * The order: which app password is it (none: a guess); has it ended (the
 * reason why); then, for one that lives: status, block, access, activation,
 * protocol (plan, owner, app password), network, encryption, expiry, login
 * window, open sessions, traffic, and mail check.  Only who has proven an app
 * password is told a reason: for all others the verdict is PT_REASON_PASSWORD,
 * whether the account exists or not.
 *
 * mode = observe changes nothing here: whoever lets Postern's passdb guard
 * the logins gets what it says, because credentials never fail open.
 *
 * All is pure, so it may run in a function for pt_store_update(), twice too.
 * Stamps of the usage that lie after now are treated as stamped now.
 */
#ifndef PT_RULES_AUTHENTICATE_H
#define PT_RULES_AUTHENTICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/network.h"
#include "core/config/config.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/usage.h"

struct pt_attempt {
	enum pt_protocol protocol;
	const char *secret; /* as the mail program sent it */
	size_t secret_len;
	struct pt_address address; /* of the client */
	bool encrypted;
	/* Of policyd; sessions are not counted when it does not live. */
	uint32_t life; /* 0: it does not */
};

struct pt_admission {
	struct pt_verdict verdict;
	uint32_t password;  /* the id that was proven; 0: none */
	bool usage_changed; /* write it back */
	/* The account is to be blocked for it (logins_factor), with figures. */
	enum pt_block_reason block; /* PT_BLOCK_NONE: it is not */
	struct pt_figures figures;
	bool observed; /* only said in the log (plan key "observe") */
};

/*
 * Judges, and if permitted records the login (window, last use, POP3 mail
 * check or IMAP login under imap_check = refuse).  A login that the login
 * window refuses is counted apart from those, against logins_factor; a refusal
 * for any other limit is not recorded.  Sessions, traffic and mail checks are
 * for IMAP and POP3.
 *
 * The password is looked for here, by pt_password_find(): the work is the
 * same whether the account has it, has others, has none or does not exist.
 */
void
pt_authenticate_judge(const struct pt_config *config,
    const struct pt_account *account, const struct pt_activity *activity,
    struct pt_usage *usage, const struct pt_attempt *attempt, int64_t now,
    struct pt_admission *out);

/*
 * Carries the block of an admission out, if it has one: it becomes pending in
 * activity, and the refused logins of before prove nothing any more, so that
 * who comes back is not blocked for them again.  Apart from the judgement,
 * which needs nothing of the activity record but its pending block (struct
 * pt_update, block_only).  true: both records must be written.
 */
bool
pt_authenticate_block(const struct pt_account *account,
    struct pt_activity *activity, struct pt_usage *usage,
    const struct pt_admission *admission, int64_t now);

#endif
