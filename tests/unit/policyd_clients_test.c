/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/clients.h"

#include "tests/unit/support/policyd_site.h"

static void
test_answer_that_is_not_taken_waits_and_is_given_up(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);
	struct pd_connection *connection;
	size_t len = 0;

	site->padding = 1 << 20;
	site_ask(fd, SITE_HEAD "1\n\n");
	site_turn(site);
	connection = (struct pd_connection *)pd_list_first(&site->clients.slow);
	assert_non_null(connection);
	assert_int_equal(connection->state, PD_CONNECTION_WRITING);
	while (len < site->padding && site_got(site, fd)[0] != '\0')
		len += strlen(site_got(site, fd));
	assert_true(len > 0);
	site_turn(site);
	assert_int_equal(connection->state, PD_CONNECTION_IDLE);

	site_ask(fd, SITE_HEAD "1\n\n");
	site_turn(site);
	assert_int_equal(connection->state, PD_CONNECTION_WRITING);
	connection->since_ms -= PD_CLIENTS_SLOW_MS;
	pd_clients_expire(&site->clients);
	assert_int_equal(site->clients.count, 0);
	site_turn(site);
	(void)close(fd);
}

static void
test_slow_and_idle_clients_are_closed_in_time(void **state)
{
	struct site *site = *state;
	int slow = site_connect(site);
	int idle = site_connect(site);
	int fresh = site_connect(site);
	struct pd_connection *first;

	site_ask(slow, "request=smtpd_access");
	site_turn(site);
	first = (struct pd_connection *)pd_list_first(&site->clients.slow);
	assert_non_null(first);
	/* Another byte is no new beginning. */
	first->since_ms -= PD_CLIENTS_SLOW_MS - 1000;
	site_ask(slow, "_");
	site_turn(site);
	pd_clients_expire(&site->clients);
	assert_int_equal(site->clients.count, 3);
	first->since_ms -= 1000;
	pd_clients_expire(&site->clients);
	assert_string_equal(site_got(site, slow), "closed");

	first = (struct pd_connection *)pd_list_first(&site->clients.idle);
	assert_non_null(first);
	first->since_ms -= PD_CLIENTS_IDLE_MS;
	pd_clients_expire(&site->clients);
	assert_string_equal(site_got(site, idle), "closed");
	assert_string_equal(site_got(site, fresh), "");
	assert_int_equal(site->clients.count, 1);
	(void)close(slow);
	(void)close(idle);
	(void)close(fresh);
}

static void
test_connection_that_is_idle_longest_makes_room(void **state)
{
	struct site *site = *state;
	int fds[4];

	site->clients.max = 3;
	fds[0] = site_connect(site);
	fds[1] = site_connect(site);
	fds[2] = site_connect(site);
	site_ask(fds[0], SITE_HEAD "1\n\n");
	assert_string_equal(site_got(site, fds[0]), "action=1\n\n");
	fds[3] = site_connect(site);
	assert_int_equal(site->clients.count, 3);
	assert_string_equal(site_got(site, fds[0]), "");
	assert_string_equal(site_got(site, fds[1]), "closed");
	assert_string_equal(site_got(site, fds[2]), "");
	site_ask(fds[3], SITE_HEAD "2\n\n");
	assert_string_equal(site_got(site, fds[3]), "action=2\n\n");
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(fds[2]);
	(void)close(fds[3]);
}

static void
test_limit_that_was_lowered_holds_from_the_next_connection(void **state)
{
	struct site *site = *state;
	int fds[5];
	int i;

	for (i = 0; i < 4; i++)
		fds[i] = site_connect(site);
	site->clients.max = 2;
	fds[4] = site_connect(site);
	assert_int_equal(site->clients.count, 2);
	assert_string_equal(site_got(site, fds[2]), "closed");
	assert_string_equal(site_got(site, fds[3]), "");
	assert_string_equal(site_got(site, fds[4]), "");
	for (i = 0; i < 5; i++)
		(void)close(fds[i]);
}

static void
test_request_in_work_is_never_closed_to_make_room(void **state)
{
	struct site *site = *state;
	int fds[3];

	site->clients.max = 2;
	site->later = true;
	fds[0] = site_connect(site);
	fds[1] = site_connect(site);
	site_ask(fds[0], SITE_HEAD "1\n\n");
	site_ask(fds[1], "request=half");
	site_turn(site);
	/* The one that is in the middle of its request goes ... */
	fds[2] = site_connect(site);
	assert_string_equal(site_got(site, fds[1]), "closed");
	site_ask(fds[2], SITE_HEAD "2\n\n");
	site_turn(site);
	/* ... and if none is, the new one. */
	(void)close(fds[1]);
	fds[1] = site_connect(site);
	assert_string_equal(site_got(site, fds[1]), "closed");
	site_answer_queued(site);
	assert_string_equal(site_got(site, fds[0]), "action=1\n\n");
	assert_string_equal(site_got(site, fds[2]), "action=2\n\n");
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(fds[2]);
}

static void
test_draining_answers_what_is_in_work_and_closes(void **state)
{
	struct site *site = *state;
	int working = site_connect(site);
	int idle = site_connect(site);
	int half = site_connect(site);

	site->later = true;
	site_ask(working, SITE_HEAD "1\n\n");
	site_ask(half, "request=");
	site_turn(site);
	pd_clients_drain(&site->clients);
	assert_string_equal(site_got(site, idle), "closed");
	assert_string_equal(site_got(site, half), "closed");
	assert_string_equal(site_got(site, working), "");
	site_answer_queued(site);
	assert_string_equal(site_got(site, working), "action=1\n\n");
	assert_string_equal(site_got(site, working), "closed");
	assert_int_equal(site->clients.count, 0);
	(void)close(working);
	(void)close(idle);
	(void)close(half);
}

static const struct pd_manners paced = {
    .idle_ms = PD_CLIENTS_IDLE_MS,
    .slow_ms = PD_CLIENTS_SLOW_MS,
    .pace_ms = 1000,
    .burst_ms = 2500,
    .made_room = "",
    .no_room = "",
};

static void
test_draining_pauses_nobody(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);

	site->clients.manners = &paced;
	site->later = true;
	site_ask(fd, SITE_HEAD "1\n\n" SITE_HEAD "2\n\n" SITE_HEAD
			       "3\n\n" SITE_HEAD "4\n\n" SITE_HEAD "5");
	site_turn(site);
	pd_clients_drain(&site->clients);
	site_answer_queued(site);
	assert_string_equal(site_got(site, fd),
	    "action=1\n\naction=2\n\naction=3\n\naction=4\n\n");
	assert_string_equal(site_got(site, fd), "closed");
	assert_int_equal(site->clients.count, 0);
	(void)close(fd);
}

static void
test_who_takes_no_answer_after_giving_up_is_closed(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);

	site->later = true;
	site->padding = 8 << 20;
	site_ask(fd, SITE_HEAD "1\n\n");
	site_turn(site);
	pd_clients_drain(&site->clients);
	pd_clients_give_up(&site->clients);
	assert_int_equal(site->clients.count, 1);
	site_answer_queued(site);
	assert_int_equal(site->clients.count, 0);
	(void)close(fd);
}

static void
test_connection_that_asks_too_much_waits_and_goes_on(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);
	int calm = site_connect(site);
	struct pd_connection *connection;

	site->clients.manners = &paced;
	site->later = true;
	site_ask(fd, SITE_HEAD "1\n\n" SITE_HEAD "2\n\n" SITE_HEAD
			       "3\n\n" SITE_HEAD "4\n\n");
	site_turn(site);
	site_answer_queued(site);
	assert_string_equal(
	    site_got(site, fd), "action=1\n\naction=2\n\naction=3\n\n");
	connection =
	    (struct pd_connection *)pd_list_first(&site->clients.paused);
	assert_non_null(connection);
	pd_clients_wake(&site->clients);
	assert_int_equal(connection->state, PD_CONNECTION_PAUSED);
	site_ask(calm, SITE_HEAD "5\n\n");
	site_turn(site);
	site_answer_queued(site);
	assert_string_equal(site_got(site, calm), "action=5\n\n");
	connection->owes_until_ms -= 1000;
	pd_clients_wake(&site->clients);
	site_answer_queued(site);
	assert_string_equal(site_got(site, fd), "action=4\n\n");
	(void)close(fd);
	(void)close(calm);
}

static void
note_gone(struct pd_connection *connection, void *arg)
{
	struct site *site = arg;

	assert_non_null(connection->session);
	site->gone++;
}

static void
test_connection_with_a_session_stays_as_long_as_it_likes(void **state)
{
	static char session;
	struct site *site = *state;
	int kept = site_connect(site);
	struct pd_connection *connection =
	    (struct pd_connection *)pd_list_first(&site->clients.idle);
	int fds[3];
	int i;

	site->clients.on_gone = note_gone;
	site->clients.max = 2;
	pd_connection_carry(connection, (struct pd_session *)&session);
	site_ask(kept, SITE_HEAD "1\n\n");
	assert_string_equal(site_got(site, kept), "action=1\n\n");
	for (i = 0; i < 3; i++)
		fds[i] = site_connect(site);
	assert_string_equal(site_got(site, fds[0]), "closed");
	connection->since_ms -= 2 * PD_CLIENTS_IDLE_MS;
	pd_clients_expire(&site->clients);
	assert_int_equal(site->clients.count, 3);
	assert_int_equal(site->clients.kept, 1);
	assert_int_equal(site->gone, 0);
	(void)close(kept);
	site_turn(site);
	assert_int_equal(site->gone, 1);
	assert_int_equal(site->clients.kept, 0);
	for (i = 0; i < 3; i++)
		(void)close(fds[i]);
}

static void
test_what_was_not_asked_for_is_said_whole_or_not_at_all(void **state)
{
	static char big[1 << 20];
	struct site *site = *state;
	int fd = site_connect(site);
	struct pd_connection *connection =
	    (struct pd_connection *)pd_list_first(&site->clients.idle);
	const char *got;
	size_t len = 0;

	assert_true(pd_connection_push(connection, "news\n\n", 6));
	assert_string_equal(site_got(site, fd), "news\n\n");
	memset(big, '.', sizeof(big));
	assert_true(pd_connection_push(connection, big, sizeof(big)));
	assert_false(pd_connection_push(connection, "lost\n\n", 6));
	/* An answer comes after it, and not in the middle. */
	site_ask(fd, SITE_HEAD "1\n\n");
	do {
		got = site_got(site, fd);
		len += strspn(got, ".");
	} while (strchr(got, '\n') == NULL);
	assert_int_equal(len, sizeof(big));
	assert_string_equal(got + strspn(got, "."), "action=1\n\n");
	(void)close(fd);
}

static void
test_dismissed_client_gets_its_last_word(void **state)
{
	static char big[1 << 20];
	struct site *site = *state;
	int fd = site_connect(site);
	int busy = site_connect(site);
	struct pd_connection *connection =
	    (struct pd_connection *)site->clients.idle.next;
	size_t len = 0;
	const char *got;

	pd_connection_dismiss(connection, "bye\n\n", 5);
	assert_string_equal(site_got(site, fd), "bye\n\n");
	assert_string_equal(site_got(site, fd), "closed");
	connection = (struct pd_connection *)site->clients.idle.next;
	memset(big, '.', sizeof(big));
	pd_connection_dismiss(connection, big, sizeof(big));
	while (strcmp(got = site_got(site, busy), "closed") != 0)
		len += strlen(got);
	assert_int_equal(len, sizeof(big));
	assert_int_equal(site->clients.count, 0);
	(void)close(fd);
	(void)close(busy);
}

static void
test_no_more_are_taken_than_may_be(void **state)
{
	struct site *site = *state;
	int fds[3];
	int i;

	site->clients.accepts = 2;
	for (i = 0; i < 3; i++)
		fds[i] = site_connect(site);
	assert_int_equal(site->clients.count, 2);
	pd_listeners_retry(&site->listeners);
	assert_int_equal(site->clients.count, 2);
	site->clients.accepts = 1;
	pd_listeners_retry(&site->listeners);
	site_ask(fds[2], SITE_HEAD "3\n\n");
	assert_string_equal(site_got(site, fds[2]), "action=3\n\n");
	for (i = 0; i < 3; i++)
		(void)close(fds[i]);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, site_set_up, site_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_answer_that_is_not_taken_waits_and_is_given_up),
	    TEST(test_slow_and_idle_clients_are_closed_in_time),
	    TEST(test_connection_that_is_idle_longest_makes_room),
	    TEST(test_limit_that_was_lowered_holds_from_the_next_connection),
	    TEST(test_request_in_work_is_never_closed_to_make_room),
	    TEST(test_draining_answers_what_is_in_work_and_closes),
	    TEST(test_draining_pauses_nobody),
	    TEST(test_who_takes_no_answer_after_giving_up_is_closed),
	    TEST(test_connection_that_asks_too_much_waits_and_goes_on),
	    TEST(test_connection_with_a_session_stays_as_long_as_it_likes),
	    TEST(test_what_was_not_asked_for_is_said_whole_or_not_at_all),
	    TEST(test_dismissed_client_gets_its_last_word),
	    TEST(test_no_more_are_taken_than_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
