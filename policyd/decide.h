/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * From a request to a question for the rules, and from their verdict to the
 * answer for Postfix.  Pure: the clock and the state come in as arguments.
 *
 * The answer is DUNNO or a reply such as "450 4.7.28 ...", never OK, because
 * that would skip the restrictions that the postmaster wrote after ours.
 */
#ifndef PD_DECIDE_H
#define PD_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/config/config.h"
#include "core/rules/message.h"
#include "core/rules/verdict.h"
#include "core/state/store.h"
#include "policyd/request.h"

#define PD_ANSWER_DUNNO     "action=DUNNO\n\n"
#define PD_ANSWER_DUNNO_LEN (sizeof(PD_ANSWER_DUNNO) - 1)
#define PD_ANSWER_MAX       (PT_REPLY_MAX + 16)

/* One request on its way through the state. */
struct pd_case {
	const struct pt_config *config;
	int64_t now;
	struct pd_request request;
	struct pt_login login;
	struct pt_message message;
	const unsigned char *key; /* pt_store_token_key() */
	/* Results.  Of would and would_block nothing is said to Postfix. */
	struct pt_verdict verdict;
	struct pt_message_effects effects;
	uint64_t recipient; /* hash of that of this request, if it was wanted */
	bool is_wanted;     /* the recipients of the message are, one by one */
};

/* Can it be answered (with DUNNO) without looking at the state? */
bool
pd_decide_is_free(const struct pd_record *record);

/*
 * Fills the case from the record, all but message.recipients and the named
 * ones, message.sender_by_maps and message.trusted, which depend on the
 * connection, and the key.  false if the verdict is there already, because the
 * login is none that could be counted.  "serial" differs from request to
 * request; it stands in for a queue id and instance that are both empty, so
 * that such messages are charged each.
 */
bool
pd_decide_begin(struct pd_case *c, const struct pd_record *record,
    const struct pt_config *config, int64_t now, uint64_t serial);

/*
 * The rules, as a function for pt_store_update(); arg is the case, with the
 * message's recipients and the key filled in.
 */
void
pd_decide_update(struct pt_records *records, void *arg);

/* A pt_wants_fn for the signals record; arg is the case. */
bool
pd_decide_wants_signals(const struct pt_account *account, void *arg);

/* The state could not be used: the verdict is to try again later. */
void
pd_decide_fail(struct pd_case *c);

/* Is the verdict one that refuses or defers? */
static inline bool
pd_decide_is_against(const struct pd_case *c)
{
	return c->verdict.code != PT_VERDICT_PERMIT;
}

/*
 * The answer, complete with its empty line; buf has PD_ANSWER_MAX bytes.
 * Returns its length.  In observe mode it is always DUNNO.
 */
size_t
pd_decide_answer(const struct pd_case *c, char *buf);

#endif
