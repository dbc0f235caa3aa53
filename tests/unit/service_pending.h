/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A state with accounts about which somebody decided who may not wait for a
 * disk, and the completion of that.
 */
#ifndef PT_TESTS_SERVICE_PENDING_H
#define PT_TESTS_SERVICE_PENDING_H

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/rules/notice.h"
#include "core/service/pending.h"
#include "tests/unit/service_enable.h"

static const char config_text[] =
    "mode = enforce\n"
    "state_dir = \"/nowhere\"\n"
    "default_domain = \"example.com\"\n"
    "notice { from = \"postmaster@example.com\" }\n"
    "plan free { protocols = { \"imap\", \"smtp\" } }\n"
    "plan held { on_block = hold-queue }\n";

struct site {
	struct store_fixture *f;
	struct pt_config *config;
	char orders[320];
	struct pt_pending pending;
};

static struct site site;

static inline int
set_up(void **state)
{
	struct pt_err err;

	if (store_fixture_set_up(state) != 0)
		return -1;
	site.f = *state;
	(void)snprintf(
	    site.orders, sizeof(site.orders), "%s/orders", site.f->dir);
	if (pt_config_parse("test.conf", config_text, &site.config, &err) != 0)
		fail_msg("%s", err.text);
	return 0;
}

static inline int
tear_down(void **state)
{
	pt_config_free(site.config);
	return store_fixture_tear_down(state);
}

static inline void
enable(struct pt_records *records, void *arg)
{
	service_enable(site.config, records, TEST_NOW - 86400);
	(void)snprintf(records->account->plan, sizeof(records->account->plan),
	    "%s", (const char *)arg);
}

static inline void
run(enum pt_update_scope scope, const char *name, pt_update_fn *fn, void *arg)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(site.f->store, scope, &login, fn, arg, &err) !=
	    0)
		fail_msg("%s", err.text);
}

static inline void
make(const char *name, const char *plan)
{
	char text[PT_PLAN_NAME_MAX + 1];

	(void)snprintf(text, sizeof(text), "%s", plan);
	run(PT_UPDATE_ACCOUNT, name, enable, text);
}

/* What somebody decided who may not wait for a disk. */
struct decision {
	enum pt_block_reason block;
	enum pt_notice_kind notice;
	int64_t at;
};

static inline void
mark(struct pt_records *records, void *arg)
{
	const struct decision *decision = arg;
	const struct pt_figures figures = {PT_FIGURES_GUESSES, 101, 100, 3600};
	const struct pt_notice notice = {
	    .kind = decision->notice, .at = decision->at};

	if (decision->block != PT_BLOCK_NONE)
		records->activity->block = (struct pt_pending_block){
		    .reason = (unsigned char)decision->block,
		    .at = decision->at,
		    .figures = figures,
		};
	if (decision->notice != PT_NOTICE_NONE)
		pt_notice_mark(records->activity, &notice);
	records->activity_changed = true;
}

static inline void
decide(const char *name, struct decision decision)
{
	run(PT_UPDATE_ACTIVITY, name, mark, &decision);
}

static inline const struct pt_pending_job *
complete(void)
{
	struct pt_err err = {.kind = PT_ERR_NONE};

	if (pt_pending_complete(site.f->store, site.config, site.orders,
		TEST_NOW, &site.pending, &err) != 0)
		fail_msg("%s", err.text);
	return &site.pending.job[0];
}

static inline bool
count_entry(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	assert_null(err);
	assert_non_null(entry);
	(*(unsigned *)arg)++;
	return true;
}

static inline unsigned
count_outbox(void)
{
	unsigned count = 0;
	struct pt_err err;

	assert_int_equal(
	    pt_store_each_outbox(site.f->store, count_entry, &count, &err), 0);
	return count;
}

static inline bool
count_history_entry(const struct pt_history *entry, void *arg)
{
	(void)entry;
	(*(unsigned *)arg)++;
	return true;
}

static inline unsigned
count_history(void)
{
	unsigned count = 0;
	struct pt_err err;

	assert_int_equal(pt_store_each_history(site.f->store, NULL,
			     count_history_entry, &count, &err),
	    0);
	return count;
}

static inline size_t
size_of_orders(void)
{
	struct stat st;

	return stat(site.orders, &st) == 0 ? (size_t)st.st_size : 0;
}

/* Who looks at one login, in front of a change of it. */
static inline int
settle(const char *name, const char *orders)
{
	struct pt_login login = test_login(name);
	struct pt_err err = {.kind = PT_ERR_NONE};

	return pt_pending_settle(site.f->store, site.config, orders, &login,
	    TEST_NOW, &site.pending, &err);
}

#define PENDING_TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
