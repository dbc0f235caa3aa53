/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A state with accounts whose external access was switched on at TEST_NOW,
 * and walks through it.
 */
#ifndef PT_TESTS_SERVICE_SWEEP_H
#define PT_TESTS_SERVICE_SWEEP_H

#include <unistd.h>

#include "core/service/sweep.h"
#include "tests/unit/service_enable.h"

#define DAY    ((int64_t)86400)
#define UNUSED "unused_after = \"60d\""
#define LATER  (TEST_NOW + 100 * DAY)

struct site {
	struct store_fixture *f;
	struct pt_config *config;
	struct pt_sweep sweep;
	/* What was reported. */
	unsigned reports;
	struct pt_sweep_found last;
	char last_login[PT_LOGIN_MAX + 1];
	/* Of a step that changes things meanwhile. */
	unsigned steps;
};

static struct site site;

static inline void
configure(const char *head, const char *plan)
{
	char text[512];
	struct pt_err err;

	(void)snprintf(text, sizeof(text),
	    "mode = enforce\nstate_dir = \"/nowhere\"\n"
	    "default_domain = \"example.com\"\n%s\n"
	    "plan free { protocols = { \"imap\" } %s }\n",
	    head, plan);
	pt_config_free(site.config);
	site.config = NULL;
	if (pt_config_parse("test.conf", text, &site.config, &err) != 0)
		fail_msg("%s", err.text);
}

static inline int
set_up(void **state)
{
	memset(&site, 0, sizeof(site));
	if (store_fixture_set_up(state) != 0)
		return -1;
	site.f = *state;
	store_fixture_begin(site.f, TEST_NOW);
	configure("", UNUSED);
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
	service_enable(site.config, records, *(const int64_t *)arg);
}

static inline void
update(const char *name, pt_update_fn *fn, void *arg)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(
		site.f->store, PT_UPDATE_ACCOUNT, &login, fn, arg, &err) != 0)
		fail_msg("%s", err.text);
}

static inline void
make(const char *name, int64_t at)
{
	update(name, enable, &at);
}

/* Names in the order of the walk; many in one transaction. */
static inline void
make_many(unsigned first, unsigned n)
{
	static struct pt_login logins[PT_BATCH_MAX];
	struct pt_update updates[PT_BATCH_MAX];
	int64_t at = TEST_NOW;
	char name[32];
	struct pt_err err;
	unsigned i;
	unsigned j;

	for (i = 0; i < n; i += j) {
		for (j = 0; j < PT_BATCH_MAX && i + j < n; j++) {
			(void)snprintf(
			    name, sizeof(name), "user%06u", first + i + j);
			logins[j] = test_login(name);
			updates[j] = (struct pt_update){
			    .login = &logins[j], .fn = enable, .arg = &at};
		}
		if (pt_store_update(site.f->store, PT_UPDATE_ACCOUNT, updates,
			j, &err) != 0)
			fail_msg("%s", err.text);
	}
}

static inline void
on_found(const struct pt_sweep_found *found, void *arg)
{
	assert_ptr_equal(arg, &site);
	site.reports++;
	site.last = *found;
	(void)snprintf(
	    site.last_login, sizeof(site.last_login), "%s", found->login->text);
}

static inline void
begin(void)
{
	struct pt_err err;

	if (pt_sweep_begin(&site.sweep, site.config, site.f->store, &err) != 0)
		fail_msg("%s", err.text);
	site.reports = 0;
	site.steps = 0;
}

static inline int
step(int64_t now)
{
	struct pt_err err;
	int more = pt_sweep_step(&site.sweep, now, on_found, &site, &err);

	if (more < 0)
		fail_msg("%s", err.text);
	site.steps++;
	assert_in_range(site.steps, 1, 1000);
	return more;
}

static inline void
sweep(int64_t now)
{
	begin();
	while (step(now) > 0)
		continue;
}

static inline struct pt_account *
read_account(const char *name)
{
	static struct pt_account account;
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_read(site.f->store, &login, &account, NULL, NULL, &err) !=
	    0)
		fail_msg("%s", err.text);
	return &account;
}

#define SWEEP_TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
