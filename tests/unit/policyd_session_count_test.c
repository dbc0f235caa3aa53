/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Counts of open sessions, and policyd's life, as Dovecot's auth sees them. */
#include "policyd/session_count.h"

#include "tests/unit/support/session_site.h"

#define PARTIES (2 * PT_BATCH_MAX + 10)

static struct pt_life
life(struct session_site *site)
{
	struct pt_life out;
	struct pt_err err;

	assert_int_equal(pt_store_get_life(
			     site->context.store, PT_LIFE_SESSIONS, &out, &err),
	    0);
	return out;
}

static struct pd_session *
add(struct session_site *site, unsigned i)
{
	struct pt_token token = {.protocol = PT_PROTOCOL_IMAP, .nonce = i};
	struct pt_login login;
	struct pd_session *session;
	char name[40];

	(void)snprintf(name, sizeof(name), "user%u@example.com", i);
	login = test_login(name);
	session = pd_session_add(&site->sessions.table, &login, &token, "");
	assert_non_null(session);
	return session;
}

static void
test_each_start_is_another_life(void **state)
{
	struct session_site *site = *state;
	struct pd_session_count *count = &site->sessions.count;
	struct pt_life first = life(site);
	struct pt_err err;

	assert_true(first.number > 0);
	assert_true(pt_clock_now() - first.seen_at < 60);
	assert_int_equal(pd_session_count_start(count, &site->context,
			     &site->sessions.table, &err),
	    0);
	pd_session_count_live(count, 1000);
	assert_int_equal(life(site).number, first.number + 1);
}

static void
test_life_is_said_now_and_then_and_taken_back_at_the_end(void **state)
{
	struct session_site *site = *state;
	struct pd_session_count *count = &site->sessions.count;
	struct pt_err err;

	count->said_ms = 1000;
	count->beat.life.seen_at = 1;
	assert_int_equal(pt_store_put_life(site->context.store,
			     PT_LIFE_SESSIONS, &count->beat.life, &err),
	    0);
	pd_session_count_live(count, 1000 + PD_SESSION_LIVE_MS - 1);
	assert_true(life(site).seen_at == 1);
	pd_session_count_live(count, 1000 + PD_SESSION_LIVE_MS);
	assert_true(life(site).seen_at > 1);
	assert_int_equal(pd_session_count_stop(count, &err), 0);
	assert_true(life(site).seen_at == 0);
}

static void
test_counts_are_stored_in_batches(void **state)
{
	struct session_site *site = *state;
	struct pd_session_count *count = &site->sessions.count;
	unsigned i;

	for (i = 0; i < PARTIES; i++)
		(void)add(site, i);
	assert_true(pd_session_count_store(count, 1000));
	assert_true(pd_session_count_store(count, 1000));
	assert_false(pd_session_count_store(count, 1000));
	assert_null(pd_list_first(&site->sessions.table.changed));
	assert_int_equal(
	    session_site_usage(site, "user7@example.com").sessions.count, 1);
	assert_int_equal(
	    session_site_usage(site, "user7@example.com").sessions.life,
	    count->beat.life.number);
}

static void
test_what_came_and_went_is_not_written(void **state)
{
	struct session_site *site = *state;

	pd_session_end(&site->sessions.table, add(site, 1));
	assert_int_equal(site->sessions.table.party_count, 1);
	assert_false(pd_session_count_store(&site->sessions.count, 1000));
	assert_int_equal(site->sessions.table.party_count, 0);
	assert_false(session_site_usage(site, "user1@example.com").exists);
}

static void
test_count_that_cannot_be_stored_is_tried_again(void **state)
{
	struct session_site *site = *state;
	struct pd_session_count *count = &site->sessions.count;

	(void)add(site, 1);
	session_site_open_store(site, PT_STORE_READ);
	assert_false(pd_session_count_store(count, 1000));
	assert_non_null(pd_list_first(&site->sessions.table.changed));
	session_site_open_store(site, PT_STORE_WRITE);
	assert_false(pd_session_count_store(count, 1000));
	assert_int_equal(
	    session_site_usage(site, "user1@example.com").sessions.count, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SESSION_TEST(test_each_start_is_another_life),
	    SESSION_TEST(
		test_life_is_said_now_and_then_and_taken_back_at_the_end),
	    SESSION_TEST(test_counts_are_stored_in_batches),
	    SESSION_TEST(test_what_came_and_went_is_not_written),
	    SESSION_TEST(test_count_that_cannot_be_stored_is_tried_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
