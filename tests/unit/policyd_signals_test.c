/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Where mail comes from and to whom it goes, from requests to the state. */

#include "tests/unit/support/batch_site.h"

#define HEAD                                                 \
	"mode = enforce\ndefault_domain = \"example.com\"\n" \
	"default_plan = \"free\"\nrequire_tls = no\n"        \
	"trusted_networks = { \"192.0.2.0/24\" }\n"          \
	"policy_listen = { \"unix:/nowhere/policy.sock\" }\nplan free { "

static void
request(struct site *site, const char *stage, int id, const char *client,
    const char *recipient, int count)
{
	char text[500];

	(void)snprintf(text, sizeof(text),
	    "request=smtpd_access_policy\nprotocol_state=%s\n"
	    "client_address=%s\nsender=\nrecipient=%s\nrecipient_count=%d\n"
	    "queue_id=%d\ninstance=%d.1\nsize=100\nsasl_username=alice\n\n",
	    stage, client, recipient, count, id, id);
	assert_int_equal(
	    send(site->fds[0], text, strlen(text), 0), strlen(text));
	turn(site);
	pd_batch_run(&site->batch, 1000);
}

/* Was it answered with DUNNO?  Else it must be deferred. */
static bool
is_permitted(struct site *site)
{
	const char *text = answer(site, 0);

	if (strcmp(text, PD_ANSWER_DUNNO) == 0)
		return true;
	assert_memory_equal(text, "action=450 4.7.28 ", 18);
	return false;
}

static void
read_signals(struct site *site, struct pt_signals *signals)
{
	struct pt_login login = test_login("alice@example.com");
	struct pt_err err;

	if (pt_store_read_signals(site->context.store, &login, signals, &err) !=
	    0)
		fail_msg("%s", err.text);
}

static void
test_recipients_of_rcpt_are_known_at_the_end(void **state)
{
	struct site *site = *state;
	struct pt_signals signals;
	int id;

	configure_text(site, HEAD "new_recipients = \"3/1d\" }");
	connect_clients(site, 1);
	for (id = 1; id <= 2; id++) {
		request(site, "RCPT", id, "198.51.100.1", "a@example.org", 0);
		assert_true(is_permitted(site));
		request(site, "RCPT", id, "198.51.100.1", "B@Example.org", 0);
		assert_true(is_permitted(site));
		request(site, "END-OF-MESSAGE", id, "198.51.100.1", "", 2);
		assert_true(is_permitted(site));
	}
	read_signals(site, &signals);
	assert_true(signals.exists);
	assert_int_equal(signals.strangers.count, 1);
	assert_int_equal(signals.strangers.entry[0].amount, 2);
	assert_int_equal(signals.now.count, 2);
	/* One more stranger has room, and the next one has not. */
	request(site, "RCPT", 3, "198.51.100.1", "c@example.org", 0);
	assert_true(is_permitted(site));
	request(site, "RCPT", 3, "198.51.100.1", "d@example.org", 0);
	assert_false(is_permitted(site));
	request(site, "RCPT", 3, "198.51.100.1", "a@example.org", 0);
	assert_true(is_permitted(site));
	request(site, "END-OF-MESSAGE", 3, "198.51.100.1", "", 2);
	assert_true(is_permitted(site));
	read_signals(site, &signals);
	assert_int_equal(signals.now.count, 3);
	assert_int_equal(site->context.counters.permitted, 3);
	assert_int_equal(
	    site->context.counters.refused[PT_REASON_NEW_RECIPIENTS], 1);
	close_clients(site, 1);
}

static void
test_the_only_recipient_is_known_at_the_end_alone(void **state)
{
	struct site *site = *state;
	int id;

	configure_text(site, HEAD "new_recipients = \"2/1d\" }");
	connect_clients(site, 1);
	for (id = 1; id <= 5; id++) {
		request(site, "END-OF-MESSAGE", id, "198.51.100.1",
		    "a@example.org", 1);
		assert_true(is_permitted(site));
	}
	/* Of two nobody knows who they are. */
	request(site, "END-OF-MESSAGE", 6, "198.51.100.1", "", 2);
	assert_false(is_permitted(site));
	close_clients(site, 1);
}

static void
test_client_addresses_beyond_the_limit_wait(void **state)
{
	struct site *site = *state;
	struct pt_signals signals;

	configure_text(site, HEAD "client_addresses = \"2/1h\" }");
	connect_clients(site, 1);
	request(site, "END-OF-MESSAGE", 1, "198.51.100.1", "a@example.org", 1);
	assert_true(is_permitted(site));
	request(site, "END-OF-MESSAGE", 2, "198.51.100.2", "a@example.org", 1);
	assert_true(is_permitted(site));
	request(site, "RCPT", 3, "198.51.100.3", "a@example.org", 1);
	assert_false(is_permitted(site));
	request(site, "END-OF-MESSAGE", 4, "198.51.100.1", "a@example.org", 1);
	assert_true(is_permitted(site));
	/* Webmail, and what is no address. */
	request(site, "END-OF-MESSAGE", 5, "192.0.2.77", "a@example.org", 1);
	assert_true(is_permitted(site));
	request(site, "END-OF-MESSAGE", 6, "unknown", "a@example.org", 1);
	assert_true(is_permitted(site));
	read_signals(site, &signals);
	assert_int_equal(signals.client_count, 2);
	assert_int_equal(signals.now.count, 0);
	close_clients(site, 1);
}

static void
test_what_is_only_watched_passes_and_is_counted_once(void **state)
{
	struct site *site = *state;
	int id;

	configure_text(site,
	    HEAD "client_addresses = \"1/1h\" observe = { client_addresses } "
		 "}");
	connect_clients(site, 1);
	for (id = 1; id <= 3; id++) {
		char client[32];

		(void)snprintf(client, sizeof(client), "198.51.100.%d", id);
		request(site, "RCPT", id, client, "a@example.org", 0);
		assert_true(is_permitted(site));
		request(site, "END-OF-MESSAGE", id, client, "a@example.org", 1);
		assert_true(is_permitted(site));
	}
	assert_int_equal(site->context.counters.permitted, 3);
	assert_int_equal(
	    site->context.counters.observed[PT_REASON_CLIENT_ADDRESSES], 2);
	close_clients(site, 1);
}

static void
test_plans_without_signals_make_no_record(void **state)
{
	struct site *site = *state;
	struct pt_signals signals;

	connect_clients(site, 1);
	request(site, "RCPT", 1, "198.51.100.1", "a@example.org", 0);
	assert_true(is_permitted(site));
	request(site, "END-OF-MESSAGE", 1, "198.51.100.1", "a@example.org", 1);
	assert_true(is_permitted(site));
	read_signals(site, &signals);
	assert_false(signals.exists);
	close_clients(site, 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_recipients_of_rcpt_are_known_at_the_end),
	    TEST(test_the_only_recipient_is_known_at_the_end_alone),
	    TEST(test_client_addresses_beyond_the_limit_wait),
	    TEST(test_what_is_only_watched_passes_and_is_counted_once),
	    TEST(test_plans_without_signals_make_no_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
