/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/authenticate.h"

#include "tests/unit/rules_attempt.h"

static void
make_nothing(void)
{
}

static void
make_wrong(void)
{
	attempt.secret = RULES_OTHER;
}

static void
make_revoked(void)
{
	pt_password_end(
	    password(), PT_ENDING_REVOKED, PT_BLOCK_NONE, TEST_NOW - 5);
}

static void
make_unknown_plan(void)
{
	memcpy(site.account.plan, "gold", 5);
}

static void
make_inactive(void)
{
	site.account.status = PT_STATUS_INACTIVE;
}

static void
make_blocked(void)
{
	site.account.block_reason = PT_BLOCK_CRACKED;
	site.account.block.at = TEST_NOW - 9;
}

static void
make_pending(void)
{
	site.activity.block.reason = PT_BLOCK_CRACKED;
	site.activity.block.at = TEST_NOW - 9;
}

static void
make_off(void)
{
	site.account.access = PT_ACCESS_OFF;
}

static void
make_plan_without(void)
{
	site.plan.protocols &= ~(unsigned)attempt.protocol;
}

static void
make_owner_without(void)
{
	site.account.protocols &= ~(unsigned)attempt.protocol;
}

static void
make_password_without(void)
{
	password()->protocols &= ~(unsigned)attempt.protocol;
}

static void
make_plain(void)
{
	attempt.encrypted = false;
}

static void
make_expired(void)
{
	password()->expires_at = TEST_NOW;
}

static void
make_logins_full(void)
{
	site.usage.logins.count = 1;
	site.usage.logins.entry[0] =
	    (struct pt_window_entry){TEST_NOW - 60, TEST_NOW - 60, 3};
}

static void
make_sessions_full(void)
{
	site.usage.sessions.count = 2;
}

static void
make_traffic_full(void)
{
	site.usage.traffic[PT_TRAFFIC_UP].count = 1;
	site.usage.traffic[PT_TRAFFIC_UP].entry[0] =
	    (struct pt_window_entry){TEST_NOW - 60, TEST_NOW - 60, 501};
}

static void
make_checked(void)
{
	site.usage.pop3_checked_at = TEST_NOW - 57;
	site.usage.view.checked_at = TEST_NOW - 61;
	site.plan.imap_check = PT_IMAP_CHECK_REFUSE;
}

#define N PT_REASON_NONE

/* In the order of the rule: each outranks those after it. */
static const struct cause {
	const char *name;
	void (*make)(void);
	enum pt_reason_id pop3;
	enum pt_reason_id imap;
	enum pt_reason_id smtp;
} causes[] = {
    {"nothing", make_nothing, N, N, N},
    {"wrong", make_wrong, PT_REASON_PASSWORD, PT_REASON_PASSWORD,
	PT_REASON_PASSWORD},
    {"revoked", make_revoked, PT_REASON_PASSWORD_REVOKED,
	PT_REASON_PASSWORD_REVOKED, PT_REASON_PASSWORD_REVOKED},
    {"plan", make_unknown_plan, PT_REASON_PLAN_UNKNOWN, PT_REASON_PLAN_UNKNOWN,
	PT_REASON_PLAN_UNKNOWN},
    {"inactive", make_inactive, PT_REASON_INACTIVE, PT_REASON_INACTIVE,
	PT_REASON_INACTIVE},
    {"blocked", make_blocked, PT_REASON_BLOCKED, PT_REASON_BLOCKED,
	PT_REASON_BLOCKED},
    {"pending block", make_pending, PT_REASON_BLOCKED, PT_REASON_BLOCKED,
	PT_REASON_BLOCKED},
    {"off", make_off, PT_REASON_ACCESS_OFF, PT_REASON_ACCESS_OFF,
	PT_REASON_ACCESS_OFF},
    {"fresh", make_fresh, PT_REASON_NOT_YET_ACTIVE, PT_REASON_NOT_YET_ACTIVE,
	PT_REASON_NOT_YET_ACTIVE},
    {"plan's protocols", make_plan_without, PT_REASON_PROTOCOL_PLAN,
	PT_REASON_PROTOCOL_PLAN, PT_REASON_PROTOCOL_PLAN},
    {"owner's protocols", make_owner_without, PT_REASON_PROTOCOL_OFF,
	PT_REASON_PROTOCOL_OFF, PT_REASON_PROTOCOL_OFF},
    {"password's protocols", make_password_without, PT_REASON_PROTOCOL_PASSWORD,
	PT_REASON_PROTOCOL_PASSWORD, PT_REASON_PROTOCOL_PASSWORD},
    {"network", make_elsewhere, PT_REASON_NETWORK, PT_REASON_NETWORK,
	PT_REASON_NETWORK},
    {"plain text", make_plain, PT_REASON_TLS_REQUIRED, PT_REASON_TLS_REQUIRED,
	PT_REASON_TLS_REQUIRED},
    {"expired", make_expired, PT_REASON_PASSWORD_EXPIRED,
	PT_REASON_PASSWORD_EXPIRED, PT_REASON_PASSWORD_EXPIRED},
    {"logins", make_logins_full, PT_REASON_LOGINS, PT_REASON_LOGINS,
	PT_REASON_LOGINS},
    {"sessions", make_sessions_full, PT_REASON_SESSIONS, PT_REASON_SESSIONS, N},
    {"traffic", make_traffic_full, PT_REASON_TRAFFIC, PT_REASON_TRAFFIC, N},
    {"checked", make_checked, PT_REASON_MAIL_CHECK, PT_REASON_MAIL_CHECK, N},
};

static const enum pt_protocol protocols[] = {
    PT_PROTOCOL_POP3, PT_PROTOCOL_IMAP, PT_PROTOCOL_SMTP};

static enum pt_reason_id
expected(const struct cause *cause, enum pt_protocol protocol)
{
	switch (protocol) {
	case PT_PROTOCOL_POP3:
		return cause->pop3;
	case PT_PROTOCOL_IMAP:
		return cause->imap;
	case PT_PROTOCOL_SMTP:
		break;
	}
	return cause->smtp;
}

static void
test_each_cause_alone_gives_its_reason(void **state)
{
	enum pt_reason_id want;
	size_t i;
	size_t j;

	for (i = 0; i < PT_ARRAY_LEN(causes); i++) {
		for (j = 0; j < PT_ARRAY_LEN(protocols); j++) {
			(void)start(state);
			attempt.protocol = protocols[j];
			causes[i].make();
			want = expected(&causes[i], protocols[j]);
			if (judge() != want)
				fail_msg("%s, protocol %zu: %s", causes[i].name,
				    j,
				    pt_reason_get(admission.verdict.reason)
					->name);
			assert_int_equal(
			    admission.verdict.code == PT_VERDICT_PERMIT,
			    want == PT_REASON_NONE);
			assert_int_equal(admission.password,
			    want == PT_REASON_PASSWORD ? 0 : 1);
		}
	}
}

/* How an app password ended, what became of the account, what is told. */
static void
end_and(
    enum pt_ending ending, enum pt_access access, enum pt_block_reason block)
{
	if (ending == PT_ENDING_EXPIRED)
		password()->expires_at = TEST_NOW - RULES_DAY;
	pt_password_end(password(), ending, PT_BLOCK_CRACKED, TEST_NOW - 5);
	site.account.access = access;
	site.account.access_at = TEST_NOW - 4;
	site.account.block_reason = block;
	site.account.block.at = TEST_NOW - 3;
}

static const struct {
	enum pt_ending ending;
	enum pt_access access;
	enum pt_block_reason block;
	enum pt_reason_id reason;
	int64_t since;
} endings[] = {
    {PT_ENDING_REVOKED, PT_ACCESS_ON, PT_BLOCK_NONE, PT_REASON_PASSWORD_REVOKED,
	TEST_NOW - 5},
    {PT_ENDING_REVOKED, PT_ACCESS_OFF, PT_BLOCK_NONE,
	PT_REASON_PASSWORD_REVOKED, TEST_NOW - 5},
    {PT_ENDING_REVOKED, PT_ACCESS_OFF, PT_BLOCK_QUOTA,
	PT_REASON_PASSWORD_REVOKED, TEST_NOW - 5},
    {PT_ENDING_DISABLED, PT_ACCESS_OFF, PT_BLOCK_NONE, PT_REASON_ACCESS_OFF,
	TEST_NOW - 4},
    {PT_ENDING_DISABLED, PT_ACCESS_OFF, PT_BLOCK_QUOTA, PT_REASON_BLOCKED,
	TEST_NOW - 3},
    {PT_ENDING_DISABLED, PT_ACCESS_ON, PT_BLOCK_NONE,
	PT_REASON_PASSWORD_REVOKED, TEST_NOW - 5},
    {PT_ENDING_BLOCKED, PT_ACCESS_OFF, PT_BLOCK_QUOTA, PT_REASON_BLOCKED,
	TEST_NOW - 3},
    {PT_ENDING_BLOCKED, PT_ACCESS_OFF, PT_BLOCK_NONE, PT_REASON_ACCESS_OFF,
	TEST_NOW - 4},
    {PT_ENDING_BLOCKED, PT_ACCESS_ON, PT_BLOCK_NONE, PT_REASON_PASSWORD_REVOKED,
	TEST_NOW - 5},
    {PT_ENDING_CHANGED, PT_ACCESS_ON, PT_BLOCK_NONE, PT_REASON_PASSWORD_CHANGED,
	TEST_NOW - 5},
    {PT_ENDING_EXPIRED, PT_ACCESS_ON, PT_BLOCK_NONE, PT_REASON_PASSWORD_EXPIRED,
	TEST_NOW - RULES_DAY},
};

static void
test_ended_app_password_is_told_what_to_do_now(void **state)
{
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(endings); i++) {
		(void)start(state);
		end_and(endings[i].ending, endings[i].access, endings[i].block);
		if (judge() != endings[i].reason)
			fail_msg("row %zu: %s", i,
			    pt_reason_get(admission.verdict.reason)->name);
		assert_int_equal(admission.verdict.code, PT_VERDICT_REFUSE);
		assert_int_equal(admission.verdict.since, endings[i].since);
		if (endings[i].reason == PT_REASON_BLOCKED)
			assert_int_equal(
			    admission.verdict.block, endings[i].block);
		if (endings[i].reason == PT_REASON_PASSWORD_REVOKED)
			assert_int_equal(
			    admission.verdict.ending, endings[i].ending);
		assert_int_equal(admission.password, 1);
	}
}

static void
test_earlier_causes_hide_later_ones(void **state)
{
	size_t i;
	size_t j;

	for (i = 1; i < PT_ARRAY_LEN(causes); i++) {
		(void)start(state);
		for (j = i; j < PT_ARRAY_LEN(causes); j++)
			causes[j].make();
		assert_int_equal(judge(), causes[i].pop3);
	}
}

static void
test_verdict_class_is_that_of_its_smtp_code(void **state)
{
	size_t i;
	int class;

	for (i = 1; i < PT_ARRAY_LEN(causes); i++) {
		(void)start(state);
		causes[i].make();
		class = pt_reason_get(judge())->smtp / 100;
		if (admission.verdict.code !=
		    (class == 5 ? PT_VERDICT_REFUSE : PT_VERDICT_DEFER))
			fail_msg("%s: %d", causes[i].name, class);
	}
}

/* Nothing of the account may show through a wrong password. */
static void
test_wrong_password_looks_the_same_everywhere(void **state)
{
	struct pt_login login = test_login("nobody@example.com");
	struct pt_admission first;
	size_t i;

	(void)start(state);
	make_wrong();
	assert_int_equal(judge(), PT_REASON_PASSWORD);
	first = admission;
	for (i = 2; i < PT_ARRAY_LEN(causes); i++) {
		(void)start(state);
		make_wrong();
		causes[i].make();
		(void)judge();
		assert_memory_equal(&admission, &first, sizeof(first));
	}
	(void)start(state);
	pt_account_init(&site.account, &login);
	(void)judge();
	assert_memory_equal(&admission, &first, sizeof(first));
}

/* But for those of the login window, which are counted. */
static void
test_refusals_record_nothing(void **state)
{
	struct pt_usage before;
	size_t i;

	for (i = 1; i < PT_ARRAY_LEN(causes); i++) {
		(void)start(state);
		causes[i].make();
		before = site.usage;
		if (judge() == PT_REASON_LOGINS)
			continue;
		assert_false(admission.usage_changed);
		assert_memory_equal(&site.usage, &before, sizeof(before));
	}
}

static void
test_observe_mode_lets_no_credential_pass(void **state)
{
	(void)state;
	site.config.mode = PT_MODE_OBSERVE;
	make_wrong();
	assert_int_equal(judge(), PT_REASON_PASSWORD);
	assert_int_equal(admission.verdict.code, PT_VERDICT_REFUSE);
}

#define AUTHENTICATE_TEST(fn) cmocka_unit_test_setup(fn, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    AUTHENTICATE_TEST(test_each_cause_alone_gives_its_reason),
	    AUTHENTICATE_TEST(test_ended_app_password_is_told_what_to_do_now),
	    AUTHENTICATE_TEST(test_earlier_causes_hide_later_ones),
	    AUTHENTICATE_TEST(test_verdict_class_is_that_of_its_smtp_code),
	    AUTHENTICATE_TEST(test_wrong_password_looks_the_same_everywhere),
	    AUTHENTICATE_TEST(test_refusals_record_nothing),
	    AUTHENTICATE_TEST(test_observe_mode_lets_no_credential_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
