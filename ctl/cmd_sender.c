/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What a login may send as: sender add, remove, list. */

#include <stdio.h>
#include <string.h>

#include "ctl/columns.h"
#include "ctl/handlers.h"
#include "ctl/order.h"

/* "@domain" or an address, folded as the rule compares it. */
static int
fold_address(const char *word, char *buf, size_t cap, struct pt_err *err)
{
	struct pt_login address;
	struct pt_text text;
	char shown[128];

	if (word[0] == '@') {
		buf[0] = '@';
		if (pt_login_domain(
			word + 1, strlen(word + 1), buf + 1, cap - 1, err) == 0)
			return 0;
	} else if (pt_login_parse(word, strlen(word), NULL, &address, err) ==
		   0) {
		return pt_text_copy(buf, cap, address.text);
	}
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, word, strlen(word));
	err->kind = PT_ERR_USAGE;
	return pt_err_prefix(
	    err, "cannot take \"%s\" for an address or a @domain", shown);
}

/* 1: the list was changed, 0: it was so already, -1. */
typedef int
change_fn(struct pt_account *account, const char *address, struct pt_err *err);

static int
add(struct pt_account *account, const char *address, struct pt_err *err)
{
	if (pt_words_has(&account->senders, address))
		return 0;
	if (pt_words_add(&account->senders, address))
		return 1;
	return pt_err_set(err, PT_ERR_USAGE,
	    "cannot add %s: the list of %s is full", address,
	    account->login.text);
}

static int
take_away(struct pt_account *account, const char *address, struct pt_err *err)
{
	(void)err;
	return pt_words_remove(&account->senders, address, strlen(address) + 1);
}

static enum pc_edit_result
edit_list(const struct pc_call *call, struct pt_records *records,
    change_fn *change, struct pt_text *detail, struct pt_err *err)
{
	char address[PT_LOGIN_MAX + 1];
	int changed;
	size_t i;

	for (i = 1; i < call->arg_count; i++) {
		if (fold_address(
			call->args[i], address, sizeof(address), err) != 0)
			return PC_EDIT_FAILED;
		changed = change(records->account, address, err);
		if (changed < 0)
			return PC_EDIT_FAILED;
		if (changed > 0)
			pt_text_addf(detail, "%s%s",
			    detail->len > 0 ? ", " : "", address);
	}
	if (detail->len == 0)
		return PC_EDIT_NOTHING;
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

static enum pc_edit_result
edit_add(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	enum pc_edit_result result = edit_list(call, records, add, detail, err);

	(void)arg;
	if (result == PC_EDIT_NOTHING)
		pt_text_add(detail, "all of them are in the list");
	return result;
}

static enum pc_edit_result
edit_remove(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	enum pc_edit_result result =
	    edit_list(call, records, take_away, detail, err);

	(void)arg;
	if (result == PC_EDIT_NOTHING)
		pt_text_add(detail, "none of them is in the list");
	return result;
}

int
pc_order_sender_add(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	(void)err;
	pc_order_edit(order, "sender add", edit_add);
	return 0;
}

int
pc_order_sender_remove(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	(void)err;
	pc_order_edit(order, "sender remove", edit_remove);
	return 0;
}

static void
add_sender(struct pc_call *call, const char *address, const char *rule)
{
	pc_output_text(call->out, address);
	pc_output_text(call->out, rule);
}

/* "ann+...@example.com" for each character that begins a tag. */
static void
add_tags(struct pc_call *call, const struct pt_login *login)
{
	const char *tag = call->config->sender.subaddress;
	char address[PT_LOGIN_MAX + 8];

	for (; *tag != '\0'; tag++) {
		snprintf(address, sizeof(address), "%.*s%c...%s", login->at,
		    login->text, *tag, login->text + login->at);
		add_sender(call, address, "the login with a tag");
	}
}

static void
add_alias_domains(struct pc_call *call, const struct pt_login *login)
{
	const struct pt_sender_config *sender = &call->config->sender;
	const struct pt_alias_domain *alias;
	char address[PT_LOGIN_MAX * 2];
	size_t i;
	size_t j;

	for (i = 0; i < sender->alias_count; i++) {
		alias = &sender->aliases[i];
		if (strcmp(alias->domain, pt_login_domain_of(login)) != 0)
			continue;
		for (j = 0; j < alias->aliases.count; j++) {
			snprintf(address, sizeof(address), "%.*s@%s", login->at,
			    login->text, alias->aliases.at[j]);
			add_sender(call, address, "alias domain");
		}
	}
}

enum pc_answer
pc_cmd_sender_list(struct pc_call *call, struct pt_err *err)
{
	struct pt_account account;
	struct pt_login login;
	const char *word = NULL;

	if (pc_call_login(call, 0, &login, err) != 0 ||
	    pc_call_read(call, &login, &account, NULL, NULL, err) != 0)
		return PC_FAILED;
	pc_output_begin(call->out, pc_columns_senders, true);
	add_sender(call, login.text, "the login");
	add_tags(call, &login);
	add_alias_domains(call, &login);
	while ((word = pt_words_next(&account.senders, word)) != NULL)
		add_sender(call, word, "the account's list");
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}
