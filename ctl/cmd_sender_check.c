/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* sender check: may a login send as an address, and by which rule. */

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/maps/maps.h"
#include "core/rules/sender.h"
#include "core/state/words.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"

static int
read_address(
    const struct pc_call *call, struct pt_login *out, struct pt_err *err)
{
	const char *word = call->args[1];
	struct pt_text text;
	char shown[128];

	if (pt_login_parse(word, strlen(word), NULL, out, err) == 0)
		return 0;
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, word, strlen(word));
	err->kind = PT_ERR_USAGE;
	return pt_err_prefix(err, "cannot take \"%s\" for an address", shown);
}

/* NULL if it is owned by none of these. */
static const char *
plain_rule(const struct pc_call *call, const struct pt_account *account,
    const struct pt_login *address)
{
	const struct pt_login *login = &account->login;

	if (pt_login_equal(login, address))
		return "the login";
	if (pt_sender_owns_plainly(&call->config->sender, login, address)) {
		if (strcmp(pt_login_domain_of(login),
			pt_login_domain_of(address)) == 0)
			return "the login with a tag";
		return "alias domain";
	}
	if (pt_words_has(&account->senders, address->text) ||
	    pt_words_has(&account->senders, address->text + address->at))
		return "the account's list";
	return NULL;
}

static enum pc_answer
say_yes(struct pc_call *call, const struct pt_login *address, const char *rule,
    struct pt_err *err)
{
	pc_output_begin(call->out, pc_columns_senders, true);
	pc_output_text(call->out, address->text);
	pc_output_text(call->out, rule);
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}

/* Whose it is instead, as far as that is known. */
static enum pc_answer
say_no(const struct pt_login *login, const struct pt_login *address,
    const struct pt_maps_answer *answer, struct pt_err *err)
{
	struct pt_text text;
	unsigned i;

	err->kind = PT_ERR_NONE;
	pt_text_init(&text, err->text, sizeof(err->text));
	pt_text_addf(
	    &text, "%s may not send as %s", login->text, address->text);
	if (answer == NULL) {
		pt_text_addf(&text,
		    "; to allow it: posternctl sender add %s %s", login->text,
		    address->text);
		return PC_NO;
	}
	pt_text_addf(&text, ": the entry %s of %s gives it to", answer->key,
	    answer->map);
	for (i = 0; i < answer->count; i++)
		pt_text_addf(
		    &text, "%s %s", i == 0 ? "" : ",", answer->owners[i].text);
	return PC_NO;
}

static enum pc_answer
ask_maps(struct pc_call *call, struct pt_maps *maps,
    const struct pt_login *login, const struct pt_login *address,
    struct pt_err *err)
{
	struct pt_maps_answer answer;
	char rule[PT_LOGIN_MAX + 1200];

	switch (pt_maps_owners(maps, address, &answer, err)) {
	case PT_OWNED_UNKNOWN:
		return PC_FAILED;
	case PT_OWNED_NO:
		return say_no(login, address, NULL, err);
	case PT_OWNED_YES:
		break;
	}
	/* It may name more logins than are shown here. */
	switch (pt_maps_owns(maps, login, address, err)) {
	case PT_OWNED_UNKNOWN:
		return PC_FAILED;
	case PT_OWNED_NO:
		return say_no(login, address, &answer, err);
	case PT_OWNED_YES:
		break;
	}
	(void)snprintf(
	    rule, sizeof(rule), "the entry %s of %s", answer.key, answer.map);
	return say_yes(call, address, rule, err);
}

enum pc_answer
pc_cmd_sender_check(struct pc_call *call, struct pt_err *err)
{
	struct pt_account account;
	struct pt_login address;
	struct pt_login login;
	struct pt_maps *maps;
	enum pc_answer answer;
	const char *rule;

	if (pc_call_login(call, 0, &login, err) != 0 ||
	    read_address(call, &address, err) != 0 ||
	    pc_call_read(call, &login, &account, NULL, NULL, err) != 0)
		return PC_FAILED;
	rule = plain_rule(call, &account, &address);
	if (rule != NULL)
		return say_yes(call, &address, rule, err);
	if (pt_maps_open(call->config, &maps, err) != 0)
		return PC_FAILED;
	answer = ask_maps(call, maps, &login, &address, err);
	pt_maps_close(maps);
	return answer;
}
