/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/listener.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/text.h"
#include "policyd/request.h"
#include "tests/unit/support/listeners.h"
#include "tests/unit/support/testing.h"

static const struct pt_owner nobody_else = {.is_set = false};

struct site {
	uv_loop_t loop;
	struct pd_clients clients;
	struct pd_listeners listeners;
	struct pt_counters counters;
	struct pd_report report;
	char dir[128];
	char path[4][104];
	char text[4][112]; /* the fourth cannot be had */
};

static void
name_socket(struct site *site, int i)
{
	char dir[80];

	assert_int_equal(pt_text_copy(dir, sizeof(dir), site->dir), 0);
	(void)snprintf(site->path[i], sizeof(site->path[i]), "%s/%s%d.sock",
	    dir, i == 3 ? "none/" : "", i);
	(void)snprintf(site->text[i], sizeof(site->text[i]),
	    "unix:%s/%s%d.sock", dir, i == 3 ? "none/" : "", i);
}

static int
set_up(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
	int i;

	assert_non_null(site);
	pt_log_init("test", 0);
	test_make_dir(site->dir, sizeof(site->dir));
	for (i = 0; i < 4; i++)
		name_socket(site, i);
	assert_int_equal(uv_loop_init(&site->loop), 0);
	pd_report_init(&site->report);
	pd_clients_init(&site->clients, &site->loop, 10, &pd_clients_manners);
	site->clients.grammar = &pd_request_grammar;
	site->clients.limits = &pd_request_limits;
	site->clients.counters = &site->counters;
	site->clients.report = &site->report;
	pd_listeners_init(&site->listeners, &site->loop, &site->clients);
	*state = site;
	return 0;
}

static int
tear_down(void **state)
{
	struct site *site = *state;

	pd_listeners_close(&site->listeners);
	pd_clients_drain(&site->clients);
	(void)uv_run(&site->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&site->loop), 0);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

/* "012": listen on the first three. */
static int
set(struct site *site, const char *which, struct pt_err *err)
{
	char *at[8];
	struct pt_strings wanted = {.count = strlen(which), .at = at};
	size_t i;

	for (i = 0; i < wanted.count; i++)
		at[i] = site->text[which[i] - '0'];
	return listeners_set(&site->listeners, &wanted, &nobody_else, err);
}

static ino_t
inode(struct site *site, int i)
{
	struct stat st;

	return lstat(site->path[i], &st) == 0 ? st.st_ino : 0;
}

static void
assert_connects(struct site *site, int i)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	uint64_t before = site->counters.connections;

	assert_true(fd >= 0);
	memcpy(un.sun_path, site->path[i], sizeof(site->path[i]));
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&un, sizeof(un)), 0);
	(void)uv_run(&site->loop, UV_RUN_NOWAIT);
	assert_int_equal(site->counters.connections, before + 1);
	assert_int_equal(close(fd), 0);
}

static void
test_sets_open_what_is_new_and_close_what_is_gone(void **state)
{
	struct site *site = *state;
	struct pt_err err;
	ino_t kept;

	assert_int_equal(set(site, "01", &err), 0);
	assert_int_equal(site->listeners.count, 2);
	assert_connects(site, 0);
	assert_connects(site, 1);
	kept = inode(site, 1);
	assert_int_equal(set(site, "12", &err), 0);
	assert_int_equal(site->listeners.count, 2);
	assert_true(inode(site, 0) == 0);
	assert_true(inode(site, 1) == kept);
	assert_connects(site, 1);
	assert_connects(site, 2);
	assert_int_equal(set(site, "021", &err), 0);
	assert_connects(site, 0);
}

static void
test_set_that_fails_changes_nothing(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	assert_int_equal(set(site, "01", &err), 0);
	assert_int_equal(set(site, "23", &err), -1);
	assert_non_null(strstr(err.text, "there is no such directory"));
	assert_int_equal(site->listeners.count, 2);
	assert_connects(site, 0);
	assert_connects(site, 1);
	assert_true(inode(site, 2) == 0);
	(void)uv_run(&site->loop, UV_RUN_NOWAIT);
	/* What was opened in vain is free again. */
	assert_int_equal(set(site, "2", &err), 0);
	assert_connects(site, 2);
}

static void
test_address_given_twice_is_opened_once(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	assert_int_equal(set(site, "00", &err), 0);
	assert_int_equal(site->listeners.count, 1);
	assert_int_equal(set(site, "000", &err), 0);
	assert_connects(site, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_sets_open_what_is_new_and_close_what_is_gone),
	    TEST(test_set_that_fails_changes_nothing),
	    TEST(test_address_given_twice_is_opened_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
