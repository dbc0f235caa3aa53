/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A header block through the From gate.  The first byte of the input chooses
 * the settings.  What is permitted has one From field whose addresses are all
 * owned; reading it again gives the same; maps that cannot be asked permit
 * nothing that they would not have to be asked for.
 */
#include <string.h>

#include "core/base/text.h"
#include "core/rules/from.h"
#include "core/rules/reason.h"
#include "tests/fuzz/fuzz.h"

static struct pt_config config = {
    .sender = {.subaddress = "+"},
};
static struct pt_account account;

static void
set_up(unsigned choice)
{
	struct pt_login login;
	struct pt_err err;

	fuzz_check(pt_login_parse("a@b.cc", 6, NULL, &login, &err) == 0,
	    "the login is one");
	pt_account_init(&account, &login);
	fuzz_check(
	    pt_words_add(&account.senders, "@xn--e1afmkfd.test"), "it fits");
	config.sender.several =
	    (choice & 1) != 0 ? PT_SEVERAL_OWNED : PT_SEVERAL_REJECT;
	config.sender.foreign_sender = (choice & 2) != 0
					   ? PT_FOREIGN_SENDER_REMOVE
					   : PT_FOREIGN_SENDER_REJECT;
	config.sender.display_name =
	    (choice & 4) != 0 ? PT_DISPLAY_NAME_ALLOW : PT_DISPLAY_NAME_REJECT;
}

/* The length of the first field, with its folds and its line end. */
static size_t
field_len(const char *at, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i++) {
		if (at[i] == '\n' && at[i + 1] != ' ' && at[i + 1] != '\t')
			return i + 1;
	}
	return len;
}

static void
read_block(struct pt_from *from, const char *at, size_t len)
{
	const char *colon;
	size_t n;
	size_t value;

	pt_from_init(from);
	for (; len > 0; at += n, len -= n) {
		n = field_len(at, len);
		colon = memchr(at, ':', n);
		if (colon == NULL)
			continue;
		value = n - (size_t)(colon + 1 - at);
		if (value > 0 && colon[value] == '\n')
			value--;
		pt_from_add(from, at, (size_t)(colon - at), colon + 1, value);
	}
}

static void
check_owned(const struct pt_from *from, const struct pt_from_verdict *verdict)
{
	const struct pt_from_address *address;
	unsigned authors = 0;
	unsigned i;

	fuzz_check(from->fields[PT_FROM_FIELD_FROM] == 1, "one From field");
	for (i = 0; i < from->count; i++) {
		address = &from->addresses[i];
		if ((verdict->remove_fields & 1U << address->field) != 0)
			continue;
		if (address->in_name &&
		    config.sender.display_name == PT_DISPLAY_NAME_ALLOW)
			continue;
		fuzz_check(pt_sender_owns(&config.sender, &account,
			       &address->login, PT_OWNED_NO) == PT_OWNED_YES,
		    "every address is owned");
		authors +=
		    address->field == PT_FROM_FIELD_FROM && !address->in_name;
	}
	fuzz_check(authors > 0, "there is an author");
	fuzz_check(authors == 1 || config.sender.several == PT_SEVERAL_OWNED,
	    "one author");
	fuzz_check(verdict->remove_fields == 0 ||
		       config.sender.foreign_sender == PT_FOREIGN_SENDER_REMOVE,
	    "nothing is removed unasked");
}

static void
check_reply(const struct pt_from_verdict *verdict)
{
	char buf[PT_REPLY_MAX];
	struct pt_reply_facts facts = {
	    .field = pt_from_field_name(verdict->field),
	    .address = verdict->address == NULL ? NULL : verdict->address->text,
	    .detail = verdict->detail,
	};
	size_t i;

	pt_reason_smtp_reply(&verdict->verdict, &facts, buf, sizeof(buf));
	fuzz_check(pt_text_is_utf8(buf, strlen(buf)), "the reply is UTF-8");
	for (i = 0; buf[i] != '\0'; i++)
		fuzz_check((unsigned char)buf[i] >= ' ', "it is one line");
}

static bool
is_same(const struct pt_from_verdict *a, const struct pt_from_verdict *b)
{
	return a->verdict.code == b->verdict.code &&
	       a->verdict.reason == b->verdict.reason && a->field == b->field &&
	       a->detail == b->detail && a->remove_fields == b->remove_fields;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static enum pt_owned unknown[PT_FROM_ADDRESSES_MAX];
	static struct pt_from from;
	static struct pt_from again;
	struct pt_from_verdict verdict;
	struct pt_from_verdict other;
	size_t i;

	if (size == 0)
		return 0;
	set_up(data[0]);
	for (i = 0; i < PT_FROM_ADDRESSES_MAX; i++)
		unknown[i] = PT_OWNED_UNKNOWN;
	read_block(&from, (const char *)data + 1, size - 1);
	read_block(&again, (const char *)data + 1, size - 1);
	verdict = pt_from_judge(&from, &config, &account, NULL);
	other = pt_from_judge(&again, &config, &account, NULL);
	fuzz_check(is_same(&verdict, &other), "the same verdict");
	if (verdict.verdict.code == PT_VERDICT_PERMIT)
		check_owned(&from, &verdict);
	check_reply(&verdict);
	other = pt_from_judge(&from, &config, &account, unknown);
	fuzz_check(other.verdict.code != PT_VERDICT_PERMIT ||
		       verdict.verdict.code == PT_VERDICT_PERMIT,
	    "what is not known permits nothing");
	if (pt_from_is_plain(&from, &config, &account.login))
		fuzz_check(other.verdict.code == PT_VERDICT_PERMIT &&
			       other.remove_fields == 0,
		    "plain is permitted without maps");
	return 0;
}
