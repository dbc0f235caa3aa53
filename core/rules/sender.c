/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/sender.h"

#include <string.h>

#include "core/base/login.h"

static bool
is_domain_of_account(const struct pt_sender_config *config,
    const struct pt_login *login, const char *domain)
{
	const struct pt_alias_domain *alias;
	size_t i;
	size_t j;

	if (strcmp(pt_login_domain_of(login), domain) == 0)
		return true;
	for (i = 0; i < config->alias_count; i++) {
		alias = &config->aliases[i];
		if (strcmp(alias->domain, pt_login_domain_of(login)) != 0)
			continue;
		for (j = 0; j < alias->aliases.count; j++) {
			if (strcmp(alias->aliases.at[j], domain) == 0)
				return true;
		}
	}
	return false;
}

/* Is the local part of "address" that of the login, or that with a tag? */
static bool
is_local_of_account(const struct pt_sender_config *config,
    const struct pt_login *login, const struct pt_login *address)
{
	if (address->at < login->at ||
	    memcmp(address->text, login->text, login->at) != 0)
		return false;
	if (address->at == login->at)
		return true;
	/* Each character of "subaddress" may start a tag. */
	return address->text[login->at] != '@' &&
	       strchr(config->subaddress, address->text[login->at]) != NULL;
}

bool
pt_sender_owns_plainly(const struct pt_sender_config *config,
    const struct pt_login *login, const struct pt_login *address)
{
	return is_domain_of_account(
		   config, login, pt_login_domain_of(address)) &&
	       is_local_of_account(config, login, address);
}

enum pt_owned
pt_sender_owns(const struct pt_sender_config *config,
    const struct pt_account *account, const struct pt_login *address,
    enum pt_owned by_maps)
{
	if (pt_sender_owns_plainly(config, &account->login, address) ||
	    pt_words_has(&account->senders, address->text) ||
	    pt_words_has(&account->senders, address->text + address->at))
		return PT_OWNED_YES;
	return by_maps;
}

enum pt_owned
pt_sender_owns_envelope(const struct pt_sender_config *config,
    const struct pt_account *account, const char *sender, size_t len,
    enum pt_owned by_maps)
{
	struct pt_login address;
	struct pt_err err;

	if (len == 0)
		return PT_OWNED_YES;
	/* What Postfix passes on for most mail: the login, letter by letter. */
	if (len == account->login.len &&
	    memcmp(sender, account->login.text, len) == 0)
		return PT_OWNED_YES;
	if (pt_login_parse(sender, len, NULL, &address, &err) != 0)
		return PT_OWNED_NO;
	return pt_sender_owns(config, account, &address, by_maps);
}
