/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Any sequence of transitions, by anybody, with a clock that jumps: what must
 * hold after each of them.
 */

#include "core/base/attr.h"
#include "core/rules/authenticate.h"
#include "core/rules/idle.h"

#include "tests/unit/rules_fixture.h"

#define SEQUENCES 60
#define STEPS     300
#define IDS_MAX   (STEPS + 1)

static struct rules_site site;
static uint64_t seed;
static int64_t now;
static struct pt_external_actor actor = {"test", "", 0};

/* What is known of each app password that was ever made. */
static struct {
	char secret[PT_SECRET_LETTERS + 1];
	bool ended;
} made[IDS_MAX + 1];
static uint32_t last_id;
static bool must_change; /* the main password, to come back */

static unsigned
any(unsigned n)
{
	return (unsigned)test_random_below(&seed, n);
}

/* Each secret is another one: its number in letters. */
static void
make_secret(char out[PT_SECRET_LETTERS + 1])
{
	static unsigned number;
	unsigned rest = ++number;
	size_t i;

	for (i = 0; i < PT_SECRET_LETTERS; i++) {
		out[i] = (char)('a' + rest % 26);
		rest /= 26;
	}
	out[i] = '\0';
}

static void
note_made(uint32_t id, const char *secret)
{
	assert_int_equal(id, last_id + 1);
	assert_true(id <= IDS_MAX);
	last_id = id;
	memcpy(made[id].secret, secret, PT_SECRET_LETTERS + 1);
	made[id].ended = false;
}

static void
step_enable(void)
{
	char secret[PT_SECRET_LETTERS + 1];
	enum pt_block_reason before = site.account.block_reason;
	uint32_t id = 0;

	make_secret(secret);
	if (pt_external_enable(&site.config, &site.account, 0, &rules_wish,
		secret, rules_salt, &actor, &id, &site.trail, &site.err) != 0)
		return;
	site.account.exists = true;
	note_made(id, secret);
	assert_true(before != PT_BLOCK_ADMIN && before != PT_BLOCK_ABUSE);
	assert_false(before == PT_BLOCK_CRACKED && must_change);
	assert_int_equal(site.account.status, PT_STATUS_ACTIVE);
}

static void
step_add(void)
{
	const struct pt_password_wish wish = {
	    .label = "x",
	    .expires_at = any(2) == 0 ? 0 : now + 1 + any(5 * 86400),
	};
	char secret[PT_SECRET_LETTERS + 1];
	uint32_t id = 0;

	make_secret(secret);
	if (pt_external_add_password(&site.config, &site.account, &wish, secret,
		&actor, &id, &site.trail, &site.err) == 0)
		note_made(id, secret);
}

static void
step_disable(void)
{
	(void)pt_external_disable(&site.account, &actor, &site.trail);
}

static void
step_revoke(void)
{
	(void)pt_external_revoke(&site.account, 1 + any(last_id + 1), &actor,
	    &site.trail, &site.err);
}

static void
step_block(void)
{
	enum pt_block_reason reason =
	    (enum pt_block_reason)(1 + any(PT_BLOCK_ADMIN));

	if (!pt_external_block(
		&site.config, &site.account, reason, NULL, &actor, &site.trail))
		return;
	must_change = reason == PT_BLOCK_CRACKED;
	assert_int_equal(pt_password_count_living(&site.account), 0);
}

static void
step_mark(void)
{
	(void)pt_external_mark_block(&site.account, &site.activity,
	    (enum pt_block_reason)(1 + any(PT_BLOCK_UNUSED)), NULL, now);
}

static void
step_carry(void)
{
	enum pt_block_reason before = site.account.block_reason;

	if (!pt_external_carry_over(
		&site.config, &site.account, &site.activity, now, &site.trail))
		return;
	site.account.exists = true;
	if (site.account.block_reason != before)
		must_change = site.account.block_reason == PT_BLOCK_CRACKED;
	assert_int_equal(pt_password_count_living(&site.account), 0);
}

static void
step_unblock(void)
{
	(void)pt_external_unblock(&site.account, &actor, &site.trail);
}

static void
step_changed(void)
{
	pt_external_password_changed(
	    &site.config, &site.account, &actor, &site.trail);
	must_change = false;
}

static void
step_status(void)
{
	site.account.status =
	    any(6) == 0 ? PT_STATUS_INACTIVE : PT_STATUS_ACTIVE;
}

static void
step_sweep(void)
{
	const struct pt_idle_facts facts = {&site.config, 0, now, 0};

	(void)pt_idle_judge(
	    &facts, &site.account, &site.activity, &site.usage, &site.trail);
}

/* A day or a week passes, or somebody sets the clock back. */
static void
step_time(void)
{
	switch (any(4)) {
	case 0:
		now += any(30 * 86400);
		break;
	case 1:
		now -= any(3600);
		break;
	default:
		now += any(86400);
		break;
	}
}

static bool
logs_in(const char *secret)
{
	const struct pt_attempt attempt = {
	    .protocol = PT_PROTOCOL_IMAP,
	    .secret = secret,
	    .secret_len = PT_SECRET_LETTERS,
	    .encrypted = true,
	};
	struct pt_usage usage = site.usage;
	struct pt_admission admission;

	pt_authenticate_judge(&site.config, &site.account, &site.activity,
	    &usage, &attempt, now, &admission);
	return admission.verdict.code == PT_VERDICT_PERMIT;
}

static void
check_passwords(void)
{
	const struct pt_account *account = &site.account;
	bool is_on = account->access == PT_ACCESS_ON &&
		     account->block_reason == PT_BLOCK_NONE;
	bool seen[IDS_MAX + 1] = {false};
	uint32_t id;
	unsigned i;

	for (i = 0; i < account->password_count; i++) {
		id = account->passwords[i].id;
		assert_true(id >= 1 && id <= last_id);
		assert_false(seen[id]);
		seen[id] = true;
		if (account->passwords[i].ending != PT_ENDING_NONE)
			made[id].ended = true;
		else
			assert_true(is_on && !made[id].ended);
	}
	for (id = 1; id <= last_id; id++) {
		if (!seen[id])
			made[id].ended = true;
		if (made[id].ended)
			assert_false(logs_in(made[id].secret));
	}
}

static void
check(void)
{
	const struct pt_account *account = &site.account;

	assert_false(account->access == PT_ACCESS_ON &&
		     account->block_reason != PT_BLOCK_NONE);
	assert_true(
	    account->password_count <= PT_PASSWORDS_MAX + PT_TOMBSTONES_MAX);
	assert_int_equal(account->last_password_id, last_id);
	assert_int_equal(
	    account->block.at == 0, account->block_reason == PT_BLOCK_NONE);
	check_passwords();
}

static void (*const steps[])(void) = {step_enable, step_enable, step_enable,
    step_enable, step_add, step_add, step_add, step_add, step_add, step_add,
    step_disable, step_revoke, step_block, step_mark, step_carry, step_unblock,
    step_changed, step_status, step_sweep, step_time, step_time};

static void
start_sequence(unsigned number)
{
	rules_start(&site);
	memcpy(site.config.notice.from, "postmaster@example.com", 23);
	site.plan.unused_after = (struct pt_limit){true, 20 * 86400};
	site.plan.password_change_ends = number % 2 == 0;
	memset(made, 0, sizeof(made));
	last_id = 0;
	must_change = false;
	seed = 0x9e3779b97f4a7c15U + number;
	now = TEST_NOW;
}

static void
test_what_ended_never_lives_again(void **state)
{
	unsigned number;
	unsigned total = 0;
	unsigned step;

	(void)state;
	for (number = 0; number < SEQUENCES; number++) {
		start_sequence(number);
		for (step = 0; step < STEPS; step++) {
			actor.now = now;
			steps[any(PT_ARRAY_LEN(steps))]();
			check();
		}
		total += last_id;
	}
	/* There was something to end. */
	assert_true(total > SEQUENCES * STEPS / 10);
}

static void
test_account_comes_back_however_often_it_was_blocked(void **state)
{
	unsigned back = 0;
	unsigned round;

	(void)state;
	start_sequence(1);
	for (round = 0; round < 100; round++) {
		now += 1000;
		actor.now = now;
		step_block();
		step_unblock();
		step_changed();
		step_enable();
		back += site.account.access == PT_ACCESS_ON;
		assert_true(logs_in(made[last_id].secret));
		check();
	}
	assert_int_equal(back, 100);
	assert_int_equal(last_id, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_ended_never_lives_again),
	    cmocka_unit_test(
		test_account_comes_back_however_often_it_was_blocked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
