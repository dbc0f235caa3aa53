/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Blocks that Dovecot's auth process decided, carried over. */
#include "policyd/pending.h"

#include "tests/unit/support/session_site.h"

static void
mark(struct pt_records *records, void *arg)
{
	records->activity->block = (struct pt_pending_block){
	    .reason = *(const unsigned char *)arg, .at = TEST_NOW};
	records->activity_changed = true;
}

static void
set_pending(struct session_site *site, const char *name, unsigned char reason)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(site->context.store, PT_UPDATE_ACTIVITY, &login,
		mark, &reason, &err) != 0)
		fail_msg("%s", err.text);
}

static struct pt_account account;
static struct pt_activity activity;

static void
read_records(struct session_site *site, const char *name)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_read(site->context.store, &login, &account, &activity,
		NULL, &err) != 0)
		fail_msg("%s", err.text);
}

static void
test_block_goes_into_the_account_and_its_mark_goes_away(void **state)
{
	struct session_site *site = *state;
	struct pt_err err;

	session_site_enable(site, "alice", 0);
	set_pending(site, "alice", PT_BLOCK_CRACKED);
	assert_int_equal(pd_pending_find(&site->context, &err), 0);
	assert_int_equal(site->context.pending.count, 1);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(site->context.pending.count, 0);
	read_records(site, "alice");
	assert_int_equal(account.block_reason, PT_BLOCK_CRACKED);
	assert_true(account.block.at == TEST_NOW);
	assert_int_equal(account.access, PT_ACCESS_OFF);
	assert_int_equal(account.passwords[0].ending, PT_ENDING_BLOCKED);
	assert_int_equal(activity.block.reason, PT_BLOCK_NONE);
	assert_int_equal(pd_pending_find(&site->context, &err), 0);
	assert_int_equal(site->context.pending.count, 0);
}

static void
test_login_without_an_account_only_loses_its_mark(void **state)
{
	struct session_site *site = *state;
	struct pt_login login = test_login("ghost");

	set_pending(site, "ghost", PT_BLOCK_CONNECTIONS);
	pd_pending_note(&site->context.pending, &login);
	pd_pending_complete(&site->context, 1000);
	read_records(site, "ghost");
	assert_false(account.exists);
	assert_int_equal(activity.block.reason, PT_BLOCK_NONE);
}

static void
test_login_is_noted_once_and_too_many_are_looked_for(void **state)
{
	struct session_site *site = *state;
	struct pd_pending *pending = &site->context.pending;
	struct pt_login login;
	char name[40];
	unsigned blocked = 0;
	unsigned i;

	for (i = 0; i < PD_PENDING_MAX + 5; i++) {
		(void)snprintf(name, sizeof(name), "user%u@example.com", i);
		login = test_login(name);
		session_site_enable(site, name, 0);
		set_pending(site, name, PT_BLOCK_CRACKED);
		pd_pending_note(pending, &login);
		pd_pending_note(pending, &login);
	}
	assert_int_equal(pending->count, PD_PENDING_MAX);
	assert_true(pending->more);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(pending->count, 5);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(pending->count, 0);
	for (i = 0; i < PD_PENDING_MAX + 5; i++) {
		(void)snprintf(name, sizeof(name), "user%u@example.com", i);
		read_records(site, name);
		blocked += account.block_reason == PT_BLOCK_CRACKED;
	}
	assert_int_equal(blocked, PD_PENDING_MAX + 5);
}

static void
test_what_fails_is_tried_again(void **state)
{
	struct session_site *site = *state;
	struct pt_login login = test_login("alice");

	session_site_enable(site, "alice", 0);
	set_pending(site, "alice", PT_BLOCK_CRACKED);
	pd_pending_note(&site->context.pending, &login);
	session_site_open_store(site, PT_STORE_READ);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(site->context.pending.count, 1);
	session_site_open_store(site, PT_STORE_WRITE);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(site->context.pending.count, 0);
	read_records(site, "alice");
	assert_int_equal(account.block_reason, PT_BLOCK_CRACKED);
}

static void
test_event_of_a_session_meets_it(void **state)
{
	struct session_site *site = *state;
	int fd;

	session_site_enable(site, "alice", 0);
	fd = session_site_open(site, "alice", 1);
	set_pending(site, "alice", PT_BLOCK_QUOTA);
	assert_non_null(
	    strstr(session_site_ask(site, fd, "traffic", "down=1\nup=1\n"),
		"reason=blocked\n"));
	assert_int_equal(site->context.pending.count, 1);
	pd_sessions_tick(&site->sessions);
	read_records(site, "alice");
	assert_int_equal(account.block_reason, PT_BLOCK_QUOTA);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SESSION_TEST(
		test_block_goes_into_the_account_and_its_mark_goes_away),
	    SESSION_TEST(test_login_without_an_account_only_loses_its_mark),
	    SESSION_TEST(test_login_is_noted_once_and_too_many_are_looked_for),
	    SESSION_TEST(test_what_fails_is_tried_again),
	    SESSION_TEST(test_event_of_a_session_meets_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
