/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/bounce_watch.h"

#include "tests/unit/support/milter_site.h"

#define HOST "mx.example.com"

#define CONFIG                                                           \
	"default_domain = \"example.com\"\ndefault_plan = \"free\"\n"    \
	"plan free {\nprotocols = { \"smtp\" }\nmessages = {}\n"         \
	"activation_delay = \"0s\"\nbounce_min = \"2/1d\"\n}\n"          \
	"sender { alias_domains = { \"example.com = example.org\" } }\n" \
	"mode = "

/* Mail of the login; its Message-ID is <NUMBER@example.com>. */
static void
send_to(struct milter_site *site, unsigned number, const char *recipient)
{
	char id[32];

	(void)snprintf(id, sizeof(id), "<%u@example.com>", number);
	site_begin(site, "<" SITE_LOGIN ">");
	assert_int_equal(site_rcpt(site, recipient), PM_STEP_CONTINUE);
	site_header(site, "From", SITE_LOGIN);
	site_header(site, "Message-ID", id);
	assert_int_equal(site_end(site), PM_STEP_CONTINUE);
}

static struct pm_bounce_watch *
watch_of(struct milter_site *site, bool may_be_ours, const char *recipient)
{
	struct pm_bounce_watch *watch = pm_bounce_watch_new(HOST, may_be_ours);

	assert_non_null(watch);
	pm_bounce_watch_recipient(
	    watch, &site->filter, site->session->snapshot, recipient);
	return watch;
}

static void
add_report(
    struct pt_dsn *dsn, unsigned number, const char *failed, const char *host)
{
	static const char type[] = "multipart/report; boundary=b; "
				   "report-type=delivery-status";
	char body[512];
	int len;

	pt_dsn_add_field(dsn, "Content-Type", 12, type, strlen(type));
	len = snprintf(body, sizeof(body),
	    "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; %s\r\n\r\n"
	    "Final-Recipient: rfc822; %s\r\n"
	    "Action: failed\r\nStatus: 5.1.1\r\n\r\n"
	    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
	    "Message-ID: <%u@example.com>\r\n\r\n--b--\r\n",
	    host, failed, number);
	(void)pt_dsn_add_body(dsn, body, (size_t)len);
}

/* A report comes to the login. */
static void
bounce(struct milter_site *site, unsigned number, const char *failed,
    bool may_be_ours, const char *host)
{
	struct pm_bounce_watch *watch =
	    watch_of(site, may_be_ours, "<" SITE_LOGIN ">");

	add_report(&watch->dsn, number, failed, host);
	pm_bounce_watch_end(
	    watch, &site->filter, site->session->snapshot, pt_clock_now());
	pm_bounce_watch_free(watch);
}

static struct pt_activity
activity_of(struct milter_site *site)
{
	const struct pt_login login = test_login(SITE_LOGIN);
	struct pt_account account;
	struct pt_activity activity;
	struct pt_err err;

	if (pm_door_read(
		&site->filter.door, &login, &account, &activity, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(account.block_reason, PT_BLOCK_NONE);
	return activity;
}

static enum pt_block_reason
pending(struct milter_site *site)
{
	return (enum pt_block_reason)activity_of(site).block.reason;
}

static struct pt_evidence
evidence_of(struct milter_site *site)
{
	const struct pt_login login = test_login(SITE_LOGIN);
	struct pt_evidence evidence;
	struct pt_err err;

	if (pm_door_read_evidence(
		&site->filter.door, &login, &evidence, &err) != 0)
		fail_msg("%s", err.text);
	return evidence;
}

static void
test_account_is_found_by_all_its_own_addresses(void **state)
{
	static const struct {
		const char *recipient;
		unsigned count;
	} cases[] = {
	    {"<ann@example.com>", 1},
	    {"ann@example.com", 1},
	    {"<Ann@Example.COM>", 1},
	    {"<ann>", 1},
	    {"<ann+list@example.com>", 1},
	    {"<ann@example.org>", 1},
	    {"<ann+list@example.org>", 1},
	    {"<bob@example.com>", 0}, /* sent nothing */
	    {"<ann@example.net>", 0},
	    {"<+ann@example.com>", 0},
	    {"<>", 0},
	    {"<ann@example.com", 0},
	};
	struct milter_site *site = *state;
	struct pm_bounce_watch *watch;
	size_t i;

	site_configure(site, CONFIG "enforce\n");
	send_to(site, 1, "<r1@example.net>");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		watch = watch_of(site, false, cases[i].recipient);
		if (watch->count != cases[i].count)
			fail_msg("%s: %u", cases[i].recipient, watch->count);
		/* Named twice it is one all the same. */
		pm_bounce_watch_recipient(watch, &site->filter,
		    site->session->snapshot, cases[i].recipient);
		assert_int_equal(watch->count, cases[i].count);
		pm_bounce_watch_free(watch);
	}
}

static void
test_enough_bounces_mark_the_block_and_start_anew(void **state)
{
	struct milter_site *site = *state;
	struct pt_evidence evidence;

	site_configure(site, CONFIG "enforce\n");
	send_to(site, 1, "<r1@example.net>");
	send_to(site, 2, "<r2@example.net>");
	send_to(site, 3, "<r3@example.net>");
	bounce(site, 1, "r1@example.net", false, "mx.example.net");
	assert_int_equal(pending(site), PT_BLOCK_NONE);
	bounce(site, 2, "r2@example.net", false, "mx.example.net");
	assert_int_equal(pending(site), PT_BLOCK_CRACKED);
	assert_int_equal(site->filter.report.counters.blocks, 1);
	bounce(site, 3, "r3@example.net", false, "mx.example.net");
	evidence = evidence_of(site);
	assert_int_equal(evidence.bounces_total, 2);
	assert_int_equal(evidence.sent_count, 0);
	assert_int_equal(site->filter.report.counters.bounces_counted, 2);
	assert_int_equal(site->filter.report.counters.bounces_ignored, 1);
	assert_int_equal(site->filter.report.counters.blocks, 1);
}

static void
test_observe_mode_blocks_nobody(void **state)
{
	struct milter_site *site = *state;
	struct pt_observed observed;

	site_configure(site, CONFIG "observe\n");
	send_to(site, 1, "<r1@example.net>");
	send_to(site, 2, "<r2@example.net>");
	bounce(site, 1, "r1@example.net", false, "mx.example.net");
	bounce(site, 2, "r2@example.net", false, "mx.example.net");
	assert_int_equal(pending(site), PT_BLOCK_NONE);
	assert_int_equal(evidence_of(site).bounces_total, 2);
	assert_int_equal(site->filter.report.counters.blocks, 0);
	observed = activity_of(site).observed;
	assert_int_equal(observed.count, 1);
	assert_int_equal(observed.entry[0].reason, PT_REASON_BLOCKED);
	assert_int_equal(observed.entry[0].peak.unit, PT_FIGURES_BOUNCES);
	assert_int_equal(observed.entry[0].peak.used, 2);
}

/* What an account sent before its last messages, only our own MTA knows. */
static void
test_only_a_report_of_our_own_mta_counts_for_forgotten_mail(void **state)
{
	static const struct {
		const char *name;
		bool may_be_ours;
		const char *host;
		unsigned counted;
	} cases[] = {
	    {"ours", true, HOST, 1},
	    {"ours, in other letters", true, "MX.Example.com", 1},
	    {"from outside, in our name", false, HOST, 0},
	    {"handed over here, of another", true, "mx.example.net", 0},
	};
	struct milter_site *site;
	uint64_t counted;
	unsigned sent;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(milter_site_tear_down(state), 0);
		assert_int_equal(milter_site_set_up(state), 0);
		site = *state;
		site_configure(site, CONFIG "observe\n");
		for (sent = 0; sent <= PT_SENT_MAX; sent++)
			send_to(site, sent, "<r1@example.net>");
		bounce(site, 0, "r1@example.net", cases[i].may_be_ours,
		    cases[i].host);
		counted = site->filter.report.counters.bounces_counted;
		if (counted != cases[i].counted)
			fail_msg("%s: %u", cases[i].name, (unsigned)counted);
	}
}

static void
test_what_is_no_report_proves_nothing(void **state)
{
	struct milter_site *site = *state;
	struct pm_bounce_watch *watch;

	site_configure(site, CONFIG "enforce\n");
	send_to(site, 1, "<r1@example.net>");
	watch = watch_of(site, true, "<" SITE_LOGIN ">");
	pt_dsn_add_field(&watch->dsn, "Subject", 7, "Away", 4);
	pm_bounce_watch_end(
	    watch, &site->filter, site->session->snapshot, pt_clock_now());
	pm_bounce_watch_free(watch);
	assert_int_equal(site->filter.report.counters.bounces_counted, 0);
	assert_int_equal(site->filter.report.counters.bounces_ignored, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    MILTER_TEST(test_account_is_found_by_all_its_own_addresses),
	    MILTER_TEST(test_enough_bounces_mark_the_block_and_start_anew),
	    MILTER_TEST(test_observe_mode_blocks_nobody),
	    MILTER_TEST(
		test_only_a_report_of_our_own_mta_counts_for_forgotten_mail),
	    MILTER_TEST(test_what_is_no_report_proves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
