/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The milter without libmilter: a filter with a state of its own, a session,
 * and an MTA that answers from a table and notes what it is told.
 */
#ifndef PT_TESTS_MILTER_SITE_H
#define PT_TESTS_MILTER_SITE_H

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/rules/external.h"
#include "milter/session.h"
#include "milter/stages.h"
#include "tests/unit/support/testing.h"

#define SITE_LOGIN "ann@example.com"

#define SITE_CONFIG                                                        \
	"mode = enforce\ndefault_domain = \"example.com\"\n"               \
	"default_plan = \"free\"\n"                                        \
	"plan free {\nprotocols = { \"smtp\" }\nmessages = { \"3/1h\" }\n" \
	"recipients_per_message = 3\nmessage_size = \"1M\"\n"              \
	"activation_delay = \"0s\"\nbounce_min = \"2/1d\"\n}\n"

#define SITE_LINES     8
#define SITE_LINE_SIZE 1200

struct milter_site {
	struct pm_filter filter;
	struct pm_session *session;
	char dir[128];
	char state[160];
	/* What the MTA says. */
	const char *login; /* {auth_authen} */
	const char *queue_id;
	bool encrypted;
	/* What it was told. */
	char reply[SITE_LINE_SIZE];
	unsigned line_count;
	char lines[SITE_LINES][SITE_LINE_SIZE]; /* "+Name: value", "-Name 1" */
};

static inline const char *
site_macro(void *arg, const char *name)
{
	const struct milter_site *site = arg;

	if (strcmp(name, "{auth_authen}") == 0)
		return site->login;
	if (strcmp(name, "i") == 0)
		return site->queue_id;
	if (strcmp(name, "{tls_version}") == 0)
		return site->encrypted ? "TLSv1.3" : NULL;
	return strcmp(name, "j") == 0 ? "mx.example.com" : NULL;
}

static inline void
site_reply(void *arg, const struct pm_reply *reply)
{
	struct milter_site *site = arg;

	(void)snprintf(site->reply, sizeof(site->reply), "%s %s %s",
	    reply->code, reply->status, reply->text);
}

static inline char *
site_line(struct milter_site *site)
{
	assert_true(site->line_count < SITE_LINES);
	return site->lines[site->line_count++];
}

static inline int
site_add_header(void *arg, const char *name, const char *value)
{
	(void)snprintf(site_line(arg), SITE_LINE_SIZE, "+%s:%s", name, value);
	return 0;
}

static inline int
site_change_header(void *arg, const char *name, unsigned nth, const char *value)
{
	if (value == NULL)
		(void)snprintf(
		    site_line(arg), SITE_LINE_SIZE, "-%s %u", name, nth);
	else
		(void)snprintf(site_line(arg), SITE_LINE_SIZE, "=%s %u:%s",
		    name, nth, value);
	return 0;
}

static inline struct pm_mta
site_mta(struct milter_site *site)
{
	return (struct pm_mta){
	    .arg = site,
	    .macro = site_macro,
	    .reply = site_reply,
	    .add_header = site_add_header,
	    .change_header = site_change_header,
	};
}

static inline void
site_enable_update(struct pt_records *records, void *arg)
{
	static const unsigned char salt[PT_PASSWORD_SALT_BYTES] = "salt";
	static const struct pt_password_wish wish = {.label = "Phone"};
	const struct pt_external_actor actor = {
	    .who = "root", .note = "", .now = pt_clock_now() - 86400};
	struct pt_err err;
	uint32_t id;

	if (pt_external_enable(arg, records->account, 0, &wish,
		"abcd-efgh-ijkl-mnop-qrst-uvwx", salt, &actor, &id,
		&records->trail, &err) != 0)
		fail_msg("%s", err.text);
	records->account_changed = true;
}

static inline void
site_enable(struct milter_site *site, const char *name)
{
	const struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(site->filter.door.store, PT_UPDATE_ACCOUNT,
		&login, site_enable_update,
		site->filter.snapshots.current->config, &err) != 0)
		fail_msg("%s", err.text);
}

/* Other rules from now on, also for the session. */
static inline void
site_configure(struct milter_site *site, const char *text)
{
	struct pm_snapshot *snapshot = NULL;
	struct pt_config *config;
	struct pt_err err;

	if (pt_config_parse("test", text, &config, &err) != 0 ||
	    pm_snapshot_new(config, &snapshot, &err) != 0)
		fail_msg("%s", err.text);
	pm_snapshots_set(&site->filter.snapshots, snapshot);
	pm_session_free(site->session);
	site->session = pm_session_new(&site->filter);
	assert_non_null(site->session);
	site->session->has_body = true;
	site->session->may_add = true;
}

static inline int
milter_site_set_up(void **state)
{
	struct milter_site *site = calloc(1, sizeof(*site));
	struct pt_err err;

	assert_non_null(site);
	pt_log_init("test", PT_LOG_ERROR);
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(site->state, sizeof(site->state), "%s/state", site->dir);
	if (pt_store_create(site->state, &err) != 0 ||
	    pm_door_open(&site->filter.door, site->state, &err) != 0)
		fail_msg("%s", err.text);
	pm_snapshots_init(&site->filter.snapshots);
	pm_report_init(&site->filter.report);
	site->encrypted = true;
	site->login = SITE_LOGIN;
	site_configure(site, SITE_CONFIG);
	site_enable(site, SITE_LOGIN);
	*state = site;
	return 0;
}

static inline int
milter_site_tear_down(void **state)
{
	struct milter_site *site = *state;
	struct pt_err err;

	pm_session_free(site->session);
	assert_int_equal(atomic_load(&site->filter.messages), 0);
	assert_int_equal(atomic_load(&site->filter.connections), 0);
	pm_snapshots_set(&site->filter.snapshots, NULL);
	assert_int_equal(pm_door_close(&site->filter.door, &err), 0);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

#define MILTER_TEST(fn)                  \
	cmocka_unit_test_setup_teardown( \
	    fn, milter_site_set_up, milter_site_tear_down)

static inline void
site_begin(struct milter_site *site, const char *sender)
{
	const char *const argv[] = {sender, NULL};
	const struct pm_mta mta = site_mta(site);

	site->reply[0] = '\0';
	site->line_count = 0;
	pm_stages_mail(site->session, &mta, argv);
}

static inline enum pm_step
site_rcpt(struct milter_site *site, const char *recipient)
{
	const struct pm_mta mta = site_mta(site);

	return pm_stages_rcpt(site->session, &mta, recipient);
}

/* MAIL and the first RCPT. */
static inline enum pm_step
site_mail(struct milter_site *site, const char *sender)
{
	site_begin(site, sender);
	return site_rcpt(site, "<a@example.net>");
}

static inline void
site_header(struct milter_site *site, const char *name, const char *value)
{
	pm_stages_header(site->session, name, value);
}

static inline void
site_body(struct milter_site *site, const char *text)
{
	pm_stages_body(site->session, text, strlen(text));
}

static inline enum pm_step
site_end(struct milter_site *site)
{
	const struct pm_mta mta = site_mta(site);

	return pm_stages_end(site->session, &mta);
}

/* A message of the login from itself to one, with that From field. */
static inline enum pm_step
site_send(struct milter_site *site, const char *queue_id, const char *from)
{
	enum pm_step step;

	site->queue_id = NULL;
	step = site_mail(site, "<" SITE_LOGIN ">");
	if (step != PM_STEP_CONTINUE)
		return step;
	site->queue_id = queue_id;
	if (from != NULL)
		site_header(site, "From", from);
	site_header(site, "Message-ID", "<1@example.com>");
	site_body(site, "Hello\r\n");
	return site_end(site);
}

static inline uint64_t
site_sent(struct milter_site *site)
{
	const struct pt_login login = test_login(SITE_LOGIN);
	static struct pt_account account;
	static struct pt_activity activity;
	struct pt_err err;

	if (pm_door_read(
		&site->filter.door, &login, &account, &activity, &err) != 0)
		fail_msg("%s", err.text);
	return activity.total[PT_COUNT_MESSAGES];
}

#endif
