/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Requests over a socket, through the rules and a real state, in batches. */
#include "tests/unit/support/batch_site.h"

static void
test_one_login_on_many_connections_passes_exactly_its_limit(void **state)
{
	struct site *site = *state;
	int permitted = 0;
	int deferred = 0;
	int i;

	connect_clients(site, 20);
	for (i = 0; i < 20; i++)
		ask(site, i, "alice", "END-OF-MESSAGE", i);
	turn(site);
	assert_string_equal(answer(site, 0), "");
	pd_batch_run(&site->batch, 1000);
	assert_true(pd_batch_is_empty(&site->batch));
	for (i = 0; i < 20; i++) {
		if (strcmp(answer(site, i), "action=DUNNO\n\n") == 0)
			permitted++;
		else
			deferred++;
	}
	assert_int_equal(permitted, 5);
	assert_int_equal(deferred, 15);
	assert_int_equal(site->context.counters.permitted, 5);
	assert_int_equal(site->context.counters.refused[PT_REASON_QUOTA], 15);
	assert_int_equal(site->context.counters.requests, 20);
	assert_int_equal(site->context.counters.batches, 1);
	assert_true(site->context.unsynced);
	close_clients(site, 20);
}

static void
test_batch_is_capped_and_the_rest_comes_next(void **state)
{
	struct site *site = *state;
	char login[32];
	int answered = 0;
	int i;

	connect_clients(site, CLIENTS);
	for (i = 0; i < CLIENTS; i++) {
		(void)snprintf(login, sizeof(login), "user%d", i);
		ask(site, i, login, "END-OF-MESSAGE", i);
	}
	turn(site);
	pd_batch_run(&site->batch, 1000);
	assert_false(pd_batch_is_empty(&site->batch));
	assert_int_equal(site->context.counters.permitted, PD_BATCH_CAP);
	turn(site);
	pd_batch_run(&site->batch, 1000);
	assert_true(pd_batch_is_empty(&site->batch));
	for (i = 0; i < CLIENTS; i++)
		answered += strcmp(answer(site, i), "action=DUNNO\n\n") == 0;
	assert_int_equal(answered, CLIENTS);
	close_clients(site, CLIENTS);
}

static void
test_looks_change_nothing_and_nothing_opens_no_batch(void **state)
{
	struct site *site = *state;

	connect_clients(site, 3);
	ask(site, 0, "alice", "RCPT", 1);
	ask(site, 1, "", "RCPT", 2);
	ask(site, 2, "alice", "CONNECT", 3);
	turn(site);
	/* Those that need no state have their answer already. */
	assert_string_equal(answer(site, 1), "action=DUNNO\n\n");
	assert_string_equal(answer(site, 2), "action=DUNNO\n\n");
	assert_string_equal(answer(site, 0), "");
	pd_batch_run(&site->batch, 1000);
	assert_string_equal(answer(site, 0), "action=DUNNO\n\n");
	assert_false(site->context.unsynced);
	assert_int_equal(site->context.counters.batches, 1);
	assert_int_equal(site->context.counters.unauthenticated, 1);
	pd_batch_run(&site->batch, 1000);
	assert_int_equal(site->context.counters.batches, 1);
	close_clients(site, 3);
}

static void
test_repeated_message_costs_once_and_refusal_counts_once(void **state)
{
	struct site *site = *state;
	int i;

	connect_clients(site, 1);
	for (i = 0; i < 3; i++) {
		ask(site, 0, "alice", "END-OF-MESSAGE", 1);
		turn(site);
		pd_batch_run(&site->batch, 1000);
		assert_string_equal(answer(site, 0), "action=DUNNO\n\n");
	}
	assert_int_equal(site->context.counters.permitted, 1);
	assert_int_equal(site->context.counters.repeated, 2);
	for (i = 2; i <= 5; i++) {
		ask(site, 0, "alice", "END-OF-MESSAGE", i);
		turn(site);
		pd_batch_run(&site->batch, 1000);
		assert_string_equal(answer(site, 0), "action=DUNNO\n\n");
	}
	for (i = 0; i < 3; i++) {
		ask(site, 0, "alice", "RCPT", 6);
		turn(site);
		pd_batch_run(&site->batch, 1000);
		assert_memory_equal(answer(site, 0), "action=450 4.7.28 ", 18);
	}
	assert_int_equal(site->context.counters.refused[PT_REASON_QUOTA], 1);
	close_clients(site, 1);
}

static void
test_observe_mode_refuses_nothing(void **state)
{
	struct site *site = *state;
	int i;

	configure(site, "observe");
	connect_clients(site, 8);
	for (i = 0; i < 7; i++)
		ask(site, i, "alice", "END-OF-MESSAGE", i);
	ask(site, 7, "not a login", "END-OF-MESSAGE", 7);
	turn(site);
	pd_batch_run(&site->batch, 1000);
	for (i = 0; i < 8; i++)
		assert_string_equal(answer(site, i), "action=DUNNO\n\n");
	assert_int_equal(site->context.counters.observed[PT_REASON_QUOTA], 2);
	assert_int_equal(
	    site->context.counters.observed[PT_REASON_LOGIN_INVALID], 1);
	assert_int_equal(site->context.counters.refused[PT_REASON_QUOTA], 0);
	close_clients(site, 8);
}

static void
test_state_that_cannot_be_written_defers_all(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	/* A store for reading takes no update. */
	pt_store_close(site->context.store);
	assert_int_equal(pt_store_open(site->state_dir, PT_STORE_READ,
			     &site->context.store, &err),
	    0);
	connect_clients(site, 2);
	ask(site, 0, "alice", "END-OF-MESSAGE", 1);
	ask(site, 1, "bob", "RCPT", 2);
	turn(site);
	pd_batch_run(&site->batch, 1000);
	assert_memory_equal(answer(site, 0), "action=451 4.3.0 ", 17);
	assert_memory_equal(answer(site, 1), "action=451 4.3.0 ", 17);
	assert_int_equal(
	    site->context.counters.refused[PT_REASON_UNAVAILABLE], 2);
	assert_false(site->context.unsynced);
	close_clients(site, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_one_login_on_many_connections_passes_exactly_its_limit),
	    TEST(test_batch_is_capped_and_the_rest_comes_next),
	    TEST(test_looks_change_nothing_and_nothing_opens_no_batch),
	    TEST(test_repeated_message_costs_once_and_refusal_counts_once),
	    TEST(test_observe_mode_refuses_nothing),
	    TEST(test_state_that_cannot_be_written_defers_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
