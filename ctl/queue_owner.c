/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/queue_owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rules/sender.h"

void
pc_queue_owner_clear(struct pc_queue_owners *owners)
{
	size_t i;

	for (i = 0; i < owners->count; i++)
		free(owners->at[i]);
	free(owners->at);
	owners->at = NULL;
	owners->count = 0;
	owners->room = 0;
	pc_queue_names_clear(&owners->logins);
	pc_queue_names_clear(&owners->senders);
}

static int
refuse_memory(struct pt_err *err)
{
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot look into the queue: out of memory");
}

static int
make_room(struct pc_queue_owners *owners, struct pt_err *err)
{
	size_t room = owners->room == 0 ? 16 : owners->room * 2;
	struct pc_queue_owner **at;

	if (owners->count < owners->room)
		return 0;
	at = realloc(owners->at, room * sizeof(struct pc_queue_owner *));
	if (at == NULL)
		return refuse_memory(err);
	owners->at = at;
	owners->room = room;
	return 0;
}

/* NULL gives the first sender that it lists; after the last comes NULL. */
static const char *
next_sender(const struct pc_queue_owner *owner, const char *sender)
{
	if (sender == NULL)
		sender = owner->senders;
	else
		sender += strlen(sender) + 1;
	return sender < owner->senders + owner->senders_len ? sender : NULL;
}

int
pc_queue_owner_add(struct pc_queue_owners *owners,
    const struct pt_account *account, struct pt_err *err)
{
	size_t len = account->senders.len;
	size_t place = owners->count;
	struct pc_queue_owner *owner;
	const char *sender = NULL;

	if (pc_queue_owner_by_login(owners, &account->login) != NULL)
		return 0;
	if (make_room(owners, err) != 0)
		return -1;
	owner = malloc(sizeof(*owner) + len);
	if (owner == NULL)
		return refuse_memory(err);
	owner->login = account->login;
	owner->senders_len = len;
	memcpy(owner->senders, account->senders.bytes, len);
	owners->at[owners->count++] = owner;
	if (pc_queue_names_add(
		&owners->logins, owner->login.text, place, err) != 0)
		return -1;
	while ((sender = next_sender(owner, sender)) != NULL) {
		if (pc_queue_names_add(&owners->senders, sender, place, err) !=
		    0)
			return -1;
	}
	return 0;
}

const struct pc_queue_owner *
pc_queue_owner_by_login(
    const struct pc_queue_owners *owners, const struct pt_login *login)
{
	size_t place;

	return pc_queue_names_find(&owners->logins, login->text, &place)
		   ? owners->at[place]
		   : NULL;
}

/* *first is the lowest place of an owner that was found so far. */
static void
find_name(const struct pc_queue_names *names, const char *text, size_t *first)
{
	size_t place;

	if (pc_queue_names_find(names, text, &place) && place < *first)
		*first = place;
}

/* Logins of that domain: the address's local part, and it without its tag. */
static void
find_at_domain(const struct pc_queue_owners *owners,
    const struct pt_login *address, const char *domain, size_t *first)
{
	char text[PT_LOGIN_MAX + 1];
	size_t place;
	size_t len;
	int n;

	for (len = 1; len <= address->at; len++) {
		if (len < address->at && strchr(owners->config->subaddress,
					     address->text[len]) == NULL)
			continue;
		n = snprintf(text, sizeof(text), "%.*s@%s", (int)len,
		    address->text, domain);
		/* The rule has the last word about what was found. */
		if (n > 0 && (size_t)n < sizeof(text) &&
		    pc_queue_names_find(&owners->logins, text, &place) &&
		    place < *first &&
		    pt_sender_owns_plainly(
			owners->config, &owners->at[place]->login, address))
			*first = place;
	}
}

static void
find_plainly(const struct pc_queue_owners *owners,
    const struct pt_login *address, size_t *first)
{
	const char *domain = pt_login_domain_of(address);
	const struct pt_alias_domain *alias;
	size_t i;
	size_t j;

	find_at_domain(owners, address, domain, first);
	for (i = 0; i < owners->config->alias_count; i++) {
		alias = &owners->config->aliases[i];
		for (j = 0; j < alias->aliases.count; j++) {
			if (strcmp(alias->aliases.at[j], domain) == 0)
				find_at_domain(
				    owners, address, alias->domain, first);
		}
	}
}

static void
find_by_maps(const struct pc_queue_owners *owners,
    const struct pt_login *address, size_t *first)
{
	struct pt_maps_answer answer;
	struct pt_err unused;
	size_t i;

	if (owners->maps == NULL || *first == 0 ||
	    pt_maps_owners(owners->maps, address, &answer, &unused) !=
		PT_OWNED_YES)
		return;
	for (i = 0; i < answer.count; i++)
		find_name(&owners->logins, answer.owners[i].text, first);
	if (answer.count < PT_MAPS_LOGIN_MAX)
		return;
	/* It can name more than it shows, which is rare: all are asked for. */
	for (i = 0; i < *first; i++) {
		if (pt_maps_owns(owners->maps, &owners->at[i]->login, address,
			&unused) == PT_OWNED_YES)
			*first = i;
	}
}

const struct pc_queue_owner *
pc_queue_owner_find(const struct pc_queue_owners *owners, const char *sender)
{
	size_t first = owners->count;
	struct pt_login address;
	struct pt_err unused;

	/* Letter by letter, as the rule does; then as an address. */
	find_name(&owners->logins, sender, &first);
	if (pt_login_parse(sender, strlen(sender), NULL, &address, &unused) ==
	    0) {
		find_plainly(owners, &address, &first);
		find_name(&owners->senders, address.text, &first);
		find_name(&owners->senders, address.text + address.at, &first);
		find_by_maps(owners, &address, &first);
	}
	return first < owners->count ? owners->at[first] : NULL;
}

static bool
lists(const struct pc_queue_owner *owner, const char *wanted)
{
	const char *sender = NULL;

	while ((sender = next_sender(owner, sender)) != NULL) {
		if (strcmp(sender, wanted) == 0)
			return true;
	}
	return false;
}

bool
pc_queue_owner_has(const struct pc_queue_owners *owners,
    const struct pc_queue_owner *owner, const char *sender)
{
	struct pt_login address;
	struct pt_err unused;

	if (strcmp(owner->login.text, sender) == 0)
		return true;
	if (pt_login_parse(sender, strlen(sender), NULL, &address, &unused) !=
	    0)
		return false;
	return pt_sender_owns_plainly(
		   owners->config, &owner->login, &address) ||
	       lists(owner, address.text) ||
	       lists(owner, address.text + address.at) ||
	       pt_maps_owns(owners->maps, &owner->login, &address, &unused) ==
		   PT_OWNED_YES;
}
