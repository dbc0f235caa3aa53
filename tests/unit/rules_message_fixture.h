/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A login with one plan, and a message of it that each call sends anew; and
 * the limits beside the windows, with what makes each of them refuse.
 */
#ifndef PT_TESTS_RULES_MESSAGE_FIXTURE_H
#define PT_TESTS_RULES_MESSAGE_FIXTURE_H

#include "core/base/attr.h"
#include "core/rules/message.h"
#include "core/state/notice.h"
#include "tests/unit/support/testing.h"

#define HOUR ((int64_t)3600)
#define DAY  (24 * HOUR)

static struct pt_account account;
static struct pt_activity activity;
static struct pt_signals signals;
static struct pt_plan plan;
static struct pt_config config;
static struct pt_message message;
static struct pt_message_effects effects;
static uint64_t recipient;

static inline int
start_anew(void **state)
{
	struct pt_login login = test_login("alice@example.com");

	(void)state;
	pt_account_init(&account, &login);
	account.exists = true;
	account.access = PT_ACCESS_ON;
	account.protocols = PT_PROTOCOL_SMTP;
	pt_activity_init(&activity, &login);
	memset(&signals, 0, sizeof(signals));
	pt_signals_init(&signals, &login);
	memset(&config, 0, sizeof(config));
	memset(&plan, 0, sizeof(plan));
	memcpy(plan.name, "free", 5);
	plan.protocols = PT_PROTOCOL_SMTP;
	memcpy(config.default_plan, "free", 5);
	memcpy(config.notice.from, "postmaster@example.com", 23);
	config.mode = PT_MODE_ENFORCE;
	config.plan_count = 1;
	config.plans = &plan;
	memset(&message, 0, sizeof(message));
	recipient = 1000;
	message = (struct pt_message){
	    .stage = PT_MESSAGE_CHARGE,
	    .sender = "alice@example.com",
	    .sender_len = 17,
	    .recipients = 1,
	    .size = 1000,
	    .encrypted = true,
	    .client = 1,
	    .named = &recipient,
	    .named_count = 1,
	};
	return 0;
}

/* Another message to the same recipient. */
static inline struct pt_verdict
send_next(int64_t now)
{
	message.hash++;
	message.attempt++;
	return pt_message_judge(
	    &config, &account, &activity, &signals, &message, now, &effects);
}

static inline void
make_penalty(void)
{
	plan.penalty = (struct pt_penalty){
	    .on = true,
	    .window = {2, HOUR},
	    .seconds = 2 * DAY,
	    .after = {5, DAY},
	};
}

static inline void
make_clients(void)
{
	plan.client_addresses = (struct pt_windows){1, {{2, HOUR}}};
}

static inline void
make_strangers(void)
{
	plan.new_recipients = (struct pt_windows){1, {{2, DAY}}};
}

static inline void
next_client(void)
{
	message.client++;
}

static inline void
next_recipient(void)
{
	recipient += 0x9e3779b97f4a7c15U;
}

static inline void
same_again(void)
{
}

/* Each limit: what is in the plan, what each message brings, the reason, what
 * counts in which window. */
static const struct limit {
	void (*make)(void);
	void (*step)(void);
	enum pt_observe observe;
	enum pt_reason_id reason;
	enum pt_figures_unit unit;
	struct pt_window window;
	unsigned permitted;
	bool holds_for_webmail;
} limits[] = {
    {make_penalty, same_again, PT_OBSERVE_PENALTY, PT_REASON_PENALTY,
	PT_FIGURES_MESSAGES, {2, HOUR}, 5, true},
    {make_clients, next_client, PT_OBSERVE_CLIENT_ADDRESSES,
	PT_REASON_CLIENT_ADDRESSES, PT_FIGURES_ADDRESSES, {2, HOUR}, 2, false},
    {make_strangers, next_recipient, PT_OBSERVE_NEW_RECIPIENTS,
	PT_REASON_NEW_RECIPIENTS, PT_FIGURES_STRANGERS, {2, DAY}, 2, true},
};

#define MESSAGES 8

#define TEST(fn) cmocka_unit_test_setup(fn, start_anew)

#endif
