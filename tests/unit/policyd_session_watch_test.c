/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What ends sessions that are open, and what does not. */
#include "policyd/session_watch.h"

#include "tests/unit/support/session_site.h"

#define ENDED(reason) "action=close\nunasked=yes\nreason=" reason "\nreply=["

static void
test_access_switched_off_ends_all_sessions_of_the_login(void **state)
{
	struct session_site *site = *state;
	int fds[3];

	session_site_open_three(site, fds);
	session_site_tick(site);
	assert_int_equal(site->sessions.table.count, 3);
	session_site_disable(site, "alice");
	session_site_tick(site);
	session_site_expect(
	    session_site_got(site, fds[0]), ENDED("access-off"));
	assert_string_equal(session_site_got(site, fds[0]), "closed");
	session_site_expect(
	    session_site_got(site, fds[1]), ENDED("access-off"));
	assert_string_equal(session_site_got(site, fds[2]), "");
	assert_int_equal(site->sessions.table.count, 1);
	assert_int_equal(site->context.counters.sessions_opened, 3);
	assert_int_equal(site->context.counters.sessions_ended, 2);
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(fds[2]);
}

static void
test_hibernated_session_ends_too(void **state)
{
	struct session_site *site = *state;
	int fd;

	session_site_enable(site, "alice", 0);
	fd = session_site_open(site, "alice", 1);
	session_site_ask(site, fd, "hibernate", "");
	session_site_disable(site, "alice");
	session_site_tick(site);
	assert_int_equal(site->sessions.table.count, 0);
	session_site_tick(site);
	assert_int_equal(site->sessions.table.party_count, 0);
	(void)close(fd);
}

static void
test_request_that_waits_when_the_session_ends_gets_that_answer(void **state)
{
	struct session_site *site = *state;
	int fd;

	session_site_enable(site, "alice", 0);
	fd = session_site_open(site, "alice", 1);
	session_site_disable(site, "alice");
	session_site_send(fd,
	    "request=postern_session\nevent=check\nuidvalidity=1\n"
	    "uidnext=5\n\n");
	(void)uv_run(&site->loop, UV_RUN_NOWAIT);
	assert_false(pd_session_batch_is_empty(&site->sessions.batch));
	pd_session_watch_look(&site->sessions.watch, session_site_now(site));
	(void)pd_session_watch_run(
	    &site->sessions.watch, session_site_now(site));
	assert_true(pd_session_batch_is_empty(&site->sessions.batch));
	session_site_expect(session_site_got(site, fd), ENDED("access-off"));
	assert_string_equal(session_site_got(site, fd), "closed");
	(void)close(fd);
}

static void
test_nothing_is_judged_while_nothing_changes(void **state)
{
	struct session_site *site = *state;
	struct pd_session_watch *watch = &site->sessions.watch;
	int fd;
	int i;

	session_site_enable(site, "alice", 0);
	fd = session_site_open(site, "alice", 1);
	session_site_tick(site);
	for (i = 0; i < 3; i++) {
		site->shift_ms += PD_SESSION_WATCH_ROUND_MS;
		pd_session_watch_look(watch, session_site_now(site));
		assert_null(pd_list_first(&site->sessions.table.to_judge));
	}
	(void)close(fd);
}

static void
test_rounds_leave_a_gap_and_none_is_forgotten(void **state)
{
	struct session_site *site = *state;
	struct pd_session_watch *watch = &site->sessions.watch;
	int fd;

	session_site_enable(site, "alice", 0);
	session_site_enable(site, "bob", 0);
	fd = session_site_open(site, "alice", 1);
	session_site_tick(site);
	session_site_disable(site, "bob");
	/* A round has just begun, so the next one waits. */
	pd_session_watch_look(watch, session_site_now(site));
	assert_null(pd_list_first(&site->sessions.table.to_judge));
	site->shift_ms += PD_SESSION_WATCH_ROUND_MS;
	pd_session_watch_look(watch, session_site_now(site));
	assert_non_null(pd_list_first(&site->sessions.table.to_judge));
	(void)close(fd);
}

static void
test_a_round_is_done_in_slices(void **state)
{
	struct session_site *site = *state;
	struct pd_session_table *table = &site->sessions.table;
	struct pt_token token = {.protocol = PT_PROTOCOL_IMAP, .password = 1};
	struct pt_login login;
	char name[40];
	int turns = 0;
	unsigned i;

	for (i = 0; i < 3 * PD_SESSION_WATCH_SLICE + 1; i++) {
		(void)snprintf(name, sizeof(name), "user%u@example.com", i);
		login = test_login(name);
		token.nonce = i;
		assert_non_null(pd_session_add(table, &login, &token, "x"));
	}
	site->context.generation++;
	site->shift_ms += PD_SESSION_WATCH_ROUND_MS;
	pd_session_watch_look(&site->sessions.watch, session_site_now(site));
	while (
	    pd_session_watch_run(&site->sessions.watch, session_site_now(site)))
		turns++;
	assert_int_equal(turns, 3);
	/* None of them ever had access. */
	assert_int_equal(table->count, 0);
}

/* Moves the time at which sessions of an app password expire to the past. */
static void
let_expire(struct session_site *site, const char *name, uint32_t password)
{
	struct pt_login login = test_login(name);
	struct pd_party *party =
	    pd_session_party(&site->sessions.table, &login);
	const struct pd_link *link;
	struct pd_session *session;

	assert_non_null(party);
	for (link = party->sessions.next; link != &party->sessions;
	     link = link->next) {
		session = (struct pd_session *)link;
		if (session->token.password == password)
			session->until = 1;
	}
	site->sessions.batch.next_until = 1;
}

static void
test_session_is_judged_when_its_app_password_expires(void **state)
{
	struct session_site *site = *state;
	struct pd_session_table *table = &site->sessions.table;
	struct pd_session_watch *watch = &site->sessions.watch;
	int64_t expiry = pt_clock_now() + 1000;
	int fds[3];
	int i;

	session_site_enable(site, "alice", 0);
	session_site_enable(site, "bob", 0);
	assert_int_equal(session_site_enable(site, "alice", expiry), 2);
	fds[0] = session_site_open(site, "alice", 1);
	fds[1] = session_site_open(site, "alice", 2);
	fds[2] = session_site_open(site, "bob", 1);
	session_site_tick(site);
	assert_int_equal(site->sessions.batch.next_until, expiry);
	let_expire(site, "alice", 2);
	pd_session_watch_look(watch, session_site_now(site));
	/* Only that login is judged, and the rule knows better than we. */
	assert_non_null(pd_list_first(&table->to_judge));
	assert_ptr_equal(table->to_judge.next, table->to_judge.prev);
	assert_false(pd_session_watch_run(watch, session_site_now(site)));
	assert_int_equal(table->count, 3);
	assert_int_equal(site->sessions.batch.next_until, expiry);
	for (i = 0; i < 3; i++)
		(void)close(fds[i]);
}

static void
test_new_plan_that_holds_otherwise_has_it_open_again(void **state)
{
	struct session_site *site = *state;
	int fd;

	session_site_enable(site, "alice", 0);
	fd = session_site_open(site, "alice", 1);
	session_site_configure(
	    site, "mode = enforce", "messages = { \"1/1h\" }");
	session_site_tick(site);
	assert_string_equal(session_site_got(site, fd), "");
	session_site_configure(site, "mode = enforce", "imap_check = off");
	session_site_tick(site);
	assert_string_equal(session_site_got(site, fd), "closed");
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SESSION_TEST(
		test_access_switched_off_ends_all_sessions_of_the_login),
	    SESSION_TEST(test_hibernated_session_ends_too),
	    SESSION_TEST(
		test_request_that_waits_when_the_session_ends_gets_that_answer),
	    SESSION_TEST(test_nothing_is_judged_while_nothing_changes),
	    SESSION_TEST(test_rounds_leave_a_gap_and_none_is_forgotten),
	    SESSION_TEST(test_a_round_is_done_in_slices),
	    SESSION_TEST(test_session_is_judged_when_its_app_password_expires),
	    SESSION_TEST(test_new_plan_that_holds_otherwise_has_it_open_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
