/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A batch with a real state, and clients over a real socket.  All of it is in
 * this header, because only tests of policyd are linked with libuv.
 */
#ifndef PT_TESTS_BATCH_SITE_H
#define PT_TESTS_BATCH_SITE_H

#include "policyd/batch.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/log.h"
#include "policyd/listener.h"
#include "tests/unit/support/listeners.h"
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

/* Other rules from now on. */
static inline void
configure_text(struct site *site, const char *text)
{
	struct pt_config *config;
	struct pt_err err;

	if (pt_config_parse("test.conf", text, &config, &err) != 0)
		fail_msg("%s", err.text);
	pt_config_free(site->context.config);
	site->context.config = config;
	site->context.generation++;
}

static inline void
configure(struct site *site, const char *mode)
{
	char text[sizeof(config_text) + 16];

	(void)snprintf(text, sizeof(text), config_text, mode);
	configure_text(site, text);
}

static inline void
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

static inline int
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
	if (listeners_set(&site->listeners, &wanted, &nobody_else, &err) != 0)
		fail_msg("%s", err.text);
	*state = site;
	return 0;
}

static inline void
turn(struct site *site)
{
	int i;

	for (i = 0; i < 5; i++)
		(void)uv_run(&site->loop, UV_RUN_NOWAIT);
}

static inline int
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

static inline void
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

static inline void
close_clients(struct site *site, int n)
{
	int i;

	for (i = 0; i < n; i++)
		assert_int_equal(close(site->fds[i]), 0);
	turn(site);
	assert_int_equal(site->clients.count, 0);
}

static inline void
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
static inline const char *
answer(struct site *site, int i)
{
	static char buf[1024];
	ssize_t n = recv(site->fds[i], buf, sizeof(buf) - 1, MSG_DONTWAIT);

	buf[n < 0 ? 0 : n] = '\0';
	return buf;
}

#endif
