/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/password.h"

#include <string.h>

#include "core/base/text.h"

static bool
lives(const struct pt_password *password)
{
	return password->ending == PT_ENDING_NONE;
}

static void
drop(struct pt_account *account, unsigned i)
{
	account->password_count--;
	memmove(&account->passwords[i], &account->passwords[i + 1],
	    (account->password_count - i) * sizeof(account->passwords[0]));
}

/* The tombstone that ended first; of those of one second the oldest. */
static unsigned
oldest_tombstone(const struct pt_account *account)
{
	unsigned oldest = account->password_count;
	unsigned i;

	for (i = 0; i < account->password_count; i++) {
		if (lives(&account->passwords[i]))
			continue;
		if (oldest == account->password_count ||
		    account->passwords[i].ended_at <
			account->passwords[oldest].ended_at)
			oldest = i;
	}
	return oldest;
}

bool
pt_password_forget(struct pt_account *account, int64_t now)
{
	unsigned before = account->password_count;
	unsigned tombstones;
	unsigned oldest;

	tombstones = before - pt_password_count_living(account);
	while (tombstones > 0) {
		oldest = oldest_tombstone(account);
		if (tombstones <= PT_TOMBSTONES_MAX &&
		    now - account->passwords[oldest].ended_at <
			PT_TOMBSTONE_SECONDS)
			break;
		drop(account, oldest);
		tombstones--;
	}
	return account->password_count != before;
}

unsigned
pt_password_count_living(const struct pt_account *account)
{
	unsigned count = 0;
	unsigned i;

	for (i = 0; i < account->password_count; i++) {
		if (lives(&account->passwords[i]))
			count++;
	}
	return count;
}

const struct pt_password *
pt_password_by_id(const struct pt_account *account, uint32_t id)
{
	unsigned i;

	for (i = 0; i < account->password_count; i++) {
		if (account->passwords[i].id == id)
			return &account->passwords[i];
	}
	return NULL;
}

struct pt_password *
pt_password_living(struct pt_account *account, uint32_t id)
{
	unsigned i;

	for (i = 0; i < account->password_count; i++) {
		if (account->passwords[i].id == id &&
		    lives(&account->passwords[i]))
			return &account->passwords[i];
	}
	return NULL;
}

void
pt_password_end(struct pt_password *password, enum pt_ending ending,
    enum pt_block_reason block, int64_t now)
{
	password->ending = ending;
	password->ending_block =
	    ending == PT_ENDING_BLOCKED ? block : PT_BLOCK_NONE;
	password->ended_at = now;
}

unsigned
pt_password_end_all(struct pt_account *account, enum pt_ending ending,
    enum pt_block_reason block, int64_t now)
{
	unsigned ended = 0;
	unsigned i;

	for (i = 0; i < account->password_count; i++) {
		if (!lives(&account->passwords[i]))
			continue;
		pt_password_end(&account->passwords[i], ending, block, now);
		ended++;
	}
	(void)pt_password_forget(account, now);
	return ended;
}

/* Printable in every list and log: controls of both sets are refused. */
static bool
is_label(const char *label)
{
	const unsigned char *at = (const unsigned char *)label;
	size_t len = strlen(label);
	size_t i;

	if (len > PT_PASSWORD_LABEL_MAX || !pt_text_is_utf8(label, len))
		return false;
	for (i = 0; i < len; i++) {
		if (at[i] < ' ' || at[i] == 0x7f ||
		    (at[i] == 0xc2 && at[i + 1] < 0xa0))
			return false;
	}
	return true;
}

static int
check_wish(const struct pt_account *account,
    const struct pt_password_wish *wish, int64_t now, struct pt_err *err)
{
	const char *login = account->login.text;

	if (pt_password_count_living(account) >= PT_PASSWORDS_MAX ||
	    account->last_password_id == UINT32_MAX)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot add an app password to %s: it has %d already, "
		    "which is the most; posternctl password revoke %s ID ends "
		    "one",
		    login, PT_PASSWORDS_MAX, login);
	if (!is_label(wish->label))
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot take the label: it must be UTF-8 without control "
		    "characters, at most %d bytes",
		    PT_PASSWORD_LABEL_MAX);
	if (wish->network_count > PT_PASSWORD_NETWORKS_MAX)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot take %u networks for an app password: %d is the "
		    "most",
		    wish->network_count, PT_PASSWORD_NETWORKS_MAX);
	if ((wish->protocols & ~account->protocols) != 0 ||
	    account->protocols == 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot add an app password to %s: it is wanted for a "
		    "protocol that is not switched on there",
		    login);
	if (wish->expires_at != 0 && wish->expires_at <= now)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot add an app password to %s: it would have expired "
		    "already",
		    login);
	return 0;
}

int
pt_password_add(struct pt_account *account, const struct pt_password_wish *wish,
    const char *secret, int64_t now, uint32_t *id_out, struct pt_err *err)
{
	struct pt_password *password;

	if (check_wish(account, wish, now, err) != 0)
		return -1;
	/* Ours are; a weak one of somebody else's making is not taken. */
	if (!pt_password_is_secret(secret, strlen(secret)))
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot add an app password to %s: the secret is not %d "
		    "letters",
		    account->login.text, PT_SECRET_LETTERS);
	(void)pt_password_forget(account, now);
	password = &account->passwords[account->password_count++];
	memset(password, 0, sizeof(*password));
	password->id = ++account->last_password_id;
	password->protocols =
	    wish->protocols != 0 ? wish->protocols : account->protocols;
	password->created_at = now;
	password->expires_at = wish->expires_at;
	password->network_count = wish->network_count;
	if (wish->network_count > 0)
		memcpy(password->networks, wish->networks,
		    wish->network_count * sizeof(wish->networks[0]));
	(void)pt_text_copy(
	    password->label, sizeof(password->label), wish->label);
	pt_password_hash(account->salt, secret, strlen(secret), password->hash);
	*id_out = password->id;
	return 0;
}
