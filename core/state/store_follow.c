/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Following the history: what was written since one looked last.  Entries lie
 * by login, so that one account's are together; each key ends with a number
 * that no other entry has, and that tells which is newer.
 */
#include <string.h>

#include "core/state/store_private.h"

struct follow {
	const struct pt_login *login; /* NULL: all */
	uint64_t after;
	uint64_t until;
	uint64_t last;
	pt_follow_fn *fn;
	void *arg;
	struct pt_history entry;
};

static bool
is_of(const MDB_val *key, const struct pt_login *login)
{
	return key->mv_size == (size_t)login->len + 1 + STORE_KEY_LEN &&
	       memcmp(key->mv_data, login->text, (size_t)login->len + 1) == 0;
}

static bool
follow_item(const MDB_val *key, const MDB_val *data, void *arg)
{
	struct follow *follow = arg;
	struct pt_err err;
	uint64_t number;

	if (follow->login != NULL && !is_of(key, follow->login))
		return false;
	/* Counters and the like. */
	if (key->mv_size <= STORE_KEY_LEN ||
	    ((const char *)key->mv_data)[key->mv_size - STORE_KEY_LEN - 1] !=
		'\0')
		return true;
	number = pt_store_key_number(
	    (const unsigned char *)key->mv_data + key->mv_size - STORE_KEY_LEN);
	if (number > follow->last)
		follow->last = number;
	if (number <= follow->after || number > follow->until ||
	    pt_history_decode(
		data->mv_data, data->mv_size, &follow->entry, &err) != 0)
		return true;
	return follow->fn(number, &follow->entry, follow->arg);
}

int
pt_store_follow_history(struct pt_store *store, const struct pt_login *login,
    uint64_t after, uint64_t until, pt_follow_fn *fn, void *arg,
    uint64_t *last_out, struct pt_err *err)
{
	unsigned char bytes[STORE_HISTORY_KEY_MAX];
	MDB_val from = {0, bytes};
	struct follow follow = {
	    .login = login,
	    .after = after,
	    .until = until,
	    .fn = fn,
	    .arg = arg,
	};

	if (login != NULL)
		from.mv_size = pt_store_history_key(login, 0, bytes);
	if (pt_store_each_item(store, &store->accounts, STORE_OTHER,
		login == NULL ? NULL : &from, follow_item, &follow, err) != 0)
		return -1;
	*last_out = follow.last;
	return 0;
}
