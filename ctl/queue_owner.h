/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Whose is the sender of a message, among many accounts?  The answers are
 * those of the sender rule and the maps (core/rules/sender.h), asked of one
 * account after the other; but a sender is looked up, so that it takes the
 * same time for ten accounts and for ten thousand.
 *
 * Of an account, its login and its list of senders are kept, and no more.
 */
#ifndef PC_QUEUE_OWNER_H
#define PC_QUEUE_OWNER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/config/config.h"
#include "core/maps/maps.h"
#include "core/state/account.h"
#include "ctl/queue_names.h"

struct pc_queue_owner {
	struct pt_login login;
	size_t senders_len;
	char senders[]; /* addresses and "@domain", each with its NUL */
};

/* It begins as zeroes, with a configuration; one without maps has NULL. */
struct pc_queue_owners {
	const struct pt_sender_config *config;
	struct pt_maps *maps;
	struct pc_queue_owner **at; /* owned; as they were added */
	size_t count;
	size_t room;
	struct pc_queue_names logins;
	struct pc_queue_names senders;
};

/* Forgets the accounts; configuration and maps stay, and are the caller's. */
void
pc_queue_owner_clear(struct pc_queue_owners *owners);

/*
 * What is needed of the account is copied.  One whose login is there already
 * stays as it was.
 */
int
pc_queue_owner_add(struct pc_queue_owners *owners,
    const struct pt_account *account, struct pt_err *err);

/* NULL if it is none of these accounts. */
const struct pc_queue_owner *
pc_queue_owner_by_login(
    const struct pc_queue_owners *owners, const struct pt_login *login);

/*
 * The first account, in the order in which they were added, that owns this
 * sender of an envelope; NULL if none does.
 */
const struct pc_queue_owner *
pc_queue_owner_find(const struct pc_queue_owners *owners, const char *sender);

/* Does this account own it? */
bool
pc_queue_owner_has(const struct pc_queue_owners *owners,
    const struct pc_queue_owner *owner, const char *sender);

#endif
