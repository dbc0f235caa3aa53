/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Where mail comes from and to whom it goes, as the milter sees it. */

#include <arpa/inet.h>
#include <netinet/in.h>

#include "tests/unit/support/milter_site.h"

#define CONFIG(limits)                                                       \
	"mode = enforce\ndefault_domain = \"example.com\"\n"                 \
	"default_plan = \"free\"\ntrusted_networks = { \"192.0.2.0/24\" }\n" \
	"plan free { activation_delay = \"0s\" " limits " }\n"

static void
connect_from(struct milter_site *site, const char *client)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(9)};

	assert_int_equal(inet_pton(AF_INET, client, &in.sin_addr), 1);
	pm_session_connect(
	    site->session, "client.example", (const struct sockaddr *)&in);
}

static void
read_signals(struct milter_site *site, struct pt_signals *signals)
{
	const struct pt_login login = test_login(SITE_LOGIN);
	struct pt_err err;

	if (pt_store_read_signals(
		site->filter.door.store, &login, signals, &err) != 0)
		fail_msg("%s", err.text);
}

static enum pm_step
finish(struct milter_site *site, const char *queue_id)
{
	site->queue_id = queue_id;
	site_header(site, "From", "<" SITE_LOGIN ">");
	site_body(site, "Hello\r\n");
	return site_end(site);
}

static void
test_recipients_never_written_to_before_are_limited(void **state)
{
	struct milter_site *site = *state;
	struct pt_signals signals;

	site_configure(site, CONFIG("new_recipients = \"2/1d\""));
	site_begin(site, "<" SITE_LOGIN ">");
	assert_int_equal(site_rcpt(site, "<a@example.net>"), PM_STEP_CONTINUE);
	assert_int_equal(site_rcpt(site, "<B@example.net>"), PM_STEP_CONTINUE);
	assert_int_equal(site_rcpt(site, "<c@example.net>"), PM_STEP_TEMPFAIL);
	assert_memory_equal(site->reply, "450 4.7.28 Too many recipients", 30);
	assert_int_equal(site_rcpt(site, "<a@example.net>"), PM_STEP_CONTINUE);
	assert_int_equal(finish(site, "Q1"), PM_STEP_CONTINUE);
	read_signals(site, &signals);
	assert_int_equal(signals.strangers.entry[0].amount, 2);
	assert_int_equal(signals.now.count, 2);
	site->queue_id = NULL;
	site_begin(site, "<" SITE_LOGIN ">");
	assert_int_equal(site_rcpt(site, "<b@example.net>"), PM_STEP_CONTINUE);
	assert_int_equal(site_rcpt(site, "<c@example.net>"), PM_STEP_TEMPFAIL);
	assert_int_equal(finish(site, "Q2"), PM_STEP_CONTINUE);
	assert_int_equal(site_sent(site), 2);
}

static void
test_client_addresses_are_limited_but_for_webmail(void **state)
{
	struct milter_site *site = *state;
	struct pt_signals signals;

	site_configure(site, CONFIG("client_addresses = \"1/1h\""));
	connect_from(site, "198.51.100.1");
	assert_int_equal(
	    site_send(site, "Q1", "<" SITE_LOGIN ">"), PM_STEP_CONTINUE);
	connect_from(site, "198.51.100.2");
	assert_int_equal(
	    site_send(site, "Q2", "<" SITE_LOGIN ">"), PM_STEP_TEMPFAIL);
	assert_memory_equal(site->reply, "450 4.7.28 Mail of this", 23);
	connect_from(site, "192.0.2.9");
	assert_int_equal(
	    site_send(site, "Q3", "<" SITE_LOGIN ">"), PM_STEP_CONTINUE);
	read_signals(site, &signals);
	assert_int_equal(signals.client_count, 1);
	assert_int_equal(site_sent(site), 2);
}

static void
test_what_is_only_watched_passes_and_counts_as_observed(void **state)
{
	struct milter_site *site = *state;
	const struct pt_counters *counters = &site->filter.report.counters;

	site_configure(site, CONFIG("client_addresses = \"1/1h\" "
				    "observe = { client_addresses }"));
	connect_from(site, "198.51.100.1");
	assert_int_equal(
	    site_send(site, "Q1", "<" SITE_LOGIN ">"), PM_STEP_CONTINUE);
	connect_from(site, "198.51.100.2");
	assert_int_equal(
	    site_send(site, "Q2", "<" SITE_LOGIN ">"), PM_STEP_CONTINUE);
	assert_int_equal(site_sent(site), 2);
	assert_int_equal(counters->observed[PT_REASON_CLIENT_ADDRESSES], 1);
	assert_int_equal(counters->refused[PT_REASON_CLIENT_ADDRESSES], 0);
}

static void
test_more_recipients_than_are_remembered_count_as_strangers(void **state)
{
	struct milter_site *site = *state;
	struct pt_signals signals;
	char recipient[40];
	unsigned n;

	site_configure(site, CONFIG("new_recipients = \"1000/1d\""));
	site_begin(site, "<" SITE_LOGIN ">");
	for (n = 0; n < PT_STRANGERS_NAMED_MAX + 10; n++) {
		(void)snprintf(
		    recipient, sizeof(recipient), "<user%u@example.net>", n);
		assert_int_equal(site_rcpt(site, recipient), PM_STEP_CONTINUE);
	}
	assert_int_equal(finish(site, "Q1"), PM_STEP_CONTINUE);
	read_signals(site, &signals);
	/* By chance one of them passes for known. */
	assert_in_range(signals.now.count, PT_STRANGERS_NAMED_MAX - 2,
	    PT_STRANGERS_NAMED_MAX);
	assert_int_equal(
	    signals.strangers.entry[0].amount, signals.now.count + 10);
}

static void
test_a_penalty_begins_and_defers(void **state)
{
	struct milter_site *site = *state;
	const struct pt_login login = test_login(SITE_LOGIN);
	static struct pt_account account;
	static struct pt_activity activity;
	struct pt_err err;

	site_configure(site, CONFIG("penalty = \"1/1h for 1d after 2/1d\""));
	assert_int_equal(
	    site_send(site, "Q1", "<" SITE_LOGIN ">"), PM_STEP_CONTINUE);
	assert_int_equal(
	    site_send(site, "Q2", "<" SITE_LOGIN ">"), PM_STEP_CONTINUE);
	assert_int_equal(
	    site_send(site, "Q3", "<" SITE_LOGIN ">"), PM_STEP_TEMPFAIL);
	assert_memory_equal(site->reply, "450 4.7.28 Very much was sent", 29);
	assert_int_equal(
	    pm_door_read(&site->filter.door, &login, &account, &activity, &err),
	    0);
	assert_int_equal(
	    activity.penalty.until - activity.penalty.since, 86400);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    MILTER_TEST(test_recipients_never_written_to_before_are_limited),
	    MILTER_TEST(test_client_addresses_are_limited_but_for_webmail),
	    MILTER_TEST(test_a_penalty_begins_and_defers),
	    MILTER_TEST(
		test_what_is_only_watched_passes_and_counts_as_observed),
	    MILTER_TEST(
		test_more_recipients_than_are_remembered_count_as_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
