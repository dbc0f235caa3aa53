/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the tests of bounces share: a plan, mail that was sent, reports. */
#ifndef PT_TESTS_RULES_BOUNCE_H
#define PT_TESTS_RULES_BOUNCE_H

#include "core/rules/bounce.h"

#include "core/rules/window.h"
#include "tests/unit/support/testing.h"

#define DAY 86400

static const unsigned char key[PT_BOUNCE_KEY_BYTES] = "0123456789abcde";

static inline struct pt_plan
plan_of(uint64_t min, uint64_t share)
{
	struct pt_plan plan = {
	    .bounce_min = {.count = 1, .at = {{min, DAY}}},
	    .bounce_share = {.on = true, .value = share},
	};

	return plan;
}

static inline void
start(struct pt_evidence *evidence)
{
	memset(evidence, 0, sizeof(*evidence));
	evidence->login = test_login("alice@example.com");
}

static inline struct pt_login
recipient_of(unsigned i)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "r%u@example.net", i);
	return test_login(text);
}

static inline uint64_t
id_of(unsigned i)
{
	char id[64];
	int len = snprintf(id, sizeof(id), "<%u@example.com>", i);

	return pt_bounce_message_hash(key, id, (size_t)len);
}

/* Message "id" to n recipients, the first of which is the given one. */
static inline void
send(const struct pt_plan *plan, struct pt_evidence *evidence, unsigned id,
    unsigned first, unsigned n, int64_t now)
{
	struct pt_bounce_sent sent = {.message = id_of(id), .recipients = n};
	struct pt_login login;
	unsigned i;

	for (i = 0; i < n; i++) {
		login = recipient_of(first + i);
		sent.recipient_bits |= pt_bounce_recipient_bit(key, &login);
	}
	pt_bounce_note_sent(plan, evidence, &sent, now);
}

/* A report about message "id" and n recipients. */
static inline void
report_of(struct pt_dsn *dsn, unsigned id, unsigned first, unsigned n)
{
	unsigned i;

	pt_dsn_init(dsn);
	dsn->is_report = true;
	dsn->message_id_len = (size_t)snprintf(
	    dsn->message_id, sizeof(dsn->message_id), " <%u@example.com>", id);
	dsn->count = n;
	for (i = 0; i < n; i++) {
		dsn->recipients[i].original.len = 0;
		dsn->recipients[i].final = recipient_of(first + i);
	}
}

#endif
