/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Connections over a real socket, with a service in place of the batch that
 * answers each request with its queue id, at once or later.  All of it is in
 * this header, because only tests of policyd are linked with libuv.
 */
#ifndef PT_TESTS_POLICYD_SITE_H
#define PT_TESTS_POLICYD_SITE_H

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/log.h"
#include "policyd/clients.h"
#include "policyd/connection.h"
#include "policyd/listener.h"
#include "policyd/request.h"
#include "tests/unit/support/listeners.h"
#include "tests/unit/support/testing.h"

#define SITE_HEAD "request=smtpd_access_policy\nprotocol_state=RCPT\nqueue_id="

struct site {
	uv_loop_t loop;
	struct pd_clients clients;
	struct pd_listeners listeners;
	struct pd_link queue;
	struct pt_counters counters;
	struct pd_report report;
	char dir[128];
	char text[160];
	bool later; /* requests wait for site_answer_queued() */
	unsigned requests;
	unsigned gone;  /* for tests of connections that carry a session */
	size_t padding; /* bytes that are added to an answer */
};

static inline void
site_answer(struct site *site, struct pd_connection *connection)
{
	struct pd_request request;
	char *text = calloc(1, 200 + site->padding);
	int len;

	assert_non_null(text);
	pd_request_read(&connection->intake->record, &request);
	len = snprintf(text, 200, "action=%s\n\n", request.queue_id.at);
	memset(text + len, '.', site->padding);
	pd_connection_answer(connection, text, (size_t)len + site->padding);
	free(text);
}

static inline void
site_on_request(struct pd_connection *connection, void *arg)
{
	struct site *site = arg;

	site->requests++;
	if (site->later)
		pd_list_move(&connection->link, &site->queue);
	else
		site_answer(site, connection);
}

static inline void
site_answer_queued(struct site *site)
{
	struct pd_link *first;

	while ((first = pd_list_first(&site->queue)) != NULL)
		site_answer(site, (struct pd_connection *)first);
}

static inline int
site_set_up(void **state)
{
	static const struct pt_owner nobody_else = {.is_set = false};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct site *site = calloc(1, sizeof(*site));
	char *at[1];
	struct pt_strings wanted = {.count = 1, .at = at};
	struct pt_err err;

	assert_non_null(site);
	assert_int_equal(sigaction(SIGPIPE, &ignore, NULL), 0);
	pt_log_init("test", PT_LOG_ERROR);
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(site->text, sizeof(site->text), "unix:%.80s/policy.sock",
	    site->dir);
	at[0] = site->text;
	assert_int_equal(uv_loop_init(&site->loop), 0);
	pd_list_init(&site->queue);
	pd_report_init(&site->report);
	pd_clients_init(&site->clients, &site->loop, 100, &pd_clients_manners);
	site->clients.grammar = &pd_request_grammar;
	site->clients.limits = &pd_request_limits;
	site->clients.on_request = site_on_request;
	site->clients.arg = site;
	site->clients.counters = &site->counters;
	site->clients.report = &site->report;
	pd_listeners_init(&site->listeners, &site->loop, &site->clients);
	if (listeners_set(&site->listeners, &wanted, &nobody_else, &err) != 0)
		fail_msg("%s", err.text);
	*state = site;
	return 0;
}

static inline void
site_turn(struct site *site)
{
	int i;

	for (i = 0; i < 20; i++)
		(void)uv_run(&site->loop, UV_RUN_NOWAIT);
}

static inline int
site_tear_down(void **state)
{
	struct site *site = *state;

	pd_listeners_close(&site->listeners);
	pd_clients_drain(&site->clients);
	site_answer_queued(site);
	pd_clients_give_up(&site->clients);
	assert_int_equal(site->clients.count, 0);
	(void)uv_run(&site->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&site->loop), 0);
	pd_clients_clear(&site->clients);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

static inline int
site_connect(struct site *site)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	(void)snprintf(un.sun_path, sizeof(un.sun_path), "%s", site->text + 5);
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&un, sizeof(un)), 0);
	site_turn(site);
	return fd;
}

static inline void
site_ask(int fd, const char *text)
{
	assert_int_equal(
	    send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* What has come; "closed" if the other side has closed. */
static inline const char *
site_got(struct site *site, int fd)
{
	static char buf[65536];
	ssize_t n;

	site_turn(site);
	n = recv(fd, buf, sizeof(buf) - 1, 0);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		return "closed";
	buf[n < 0 ? 0 : n] = '\0';
	return buf;
}

#endif
