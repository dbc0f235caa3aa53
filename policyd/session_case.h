/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * From an event of a session to a question for the rules, and their answer.
 * Pure: the clock and the state come in as arguments.
 *
 * A verdict against the session ends it.  In observe mode limits (number of
 * sessions, traffic) are only worked out and nothing is held back; what ends
 * access (a block, an app password that ended) always holds, because it is
 * somebody's decision and no limit that is being tried out.
 */
#ifndef PD_SESSION_CASE_H
#define PD_SESSION_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/config/config.h"
#include "core/rules/mail_check.h"
#include "core/rules/token.h"
#include "core/rules/verdict.h"
#include "core/state/store.h"
#include "policyd/event.h"

/* How often traffic is wanted, in seconds: where it is limited, or not. */
#define PD_REPORT_LIMITED_SECONDS   30
#define PD_REPORT_UNLIMITED_SECONDS 600

/* One event on its way through the state. */
struct pd_session_case {
	const struct pt_config *config;
	int64_t now;
	struct pd_event event;
	struct pt_login login;
	struct pt_token token;
	uint32_t open; /* sessions of the login; 0: not to be judged */
	/* What comes of it: */
	struct pt_verdict verdict;
	struct pt_verdict would; /* in observe mode: a limit against it */
	struct pt_held_view view;
	bool moved;      /* the view is a new one for all its sessions */
	bool holds;      /* INBOX is held back in this session */
	unsigned report; /* seconds */
	int64_t until;   /* judge it again then; 0: never */
	bool changed;    /* the usage record was */
	bool failed;     /* the state could not be used */
};

/* The rules, as a function for pt_store_update(); arg is the case. */
void
pd_session_case_update(struct pt_records *records, void *arg);

/* Is INBOX held back in a session with that token? */
bool
pd_session_case_holds(const struct pt_config *config,
    const struct pt_account *account, const struct pt_token *token,
    int64_t now);

static inline bool
pd_session_case_is_against(const struct pd_session_case *c)
{
	return c->verdict.code != PT_VERDICT_PERMIT;
}

#endif
