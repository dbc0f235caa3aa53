/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Events over a socket, through the rules and a real state, in batches. */
#include "policyd/session_batch.h"

#include "tests/unit/support/session_site.h"

#define IS_OPEN "action=ok\nhold=yes\nreport=600\n\n"
#define IS_OK   "action=ok\n\n"
#define UIDS(n) "uidvalidity=1\nuidnext=" n "\n"
#define UNASKED "action=hold\nunasked=yes\nuidvalidity=1\nuidnext="
#define HOLDS   "action=hold\nuidvalidity=1\nuidnext="
#define REFUSED "action=close\nreason="

static void
test_open_is_counted_and_its_end_is_counted_down(void **state)
{
	struct session_site *site = *state;
	char token[PT_TOKEN_TEXT_MAX];
	int fd = session_site_connect(site);

	session_site_enable(site, "alice", 0);
	session_site_token(site, "alice", PT_PROTOCOL_IMAP, 1, token);
	assert_string_equal(
	    session_site_open_token(site, fd, "alice", token), IS_OPEN);
	assert_int_equal(site->sessions.table.count, 1);
	session_site_tick(site);
	assert_int_equal(session_site_usage(site, "alice").sessions.count, 1);
	assert_int_equal(session_site_usage(site, "alice").sessions.life,
	    site->sessions.count.beat.life.number);
	session_site_close(site, fd);
	assert_int_equal(site->sessions.table.count, 0);
	session_site_tick(site);
	assert_int_equal(session_site_usage(site, "alice").sessions.count, 0);
	assert_int_equal(site->sessions.table.party_count, 0);
}

static void
test_close_is_answered_and_frees_the_session(void **state)
{
	struct session_site *site = *state;
	int fd;

	session_site_enable(site, "alice", 0);
	fd = session_site_open(site, "alice", 1);
	assert_string_equal(session_site_ask(site, fd, "close", ""), IS_OK);
	assert_string_equal(session_site_got(site, fd), "closed");
	assert_int_equal(site->sessions.table.count, 0);
	(void)close(fd);
}

static void
test_hibernated_session_is_counted_until_its_time_is_over(void **state)
{
	struct session_site *site = *state;
	struct pd_session_table *table = &site->sessions.table;
	char token[PT_TOKEN_TEXT_MAX];
	struct pd_session *session;
	int fd = session_site_connect(site);

	session_site_enable(site, "alice", 0);
	session_site_token(site, "alice", PT_PROTOCOL_IMAP, 1, token);
	session_site_open_token(site, fd, "alice", token);
	assert_string_equal(session_site_ask(site, fd, "hibernate", ""), IS_OK);
	assert_string_equal(session_site_got(site, fd), "closed");
	assert_int_equal(table->count, 1);
	/* It comes back, and goes again. */
	(void)close(fd);
	fd = session_site_connect(site);
	assert_string_equal(
	    session_site_open_token(site, fd, "alice", token), IS_OPEN);
	assert_int_equal(table->count, 1);
	assert_null(pd_list_first(&table->asleep));
	session_site_ask(site, fd, "hibernate", "");
	session = PD_LIST_OWNER(
	    pd_list_first(&table->asleep), struct pd_session, asleep);
	session->asleep_since_ms -= PD_SESSION_HIBERNATE_MS;
	pd_sessions_tick(&site->sessions);
	assert_int_equal(table->count, 0);
	(void)close(fd);
}

static void
test_same_token_takes_the_place_of_its_connection(void **state)
{
	struct session_site *site = *state;
	char token[PT_TOKEN_TEXT_MAX];
	int first = session_site_connect(site);
	int second = session_site_connect(site);

	session_site_enable(site, "alice", 0);
	session_site_token(site, "alice", PT_PROTOCOL_IMAP, 1, token);
	session_site_open_token(site, first, "alice", token);
	assert_string_equal(
	    session_site_open_token(site, second, "alice", token), IS_OPEN);
	assert_string_equal(session_site_got(site, first), "closed");
	assert_int_equal(site->sessions.table.count, 1);
	assert_string_equal(
	    session_site_ask(site, second, "traffic", "down=1\nup=2\n"), IS_OK);
	(void)close(first);
	(void)close(second);
}

static void
test_same_token_twice_in_one_batch_is_one_session(void **state)
{
	struct session_site *site = *state;
	char token[PT_TOKEN_TEXT_MAX];
	char text[400];
	int fds[3];
	int i;

	session_site_enable(site, "alice", 0);
	session_site_token(site, "alice", PT_PROTOCOL_IMAP, 1, token);
	(void)snprintf(text, sizeof(text),
	    "request=postern_session\nevent=open\nlogin=alice\n"
	    "token=%s\nservice=imap\n\n",
	    token);
	for (i = 0; i < 3; i++)
		fds[i] = session_site_connect(site);
	for (i = 0; i < 3; i++)
		session_site_send(fds[i], text);
	session_site_turn(site);
	assert_int_equal(site->sessions.table.count, 1);
	assert_int_equal(site->sessions.clients.count, 1);
	assert_int_equal(site->sessions.clients.kept, 1);
	for (i = 0; i < 3; i++)
		(void)close(fds[i]);
}

static void
test_limit_of_sessions_holds_in_one_batch_too(void **state)
{
	struct session_site *site = *state;
	const struct pt_counters *counters = &site->context.counters;
	char token[PT_TOKEN_TEXT_MAX];
	char text[400];
	int fds[8];
	int opened = 0;
	int i;

	session_site_configure(site, "mode = enforce", "sessions = 3");
	session_site_enable(site, "alice", 0);
	for (i = 0; i < 8; i++)
		fds[i] = session_site_connect(site);
	for (i = 0; i < 8; i++) {
		session_site_token(site, "alice", PT_PROTOCOL_IMAP, 1, token);
		(void)snprintf(text, sizeof(text),
		    "request=postern_session\nevent=open\nlogin=alice\n"
		    "token=%s\nservice=imap\n\n",
		    token);
		session_site_send(fds[i], text);
	}
	session_site_turn(site);
	for (i = 0; i < 8; i++) {
		if (strcmp(session_site_got(site, fds[i]), IS_OPEN) == 0)
			opened++;
		(void)close(fds[i]);
	}
	assert_int_equal(opened, 3);
	assert_int_equal(counters->sessions_opened, 3);
	assert_int_equal(counters->sessions_refused[PT_REASON_SESSIONS], 5);
	/* That is said of messages. */
	assert_int_equal(counters->refused[PT_REASON_SESSIONS], 0);
}

static void
test_token_of_another_is_refused(void **state)
{
	struct session_site *site = *state;
	char token[PT_TOKEN_TEXT_MAX];
	int fd = session_site_connect(site);

	session_site_enable(site, "alice", 0);
	session_site_enable(site, "bob", 0);
	session_site_token(site, "alice", PT_PROTOCOL_IMAP, 1, token);
	session_site_expect(session_site_open_token(site, fd, "bob", token),
	    REFUSED "password\nreply=[");
	assert_string_equal(session_site_got(site, fd), "closed");
	(void)close(fd);
	fd = session_site_connect(site);
	session_site_expect(session_site_open_token(site, fd, "", token),
	    REFUSED "login-invalid\n");
	(void)close(fd);
	fd = session_site_connect(site);
	session_site_token(site, "alice", PT_PROTOCOL_POP3, 1, token);
	session_site_expect(session_site_open_token(site, fd, "alice", token),
	    REFUSED "password\n");
	(void)close(fd);
	assert_int_equal(site->sessions.table.count, 0);
	assert_int_equal(site->sessions.table.party_count, 0);
}

static void
test_view_is_one_for_all_sessions_of_the_login(void **state)
{
	struct session_site *site = *state;
	int fds[3];

	session_site_open_three(site, fds);
	session_site_expect(
	    session_site_ask(site, fds[0], "check", UIDS("7")), HOLDS "7\n");
	session_site_expect(session_site_got(site, fds[1]), UNASKED "7\n");
	/* Nothing moved: nobody is told. */
	session_site_expect(
	    session_site_ask(site, fds[0], "check", UIDS("9")), HOLDS "7\n");
	assert_string_equal(session_site_got(site, fds[1]), "");
	session_site_expect(
	    session_site_ask(site, fds[1], "stored", UIDS("10")), HOLDS "10\n");
	session_site_expect(session_site_got(site, fds[0]), UNASKED "10\n");
	assert_string_equal(session_site_got(site, fds[2]), "");
	assert_int_equal(session_site_usage(site, "alice").view.uidnext, 10);
	assert_int_equal(site->context.counters.mail_checks, 2);
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(fds[2]);
}

static void
test_traffic_over_the_limit_ends_them_all_in_one_batch(void **state)
{
	struct session_site *site = *state;
	int fds[4];
	int i;

	session_site_configure(
	    site, "mode = enforce", "download = { \"1000/1d\" }");
	session_site_enable(site, "alice", 0);
	session_site_enable(site, "bob", 0);
	for (i = 0; i < 3; i++)
		fds[i] = session_site_open(site, "alice", 1);
	fds[3] = session_site_open(site, "bob", 1);
	/* All of them have a request in the same batch. */
	for (i = 0; i < 3; i++)
		session_site_send(fds[i],
		    "request=postern_session\nevent=traffic\n"
		    "down=600\nup=0\n\n");
	session_site_turn(site);
	for (i = 0; i < 3; i++)
		assert_non_null(
		    strstr(session_site_got(site, fds[i]), "traffic"));
	assert_string_equal(session_site_got(site, fds[0]), "closed");
	assert_int_equal(site->sessions.table.count, 1);
	assert_int_equal(site->context.counters.sessions_ended, 3);
	session_site_expect(
	    session_site_ask(site, fds[3], "traffic", "down=1\nup=1\n"), IS_OK);
	for (i = 0; i < 4; i++)
		(void)close(fds[i]);
}

static void
test_state_that_cannot_be_written_closes_without_an_answer(void **state)
{
	struct session_site *site = *state;
	char token[PT_TOKEN_TEXT_MAX];
	int fd;
	int open;

	session_site_enable(site, "alice", 0);
	open = session_site_open(site, "alice", 1);
	session_site_token(site, "alice", PT_PROTOCOL_IMAP, 1, token);
	session_site_open_store(site, PT_STORE_READ);
	fd = session_site_connect(site);
	assert_string_equal(
	    session_site_open_token(site, fd, "alice", token), "closed");
	assert_string_equal(
	    session_site_ask(site, open, "check", UIDS("3")), "closed");
	assert_int_equal(site->sessions.table.count, 0);
	session_site_open_store(site, PT_STORE_WRITE);
	(void)close(open);
	(void)close(fd);
}

static void
test_more_than_max_sessions_go_on_uncounted(void **state)
{
	struct session_site *site = *state;
	char token[PT_TOKEN_TEXT_MAX];
	int open;
	int fd;

	session_site_enable(site, "alice", 0);
	site->sessions.batch.max_sessions = 1;
	open = session_site_open(site, "alice", 1);
	fd = session_site_connect(site);
	session_site_token(site, "alice", PT_PROTOCOL_IMAP, 1, token);
	assert_string_equal(
	    session_site_open_token(site, fd, "alice", token), "closed");
	assert_int_equal(site->sessions.table.count, 1);
	(void)close(open);
	(void)close(fd);
}

static void
test_event_out_of_order_is_garbage(void **state)
{
	static const char *const rests[] = {
	    "event=check\nuidvalidity=1\nuidnext=1\n\n",
	    "event=traffic\ndown=1\nup=1\n\n",
	    "event=close\n\n",
	    "event=hibernate\n\n",
	};
	struct session_site *site = *state;
	size_t i;
	int fd;

	for (i = 0; i < sizeof(rests) / sizeof(*rests); i++) {
		fd = session_site_connect(site);
		session_site_send(fd, "request=postern_session\n");
		session_site_send(fd, rests[i]);
		assert_string_equal(session_site_got(site, fd), "closed");
		assert_int_equal(site->context.counters.malformed, i + 1);
		(void)close(fd);
	}
	session_site_enable(site, "alice", 0);
	fd = session_site_open(site, "alice", 1);
	assert_string_equal(
	    session_site_open_token(site, fd, "alice", "x"), "closed");
	assert_int_equal(site->sessions.table.count, 0);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SESSION_TEST(test_open_is_counted_and_its_end_is_counted_down),
	    SESSION_TEST(test_close_is_answered_and_frees_the_session),
	    SESSION_TEST(
		test_hibernated_session_is_counted_until_its_time_is_over),
	    SESSION_TEST(test_same_token_takes_the_place_of_its_connection),
	    SESSION_TEST(test_same_token_twice_in_one_batch_is_one_session),
	    SESSION_TEST(test_limit_of_sessions_holds_in_one_batch_too),
	    SESSION_TEST(test_token_of_another_is_refused),
	    SESSION_TEST(test_view_is_one_for_all_sessions_of_the_login),
	    SESSION_TEST(
		test_traffic_over_the_limit_ends_them_all_in_one_batch),
	    SESSION_TEST(
		test_state_that_cannot_be_written_closes_without_an_answer),
	    SESSION_TEST(test_more_than_max_sessions_go_on_uncounted),
	    SESSION_TEST(test_event_out_of_order_is_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
