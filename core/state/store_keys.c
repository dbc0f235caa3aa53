/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Keys.
 *
 * The records of activity/ are kept under a hash of their login, so that a
 * million accounts make flat trees of short keys.  The hash is keyed with a
 * secret of the state (SipHash), so that nobody can choose logins that
 * collide.  Two logins that do collide (once in thirty million states of a
 * million accounts) stand at neighbouring keys; a record carries its login.
 */
#include <sodium.h>
#include <string.h>

#include "core/state/store_private.h"

#define PROBES_MAX 16

uint64_t
pt_store_key(const struct pt_store *store, const struct pt_login *login)
{
	unsigned char hash[crypto_shorthash_BYTES];
	uint64_t key = 0;
	size_t i;

	(void)crypto_shorthash(hash, (const unsigned char *)login->text,
	    login->len, store->hash_key);
	for (i = 0; i < sizeof(hash); i++)
		key = key << 8 | hash[i];
	return key & store->key_mask;
}

void
pt_store_key_bytes(uint64_t key, unsigned char *out)
{
	size_t i;

	for (i = 0; i < STORE_KEY_LEN; i++)
		out[i] = (unsigned char)(key >> (56 - 8 * i));
}

uint64_t
pt_store_key_number(const unsigned char *bytes)
{
	uint64_t key = 0;

	for (size_t i = 0; i < STORE_KEY_LEN; i++)
		key = key << 8 | bytes[i];
	return key;
}

void
pt_store_activity_key(uint64_t key, unsigned char *out)
{
	if (pt_store_activity_flags() != 0)
		memcpy(out, &key, sizeof(key));
	else
		pt_store_key_bytes(key, out);
}

unsigned
pt_store_activity_flags(void)
{
	return sizeof(size_t) == sizeof(uint64_t) ? MDB_INTEGERKEY : 0;
}

int
pt_store_find(MDB_cursor *cursor, const struct store_kind *kind,
    const struct pt_login *login, uint64_t *key, void *out, int *rc,
    struct pt_err *err)
{
	const struct pt_login *found = out;
	unsigned char bytes[STORE_KEY_LEN];
	MDB_val k = {sizeof(bytes), bytes};
	MDB_val data;
	int probes;

	for (probes = 0; probes < PROBES_MAX; probes++, (*key)++) {
		pt_store_activity_key(*key, bytes);
		*rc = mdb_cursor_get(cursor, &k, &data, MDB_SET);
		if (*rc == MDB_NOTFOUND) {
			*rc = 0;
			return 0;
		}
		if (*rc != 0)
			return -1;
		if (kind->decode(data.mv_data, data.mv_size, out, err) != 0)
			return -1;
		if (pt_login_equal(found, login))
			return 1;
	}
	return pt_err_set(
	    err, PT_ERR_INTERNAL, "too many logins share one key");
}

size_t
pt_store_history_key(
    const struct pt_login *login, uint64_t sequence, unsigned char *out)
{
	memcpy(out, login->text, login->len);
	out[login->len] = '\0';
	pt_store_key_bytes(sequence, out + login->len + 1);
	return (size_t)login->len + 1 + STORE_KEY_LEN;
}

void
pt_store_outbox_key(
    enum pt_outbox_rank rank, int64_t next_at, uint64_t id, unsigned char *out)
{
	out[0] = (unsigned char)rank;
	pt_store_key_bytes(next_at < 0 ? 0 : (uint64_t)next_at, out + 1);
	pt_store_key_bytes(id, out + 1 + STORE_KEY_LEN);
}
