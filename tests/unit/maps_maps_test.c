/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* All maps together: the order of lookups, and who owns an address. */
#include "core/maps/maps.h"

#include "core/base/attr.h"
#include "tests/unit/support/map_server.h"

struct site {
	char dir[128];
	struct map_server server;
	struct pt_config *config;
	struct pt_maps *maps;
};

static const char first[] = "info@x.test ann\n"
			    "sales@x.test ann, Bob@Example.com\n"
			    "team+a@x.test ann\n"
			    "owner-list@x.test ann\n"
			    "foreign@x.test zoe@other.test\n"
			    "@shop.test ann\n";
static const char second[] = "info@x.test bob\n"
			     "team@x.test bob\n"
			     "special@shop.test bob\n"
			     "list@x.test bob\n"
			     "@x.test cid\n";

static void
write_map(struct site *site, const char *name, const char *text)
{
	char path[200];

	(void)snprintf(path, sizeof(path), "%.128s/%s", site->dir, name);
	test_write_file(path, text);
}

/* "maps" as in postern.conf; each %s is the directory. */
static void
configure(struct site *site, const char *format, const char *more)
{
	char maps[600];
	char text[1000];
	struct pt_err err;

	(void)snprintf(maps, sizeof(maps), "%s", format);
	(void)snprintf(text, sizeof(text),
	    "default_domain = \"example.com\"\nplan free { }\n"
	    "sender { maps = { %s } %s }\n",
	    maps, more);
	if (pt_config_parse("t.conf", text, &site->config, &err) != 0)
		fail_msg("%s", err.text);
}

static void
open_maps(struct site *site, const char *maps, const char *more)
{
	struct pt_err err;

	configure(site, maps, more);
	if (pt_maps_open(site->config, &site->maps, &err) != 0)
		fail_msg("%s", err.text);
	/* The maps do not need it any more. */
	pt_config_free(site->config);
	site->config = NULL;
}

static void
open_both(struct site *site, const char *more)
{
	char maps[400];

	write_map(site, "first", first);
	write_map(site, "second", second);
	(void)snprintf(maps, sizeof(maps),
	    "\"file:%.120s/first\", \"file:%.120s/second\"", site->dir,
	    site->dir);
	open_maps(site, maps, more);
}

static int
set_up(void **state)
{
	struct site *site = calloc(1, sizeof(*site));

	assert_non_null(site);
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(site->server.path, sizeof(site->server.path),
	    "%.90s/map.sock", site->dir);
	*state = site;
	return 0;
}

static int
tear_down(void **state)
{
	struct site *site = *state;

	pt_maps_close(site->maps);
	pt_config_free(site->config);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

static enum pt_owned
owns(struct site *site, const char *login, const char *address)
{
	struct pt_login who = test_login(login);
	struct pt_login what = test_login(address);
	struct pt_err err;

	return pt_maps_owns(site->maps, &who, &what, &err);
}

static void
test_the_first_answer_in_postfixs_order_counts(void **state)
{
	static const struct {
		const char *why;
		const char *address;
		const char *owner;
		const char *other;
	} rows[] = {
	    {"of two maps the first", "info@x.test", "ann@example.com",
		"bob@example.com"},
	    {"several logins, one of them", "sales@x.test", "ann@example.com",
		"cid@example.com"},
	    {"several logins, another", "sales@x.test", "bob@example.com",
		"cid@example.com"},
	    {"the address with its tag", "team+a@x.test", "ann@example.com",
		"bob@example.com"},
	    {"the address without its tag", "team+b@x.test", "bob@example.com",
		"cid@example.com"},
	    {"a whole address of a later map before a domain of an earlier",
		"special@shop.test", "bob@example.com", "ann@example.com"},
	    {"the domain last", "any@shop.test", "ann@example.com",
		"bob@example.com"},
	    {"the domain of a later map", "any@x.test", "cid@example.com",
		"ann@example.com"},
	    {"no address is a tag alone", "+a@x.test", "cid@example.com",
		"ann@example.com"},
	    {"a login of another domain", "foreign@x.test", "zoe@other.test",
		"zoe@example.com"},
	};
	struct site *site = *state;
	size_t i;

	open_both(site, "");
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		if (owns(site, rows[i].owner, rows[i].address) != PT_OWNED_YES)
			fail_msg("%s: not owned", rows[i].why);
		if (owns(site, rows[i].other, rows[i].address) != PT_OWNED_NO)
			fail_msg("%s: owned by another", rows[i].why);
	}
	assert_int_equal(
	    owns(site, "ann@example.com", "any@sub.x.test"), PT_OWNED_NO);
}

static void
test_tags_are_those_of_the_configuration(void **state)
{
	struct site *site = *state;

	open_both(site, "subaddress = \"-\"");
	assert_int_equal(
	    owns(site, "bob@example.com", "team-x@x.test"), PT_OWNED_YES);
	assert_int_equal(
	    owns(site, "cid@example.com", "team+b@x.test"), PT_OWNED_YES);
	/* As Postfix, which takes neither for a tag. */
	assert_int_equal(
	    owns(site, "cid@example.com", "list-request@x.test"), PT_OWNED_YES);
	assert_int_equal(
	    owns(site, "ann@example.com", "owner-list@x.test"), PT_OWNED_YES);
}

static void
test_it_says_who_owns_an_address_and_why(void **state)
{
	struct site *site = *state;
	struct pt_login address = test_login("sales+x@x.test");
	struct pt_maps_answer answer;
	struct pt_err err;

	open_both(site, "");
	assert_int_equal(
	    pt_maps_owners(site->maps, &address, &answer, &err), PT_OWNED_YES);
	assert_string_equal(answer.key, "sales@x.test");
	assert_non_null(strstr(answer.map, "/first"));
	assert_int_equal(answer.count, 2);
	assert_string_equal(answer.owners[1].text, "bob@example.com");
	address = test_login("a@nowhere.test");
	assert_int_equal(
	    pt_maps_owners(site->maps, &address, &answer, &err), PT_OWNED_NO);
}

static void
test_a_server_is_asked_for_whole_addresses_only(void **state)
{
	struct site *site = *state;
	char maps[500];

	write_map(site, "first", "@x.test cid\n");
	(void)snprintf(maps, sizeof(maps),
	    "\"socketmap:unix:%s:senders\", \"file:%.120s/first\"",
	    site->server.path, site->dir);
	map_server_start(&site->server);
	open_maps(site, maps, "");
	assert_int_equal(
	    owns(site, "ann@example.com", "known@x.test"), PT_OWNED_YES);
	assert_int_equal(
	    owns(site, "cid@example.com", "known@x.test"), PT_OWNED_NO);
	assert_int_equal(
	    owns(site, "cid@example.com", "known+a@x.test"), PT_OWNED_YES);
	assert_int_equal(
	    owns(site, "ann@example.com", "known+a@x.test"), PT_OWNED_NO);
	assert_int_equal(atomic_load(&site->server.asked), 2);
	map_server_stop(&site->server);
}

static void
test_a_map_that_fails_is_never_a_yes_nor_a_no(void **state)
{
	struct site *site = *state;
	struct pt_login login = test_login("cid@example.com");
	struct pt_login address = test_login("any@x.test");
	struct pt_err err;
	char maps[600];

	write_map(site, "first", "before@x.test ann\n");
	write_map(site, "second", "@x.test cid\nany@x.test cid\n");
	(void)snprintf(maps, sizeof(maps),
	    "\"file:%.120s/first\", \"socketmap:unix:%s:senders\", "
	    "\"file:%.120s/second\"",
	    site->dir, site->server.path, site->dir);
	open_maps(site, maps, "");
	assert_int_equal(
	    pt_maps_owns(site->maps, &login, &address, &err), PT_OWNED_UNKNOWN);
	assert_non_null(strstr(err.text, "cannot look up an address in "
					 "socketmap:unix:"));
	assert_int_equal(
	    owns(site, "ann@example.com", "before@x.test"), PT_OWNED_YES);
	assert_int_equal(
	    owns(site, "cid@example.com", "before@x.test"), PT_OWNED_NO);
}

static void
test_what_is_wrong_with_a_file_is_said_when_it_is_opened(void **state)
{
	struct site *site = *state;
	char maps[300];
	struct pt_err err;

	(void)snprintf(maps, sizeof(maps), "\"file:%.120s/first\"", site->dir);
	configure(site, maps, "");
	assert_int_equal(pt_maps_open(site->config, &site->maps, &err), -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	write_map(site, "first", "a@x.test ann\n\nb@x.test\n");
	assert_int_equal(pt_maps_open(site->config, &site->maps, &err), -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	assert_non_null(strstr(err.text, "/first:3: there is no login"));
	pt_config_free(site->config);
	(void)snprintf(maps, sizeof(maps), "\"lmdb:%.120s/a\"", site->dir);
	configure(site, maps, "");
	assert_int_equal(pt_maps_open(site->config, &site->maps, &err), -1);
	assert_non_null(strstr(err.text, "/a.lmdb"));
	pt_config_free(site->config);
	(void)snprintf(maps, sizeof(maps), "\"lmdb:%.120s/a.lmdb\"", site->dir);
	configure(site, maps, "");
	assert_int_equal(pt_maps_open(site->config, &site->maps, &err), -1);
	assert_null(strstr(err.text, "/a.lmdb.lmdb"));
}

static void
test_without_maps_nobody_owns_anything(void **state)
{
	struct site *site = *state;
	struct pt_login address = test_login("a@x.test");
	struct pt_maps_answer answer;
	struct pt_err err;

	open_maps(site, "", "");
	assert_null(site->maps);
	assert_false(pt_maps_complaint(NULL, &err));
	assert_int_equal(
	    owns(site, "ann@example.com", "a@x.test"), PT_OWNED_NO);
	assert_int_equal(
	    pt_maps_owners(NULL, &address, &answer, &err), PT_OWNED_NO);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_the_first_answer_in_postfixs_order_counts),
	    TEST(test_tags_are_those_of_the_configuration),
	    TEST(test_it_says_who_owns_an_address_and_why),
	    TEST(test_a_server_is_asked_for_whole_addresses_only),
	    TEST(test_a_map_that_fails_is_never_a_yes_nor_a_no),
	    TEST(test_what_is_wrong_with_a_file_is_said_when_it_is_opened),
	    TEST(test_without_maps_nobody_owns_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
