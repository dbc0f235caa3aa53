/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Whose a sender in the queue is, of many accounts. */
#include "ctl/queue_owner.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "core/rules/sender.h"
#include "tests/unit/support/testing.h"

#define SENDERS_MAX 3

struct site {
	char dir[128];
	struct pt_config *config;
	struct pc_queue_owners owners;
};

/* An account: its login and what it lists. */
struct given {
	const char *login;
	const char *senders[SENDERS_MAX];
};

static void
configure(struct site *site, const char *more)
{
	char text[1000];
	struct pt_err err;

	(void)snprintf(text, sizeof(text),
	    "default_domain = \"example.com\"\nplan free { }\n"
	    "sender { alias_domains = { \"example.com = example.net\", "
	    "\"shop.test = shop.example example.net\" } %s }\n",
	    more);
	if (pt_config_parse("t.conf", text, &site->config, &err) != 0 ||
	    pt_maps_open(site->config, &site->owners.maps, &err) != 0)
		fail_msg("%s", err.text);
	site->owners.config = &site->config->sender;
}

/* Another configuration, with this map. */
static void
configure_map(struct site *site, const char *map)
{
	char path[200];
	char more[300];

	(void)snprintf(path, sizeof(path), "%.120s/map", site->dir);
	test_write_file(path, map);
	pt_config_free(site->config);
	(void)snprintf(more, sizeof(more), "maps = { \"file:%s\" }", path);
	configure(site, more);
}

static void
make_account(const struct given *given, struct pt_account *out)
{
	struct pt_login login = test_login(given->login);
	size_t i;

	pt_account_init(out, &login);
	for (i = 0; i < SENDERS_MAX && given->senders[i] != NULL; i++)
		assert_true(pt_words_add(&out->senders, given->senders[i]));
}

static void
add(struct site *site, const struct given *given)
{
	static struct pt_account account;
	struct pt_err err;

	make_account(given, &account);
	if (pc_queue_owner_add(&site->owners, &account, &err) != 0)
		fail_msg("%s", err.text);
}

static void
add_all(struct site *site, const struct given *given, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		add(site, &given[i]);
}

/* "" if nobody's. */
static const char *
owner_of(const struct site *site, const char *sender)
{
	const struct pc_queue_owner *owner =
	    pc_queue_owner_find(&site->owners, sender);

	return owner == NULL ? "" : owner->login.text;
}

static bool
has(const struct site *site, const char *login, const char *sender)
{
	struct pt_login who = test_login(login);
	const struct pc_queue_owner *owner =
	    pc_queue_owner_by_login(&site->owners, &who);

	assert_non_null(owner);
	return pc_queue_owner_has(&site->owners, owner, sender);
}

static int
set_up(void **state)
{
	struct site *site = calloc(1, sizeof(*site));

	assert_non_null(site);
	test_make_dir(site->dir, sizeof(site->dir));
	configure(site, "");
	*state = site;
	return 0;
}

static int
tear_down(void **state)
{
	struct site *site = *state;

	pc_queue_owner_clear(&site->owners);
	pt_maps_close(site->owners.maps);
	pt_config_free(site->config);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

static const struct given some[] = {
    {"ann@example.com", {"sales@list.test", "@ann.test"}},
    {"bob@example.com", {"sales@list.test", "info@list.test", "@bob.test"}},
    {"bob+x@example.com", {"@ann.test", "bob@example.com"}},
    {"cid@shop.test", {NULL}},
    {"B\xc3\x96"
     "B@example.com",
	{NULL}},
};

static void
a_sender_is_found_as_the_rule_says(void **state)
{
	static const struct {
		const char *sender;
		const char *owner;
	} cases[] = {
	    {"ann@example.com", "ann@example.com"},
	    {"ANN@Example.COM", "ann@example.com"},
	    {"ann+shop@example.com", "ann@example.com"},
	    {"ann+a+b@example.com", "ann@example.com"},
	    {"ann+@example.net", "ann@example.com"},
	    {"Ann@example.net", "ann@example.com"},
	    {"cid@shop.example", "cid@shop.test"},
	    {"cid@example.net", "cid@shop.test"},
	    {"cid@example.com", ""},
	    {"annx@example.com", ""},
	    {"an@example.com", ""},
	    {"ann-x@example.com", ""},
	    {"+ann@example.com", ""},
	    {"info@list.test", "bob@example.com"},
	    {"INFO@List.Test", "bob@example.com"},
	    {"info+x@list.test", ""},
	    {"any@bob.test", "bob@example.com"},
	    {"any+thing@Bob.TEST", "bob@example.com"},
	    {"any@sub.bob.test", ""},
	    {"any@xbob.test", ""},
	    /* Several own it: the one that was added first. */
	    {"sales@list.test", "ann@example.com"},
	    {"any@ann.test", "ann@example.com"},
	    {"bob@example.com", "bob@example.com"},
	    {"bob+x@example.com", "bob@example.com"},
	    {"bob+x+y@example.com", "bob@example.com"},
	    /* No Unicode folding. */
	    {"b\xc3\x96"
	     "b@example.com",
		"b\xc3\x96"
		"b@example.com"},
	    {"b\xc3\xb6"
	     "b@example.com",
		""},
	    /* No addresses. */
	    {"", ""},
	    {"ann", ""},
	    {"@ann.test", ""},
	    {"@", ""},
	    {"ann@", ""},
	    {"a@b@ann.test", ""},
	    {"a b@ann.test", ""},
	    {"MAILER-DAEMON", ""},
	};
	struct site *site = *state;
	size_t i;

	add_all(site, some, PT_ARRAY_LEN(some));
	for (i = 0; i < PT_ARRAY_LEN(cases); i++)
		assert_string_equal(
		    owner_of(site, cases[i].sender), cases[i].owner);
}

static void
each_of_several_has_what_they_share(void **state)
{
	static const struct {
		const char *login;
		const char *sender;
		bool has;
	} cases[] = {
	    {"ann@example.com", "sales@list.test", true},
	    {"bob@example.com", "Sales@List.test", true},
	    {"bob+x@example.com", "sales@list.test", false},
	    {"ann@example.com", "any@ann.test", true},
	    {"bob+x@example.com", "any@ann.test", true},
	    {"bob@example.com", "any@ann.test", false},
	    {"bob@example.com", "bob+x@example.com", true},
	    {"bob+x@example.com", "bob+x@example.com", true},
	    {"bob+x@example.com", "bob+x+y@example.net", true},
	    {"bob+x@example.com", "bob@example.com", true},
	    {"bob+x@example.com", "bob@example.net", false},
	    {"ann@example.com", "bob@example.com", false},
	    {"ann@example.com", "MAILER-DAEMON", false},
	    {"cid@shop.test", "cid+x@shop.example", true},
	};
	struct site *site = *state;
	size_t i;

	add_all(site, some, PT_ARRAY_LEN(some));
	for (i = 0; i < PT_ARRAY_LEN(cases); i++)
		assert_int_equal(
		    has(site, cases[i].login, cases[i].sender), cases[i].has);
}

static void
the_order_of_adding_decides(void **state)
{
	struct site *site = *state;
	size_t i;

	for (i = PT_ARRAY_LEN(some); i > 0; i--)
		add(site, &some[i - 1]);
	assert_string_equal(
	    owner_of(site, "bob+x@example.com"), "bob+x@example.com");
	assert_string_equal(
	    owner_of(site, "bob@example.com"), "bob+x@example.com");
	assert_string_equal(
	    owner_of(site, "sales@list.test"), "bob@example.com");
	assert_string_equal(
	    owner_of(site, "any@ann.test"), "bob+x@example.com");
}

static void
an_account_that_is_there_stays_as_it_was(void **state)
{
	static const struct given later = {"ann@example.com", {"@new.test"}};
	struct site *site = *state;

	add_all(site, some, PT_ARRAY_LEN(some));
	add(site, &later);
	assert_int_equal(site->owners.count, PT_ARRAY_LEN(some));
	assert_string_equal(owner_of(site, "any@new.test"), "");
	assert_string_equal(owner_of(site, "any@ann.test"), "ann@example.com");
}

static void
what_was_cleared_is_forgotten(void **state)
{
	struct pt_login ann = test_login("ann@example.com");
	struct site *site = *state;

	assert_string_equal(owner_of(site, "ann@example.com"), "");
	add_all(site, some, PT_ARRAY_LEN(some));
	pc_queue_owner_clear(&site->owners);
	assert_string_equal(owner_of(site, "ann@example.com"), "");
	assert_string_equal(owner_of(site, "any@ann.test"), "");
	assert_null(pc_queue_owner_by_login(&site->owners, &ann));
	add(site, &some[1]);
	assert_string_equal(
	    owner_of(site, "sales@list.test"), "bob@example.com");
}

static void
maps_name_owners_too(void **state)
{
	static const struct {
		const char *sender;
		const char *owner;
	} cases[] = {
	    {"role@map.test", "bob@example.com"},
	    {"ROLE@Map.test", "bob@example.com"},
	    {"role+x@map.test", "bob@example.com"},
	    {"other@map.test", "cid@shop.test"},
	    {"both@map.test", "ann@example.com"},
	    {"zoe@map.test", ""},
	    /* Whoever was added first, however it owns it. */
	    {"info@list.test", "ann@example.com"},
	    {"sales@list.test", "ann@example.com"},
	};
	struct site *site = *state;
	size_t i;

	configure_map(site, "role@map.test bob\n"
			    "both@map.test cid@shop.test, Bob@Example.com ann\n"
			    "zoe@map.test zoe\n"
			    "info@list.test ann\n"
			    "sales@list.test bob\n"
			    "@map.test zoe, cid@shop.test\n");
	add_all(site, some, PT_ARRAY_LEN(some));
	for (i = 0; i < PT_ARRAY_LEN(cases); i++)
		assert_string_equal(
		    owner_of(site, cases[i].sender), cases[i].owner);
	assert_true(has(site, "cid@shop.test", "both@map.test"));
	assert_false(has(site, "bob+x@example.com", "both@map.test"));
}

static void
the_last_of_very_many_owners_of_a_map_is_found(void **state)
{
	static const struct given last = {"u199@example.com", {NULL}};
	char map[4000] = "role@map.test";
	struct site *site = *state;
	size_t len = strlen(map);
	int i;

	for (i = 0; i < 200; i++)
		len +=
		    (size_t)snprintf(map + len, sizeof(map) - len, " u%d", i);
	(void)snprintf(map + len, sizeof(map) - len, "\n");
	configure_map(site, map);
	add_all(site, some, PT_ARRAY_LEN(some));
	assert_string_equal(owner_of(site, "role@map.test"), "");
	add(site, &last);
	assert_string_equal(
	    owner_of(site, "role@map.test"), "u199@example.com");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_sender_is_found_as_the_rule_says, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		each_of_several_has_what_they_share, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		the_order_of_adding_decides, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		an_account_that_is_there_stays_as_it_was, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		what_was_cleared_is_forgotten, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		maps_name_owners_too, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		the_last_of_very_many_owners_of_a_map_is_found, set_up,
		tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
