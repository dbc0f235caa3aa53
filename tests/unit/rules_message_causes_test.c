/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What stands against a message, each cause alone and all of them together. */
#include "core/rules/message.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static struct pt_account account;
static struct pt_activity activity;
static struct pt_plan plans[2];
static struct pt_config config;
static struct pt_message message;
static struct pt_message_effects effects;

static int
start_anew(void **state)
{
	struct pt_login login = test_login("alice@example.com");

	(void)state;
	pt_account_init(&account, &login);
	pt_activity_init(&activity, &login);
	memset(&config, 0, sizeof(config));
	memset(plans, 0, sizeof(plans));
	memcpy(plans[0].name, "free", 5);
	memcpy(plans[1].name, "imap", 5);
	plans[0].protocols = PT_PROTOCOL_SMTP;
	plans[1].protocols = PT_PROTOCOL_IMAP;
	plans[0].messages.count = 1;
	plans[0].messages.at[0] = (struct pt_window){2, 60};
	memcpy(config.default_plan, "free", 5);
	memcpy(config.sender.subaddress, "+", 2);
	config.mode = PT_MODE_ENFORCE;
	config.require_tls = true;
	config.plan_count = 2;
	config.plans = plans;
	memset(&message, 0, sizeof(message));
	message.stage = PT_MESSAGE_CHARGE;
	message.hash = 1;
	message.attempt = 1;
	message.sender = "alice@example.com";
	message.sender_len = 17;
	message.recipients = 1;
	message.size = 1000;
	message.encrypted = true;
	return 0;
}

static struct pt_verdict
judge(void)
{
	return pt_message_judge(
	    &config, &account, &activity, NULL, &message, TEST_NOW, &effects);
}

/* Every single cause, alone, gives its reason; trusted networks exempt. */
struct cause {
	const char *name;
	void (*make)(void);
	enum pt_reason_id reason;
	enum pt_reason_id trusted_reason;
};

static void
make_nothing(void)
{
}

static void
make_locked(void)
{
	account.lock.at = TEST_NOW;
}

static void
make_inactive(void)
{
	account.status = PT_STATUS_INACTIVE;
}

static void
make_blocked(void)
{
	account.block_reason = PT_BLOCK_CRACKED;
}

static void
make_pending_block(void)
{
	activity.block.reason = PT_BLOCK_CRACKED;
}

static void
make_access_off(void)
{
	account.access = PT_ACCESS_OFF;
}

static void
make_owner_without_smtp(void)
{
	account.access = PT_ACCESS_ON;
	account.protocols = PT_PROTOCOL_IMAP;
}

static void
make_plan_without_smtp(void)
{
	memcpy(account.plan, "imap", 5);
}

static void
make_plain_text(void)
{
	message.encrypted = false;
}

static void
make_foreign_sender(void)
{
	message.sender = "bob@example.com";
	message.sender_len = 15;
}

static void
make_many_recipients(void)
{
	plans[0].recipients_per_message.on = true;
	plans[0].recipients_per_message.value = 30;
	message.recipients = 31;
}

static void
make_big(void)
{
	plans[0].message_size.on = true;
	plans[0].message_size.value = 999;
}

static void
make_window_full(void)
{
	plans[0].messages.at[0].limit = 0;
}

static void
make_unknown_plan(void)
{
	memcpy(account.plan, "gold", 5);
}

static void
make_unknown_override(void)
{
	assert_true(pt_words_add(&account.overrides, "mesages=1/1h"));
}

static const struct cause causes[] = {
    {"nothing", make_nothing, PT_REASON_NONE, PT_REASON_NONE},
    {"locked", make_locked, PT_REASON_SENDING_LOCKED, PT_REASON_SENDING_LOCKED},
    {"inactive", make_inactive, PT_REASON_INACTIVE, PT_REASON_INACTIVE},
    {"blocked", make_blocked, PT_REASON_BLOCKED, PT_REASON_NONE},
    {"pending block", make_pending_block, PT_REASON_BLOCKED, PT_REASON_NONE},
    {"access off", make_access_off, PT_REASON_ACCESS_OFF, PT_REASON_NONE},
    {"plan without smtp", make_plan_without_smtp, PT_REASON_SMTP_OFF,
	PT_REASON_NONE},
    {"owner without smtp", make_owner_without_smtp, PT_REASON_PROTOCOL_OFF,
	PT_REASON_NONE},
    {"plain text", make_plain_text, PT_REASON_TLS_REQUIRED, PT_REASON_NONE},
    {"foreign sender", make_foreign_sender, PT_REASON_SENDER_NOT_OWNED,
	PT_REASON_SENDER_NOT_OWNED},
    {"many recipients", make_many_recipients, PT_REASON_RECIPIENTS_PER_MESSAGE,
	PT_REASON_RECIPIENTS_PER_MESSAGE},
    {"big", make_big, PT_REASON_MESSAGE_SIZE, PT_REASON_MESSAGE_SIZE},
    {"window full", make_window_full, PT_REASON_QUOTA_NEVER,
	PT_REASON_QUOTA_NEVER},
    {"unknown plan", make_unknown_plan, PT_REASON_PLAN_UNKNOWN,
	PT_REASON_PLAN_UNKNOWN},
    {"unknown override", make_unknown_override, PT_REASON_PLAN_UNKNOWN,
	PT_REASON_PLAN_UNKNOWN},
};

static void
test_each_cause_alone_gives_its_reason(void **state)
{
	enum pt_reason_id got;
	size_t i;
	int trusted;

	for (i = 0; i < PT_ARRAY_LEN(causes); i++) {
		for (trusted = 0; trusted < 2; trusted++) {
			(void)start_anew(state);
			message.trusted = trusted == 1;
			causes[i].make();
			got = judge().reason;
			if (got != (trusted ? causes[i].trusted_reason
					    : causes[i].reason))
				fail_msg("%s, trusted %d: %s", causes[i].name,
				    trusted, pt_reason_get(got)->name);
		}
	}
}

static void
test_verdict_class_is_that_of_its_smtp_code(void **state)
{
	struct pt_verdict verdict;
	size_t i;
	int class;

	for (i = 1; i < PT_ARRAY_LEN(causes); i++) {
		(void)start_anew(state);
		causes[i].make();
		verdict = judge();
		class = pt_reason_get(verdict.reason)->smtp / 100;
		if (verdict.code !=
		    (class == 5 ? PT_VERDICT_REFUSE : PT_VERDICT_DEFER))
			fail_msg("%s: %d", causes[i].name, class);
	}
}

/* Its plan is not the one that others change; access is on for it, not off. */
static bool
is_alone(const struct cause *cause)
{
	return cause->make == make_plan_without_smtp ||
	       cause->make == make_owner_without_smtp ||
	       cause->reason == PT_REASON_PLAN_UNKNOWN;
}

static void
test_earlier_causes_hide_later_ones(void **state)
{
	/* In the table's order each cause outranks those after it. */
	size_t i;
	size_t j;

	for (i = 1; i < PT_ARRAY_LEN(causes); i++) {
		(void)start_anew(state);
		if (is_alone(&causes[i]))
			continue;
		for (j = i; j < PT_ARRAY_LEN(causes); j++) {
			if (!is_alone(&causes[j]))
				causes[j].make();
		}
		assert_int_equal(judge().reason, causes[i].reason);
	}
}

#define CAUSE_TEST(fn) cmocka_unit_test_setup(fn, start_anew)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CAUSE_TEST(test_each_cause_alone_gives_its_reason),
	    CAUSE_TEST(test_verdict_class_is_that_of_its_smtp_code),
	    CAUSE_TEST(test_earlier_causes_hide_later_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
