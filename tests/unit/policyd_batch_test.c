/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Requests over a socket, through the rules and a real state, in batches. */
#include "policyd/batch.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/log.h"
#include "policyd/listener.h"
#include "tests/unit/support/testing.h"

#define CLIENTS (PD_BATCH_CAP + 10)

struct site {
	uv_loop_t loop;
	struct pd_context context;
	struct pd_clients clients;
	struct pd_listeners listeners;
	struct pd_batch batch;
	char dir[128];
	char state_dir[160];
	char path[100];
	int fds[CLIENTS];
};

static const char config_text[] =
    "mode = %s\nstate_dir = \"/nowhere\"\ndefault_domain = \"example.com\"\n"
    "default_plan = \"free\"\nrequire_tls = no\n"
    "policy_listen = { \"unix:/nowhere/policy.sock\" }\n"
    "plan free { messages = { \"5/1h\" } }\n";

static void
configure(struct site *site, const char *mode)
{
	struct pt_config *config;
	struct pt_err err;
	char text[sizeof(config_text) + 16];

	(void)snprintf(text, sizeof(text), config_text, mode);
	if (pt_config_parse("test.conf", text, &config, &err) != 0)
		fail_msg("%s", err.text);
	pt_config_free(site->context.config);
	site->context.config = config;
	site->context.generation++;
}

static void
open_state(struct site *site)
{
	struct pt_err err;

	(void)snprintf(
	    site->state_dir, sizeof(site->state_dir), "%s/state", site->dir);
	if (pt_store_create(site->state_dir, &err) != 0 ||
	    pt_store_open(site->state_dir, PT_STORE_WRITE, &site->context.store,
		&err) != 0)
		fail_msg("%s", err.text);
}

static int
set_up(void **state)
{
	static const struct pt_owner nobody_else = {.is_set = false};
	struct site *site = calloc(1, sizeof(*site));
	char text[128];
	char *at[1] = {text};
	struct pt_strings wanted = {.count = 1, .at = at};
	struct pt_err err;

	assert_non_null(site);
	pt_log_init("test", 0);
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(
	    site->path, sizeof(site->path), "%.80s/policy.sock", site->dir);
	(void)snprintf(text, sizeof(text), "unix:%s", site->path);
	configure(site, "enforce");
	open_state(site);
	assert_int_equal(uv_loop_init(&site->loop), 0);
	pd_report_init(&site->context.report);
	pd_batch_init(&site->batch, &site->context);
	pd_clients_init(&site->clients, &site->loop, 1000, &pd_clients_manners);
	site->clients.grammar = &pd_request_grammar;
	site->clients.limits = &pd_request_limits;
	site->clients.on_request = pd_batch_request;
	site->clients.arg = &site->batch;
	site->clients.counters = &site->context.counters;
	site->clients.report = &site->context.report;
	pd_listeners_init(&site->listeners, &site->loop, &site->clients);
	if (pd_listeners_set(&site->listeners, &wanted, &nobody_else, &err) !=
	    0)
		fail_msg("%s", err.text);
	*state = site;
	return 0;
}

static void
turn(struct site *site)
{
	int i;

	for (i = 0; i < 5; i++)
		(void)uv_run(&site->loop, UV_RUN_NOWAIT);
}

static int
tear_down(void **state)
{
	struct site *site = *state;

	pd_listeners_close(&site->listeners);
	pd_clients_drain(&site->clients);
	(void)uv_run(&site->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&site->loop), 0);
	pd_clients_clear(&site->clients);
	pt_store_close(site->context.store);
	pt_config_free(site->context.config);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

static void
connect_clients(struct site *site, int n)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int i;

	memcpy(un.sun_path, site->path, sizeof(site->path));
	for (i = 0; i < n; i++) {
		site->fds[i] = socket(AF_UNIX, SOCK_STREAM, 0);
		assert_true(site->fds[i] >= 0);
		assert_int_equal(connect(site->fds[i],
				     (const struct sockaddr *)&un, sizeof(un)),
		    0);
	}
	/* Later versions of libuv accept one connection a turn. */
	for (i = 0; i < n; i++)
		turn(site);
	assert_int_equal(site->clients.count, n);
}

static void
close_clients(struct site *site, int n)
{
	int i;

	for (i = 0; i < n; i++)
		assert_int_equal(close(site->fds[i]), 0);
	turn(site);
	assert_int_equal(site->clients.count, 0);
}

static void
ask(struct site *site, int i, const char *login, const char *stage, int id)
{
	char text[400];

	(void)snprintf(text, sizeof(text),
	    "request=smtpd_access_policy\nprotocol_state=%s\n"
	    "client_address=10.0.0.1\nsender=\nrecipient=bob@example.org\n"
	    "recipient_count=1\nqueue_id=%d\ninstance=%d.1\nsize=100\n"
	    "sasl_username=%s\n\n",
	    stage, id, id, login);
	assert_int_equal(
	    send(site->fds[i], text, strlen(text), 0), strlen(text));
}

/* "" if there is no answer. */
static const char *
answer(struct site *site, int i)
{
	static char buf[1024];
	ssize_t n = recv(site->fds[i], buf, sizeof(buf) - 1, MSG_DONTWAIT);

	buf[n < 0 ? 0 : n] = '\0';
	return buf;
}

static void
test_one_login_on_many_connections_passes_exactly_its_limit(void **state)
{
	struct site *site = *state;
	int permitted = 0;
	int deferred = 0;
	int i;

	connect_clients(site, 20);
	for (i = 0; i < 20; i++)
		ask(site, i, "alice", "END-OF-MESSAGE", i);
	turn(site);
	assert_string_equal(answer(site, 0), "");
	pd_batch_run(&site->batch, 1000);
	assert_true(pd_batch_is_empty(&site->batch));
	for (i = 0; i < 20; i++) {
		if (strcmp(answer(site, i), "action=DUNNO\n\n") == 0)
			permitted++;
		else
			deferred++;
	}
	assert_int_equal(permitted, 5);
	assert_int_equal(deferred, 15);
	assert_int_equal(site->context.counters.permitted, 5);
	assert_int_equal(site->context.counters.refused[PT_REASON_QUOTA], 15);
	assert_int_equal(site->context.counters.requests, 20);
	assert_int_equal(site->context.counters.batches, 1);
	assert_true(site->context.unsynced);
	close_clients(site, 20);
}

static void
test_batch_is_capped_and_the_rest_comes_next(void **state)
{
	struct site *site = *state;
	char login[32];
	int answered = 0;
	int i;

	connect_clients(site, CLIENTS);
	for (i = 0; i < CLIENTS; i++) {
		(void)snprintf(login, sizeof(login), "user%d", i);
		ask(site, i, login, "END-OF-MESSAGE", i);
	}
	turn(site);
	pd_batch_run(&site->batch, 1000);
	assert_false(pd_batch_is_empty(&site->batch));
	assert_int_equal(site->context.counters.permitted, PD_BATCH_CAP);
	turn(site);
	pd_batch_run(&site->batch, 1000);
	assert_true(pd_batch_is_empty(&site->batch));
	for (i = 0; i < CLIENTS; i++)
		answered += strcmp(answer(site, i), "action=DUNNO\n\n") == 0;
	assert_int_equal(answered, CLIENTS);
	close_clients(site, CLIENTS);
}

static void
test_looks_change_nothing_and_nothing_opens_no_batch(void **state)
{
	struct site *site = *state;

	connect_clients(site, 3);
	ask(site, 0, "alice", "RCPT", 1);
	ask(site, 1, "", "RCPT", 2);
	ask(site, 2, "alice", "CONNECT", 3);
	turn(site);
	/* Those that need no state have their answer already. */
	assert_string_equal(answer(site, 1), "action=DUNNO\n\n");
	assert_string_equal(answer(site, 2), "action=DUNNO\n\n");
	assert_string_equal(answer(site, 0), "");
	pd_batch_run(&site->batch, 1000);
	assert_string_equal(answer(site, 0), "action=DUNNO\n\n");
	assert_false(site->context.unsynced);
	assert_int_equal(site->context.counters.batches, 1);
	assert_int_equal(site->context.counters.unauthenticated, 1);
	pd_batch_run(&site->batch, 1000);
	assert_int_equal(site->context.counters.batches, 1);
	close_clients(site, 3);
}

static void
test_repeated_message_costs_once_and_refusal_counts_once(void **state)
{
	struct site *site = *state;
	int i;

	connect_clients(site, 1);
	for (i = 0; i < 3; i++) {
		ask(site, 0, "alice", "END-OF-MESSAGE", 1);
		turn(site);
		pd_batch_run(&site->batch, 1000);
		assert_string_equal(answer(site, 0), "action=DUNNO\n\n");
	}
	assert_int_equal(site->context.counters.permitted, 1);
	assert_int_equal(site->context.counters.repeated, 2);
	for (i = 2; i <= 5; i++) {
		ask(site, 0, "alice", "END-OF-MESSAGE", i);
		turn(site);
		pd_batch_run(&site->batch, 1000);
		assert_string_equal(answer(site, 0), "action=DUNNO\n\n");
	}
	for (i = 0; i < 3; i++) {
		ask(site, 0, "alice", "RCPT", 6);
		turn(site);
		pd_batch_run(&site->batch, 1000);
		assert_memory_equal(answer(site, 0), "action=450 4.7.28 ", 18);
	}
	assert_int_equal(site->context.counters.refused[PT_REASON_QUOTA], 1);
	close_clients(site, 1);
}

static void
test_observe_mode_refuses_nothing(void **state)
{
	struct site *site = *state;
	int i;

	configure(site, "observe");
	connect_clients(site, 8);
	for (i = 0; i < 7; i++)
		ask(site, i, "alice", "END-OF-MESSAGE", i);
	ask(site, 7, "not a login", "END-OF-MESSAGE", 7);
	turn(site);
	pd_batch_run(&site->batch, 1000);
	for (i = 0; i < 8; i++)
		assert_string_equal(answer(site, i), "action=DUNNO\n\n");
	assert_int_equal(site->context.counters.observed[PT_REASON_QUOTA], 2);
	assert_int_equal(
	    site->context.counters.observed[PT_REASON_LOGIN_INVALID], 1);
	assert_int_equal(site->context.counters.refused[PT_REASON_QUOTA], 0);
	close_clients(site, 8);
}

static void
test_state_that_cannot_be_written_defers_all(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	/* A store for reading takes no update. */
	pt_store_close(site->context.store);
	assert_int_equal(pt_store_open(site->state_dir, PT_STORE_READ,
			     &site->context.store, &err),
	    0);
	connect_clients(site, 2);
	ask(site, 0, "alice", "END-OF-MESSAGE", 1);
	ask(site, 1, "bob", "RCPT", 2);
	turn(site);
	pd_batch_run(&site->batch, 1000);
	assert_memory_equal(answer(site, 0), "action=451 4.3.0 ", 17);
	assert_memory_equal(answer(site, 1), "action=451 4.3.0 ", 17);
	assert_int_equal(
	    site->context.counters.refused[PT_REASON_UNAVAILABLE], 2);
	assert_false(site->context.unsynced);
	close_clients(site, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_one_login_on_many_connections_passes_exactly_its_limit),
	    TEST(test_batch_is_capped_and_the_rest_comes_next),
	    TEST(test_looks_change_nothing_and_nothing_opens_no_batch),
	    TEST(test_repeated_message_costs_once_and_refusal_counts_once),
	    TEST(test_observe_mode_refuses_nothing),
	    TEST(test_state_that_cannot_be_written_defers_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
