/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Blocks that Dovecot's auth process decided, carried over. */
#define _DEFAULT_SOURCE /* syscall() */

#include "policyd/pending.h"

#include "tests/unit/support/session_site.h"
#include "tests/unit/support/sync_watch.h"

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

static bool
count_one(const struct pt_login *login, void *arg)
{
	(void)login;
	(*(unsigned *)arg)++;
	return true;
}

static unsigned
count_pending(struct session_site *site)
{
	unsigned count = 0;
	struct pt_err err;

	if (pt_store_each_pending(
		site->context.store, NULL, count_one, &count, &err) != 0)
		fail_msg("%s", err.text);
	return count;
}

static void
test_block_goes_into_the_account_and_its_mark_goes_away(void **state)
{
	struct session_site *site = *state;

	session_site_enable(site, "alice", 0);
	set_pending(site, "alice", PT_BLOCK_CRACKED);
	site->context.unsynced = false;
	pd_pending_complete(&site->context, 1000);
	read_records(site, "alice");
	assert_int_equal(account.block_reason, PT_BLOCK_CRACKED);
	assert_true(account.block.at == TEST_NOW);
	assert_int_equal(account.access, PT_ACCESS_OFF);
	assert_int_equal(account.passwords[0].ending, PT_ENDING_BLOCKED);
	assert_int_equal(activity.block.reason, PT_BLOCK_NONE);
	assert_int_equal(site->context.counters.blocks, 1);
	assert_true(site->context.unsynced);
	assert_int_equal(count_pending(site), 0);
}

static void
test_where_nothing_is_pending_nothing_is_written(void **state)
{
	struct session_site *site = *state;
	uint64_t before;
	uint64_t after;
	struct pt_err err;

	session_site_enable(site, "alice", 0);
	set_pending(site, "alice", PT_BLOCK_NONE);
	assert_int_equal(
	    pt_store_accounts_version(site->context.store, &before, &err), 0);
	site->context.unsynced = false;
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(
	    pt_store_accounts_version(site->context.store, &after, &err), 0);
	assert_true(before == after);
	assert_false(site->context.unsynced);
}

static void
test_login_without_an_account_only_loses_its_mark(void **state)
{
	struct session_site *site = *state;

	set_pending(site, "ghost", PT_BLOCK_CONNECTIONS);
	pd_pending_complete(&site->context, 1000);
	read_records(site, "ghost");
	assert_false(account.exists);
	assert_int_equal(activity.block.reason, PT_BLOCK_NONE);
	assert_int_equal(site->context.counters.blocks, 0);
	assert_int_equal(count_pending(site), 0);
}

static void
test_what_does_not_fit_comes_next_time(void **state)
{
	struct session_site *site = *state;
	char name[40];
	unsigned i;

	for (i = 0; i < PT_PENDING_MAX + 5; i++) {
		(void)snprintf(name, sizeof(name), "user%u@example.com", i);
		session_site_enable(site, name, 0);
		set_pending(site, name, PT_BLOCK_CRACKED);
	}
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(count_pending(site), 5);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(count_pending(site), 0);
	assert_int_equal(site->context.counters.blocks, PT_PENDING_MAX + 5);
}

static void
test_what_fails_is_tried_again(void **state)
{
	struct session_site *site = *state;

	session_site_enable(site, "alice", 0);
	set_pending(site, "alice", PT_BLOCK_CRACKED);
	session_site_open_store(site, PT_STORE_READ);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(count_pending(site), 1);
	assert_int_equal(site->context.counters.blocks, 0);
	session_site_open_store(site, PT_STORE_WRITE);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(count_pending(site), 0);
	read_records(site, "alice");
	assert_int_equal(account.block_reason, PT_BLOCK_CRACKED);
}

static void
test_nobody_waits_for_its_disk(void **state)
{
	struct session_site *site = *state;

	session_site_enable(site, "alice", 0);
	set_pending(site, "alice", PT_BLOCK_CRACKED);
	sync_watch_begin(site->state_dir);
	pd_pending_complete(&site->context, 1000);
	sync_watch_end();
	assert_int_equal(count_pending(site), 0);
	assert_int_equal(site->context.counters.blocks, 1);
}

static void
test_harder_block_comes_after_a_milder_one_and_never_before(void **state)
{
	struct session_site *site = *state;

	session_site_enable(site, "alice", 0);
	set_pending(site, "alice", PT_BLOCK_QUOTA);
	pd_pending_complete(&site->context, 1000);
	set_pending(site, "alice", PT_BLOCK_CRACKED);
	pd_pending_complete(&site->context, 1000);
	read_records(site, "alice");
	assert_int_equal(account.block_reason, PT_BLOCK_CRACKED);
	/* One that gives way is no block that is left to do. */
	set_pending(site, "alice", PT_BLOCK_QUOTA);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(count_pending(site), 0);
	read_records(site, "alice");
	assert_int_equal(account.block_reason, PT_BLOCK_CRACKED);
	assert_int_equal(site->context.counters.blocks, 2);
}

static void
put_keeper(struct session_site *site, int64_t seen_at)
{
	const struct pt_life life = {.number = 7, .seen_at = seen_at};
	struct pt_err err;

	if (pt_store_put_life(
		site->context.store, PT_LIFE_KEEPER, &life, &err) != 0)
		fail_msg("%s", err.text);
}

static void
test_it_is_left_to_a_keeper_that_lives(void **state)
{
	struct session_site *site = *state;

	session_site_enable(site, "alice", 0);
	set_pending(site, "alice", PT_BLOCK_CRACKED);
	put_keeper(site, pt_clock_now());
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(count_pending(site), 1);
	/* It did not say good bye. */
	put_keeper(site, pt_clock_now() - PT_LIFE_SECONDS - 1);
	pd_pending_complete(&site->context, 1000);
	assert_int_equal(count_pending(site), 0);
	assert_int_equal(site->context.counters.blocks, 1);
}

/* Nobody meets it: neither a session nor a message. */
static void
test_tick_ends_an_idle_session(void **state)
{
	struct session_site *site = *state;
	int fd;

	session_site_enable(site, "alice", 0);
	session_site_enable(site, "bob", 0);
	fd = session_site_open(site, "alice", 1);
	set_pending(site, "alice", PT_BLOCK_QUOTA);
	set_pending(site, "bob", PT_BLOCK_CRACKED);
	pd_sessions_tick(&site->sessions);
	session_site_turn(site);
	assert_non_null(strstr(session_site_got(site, fd), "reason=blocked\n"));
	read_records(site, "alice");
	assert_int_equal(account.block_reason, PT_BLOCK_QUOTA);
	read_records(site, "bob");
	assert_int_equal(account.block_reason, PT_BLOCK_CRACKED);
	(void)close(fd);
}

static void
test_tick_without_a_session_socket_completes_too(void **state)
{
	struct session_site *site = *state;

	session_site_enable(site, "alice", 0);
	pd_listeners_close(&site->sessions.listeners);
	set_pending(site, "alice", PT_BLOCK_CRACKED);
	pd_sessions_tick(&site->sessions);
	read_records(site, "alice");
	assert_int_equal(account.block_reason, PT_BLOCK_CRACKED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SESSION_TEST(
		test_block_goes_into_the_account_and_its_mark_goes_away),
	    SESSION_TEST(test_where_nothing_is_pending_nothing_is_written),
	    SESSION_TEST(test_login_without_an_account_only_loses_its_mark),
	    SESSION_TEST(test_what_does_not_fit_comes_next_time),
	    SESSION_TEST(test_what_fails_is_tried_again),
	    SESSION_TEST(test_nobody_waits_for_its_disk),
	    SESSION_TEST(
		test_harder_block_comes_after_a_milder_one_and_never_before),
	    SESSION_TEST(test_it_is_left_to_a_keeper_that_lives),
	    SESSION_TEST(test_tick_ends_an_idle_session),
	    SESSION_TEST(test_tick_without_a_session_socket_completes_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
