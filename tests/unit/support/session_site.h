/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The session side of policyd over a real socket and a real state, with
 * accounts that have an app password.  All of it is in this header, because
 * only tests of policyd are linked with libuv.
 */
#ifndef PT_TESTS_SESSION_SITE_H
#define PT_TESTS_SESSION_SITE_H

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/rules/external.h"
#include "policyd/connection.h"
#include "policyd/sessions.h"
#include "tests/unit/support/listeners.h"
#include "tests/unit/support/testing.h"

#define SITE_SECRET "abcdefghijklmnopqrstuvwx"

struct session_site {
	uv_loop_t loop;
	struct pd_context context;
	struct pd_sessions sessions;
	int64_t shift_ms; /* that the monotonic clock is ahead */
	char dir[128];
	char state_dir[160];
	char path[100];
	char config[400];
};

/* "head" stands outside of the plan, "plan" inside. */
static inline void
session_site_configure(
    struct session_site *site, const char *head, const char *plan)
{
	struct pt_config *config;
	struct pt_err err;

	(void)snprintf(site->config, sizeof(site->config),
	    "state_dir = \"/nowhere\"\nrequire_tls = no\n"
	    "default_domain = \"example.com\"\n%s\nplan free { %s }\n",
	    head, plan);
	if (pt_config_parse("test.conf", site->config, &config, &err) != 0)
		fail_msg("%s", err.text);
	pt_config_free(site->context.config);
	site->context.config = config;
	site->context.generation++;
}

static inline void
session_site_open_store(struct session_site *site, enum pt_store_mode mode)
{
	struct pt_err err;

	pt_store_close(site->context.store);
	if (pt_store_open(site->state_dir, mode, &site->context.store, &err) !=
	    0)
		fail_msg("%s", err.text);
}

static inline void
session_site_listen(struct session_site *site)
{
	static const struct pt_owner nobody_else = {.is_set = false};
	char text[128];
	char *at[1] = {text};
	struct pt_strings wanted = {.count = 1, .at = at};
	struct pt_err err;

	(void)snprintf(
	    site->path, sizeof(site->path), "%.80s/session.sock", site->dir);
	(void)snprintf(text, sizeof(text), "unix:%s", site->path);
	if (listeners_set(
		&site->sessions.listeners, &wanted, &nobody_else, &err) != 0)
		fail_msg("%s", err.text);
}

static inline int
session_site_set_up(void **state)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct session_site *site = calloc(1, sizeof(*site));
	struct pt_err err;

	assert_non_null(site);
	assert_int_equal(sigaction(SIGPIPE, &ignore, NULL), 0);
	pt_log_init("test", 0);
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(
	    site->state_dir, sizeof(site->state_dir), "%s/state", site->dir);
	if (pt_store_create(site->state_dir, &err) != 0)
		fail_msg("%s", err.text);
	session_site_configure(site, "mode = enforce", "");
	session_site_open_store(site, PT_STORE_WRITE);
	pd_report_init(&site->context.report);
	assert_int_equal(uv_loop_init(&site->loop), 0);
	if (pd_sessions_init(
		&site->sessions, &site->context, &site->loop, &err) != 0)
		fail_msg("%s", err.text);
	site->sessions.batch.max_sessions = 100;
	session_site_listen(site);
	if (pd_sessions_start(&site->sessions, &err) != 0)
		fail_msg("%s", err.text);
	*state = site;
	return 0;
}

static inline int64_t
session_site_now(const struct session_site *site)
{
	return pd_clients_now(&site->sessions.clients) + site->shift_ms;
}

/* Reads what came, judges, answers. */
static inline void
session_site_turn(struct session_site *site)
{
	int i;

	for (i = 0; i < 5; i++) {
		(void)uv_run(&site->loop, UV_RUN_NOWAIT);
		pd_sessions_run(&site->sessions, session_site_now(site));
	}
}

/* Judges again what must be, and stores counts, as after a tick. */
static inline void
session_site_tick(struct session_site *site)
{
	site->shift_ms += PD_SESSION_WATCH_ROUND_MS;
	pd_session_watch_look(&site->sessions.watch, session_site_now(site));
	while (
	    pd_session_watch_run(&site->sessions.watch, session_site_now(site)))
		;
	while (pd_session_count_store(
	    &site->sessions.count, session_site_now(site)))
		;
	session_site_turn(site);
}

static inline int
session_site_tear_down(void **state)
{
	struct session_site *site = *state;

	pd_sessions_close(&site->sessions);
	uv_close((uv_handle_t *)&site->sessions.timer, NULL);
	(void)uv_run(&site->loop, UV_RUN_DEFAULT);
	assert_int_equal(site->sessions.clients.count, 0);
	assert_int_equal(site->sessions.clients.kept, 0);
	assert_int_equal(uv_loop_close(&site->loop), 0);
	pd_sessions_clear(&site->sessions);
	pt_store_close(site->context.store);
	pt_config_free(site->context.config);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

/* An answer, or the begin of it. */
static inline void
session_site_expect(const char *got, const char *want)
{
	if (strncmp(got, want, strlen(want)) != 0)
		fail_msg("got \"%s\", want \"%s\"", got, want);
}

#define SESSION_TEST(fn)                 \
	cmocka_unit_test_setup_teardown( \
	    fn, session_site_set_up, session_site_tear_down)

struct session_site_enabling {
	struct session_site *site;
	int64_t expires_at;
	uint32_t id;
	struct pt_err err;
	int rc;
};

static inline void
session_site_add(struct pt_records *records, void *arg)
{
	static const unsigned char salt[PT_PASSWORD_SALT_BYTES] = {1};
	struct session_site_enabling *job = arg;
	struct pt_password_wish wish = {
	    .label = "", .expires_at = job->expires_at};
	struct pt_external_actor actor = {
	    .who = "test", .note = "", .now = pt_clock_now()};

	if (records->account->access == PT_ACCESS_ON)
		job->rc = pt_external_add_password(job->site->context.config,
		    records->account, &wish, SITE_SECRET, &actor, &job->id,
		    &records->trail, &job->err);
	else
		job->rc = pt_external_enable(job->site->context.config,
		    records->account, 0, &wish, SITE_SECRET, salt, &actor,
		    &job->id, &records->trail, &job->err);
	records->account_changed = job->rc == 0;
}

/* Gives an account one more app password; its id. */
static inline uint32_t
session_site_enable(
    struct session_site *site, const char *name, int64_t expires_at)
{
	struct pt_login login = test_login(name);
	struct session_site_enabling job = {
	    .site = site, .expires_at = expires_at};

	if (pt_store_update_one(site->context.store, PT_UPDATE_ACCOUNT, &login,
		session_site_add, &job, &job.err) != 0 ||
	    job.rc != 0)
		fail_msg("%s", job.err.text);
	return job.id;
}

static inline void
session_site_switch_off(struct pt_records *records, void *arg)
{
	struct pt_external_actor actor = {
	    .who = "test", .note = "", .now = pt_clock_now()};

	(void)arg;
	records->account_changed =
	    pt_external_disable(records->account, &actor, &records->trail);
}

static inline void
session_site_disable(struct session_site *site, const char *name)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(site->context.store, PT_UPDATE_ACCOUNT, &login,
		session_site_switch_off, NULL, &err) != 0)
		fail_msg("%s", err.text);
}

static inline struct pt_usage
session_site_usage(struct session_site *site, const char *name)
{
	static struct pt_account account;
	static struct pt_activity activity;
	static struct pt_usage usage;
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_read(site->context.store, &login, &account, &activity,
		&usage, &err) != 0)
		fail_msg("%s", err.text);
	return usage;
}

static inline void
session_site_token(struct session_site *site, const char *name,
    enum pt_protocol protocol, uint32_t password, char out[PT_TOKEN_TEXT_MAX])
{
	struct pt_login login = test_login(name);
	struct pt_token token = {.protocol = protocol,
	    .password = password,
	    .issued_at = pt_clock_now()};

	pt_token_make(
	    pt_store_token_key(site->context.store), &login, &token, out);
}

static inline int
session_site_connect(struct session_site *site)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	memcpy(un.sun_path, site->path, sizeof(site->path));
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&un, sizeof(un)), 0);
	session_site_turn(site);
	return fd;
}

/* What has come; "closed" if the other side has closed. */
static inline const char *
session_site_got(struct session_site *site, int fd)
{
	static char buf[65536];
	ssize_t n;

	session_site_turn(site);
	n = recv(fd, buf, sizeof(buf) - 1, 0);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		return "closed";
	buf[n < 0 ? 0 : n] = '\0';
	return buf;
}

static inline void
session_site_send(int fd, const char *text)
{
	assert_int_equal(
	    send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* "rest" are further lines, each with its end. */
static inline const char *
session_site_ask(
    struct session_site *site, int fd, const char *event, const char *rest)
{
	char text[600];

	(void)snprintf(text, sizeof(text),
	    "request=postern_session\nevent=%s\n%s\n", event, rest);
	session_site_send(fd, text);
	return session_site_got(site, fd);
}

static inline const char *
session_site_open_token(
    struct session_site *site, int fd, const char *name, const char *token)
{
	char rest[400];

	(void)snprintf(rest, sizeof(rest),
	    "login=%s\ntoken=%s\nservice=imap\nsession=abc\n", name, token);
	return session_site_ask(site, fd, "open", rest);
}

/* A session of that app password that is open; its socket. */
static inline int
session_site_open(
    struct session_site *site, const char *name, uint32_t password)
{
	char token[PT_TOKEN_TEXT_MAX];
	int fd = session_site_connect(site);

	session_site_token(site, name, PT_PROTOCOL_IMAP, password, token);
	assert_memory_equal(
	    session_site_open_token(site, fd, name, token), "action=ok\n", 10);
	return fd;
}

/* Access for alice and bob, and open: two sessions of alice, one of bob. */
static inline void
session_site_open_three(struct session_site *site, int fds[3])
{
	session_site_enable(site, "alice", 0);
	session_site_enable(site, "bob", 0);
	fds[0] = session_site_open(site, "alice", 1);
	fds[1] = session_site_open(site, "alice", 1);
	fds[2] = session_site_open(site, "bob", 1);
}

static inline void
session_site_close(struct session_site *site, int fd)
{
	assert_int_equal(close(fd), 0);
	session_site_turn(site);
}

#endif
