/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The table of sessions: found again, counted, grown, freed. */
#include "policyd/session.h"

#include "policyd/connection.h"
#include "tests/unit/support/testing.h"

#define MANY 5000 /* the table must grow several times */

static struct pd_session_table table;

static int
set_up(void **state)
{
	struct pt_err err;

	(void)state;
	return pd_session_table_init(&table, &err);
}

static int
tear_down(void **state)
{
	(void)state;
	pd_session_table_clear(&table);
	return 0;
}

static struct pt_token
token_of(uint64_t nonce)
{
	return (struct pt_token){
	    .protocol = PT_PROTOCOL_IMAP, .password = 1, .nonce = nonce};
}

static struct pd_session *
add(const char *name, uint64_t nonce)
{
	struct pt_login login = test_login(name);
	struct pt_token token = token_of(nonce);
	struct pd_session *session =
	    pd_session_add(&table, &login, &token, "id");

	assert_non_null(session);
	return session;
}

static struct pd_session *
find(const char *name, uint64_t nonce)
{
	struct pt_login login = test_login(name);
	struct pt_token token = token_of(nonce);

	return pd_session_find(&table, &login, &token);
}

static void
test_session_is_found_by_its_token_and_login(void **state)
{
	struct pd_session *session = add("alice", 7);

	(void)state;
	assert_ptr_equal(find("alice", 7), session);
	assert_null(find("alice", 8));
	assert_null(find("bob", 7));
	assert_null(find("alice", 7 + 1024 * 1024));
	assert_string_equal(session->id, "id");
	pd_session_end(&table, session);
	assert_null(find("alice", 7));
}

static void
test_party_counts_the_sessions_of_a_login(void **state)
{
	struct pd_session *one = add("alice", 1);
	struct pd_session *two = add("alice", 2);
	struct pd_session *three = add("bob", 3);

	(void)state;
	assert_ptr_equal(one->party, two->party);
	assert_ptr_not_equal(one->party, three->party);
	assert_int_equal(one->party->count, 2);
	assert_int_equal(table.count, 3);
	assert_int_equal(table.party_count, 2);
	pd_session_end(&table, one);
	assert_int_equal(two->party->count, 1);
}

static void
test_party_stays_until_its_count_is_stored(void **state)
{
	struct pt_login login = test_login("alice");
	struct pd_party *party = add("alice", 1)->party;

	(void)state;
	assert_non_null(pd_list_first(&table.changed));
	pd_session_party_stored(&table, party, 1);
	assert_null(pd_list_first(&table.changed));
	pd_session_end(&table, find("alice", 1));
	assert_ptr_equal(pd_session_party(&table, &login), party);
	assert_ptr_equal(PD_LIST_OWNER(pd_list_first(&table.changed),
			     struct pd_party, changed),
	    party);
	/* What was stored is no longer so: it stays. */
	pd_session_party_stored(&table, party, 1);
	assert_non_null(pd_list_first(&table.changed));
	pd_session_party_stored(&table, party, 0);
	assert_null(pd_session_party(&table, &login));
	assert_int_equal(table.party_count, 0);
}

static void
test_session_is_tied_to_one_connection(void **state)
{
	static struct pd_clients clients;
	static struct pd_connection a;
	static struct pd_connection b;
	struct pd_session *session = add("alice", 1);

	(void)state;
	memset(&clients, 0, sizeof(clients));
	a.clients = &clients;
	b.clients = &clients;
	pd_session_attach(session, &a);
	assert_ptr_equal(a.session, session);
	assert_int_equal(clients.kept, 1);
	pd_session_attach(session, &b);
	assert_null(a.session);
	assert_ptr_equal(b.session, session);
	assert_int_equal(clients.kept, 1);
	pd_session_hibernate(&table, session, 1000);
	assert_null(b.session);
	assert_null(session->connection);
	assert_ptr_equal(pd_list_first(&table.asleep), &session->asleep);
	assert_int_equal(clients.kept, 0);
	pd_session_attach(session, &a);
	assert_null(pd_list_first(&table.asleep));
	pd_session_end(&table, session);
	assert_null(a.session);
	assert_int_equal(clients.kept, 0);
}

static void
test_all_are_found_in_a_table_that_grew(void **state)
{
	char name[40];
	unsigned i;

	(void)state;
	for (i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof(name), "user%u", i / 2);
		(void)add(name, i);
	}
	assert_true(table.buckets >= MANY);
	assert_int_equal(table.party_count, MANY / 2);
	for (i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof(name), "user%u", i / 2);
		assert_non_null(find(name, i));
		assert_int_equal(find(name, i)->party->count, 2 - i % 2);
		if (i % 2 == 0)
			pd_session_end(&table, find(name, i));
	}
	assert_int_equal(table.count, MANY / 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_session_is_found_by_its_token_and_login),
	    TEST(test_party_counts_the_sessions_of_a_login),
	    TEST(test_party_stays_until_its_count_is_stored),
	    TEST(test_session_is_tied_to_one_connection),
	    TEST(test_all_are_found_in_a_table_that_grew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
