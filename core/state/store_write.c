/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <string.h>

#include "core/state/account_codec.h"
#include "core/state/password_codec.h"
#include "core/state/store_batch.h"

static int
refuse_text(struct pt_err *err)
{
	return pt_err_set(err, PT_ERR_INPUT,
	    "a text has control characters, is not UTF-8 or is too long");
}

static int
refuse_account(const struct pt_account *account, struct pt_err *err)
{
	if (pt_password_codec_is_sound(account))
		return refuse_text(err);
	return pt_err_set(err, PT_ERR_INTERNAL,
	    "cannot store %s: its app passwords contradict one another",
	    account->login.text);
}

/* The trail first: an account never changes without it. */
int
pt_store_put_account(struct store_batch *batch,
    const struct pt_records *records, struct pt_err *err)
{
	struct pt_store *store = batch->store;
	const struct pt_login *login = &records->account->login;
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct store_trail trail;
	MDB_val key = {login->len, (void *)(uintptr_t)login->text};
	MDB_val data = {0, bytes};
	int rc;

	if (records->account_changed && !records->account_deleted) {
		data.mv_size =
		    pt_account_encode(records->account, bytes, sizeof(bytes));
		if (data.mv_size == 0)
			return refuse_account(records->account, err);
	}
	if (pt_store_has_trail(records)) {
		if (pt_store_encode_trail(records, &trail) != 0)
			return refuse_text(err);
		pt_store_put_trail(batch, login, &trail);
	}
	if (records->account_deleted) {
		rc = mdb_del(batch->accounts, store->accounts.db[STORE_RECORDS],
		    &key, NULL);
		pt_store_batch_latch(
		    batch, &store->accounts, rc == MDB_NOTFOUND ? 0 : rc);
		batch->accounts_dirty = true;
	} else if (records->account_changed) {
		pt_store_batch_latch(batch, &store->accounts,
		    mdb_put(batch->accounts, store->accounts.db[STORE_RECORDS],
			&key, &data, 0));
		batch->accounts_dirty = true;
	}
	return 0;
}

/*
 * A record may go only if no other stands behind it under the next key: that
 * one might be there because this place was taken.  1: an empty one stays.
 */
static int
delete_record(struct store_batch *batch, MDB_dbi db, uint64_t key)
{
	unsigned char bytes[STORE_KEY_LEN];
	MDB_val k = {sizeof(bytes), bytes};
	MDB_val data;
	int rc;

	pt_store_activity_key(key + 1, bytes);
	rc = mdb_get(batch->activity, db, &k, &data);
	if (rc == 0)
		return 1;
	if (rc != MDB_NOTFOUND)
		return rc;
	pt_store_activity_key(key, bytes);
	rc = mdb_del(batch->activity, db, &k, NULL);
	batch->activity_dirty = true;
	return rc;
}

void
pt_store_put_record(struct store_batch *batch, enum store_kind_id kind,
    void *record, const struct pt_login *login, const struct store_place *place)
{
	const struct store_kind *k = &pt_store_kinds[kind];
	struct store_env *env = &batch->store->activity;
	unsigned char bytes[STORE_KIND_BYTES_MAX];
	unsigned char key_bytes[STORE_KEY_LEN];
	MDB_val key = {sizeof(key_bytes), key_bytes};
	MDB_val data = {0, bytes};
	int rc;

	if (place->deleted) {
		if (!place->taken)
			return;
		rc = delete_record(batch, env->db[k->db], place->key);
		if (rc != 1) {
			pt_store_batch_latch(batch, env, rc);
			return;
		}
		k->init(record, login);
	} else if (!place->changed) {
		return;
	}
	pt_store_activity_key(place->key, key_bytes);
	data.mv_size = k->encode(record, bytes, sizeof(bytes));
	pt_store_batch_latch(batch, env,
	    mdb_cursor_put(batch->cursors[kind], &key, &data,
		place->taken ? MDB_CURRENT : 0));
	batch->activity_dirty = true;
}
