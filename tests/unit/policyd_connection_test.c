/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/connection.h"

#include "tests/unit/support/policyd_site.h"

static void
test_request_is_answered_on_the_connection_it_came_on(void **state)
{
	struct site *site = *state;
	int a = site_connect(site);
	int b = site_connect(site);

	site_ask(a, SITE_HEAD "1\n\n");
	site_ask(b, SITE_HEAD "2\n\n");
	assert_string_equal(site_got(site, a), "action=1\n\n");
	assert_string_equal(site_got(site, b), "action=2\n\n");
	site_ask(b, SITE_HEAD "3\n\n");
	assert_string_equal(site_got(site, b), "action=3\n\n");
	assert_int_equal(site->counters.connections, 2);
	(void)close(a);
	site_turn(site);
	assert_int_equal(site->clients.count, 1);
	(void)close(b);
}

static void
test_request_that_comes_byte_by_byte_is_answered(void **state)
{
	static const char text[] = SITE_HEAD "1\n\n";
	struct site *site = *state;
	int fd = site_connect(site);
	size_t i;

	for (i = 0; i < sizeof(text) - 1; i++) {
		assert_int_equal(send(fd, text + i, 1, MSG_NOSIGNAL), 1);
		site_turn(site);
	}
	assert_string_equal(site_got(site, fd), "action=1\n\n");
	(void)close(fd);
}

static void
test_requests_sent_ahead_are_answered_in_order(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);
	int round;

	for (round = 0; round < 2; round++) {
		site->later = round == 1;
		site_ask(fd, SITE_HEAD "1\n\n" SITE_HEAD "2\n\n" SITE_HEAD
				       "3\n\nrequest=smtpd");
		if (site->later) {
			assert_string_equal(site_got(site, fd), "");
			site_answer_queued(site);
		}
		assert_string_equal(
		    site_got(site, fd), "action=1\n\naction=2\n\naction=3\n\n");
		site_ask(fd, "_access_policy\nprotocol_state=DATA\n"
			     "queue_id=4\n\n");
		(void)site_got(site, fd);
		site_answer_queued(site);
		assert_int_equal(site->requests, 4 * (round + 1));
		site_turn(site);
		(void)recv(fd, (char[64]){0}, 64, 0);
	}
	(void)close(fd);
}

static void
test_client_that_sends_ahead_without_end_is_not_read_on(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);
	size_t sent = 0;
	unsigned answered = 0;
	ssize_t n;

	site->later = true;
	do {
		n = send(fd, SITE_HEAD "1\n\n", sizeof(SITE_HEAD "1\n\n") - 1,
		    MSG_NOSIGNAL);
		if (n > 0)
			sent += (size_t)n;
		site_turn(site);
	} while (n > 0);
	/* One is in work, the rest waits in the socket or one buffer. */
	assert_int_equal(site->requests, 1);
	assert_true(sent > PD_CLIENTS_READ_MAX);
	while (pd_list_first(&site->queue) != NULL) {
		site_answer_queued(site);
		while (strncmp(site_got(site, fd), "action=1\n\n", 10) == 0)
			answered++;
	}
	assert_true(site->requests >= sent / (sizeof(SITE_HEAD "1\n\n") - 1));
	assert_true(answered > 0);
	(void)close(fd);
}

static void
test_garbage_closes_without_an_answer(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);
	int other = site_connect(site);

	site_ask(fd, "nonsense\n\n" SITE_HEAD "1\n\n");
	assert_string_equal(site_got(site, fd), "closed");
	assert_int_equal(site->counters.malformed, 1);
	assert_int_equal(site->requests, 0);
	site_ask(other, SITE_HEAD "2\n\n");
	assert_string_equal(site_got(site, other), "action=2\n\n");
	(void)close(fd);
	(void)close(other);
}

static void
test_answer_before_garbage_is_given(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);

	site_ask(fd, SITE_HEAD "1\n\nnonsense\n\n");
	assert_string_equal(site_got(site, fd), "action=1\n\n");
	assert_string_equal(site_got(site, fd), "closed");
	(void)close(fd);
}

static void
test_client_that_only_ended_its_side_gets_its_answer(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);

	site->later = true;
	site_ask(fd, SITE_HEAD "1\n\n" SITE_HEAD "2\n\nrequest=");
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	site_turn(site);
	site_answer_queued(site);
	site_answer_queued(site);
	assert_string_equal(site_got(site, fd), "action=1\n\naction=2\n\n");
	assert_string_equal(site_got(site, fd), "closed");
	assert_int_equal(site->clients.count, 0);
	(void)close(fd);
}

static void
test_client_that_is_gone_is_not_missed(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);
	int other = site_connect(site);

	site->later = true;
	site_ask(fd, SITE_HEAD "1\n\n");
	site_ask(other, SITE_HEAD "2\n\n");
	site_turn(site);
	(void)close(fd);
	site_turn(site);
	site_answer_queued(site);
	assert_string_equal(site_got(site, other), "action=2\n\n");
	assert_int_equal(site->clients.count, 1);
	(void)close(other);
}

static void
test_what_a_client_sent_before_it_went_is_served(void **state)
{
	struct site *site = *state;
	int fd = site_connect(site);

	site->later = true;
	site_ask(fd, SITE_HEAD "1\n\n" SITE_HEAD "2\n\n" SITE_HEAD "3\n\n");
	site_turn(site);
	(void)close(fd);
	site_answer_queued(site);
	site_answer_queued(site);
	site_answer_queued(site);
	assert_int_equal(site->requests, 3);
	site_turn(site);
	assert_int_equal(site->clients.count, 0);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, site_set_up, site_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_request_is_answered_on_the_connection_it_came_on),
	    TEST(test_request_that_comes_byte_by_byte_is_answered),
	    TEST(test_requests_sent_ahead_are_answered_in_order),
	    TEST(test_client_that_sends_ahead_without_end_is_not_read_on),
	    TEST(test_garbage_closes_without_an_answer),
	    TEST(test_answer_before_garbage_is_given),
	    TEST(test_client_that_only_ended_its_side_gets_its_answer),
	    TEST(test_client_that_is_gone_is_not_missed),
	    TEST(test_what_a_client_sent_before_it_went_is_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
