/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Whose the senders of a long queue are, of very many accounts: the same
 * answers as the rule gives, asked of one account after the other.
 */
#include <stdlib.h>

#include "core/base/attr.h"
#include "core/rules/sender.h"
#include "ctl/queue_entry.h"
#include "ctl/queue_owner.h"
#include "tests/unit/support/testing.h"

#define ACCOUNTS 10000
#define ENTRIES  50000
#define FEW      12
#define ROUNDS   60
#define ASKED    200

static char example_com[] = "example.com";
static char example_net[] = "example.net";
static char list_test[] = "list.test";
static char *net_and_list[] = {example_net, list_test};
static char *net_and_com[] = {example_net, example_com};
static struct pt_alias_domain aliases[] = {
    {example_com, {2, net_and_list}},
    {list_test, {2, net_and_com}},
};

static const struct pt_sender_config config = {
    .subaddress = "+-",
    .alias_count = PT_ARRAY_LEN(aliases),
    .aliases = aliases,
};

static void
add(struct pc_queue_owners *owners, const struct pt_account *account)
{
	struct pt_err err;

	if (pc_queue_owner_add(owners, account, &err) != 0)
		fail_msg("%s", err.text);
}

static const char *
pick(uint64_t *seed, const char *const *words, size_t n)
{
	return words[test_random_below(seed, n)];
}

/* Few names, so that they meet often. */
static void
make_address(uint64_t *seed, char *buf, size_t cap)
{
	static const char *const tags[] = {"", "", "+", "+a", "-a", "-a+b"};
	static const char *const domains[] = {
	    "example.com", "example.net", "list.test", "other.test"};

	(void)snprintf(buf, cap, "u%d%s@%s", (int)test_random_below(seed, 20),
	    pick(seed, tags, PT_ARRAY_LEN(tags)),
	    pick(seed, domains, PT_ARRAY_LEN(domains)));
}

static void
make_account(uint64_t *seed, struct pt_account *out)
{
	uint64_t n = test_random_below(seed, 4);
	struct pt_login login;
	bool at_domain;
	char text[100];

	make_address(seed, text, sizeof(text));
	login = test_login(text);
	pt_account_init(out, &login);
	for (; n > 0; n--) {
		make_address(seed, text, sizeof(text));
		at_domain = test_random_below(seed, 12) == 0;
		assert_true(pt_words_add(
		    &out->senders, at_domain ? strchr(text, '@') : text));
	}
}

/* The first of the accounts that owns it; "" if none does. */
static const char *
ask_the_rule(
    const struct pt_account *accounts, size_t count, const char *sender)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (pt_sender_owns_envelope(&config, &accounts[i], sender,
			strlen(sender), PT_OWNED_NO) == PT_OWNED_YES)
			return accounts[i].login.text;
	}
	return "";
}

/* How many of the senders were found? */
static size_t
ask_one_crowd(uint64_t *seed)
{
	static struct pt_account accounts[FEW];
	struct pc_queue_owners owners = {.config = &config};
	const struct pc_queue_owner *owner;
	char sender[100];
	size_t count = 0;
	size_t found = 0;
	size_t i;

	while (count < FEW) {
		make_account(seed, &accounts[count]);
		if (pc_queue_owner_by_login(&owners, &accounts[count].login) ==
		    NULL)
			add(&owners, &accounts[count++]);
	}
	for (i = 0; i < ASKED; i++) {
		make_address(seed, sender, sizeof(sender));
		owner = pc_queue_owner_find(&owners, sender);
		assert_string_equal(owner == NULL ? "" : owner->login.text,
		    ask_the_rule(accounts, count, sender));
		found += owner != NULL;
		owner = owners.at[i % count];
		assert_int_equal(pc_queue_owner_has(&owners, owner, sender),
		    pt_sender_owns_envelope(&config, &accounts[i % count],
			sender, strlen(sender), PT_OWNED_NO) == PT_OWNED_YES);
	}
	pc_queue_owner_clear(&owners);
	return found;
}

static void
the_answers_are_those_of_the_rule(void **state)
{
	uint64_t seed = 20261122;
	size_t found = 0;
	int i;

	(void)state;
	for (i = 0; i < ROUNDS; i++)
		found += ask_one_crowd(&seed);
	/* Both answers came often. */
	assert_in_range(found, ROUNDS * ASKED / 5, ROUNDS * ASKED * 4 / 5);
}

/* All of them also list one address and one domain. */
static void
add_crowd(struct pc_queue_owners *owners)
{
	static struct pt_account account;
	struct pt_login login;
	char text[100];
	int i;

	for (i = 0; i < ACCOUNTS; i++) {
		(void)snprintf(text, sizeof(text), "user%d@example.com", i);
		login = test_login(text);
		pt_account_init(&account, &login);
		(void)snprintf(text, sizeof(text), "role%d@role.test", i);
		assert_true(pt_words_add(&account.senders, text));
		assert_true(pt_words_add(&account.senders, "all@role.test"));
		assert_true(pt_words_add(&account.senders, "@all.test"));
		add(owners, &account);
	}
}

/* Message i of five kinds, and whose its sender is; "" if nobody's. */
static void
make_message(int i, struct pc_queue_entry *entry, char *whose, size_t cap)
{
	static const struct {
		const char *before; /* the number of the account */
		const char *after;
		bool is_first; /* all own it */
		bool is_strange;
	} kinds[] = {
	    {"user", "@example.com", false, false},
	    {"User", "+tag@Example.NET", false, false},
	    {"role", "@role.test", false, false},
	    {"stranger", "@x.test", false, true},
	    {"any", "@all.test", true, false},
	};
	size_t kind = (size_t)i % PT_ARRAY_LEN(kinds);
	int number = i / (int)PT_ARRAY_LEN(kinds);
	char line[300];

	whose[0] = '\0';
	if (!kinds[kind].is_strange)
		(void)snprintf(whose, cap, "user%d@example.com",
		    kinds[kind].is_first ? 0 : number);
	(void)snprintf(line, sizeof(line),
	    "{\"queue_name\": \"deferred\", \"queue_id\": \"%010X\", "
	    "\"sender\": \"%s%d%s\"}",
	    (unsigned)i, kinds[kind].before, number, kinds[kind].after);
	assert_true(pc_queue_entry_parse(line, strlen(line), entry));
}

static void
tens_of_thousands_of_messages_find_their_accounts(void **state)
{
	struct pc_queue_owners owners = {.config = &config};
	const struct pc_queue_owner *owner;
	struct pc_queue_entry entry;
	char whose[100];
	int i;

	(void)state;
	add_crowd(&owners);
	assert_int_equal(owners.count, ACCOUNTS);
	for (i = 0; i < ENTRIES; i++) {
		make_message(i, &entry, whose, sizeof(whose));
		owner = pc_queue_owner_find(&owners, entry.sender);
		assert_string_equal(
		    owner == NULL ? "" : owner->login.text, whose);
	}
	for (i = 0; i < ACCOUNTS; i++) {
		owner = owners.at[i];
		assert_true(pc_queue_owner_has(&owners, owner, "x@all.test"));
		assert_true(
		    pc_queue_owner_has(&owners, owner, "all@role.test"));
	}
	pc_queue_owner_clear(&owners);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_answers_are_those_of_the_rule),
	    cmocka_unit_test(tens_of_thousands_of_messages_find_their_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
