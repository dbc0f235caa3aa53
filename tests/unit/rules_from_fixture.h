/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the tests of the From gate share: an account, and header blocks. */
#ifndef PT_TESTS_RULES_FROM_FIXTURE_H
#define PT_TESTS_RULES_FROM_FIXTURE_H

#include <stdlib.h>

#include "core/base/attr.h"
#include "core/rules/from.h"
#include "core/rules/reason.h"
#include "tests/unit/support/testing.h"

#define OWN  "alice@example.com"
#define FROM "From: " OWN "\n"

static struct pt_account account;
static struct pt_config config;

static char example_com[] = "example.com";
static char xn_example[] = "xn--bcher-kva.example";
static char *alias_names[] = {xn_example};
static struct pt_alias_domain aliases[] = {
    {example_com, {1, alias_names}},
};

static int
set_up(void **state)
{
	struct pt_login login = test_login(OWN);

	(void)state;
	pt_account_init(&account, &login);
	assert_true(pt_words_add(&account.senders, "sales@example.org"));
	memset(&config, 0, sizeof(config));
	config.sender.subaddress[0] = '+';
	config.sender.alias_count = 1;
	config.sender.aliases = aliases;
	return 0;
}

/* Lines of "Name: value"; a line that begins with a blank is a fold. */
static void
read_block(struct pt_from *from, const char *block)
{
	const char *colon;
	const char *end;
	char *value;
	size_t len;

	pt_from_init(from);
	while (*block != '\0') {
		colon = strchr(block, ':');
		end = strchr(block, '\n');
		assert_true(colon != NULL && end != NULL && colon < end);
		while (end[1] == ' ' || end[1] == '\t')
			end = strchr(end + 1, '\n');
		len = (size_t)(end - colon - 1);
		value = malloc(len > 0 ? len : 1);
		assert_non_null(value);
		memcpy(value, colon + 1, len);
		pt_from_add(from, block, (size_t)(colon - block), value, len);
		free(value);
		block = end + 1;
	}
}

static struct pt_from from;

static struct pt_from_verdict
judge(const char *block)
{
	struct pt_from_verdict verdict;

	read_block(&from, block);
	verdict = pt_from_judge(&from, &config, &account, NULL);
	if (pt_from_is_plain(&from, &config, &account.login)) {
		assert_int_equal(verdict.verdict.code, PT_VERDICT_PERMIT);
		assert_int_equal(verdict.remove_fields, 0);
	}
	return verdict;
}

struct row {
	const char *why;
	const char *block;
	enum pt_reason_id reason;
	enum pt_from_field field;
};

static void
check(const struct row *rows, size_t n)
{
	struct pt_from_verdict verdict;
	size_t i;

	for (i = 0; i < n; i++) {
		verdict = judge(rows[i].block);
		if (verdict.verdict.reason != rows[i].reason ||
		    verdict.field != rows[i].field)
			fail_msg("%s: %s: %s of %s (%s)", rows[i].why,
			    rows[i].block,
			    pt_reason_get(verdict.verdict.reason)->name,
			    pt_from_field_name(verdict.field),
			    verdict.detail == NULL ? "" : verdict.detail);
		assert_int_equal(verdict.verdict.code == PT_VERDICT_PERMIT,
		    rows[i].reason == PT_REASON_NONE);
	}
}

#define SENDER        PT_FROM_FIELD_SENDER
#define RESENT_FROM   PT_FROM_FIELD_RESENT_FROM
#define RESENT_SENDER PT_FROM_FIELD_RESENT_SENDER

#endif
