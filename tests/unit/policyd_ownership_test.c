/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Which requests wait for the maps, and what comes back. */
#include "policyd/ownership.h"

#include <poll.h>

#include "tests/unit/support/map_server.h"
#include "tests/unit/support/policyd_site.h"

struct owner_site {
	struct site *base;
	struct pd_context context;
	struct pd_ownership ownership;
	struct pd_link answered;
	struct map_server server;
	unsigned direct; /* requests that needed no lookup */
	char map[160];
};

static void
on_request(struct pd_connection *connection, void *arg)
{
	struct owner_site *site = arg;

	if (pd_ownership_take(&site->ownership, connection))
		return;
	site->direct++;
	pd_connection_answer(connection, "action=direct\n\n", 15);
}

static void
write_map(struct owner_site *site, const char *text)
{
	test_write_file(site->map, text);
}

/* "maps" as in postern.conf. */
static void
use_maps(struct owner_site *site, const char *maps)
{
	struct pd_shared_maps *shared = NULL;
	struct pt_config *config;
	struct pt_err err;
	char text[600];

	(void)snprintf(text, sizeof(text),
	    "default_domain = \"example.com\"\nplan free { }\n"
	    "sender { maps = { %s } }\n",
	    maps);
	if (pt_config_parse("t.conf", text, &config, &err) != 0 ||
	    pd_ownership_prepare(config, &shared, &err) != 0)
		fail_msg("%s", err.text);
	pd_ownership_adopt(&site->ownership, shared);
	pt_config_free(site->context.config);
	site->context.config = config;
}

static void
use_file(struct owner_site *site, const char *text)
{
	char maps[200];

	write_map(site, text);
	(void)snprintf(maps, sizeof(maps), "\"file:%s\"", site->map);
	use_maps(site, maps);
}

static void
use_server(struct owner_site *site, enum map_server_manner manner)
{
	char maps[200];

	atomic_store(&site->server.manner, manner);
	map_server_start(&site->server);
	(void)snprintf(maps, sizeof(maps), "\"socketmap:unix:%s:senders\"",
	    site->server.path);
	use_maps(site, maps);
}

static int
set_up(void **state)
{
	struct owner_site *site = calloc(1, sizeof(*site));
	void *base;

	assert_non_null(site);
	assert_int_equal(site_set_up(&base), 0);
	site->base = base;
	site->base->clients.on_request = on_request;
	site->base->clients.arg = site;
	pd_report_init(&site->context.report);
	pd_list_init(&site->answered);
	pd_ownership_init(&site->ownership, &site->context, &site->base->loop,
	    &site->answered);
	(void)snprintf(
	    site->map, sizeof(site->map), "%.120s/senders", site->base->dir);
	(void)snprintf(site->server.path, sizeof(site->server.path),
	    "%.90s/map.sock", site->base->dir);
	*state = site;
	return 0;
}

static void
answer_all(struct owner_site *site)
{
	static const char *const words[] = {
	    [PT_OWNED_NO] = "action=no\n\n",
	    [PT_OWNED_YES] = "action=yes\n\n",
	    [PT_OWNED_UNKNOWN] = "action=unknown\n\n",
	};
	struct pd_connection *connection;
	const char *text;

	while ((connection = (struct pd_connection *)pd_list_first(
		    &site->answered)) != NULL) {
		text = words[connection->sender_by_maps];
		pd_connection_answer(connection, text, strlen(text));
	}
}

static int
tear_down(void **state)
{
	struct owner_site *site = *state;
	void *base = site->base;

	answer_all(site);
	assert_int_equal(site_tear_down(&base), 0);
	pd_ownership_clear(&site->ownership);
	pt_config_free(site->context.config);
	free(site);
	return 0;
}

static void
ask(int fd, const char *login, const char *sender)
{
	char text[300];

	(void)snprintf(text, sizeof(text),
	    "request=smtpd_access_policy\nprotocol_state=RCPT\n"
	    "sasl_username=%s\nsender=%s\n\n",
	    login, sender);
	site_ask(fd, text);
}

/* The answer's word, which may take a thread its time. */
static const char *
answer_of(struct owner_site *site, int fd)
{
	static char word[32];
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	const char *text;
	int i;

	for (i = 0; i < 500; i++) {
		site_turn(site->base);
		answer_all(site);
		if (poll(&poll_fd, 1, 10) > 0)
			break;
	}
	text = site_got(site->base, fd);
	(void)snprintf(word, sizeof(word), "%.20s", text);
	word[strcspn(word, "\n")] = '\0';
	return word;
}

static void
expect(struct owner_site *site, int fd, const char *login, const char *sender,
    const char *answer)
{
	ask(fd, login, sender);
	assert_string_equal(answer_of(site, fd), answer);
}

static void
test_senders_that_no_map_must_know_do_not_wait(void **state)
{
	struct owner_site *site = *state;
	int fd = site_connect(site->base);

	expect(site, fd, "ann", "info@shop.test", "action=direct");
	use_file(site, "info@shop.test ann\n");
	expect(site, fd, "ann", "ann@example.com", "action=direct");
	expect(site, fd, "ann", "Ann+x@Example.com", "action=direct");
	expect(site, fd, "ann", "", "action=direct");
	expect(site, fd, "ann", "no address", "action=direct");
	expect(site, fd, "not a login", "info@shop.test", "action=direct");
	assert_int_equal(site->direct, 6);
	assert_int_equal(close(fd), 0);
}

static void
test_other_senders_are_looked_up(void **state)
{
	struct owner_site *site = *state;
	int fd = site_connect(site->base);

	use_file(site, "info@shop.test ann\n");
	expect(site, fd, "ann", "info@shop.test", "action=yes");
	expect(site, fd, "bob", "info@shop.test", "action=no");
	expect(site, fd, "ann", "other@shop.test", "action=no");
	assert_int_equal(site->direct, 0);
	assert_int_equal(close(fd), 0);
}

static void
test_a_server_that_is_not_there_is_neither_yes_nor_no(void **state)
{
	struct owner_site *site = *state;
	int fd = site_connect(site->base);

	use_maps(site, "\"socketmap:unix:/nowhere/x.sock:senders\"");
	expect(site, fd, "ann", "info@shop.test", "action=unknown");
	assert_int_equal(close(fd), 0);
}

static void
test_more_requests_than_lookups_are_all_answered(void **state)
{
	struct owner_site *site = *state;
	int fds[20];
	int i;

	use_server(site, MAP_SERVER_WHOLE);
	for (i = 0; i < 20; i++) {
		fds[i] = site_connect(site->base);
		ask(fds[i], "ann", i % 2 == 0 ? "known@x.test" : "b@x.test");
	}
	for (i = 0; i < 20; i++) {
		assert_string_equal(answer_of(site, fds[i]),
		    i % 2 == 0 ? "action=yes" : "action=no");
		assert_int_equal(close(fds[i]), 0);
	}
	map_server_stop(&site->server);
}

static void
test_connections_may_close_while_they_wait(void **state)
{
	struct owner_site *site = *state;
	int fds[10];
	int stays;
	int i;

	use_server(site, MAP_SERVER_HANGS);
	for (i = 0; i < 10; i++) {
		fds[i] = site_connect(site->base);
		ask(fds[i], "ann", "known@x.test");
	}
	site_turn(site->base);
	while (site->base->clients.count > 0) {
		struct pd_link *first = pd_list_first(&site->ownership.waiting);
		size_t n;

		for (n = 0; first == NULL && n < PD_OWNERSHIP_LOOKUPS; n++)
			first =
			    pd_list_first(&site->ownership.lookups[n].asker);
		assert_non_null(first);
		pd_connection_close((struct pd_connection *)first);
	}
	/* Those under way end for nobody; with the maps they began with. */
	use_file(site, "info@shop.test ann\n");
	map_server_stop(&site->server);
	stays = site_connect(site->base);
	expect(site, stays, "ann", "info@shop.test", "action=yes");
	assert_int_equal(close(stays), 0);
	for (i = 0; i < 10; i++)
		assert_int_equal(close(fds[i]), 0);
}

static void
test_a_reload_answers_those_that_wait_by_the_new_maps(void **state)
{
	struct owner_site *site = *state;
	int fds[PD_OWNERSHIP_LOOKUPS + 1];
	int i;

	use_server(site, MAP_SERVER_HANGS);
	for (i = 0; i <= PD_OWNERSHIP_LOOKUPS; i++) {
		fds[i] = site_connect(site->base);
		ask(fds[i], "ann", "known@x.test");
		site_turn(site->base);
	}
	use_maps(site, "");
	/* The server is gone: those under way fail. */
	map_server_stop(&site->server);
	for (i = 0; i <= PD_OWNERSHIP_LOOKUPS; i++) {
		assert_string_equal(answer_of(site, fds[i]),
		    i < PD_OWNERSHIP_LOOKUPS ? "action=unknown" : "action=no");
		assert_int_equal(close(fds[i]), 0);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_senders_that_no_map_must_know_do_not_wait),
	    TEST(test_other_senders_are_looked_up),
	    TEST(test_a_server_that_is_not_there_is_neither_yes_nor_no),
	    TEST(test_more_requests_than_lookups_are_all_answered),
	    TEST(test_connections_may_close_while_they_wait),
	    TEST(test_a_reload_answers_those_that_wait_by_the_new_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
