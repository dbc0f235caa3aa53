/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What becomes of session_listen when it cannot be listened at. */
#include "policyd/session_listen.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/support/policyd_site.h"

static const struct pt_owner nobody_else = {.is_set = false};

static int
prepare(struct site *site, const char *address, struct pd_listeners *fresh)
{
	char text[200];
	char *at[1] = {text};
	struct pt_config config = {.session_listen = {.count = 1, .at = at}};
	struct pt_err err;
	int rc;

	(void)snprintf(text, sizeof(text), "%s", address);
	rc = pd_session_listen_prepare(
	    &site->listeners, &config, &nobody_else, fresh, &err);
	if (rc != 0)
		assert_int_equal(err.kind, PT_ERR_CONFIG);
	return rc;
}

static void
test_explicit_address_must_be_had(void **state)
{
	struct site *site = *state;
	struct pd_listeners fresh;
	char address[200];

	(void)snprintf(
	    address, sizeof(address), "unix:%s/none/s.sock", site->dir);
	assert_int_equal(prepare(site, address, &fresh), -1);
	(void)snprintf(address, sizeof(address), "unix:%s/s.sock", site->dir);
	assert_int_equal(prepare(site, address, &fresh), 0);
	assert_int_equal(fresh.count, 1);
	assert_int_equal(access(address + 5, F_OK), 0);
	pd_listeners_close(&fresh);
	assert_int_equal(access(address + 5, F_OK), -1);
}

static void
test_default_that_cannot_be_had_is_none(void **state)
{
	struct site *site = *state;
	struct pd_listeners fresh;

	if (access("/run/postern", F_OK) == 0)
		skip();
	assert_int_equal(
	    prepare(site, "unix:/run/postern/session.sock", &fresh), 0);
	assert_int_equal(fresh.count, 0);
}

static void
test_empty_list_is_none(void **state)
{
	struct site *site = *state;
	struct pt_config config = {.session_listen = {.count = 0}};
	struct pd_listeners fresh;
	struct pt_err err;

	assert_int_equal(pd_session_listen_prepare(&site->listeners, &config,
			     &nobody_else, &fresh, &err),
	    0);
	assert_int_equal(fresh.count, 0);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, site_set_up, site_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_explicit_address_must_be_had),
	    TEST(test_default_that_cannot_be_had_is_none),
	    TEST(test_empty_list_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
